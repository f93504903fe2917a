/* Translation as a hart does it: rights by mode, accesses over the end of a page, and what the
 * translation cache must forget. Case 0 is RV64 (Sv39), case 1 RV32 (Sv32). */
#include "tests/cpu/paged.h"

#define MSTATUS 0x300u
#define SATP    0x180u
#define ASID    5u

START_TEST(s_and_u_are_translated_and_m_is_not)
{
    struct rig rig;

    paged_open(&rig, _i, RW | PTE_U);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    ck_assert_uint_eq(paged_load(&rig, PA_1), 0x1111);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    rig_close(&rig);
}
END_TEST

START_TEST(sum_opens_user_pages_to_s_but_not_for_fetches)
{
    u32 bits;
    struct rig rig;

    paged_open(&rig, _i, RW | PTE_X | PTE_U);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    for (int round = 0; round < 2; round++) {
        rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_SUM);
        ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
        ck_assert(!mmu_fetch(rig.hart, VA, &bits));
        ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_PAGE);
        rig_clear_csr_bits(rig.hart, MSTATUS, MSTATUS_SUM);
        paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
        paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(u_never_reaches_pages_of_s)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111); /* and now the TLB of S knows it */
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
    rig_close(&rig);
}
END_TEST

START_TEST(mxr_opens_executable_pages_to_loads)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_X | PTE_A);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_MXR);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
    rig_clear_csr_bits(rig.hart, MSTATUS, MSTATUS_MXR);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    rig_close(&rig);
}
END_TEST

START_TEST(mxr_does_not_open_what_pmp_closes)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_X | PTE_A);
    rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_MXR);
    rig_set_csr(rig.hart, 0x3b0, PA_1 >> 2 | 0x1ff); /* PA_1's page: execute only */
    rig_set_csr(rig.hart, 0x3b1, UINT64_MAX);        /* all the rest: everything */
    rig_set_csr(rig.hart, 0x3a0, 0x1f1c);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    ck_assert_uint_eq(paged_load(&rig, VA + PAGE_SIZE), 0x2222);
    rig_close(&rig);
}
END_TEST

START_TEST(mprv_translates_with_the_rights_of_mpp)
{
    struct rig rig;

    paged_open(&rig, _i, RW | PTE_U);
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | (u64)PRIV_U << 11);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | (u64)PRIV_S << 11);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | (u64)PRIV_S << 11 | MSTATUS_SUM);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_set_csr(rig.hart, MSTATUS, 0);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    rig_close(&rig);
}
END_TEST

START_TEST(page_faults_tell_the_kind_of_access)
{
    u32 bits;
    struct rig rig;

    paged_open(&rig, _i, RW);
    paged_load_faults(&rig, 0x9008, CAUSE_LOAD_PAGE);
    paged_store_faults(&rig, 0x9008, CAUSE_STORE_PAGE);
    ck_assert(!mmu_fetch(rig.hart, VA, &bits));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_PAGE);
    ck_assert_uint_eq(rig.hart->tval, VA);
    rig_close(&rig);
}
END_TEST

START_TEST(a_crossing_access_that_faults_in_its_second_page_writes_nothing)
{
    u64 value;
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_map(&rig, VA + PAGE_SIZE, PA_2, 0, 0); /* a pointer at the last level */
    ck_assert(!mmu_store(rig.hart, VA + PAGE_SIZE - 3, 8, UINT64_MAX));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_PAGE);
    ck_assert_uint_eq(rig.hart->tval, VA + PAGE_SIZE);
    ck_assert_uint_eq(rig_read(&rig, PA_1 + PAGE_SIZE - 8, 8), 0);
    ck_assert(!mmu_load(rig.hart, VA + PAGE_SIZE - 3, 8, &value));
    ck_assert_uint_eq(rig.hart->tval, VA + PAGE_SIZE);
    ck_assert(!mmu_load(rig.hart, VA - 3, 8, &value)); /* and in its first */
    ck_assert_uint_eq(rig.hart->tval, VA - 3);
    rig_close(&rig);
}
END_TEST

START_TEST(a_crossing_access_follows_both_translations)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    ck_assert(mmu_store(rig.hart, VA + PAGE_SIZE - 4, 8, 0x8877665544332211));
    ck_assert_uint_eq(rig_read(&rig, PA_1 + PAGE_SIZE - 4, 4), 0x44332211);
    ck_assert_uint_eq(rig_read(&rig, PA_2, 4), 0x88776655);
    ck_assert_uint_eq(paged_load(&rig, VA + PAGE_SIZE - 4), 0x8877665544332211);
    rig_close(&rig);
}
END_TEST

START_TEST(a_fetch_that_straddles_pages_faults_at_the_second)
{
    u32 bits;
    struct rig rig;

    paged_open(&rig, _i, PTE_X | PTE_A);
    rig_write(&rig, PA_1 + PAGE_SIZE - 2, 2, 0x0513); /* half of addi a0, ... */
    rig_write(&rig, PA_2, 2, 0x0010);
    ck_assert(mmu_fetch(rig.hart, VA + PAGE_SIZE - 2, &bits));
    ck_assert_uint_eq(bits, 0x00100513);
    rig_map(&rig, VA + PAGE_SIZE, PA_2, 0, PTE_R | PTE_A);
    paged_fence(&rig, VA + PAGE_SIZE);
    ck_assert(!mmu_fetch(rig.hart, VA + PAGE_SIZE - 2, &bits));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_PAGE);
    ck_assert_uint_eq(rig.hart->tval, VA + PAGE_SIZE);
    rig_write(&rig, PA_1 + PAGE_SIZE - 2, 2, insn_c_nop());
    ck_assert(mmu_fetch(rig.hart, VA + PAGE_SIZE - 2, &bits));
    rig_close(&rig);
}
END_TEST

START_TEST(sfence_of_any_byte_of_a_page_forgets_it)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_map(&rig, VA, PA_2, 0, RW);
    paged_fence(&rig, VA + 0x123);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
    rig_map(&rig, VA, PA_1, 0, RW | PTE_G);
    ck_assert(mmu_sfence_vma(rig.hart, 0, 0, 0, 0));
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_close(&rig);
}
END_TEST

START_TEST(sfence_of_one_address_forgets_the_whole_superpage)
{
    vaddr super = 0x40000000, other = super + 0x7000;
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_map(&rig, super, RIG_RAM, 1, RW); /* 2 MiB or 4 MiB */
    rig_write(&rig, RIG_RAM + 0x7000, 8, 0x7777);
    ck_assert_uint_eq(paged_load(&rig, other), 0x7777);
    rig_map(&rig, super, 0, 1, PTE_A);   /* invalid now */
    paged_fence(&rig, super + 0x100000); /* another page of it */
    paged_load_faults(&rig, other, CAUSE_LOAD_PAGE);
    rig_close(&rig);
}
END_TEST

/* Executes sfence.vma with these operands in M, in between S's loads. */
static void fence_by_instruction(struct rig *rig, int engine, unsigned rs1, unsigned rs2)
{
    rig_put_at(rig, RIG_RAM, insn_r(insn_sfence_vma(), 0, rs1, rs2));
    rig->hart->x[A1] = VA + 0x123;
    rig->hart->x[A2] = ASID;
    rig_enter(rig->hart, PRIV_M, RIG_RAM);
    rig_engines[engine](rig->hart, 1);
    ck_assert_uint_eq(rig->hart->pc, RIG_RAM + 4);
    rig_enter(rig->hart, PRIV_S, RIG_RAM);
}

/* With an ASID, translations of global pages need not be forgotten, so nothing is asked of them. */
START_TEST(sfence_forgets_by_address_and_by_asid_and_global_pages_without_one)
{
    static const struct {
        u8 rs1, rs2;
        u64 flags;
    } rows[] = {{0, 0, RW},   {A1, 0, RW},        {0, A2, RW},
                {A1, A2, RW}, {0, 0, RW | PTE_G}, {A1, 0, RW | PTE_G}};

    for (unsigned i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        unsigned row = i / 2;
        struct rig rig;
        paged_open(&rig, _i, rows[row].flags);
        rig_set_csr_bits(rig.hart, SATP, (u64)ASID << (rig.hart->xlen == 32 ? 22 : 44));
        ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
        rig_map(&rig, VA, PA_2, 0, rows[row].flags);
        fence_by_instruction(&rig, i % 2, rows[row].rs1, rows[row].rs2);
        ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
        rig_close(&rig);
    }
}
END_TEST

/* Another address space may have another page there: only global pages are in all of them. */
START_TEST(another_asid_sees_its_own_pages)
{
    paddr root = RIG_TABLES + 0x100000;
    unsigned shift;
    u64 satp;
    struct rig rig;

    paged_open(&rig, _i, RW);
    shift = rig.hart->xlen == 32 ? 22 : 44;
    satp = rig_csr(rig.hart, SATP) | (u64)1 << shift;
    rig_set_csr(rig.hart, SATP, satp);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    /* The other space is empty; nothing is fenced on the way there and back. */
    rig_set_csr(rig.hart, SATP,
                satp - (RIG_TABLES >> PAGE_BITS) + (root >> PAGE_BITS) + ((u64)1 << shift));
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    rig_set_csr(rig.hart, SATP, satp);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_close(&rig);
}
END_TEST

START_TEST(another_satp_is_another_address_space)
{
    paddr root = RIG_TABLES + 0x100000;
    u64 satp;
    struct rig rig;

    paged_open(&rig, _i, RW);
    satp = rig_csr(rig.hart, SATP);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_set_csr(rig.hart, SATP, (satp & ~(u64)0xfffff) | root >> PAGE_BITS);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE); /* an empty root table */
    rig_set_csr(rig.hart, SATP, satp);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_set_csr(rig.hart, SATP, 0);
    ck_assert_uint_eq(paged_load(&rig, PA_1), 0x1111);
    rig_close(&rig);
}
END_TEST

START_TEST(addresses_that_no_memory_has_are_access_faults)
{
    paddr far = _i ? (paddr)0x3fffff << PAGE_BITS : (paddr)1 << 55;
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_map(&rig, VA, far, 0, RW);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    paged_store_faults(&rig, VA, CAUSE_STORE_ACCESS);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        s_and_u_are_translated_and_m_is_not,
        sum_opens_user_pages_to_s_but_not_for_fetches,
        u_never_reaches_pages_of_s,
        mxr_opens_executable_pages_to_loads,
        mxr_does_not_open_what_pmp_closes,
        mprv_translates_with_the_rights_of_mpp,
        page_faults_tell_the_kind_of_access,
        a_crossing_access_that_faults_in_its_second_page_writes_nothing,
        a_crossing_access_follows_both_translations,
        a_fetch_that_straddles_pages_faults_at_the_second,
        sfence_of_any_byte_of_a_page_forgets_it,
        sfence_of_one_address_forgets_the_whole_superpage,
        sfence_forgets_by_address_and_by_asid_and_global_pages_without_one,
        another_asid_sees_its_own_pages,
        another_satp_is_another_address_space,
        addresses_that_no_memory_has_are_access_faults};

    return SUITE_RUN("translate", tests, 2);
}
