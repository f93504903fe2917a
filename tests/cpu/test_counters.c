/* The counters: events, filters by mode, overflow to the very step (Zihpm, Sscofpmf, Smcntrpmf).
 * Programs run on the plain engine and (case 1) the fast one. */
#include "cpu/counters.h"

#include "tests/cpu/rig.h"

#define HANDLER     (RIG_RAM + 0x1000)
#define MEVENT(n)   (0x320u + (n))
#define MCOUNTER(n) (0xb00u + (n))
#define MINHIBIT    0x320u
#define MCYCLECFG   0x321u
#define MINSTRETCFG 0x322u
#define SCOUNTOVF   0xda0u
#define MCAUSE      0x342u
#define LCOFI       IRQ_BIT(IRQ_LCOFI)

static void open_counters(struct rig *rig)
{
    rig_open(rig, "max");
    rig_set_csr(rig->hart, 0x305, HANDLER);
    for (paddr at = RIG_RAM; at < RIG_RAM + 0x800; at += 4)
        rig_put_at(rig, at, insn_addi(T0, T0, 1));
    for (paddr at = HANDLER; at < HANDLER + 0x800; at += 4)
        rig_put_at(rig, at, insn_addi(T1, T1, 1));
    rig->at = RIG_RAM;
}

/* Slices may end early: goes on until this many steps are done. */
static void run(struct rig *rig, int engine, u64 steps)
{
    u64 goal = hart_steps(rig->hart) + steps;

    while (hart_steps(rig->hart) < goal)
        rig_run(rig, engine, goal - hart_steps(rig->hart));
}

START_TEST(each_event_is_counted_and_others_are_none)
{
    struct rig rig;

    open_counters(&rig);
    for (unsigned what = 0; what < 8; what++)
        rig_set_csr(rig.hart, MEVENT(3 + what), what);
    rig.hart->x[A0] = RIG_DEVICE;
    rig_put(&rig, insn_lw(A1, A0, 0));
    rig_put(&rig, insn_sw(A1, A0, 0));
    rig_put(&rig, insn_ecall());
    run(&rig, _i, 13); /* two, a trap, ten */
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_NOTHING), 0);
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_CYCLES),
                      12); /* written between steps: one less */
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_RETIRED), 11);
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_TRAPS), 1);
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_INTERRUPTS), 0);
    ck_assert_uint_eq(counter_read(rig.hart, 3 + COUNT_DEVICE), 2);
    ck_assert_uint_eq(rig_csr(rig.hart, MEVENT(3 + COUNTED)), 0);
    ck_assert_uint_eq(rig_csr(rig.hart, MEVENT(10)), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(an_interrupt_is_counted_as_a_trap_too)
{
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, MEVENT(3), COUNT_INTERRUPTS);
    rig_set_csr(rig.hart, MEVENT(4), COUNT_TRAPS);
    rig_set_csr(rig.hart, 0x304, IRQ_BIT(IRQ_MSI));
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MIE);
    hart_set_interrupt(rig.hart, IRQ_MSI, true);
    run(&rig, _i, 5);
    ck_assert_uint_eq(counter_read(rig.hart, 3), 1);
    ck_assert_uint_eq(counter_read(rig.hart, 4), 1);
    rig_close(&rig);
}
END_TEST

START_TEST(a_programmed_counter_agrees_with_minstret_to_the_instruction)
{
    struct rig rig;

    open_counters(&rig);
    rig.hart->x[A4] = COUNT_RETIRED;
    rig_put(&rig, insn_csrrw(ZERO, MEVENT(3), A4));
    rig_put(&rig, insn_csrrw(ZERO, MCOUNTER(3), ZERO));
    rig_put(&rig, insn_csrrs(A0, MCOUNTER(3), ZERO));
    rig_put(&rig, insn_csrrsi(ZERO, MINHIBIT, 8));
    rig_put(&rig, insn_csrrs(A1, MCOUNTER(3), ZERO));
    rig_put(&rig, insn_csrrci(ZERO, MINHIBIT, 8));
    rig_put(&rig, insn_csrrs(A2, MCOUNTER(3), ZERO));
    rig_put(&rig, insn_csrrs(A3, 0xc03, ZERO));
    run(&rig, _i, 8);
    ck_assert_uint_eq(rig.hart->x[A0], 0);
    ck_assert_uint_eq(rig.hart->x[A1], 1);
    ck_assert_uint_eq(rig.hart->x[A2], 1);
    ck_assert_uint_eq(rig.hart->x[A3], 2);
    rig_close(&rig);
}
END_TEST

/* M goes to U (4 steps: mepc and filters were set, mret), U does one instruction and an ecall, M
 * two instructions. */
static void excursion(struct rig *rig, int engine)
{
    rig_set_csr(rig->hart, 0x341, RIG_RAM + 0x400);
    rig_put_at(rig, RIG_RAM, insn_addi(T0, T0, 1));
    rig_put(rig, insn_addi(T0, T0, 1));
    rig_put(rig, insn_addi(T0, T0, 1));
    rig_put(rig, insn_mret());
    rig_put_at(rig, RIG_RAM + 0x404, insn_ecall());
    run(rig, engine, 8);
    ck_assert_uint_eq(rig->hart->privilege, PRIV_M);
    ck_assert_uint_eq(rig->hart->pc, HANDLER + 8);
}

START_TEST(returns_and_traps_count_in_the_mode_they_come_from)
{
    static const struct {
        u64 filter;
        u64 cycles, retired;
    } rows[] = {{0, 8, 7},
                {COUNTER_MINH, 2, 1}, /* one instruction, and the ecall as a step alone */
                {COUNTER_UINH, 6, 6}, /* three and the mret, then two */
                {COUNTER_SINH, 8, 7},
                {COUNTER_INH, 0, 0}};

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        u64 cycle, retired;
        struct rig rig;
        open_counters(&rig);
        rig_set_csr(rig.hart, MCYCLECFG, rows[i].filter);
        rig_set_csr(rig.hart, MINSTRETCFG, rows[i].filter);
        rig_set_csr(rig.hart, MEVENT(3), rows[i].filter | COUNT_RETIRED);
        cycle = counter_read(rig.hart, 0);
        retired = counter_read(rig.hart, 2);
        excursion(&rig, _i);
        ck_assert_msg(counter_read(rig.hart, 0) - cycle == rows[i].cycles, "row %u: %llu", i,
                      (unsigned long long)(counter_read(rig.hart, 0) - cycle));
        ck_assert_msg(counter_read(rig.hart, 2) - retired == rows[i].retired, "row %u: %llu", i,
                      (unsigned long long)(counter_read(rig.hart, 2) - retired));
        rig_close(&rig);
    }
}
END_TEST

START_TEST(an_overflow_interrupts_before_the_next_step)
{
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, 0x304, LCOFI);
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MIE);
    rig.hart->x[A0] = COUNT_CYCLES;
    rig.hart->x[A1] = (u64)-100;
    rig_put(&rig, insn_csrrw(ZERO, MEVENT(3), A0));
    rig_put(&rig, insn_csrrw(ZERO, MCOUNTER(3), A1));
    rig.hart->x[T0] = 0;
    run(&rig, _i, 2 + 100 + 1 + 7);
    ck_assert_uint_eq(rig.hart->x[T0], 100);
    ck_assert_uint_eq(rig.hart->x[T1], 7);
    ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), (u64)1 << 63 | IRQ_LCOFI);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x341), RIG_RAM + 8 + 400);
    ck_assert_uint_eq(rig_csr(rig.hart, MEVENT(3)), COUNTER_OF | COUNT_CYCLES);
    ck_assert_uint_eq(rig_csr(rig.hart, SCOUNTOVF), 8);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x344), LCOFI);
    ck_assert_uint_eq(counter_read(rig.hart, 3), 8);
    rig_close(&rig);
}
END_TEST

START_TEST(of_keeps_a_second_overflow_quiet_and_writes_never_overflow)
{
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, MEVENT(3), COUNTER_OF | COUNT_RETIRED);
    rig_set_csr(rig.hart, MCOUNTER(3), (u64)-5);
    rig_set_csr(rig.hart, MEVENT(4), COUNT_RETIRED);
    rig_set_csr(rig.hart, MCOUNTER(4), 50);
    run(&rig, _i, 20);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x344), 0);
    rig_set_csr(rig.hart, MCOUNTER(4), 0);
    rig_set_csr(rig.hart, MEVENT(3), COUNT_RETIRED); /* has wrapped long ago */
    run(&rig, _i, 20);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x344), 0);
    ck_assert_uint_eq(rig_csr(rig.hart, SCOUNTOVF), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(events_that_are_not_steps_overflow_too)
{
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, MEVENT(5), COUNT_TRAPS);
    rig_set_csr(rig.hart, MCOUNTER(5), (u64)-1);
    rig_set_csr(rig.hart, MEVENT(6), COUNT_DEVICE);
    rig_set_csr(rig.hart, MCOUNTER(6), (u64)-1);
    rig.hart->x[A0] = RIG_DEVICE;
    rig_put(&rig, insn_lw(A1, A0, 0));
    rig_put(&rig, insn_ecall());
    run(&rig, _i, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, SCOUNTOVF), 1 << 6);
    run(&rig, _i, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, SCOUNTOVF), 1 << 6 | 1 << 5);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x344), LCOFI);
    rig_close(&rig);
}
END_TEST

START_TEST(a_filtered_counter_overflows_in_its_own_mode)
{
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, MEVENT(3), COUNTER_MINH | COUNT_CYCLES);
    rig_set_csr(rig.hart, MCOUNTER(3), (u64)-40);
    rig_set_csr(rig.hart, 0x303, LCOFI);
    rig_set_csr(rig.hart, 0x104, LCOFI);
    rig_set_csr(rig.hart, 0x105, HANDLER); /* delegated: S takes it */
    rig_set_csr(rig.hart, 0x341, RIG_RAM + 0x400);
    rig_put_at(&rig, RIG_RAM + 0x100, insn_mret());
    run(&rig, _i, 65 + 40 + 1 + 3);
    ck_assert_uint_eq(rig.hart->x[T0], 64 + 40);
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x142), (u64)1 << 63 | IRQ_LCOFI);
    ck_assert_uint_eq(rig.hart->x[T1], 3);
    rig_close(&rig);
}
END_TEST

START_TEST(scountovf_shows_s_what_mcounteren_lets_it_see)
{
    u64 seen;
    struct rig rig;

    open_counters(&rig);
    rig_set_csr(rig.hart, MEVENT(3), COUNTER_OF);
    rig_set_csr(rig.hart, MEVENT(31), COUNTER_OF);
    ck_assert_uint_eq(rig_csr(rig.hart, SCOUNTOVF), 0x80000008);
    rig_set_csr(rig.hart, 0x306, 8);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert(csr_access(rig.hart, SCOUNTOVF, CSR_SET, 0, false, &seen));
    ck_assert_uint_eq(seen, 8);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    ck_assert(!csr_access(rig.hart, SCOUNTOVF, CSR_SET, 0, false, &seen));
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_event_is_counted_and_others_are_none,
                                  an_interrupt_is_counted_as_a_trap_too,
                                  a_programmed_counter_agrees_with_minstret_to_the_instruction,
                                  returns_and_traps_count_in_the_mode_they_come_from,
                                  an_overflow_interrupts_before_the_next_step,
                                  of_keeps_a_second_overflow_quiet_and_writes_never_overflow,
                                  events_that_are_not_steps_overflow_too,
                                  a_filtered_counter_overflows_in_its_own_mode,
                                  scountovf_shows_s_what_mcounteren_lets_it_see};

    return SUITE_RUN("counters", tests, RIG_ENGINES);
}
