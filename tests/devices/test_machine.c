/* The machine's run loop: exact time, sleep, turns, the ways to stop; on the fast engine and (case
 * 1) the plain one. */
#include "tests/devices/bench.h"

#define HANDLER (BENCH_RAM + 0x1000)
#define LONG    1000000000u

static const enum engine engines[] = {ENGINE_FAST, ENGINE_PLAIN};

/* Counts in a0 for ever. */
static void put_counter(struct bench *bench)
{
    bench_put(bench, insn_addi(A0, A0, 1));
    bench_put(bench, insn_jal(ZERO, -4));
}

/* Machine timer interrupts go to a handler that notes the cycle in a1 and waits for ever. */
static void put_timer(struct bench *bench, u64 at_tick)
{
    csr_poke(bench->hart, 0x305, HANDLER);
    csr_poke(bench->hart, 0x304, IRQ_BIT(IRQ_MTI));
    csr_poke(bench->hart, 0x300, MSTATUS_MIE);
    bench_put_at(bench, HANDLER, insn_csrrs(A1, 0xb00, ZERO));
    bench_put(bench, insn_csrrs(A2, 0xc01, ZERO));
    bench_put(bench, insn_csrrw(ZERO, 0x304, ZERO));
    bench_put(bench, insn_wfi());
    bench->at = BENCH_RAM;
    bench_write(bench, MTIMECMP, 8, at_tick);
}

START_TEST(a_limit_is_kept_to_the_step)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 1);
    put_counter(&bench);
    for (u64 limit = 1; limit < 300; limit += 7) {
        ck_assert_int_eq(machine_run(bench.machine, limit), STOP_LIMIT);
        ck_assert_uint_eq(bench_steps(&bench), limit);
        ck_assert_uint_eq(bench.hart->x[A0], (limit + 1) / 2);
    }
    ck_assert_int_eq(machine_run(bench.machine, 5), STOP_LIMIT); /* long past */
    bench_close(&bench);
}
END_TEST

START_TEST(a_timer_interrupt_comes_at_its_exact_step)
{
    for (u64 tick = 1; tick < 20; tick++) {
        struct bench bench;
        bench_open(&bench, engines[_i], 1);
        put_timer(&bench, tick);
        put_counter(&bench);
        ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
        ck_assert_uint_eq(bench.hart->x[A1], tick * BENCH_STEPS + 1); /* the trap is a step, too */
        ck_assert_uint_eq(bench.hart->x[A2], tick);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(a_hart_that_waits_skips_straight_to_its_timer)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 1);
    put_timer(&bench, 123456789);
    bench_put(&bench, insn_wfi());
    bench_put(&bench, insn_jal(ZERO, -4));
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(bench.hart->x[A2], 123456789);
    ck_assert_uint_lt(bench_steps(&bench), 10);
    bench_close(&bench);
}
END_TEST

START_TEST(stimecmp_wakes_s_at_its_exact_step)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 1);
    csr_poke(bench.hart, 0x30a, (u64)1 << 63); /* STCE */
    csr_poke(bench.hart, 0x303, UINT64_MAX);
    csr_poke(bench.hart, 0x306, 7);
    csr_poke(bench.hart, 0x304, IRQ_BIT(IRQ_STI));
    csr_poke(bench.hart, 0x300, MSTATUS_SIE);
    csr_poke(bench.hart, 0x105, HANDLER);
    csr_poke(bench.hart, 0x3b0, UINT64_MAX);
    csr_poke(bench.hart, 0x3a0, 0x1f);
    bench.hart->privilege = PRIV_S;
    hart_mode_changed(bench.hart);
    bench.hart->x[T0] = 17;
    bench_put(&bench, insn_csrrw(ZERO, 0x14d, T0));
    put_counter(&bench);
    bench_put_at(&bench, HANDLER, insn_csrrs(A1, 0xc00, ZERO));
    bench_put(&bench, insn_csrrw(ZERO, 0x104, ZERO));
    bench_put(&bench, insn_wfi());
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(bench.hart->x[A1], 17 * BENCH_STEPS + 1);
    bench_close(&bench);
}
END_TEST

START_TEST(a_machine_where_nothing_can_happen_is_hung)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 2);
    bench_put(&bench, insn_wfi());
    bench_put(&bench, insn_jal(ZERO, -4));
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(bench_steps(&bench), 2);
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG); /* and stays so */
    bench_close(&bench);
}
END_TEST

START_TEST(the_finisher_stops_after_the_store)
{
    static const struct {
        u32 value;
        enum stop stop;
        u32 code;
    } rows[] = {{0x5555, STOP_POWEROFF, 0}, {0x7777, STOP_RESET, 0}, {0x2a3333, STOP_FAILURE, 42}};

    for (unsigned i = 0; i < 3; i++) {
        struct bench bench;
        bench_open(&bench, engines[_i], 1);
        bench.hart->x[S0] = FINISHER;
        bench.hart->x[T0] = rows[i].value;
        bench_put(&bench, insn_sw(T0, S0, 0));
        put_counter(&bench);
        ck_assert_int_eq(machine_run(bench.machine, LONG), rows[i].stop);
        ck_assert_uint_eq(bench.machine->exit_code, rows[i].code);
        ck_assert_uint_eq(bench_steps(&bench), 1);
        ck_assert_uint_eq(bench.hart->x[A0], 0);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(reset_brings_back_the_state_of_power_on)
{
    struct bench used, fresh;

    bench_open(&used, engines[_i], 2);
    bench_open(&fresh, engines[_i], 2);
    put_timer(&used, 50);
    put_counter(&used);
    bench_write(&used, MSIP + 4, 4, 1);
    machine_run(used.machine, 1000);
    machine_reset(used.machine);
    machine_reset(fresh.machine);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(used.machine->harts[i]->pc, board_virt.rom_base);
        ck_assert_uint_eq(used.machine->harts[i]->privilege, PRIV_M);
        ck_assert_uint_eq(hart_hash(used.machine->harts[i], 0),
                          hart_hash(fresh.machine->harts[i], 0));
    }
    ck_assert_uint_eq(bench_read(&used, BENCH_RAM, 8), 0);
    ck_assert_uint_eq(bench_read(&used, HANDLER, 8), 0);
    ck_assert_uint_eq(bench_read(&used, MSIP + 4, 4), 0);
    bench_close(&used);
    bench_close(&fresh);
}
END_TEST

START_TEST(two_machines_in_one_process_do_not_know_of_each_other)
{
    struct bench alone, left, right;

    bench_open(&alone, engines[_i], 1);
    put_timer(&alone, 9);
    put_counter(&alone);
    machine_run(alone.machine, 500);

    bench_open(&left, engines[_i], 1);
    bench_open(&right, engines[!_i], 2);
    put_timer(&left, 9);
    put_counter(&left);
    bench_put(&right, insn_addi(A1, A1, 5));
    bench_put(&right, insn_jal(ZERO, -4));
    for (u64 limit = 13; limit <= 520; limit += 13) {
        machine_run(left.machine, limit < 500 ? limit : 500);
        machine_run(right.machine, limit);
    }
    ck_assert_uint_eq(hart_hash(left.hart, 0), hart_hash(alone.hart, 0));
    ck_assert_uint_eq(machine_hash(left.machine), machine_hash(alone.machine));
    ck_assert_uint_eq(right.hart->x[A0], 0);
    bench_close(&left);
    bench_close(&right);
    bench_close(&alone);
}
END_TEST

static u64 hash_of_run(enum engine engine, u32 insn, u64 limit)
{
    struct bench bench;
    u64 hash;

    bench_open(&bench, engine, 2);
    put_timer(&bench, 9);
    bench_put(&bench, insn);
    bench_put(&bench, insn_sw(A0, S0, 0));
    bench_put(&bench, insn_jal(ZERO, -8));
    bench.hart->x[S0] = bench.machine->harts[1]->x[S0] = BENCH_RAM + 0x3000;
    machine_run(bench.machine, limit);
    hash = machine_hash(bench.machine);
    bench_close(&bench);
    return hash;
}

START_TEST(equal_runs_have_equal_hashes_and_others_do_not)
{
    u64 hash = hash_of_run(engines[_i], insn_addi(A0, A0, 1), 30000);

    ck_assert_uint_eq(hash_of_run(engines[_i], insn_addi(A0, A0, 1), 30000), hash);
    ck_assert_uint_eq(hash_of_run(engines[!_i], insn_addi(A0, A0, 1), 30000), hash);
    ck_assert_uint_ne(hash_of_run(engines[_i], insn_addi(A0, A0, 2), 30000), hash);
    ck_assert_uint_ne(hash_of_run(engines[_i], insn_addi(A0, A0, 1), 30001), hash);
}
END_TEST

START_TEST(one_bit_of_ram_changes_the_hash)
{
    struct bench bench;
    u64 hash;

    bench_open(&bench, engines[_i], 1);
    machine_hash(bench.machine);
    bench_write(&bench, BENCH_RAM + 0x5000, 1, 1);
    hash = machine_hash(bench.machine);
    bench_write(&bench, BENCH_RAM + 0x5000, 1, 3);
    ck_assert_uint_ne(machine_hash(bench.machine), hash);
    bench_close(&bench);
}
END_TEST

START_TEST(harts_take_turns)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 3);
    put_counter(&bench);
    ck_assert_int_eq(machine_run(bench.machine, 600000), STOP_LIMIT);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(hart_steps(bench.machine->harts[i]), 200000);
    bench_close(&bench);
}
END_TEST

START_TEST(pause_and_wfi_pass_the_turn_on)
{
    const u32 insns[] = {insn_pause(), insn_wfi()};

    for (unsigned i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, engines[_i], 2);
        bench_put(&bench, insns[i]);
        put_counter(&bench);
        bench.machine->harts[1]->pc = BENCH_RAM + 4;
        machine_run(bench.machine, 11);
        ck_assert_uint_eq(hart_steps(bench.hart), 1);
        ck_assert_uint_eq(hart_steps(bench.machine->harts[1]), 10);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(a_hart_wakes_another_by_msip)
{
    struct bench bench;
    struct hart *sleeper;

    bench_open(&bench, engines[_i], 2);
    sleeper = bench.machine->harts[1];
    bench.hart->x[S0] = MSIP + 4;
    bench.hart->x[T0] = 1;
    csr_poke(sleeper, 0x304, IRQ_BIT(IRQ_MSI)); /* wakes it, though MIE is off */
    sleeper->pc = BENCH_RAM + 0x100;
    bench_put(&bench, insn_pause());
    bench_put(&bench, insn_sw(T0, S0, 0));
    bench_put(&bench, insn_wfi());
    bench_put_at(&bench, BENCH_RAM + 0x100, insn_wfi());
    bench_put(&bench, insn_addi(A0, A0, 1));
    bench_put(&bench, insn_csrrw(ZERO, 0x304, ZERO));
    bench_put(&bench, insn_wfi());
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(sleeper->x[A0], 1);
    bench_close(&bench);
}
END_TEST

START_TEST(a_store_by_another_hart_ends_a_reservation_even_with_the_same_value)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 2);
    bench.hart->x[S0] = bench.machine->harts[1]->x[S0] = BENCH_RAM + 0x3000;
    bench_put(&bench, insn_lr_w(A0, S0, ZERO));
    bench_put(&bench, insn_pause());
    bench_put(&bench, insn_sc_w(A0, S0, S0));
    bench_put(&bench, insn_wfi());
    bench_put_at(&bench, BENCH_RAM + 0x100, insn_sw(ZERO, S0, 0));
    bench_put(&bench, insn_wfi());
    bench.machine->harts[1]->pc = BENCH_RAM + 0x100;
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(bench.hart->x[A0], 1);
    ck_assert_uint_eq(bench_read(&bench, BENCH_RAM + 0x3000, 4), 0);
    bench_close(&bench);
}
END_TEST

/* Tries to build a machine that cannot be; message says why not. */
static void refuse(const struct board *board, u64 ram_size, char *message, size_t size)
{
    struct machine_config config = {.board = board,
                                    .ram_size = ram_size,
                                    .harts = 1,
                                    .engine = ENGINE_FAST,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};

    ck_assert(isa_parse("max", &config.isa, message, size));
    ck_assert_ptr_null(machine_create(&config, &host, message, size));
}

START_TEST(a_board_whose_chips_overlap_is_refused_and_the_chip_named)
{
    const struct slot slots[] = {board_virt.slots[0], board_virt.slots[0]};
    struct board board = board_virt;
    char message[200];

    board.slots = slots;
    board.slot_count = 2;
    refuse(&board, BENCH_SIZE, message, sizeof message);
    ck_assert_ptr_nonnull(strstr(message, slots[0].type->name));
    board.slot_count = 1;
    board.rom_base = board.ram_base;
    refuse(&board, BENCH_SIZE, message, sizeof message);
    ck_assert_ptr_nonnull(strstr(message, "overlaps"));
}
END_TEST

START_TEST(more_memory_than_the_host_has_is_refused)
{
    char message[200];

    refuse(&board_virt, (u64)1 << 60, message, sizeof message);
    ck_assert_ptr_nonnull(strstr(message, "ask for less with -m"));
}
END_TEST

static bool stop_at_once(void *context)
{
    return ++*(unsigned *)context > 3;
}

START_TEST(the_host_can_stop_it_between_slices)
{
    unsigned asked = 0;
    struct host host = {.context = &asked, .wants_stop = stop_at_once};
    struct bench bench;

    bench_open_host(&bench, engines[_i], 1, &host);
    put_counter(&bench);
    ck_assert_int_eq(machine_run(bench.machine, UINT64_MAX), STOP_USER);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_limit_is_kept_to_the_step,
        a_timer_interrupt_comes_at_its_exact_step,
        a_hart_that_waits_skips_straight_to_its_timer,
        stimecmp_wakes_s_at_its_exact_step,
        a_machine_where_nothing_can_happen_is_hung,
        the_finisher_stops_after_the_store,
        reset_brings_back_the_state_of_power_on,
        two_machines_in_one_process_do_not_know_of_each_other,
        equal_runs_have_equal_hashes_and_others_do_not,
        one_bit_of_ram_changes_the_hash,
        harts_take_turns,
        pause_and_wfi_pass_the_turn_on,
        a_hart_wakes_another_by_msip,
        a_store_by_another_hart_ends_a_reservation_even_with_the_same_value,
        a_board_whose_chips_overlap_is_refused_and_the_chip_named,
        more_memory_than_the_host_has_is_refused,
        the_host_can_stop_it_between_slices};

    return SUITE_RUN("machine", tests, 2);
}
