/* The run loop's dealings with the host: typed bytes, and sleep while every hart waits; on the fast
 * engine and (case 1) the plain one. Time, turns and stops: test_machine.c. */
#include "tests/devices/bench.h"

#define UART        0x10000000u
#define UART_IER    (UART + 1)
#define UART_FCR    (UART + 2)
#define UART_LSR    (UART + 5)
#define HANDLER     (BENCH_RAM + 0x1000)
#define NAP_NS      100000000u /* what the run loop sleeps at most */
#define TICKS_A_NAP 1000000u
#define LONG        1000000000u

static const enum engine engines[] = {ENGINE_FAST, ENGINE_PLAIN};

/* Somebody at a keyboard, and a host that can sleep. */
struct person {
    const char *typed; /* what is still to be typed */
    unsigned asked;    /* how often the machine wanted a byte */
    unsigned naps;
    u64 slept_ns, now_ns;
    unsigned type_in_nap; /* the number of the nap in which typed becomes "x"; 0 never */
    unsigned naps_left;   /* then the machine is stopped */
    u64 most_ns;          /* the longest that he lets it sleep; 0: as long as it wants */
};

static int type_byte(void *context)
{
    struct person *person = context;

    person->asked++;
    return *person->typed ? (u8)*person->typed++ : -1;
}

static u64 sleep_ns(void *context, u64 ns)
{
    struct person *person = context;

    if (person->most_ns && ns > person->most_ns)
        ns = person->most_ns;
    person->naps++;
    person->slept_ns += ns;
    person->now_ns += ns;
    if (person->naps == person->type_in_nap)
        person->typed = "x";
    return ns;
}

static u64 host_ns(void *context)
{
    return ((struct person *)context)->now_ns += 1000;
}

static bool has_slept_enough(void *context)
{
    const struct person *person = context;

    return person->naps >= person->naps_left;
}

static void open_with(struct bench *bench, int engine, struct person *person)
{
    struct host host = {.context = person,
                        .console = {.context = person, .read = type_byte},
                        .wait = sleep_ns,
                        .wants_stop = has_slept_enough};

    person->naps_left = person->naps_left ? person->naps_left : 1000;
    bench_open_host(bench, engines[engine], 1, &host);
}

/* Counts for ever. */
static void put_counter(struct bench *bench)
{
    bench_put(bench, insn_addi(A0, A0, 1));
    bench_put(bench, insn_jal(ZERO, -4));
}

/* Waits for ever; a machine timer interrupt at this tick goes to a handler that notes the time in
 * a2 and switches the interrupt off. */
static void put_sleeper(struct bench *bench, u64 at_tick)
{
    csr_poke(bench->hart, 0x305, HANDLER);
    csr_poke(bench->hart, 0x304, IRQ_BIT(IRQ_MTI));
    csr_poke(bench->hart, 0x300, MSTATUS_MIE);
    bench_put_at(bench, HANDLER, insn_csrrs(A2, 0xc01, ZERO));
    bench_put(bench, insn_csrrw(ZERO, 0x304, ZERO));
    bench_put(bench, insn_wfi());
    bench_put_at(bench, BENCH_RAM, insn_wfi());
    bench_put(bench, insn_jal(ZERO, -4));
    bench_write(bench, MTIMECMP, 8, at_tick);
}

START_TEST(typed_bytes_come_in_as_long_as_the_guest_has_room)
{
    struct person person = {.typed = "abc"};
    struct bench bench;

    open_with(&bench, _i, &person);
    put_counter(&bench);
    machine_run(bench.machine, 10);
    ck_assert_str_eq(person.typed, "bc"); /* without its FIFO the UART holds one */
    ck_assert_uint_eq(bench_read(&bench, UART, 1), 'a');
    bench_write(&bench, UART_FCR, 1, 1);
    machine_run(bench.machine, 20);
    ck_assert_str_eq(person.typed, "");
    ck_assert_uint_eq(bench_read(&bench, UART, 1), 'b');
    ck_assert_uint_eq(bench_read(&bench, UART, 1), 'c');
    bench_close(&bench);
}
END_TEST

START_TEST(a_pipe_gives_a_byte_only_when_the_guest_waits_for_one)
{
    struct person person = {.typed = "ab"};
    struct bench bench;

    open_with(&bench, _i, &person);
    bench.machine->host.console.one_at_a_time = true;
    bench_write(&bench, UART_FCR, 1, 1); /* room for sixteen */
    put_counter(&bench);
    machine_run(bench.machine, 10000);
    ck_assert_uint_eq(person.asked, 0); /* nobody listens */
    bench_write(&bench, UART_IER, 1, 1);
    machine_run(bench.machine, 100000);
    ck_assert_str_eq(person.typed, "b");
    machine_run(bench.machine, 200000);
    ck_assert_str_eq(person.typed, "b"); /* the first has not been read */
    ck_assert_uint_eq(bench_read(&bench, UART, 1), 'a');
    machine_run(bench.machine, 300000);
    ck_assert_str_eq(person.typed, "");
    bench_close(&bench);
}
END_TEST

START_TEST(while_all_wait_the_host_sleeps_until_the_timer_and_no_longer)
{
    struct person person = {.typed = "", .naps_left = 5};
    u64 deadline = 2 * TICKS_A_NAP + TICKS_A_NAP / 2;
    struct bench bench;

    open_with(&bench, _i, &person);
    put_sleeper(&bench, deadline);
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_USER);
    ck_assert_uint_eq(bench.hart->x[A2], deadline);
    ck_assert_uint_ge(person.slept_ns, 2 * (u64)NAP_NS + NAP_NS / 2 - 1000);
    ck_assert_uint_le(person.slept_ns, 5 * (u64)NAP_NS); /* the last two with nothing to wait for */
    bench_close(&bench);
}
END_TEST

/* Something outside has woken us that is nothing to the guest. */
START_TEST(a_nap_cut_short_moves_the_virtual_clock_by_what_was_slept)
{
    struct person person = {.typed = "", .most_ns = NAP_NS / 10, .naps_left = 5};
    struct bench bench;

    open_with(&bench, _i, &person);
    put_sleeper(&bench, 10 * TICKS_A_NAP);
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_USER);
    ck_assert_uint_ge(clock_ticks(&bench.machine->clock), 5 * TICKS_A_NAP / 10);
    ck_assert_uint_le(clock_ticks(&bench.machine->clock), 5 * TICKS_A_NAP / 10 + 10);
    bench_close(&bench);
}
END_TEST

START_TEST(a_byte_typed_during_a_nap_does_not_move_the_virtual_clock)
{
    struct person person = {.typed = "", .type_in_nap = 1, .naps_left = 1};
    struct bench bench;

    open_with(&bench, _i, &person);
    put_sleeper(&bench, 10 * TICKS_A_NAP);
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_USER);
    ck_assert_str_eq(person.typed, "");
    ck_assert_uint_lt(clock_ticks(&bench.machine->clock), 10);
    ck_assert_uint_eq(bench_read(&bench, UART_LSR, 1) & 1, 1);
    bench_close(&bench);
}
END_TEST

START_TEST(a_live_clock_has_moved_on_by_what_was_slept)
{
    struct person person = {.typed = "", .naps_left = 4};
    struct bench bench;
    u64 ticks;

    open_with(&bench, _i, &person);
    bench.machine->clock.kind = CLOCK_LIVE;
    bench.machine->clock.host_ns = host_ns;
    bench.machine->clock.host_context = &person;
    put_sleeper(&bench, TICKS_A_NAP + TICKS_A_NAP / 2);
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_USER);
    ck_assert_uint_ge(bench.hart->x[A2], TICKS_A_NAP + TICKS_A_NAP / 2);
    ticks = clock_ticks(&bench.machine->clock);
    ck_assert_uint_ge(ticks, person.slept_ns / CLOCK_NS);
    ck_assert_uint_le(ticks, person.slept_ns / CLOCK_NS + TICKS_A_NAP / 100);
    bench_close(&bench);
}
END_TEST

/* Two harts that add to one word without any care, so that every turn's end shows in it. The hash
 * after that many steps, run in pieces. */
static u64 hash_in_pieces(enum engine engine, u64 piece)
{
    const u64 all = 500000;
    struct bench bench;
    u64 hash;

    bench_open(&bench, engine, 2);
    for (unsigned i = 0; i < 2; i++)
        bench.machine->harts[i]->x[S0] = BENCH_RAM + 0x3000;
    bench_put(&bench, insn_lw(A0, S0, 0));
    bench_put(&bench, insn_addi(A0, A0, 1));
    bench_put(&bench, insn_sw(A0, S0, 0));
    bench_put(&bench, insn_jal(ZERO, -12));
    for (u64 done = piece; done < all; done += piece)
        ck_assert_int_eq(machine_run(bench.machine, done), STOP_LIMIT);
    ck_assert_int_eq(machine_run(bench.machine, all), STOP_LIMIT);
    hash = machine_hash(bench.machine);
    bench_close(&bench);
    return hash;
}

START_TEST(a_run_in_pieces_is_the_run_in_one)
{
    u64 whole = hash_in_pieces(engines[_i], 500000);

    for (u64 piece = 13; piece < 50000; piece = piece * 3 + 1)
        ck_assert_uint_eq(hash_in_pieces(engines[_i], piece), whole);
}
END_TEST

/* Runs a counter for so many steps in such pieces; says how often it was asked for a byte. */
static unsigned asked_in_pieces(int engine, u64 steps, u64 piece)
{
    struct person person = {.typed = ""};
    struct bench bench;

    open_with(&bench, engine, &person);
    put_counter(&bench);
    bench_write(&bench, MTIMECMP, 8, 1234);
    for (u64 done = piece; done < steps; done += piece)
        machine_run(bench.machine, done);
    machine_run(bench.machine, steps);
    bench_close(&bench);
    return person.asked;
}

START_TEST(a_limit_that_cuts_a_slice_lets_nothing_in)
{
    const u64 steps = 2500000;
    unsigned whole = asked_in_pieces(_i, steps, steps);

    ck_assert_uint_ge(whole, 3); /* slices of a million, and the timer */
    ck_assert_uint_eq(asked_in_pieces(_i, steps, 100003), whole);
    ck_assert_uint_eq(asked_in_pieces(_i, steps, 999), whole);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {typed_bytes_come_in_as_long_as_the_guest_has_room,
                                  a_pipe_gives_a_byte_only_when_the_guest_waits_for_one,
                                  while_all_wait_the_host_sleeps_until_the_timer_and_no_longer,
                                  a_nap_cut_short_moves_the_virtual_clock_by_what_was_slept,
                                  a_byte_typed_during_a_nap_does_not_move_the_virtual_clock,
                                  a_live_clock_has_moved_on_by_what_was_slept,
                                  a_run_in_pieces_is_the_run_in_one,
                                  a_limit_that_cuts_a_slice_lets_nothing_in};

    return SUITE_RUN("run loop", tests, 2);
}
