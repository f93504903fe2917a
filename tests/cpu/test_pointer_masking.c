/* Pointer masking (Smnpm, Ssnpm): which bits of an address are ignored, for whom, and what stays as
 * it is. */
#include "tests/cpu/paged.h"
#include "tests/cpu/twins.h"

#define SENVCFG 0x10au
#define MENVCFG 0x30au
#define PMM(n)  ((u64)(n) << 32)
#define TAG_16  0xabcd000000000000u
#define TAG_7   0x2a00000000000000u /* 0x15 in the upper seven bits */

/* S behind page tables, U allowed everything that S is not. */
static void open_masked(struct rig *rig, enum privilege privilege, u64 setting)
{
    paged_open(rig, 0, RW | (privilege == PRIV_U ? PTE_U : 0));
    rig_set_csr(rig->hart, privilege == PRIV_U ? SENVCFG : MENVCFG, PMM(setting));
    rig_enter(rig->hart, privilege, RIG_RAM);
}

START_TEST(the_masked_bits_of_a_virtual_address_copy_the_bit_below)
{
    enum privilege privilege = _i ? PRIV_U : PRIV_S;
    struct rig rig;

    open_masked(&rig, privilege, 3);
    for (int round = 0; round < 2; round++) {
        ck_assert_uint_eq(paged_load(&rig, TAG_16 | VA), 0x1111);
        ck_assert_uint_eq(paged_load(&rig, TAG_7 | VA), 0x1111);
        ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    }
    ck_assert(mmu_store(rig.hart, TAG_16 | VA, 8, 0x3333));
    ck_assert_uint_eq(paged_load(&rig, VA), 0x3333);
    rig_set_csr(rig.hart, privilege == PRIV_U ? SENVCFG : MENVCFG, PMM(2));
    ck_assert(!mmu_fill(rig.hart, 0x0100000000000000u | VA, ACCESS_LOAD)); /* bit 56 counts */
    ck_assert_uint_eq(rig.hart->tval, 0xff00000000000000u | VA);
    ck_assert_uint_eq(paged_load(&rig, TAG_7 | VA), 0x3333);
    rig_set_csr(rig.hart, privilege == PRIV_U ? SENVCFG : MENVCFG, 0);
    paged_load_faults(&rig, TAG_7 | VA, CAUSE_LOAD_PAGE);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x3333);
    rig_close(&rig);
}
END_TEST

START_TEST(tval_holds_the_masked_address)
{
    u64 value;
    struct rig rig;

    open_masked(&rig, PRIV_S, 3);
    ck_assert(!mmu_load(rig.hart, TAG_16 | 0x9000, 8, &value));
    ck_assert_uint_eq(rig.hart->tval, 0x9000);
    ck_assert(!mmu_store(rig.hart, TAG_16 | 0x800000009000u, 8, 0));
    ck_assert_uint_eq(rig.hart->tval, 0xffff800000009000u);
    ck_assert_ptr_null(mmu_atomic(rig.hart, TAG_16 | (VA + 15), 8));
    ck_assert_uint_eq(rig.hart->tval, VA + 15);
    ck_assert(!mmu_load(rig.hart, TAG_16 | (VA + 2 * PAGE_SIZE - 3), 8, &value));
    ck_assert_uint_eq(rig.hart->tval, VA + 2 * PAGE_SIZE); /* the second page */
    rig_close(&rig);
}
END_TEST

START_TEST(a_physical_address_has_its_masked_bits_cleared)
{
    u64 value;
    struct rig rig;

    open_masked(&rig, PRIV_S, 3);
    rig_set_csr(rig.hart, 0x180, 0);
    ck_assert(mmu_load(rig.hart, 0xffff000000000000u | PA_1, 8, &value));
    ck_assert_uint_eq(value, 0x1111);
    ck_assert(!mmu_load(rig.hart, 0x0001000000000000u | (PA_1 - RIG_RAM), 8, &value));
    ck_assert_uint_eq(rig.hart->tval, PA_1 - RIG_RAM);
    rig_close(&rig);
}
END_TEST

START_TEST(atomics_and_cache_blocks_are_masked_and_fences_and_fetches_are_not)
{
    u64 value, failed;
    u32 bits;
    struct rig rig;

    open_masked(&rig, PRIV_S, 3);
    rig_set_csr_bits(rig.hart, MENVCFG, 0xf0);
    ck_assert_ptr_eq(mmu_atomic(rig.hart, TAG_16 | VA, 8), ram_host(&rig.ram, PA_1));
    ck_assert(mmu_load_reserved(rig.hart, TAG_16 | VA, 8, &value));
    ck_assert(mmu_store_conditional(rig.hart, VA, 8, 0x4444, &failed));
    ck_assert_uint_eq(failed, 0);
    ck_assert(mmu_cache_block(rig.hart, CBO_ZERO, TAG_16 | VA));
    ck_assert_uint_eq(paged_load(&rig, VA), 0);
    ck_assert(!mmu_fetch(rig.hart, TAG_16 | VA, &bits));
    ck_assert_uint_eq(rig.hart->tval, TAG_16 | VA);
    rig_close(&rig);
}
END_TEST

START_TEST(sfence_of_the_plain_address_forgets_the_tagged_one)
{
    vaddr super = 0x40000000;
    struct rig rig;

    open_masked(&rig, PRIV_S, 3);
    ck_assert_uint_eq(paged_load(&rig, TAG_16 | VA), 0x1111);
    rig_map(&rig, VA, PA_2, 0, RW);
    paged_fence(&rig, VA);
    ck_assert_uint_eq(paged_load(&rig, TAG_16 | VA), 0x2222);
    rig_map(&rig, super, RIG_RAM, 1, RW);
    ck_assert_uint_eq(paged_load(&rig, TAG_16 | (super + 0x10000)), 0x1111);
    rig_map(&rig, super, 0, 1, PTE_A);
    paged_fence(&rig, super);
    paged_load_faults(&rig, super + 0x10000, CAUSE_LOAD_PAGE);
    ck_assert(!mmu_fill(rig.hart, TAG_16 | (super + 0x10000), ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(mxr_switches_masking_off_and_mprv_borrows_it)
{
    struct rig rig;

    open_masked(&rig, PRIV_S, 3);
    ck_assert_uint_eq(paged_load(&rig, TAG_16 | VA), 0x1111);
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MXR);
    paged_load_faults(&rig, TAG_16 | VA, CAUSE_LOAD_PAGE);
    rig_clear_csr_bits(rig.hart, 0x300, MSTATUS_MXR);
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    paged_load_faults(&rig, TAG_16 | PA_1, CAUSE_LOAD_ACCESS); /* M has no masking here */
    rig_set_csr(rig.hart, 0x300, MSTATUS_MPRV | (u64)PRIV_S << 11);
    ck_assert_uint_eq(paged_load(&rig, TAG_16 | VA), 0x1111);
    rig_close(&rig);
}
END_TEST

/* S adds up through a tagged pointer and a plain one in turns; faults at the end. */
static void place_mixture(struct rig *rig)
{
    open_masked(rig, PRIV_S, 3);
    rig_map(rig, RIG_RAM, RIG_RAM, 0, PTE_R | PTE_X | PTE_A);
    rig_set_csr(rig->hart, 0x305, RIG_RAM);
    rig->hart->x[A0] = TAG_16 | VA;
    rig->hart->x[A1] = VA;
    rig_put_at(rig, RIG_RAM, insn_ld(A2, A0, 0));
    rig_put(rig, insn_addi(A2, A2, 1));
    rig_put(rig, insn_sd(A2, A0, 0));
    rig_put(rig, insn_ld(A3, A1, 0));
    rig_put(rig, insn_amoswap_d(A4, A0, A3));
    rig_put(rig, insn_beq(A2, A3, -20));
    rig_put(rig, insn_ecall());
}

START_TEST(both_engines_mask_alike)
{
    for (u64 slice = 1; slice <= 300; slice += 23)
        twins_agree(place_mixture, 300, slice);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_masked_bits_of_a_virtual_address_copy_the_bit_below,
        tval_holds_the_masked_address,
        a_physical_address_has_its_masked_bits_cleared,
        atomics_and_cache_blocks_are_masked_and_fences_and_fetches_are_not,
        sfence_of_the_plain_address_forgets_the_tagged_one,
        mxr_switches_masking_off_and_mprv_borrows_it,
        both_engines_mask_alike};

    return SUITE_RUN("pointer_masking", tests, 2);
}
