/* Page tables as memory: accessed and dirty bits, and tables where they cannot be read or written.
 * Case 0 is RV64 (Sv39), case 1 RV32 (Sv32). */
#include "tests/cpu/paged.h"

static unsigned pte_bytes(const struct rig *rig)
{
    return rig->hart->xlen == 32 ? 4 : 8;
}

static u64 pte_at(struct rig *rig, vaddr va)
{
    return rig_read(rig, rig_pte(rig, va, 0), pte_bytes(rig));
}

static void set_updates(struct rig *rig) /* menvcfg.ADUE */
{
    if (rig->hart->xlen == 32)
        rig_set_csr(rig->hart, 0x31a, (u64)1 << 29);
    else
        rig_set_csr(rig->hart, 0x30a, (u64)1 << 61);
}

START_TEST(without_adue_missing_a_and_d_fault_and_stay_missing)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_R | PTE_W);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), 0);
    rig_map(&rig, VA, PA_1, 0, PTE_R | PTE_W | PTE_A);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111); /* into the TLB */
    paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), PTE_A);
    rig_close(&rig);
}
END_TEST

START_TEST(with_adue_a_is_set_by_loads_and_d_only_by_stores)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_R | PTE_W);
    set_updates(&rig);
    paged_load(&rig, VA);
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), PTE_A);
    ck_assert(mmu_store(rig.hart, VA, 4, 7));
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), PTE_A | PTE_D);
    ck_assert_uint_eq(rig_read(&rig, PA_1, 4), 7);
    ck_assert_uint_eq(pte_at(&rig, VA + PAGE_SIZE) & (PTE_A | PTE_D), 0); /* the neighbour */
    rig_close(&rig);
}
END_TEST

START_TEST(a_denied_access_sets_neither_a_nor_d)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_R);
    set_updates(&rig);
    paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_pte_that_pmp_hides_is_an_access_fault_of_the_access)
{
    u32 bits;
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_set_csr(rig.hart, 0x3b0, RIG_TABLES >> 2 | 0x1ff);
    rig_set_csr(rig.hart, 0x3a0, 0x18);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    paged_store_faults(&rig, VA, CAUSE_STORE_ACCESS);
    ck_assert(!mmu_fetch(rig.hart, VA, &bits));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_ACCESS);
    rig_close(&rig);
}
END_TEST

START_TEST(a_pte_that_may_not_be_written_cannot_be_updated)
{
    struct rig rig;

    paged_open(&rig, _i, PTE_R | PTE_W);
    set_updates(&rig);
    rig_set_csr(rig.hart, 0x3b0, RIG_TABLES >> 2 | 0x7fff); /* all tables */
    rig_set_csr(rig.hart, 0x3a0, 0x19);                     /* read-only */
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    ck_assert_uint_eq(pte_at(&rig, VA) & (PTE_A | PTE_D), 0);
    rig_map(&rig, VA, PA_1, 0, RW); /* nothing to update: nothing to forbid */
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    rig_close(&rig);
}
END_TEST

START_TEST(page_tables_in_rom_are_read_and_never_written)
{
    u64 leaf = PA_1 >> PAGE_BITS << 10 | PTE_V | PTE_R | PTE_A;
    unsigned size = _i ? 4 : 8;
    struct rig rig;

    paged_open(&rig, _i, RW);
    set_updates(&rig);
    /* The last-level table that VA lies in moves to ROM. */
    rig_write(&rig, rig_pte(&rig, VA, 1), size, RIG_ROM >> PAGE_BITS << 10 | PTE_V);
    memcpy(&rig.rom[5 * size], &leaf, size);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    leaf &= ~PTE_A;
    memcpy(&rig.rom[5 * size], &leaf, size);
    ck_assert(mmu_sfence_vma(rig.hart, 0, 0, 0, 0));
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    rig_close(&rig);
}
END_TEST

START_TEST(page_tables_in_a_device_are_access_faults)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    rig_write(&rig, rig_pte(&rig, VA, 1), pte_bytes(&rig), RIG_DEVICE >> PAGE_BITS << 10 | PTE_V);
    paged_load_faults(&rig, VA, CAUSE_LOAD_ACCESS);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {without_adue_missing_a_and_d_fault_and_stay_missing,
                                  with_adue_a_is_set_by_loads_and_d_only_by_stores,
                                  a_denied_access_sets_neither_a_nor_d,
                                  a_pte_that_pmp_hides_is_an_access_fault_of_the_access,
                                  a_pte_that_may_not_be_written_cannot_be_updated,
                                  page_tables_in_rom_are_read_and_never_written,
                                  page_tables_in_a_device_are_access_faults};

    return SUITE_RUN("translate_tables", tests, 2);
}
