/* A debugger's watchpoints and the events that it can stop at, on the plain engine and (case 1) the
 * fast one: after the instruction, and only if it did what was watched for. */
#include "cpu/debug.h"

#include "tests/cpu/rig.h"

#define CODE    RIG_RAM
#define HANDLER (RIG_RAM + 0x1000)
#define DATA    (RIG_RAM + 0x10000)
#define MTVEC   0x305u
#define MEPC    0x341u
#define MSTATUS 0x300u

static struct debug *open_rig(struct rig *rig)
{
    struct debug *debug;

    rig_open(rig, "max");
    debug = debug_create(rig->harts, 1);
    ck_assert_ptr_nonnull(debug);
    rig->hart->x[S0] = DATA;
    rig->hart->x[S1] = RIG_DEVICE;
    return debug;
}

static void close_all(struct rig *rig, struct debug *debug)
{
    debug_destroy(debug);
    rig_close(rig);
}

/* Runs to a stop of that kind about that address or number, after so many steps. */
static void stops_for(struct hart *hart, int engine, enum debug_kind kind, u64 at, u64 steps)
{
    for (unsigned i = 0; i < 100; i++) {
        rig_engines[engine](hart, 1000);
        if (hart->events & EVENT_DEBUG)
            break;
    }
    ck_assert_msg(hart->events & EVENT_DEBUG, "it does not stop");
    ck_assert_uint_eq(hart->hit.kind, kind);
    ck_assert_uint_eq(hart->hit.at, at);
    ck_assert_uint_eq(hart_steps(hart), steps);
}

static void does_not_stop(struct hart *hart, int engine, u64 steps)
{
    for (u64 end = hart_steps(hart) + steps; hart_steps(hart) < end;) {
        rig_engines[engine](hart, end - hart_steps(hart));
        ck_assert(!(hart->events & EVENT_DEBUG));
    }
}

/* A round of six. */
static void put_loop(struct rig *rig)
{
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_sw(A0, S0, 8));
    rig_put(rig, insn_lw(A1, S0, 16));
    rig_put(rig, insn_lb(A1, S0, 100));
    rig_put(rig, insn_sw(A0, S0, 200));
    rig_put(rig, insn_jal(ZERO, -20));
}

START_TEST(a_write_is_told_of_after_it_was_done)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    put_loop(&rig);
    does_not_stop(rig.hart, _i, 60);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 8, 4));
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 8, 62);
    ck_assert_uint_eq(rig_read(&rig, DATA + 8, 4), 11);
    ck_assert_uint_eq(rig.hart->pc, CODE + 8);
    ck_assert_uint_eq(rig.hart->hit.pc, CODE + 4);
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 8, 68);
    ck_assert(debug_drop(debug, DEBUG_WATCH_WRITE, DATA + 8, 4));
    does_not_stop(rig.hart, _i, 60);
    close_all(&rig, debug);
}
END_TEST

START_TEST(reads_and_writes_are_told_apart)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    put_loop(&rig);
    ck_assert(debug_add(debug, DEBUG_WATCH_READ, DATA + 8, 4));
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 16, 4));
    does_not_stop(rig.hart, _i, 60);
    ck_assert(debug_add(debug, DEBUG_WATCH_READ, DATA + 100, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_READ, DATA + 100, 64);
    ck_assert(debug_add(debug, DEBUG_WATCH_ACCESS, DATA + 200, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_ACCESS, DATA + 200, 65);
    ck_assert(debug_add(debug, DEBUG_WATCH_ACCESS, DATA + 17, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_ACCESS, DATA + 17, 69); /* inside of what was read */
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_neighbour_is_not_watched_and_any_size_is)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    put_loop(&rig);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 12, 188)); /* between the two stores */
    does_not_stop(rig.hart, _i, 60);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA - 0x3000, 0x8000));
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 8, 62);
    ck_assert(debug_drop(debug, DEBUG_WATCH_WRITE, DATA - 0x3000, 0x8000));
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 203, UINT64_MAX));
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 203, 65);
    close_all(&rig, debug);
}
END_TEST

START_TEST(an_access_over_the_end_of_a_page_is_seen_from_both_sides)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    rig.hart->x[S0] = DATA + PAGE_SIZE - 2;
    rig_put(&rig, insn_sw(A0, S0, 0));
    rig_put(&rig, insn_lw(A0, S0, 0));
    rig_put(&rig, insn_jal(ZERO, -8));
    does_not_stop(rig.hart, _i, 6);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + PAGE_SIZE, 1));
    ck_assert(debug_add(debug, DEBUG_WATCH_READ, DATA + PAGE_SIZE - 1, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + PAGE_SIZE, 7);
    stops_for(rig.hart, _i, DEBUG_WATCH_READ, DATA + PAGE_SIZE - 1, 8);
    close_all(&rig, debug);
}
END_TEST

START_TEST(atomics_read_and_write_and_blocks_are_zeroed)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    rig_put(&rig, insn_amoadd_w(A1, S0, A0));
    rig_put(&rig, insn_lr_w(A1, S0, 0));
    rig_put(&rig, insn_sc_w(A2, S0, A0));
    rig_put(&rig, insn_jal(ZERO, -12));
    does_not_stop(rig.hart, _i, 8);
    ck_assert(debug_add(debug, DEBUG_WATCH_READ, DATA, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_READ, DATA, 9);
    stops_for(rig.hart, _i, DEBUG_WATCH_READ, DATA, 10);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 1, 1));
    ck_assert(debug_drop(debug, DEBUG_WATCH_READ, DATA, 1));
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 1, 11);
    ck_assert_uint_eq(rig.hart->x[A2], 0); /* a stop does not end the reservation */
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 1, 13);
    close_all(&rig, debug);
}
END_TEST

START_TEST(an_access_that_traps_was_none)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    rig_set_csr(rig.hart, MTVEC, HANDLER);
    rig.hart->x[S0] = RIG_DEVICE + 0x2000; /* nothing there */
    rig_put(&rig, insn_sw(A0, S0, 0));
    rig_put_at(&rig, HANDLER, insn_addi(A2, A2, 1));
    rig_put(&rig, insn_jal(ZERO, -4));
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, RIG_DEVICE + 0x2000, 4));
    does_not_stop(rig.hart, _i, 100);
    ck_assert_uint_eq(rig.hart->traps, 1);
    rig.hart->pc = CODE;
    ck_assert(debug_add(debug, DEBUG_EXCEPTION, CAUSE_STORE_ACCESS, 1));
    stops_for(rig.hart, _i, DEBUG_EXCEPTION, CAUSE_STORE_ACCESS, 101);
    ck_assert_uint_eq(rig.hart->pc, HANDLER);
    close_all(&rig, debug);
}
END_TEST

START_TEST(what_a_device_writes_and_what_a_reset_does_is_no_access)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);
    u32 word = 5;

    put_loop(&rig);
    ck_assert(debug_add(debug, DEBUG_WATCH_ACCESS, DATA + 300, 4));
    ck_assert(ram_dma_write(&rig.ram, DATA + 300, &word, 4));
    does_not_stop(rig.hart, _i, 60);
    ck_assert(debug_add(debug, DEBUG_WATCH_WRITE, DATA + 8, 4));
    hart_reset(rig.hart, CODE);
    rig.hart->x[S0] = DATA;
    stops_for(rig.hart, _i, DEBUG_WATCH_WRITE, DATA + 8, 2); /* it outlives the reset */
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_device_is_watched_by_its_physical_address)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    rig_put(&rig, insn_lw(A0, S1, 8));
    rig_put(&rig, insn_sw(A0, S1, 12));
    rig_put(&rig, insn_jal(ZERO, -8));
    ck_assert(debug_add(debug, DEBUG_DEVICE, RIG_DEVICE + 12, 4));
    stops_for(rig.hart, _i, DEBUG_DEVICE, RIG_DEVICE + 12, 2);
    ck_assert_uint_eq(rig.device_writes, 1);
    ck_assert_uint_eq(rig.hart->hit.pc, CODE + 4);
    close_all(&rig, debug);
}
END_TEST

START_TEST(a_write_to_a_csr_is_seen_also_where_the_fast_engine_only_stores)
{
    static const unsigned numbers[] = {0x340, MEPC, 0x180, 0x304};

    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct rig rig;
        struct debug *debug = open_rig(&rig);

        rig_put(&rig, insn_csrrs(A1, numbers[i], ZERO));
        rig_put(&rig, insn_addi(A0, A0, 1));
        rig_put(&rig, insn_csrrw(ZERO, numbers[i], ZERO));
        rig_put(&rig, insn_jal(ZERO, -12));
        does_not_stop(rig.hart, _i, 40);
        ck_assert(debug_add(debug, DEBUG_CSR, numbers[i], 1));
        stops_for(rig.hart, _i, DEBUG_CSR, numbers[i], 43);
        ck_assert_uint_eq(rig.hart->hit.pc, CODE + 8);
        stops_for(rig.hart, _i, DEBUG_CSR, numbers[i], 47);
        ck_assert(debug_drop(debug, DEBUG_CSR, numbers[i], 1));
        does_not_stop(rig.hart, _i, 40);
        close_all(&rig, debug);
    }
}
END_TEST

START_TEST(changes_of_mode_and_interrupts_are_seen)
{
    struct rig rig;
    struct debug *debug = open_rig(&rig);

    rig_set_csr(rig.hart, MTVEC, HANDLER);
    rig_put_at(&rig, HANDLER, insn_csrrw(ZERO, 0x304, ZERO)); /* mie: none any more */
    rig_put(&rig, insn_mret());
    rig_set_csr(rig.hart, MEPC, CODE);
    rig_put_at(&rig, CODE, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_ecall());
    rig.hart->pc = HANDLER + 4; /* to U */
    ck_assert(debug_add(debug, DEBUG_MODE, PRIV_U, 1));
    ck_assert(debug_add(debug, DEBUG_MODE, PRIV_M, 1));
    ck_assert(debug_add(debug, DEBUG_INTERRUPT, IRQ_MTI, 1));
    stops_for(rig.hart, _i, DEBUG_MODE, PRIV_U, 1);
    ck_assert_uint_eq(rig.hart->pc, CODE);
    stops_for(rig.hart, _i, DEBUG_MODE, PRIV_M, 3);
    rig_set_csr(rig.hart, 0x304, IRQ_BIT(IRQ_MTI));
    hart_set_interrupt(rig.hart, IRQ_MTI, true);
    rig.hart->pc = CODE;
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MIE);
    stops_for(rig.hart, _i, DEBUG_INTERRUPT, IRQ_MTI, 4);
    ck_assert_uint_eq(rig.hart->pc, HANDLER);
    close_all(&rig, debug);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_write_is_told_of_after_it_was_done,
                                  reads_and_writes_are_told_apart,
                                  a_neighbour_is_not_watched_and_any_size_is,
                                  an_access_over_the_end_of_a_page_is_seen_from_both_sides,
                                  atomics_read_and_write_and_blocks_are_zeroed,
                                  an_access_that_traps_was_none,
                                  what_a_device_writes_and_what_a_reset_does_is_no_access,
                                  a_device_is_watched_by_its_physical_address,
                                  a_write_to_a_csr_is_seen_also_where_the_fast_engine_only_stores,
                                  changes_of_mode_and_interrupts_are_seen};

    return SUITE_RUN("debug_watch", tests, RIG_ENGINES);
}
