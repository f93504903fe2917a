/* HTIF: what a guest without devices says by writing to tohost; on the fast engine and (case 1) the
 * plain one. */
#include "tests/devices/bench.h"

#define TOHOST   (BENCH_RAM + 0x2000)
#define FROMHOST (BENCH_RAM + 0x2040)
#define CALL     (BENCH_RAM + 0x3000)
#define LONG     100000u

static const enum engine engines[] = {ENGINE_FAST, ENGINE_PLAIN};

struct screen {
    char text[16];
    unsigned count;
};

static void print(void *context, u8 byte)
{
    struct screen *screen = context;

    if (screen->count < sizeof screen->text - 1)
        screen->text[screen->count++] = (char)byte;
}

/* A program that writes this to tohost and then waits for ever. */
static void open_guest(struct bench *bench, int which, struct screen *screen, u64 request)
{
    struct host host = {.console = {.context = screen, .write = print}};

    *screen = (struct screen){.count = 0};
    bench_open_host(bench, engines[which], 1, &host);
    machine_set_htif(bench->machine, TOHOST, FROMHOST);
    bench->hart->x[S0] = TOHOST;
    bench->hart->x[T0] = request;
    bench_put(bench, insn_addi(A0, ZERO, 1));
    bench_put(bench, insn_sd(T0, S0, 0));
    bench_put(bench, insn_wfi());
}

START_TEST(an_odd_payload_ends_the_machine_with_its_upper_bits)
{
    static const struct {
        u64 request;
        enum stop stop;
        u32 code;
    } rows[] = {{1, STOP_EXIT, 0}, {3, STOP_FAILURE, 1}, {42 << 1 | 1, STOP_FAILURE, 42}};

    for (unsigned i = 0; i < 3; i++) {
        struct screen screen;
        struct bench bench;
        open_guest(&bench, _i, &screen, rows[i].request);
        ck_assert_int_eq(machine_run(bench.machine, LONG), rows[i].stop);
        ck_assert_uint_eq(bench.machine->exit_code, rows[i].code);
        ck_assert_uint_eq(bench_steps(&bench), 2); /* at once */
        bench_close(&bench);
    }
}
END_TEST

START_TEST(device_1_prints_a_character_and_is_answered)
{
    struct screen screen;
    struct bench bench;

    open_guest(&bench, _i, &screen, (u64)1 << 56 | (u64)1 << 48 | 'x');
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_str_eq(screen.text, "x");
    ck_assert_uint_eq(bench_read(&bench, TOHOST, 8), 0);
    ck_assert_uint_ne(bench_read(&bench, FROMHOST, 8), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(a_request_in_two_halves_counts_when_the_upper_one_is_written)
{
    struct host host = {.console = {.write = print}};
    struct screen screen = {.count = 0};
    struct bench bench;

    host.console.context = &screen;
    bench_open_host(&bench, engines[_i], 1, &host);
    machine_set_htif(bench.machine, TOHOST, FROMHOST);
    bench.hart->x[S0] = TOHOST;
    bench.hart->x[T0] = 'x';
    bench.hart->x[T1] = 0x01010000;
    bench_put(&bench, insn_sw(T0, S0, 0));
    bench_put(&bench, insn_addi(A0, ZERO, 1));
    bench_put(&bench, insn_sw(T1, S0, 4));
    bench_put(&bench, insn_wfi());
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_str_eq(screen.text, "x");
    ck_assert_uint_eq(bench_read(&bench, TOHOST, 8), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(the_system_call_write_prints_and_returns_its_count)
{
    u64 call[4] = {64, 1, CALL + 64, 5};
    struct screen screen;
    struct bench bench;

    open_guest(&bench, _i, &screen, CALL);
    ck_assert(ram_dma_write(&bench.machine->ram, CALL, call, sizeof call));
    ck_assert(ram_dma_write(&bench.machine->ram, CALL + 64, "hello", 5));
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_str_eq(screen.text, "hello");
    ck_assert_uint_eq(bench_read(&bench, CALL, 8), 5);
    ck_assert_uint_eq(bench_read(&bench, TOHOST, 8), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(nonsense_is_refused_and_harms_nothing)
{
    static const u64 calls[][4] = {
        {64, 1, UINT64_MAX - 3, 100}, {64, 1, BENCH_RAM, UINT64_MAX}, {1234, 0, 0, 0}};

    for (unsigned i = 0; i < 3; i++) {
        struct screen screen;
        struct bench bench;
        open_guest(&bench, _i, &screen, CALL);
        ck_assert(ram_dma_write(&bench.machine->ram, CALL, calls[i], sizeof calls[i]));
        ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
        ck_assert_uint_eq(screen.count, 0);
        ck_assert_int_lt((i64)bench_read(&bench, CALL, 8), 0);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(a_call_that_lies_outside_ram_is_ignored)
{
    static const u64 requests[] = {16, (u64)0xffffffffff00, BENCH_RAM + BENCH_SIZE - 8,
                                   (u64)0x77 << 56 | 2};

    for (unsigned i = 0; i < 4; i++) {
        struct screen screen;
        struct bench bench;
        open_guest(&bench, _i, &screen, requests[i]);
        ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
        ck_assert_uint_eq(screen.count, 0);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(without_htif_the_address_is_only_memory)
{
    struct bench bench;

    bench_open(&bench, engines[_i], 1);
    bench.hart->x[S0] = TOHOST;
    bench.hart->x[T0] = 1;
    bench_put(&bench, insn_sd(T0, S0, 0));
    bench_put(&bench, insn_wfi());
    ck_assert_int_eq(machine_run(bench.machine, LONG), STOP_HUNG);
    ck_assert_uint_eq(bench_read(&bench, TOHOST, 8), 1);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_odd_payload_ends_the_machine_with_its_upper_bits,
                                  device_1_prints_a_character_and_is_answered,
                                  a_request_in_two_halves_counts_when_the_upper_one_is_written,
                                  the_system_call_write_prints_and_returns_its_count,
                                  nonsense_is_refused_and_harms_nothing,
                                  a_call_that_lies_outside_ram_is_ignored,
                                  without_htif_the_address_is_only_memory};

    return SUITE_RUN("htif", tests, 2);
}
