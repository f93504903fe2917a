/* Single steps for a trace (see trace.h): what one instruction did, by comparing before and after.
 */
#include "frontend/trace_step.h"

#include "cpu/csr.h"

/* What a step is compared with. The mode and the address space are the instruction's. */
struct before {
    struct trace_event event;
    struct insn insn;
    u64 steps, traps, interrupts, device_accesses;
    u64 base, source; /* rs1, rs2 */
    u64 csr;
};

static void see_insn(struct trace *trace, const struct before *before)
{
    const struct hart *hart = view_hart(trace->view);
    struct trace_event event = before->event;
    unsigned written = trace_written(&before->insn);

    event.kind = TRACE_INSN;
    event.bits = before->insn.bits;
    if (written != DEBUG_REGISTERS)
        event.value = written < DEBUG_PC ? hart->x[written] : hart->f[written - DEBUG_F];
    trace_emit(trace, &event);
}

static bool is_float(const struct insn *insn)
{
    unsigned count;

    return IS_FLOAT(isa_rows(&count)[insn->row].need);
}

/* What a load has read, a store has written, and memory held before an atomic. */
static u64 accessed_value(const struct hart *hart, const struct before *before,
                          enum trace_access access, unsigned size)
{
    const struct insn *insn = &before->insn;
    u64 value;

    if (is_float(insn))
        value = hart->f[access == TRACE_STORE ? insn->rs2 : insn->rd];
    else
        value = access == TRACE_STORE ? before->source : hart->x[insn->rd];
    return size < 8 ? value & (((u64)1 << 8 * size) - 1) : value;
}

/* A store that lost its reservation has stored nothing. */
static bool has_failed(const struct hart *hart, const struct insn *insn)
{
    return (insn->row == ROW_sc_w || insn->row == ROW_sc_d) && hart->x[insn->rd];
}

static void see_memory(struct trace *trace, const struct before *before)
{
    const struct hart *hart = view_hart(trace->view);
    struct trace_event event = before->event;
    enum trace_access access;
    struct walk walk;

    if (!trace_accesses(&before->insn, &access, &event.size) || has_failed(hart, &before->insn))
        return;
    event.kind = TRACE_MEMORY;
    event.at = trace_address(&before->insn, before->base);
    event.access = (u8)access;
    event.value = accessed_value(hart, before, access, event.size);
    trace_emit(trace, &event);
    if (hart->device_accesses == before->device_accesses)
        return;
    debug_translate(trace->view->machine, trace->view->hart, event.at, ACCESS_LOAD, &walk);
    if (walk.end == WALK_OK)
        trace_see_device(trace, event.pc, walk.pa);
}

static bool is_csr(const struct insn *insn)
{
    return insn->row == ROW_csrrw || insn->row == ROW_csrrs || insn->row == ROW_csrrc ||
           insn->row == ROW_csrrwi || insn->row == ROW_csrrsi || insn->row == ROW_csrrci;
}

static void see_csr(struct trace *trace, const struct before *before)
{
    struct trace_event event = before->event;

    event.kind = TRACE_CSR;
    event.at = (unsigned)before->insn.imm;
    event.before = before->csr;
    if (is_csr(&before->insn) &&
        csr_peek(view_hart(trace->view), (unsigned)event.at, &event.value) &&
        event.value != event.before)
        trace_emit(trace, &event);
}

static struct before look(const struct trace *trace)
{
    struct hart *hart = view_hart(trace->view);
    struct before before = {.event = trace_event(trace, TRACE_INSN, hart->pc),
                            .insn = trace_fetch(trace->view, hart->pc),
                            .steps = hart_steps(hart),
                            .traps = hart->traps,
                            .interrupts = hart->interrupts,
                            .device_accesses = hart->device_accesses};

    before.base = hart->x[before.insn.rs1];
    before.source = hart->x[before.insn.rs2];
    if (is_csr(&before.insn))
        csr_peek(hart, (unsigned)before.insn.imm, &before.csr);
    return before;
}

enum stop trace_step(struct trace *trace)
{
    struct view *view = trace->view;
    const struct hart *hart = view_hart(view);
    struct before before = look(trace);
    enum stop stop = debugger_advance_hart(trace->order->debugger, view->machine, view->hart);
    u64 cause;

    before.event.step = clock_steps(&view->machine->clock);
    if (hart->traps != before.traps) {
        cause = hart->privilege == PRIV_S ? hart->scause : hart->mcause;
        trace_see_trap(trace, hart->interrupts != before.interrupts, cause & 63);
        return stop;
    }
    if (hart_steps(hart) == before.steps || before.insn.row >= ROW_COUNT)
        return stop; /* the machine stopped before */
    see_insn(trace, &before);
    see_memory(trace, &before);
    see_csr(trace, &before);
    if (hart->privilege != before.event.mode)
        trace_see_return(trace);
    return stop;
}
