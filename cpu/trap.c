/* Traps (see trap.h): who handles it, what is saved, where it goes; and the way back. */
#include "cpu/trap.h"

#include "cpu/counters.h"
#include "cpu/debug.h"

/* Exceptions and interrupts have a copy each, with what is known of them folded in. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

#define INTERRUPT_FLAG(hart) ((u64)1 << ((hart)->xlen - 1))

bool trap_ecall(struct hart *hart)
{
    return trap_raise(hart, (enum cause)(CAUSE_ECALL_U + hart->privilege), 0);
}

/* The handler's address: vectored tables serve interrupts only. */
static ALWAYS_INLINE vaddr handler(u64 tvec, bool is_interrupt, u64 number)
{
    vaddr base = tvec & ~(u64)3;

    return (tvec & 1) && is_interrupt ? base + 4 * number : base;
}

static u64 address(const struct hart *hart, u64 value)
{
    return hart->xlen == 32 ? (u32)value : value;
}

static ALWAYS_INLINE void enter_machine(struct hart *hart, bool is_interrupt, u64 number, u64 tval)
{
    u64 status = hart->mstatus & ~(MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE);

    hart->mcause = number | (is_interrupt ? INTERRUPT_FLAG(hart) : 0);
    hart->mepc = hart->pc;
    hart->mtval = tval;
    status |= hart->privilege << 11 | (hart->mstatus & MSTATUS_MIE ? MSTATUS_MPIE : 0);
    hart->mstatus = status;
    hart->privilege = PRIV_M;
    hart->pc = address(hart, handler(hart->mtvec, is_interrupt, number));
}

static ALWAYS_INLINE void enter_supervisor(struct hart *hart, bool is_interrupt, u64 number,
                                           u64 tval)
{
    u64 status = hart->mstatus & ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE);

    hart->scause = number | (is_interrupt ? INTERRUPT_FLAG(hart) : 0);
    hart->sepc = hart->pc;
    hart->stval = tval;
    status |= (hart->privilege == PRIV_S ? MSTATUS_SPP : 0) |
              (hart->mstatus & MSTATUS_SIE ? MSTATUS_SPIE : 0);
    hart->mstatus = status;
    hart->privilege = PRIV_S;
    hart->pc = address(hart, handler(hart->stvec, is_interrupt, number));
}

static void tell_mode(struct hart *hart, u64 from)
{
    if (unlikely(hart->debug != NULL) && hart->privilege != from)
        debug_happened(hart, DEBUG_MODE, hart->privilege);
}

/* Nothing was retired since the last trap or return: is it the same one as before? */
static __attribute__((noinline, cold)) void count_repetition(struct hart *hart,
                                                             struct trap_seen *seen, u64 tval)
{
    struct witness *witness = &hart->witness;
    unsigned at = (unsigned)(seen - witness->traps);

    if (seen->pc != hart->pc || seen->tval != tval || !seen->count) {
        seen->repeats = 0;
        return;
    }
    if (!seen->repeats)
        witness->began[at] = seen->own_step;
    if (seen->repeats < UINT32_MAX && ++seen->repeats == WITNESS_STUCK)
        witness->stuck = 1 + at;
}

/* Notes the trap before anything changes; its handler is not known yet. */
static ALWAYS_INLINE void note_trap(struct hart *hart, struct trap_seen *seen, u64 tval,
                                    enum privilege to)
{
    u64 now = hart_steps(hart);

    if (unlikely(now == hart->edge.own_step))
        count_repetition(hart, seen, tval);
    else
        seen->repeats = 0;
    seen->pc = hart->pc;
    seen->tval = tval;
    seen->own_step = now;
    seen->ahead = hart->edge.ahead;
    seen->mstatus = hart->mstatus;
    seen->count++;
    seen->from = (u8)hart->privilege;
    seen->to = (u8)to;
    hart->edge.own_step = now + 1;
    hart->edge.nested = WITNESS_NESTED;
}

static ALWAYS_INLINE void take(struct hart *hart, bool is_interrupt, u64 number, u64 tval)
{
    u64 delegated = is_interrupt ? hart->mideleg : hart->medeleg;
    u64 kind = number + (is_interrupt ? WITNESS_INTERRUPT : 0);
    struct trap_seen *seen = &hart->witness.traps[kind + hart->edge.nested];

    hart->traps++;
    hart->interrupts += is_interrupt;
    /* Delegation never moves a trap to a less privileged mode than the one it came from. */
    if (hart->privilege != PRIV_M && delegated >> number & 1) {
        note_trap(hart, seen, tval, PRIV_S);
        enter_supervisor(hart, is_interrupt, number, tval);
    } else {
        note_trap(hart, seen, tval, PRIV_M);
        enter_machine(hart, is_interrupt, number, tval);
    }
    seen->handler = hart->pc;
    if (unlikely(hart->debug != NULL)) {
        debug_happened(hart, is_interrupt ? DEBUG_INTERRUPT : DEBUG_EXCEPTION, number);
        tell_mode(hart, seen->from);
    }
    hart_mode_changed(hart);
    counters_mode_changed(hart);
    if (hart->counters_watched)
        counters_look(hart);
}

void trap_take_exception(struct hart *hart)
{
    take(hart, false, hart->cause, address(hart, hart->tval));
}

/* Pending, enabled, and for a mode that may interrupt the present one. */
static u64 takeable(const struct hart *hart)
{
    u64 pending = (hart->mip_lines | hart->mip_soft) & hart->mie;
    u64 machine = pending & ~hart->mideleg, supervisor = pending & hart->mideleg;

    if (hart->privilege == PRIV_M && !(hart->mstatus & MSTATUS_MIE))
        machine = 0;
    if (hart->privilege == PRIV_M || (hart->privilege == PRIV_S && !(hart->mstatus & MSTATUS_SIE)))
        supervisor = 0;
    return machine ? machine : supervisor;
}

bool trap_take_interrupt(struct hart *hart)
{
    static const u8 by_priority[] = {IRQ_MEI, IRQ_MSI, IRQ_MTI,  IRQ_SEI,
                                     IRQ_SSI, IRQ_STI, IRQ_LCOFI};
    u64 due = takeable(hart);

    for (unsigned i = 0; due && i < sizeof by_priority; i++) {
        if (due >> by_priority[i] & 1) {
            take(hart, true, by_priority[i], 0);
            return true;
        }
    }
    return false;
}

static inline void note_return(struct hart *hart)
{
    hart->edge.own_step = hart_steps(hart) + 1;
    hart->edge.nested = 0;
    hart->edge.returned_from = hart->pc;
    hart->edge.returned_to = (u32)hart->privilege;
}

bool trap_mret(struct hart *hart, vaddr *next)
{
    u64 status = hart->mstatus, previous = (status & MSTATUS_MPP) >> 11;

    if (hart->privilege < PRIV_M)
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    status &= ~(MSTATUS_MIE | MSTATUS_MPP); /* MPP becomes the least privileged mode: U is 0 */
    status |= (status & MSTATUS_MPIE ? MSTATUS_MIE : 0) | MSTATUS_MPIE;
    if (previous != PRIV_M)
        status &= ~MSTATUS_MPRV;
    hart->mstatus = status;
    hart->privilege = previous;
    tell_mode(hart, PRIV_M);
    *next = hart->mepc;
    note_return(hart);
    hart_mode_changed(hart);
    counters_mode_changed(hart);
    return true;
}

bool trap_sret(struct hart *hart, vaddr *next)
{
    u64 status = hart->mstatus, from = hart->privilege;

    if (hart->privilege < PRIV_S || (hart->privilege == PRIV_S && status & MSTATUS_TSR))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    hart->privilege = status & MSTATUS_SPP ? PRIV_S : PRIV_U;
    tell_mode(hart, from);
    status &= ~(MSTATUS_SIE | MSTATUS_SPP | MSTATUS_MPRV); /* it leaves to less than M */
    status |= (status & MSTATUS_SPIE ? MSTATUS_SIE : 0) | MSTATUS_SPIE;
    hart->mstatus = status;
    *next = hart->sepc;
    note_return(hart);
    hart_mode_changed(hart);
    counters_mode_changed(hart);
    return true;
}
