/* Traps: who takes them, what is saved, in which order, and the way back; on the plain engine and
 * (case 1) the fast one. */
#include "cpu/trap.h"

#include "tests/cpu/rig.h"

#define M_HANDLER (RIG_RAM + 0x1000)
#define S_HANDLER (RIG_RAM + 0x2000)
#define MSTATUS   0x300u
#define MEDELEG   0x302u
#define MIDELEG   0x303u
#define MIE       0x304u
#define MTVEC     0x305u
#define MEPC      0x341u
#define MCAUSE    0x342u
#define MTVAL     0x343u
#define MIP       0x344u
#define STVEC     0x105u
#define SEPC      0x141u
#define SCAUSE    0x142u
#define STVAL     0x143u

static void open_traps(struct rig *rig)
{
    rig_open(rig, "max");
    rig_set_csr(rig->hart, MTVEC, M_HANDLER);
    rig_set_csr(rig->hart, STVEC, S_HANDLER);
    rig_put_at(rig, M_HANDLER, insn_c_nop());
    rig_put_at(rig, S_HANDLER, insn_c_nop());
    rig->at = RIG_RAM;
}

static void run_one(struct rig *rig, int engine, enum privilege privilege, u32 insn)
{
    rig_put_at(rig, RIG_RAM, insn);
    rig_enter(rig->hart, privilege, RIG_RAM);
    rig_run(rig, engine, 1);
}

START_TEST(ecall_tells_its_mode_and_nothing_else)
{
    static const struct {
        enum privilege from;
        enum cause cause;
    } rows[] = {{PRIV_U, CAUSE_ECALL_U}, {PRIV_S, CAUSE_ECALL_S}, {PRIV_M, CAUSE_ECALL_M}};
    struct rig rig;

    open_traps(&rig);
    for (unsigned i = 0; i < 3; i++) {
        rig_set_csr(rig.hart, MTVAL, 99);
        run_one(&rig, _i, rows[i].from, insn_ecall());
        ck_assert_uint_eq(rig.hart->privilege, PRIV_M);
        ck_assert_uint_eq(rig.hart->pc, M_HANDLER);
        ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), rows[i].cause);
        ck_assert_uint_eq(rig_csr(rig.hart, MEPC), RIG_RAM);
        ck_assert_uint_eq(rig_csr(rig.hart, MTVAL), 0);
        ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) >> 11 & 3, rows[i].from);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(delegated_exceptions_go_to_s_but_never_from_m)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MEDELEG, UINT64_MAX);
    run_one(&rig, _i, PRIV_U, insn_ebreak());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    ck_assert_uint_eq(rig.hart->pc, S_HANDLER);
    ck_assert_uint_eq(rig_csr(rig.hart, SCAUSE), CAUSE_BREAKPOINT);
    ck_assert_uint_eq(rig_csr(rig.hart, SEPC), RIG_RAM);
    ck_assert_uint_eq(rig_csr(rig.hart, STVAL), RIG_RAM);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & MSTATUS_SPP, 0);
    run_one(&rig, _i, PRIV_S, insn_ebreak());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & MSTATUS_SPP, MSTATUS_SPP);
    run_one(&rig, _i, PRIV_M, insn_ebreak());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_M);
    ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), CAUSE_BREAKPOINT);
    rig_close(&rig);
}
END_TEST

START_TEST(a_trap_to_s_leaves_m_state_alone)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MEDELEG, UINT64_MAX);
    rig_set_csr(rig.hart, MEPC, 0x1234);
    rig_set_csr(rig.hart, MCAUSE, 5);
    rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_MIE | MSTATUS_SIE | (u64)1 << 11);
    run_one(&rig, _i, PRIV_U, insn_ecall());
    ck_assert_uint_eq(rig_csr(rig.hart, MEPC), 0x1234);
    ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), 5);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & 0x19aa,
                      MSTATUS_MIE | MSTATUS_SPIE | (u64)1 << 11);
    rig_close(&rig);
}
END_TEST

START_TEST(taking_and_returning_stack_the_interrupt_enables)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_MIE);
    run_one(&rig, _i, PRIV_S, insn_ecall());
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & 0x1888, MSTATUS_MPIE | (u64)PRIV_S << 11);
    rig_set_csr(rig.hart, MEPC, RIG_RAM + 0x100);
    run_one(&rig, _i, PRIV_M, insn_mret());
    ck_assert_uint_eq(rig.hart->pc, RIG_RAM + 0x100);
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    /* MIE back, MPIE one, MPP the least privileged mode */
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & 0x1888, MSTATUS_MIE | MSTATUS_MPIE);
    rig_close(&rig);
}
END_TEST

START_TEST(sret_returns_by_spp_and_spie)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, SEPC, RIG_RAM + 0x100);
    rig_set_csr_bits(rig.hart, MSTATUS, MSTATUS_SPP | MSTATUS_SPIE);
    run_one(&rig, _i, PRIV_S, insn_sret());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    ck_assert_uint_eq(rig.hart->pc, RIG_RAM + 0x100);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & 0x122, MSTATUS_SIE | MSTATUS_SPIE);
    rig_clear_csr_bits(rig.hart, MSTATUS, MSTATUS_SPIE);
    run_one(&rig, _i, PRIV_S, insn_sret());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_U);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & 0x122, MSTATUS_SPIE);
    rig_close(&rig);
}
END_TEST

START_TEST(mprv_ends_when_a_return_leaves_m)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | MSTATUS_MPP);
    run_one(&rig, _i, PRIV_M, insn_mret());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_M);
    ck_assert_uint_ne(rig_csr(rig.hart, MSTATUS) & MSTATUS_MPRV, 0);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | (u64)PRIV_S << 11);
    rig_set_csr(rig.hart, MEPC, RIG_RAM);
    run_one(&rig, RIG_PLAIN, PRIV_M, insn_mret());
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & MSTATUS_MPRV, 0);
    rig_set_csr(rig.hart, MSTATUS, MSTATUS_MPRV | MSTATUS_SPP);
    run_one(&rig, _i, PRIV_M, insn_sret());
    ck_assert_uint_eq(rig.hart->privilege, PRIV_S);
    ck_assert_uint_eq(rig_csr(rig.hart, MSTATUS) & MSTATUS_MPRV, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(privileged_instructions_are_illegal_below_and_behind_their_traps)
{
    const struct {
        u32 insn;
        enum privilege from;
        u64 status;
        bool is_legal;
    } rows[] = {
        {insn_mret(), PRIV_S, 0, false},
        {insn_mret(), PRIV_U, 0, false},
        {insn_sret(), PRIV_U, 0, false},
        {insn_sret(), PRIV_S, MSTATUS_TSR, false},
        {insn_sret(), PRIV_M, MSTATUS_TSR, true},
        {insn_sret(), PRIV_S, 0, true},
        {insn_wfi(), PRIV_S, MSTATUS_TW, false},
        {insn_wfi(), PRIV_U, MSTATUS_TW, false},
        {insn_wfi(), PRIV_S, 0, true},
        {insn_wfi(), PRIV_M, MSTATUS_TW, true},
        {insn_sfence_vma(), PRIV_U, 0, false},
        {insn_sfence_vma(), PRIV_S, MSTATUS_TVM, false},
        {insn_sfence_vma(), PRIV_S, 0, true},
        {insn_sfence_vma(), PRIV_M, MSTATUS_TVM, true},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig;
        open_traps(&rig);
        rig_set_csr(rig.hart, MSTATUS, rows[i].status);
        run_one(&rig, _i, rows[i].from, rows[i].insn);
        ck_assert_msg((rig.hart->traps == 0) == rows[i].is_legal, "row %u", i);
        if (!rows[i].is_legal) {
            ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), CAUSE_ILLEGAL);
            ck_assert_uint_eq(rig_csr(rig.hart, MTVAL), rows[i].insn);
        }
        rig_close(&rig);
    }
}
END_TEST

START_TEST(interrupts_come_in_the_manuals_order)
{
    static const u8 order[] = {IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI};
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MIE, UINT64_MAX);
    for (unsigned i = 0; i < 6; i++)
        hart_set_interrupt(rig.hart, order[i], true);
    for (unsigned i = 0; i < 6; i++) {
        rig_enter(rig.hart, PRIV_U, RIG_RAM);
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), (u64)1 << 63 | order[i]);
        ck_assert_uint_eq(rig_csr(rig.hart, MEPC), RIG_RAM);
        ck_assert_uint_eq(rig_csr(rig.hart, MTVAL), 0);
        hart_set_interrupt(rig.hart, order[i], false);
    }
    rig_close(&rig);
}
END_TEST

/* Case by case for M and for S: against every other interrupt, the counters' one waits. */
START_TEST(lcofi_comes_after_every_other_interrupt_of_its_mode)
{
    static const u8 others[] = {IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI};

    for (unsigned i = 0; i < 9; i++) {
        u8 other = others[i < 6 ? i : i - 3]; /* S has the last three alone */
        unsigned cause = i < 6 ? MCAUSE : SCAUSE;
        struct rig rig;
        open_traps(&rig);
        rig_set_csr(rig.hart, MIDELEG, i < 6 ? 0 : UINT64_MAX);
        rig_set_csr(rig.hart, MIE, UINT64_MAX);
        rig_set_csr_bits(rig.hart, MIP, IRQ_BIT(IRQ_LCOFI));
        hart_set_interrupt(rig.hart, other, true);
        rig_enter(rig.hart, PRIV_U, RIG_RAM);
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig_csr(rig.hart, cause), (u64)1 << 63 | other);
        hart_set_interrupt(rig.hart, other, false);
        rig_enter(rig.hart, PRIV_U, RIG_RAM);
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig_csr(rig.hart, cause), (u64)1 << 63 | IRQ_LCOFI);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(interrupts_for_m_come_before_those_for_s)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MIE, UINT64_MAX);
    rig_set_csr(rig.hart, MIDELEG, IRQ_BIT(IRQ_SEI));
    hart_set_interrupt(rig.hart, IRQ_SEI, true);
    hart_set_interrupt(rig.hart, IRQ_STI, true); /* lower, but M's */
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->pc, M_HANDLER);
    ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), (u64)1 << 63 | IRQ_STI);
    rig_close(&rig);
}
END_TEST

/* Is this interrupt taken, in this mode, with these enables? */
START_TEST(an_interrupt_is_taken_when_its_mode_is_higher_or_enabled)
{
    static const enum privilege modes[] = {PRIV_U, PRIV_S, PRIV_M};

    for (unsigned i = 0; i < 3 * 4 * 2; i++) {
        enum privilege mode = modes[i % 3], to = i / 12 ? PRIV_S : PRIV_M;
        u64 status = (i / 3 & 1 ? MSTATUS_MIE : 0) | (i / 6 & 1 ? MSTATUS_SIE : 0);
        u64 enable = to == PRIV_M ? MSTATUS_MIE : MSTATUS_SIE;
        bool expected = mode < to || (mode == to && status & enable);
        struct rig rig;
        open_traps(&rig);
        rig_put(&rig, insn_c_nop());
        rig_set_csr(rig.hart, MIE, UINT64_MAX);
        rig_set_csr(rig.hart, MIDELEG, to == PRIV_S ? UINT64_MAX : 0);
        rig_set_csr(rig.hart, MSTATUS, status);
        hart_set_interrupt(rig.hart, IRQ_SEI, true);
        rig_enter(rig.hart, mode, RIG_RAM);
        rig_run(&rig, _i, 1);
        ck_assert_msg(rig.hart->traps == expected, "mode %d to %d, status %#x", mode, to,
                      (unsigned)status);
        if (expected)
            ck_assert_uint_eq(rig.hart->pc, to == PRIV_S ? S_HANDLER : M_HANDLER);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(the_instruction_that_enables_an_interrupt_is_the_last_before_it)
{
    struct rig rig;

    open_traps(&rig);
    rig_put(&rig, insn_csrrw(ZERO, MIE, T0));
    rig_put(&rig, insn_csrrsi(ZERO, MSTATUS, 8));
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig.hart->x[T0] = IRQ_BIT(IRQ_MTI);
    hart_set_interrupt(rig.hart, IRQ_MTI, true);
    rig_run(&rig, _i, 3);
    ck_assert_uint_eq(rig.hart->pc, M_HANDLER);
    ck_assert_uint_eq(rig_csr(rig.hart, MEPC), RIG_RAM + 8);
    ck_assert_uint_eq(rig.hart->x[A0], 0);
    rig_close(&rig);
}
END_TEST

START_TEST(the_vector_table_serves_interrupts_only)
{
    struct rig rig;

    open_traps(&rig);
    rig_set_csr(rig.hart, MTVEC, M_HANDLER | 1);
    rig_set_csr(rig.hart, STVEC, S_HANDLER | 1);
    run_one(&rig, _i, PRIV_U, insn_ecall());
    ck_assert_uint_eq(rig.hart->pc, M_HANDLER);
    rig_set_csr(rig.hart, MIE, UINT64_MAX);
    hart_set_interrupt(rig.hart, IRQ_MTI, true);
    run_one(&rig, _i, PRIV_U, insn_c_nop());
    ck_assert_uint_eq(rig.hart->pc, M_HANDLER + 4 * IRQ_MTI);
    hart_set_interrupt(rig.hart, IRQ_MTI, false);
    rig_set_csr(rig.hart, MIDELEG, UINT64_MAX);
    hart_set_interrupt(rig.hart, IRQ_SEI, true);
    run_one(&rig, _i, PRIV_U, insn_c_nop());
    ck_assert_uint_eq(rig.hart->pc, S_HANDLER + 4 * IRQ_SEI);
    rig_close(&rig);
}
END_TEST

START_TEST(wfi_waits_only_while_nothing_enabled_is_pending)
{
    struct rig rig;

    open_traps(&rig);
    hart_set_interrupt(rig.hart, IRQ_MTI, true); /* pending, not enabled in mie */
    run_one(&rig, _i, PRIV_M, insn_wfi());
    ck_assert_uint_eq(rig.hart->waiting, 1);
    ck_assert_uint_eq(rig.hart->pc, RIG_RAM + 4);
    ck_assert(!hart_can_wake(rig.hart));
    rig.hart->waiting = 0;
    rig_set_csr(rig.hart, MIE, IRQ_BIT(IRQ_MTI)); /* enabled there, but MIE is off */
    ck_assert(hart_can_wake(rig.hart));
    run_one(&rig, _i, PRIV_M, insn_wfi());
    ck_assert_uint_eq(rig.hart->waiting, 0);
    ck_assert_uint_eq(rig.hart->traps, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(on_rv32_the_interrupt_flag_is_bit_31)
{
    struct rig rig;

    rig_open(&rig, "max32");
    rig_set_csr(rig.hart, MTVEC, M_HANDLER | 1);
    rig_set_csr(rig.hart, MIE, UINT64_MAX);
    hart_set_interrupt(rig.hart, IRQ_MEI, true);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, MCAUSE), 0x8000000b);
    ck_assert_uint_eq(rig.hart->pc, M_HANDLER + 4 * IRQ_MEI);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ecall_tells_its_mode_and_nothing_else,
                                  delegated_exceptions_go_to_s_but_never_from_m,
                                  a_trap_to_s_leaves_m_state_alone,
                                  taking_and_returning_stack_the_interrupt_enables,
                                  sret_returns_by_spp_and_spie,
                                  mprv_ends_when_a_return_leaves_m,
                                  privileged_instructions_are_illegal_below_and_behind_their_traps,
                                  interrupts_come_in_the_manuals_order,
                                  lcofi_comes_after_every_other_interrupt_of_its_mode,
                                  interrupts_for_m_come_before_those_for_s,
                                  an_interrupt_is_taken_when_its_mode_is_higher_or_enabled,
                                  the_instruction_that_enables_an_interrupt_is_the_last_before_it,
                                  the_vector_table_serves_interrupts_only,
                                  wfi_waits_only_while_nothing_enabled_is_pending,
                                  on_rv32_the_interrupt_flag_is_bit_31};

    return SUITE_RUN("trap", tests, RIG_ENGINES);
}
