/* The extensions around translation, on a hart with page tables: Svinval, Svvptc, Svnapot, Svpbmt.
 * The entries themselves are memory/paging's tests. */
#include "tests/cpu/paged.h"

#define MENVCFG         0x30au
#define PBMTE           ((u64)1 << 62)
#define SFENCE_W_INVAL  0x18000073u
#define SFENCE_INVAL_IR 0x18100073u
#define SINVAL_VMA      0x16000073u /* of everything */

/* One instruction in this mode, on either engine: does it trap? */
static bool traps(const char *isa, int engine, enum privilege privilege, u64 status, u32 insn)
{
    struct rig rig;
    bool trapped;

    rig_open(&rig, isa);
    rig_put(&rig, insn);
    rig_set_csr_bits(rig.hart, 0x300, status);
    rig_enter(rig.hart, privilege, RIG_RAM);
    rig_run(&rig, engine, 1);
    trapped = rig.hart->traps;
    if (trapped)
        ck_assert_uint_eq(rig.hart->mcause, CAUSE_ILLEGAL);
    rig_close(&rig);
    return trapped;
}

START_TEST(tvm_traps_the_invalidation_and_not_the_fences_around_it)
{
    static const u32 words[] = {SINVAL_VMA, SFENCE_W_INVAL, SFENCE_INVAL_IR};

    for (unsigned i = 0; i < 3; i++) {
        ck_assert(traps("max", _i, PRIV_U, 0, words[i]));
        ck_assert(!traps("max", _i, PRIV_S, 0, words[i]));
        ck_assert(!traps("max", _i, PRIV_M, MSTATUS_TVM, words[i]));
        ck_assert_int_eq(traps("max", _i, PRIV_S, MSTATUS_TVM, words[i]), i == 0);
        ck_assert(traps("rv64gc", _i, PRIV_M, 0, words[i]));
    }
}
END_TEST

START_TEST(sinval_vma_forgets_what_sfence_vma_forgets)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    ck_assert_uint_eq(paged_load(&rig, VA + PAGE_SIZE), 0x2222);
    rig_map(&rig, VA, PA_2, 0, RW);
    rig.hart->x[A0] = VA + 0x800;
    rig_put(&rig, SINVAL_VMA | A0 << 15);
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->traps, 0);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert_uint_eq(paged_load(&rig, VA), 0x2222);
    rig_close(&rig);
}
END_TEST

START_TEST(an_entry_made_valid_is_seen_without_a_fence)
{
    struct rig rig;

    paged_open(&rig, _i, RW);
    paged_load_faults(&rig, VA + 0x4000, CAUSE_LOAD_PAGE);
    rig_map(&rig, VA + 0x4000, PA_1, 0, RW);
    ck_assert_uint_eq(paged_load(&rig, VA + 0x4000), 0x1111);
    rig_close(&rig);
}
END_TEST

START_TEST(the_16_entries_of_64_kib_reach_16_pages)
{
    vaddr big = 0x40000;
    struct rig rig;

    paged_open(&rig, 0, RW);
    for (u64 page = 0; page < 16; page++) {
        rig_write(&rig, PA_1 + page * PAGE_SIZE, 8, 0x5000 + page);
        rig_map(&rig, big + page * PAGE_SIZE, PA_1 + 8 * PAGE_SIZE, 0, RW | PTE_N);
    }
    for (int round = 0; round < 2; round++)
        for (u64 page = 0; page < 16; page++)
            ck_assert_uint_eq(paged_load(&rig, big + page * PAGE_SIZE), 0x5000 + page);
    for (u64 page = 0; page < 16; page++)
        rig_map(&rig, big + page * PAGE_SIZE, PA_1 + 8 * PAGE_SIZE, 0, PTE_A);
    for (u64 page = 0; page < 16; page++) {
        paged_fence(&rig, big + page * PAGE_SIZE);
        paged_load_faults(&rig, big + page * PAGE_SIZE, CAUSE_LOAD_PAGE);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(memory_types_need_pbmte_and_change_nothing)
{
    struct rig rig;

    paged_open(&rig, 0, RW);
    for (u64 type = 1; type < 4; type++) {
        rig_map(&rig, VA, PA_1, 0, RW | type << 61);
        paged_fence(&rig, VA);
        rig_clear_csr_bits(rig.hart, MENVCFG, PBMTE);
        paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
        paged_store_faults(&rig, VA, CAUSE_STORE_PAGE);
        rig_set_csr_bits(rig.hart, MENVCFG, PBMTE);
        if (type == 3)
            paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
        else
            ck_assert_uint_eq(paged_load(&rig, VA), 0x1111);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(without_the_extensions_the_bits_stay_reserved)
{
    struct rig rig;

    rig_open(&rig, "rv64imac_zicsr");
    rig_set_csr(rig.hart, MENVCFG, UINT64_MAX);
    ck_assert_uint_eq(rig_csr(rig.hart, MENVCFG), 1);
    rig_map(&rig, VA, PA_1, 0, RW | (u64)1 << 61);
    rig_map(&rig, VA + PAGE_SIZE, PA_1 + 8 * PAGE_SIZE, 0, RW | PTE_N);
    rig_page(&rig);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    paged_load_faults(&rig, VA, CAUSE_LOAD_PAGE);
    paged_load_faults(&rig, VA + PAGE_SIZE, CAUSE_LOAD_PAGE);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tvm_traps_the_invalidation_and_not_the_fences_around_it,
                                  sinval_vma_forgets_what_sfence_vma_forgets,
                                  an_entry_made_valid_is_seen_without_a_fence,
                                  the_16_entries_of_64_kib_reach_16_pages,
                                  memory_types_need_pbmte_and_change_nothing,
                                  without_the_extensions_the_bits_stay_reserved};

    return SUITE_RUN("page_extensions", tests, 2);
}
