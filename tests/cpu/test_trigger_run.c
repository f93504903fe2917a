/* Address triggers (Sdtrig) while programs run: what a handler sees, on both engines, and that the
 * engines agree at every step. */
#include "tests/cpu/triggers.h"
#include "tests/cpu/twins.h"

#define CODE    RIG_RAM
#define HANDLER (RIG_RAM + 0x4000)
#define DATA    (RIG_RAM + 0x10000)
#define MTVEC   0x305u
#define MEPC    0x341u
#define STVEC   0x105u

static const char *const isas[] = {"max", "max32"};

/* A loop over two pages that loads, stores and adds; x[A0] counts its rounds. */
static void put_loop(struct rig *rig)
{
    paddr loop = CODE + PAGE_SIZE - 14;

    rig->at = loop;
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_sw(A0, S0, 8));
    rig_put(rig, insn_c_nop());
    rig_put(rig, insn_lw(A1, S0, 6)); /* over both: misaligned */
    rig_put(rig, insn_amoadd_w(A2, S1, A0));
    rig_put(rig, insn_sb(A0, S1, 1));
    rig_put(rig, insn_beq(ZERO, ZERO, (i32)(loop - rig->at)));
    for (unsigned i = 0; i < rig->hart_count; i++) {
        rig->harts[i]->x[S0] = DATA;
        rig->harts[i]->x[S1] = DATA + 0x2000;
        rig->harts[i]->pc = loop;
    }
}

/* A handler that skips an instruction, folds its address in, and goes on with interrupts on. */
static void put_handler(struct rig *rig, u32 (*back)(void), unsigned epc)
{
    rig_put_at(rig, HANDLER, insn_csrrs(T0, epc, ZERO));
    rig_put(rig, insn_csrrs(T1, epc + 2, ZERO)); /* tval */
    rig_put(rig, insn_add(A3, A3, T1));
    rig_put(rig, insn_xor(A4, A4, T0));
    rig_put(rig, insn_addi(T0, T0, 4));
    rig_put(rig, insn_csrrw(ZERO, epc, T0));
    rig_put(rig, back());
}

static void open_loop(struct rig *rig, int which)
{
    rig_open(rig, isas[which]);
    put_handler(rig, insn_mret, MEPC);
    rig_set_csr(rig->hart, MTVEC, HANDLER);
    rig_set_csr(rig->hart, 0x300, MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP);
    put_loop(rig);
}

START_TEST(a_breakpoint_stops_before_its_instruction_every_time)
{
    for (int engine = 0; engine < RIG_ENGINES; engine++) {
        struct rig rig;
        u64 at = CODE + PAGE_SIZE - 10; /* the store */

        open_loop(&rig, _i);
        rig_run(&rig, engine, 70); /* it is known code by now */
        ck_assert_uint_eq(rig.hart->traps, 0);
        trigger_set(rig.hart, 0, at, IN_M | ON_EXECUTE);
        rig_write(&rig, DATA + 8, 4, 0);
        rig_run(&rig, engine, 6 + 8 * 9); /* nine rounds of 6 and the handler's 8 */
        ck_assert_uint_ge(rig.hart->traps, 4);
        ck_assert_uint_eq(rig.hart->mcause, CAUSE_BREAKPOINT);
        ck_assert_uint_eq(rig.hart->mtval, at);
        ck_assert_uint_eq(rig_read(&rig, DATA + 8, 4), 0); /* the handler skips it */
        ck_assert(trigger_hit(rig.hart, 0));
        rig_close(&rig);
    }
}
END_TEST

START_TEST(a_watchpoint_stops_known_code_before_it_stores)
{
    for (int engine = 0; engine < RIG_ENGINES; engine++) {
        struct rig rig;

        open_loop(&rig, _i);
        rig_run(&rig, engine, 70);
        ck_assert_uint_eq(rig.hart->traps, 0);
        trigger_set(rig.hart, 3, DATA + 0x2001, SIZE(1) | IN_M | ON_STORE);
        rig_run(&rig, engine, 7);
        ck_assert_uint_eq(rig.hart->traps, 1);
        ck_assert_uint_eq(rig.hart->mepc, CODE + PAGE_SIZE + 4);
        ck_assert_uint_eq(rig.hart->mtval, DATA + 0x2001);
        trigger_clear(rig.hart, 3);
        rig_run(&rig, engine, 70);
        ck_assert_uint_eq(rig.hart->traps, 1);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(a_guest_arms_a_trigger_and_meets_it_in_the_next_instruction)
{
    for (int engine = 0; engine < RIG_ENGINES; engine++) {
        struct rig rig;

        open_loop(&rig, _i);
        rig_set_csr(rig.hart, TDATA2, CODE + 4);
        rig_put_at(&rig, CODE, insn_csrrw(ZERO, TDATA1, A5));
        rig_put(&rig, insn_addi(A6, A6, 1));
        rig_put(&rig, insn_csrrw(ZERO, TDATA1, ZERO));
        rig_put(&rig, insn_jal(ZERO, -12));
        rig.hart->x[A5] = trigger_typed(rig.hart, 6, IN_M | ON_EXECUTE);
        rig.hart->pc = CODE;
        rig_run(&rig, engine, 50 * (4 + 7));
        ck_assert_uint_eq(rig.hart->traps, 50);
        ck_assert_uint_eq(rig.hart->x[A6], 0);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(a_delegated_breakpoint_goes_to_s_and_not_into_its_handler)
{
    for (int engine = 0; engine < RIG_ENGINES; engine++) {
        struct rig rig;

        open_loop(&rig, _i);
        put_handler(&rig, insn_sret, 0x141);
        rig_set_csr(rig.hart, STVEC, HANDLER);
        rig_set_csr(rig.hart, 0x302, 1 << CAUSE_BREAKPOINT);
        rig_set_csr(rig.hart, 0x300, MSTATUS_SIE | MSTATUS_SPP);
        rig_enter(rig.hart, PRIV_S, rig.hart->pc);
        /* The handler, too; but it runs with SIE off. */
        trigger_set(rig.hart, 0, HANDLER, MATCH(FROM) | IN_S | IN_U | ON_EXECUTE);
        trigger_set(rig.hart, 1, DATA + 0x2000, IN_S | ON_LOAD);
        rig_run(&rig, engine, 100);
        ck_assert_uint_gt(rig.hart->traps, 5);
        ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
        ck_assert_uint_eq(rig.hart->scause, CAUSE_BREAKPOINT);
        ck_assert_uint_eq(rig.hart->stval, DATA + 0x2000);
        ck_assert_uint_eq(rig.hart->mcause, 0);
        ck_assert(!trigger_hit(rig.hart, 0) && trigger_hit(rig.hart, 1));
        rig_close(&rig);
    }
}
END_TEST

static void loop_with_triggers(struct rig *rig, int which)
{
    open_loop(rig, which);
    trigger_set(rig->hart, 0, CODE + PAGE_SIZE - 2, IN_M | ON_EXECUTE); /* over the page's end */
    trigger_set(rig->hart, 1, DATA + 0x9, IN_M | ON_LOAD);
    trigger_set(rig->hart, 2, DATA + 0x2003, MATCH(NAPOT) | SIZE(3) | IN_M | ON_STORE);
    trigger_set(rig->hart, 3, CODE + PAGE_SIZE + 4, MATCH(EQUAL) | SIZE(2) | IN_M | ON_EXECUTE);
}

static void loop_on_rv64(struct rig *rig)
{
    loop_with_triggers(rig, 0);
}

static void loop_on_rv32(struct rig *rig)
{
    loop_with_triggers(rig, 1);
}

START_TEST(the_engines_agree_while_triggers_are_armed)
{
    for (u64 steps = 1; steps <= 200; steps++)
        twins_agree(_i ? loop_on_rv32 : loop_on_rv64, steps, steps);
    for (u64 slice = 1; slice <= 40; slice++)
        twins_agree(_i ? loop_on_rv32 : loop_on_rv64, 500, slice);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_breakpoint_stops_before_its_instruction_every_time,
                                  a_watchpoint_stops_known_code_before_it_stores,
                                  a_guest_arms_a_trigger_and_meets_it_in_the_next_instruction,
                                  a_delegated_breakpoint_goes_to_s_and_not_into_its_handler,
                                  the_engines_agree_while_triggers_are_armed};

    return SUITE_RUN("trigger_run", tests, 2);
}
