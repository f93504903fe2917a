/* Address spaces: which translations outlive a change of satp, and which fence forgets them. Case 0
 * is RV64, case 1 RV32. What a TLB keeps is seen by changing a PTE without a fence. */
#include "cpu/mmu.h"
#include "tests/cpu/paged.h"

#define SATP 0x180u

static u64 with_asid(const struct rig *rig, u64 satp, u64 asid)
{
    return satp | asid << (rig->hart->xlen == 32 ? 22 : 44);
}

/* In the space of ASID 1 with VA's translation to PA_1 in the TLB and PA_2 in its PTE. *satp is
 * that of ASID 0. */
static void open_stale(struct rig *rig, int which, u64 *satp)
{
    paged_open(rig, which, RW);
    *satp = rig_csr(rig->hart, SATP);
    rig_set_csr(rig->hart, SATP, with_asid(rig, *satp, 1));
    ck_assert_uint_eq(paged_load(rig, VA), 0x1111);
    rig_map(rig, VA, PA_2, 0, RW);
}

START_TEST(going_back_to_an_asid_finds_its_translations)
{
    struct rig rig;
    u64 satp;

    open_stale(&rig, _i, &satp);
    for (u64 other = 2; other <= TLB_SPACES; other++) {
        rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, other));
        ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
        rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 1));
        ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    }
    /* One more space than there are tables for: the oldest is forgotten. */
    rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, TLB_SPACES + 1));
    rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 1));
    ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
    rig_close(&rig);
}
END_TEST

START_TEST(without_an_asid_a_change_of_satp_forgets)
{
    struct rig rig;
    u64 satp;

    paged_open(&rig, _i, RW);
    satp = rig_csr(rig.hart, SATP);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_map(&rig, VA, PA_2, 0, RW);
    rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 1));
    rig_set_csr(rig.hart, SATP, satp);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
    rig_close(&rig);
}
END_TEST

/* What is translated without paging after a reset must not be found again under the satp from
 * before. */
START_TEST(a_reset_leaves_every_space)
{
    struct rig rig;
    u64 satp, value;

    paged_open(&rig, _i, RW);
    satp = with_asid(&rig, rig_csr(rig.hart, SATP), 1);
    rig_set_csr(rig.hart, SATP, satp);
    hart_reset(rig.hart, RIG_RAM);
    rig_set_csr(rig.hart, 0x3b0, UINT64_MAX); /* PMP: all of memory for S */
    rig_set_csr(rig.hart, 0x3a0, 0x1f);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert(mmu_load(rig.hart, PA_1, 8, &value)); /* no translation: there it is */
    rig_set_csr(rig.hart, SATP, satp);
    paged_load_faults(&rig, PA_1, CAUSE_LOAD_PAGE);
    rig_close(&rig);
}
END_TEST

/* rs1 and rs2 as sfence.vma has them; the fence is made from another space. */
START_TEST(a_fence_reaches_the_spaces_that_it_names)
{
    static const struct {
        unsigned va, asid_register;
        u64 asid, then;
    } rows[] = {{0, 0, 0, 0x2222},       {1, 0, 0, 0x2222}, {0, 1, 1, 0x2222},
                {1, 1, 1, 0x2222},       {0, 1, 2, 0x1111}, {1, 1, 2, 0x1111},
                {1, 1, 0x10001, 0x2222}, /* bits that no ASID has are ignored */
                {0, 1, 0x10002, 0x1111}};

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig;
        u64 satp;
        open_stale(&rig, _i, &satp);
        rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 2));
        ck_assert(mmu_sfence_vma(rig.hart, VA, rows[i].va, rows[i].asid, rows[i].asid_register));
        rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 1));
        ck_assert_msg(paged_load(&rig, VA) == rows[i].then, "row %u", i);
        rig_close(&rig);
    }
}
END_TEST

/* What must be forgotten at once is forgotten in spaces that are not the present one, too. */
START_TEST(a_change_of_pmp_and_a_listener_reach_every_space)
{
    struct rig rig;
    u64 satp;

    paged_open(&rig, _i, RW);
    satp = rig_csr(rig.hart, SATP);
    rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 1));
    ck_assert(mmu_store(rig.hart, VA, 4, 0x1111));
    struct tlb *first = &rig.hart->tlb[TLB_IN_SPACE(TLB_S, rig.hart->space)];
    rig_set_csr(rig.hart, SATP, with_asid(&rig, satp, 2));
    ck_assert_uint_ne(first->write[tlb_index(VA)].tag, TLB_EMPTY);
    ram_note(&rig.ram, PA_1, NOTE_CODE);
    for (unsigned i = 0; i < TLBS; i++)
        ck_assert_uint_eq(rig.hart->tlb[i].write[tlb_index(VA)].tag, TLB_EMPTY);
    rig_set_csr(rig.hart, 0x3b0, 0);
    rig_set_csr(rig.hart, 0x3a0, 0);
    mmu_flush(rig.hart);
    for (unsigned i = 0; i < TLBS; i++)
        ck_assert_uint_eq(rig.hart->tlb[i].read[tlb_index(VA)].tag, TLB_EMPTY);
    rig_close(&rig);
}
END_TEST

/* Its PTE is taken away without a fence: what was allowed once goes on, in pages never touched,
 * too; what was not is walked, and faults. */
START_TEST(a_superpage_is_walked_once_for_each_kind_of_access)
{
    vaddr super = 0x40000000;
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_map(&rig, super, RIG_RAM, 1, RW); /* 2 MiB or 4 MiB */
    rig_write(&rig, RIG_RAM + 0x7000, 8, 0x7777);
    ck_assert(mmu_store(rig.hart, super + 0x3000, 4, 1));
    rig_map(&rig, super, 0, 1, PTE_A);
    paged_load_faults(&rig, super + 0x7000, CAUSE_LOAD_PAGE);
    rig_map(&rig, super, RIG_RAM, 1, RW);
    ck_assert_uint_eq(paged_load(&rig, super + 0x1000), 0);
    rig_map(&rig, super, 0, 1, PTE_A);
    ck_assert_uint_eq(paged_load(&rig, super + 0x7000), 0x7777);
    ck_assert(mmu_store(rig.hart, super + 0x8000, 4, 1));
    paged_fence(&rig, super + 0x100000);
    paged_load_faults(&rig, super + 0x9000, CAUSE_LOAD_PAGE);
    paged_store_faults(&rig, super + 0x9000, CAUSE_STORE_PAGE);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {going_back_to_an_asid_finds_its_translations,
                                  without_an_asid_a_change_of_satp_forgets,
                                  a_reset_leaves_every_space,
                                  a_superpage_is_walked_once_for_each_kind_of_access,
                                  a_fence_reaches_the_spaces_that_it_names,
                                  a_change_of_pmp_and_a_listener_reach_every_space};

    return SUITE_RUN("mmu_space", tests, 2);
}
