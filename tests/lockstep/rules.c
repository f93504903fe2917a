/* The accepted differences that are not bits of a CSR (see accepted.h): each undoes what ours did
 * and does what QEMU did, but only where both are an answer to the very same question. */
#include "tests/lockstep/accepted.h"

#include "cpu/trap.h"
#include "memory/paging.h"

#include <string.h>

/* An SC without a reservation fails; that it also passes the checks of its address, QEMU forgets.
 */
static void accept_failed_sc(struct ours *ours, const struct insn *insn,
                             const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    u64 next = ours->pc_before + insn->length;

    if ((insn->row != ROW_sc_w && insn->row != ROW_sc_d) || theirs->pc != next ||
        (insn->rd && theirs->x[insn->rd] != 1))
        return;
    ours->accepted[RULE_FAILED_SC]++;
    ours_undo(ours);
    hart->pc = next;
    hart->reservation_size = 0;
    if (insn->rd)
        hart->x[insn->rd] = 1;
}

/* PTEs in RAM, PMP aside. */
static bool read_ram_pte(void *context, paddr at, unsigned size, u64 *pte)
{
    struct ours *ours = context;
    const struct region *region = bus_find(&ours->machine->bus, at);

    return region && region->host && bus_read(&ours->machine->bus, at, size, pte);
}

/* Does the walk of the access that just faulted lead to a table where no memory is? The hart has
 * been put back. */
static bool walks_into_a_hole(struct ours *ours, vaddr va, enum cause cause)
{
    static const enum paging_mode modes[16] = {
        [8] = PAGING_SV39, [9] = PAGING_SV48, [10] = PAGING_SV57};
    const struct hart *hart = ours->hart;
    bool is_wide = hart->xlen == 64;
    enum paging_mode narrow = hart->satp >> 31 & 1 ? PAGING_SV32 : PAGING_BARE;
    struct walker walker = {.mode = is_wide ? modes[hart->satp >> 60] : narrow,
                            .root = hart->satp & (is_wide ? ((u64)1 << 44) - 1 : 0x3fffff),
                            .context = ours,
                            .read_pte = read_ram_pte};

    return walker.mode != PAGING_BARE &&
           page_walk(&walker, va, cause == CAUSE_LOAD_ACCESS ? ACCESS_LOAD : ACCESS_STORE).end ==
               WALK_PTE_UNREADABLE;
}

/* QEMU makes a page fault of a table that lies where no memory is. */
static void accept_walk_fault(struct ours *ours, const struct theirs *theirs)
{
    static const u8 page_fault[] = {[CAUSE_FETCH_ACCESS] = CAUSE_FETCH_PAGE,
                                    [CAUSE_LOAD_ACCESS] = CAUSE_LOAD_PAGE,
                                    [CAUSE_STORE_ACCESS] = CAUSE_STORE_PAGE};
    struct hart *hart = ours->hart;
    enum cause cause = (enum cause)hart->cause;
    u64 tval = hart->tval;
    bool machine = theirs->privilege == PRIV_M;

    if (cause >= sizeof page_fault || !page_fault[cause] ||
        theirs->csrs[machine ? STREAM_mcause : STREAM_scause] != page_fault[cause])
        return;
    ours_undo(ours);
    if (walks_into_a_hole(ours, tval, cause)) {
        ours->accepted[RULE_WALK_FAULT]++;
        trap_raise(hart, (enum cause)page_fault[cause], tval);
    } else {
        trap_raise(hart, cause, tval);
    }
    trap_take_exception(hart);
}

/* With one hart QEMU loads and then stores, so it sees that the load is forbidden by the PMP before
 * it sees that the page forbids the store. */
static void accept_amo_fault(struct ours *ours, const struct insn *insn,
                             const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    u64 tval = hart->tval;
    bool machine = theirs->privilege == PRIV_M;
    unsigned count;

    if (isa_rows(&count)[insn->row].format != FORMAT_AMO || hart->cause != CAUSE_STORE_PAGE ||
        theirs->csrs[machine ? STREAM_mcause : STREAM_scause] != CAUSE_STORE_ACCESS)
        return;
    ours->accepted[RULE_AMO_ORDER]++;
    ours_undo(ours);
    trap_raise(hart, CAUSE_STORE_ACCESS, tval);
    trap_take_exception(hart);
}

/* mtval after an illegal instruction: its bits, or zero. After an illegal mret or sret QEMU has the
 * bits of some instruction before it there. */
static void accept_illegal_tval(struct ours *ours, const struct insn *insn,
                                const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    bool machine = hart->privilege == PRIV_M;
    u64 *tval = machine ? &hart->mtval : &hart->stval;
    u64 other = theirs->csrs[machine ? STREAM_mtval : STREAM_stval];
    bool is_return = insn->row == ROW_mret || insn->row == ROW_sret;

    if (hart->cause != CAUSE_ILLEGAL || *tval == other || theirs->privilege != hart->privilege ||
        (other != 0 && !is_return))
        return;
    ours->accepted[other ? RULE_STALE_TVAL : RULE_ILLEGAL_TVAL]++;
    *tval = other;
}

void rules_after_trap(struct ours *ours, const struct insn *insn, const struct theirs *theirs)
{
    accept_failed_sc(ours, insn, theirs);
    accept_walk_fault(ours, theirs);
    accept_amo_fault(ours, insn, theirs);
    accept_illegal_tval(ours, insn, theirs);
}

void rules_interrupt(struct ours *ours, const struct theirs *theirs, u64 number)
{
    struct hart *hart = ours->hart;
    u64 enabled = hart->mie;

    ours_remember(ours);
    ours->interrupts += trap_take_interrupt(hart);
    if (hart->pc == theirs->pc && hart->privilege == theirs->privilege &&
        ((theirs->privilege == PRIV_M ? hart->mcause : hart->scause) & 63) == number)
        return;
    ours_undo(ours);
    hart->mie = IRQ_BIT(number);
    if (trap_take_interrupt(hart))
        ours->accepted[RULE_PRIORITY]++;
    hart->mie = enabled;
}
