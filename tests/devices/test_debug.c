/* A debugger's calls: looking changes nothing, writing does what it says, and a run with stops in
 * it is the run without; on the fast engine and (case 1) the plain one. */
#include "devices/debug.h"

#include "tests/devices/bench.h"

#define TABLES (BENCH_RAM + 0x100000)
#define PLACE  (BENCH_RAM + 0x200000)
#define WINDOW ((vaddr)0x4000)
#define ALL    200000u

static const enum engine engines[] = {ENGINE_FAST, ENGINE_PLAIN};

/* Two harts that add to one word without any care, so that every turn's end shows in it. */
static void open_race(struct bench *bench, int engine, unsigned harts)
{
    bench_open(bench, engines[engine], harts);
    for (unsigned i = 0; i < harts; i++)
        bench->machine->harts[i]->x[S0] = BENCH_RAM + 0x3000;
    bench_put(bench, insn_lw(A0, S0, 0));
    bench_put(bench, insn_addi(A0, A0, 1));
    bench_put(bench, insn_sw(A0, S0, 0));
    bench_put(bench, insn_jal(ZERO, -12));
}

static u64 finish(struct bench *bench)
{
    u64 hash;
    enum stop stop;

    do
        stop = machine_run(bench->machine, ALL);
    while (stop == STOP_DEBUG);
    ck_assert_int_eq(stop, STOP_LIMIT);
    hash = machine_hash(bench->machine);
    bench_close(bench);
    return hash;
}

static u64 undisturbed(int engine, unsigned harts)
{
    struct bench bench;

    open_race(&bench, engine, harts);
    return finish(&bench);
}

static void stopped_at(struct bench *bench, unsigned hart, enum debug_kind kind, u64 at)
{
    const struct debug_stop *stop = &bench->machine->debug_stop;

    ck_assert_int_eq(machine_run(bench->machine, ALL), STOP_DEBUG);
    ck_assert_uint_eq(stop->hart, hart);
    ck_assert_int_eq(stop->kind, kind);
    ck_assert_uint_eq(stop->at, at);
}

START_TEST(a_run_with_stops_is_the_run_without)
{
    u64 hash = undisturbed(_i, 2);
    struct bench bench;

    open_race(&bench, _i, 2);
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM + 4, 1));
    for (unsigned i = 0; i < 100; i++)
        stopped_at(&bench, 0, DEBUG_BREAK, BENCH_RAM + 4);
    ck_assert(debug_insert(bench.machine, DEBUG_WATCH_WRITE, BENCH_RAM + 0x3000, 4));
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM, 1));
    stopped_at(&bench, 0, DEBUG_WATCH_WRITE, BENCH_RAM + 0x3000);
    ck_assert_uint_eq(bench.machine->debug_stop.pc, BENCH_RAM + 8);
    ck_assert_uint_eq(finish(&bench), hash);
}
END_TEST

START_TEST(stepping_in_turn_is_the_run_without)
{
    u64 hash = undisturbed(_i, 2);
    struct bench bench;

    open_race(&bench, _i, 2);
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM + 12, 1));
    for (unsigned i = 0; i < 300; i++) {
        u64 before = hart_steps(bench.machine->harts[i & 1]);
        enum stop stop = debug_step_in_turn(bench.machine, i & 1);
        if (stop == STOP_DEBUG) /* the other one has met it */
            continue;
        ck_assert_int_eq(stop, STOP_LIMIT);
        ck_assert_uint_eq(hart_steps(bench.machine->harts[i & 1]), before + 1);
    }
    ck_assert(debug_remove(bench.machine, DEBUG_BREAK, BENCH_RAM + 12, 1));
    for (unsigned i = 0; i < 6; i++) { /* a whole turn of the other between any two */
        u64 before = bench_steps(&bench);
        ck_assert_int_eq(debug_step_in_turn(bench.machine, i & 1), STOP_LIMIT);
        ck_assert_uint_ge(bench_steps(&bench) - before, i ? 10000 : 1);
    }
    ck_assert_uint_eq(finish(&bench), hash);
}
END_TEST

START_TEST(one_hart_steps_alone_and_off_its_breakpoint)
{
    struct bench bench;

    open_race(&bench, _i, 3);
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM, 1));
    for (unsigned i = 0; i < 30; i++) {
        unsigned hart = i < 10 ? 1 : i & 1 ? 0 : 2;
        ck_assert_int_eq(debug_step(bench.machine, hart), STOP_LIMIT);
        ck_assert_uint_eq(bench_steps(&bench), i + 1);
    }
    ck_assert_uint_eq(hart_steps(bench.machine->harts[0]), 10);
    ck_assert_uint_eq(hart_steps(bench.machine->harts[1]), 10);
    ck_assert_uint_eq(hart_steps(bench.machine->harts[2]), 10);
    bench_close(&bench);
}
END_TEST

START_TEST(one_hart_runs_alone)
{
    struct bench bench;

    open_race(&bench, _i, 2);
    ck_assert_int_eq(machine_run(bench.machine, 100), STOP_LIMIT);
    bench.machine->only = 2;
    ck_assert_int_eq(machine_run(bench.machine, 50000), STOP_LIMIT);
    ck_assert_uint_eq(hart_steps(bench.machine->harts[0]), 100);
    ck_assert_uint_eq(hart_steps(bench.machine->harts[1]), 49900);
    bench.machine->only = 0;
    ck_assert_int_eq(machine_run(bench.machine, 90000), STOP_LIMIT);
    ck_assert_uint_gt(hart_steps(bench.machine->harts[0]), 100);
    bench_close(&bench);
}
END_TEST

START_TEST(a_hart_that_waits_steps_on_behind_its_wfi)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 2);
    bench_put(&bench, insn_wfi());
    bench_put(&bench, insn_addi(A0, A0, 1));
    bench_put(&bench, insn_jal(ZERO, -4));
    machine_run(bench.machine, 2);
    ck_assert_uint_eq(bench.machine->harts[1]->waiting, 1);
    ck_assert_int_eq(debug_step(bench.machine, 1), STOP_LIMIT);
    ck_assert_uint_eq(bench.machine->harts[1]->x[A0], 1);
    ck_assert_uint_eq(bench.machine->harts[0]->x[A0], 0);
    bench_close(&bench);
}
END_TEST

START_TEST(going_on_passes_what_was_told_and_stepping_what_was_not)
{
    struct bench bench;

    open_race(&bench, _i, 1);
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM, 1));
    ck_assert_int_eq(debug_step(bench.machine, 0), STOP_LIMIT);
    stopped_at(&bench, 0, DEBUG_BREAK, BENCH_RAM);
    ck_assert_uint_eq(bench_steps(&bench), 4);
    stopped_at(&bench, 0, DEBUG_BREAK, BENCH_RAM);
    ck_assert_uint_eq(bench_steps(&bench), 8);
    ck_assert(!debug_remove(bench.machine, DEBUG_BREAK, BENCH_RAM + 4, 1));
    ck_assert(debug_remove(bench.machine, DEBUG_BREAK, BENCH_RAM, 1));
    ck_assert_int_eq(machine_run(bench.machine, 10000), STOP_LIMIT);
    bench_close(&bench);
}
END_TEST

START_TEST(breakpoints_outlive_a_reset)
{
    struct bench bench;

    open_race(&bench, _i, 1);
    ck_assert(debug_insert(bench.machine, DEBUG_BREAK, BENCH_RAM + 4, 1));
    stopped_at(&bench, 0, DEBUG_BREAK, BENCH_RAM + 4);
    machine_reset(bench.machine);
    bench.hart->pc = bench.at = BENCH_RAM;
    bench_put(&bench, insn_addi(A0, A0, 1));
    bench_put(&bench, insn_jal(ZERO, 0));
    stopped_at(&bench, 0, DEBUG_BREAK, BENCH_RAM + 4);
    bench_close(&bench);
}
END_TEST

/* Two pages of a window in Sv39: the first read-only and of U, the second execute-only, a third
 * nowhere, a fourth on the UART. */
static void open_paged(struct bench *bench, int engine)
{
    static const u64 flags[] = {PTE_R | PTE_U, PTE_X, 0, PTE_R | PTE_W};
    paddr pages[] = {PLACE, PLACE + 0x5000, 0, 0x10000000};

    bench_open(bench, engines[engine], 1);
    bench_write(bench, TABLES, 8, (TABLES + PAGE_SIZE) >> 2 | PTE_V);
    bench_write(bench, TABLES + PAGE_SIZE, 8, (TABLES + 2 * PAGE_SIZE) >> 2 | PTE_V);
    for (unsigned i = 0; i < 4; i++)
        bench_write(bench, TABLES + 2 * PAGE_SIZE + 8 * (WINDOW / PAGE_SIZE + i), 8,
                    pages[i] >> 2 | flags[i] | (flags[i] ? PTE_V : 0));
    csr_poke(bench->hart, 0x180, (u64)8 << 60 | TABLES >> PAGE_BITS);
    ck_assert(debug_set_register(bench->machine, 0, DEBUG_PRIVILEGE, PRIV_S));
}

START_TEST(memory_is_seen_as_the_hart_does_whatever_its_rights)
{
    struct bench bench;
    u8 bytes[64];

    open_paged(&bench, _i);
    for (unsigned i = 0; i < 32; i++)
        bytes[i] = (u8)(i + 1);
    ck_assert_uint_eq(
        debug_write(bench.machine, 0, DEBUG_VIRTUAL, WINDOW + PAGE_SIZE - 16, bytes, 32), 32);
    ck_assert_uint_eq(bench_read(&bench, PLACE + PAGE_SIZE - 8, 8), 0x100f0e0d0c0b0a09);
    ck_assert_uint_eq(bench_read(&bench, PLACE + 0x5000, 8), 0x1817161514131211);
    memset(bytes, 0, sizeof bytes);
    ck_assert_uint_eq(
        debug_read(bench.machine, 0, DEBUG_VIRTUAL, WINDOW + PAGE_SIZE - 16, bytes, 32), 32);
    ck_assert_uint_eq(bytes[0], 1);
    ck_assert_uint_eq(bytes[31], 32);
    ck_assert_uint_eq(debug_read(bench.machine, 0, DEBUG_PHYSICAL, PLACE + 0x5000, bytes, 1), 1);
    ck_assert_uint_eq(bytes[0], 17);
    /* Nothing was marked as accessed, and nothing behind the end can be had. */
    ck_assert_uint_eq(bench_read(&bench, TABLES + 2 * PAGE_SIZE + 32, 8) & (PTE_A | PTE_D), 0);
    ck_assert_uint_eq(
        debug_read(bench.machine, 0, DEBUG_VIRTUAL, WINDOW + 2 * PAGE_SIZE - 5, bytes, 64), 5);
    ck_assert_uint_eq(debug_read(bench.machine, 0, DEBUG_VIRTUAL, WINDOW + 3 * PAGE_SIZE, bytes, 1),
                      0); /* a device is not asked */
    ck_assert_uint_eq(debug_read(bench.machine, 0, DEBUG_VIRTUAL, UINT64_MAX - 2, bytes, 8), 0);
    ck_assert_uint_eq(
        debug_read(bench.machine, 0, DEBUG_PHYSICAL, BENCH_RAM + BENCH_SIZE - 3, bytes, 8), 3);
    ck_assert_uint_eq(debug_write(bench.machine, 0, DEBUG_PHYSICAL, 0x1000, bytes, 4), 4); /* ROM */
    bench_close(&bench);
}
END_TEST

START_TEST(the_walk_is_with_the_rights_of_the_hart)
{
    struct bench bench;
    struct walk walk;

    open_paged(&bench, _i);
    ck_assert(debug_translate(bench.machine, 0, WINDOW, ACCESS_LOAD, &walk));
    ck_assert_int_eq(walk.end, WALK_IS_USER);
    ck_assert_uint_eq(walk.step_count, 3);
    ck_assert(debug_translate(bench.machine, 0, WINDOW + PAGE_SIZE, ACCESS_LOAD, &walk));
    ck_assert_int_eq(walk.end, WALK_NOT_READABLE);
    ck_assert(debug_set_register(bench.machine, 0, DEBUG_PRIVILEGE, PRIV_M));
    ck_assert(!debug_translate(bench.machine, 0, WINDOW, ACCESS_LOAD, &walk));
    ck_assert_int_eq(walk.end, WALK_OK);
    ck_assert_uint_eq(walk.pa, WINDOW);
    bench_close(&bench);
}
END_TEST

START_TEST(written_code_is_run)
{
    u32 insn = insn_addi(A0, A0, 100);
    struct bench bench;

    bench_open(&bench, engines[_i], 1);
    bench_put(&bench, insn_addi(A0, A0, 1));
    bench_put(&bench, insn_jal(ZERO, -4));
    machine_run(bench.machine, 10);
    ck_assert_uint_eq(debug_write(bench.machine, 0, DEBUG_VIRTUAL, BENCH_RAM, &insn, 4), 4);
    machine_run(bench.machine, 12);
    ck_assert_uint_eq(bench.hart->x[A0], 105);
    bench_close(&bench);
}
END_TEST

START_TEST(every_register_can_be_read_and_set)
{
    struct bench bench;
    u64 value;

    bench_open(&bench, engines[_i], 2);
    for (unsigned number = 1; number < DEBUG_FIRST_CSR; number++) {
        u64 wanted = number == DEBUG_PC ? BENCH_RAM + 64 : 0x8765432112345678u + number;
        ck_assert(debug_set_register(bench.machine, 1, number, wanted));
        ck_assert(debug_register(bench.machine, 1, number, &value));
        ck_assert_uint_eq(value, wanted);
    }
    ck_assert(debug_set_register(bench.machine, 1, DEBUG_X, 5));
    ck_assert(debug_register(bench.machine, 1, DEBUG_X, &value) && value == 0);
    ck_assert(debug_set_register(bench.machine, 1, DEBUG_FIRST_CSR + 0x341, 0x1235));
    ck_assert(debug_register(bench.machine, 1, DEBUG_FIRST_CSR + 0x341, &value));
    ck_assert_uint_eq(value, 0x1234);
    ck_assert(debug_register(bench.machine, 1, DEBUG_FIRST_CSR + 0xf14, &value) && value == 1);
    ck_assert(!debug_register(bench.machine, 1, DEBUG_FIRST_CSR + 0x123, &value));
    ck_assert(!debug_set_register(bench.machine, 1, DEBUG_FIRST_CSR + 0x123, 0));
    ck_assert(!debug_set_register(bench.machine, 1, DEBUG_PRIVILEGE, 2));
    ck_assert(debug_set_register(bench.machine, 1, DEBUG_PRIVILEGE, PRIV_U));
    ck_assert(debug_register(bench.machine, 1, DEBUG_PRIVILEGE, &value) && value == PRIV_U);
    ck_assert(!debug_register(bench.machine, 1, DEBUG_REGISTERS, &value));
    ck_assert(!debug_set_register(bench.machine, 1, DEBUG_REGISTERS, 0));
    ck_assert(debug_register(bench.machine, 0, DEBUG_PRIVILEGE, &value) && value == PRIV_M);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_run_with_stops_is_the_run_without,
                                  stepping_in_turn_is_the_run_without,
                                  one_hart_steps_alone_and_off_its_breakpoint,
                                  one_hart_runs_alone,
                                  a_hart_that_waits_steps_on_behind_its_wfi,
                                  going_on_passes_what_was_told_and_stepping_what_was_not,
                                  breakpoints_outlive_a_reset,
                                  memory_is_seen_as_the_hart_does_whatever_its_rights,
                                  the_walk_is_with_the_rights_of_the_hart,
                                  written_code_is_run,
                                  every_register_can_be_read_and_set};

    return SUITE_RUN("debugger's calls", tests, 2);
}
