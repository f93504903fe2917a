/* A debugger's breakpoints, on the plain engine and (case 1) the fast one: before the instruction,
 * each time, wherever its page turns up, and nothing of the guest is changed by them. Watchpoints
 * and events: test_debug_watch.c. */
#include "cpu/code.h"
#include "cpu/debug.h"

#include "tests/cpu/rig.h"

#define CODE  RIG_RAM
#define ALIAS ((vaddr)0x5000)
#define LATER ((vaddr)0x9000)

/* x[A0] counts rounds; six instructions, all of which the fast engine fuses somehow. */
#define ROUND 6
static void put_loop(struct rig *rig, paddr at)
{
    rig_put_at(rig, at, insn_addi(A0, A0, 1));
    rig_put(rig, insn_add(A1, A1, A0));
    rig_put(rig, insn_c_addi(A2, 1));
    rig_put(rig, insn_xor(A3, A3, A1));
    rig_put(rig, insn_addi(A4, A3, 3));
    rig_put(rig, insn_jal(ZERO, -18));
}

static struct debug *open_loop(struct rig *rig, unsigned harts)
{
    struct debug *debug;

    rig_open_harts(rig, "max", harts);
    put_loop(rig, CODE);
    debug = debug_create(rig->harts, harts);
    ck_assert_ptr_nonnull(debug);
    return debug;
}

static void close_all(struct rig *rig, struct debug *debug)
{
    debug_destroy(debug);
    rig_close(rig);
}

/* Runs until it stops for the debugger; fails when it does not. */
static void run_to_stop(struct hart *hart, int engine)
{
    u64 from = hart_steps(hart);

    do {
        ck_assert_msg(hart_steps(hart) - from < 10000, "it does not stop");
        rig_engines[engine](hart, 1000);
    } while (!(hart->events & EVENT_DEBUG));
}

static void stops_at(struct hart *hart, int engine, vaddr pc, u64 steps)
{
    run_to_stop(hart, engine);
    ck_assert_uint_eq(hart->hit.kind, DEBUG_BREAK);
    ck_assert_uint_eq(hart->hit.at, pc);
    ck_assert_uint_eq(hart->pc, pc);
    ck_assert_uint_eq(hart_steps(hart), steps);
}

/* To the very step, which no breakpoint may be met before. */
static void run_freely(struct hart *hart, int engine, u64 steps)
{
    while (hart_steps(hart) < steps) {
        rig_engines[engine](hart, steps - hart_steps(hart));
        ck_assert(!(hart->events & EVENT_DEBUG));
    }
}

START_TEST(a_breakpoint_stops_before_its_instruction_each_time)
{
    static const unsigned offsets[ROUND] = {0, 4, 8, 10, 14, 18};

    for (unsigned at = 0; at < ROUND; at++) {
        struct rig rig;
        struct debug *debug = open_loop(&rig, 1);

        ck_assert(debug_add(debug, DEBUG_BREAK, CODE + offsets[at], 1));
        for (unsigned round = 0; round < 5; round++)
            stops_at(rig.hart, _i, CODE + offsets[at], at + round * ROUND);
        close_all(&rig, debug);
    }
}
END_TEST

START_TEST(a_breakpoint_in_known_code_is_met_in_the_next_round)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);

    run_freely(rig.hart, _i, 100 * ROUND + 2); /* in the middle of a run */
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 10, 1));
    stops_at(rig.hart, _i, CODE + 10, 100 * ROUND + 3);
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    stops_at(rig.hart, _i, CODE + 4, 101 * ROUND + 1);
    stops_at(rig.hart, _i, CODE + 10, 101 * ROUND + 3);
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_removed_breakpoint_is_gone_and_its_code_runs_as_before)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);
    struct op *op;

    run_freely(rig.hart, _i, 2 * ROUND);
    op = tlb_code(rig.hart->fetch, CODE)->ops;
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    ck_assert(debug_drop(debug, DEBUG_BREAK, CODE + 4, 1));
    stops_at(rig.hart, _i, CODE + 4, 2 * ROUND + 1); /* it was there twice */
    ck_assert(debug_drop(debug, DEBUG_BREAK, CODE + 4, 1));
    ck_assert(!debug_drop(debug, DEBUG_BREAK, CODE + 4, 1));
    ck_assert_ptr_null(rig.hart->debug);
    run_freely(rig.hart, _i, 1000);
    if (_i == RIG_FAST)
        ck_assert_uint_ne(op[2].rest, 0); /* part of a run again */
    close_all(&rig, debug);
}
END_TEST

START_TEST(one_can_step_off_a_breakpoint_and_go_on_from_it)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);

    ck_assert(debug_add(debug, DEBUG_BREAK, CODE, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    stops_at(rig.hart, _i, CODE, 0);
    rig_engines[_i](rig.hart, 1);
    ck_assert(!(rig.hart->events & EVENT_DEBUG));
    ck_assert_uint_eq(rig.hart->pc, CODE + 4);
    stops_at(rig.hart, _i, CODE + 4, 1);
    stops_at(rig.hart, _i, CODE, ROUND);
    debug_drop(debug, DEBUG_BREAK, CODE + 4, 1);
    run_freely(rig.hart, _i, 2 * ROUND);
    debug_pass(rig.hart); /* somebody who need not be told */
    run_freely(rig.hart, _i, 3 * ROUND);
    close_all(&rig, debug);
}
END_TEST

START_TEST(every_hart_meets_it)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 2);

    run_freely(rig.harts[0], _i, ROUND);
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 14, 1));
    stops_at(rig.harts[0], _i, CODE + 14, ROUND + 4);
    stops_at(rig.harts[1], _i, CODE + 14, 4);
    close_all(&rig, debug);
}
END_TEST

/* Two names for one page; only that name stops, however the page was decoded before. */
START_TEST(a_breakpoint_belongs_to_a_virtual_address)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);

    rig_map(&rig, CODE, CODE, 1, PTE_R | PTE_X | PTE_A);
    rig_map(&rig, ALIAS, CODE, 0, PTE_R | PTE_X | PTE_A);
    rig_page(&rig);
    rig_enter(rig.hart, PRIV_S, ALIAS);
    run_freely(rig.hart, _i, ROUND);
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    run_freely(rig.hart, _i, 2 * ROUND);
    rig.hart->pc = CODE;
    stops_at(rig.hart, _i, CODE + 4, 2 * ROUND + 1);
    rig.hart->pc = ALIAS + 4;
    run_freely(rig.hart, _i, 4 * ROUND + 1); /* decoded again through the other name */
    rig.hart->pc = CODE;
    stops_at(rig.hart, _i, CODE + 4, 4 * ROUND + 2);
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_page_that_is_mapped_later_has_its_breakpoints)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);

    put_loop(&rig, CODE + PAGE_SIZE);
    rig_map(&rig, ALIAS, CODE, 0, PTE_R | PTE_X | PTE_A);
    rig_map(&rig, LATER, CODE, 0, PTE_R | PTE_X | PTE_A);
    rig_page(&rig);
    rig_enter(rig.hart, PRIV_S, ALIAS);
    ck_assert(debug_add(debug, DEBUG_BREAK, LATER + 10, 1));
    run_freely(rig.hart, _i, ROUND);
    rig.hart->pc = LATER;
    stops_at(rig.hart, _i, LATER + 10, ROUND + 3);
    rig_map(&rig, LATER, CODE + PAGE_SIZE, 0, PTE_R | PTE_X | PTE_A);
    ck_assert(mmu_sfence_vma(rig.hart, LATER, 1, 0, 0));
    stops_at(rig.hart, _i, LATER + 10, 2 * ROUND + 3);
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_fetch_that_faults_is_no_stop_and_the_one_that_follows_is)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);

    put_loop(&rig, CODE + PAGE_SIZE);
    rig_map(&rig, LATER, CODE + PAGE_SIZE, 0, PTE_R | PTE_X); /* not accessed */
    rig_page(&rig);
    rig_set_csr(rig.hart, 0x305, CODE);
    rig_enter(rig.hart, PRIV_S, LATER);
    ck_assert(debug_add(debug, DEBUG_BREAK, LATER, 1));
    run_freely(rig.hart, _i, ROUND);
    ck_assert_uint_eq(rig.hart->traps, 1);
    ck_assert_uint_eq(rig.hart->mepc, LATER);
    rig_map(&rig, LATER, CODE + PAGE_SIZE, 0, PTE_R | PTE_X | PTE_A);
    rig_enter(rig.hart, PRIV_S, LATER);
    stops_at(rig.hart, _i, LATER, ROUND);
    close_all(&rig, debug);
}
END_TEST

/* The first half is there and the second is not: that is a fault, and no stop. */
START_TEST(an_instruction_over_a_missing_page_is_told_of_once)
{
    struct rig rig;
    struct debug *debug = open_loop(&rig, 1);
    vaddr last = LATER + PAGE_SIZE - 2;

    rig_put_at(&rig, CODE + 2 * PAGE_SIZE - 2, insn_addi(A0, A0, 1));
    rig_map(&rig, LATER, CODE + PAGE_SIZE, 0, PTE_R | PTE_X | PTE_A);
    rig_page(&rig);
    rig_set_csr(rig.hart, 0x305, CODE);
    rig_enter(rig.hart, PRIV_S, last);
    ck_assert(debug_add(debug, DEBUG_BREAK, last, 1));
    run_freely(rig.hart, _i, ROUND);
    ck_assert_uint_eq(rig.hart->mepc, last);
    ck_assert_uint_eq(rig.hart->mtval, last + 2);
    rig_map(&rig, LATER + PAGE_SIZE, CODE + 2 * PAGE_SIZE, 0, PTE_R | PTE_X | PTE_A);
    rig_enter(rig.hart, PRIV_S, last);
    stops_at(rig.hart, _i, last, ROUND);
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_store_into_the_page_or_the_place_keeps_it)
{
    struct rig rig;
    struct debug *debug;

    rig_open(&rig, "max");
    rig.hart->x[S0] = CODE + 16;
    rig.hart->x[A1] = insn_addi(A0, A0, 100);
    rig_put(&rig, insn_addi(A2, A2, 1));
    rig_put(&rig, insn_sw(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_addi(A3, A3, 1));
    rig_put(&rig, insn_addi(A0, A0, 1)); /* CODE + 16, which the store changes */
    rig_put(&rig, insn_jal(ZERO, -20));
    debug = debug_create(rig.harts, 1);
    run_freely(rig.hart, _i, 0);
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 12, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 16, 1));
    for (unsigned round = 0; round < 3; round++) {
        stops_at(rig.hart, _i, CODE + 12, round * ROUND + 3);
        stops_at(rig.hart, _i, CODE + 16, round * ROUND + 4);
    }
    run_freely(rig.hart, _i, 3 * ROUND);
    ck_assert_uint_eq(rig.hart->x[A0], 300);
    close_all(&rig, debug);
}
END_TEST

/* At the end of a page, over it, and in memory that the fast engine has no ops for. */
START_TEST(places_that_the_plain_engine_does_have_them_too)
{
    struct rig rig;
    struct debug *debug;
    u32 back = insn_jal(ZERO, 0x100);

    rig_open(&rig, "max");
    rig_put_at(&rig, CODE + PAGE_SIZE - 6, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_addi(A0, A0, 1)); /* straddles */
    rig_put(&rig, insn_addi(A0, A0, 1));
    memcpy(rig.rom, &back, 4);
    debug = debug_create(rig.harts, 1);
    rig.hart->pc = CODE + PAGE_SIZE - 6;
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + PAGE_SIZE - 2, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + PAGE_SIZE + 2, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, RIG_ROM, 1));
    stops_at(rig.hart, _i, CODE + PAGE_SIZE - 2, 1);
    stops_at(rig.hart, _i, CODE + PAGE_SIZE + 2, 2);
    rig.hart->pc = RIG_ROM;
    stops_at(rig.hart, _i, RIG_ROM, 2);
    close_all(&rig, debug);
}
END_TEST

START_TEST(jumping_onto_a_trap_handler_and_returning_from_it_are_met)
{
    struct rig rig;
    struct debug *debug;

    rig_open(&rig, "max");
    rig_put(&rig, insn_ecall());
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_put_at(&rig, CODE + 0x100, insn_csrrs(T0, 0x341, ZERO));
    rig_put(&rig, insn_addi(T0, T0, 4));
    rig_put(&rig, insn_csrrw(ZERO, 0x341, T0));
    rig_put(&rig, insn_mret());
    rig_set_csr(rig.hart, 0x305, CODE + 0x100);
    rig_set_csr(rig.hart, 0x300, MSTATUS_MPP);
    debug = debug_create(rig.harts, 1);
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 0x100, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 0x10c, 1));
    ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 4, 1));
    stops_at(rig.hart, _i, CODE + 0x100, 1);
    stops_at(rig.hart, _i, CODE + 0x10c, 4);
    stops_at(rig.hart, _i, CODE + 4, 5);
    close_all(&rig, debug);
}
END_TEST

/* The fast engine and slices of every length, with breakpoints that are met all the time. */
START_TEST(breakpoints_change_nothing_that_the_guest_can_see)
{
    struct rig free_rig, rig;
    struct debug *none = open_loop(&free_rig, 1);

    run_freely(free_rig.hart, RIG_PLAIN, 1000);
    for (u64 slice = 1; slice < 30; slice++) {
        struct debug *debug = open_loop(&rig, 1);
        debug_add(debug, DEBUG_BREAK, CODE + 4, 1);
        debug_add(debug, DEBUG_BREAK, CODE + 14, 1);
        while (hart_steps(rig.hart) < 1000) {
            u64 left = 1000 - hart_steps(rig.hart);
            rig_engines[_i](rig.hart, left < slice ? left : slice);
        }
        ck_assert_uint_eq(hart_hash(rig.hart, 0), hart_hash(free_rig.hart, 0));
        close_all(&rig, debug);
    }
    close_all(&free_rig, none);
}
END_TEST

START_TEST(a_thousand_of_them_are_met_one_after_the_other)
{
    struct rig rig;
    struct debug *debug;

    rig_open(&rig, "max");
    debug = debug_create(rig.harts, 1);
    for (unsigned i = 0; i < 3000; i++)
        rig_put(&rig, insn_addi(A0, A0, 1));
    for (unsigned i = 0; i < 1000; i++) /* in no order */
        ck_assert(debug_add(debug, DEBUG_BREAK, CODE + 12 * (i * 7 % 1000), 1));
    for (unsigned i = 0; i < 1000; i++)
        stops_at(rig.hart, _i, CODE + 12 * i, 3 * i);
    for (unsigned i = 0; i < 1000; i++)
        ck_assert(debug_drop(debug, DEBUG_BREAK, CODE + 12 * (i * 3 % 1000), 1));
    rig.hart->pc = CODE;
    run_freely(rig.hart, _i, hart_steps(rig.hart) + 3000);
    close_all(&rig, debug);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_breakpoint_stops_before_its_instruction_each_time,
                                  a_breakpoint_in_known_code_is_met_in_the_next_round,
                                  a_removed_breakpoint_is_gone_and_its_code_runs_as_before,
                                  one_can_step_off_a_breakpoint_and_go_on_from_it,
                                  every_hart_meets_it,
                                  a_breakpoint_belongs_to_a_virtual_address,
                                  a_page_that_is_mapped_later_has_its_breakpoints,
                                  a_fetch_that_faults_is_no_stop_and_the_one_that_follows_is,
                                  an_instruction_over_a_missing_page_is_told_of_once,
                                  a_store_into_the_page_or_the_place_keeps_it,
                                  places_that_the_plain_engine_does_have_them_too,
                                  jumping_onto_a_trap_handler_and_returning_from_it_are_met,
                                  breakpoints_change_nothing_that_the_guest_can_see,
                                  a_thousand_of_them_are_met_one_after_the_other};

    return SUITE_RUN("debug", tests, RIG_ENGINES);
}
