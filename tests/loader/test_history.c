/* Going back: to any step, on both engines, to the state that was there; and to the last stop of a
 * debugger before. Debian: tests/history. */
#include "devices/debug.h"
#include "loader/history.h"

#include "tests/devices/bench.h"

#include <stdio.h>
#include <stdlib.h>

#define UART  0x10000000u
#define TABLE (BENCH_RAM + 0x100000)
#define ONCE  (BENCH_RAM + 0x200000)
#define STEPS 130000000u
#define NOTES 12u

static char message[512];

struct side {
    struct bench bench;
    struct history *history;
    struct door *door;
    unsigned asked, printed;
};

static int type_byte(void *context)
{
    struct side *side = context;

    return ++side->asked % 5 ? -1 : (int)(side->asked & 0x7f);
}

static void print_byte(void *context, u8 byte)
{
    (void)byte;
    ((struct side *)context)->printed++;
}

/* 10000 times: stores to a table, page after page; then it looks for a byte and echoes it, and
 * writes to where it never was before. */
static void put_program(struct bench *bench)
{
    struct hart *hart = bench->hart;

    hart->x[S0] = UART;
    hart->x[S1] = TABLE;
    hart->x[A1] = 10000;
    hart->x[A7] = ONCE;
    bench_put(bench, insn_addi(A2, ZERO, 0));
    bench_put(bench, insn_add(A3, S1, A2)); /* BENCH_RAM + 4 */
    bench_put(bench, insn_sw(A4, A3, 0));
    bench_put(bench, insn_addi(A4, A4, 3));
    bench_put(bench, insn_addi(A2, A2, 64));
    bench_put(bench, insn_addi(A5, A5, 1));
    bench_put(bench, insn_blt(A5, A1, -20));
    bench_put(bench, insn_addi(A5, ZERO, 0)); /* BENCH_RAM + 28 */
    bench_put(bench, insn_lb(A0, S0, 0));
    bench_put(bench, insn_sb(A0, S0, 0));
    bench_put(bench, insn_add(A4, A4, A0));
    bench_put(bench, insn_sw(A4, A7, 0)); /* to a place that it comes by only once */
    bench_put(bench, insn_addi(A7, A7, 64));
    bench_put(bench, insn_jal(ZERO, -52));
}

static void start_with(struct side *side, enum engine engine, const struct host_screen *screen)
{
    *side = (struct side){.asked = 0};
    struct host host = {.console = {.context = side, .read = type_byte, .write = print_byte}};

    if (screen)
        host_plug(&host, PLUG_SCREEN, screen);
    side->door = door_create(&host);
    bench_open_host(&side->bench, engine, 1, &host);
    door_attach(side->door, side->bench.machine);
    put_program(&side->bench);
    side->history =
        history_create(side->bench.machine, side->door, (u64)256 << 20, message, sizeof message);
    ck_assert_msg(side->history != NULL, "%s", message);
}

static void start(struct side *side, enum engine engine)
{
    start_with(side, engine, NULL);
}

static void finish(struct side *side)
{
    history_destroy(side->history);
    bench_close(&side->bench);
    door_destroy(side->door);
}

/* All of the machine but for its clock's past. */
static u64 sum_of(struct side *side)
{
    struct machine *machine = side->bench.machine;
    size_t size = state_size(machine);
    u8 *state = malloc(size);
    u64 sum = hart_hash(side->bench.hart, bench_steps(&side->bench)), word;

    state_save(machine, state);
    for (size_t at = 0; at + 8 <= size; at += 8) {
        memcpy(&word, state + at, 8);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15 + (sum >> 29);
    }
    for (u64 at = 0; at < BENCH_SIZE; at += 8) {
        memcpy(&word, machine->ram.bytes + at, 8);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15 + (sum >> 29);
    }
    free(state);
    return sum;
}

static void go(struct side *side, u64 step)
{
    ck_assert_msg(history_go(side->history, step, message, sizeof message), "%s", message);
    ck_assert_uint_eq(bench_steps(&side->bench), step);
}

START_TEST(any_earlier_step_is_what_it_was)
{
    struct side side;
    u64 steps[NOTES], sums[NOTES], present;

    start(&side, _i ? ENGINE_PLAIN : ENGINE_FAST);
    for (unsigned i = 0; i < NOTES; i++) {
        steps[i] = (u64)i * STEPS / NOTES + 12345 * i + i;
        history_run(side.history, steps[i]);
        sums[i] = sum_of(&side);
    }
    history_run(side.history, STEPS);
    present = sum_of(&side);
    unsigned printed = side.printed, asked = side.asked;
    for (unsigned i = 0; i < NOTES; i++) {
        unsigned number = i * 5 % NOTES; /* back and forth */
        go(&side, steps[number]);
        ck_assert(history_is_past(side.history));
        ck_assert_uint_eq(history_present(side.history), STEPS);
        ck_assert_uint_eq(sum_of(&side), sums[number]);
    }
    go(&side, STEPS);
    ck_assert(!history_is_past(side.history));
    ck_assert_uint_eq(sum_of(&side), present);
    ck_assert_uint_eq(side.printed, printed); /* nothing is shown twice, */
    ck_assert_uint_eq(side.asked, asked);     /* and nobody was asked */
    history_run(side.history, STEPS + 100000);
    ck_assert_uint_gt(side.printed, printed);
    finish(&side);
}
END_TEST

START_TEST(from_the_past_it_goes_on_into_the_present_and_beyond)
{
    struct side side, whole;
    const u64 far = 3000000;

    start(&whole, _i ? ENGINE_PLAIN : ENGINE_FAST);
    history_run(whole.history, far);
    start(&side, _i ? ENGINE_PLAIN : ENGINE_FAST);
    history_run(side.history, 1000000);
    go(&side, 400000);
    history_run(side.history, 500000);
    go(&side, 0);
    history_run(side.history, far);
    ck_assert_uint_eq(sum_of(&side), sum_of(&whole));
    ck_assert_uint_eq(side.asked, whole.asked);
    ck_assert_uint_eq(side.printed, whole.printed);
    finish(&side);
    finish(&whole);
}
END_TEST

START_TEST(steps_that_cannot_be_gone_to_are_refused)
{
    struct side side;

    start(&side, ENGINE_FAST);
    history_run(side.history, 1000);
    ck_assert(!history_go(side.history, 1001, message, sizeof message));
    ck_assert_msg(strstr(message, "from 0 to 1000") != NULL, "%s", message);
    history_restart(side.history);
    ck_assert_uint_eq(history_oldest(side.history), 1000);
    ck_assert(!history_go(side.history, 999, message, sizeof message));
    go(&side, 1000);
    finish(&side);
}
END_TEST

START_TEST(backwards_to_the_last_breakpoint)
{
    struct side side;
    struct machine *machine;
    u64 stops[4000], count = 0;

    start(&side, _i ? ENGINE_PLAIN : ENGINE_FAST);
    machine = side.bench.machine;
    ck_assert(debug_insert(machine, DEBUG_BREAK, BENCH_RAM + 28, 1));
    while (bench_steps(&side.bench) < STEPS)
        if (history_run(side.history, STEPS) == STOP_DEBUG)
            stops[count++] = bench_steps(&side.bench);
    ck_assert_uint_gt(count, 500);
    for (u64 i = count; i-- > count - 3;) {
        ck_assert_int_eq(history_find_back(side.history, message, sizeof message), HISTORY_FOUND);
        ck_assert_uint_eq(bench_steps(&side.bench), stops[i]);
        ck_assert_uint_eq(side.bench.hart->pc, BENCH_RAM + 28);
        ck_assert_int_eq(machine->debug_stop.kind, DEBUG_BREAK);
    }
    ck_assert_int_eq(history_run(side.history, STEPS), STOP_DEBUG); /* on, to the one behind it */
    ck_assert_uint_eq(bench_steps(&side.bench), stops[count - 2]);
    go(&side, stops[0] + 1);
    ck_assert_int_eq(history_find_back(side.history, message, sizeof message), HISTORY_FOUND);
    ck_assert_uint_eq(bench_steps(&side.bench), stops[0]);
    ck_assert_int_eq(history_find_back(side.history, message, sizeof message), HISTORY_NOTHING);
    ck_assert_uint_eq(bench_steps(&side.bench), 0);
    finish(&side);
}
END_TEST

START_TEST(backwards_to_the_store_that_did_it)
{
    struct side side;
    u64 step;

    start(&side, _i ? ENGINE_PLAIN : ENGINE_FAST);
    history_run(side.history, 35000000);
    ck_assert(debug_insert(side.bench.machine, DEBUG_WATCH_WRITE, TABLE + 64 * 77, 4));
    ck_assert_int_eq(history_find_back(side.history, message, sizeof message), HISTORY_FOUND);
    ck_assert_int_eq(side.bench.machine->debug_stop.kind, DEBUG_WATCH_WRITE);
    ck_assert_uint_eq(side.bench.machine->debug_stop.pc, BENCH_RAM + 8);
    step = bench_steps(&side.bench);
    ck_assert_uint_gt(step, 34900000);
    finish(&side);
}
END_TEST

START_TEST(memory_stays_within_what_was_allowed)
{
    struct side side;
    u64 bytes;

    start(&side, ENGINE_FAST);
    history_destroy(side.history);
    side.history =
        history_create(side.bench.machine, side.door, (u64)4 << 20, message, sizeof message);
    history_run(side.history, 6 * STEPS);
    ck_assert_uint_ge(history_points(side.history, &bytes), 2);
    ck_assert_uint_le(bytes, (u64)8 << 20); /* two points and the tape's last block */
    ck_assert_uint_gt(history_oldest(side.history), 0);
    go(&side, history_oldest(side.history) + 1);
    finish(&side);
}
END_TEST

START_TEST(near_the_present_no_two_points_lie_further_apart_than_the_grid)
{
    struct side side;
    u64 bytes;

    start(&side, ENGINE_FAST);
    for (unsigned i = 1; i <= 10; i++) {
        history_run(side.history, i * (u64)HISTORY_GRID + 1);
        ck_assert_uint_eq(history_points(side.history, &bytes), i + 1);
    }
    finish(&side);
}
END_TEST

/* All of RAM, in every stretch between two points. */
START_TEST(a_guest_that_writes_everywhere_costs_two_copies_at_most)
{
    struct side side;
    u64 bytes;

    start(&side, ENGINE_FAST);
    side.bench.hart->x[A1] = (BENCH_SIZE >> PAGE_BITS) - (TABLE - BENCH_RAM) / PAGE_SIZE;
    bench_put_at(&side.bench, BENCH_RAM + 16, insn_add(A2, A2, T0));
    bench_put_at(&side.bench, BENCH_RAM + 48, insn_addi(A7, A7, 0));
    side.bench.hart->x[T0] = PAGE_SIZE;
    history_destroy(side.history);
    side.history =
        history_create(side.bench.machine, side.door, (u64)4 << 20, message, sizeof message);
    for (u64 step = HISTORY_GRID + 1; step < 12 * (u64)HISTORY_GRID; step += HISTORY_GRID) {
        history_run(side.history, step);
        history_points(side.history, &bytes);
        ck_assert_uint_le(bytes, 2 * BENCH_SIZE + ((u64)2 << 20));
    }
    ck_assert_uint_ge(history_points(side.history, &bytes), 2);
    ck_assert_uint_gt(bytes, BENCH_SIZE);
    go(&side, history_present(side.history) - HISTORY_GRID + 1);
    finish(&side);
}
END_TEST

static u8 *bulk_byte(struct side *side, size_t at)
{
    struct machine *machine = side->bench.machine;

    for (unsigned i = 0; i < machine->device_count; i++)
        if (machine->devices[i].bulk_size)
            return (u8 *)machine->devices[i].bulk + at;
    ck_abort_msg("no device has a bulk");
    return NULL;
}

static size_t bulk_size(struct side *side)
{
    struct machine *machine = side->bench.machine;
    size_t size = 0;

    for (unsigned i = 0; i < machine->device_count; i++)
        size += machine->devices[i].bulk_size;
    return size;
}

/* The cursor's picture and the last pixel: 1 at first, then 2, then 0. */
START_TEST(what_a_screen_holds_is_in_the_past_too)
{
    static const struct host_screen screen;
    static const u8 was[] = {1, 2, 0};
    struct side side;
    const u64 half = HISTORY_GRID / 2;

    start_with(&side, ENGINE_FAST, &screen);
    size_t last = bulk_size(&side) - 1;
    for (u64 i = 0; i < 3; i++) { /* the points are made with these */
        *bulk_byte(&side, last) = was[i];
        *bulk_byte(&side, last - 5 * PAGE_SIZE) = was[i];
        history_run(side.history, (i + 1) * HISTORY_GRID + half);
    }
    for (unsigned i = 0; i < 6; i++) {
        unsigned number = i * 2 % 3;
        go(&side, (number + 1) * (u64)HISTORY_GRID + 5);
        ck_assert_uint_eq(*bulk_byte(&side, last), was[number]);
        ck_assert_uint_eq(*bulk_byte(&side, last - 5 * PAGE_SIZE), was[number]);
    }
    finish(&side);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {any_earlier_step_is_what_it_was,
                                  from_the_past_it_goes_on_into_the_present_and_beyond,
                                  steps_that_cannot_be_gone_to_are_refused,
                                  backwards_to_the_last_breakpoint,
                                  backwards_to_the_store_that_did_it,
                                  memory_stays_within_what_was_allowed,
                                  near_the_present_no_two_points_lie_further_apart_than_the_grid,
                                  a_guest_that_writes_everywhere_costs_two_copies_at_most,
                                  what_a_screen_holds_is_in_the_past_too};

    return SUITE_RUN("history", tests, 2);
}
