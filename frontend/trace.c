/* Tracing (see trace.h): on by a step or to the next event, and what happened there. */
#include "frontend/trace_step.h"

#include <inttypes.h>
#include <string.h>

#define BY_STEPS (TRACE_BIT(TRACE_INSN) | TRACE_BIT(TRACE_MEMORY) | TRACE_BIT(TRACE_CSR))

static unsigned kinds_of(const struct trace *trace)
{
    return trace->order->filter.kinds;
}

static bool wants(const struct trace *trace, enum trace_kind kind)
{
    return kinds_of(trace) & TRACE_BIT(kind);
}

struct trace_event trace_event(const struct trace *trace, enum trace_kind kind, vaddr pc)
{
    const struct hart *hart = view_hart(trace->view);

    return (struct trace_event){.kind = kind,
                                .hart = (u8)hart->id,
                                .mode = (u8)hart->privilege,
                                .step = clock_steps(&trace->view->machine->clock),
                                .pc = pc,
                                .satp = hart->satp};
}

static void hand_on(struct trace *trace, const struct trace_event *event)
{
    if (*trace->lines == trace->order->lines)
        return;
    ++*trace->lines;
    trace->order->sink.take(trace->order->sink.context, event);
}

bool trace_emit(struct trace *trace, const struct trace_event *event)
{
    if (!trace_filter_takes(&trace->order->filter, event, view_hart(trace->view)->xlen))
        return false;
    hand_on(trace, event);
    return true;
}

/* A place for one more call: a free one, or that of the oldest. */
static u8 find_call(const struct trace *trace)
{
    u8 found = 0;

    for (u8 i = 0; i < TRACE_CALLS; i++) {
        if (!trace->calls[i].is_open)
            return i;
        if (trace->calls[i].step < trace->calls[found].step)
            found = i;
    }
    return found;
}

static void see_call(struct trace *trace, enum trace_kind kind, vaddr pc)
{
    const struct hart *hart = view_hart(trace->view);
    struct trace_event event = trace_event(trace, kind, pc);

    event.mode = kind == TRACE_SBI ? PRIV_S : PRIV_U;
    event.call = find_call(trace);
    for (unsigned i = 0; i < 8; i++)
        event.arguments[i] = hart->xlen == 32 ? (u32)hart->x[10 + i] : hart->x[10 + i];
    if (kind == TRACE_SYSCALL)
        trace_read_texts(trace->view, &event);
    if (trace_emit(trace, &event))
        trace->calls[event.call] = (struct trace_call){.is_open = true,
                                                       .back = pc + 4,
                                                       .satp = hart->satp,
                                                       .sp = hart->x[2],
                                                       .step = event.step,
                                                       .mode = event.mode};
}

void trace_see_trap(struct trace *trace, bool is_interrupt, u64 number)
{
    const struct hart *hart = view_hart(trace->view);
    bool is_supervisor = hart->privilege == PRIV_S;
    vaddr pc = is_supervisor ? hart->sepc : hart->mepc;
    struct trace_event event =
        trace_event(trace, is_interrupt ? TRACE_INTERRUPT : TRACE_EXCEPTION, pc);

    event.mode = (u8)(is_supervisor ? (hart->mstatus & MSTATUS_SPP) >> 8
                                    : (hart->mstatus & MSTATUS_MPP) >> 11);
    event.at = number;
    event.value = is_supervisor ? hart->stval : hart->mtval;
    event.to = hart->pc;
    event.to_mode = (u8)hart->privilege;
    trace_emit(trace, &event);
    if (!is_interrupt && number == CAUSE_ECALL_U && wants(trace, TRACE_SYSCALL))
        see_call(trace, TRACE_SYSCALL, pc);
    if (!is_interrupt && number == CAUSE_ECALL_S && wants(trace, TRACE_SBI))
        see_call(trace, TRACE_SBI, pc);
}

/* The mode has changed: has a call returned? What was wanted of the call is of its return, too. */
void trace_see_return(struct trace *trace)
{
    const struct hart *hart = view_hart(trace->view);

    for (u8 i = 0; i < TRACE_CALLS; i++) {
        struct trace_call *call = &trace->calls[i];
        if (!call->is_open || call->back != hart->pc || call->mode != hart->privilege ||
            call->satp != hart->satp || call->sp != hart->x[2])
            continue;
        struct trace_event event = trace_event(trace, TRACE_RETURN, hart->pc);
        event.call = i;
        event.value = hart->x[10];
        event.before = hart->x[11];
        call->is_open = false;
        hand_on(trace, &event);
        return;
    }
}

/* "uart.LSR", or "uart+0x8"; "virtio-mmio[3].Status" where there are several. */
static void describe_device(struct machine *machine, paddr at, enum trace_access access, char *text,
                            size_t size)
{
    u8 needed = access == TRACE_LOAD ? REG_R : REG_W;
    const struct region *region = bus_find(&machine->bus, at);
    const struct device *device = region && !region->host ? region->owner : NULL;
    unsigned index = 0;
    size_t used;

    if (!device) {
        snprintf(text, size, "0x%" PRIx64, at);
        return;
    }
    used = (size_t)snprintf(text, size, "%s", device->type->name);
    if (machine_device(machine, device->type->name, 1)) {
        while (machine_device(machine, device->type->name, index) != device)
            index++;
        used += (size_t)snprintf(text + used, size - used, "[%u]", index);
    }
    for (const struct reg_info *reg = device->type->regs; reg && reg->name; reg++) {
        if (reg->offset != at - region->base || !(reg->access & needed))
            continue;
        snprintf(text + used, size - used, ".%s", reg->name);
        return;
    }
    snprintf(text + used, size - used, "+0x%" PRIx64, at - region->base);
}

struct insn trace_fetch(const struct view *view, vaddr pc)
{
    u32 bits = 0;

    debug_read(view->machine, view->hart, DEBUG_VIRTUAL, pc, &bits, 4);
    return decode(view_hart(view)->decoder, bits);
}

void trace_see_device(struct trace *trace, vaddr pc, paddr at)
{
    const struct hart *hart = view_hart(trace->view);
    struct insn insn = trace_fetch(trace->view, pc);
    struct trace_event event = trace_event(trace, TRACE_DEVICE, pc);
    enum trace_access access;

    if (!trace_accesses(&insn, &access, &event.size))
        return;
    describe_device(trace->view->machine, at, access, event.device, sizeof(event.device));
    event.at = at;
    event.access = (u8)access;
    event.value = hart->x[access == TRACE_STORE ? insn.rs2 : insn.rd];
    if (event.size < 8)
        event.value &= ((u64)1 << 8 * event.size) - 1;
    trace_emit(trace, &event);
}

/* The kinds of events wanted, and all numbers of each. */
static void want_events(const struct trace *trace,
                        bool (*change)(struct machine *, enum debug_kind, u64, u64))
{
    struct machine *machine = trace->view->machine;

    if (wants(trace, TRACE_EXCEPTION))
        change(machine, DEBUG_EXCEPTION, 0, 64);
    if (wants(trace, TRACE_INTERRUPT))
        change(machine, DEBUG_INTERRUPT, 0, 64);
    if (wants(trace, TRACE_SYSCALL)) {
        change(machine, DEBUG_EXCEPTION, CAUSE_ECALL_U, 1);
        change(machine, DEBUG_MODE, PRIV_U, 1);
    }
    if (wants(trace, TRACE_SBI)) {
        change(machine, DEBUG_EXCEPTION, CAUSE_ECALL_S, 1);
        change(machine, DEBUG_MODE, PRIV_S, 1);
    }
    if (wants(trace, TRACE_DEVICE))
        change(machine, DEBUG_DEVICE, 0, machine->ram.base);
}

/* Is it what somebody else wanted to stop at? */
static enum stop see_event(struct trace *trace, const struct debug_stop *why)
{
    trace->view->hart = why->hart;
    switch (why->kind) {
    case DEBUG_EXCEPTION:
    case DEBUG_INTERRUPT:
        trace_see_trap(trace, why->kind == DEBUG_INTERRUPT, why->at);
        return STOP_LIMIT;
    case DEBUG_MODE:
        trace_see_return(trace);
        return STOP_LIMIT;
    case DEBUG_DEVICE:
        trace_see_device(trace, why->pc, why->at);
        return STOP_LIMIT;
    case DEBUG_NOTHING:
    case DEBUG_BREAK:
    case DEBUG_WATCH_READ:
    case DEBUG_WATCH_WRITE:
    case DEBUG_WATCH_ACCESS:
    case DEBUG_CSR:
    case DEBUG_KINDS:
        break;
    }
    return STOP_DEBUG;
}

static enum stop run_to_event(struct trace *trace)
{
    struct machine *machine = trace->view->machine;
    enum stop stop = debugger_advance(trace->order->debugger, machine, trace->end);

    return stop == STOP_DEBUG ? see_event(trace, &machine->debug_stop) : stop;
}

enum stop trace_run(struct view *view, const struct trace_order *order, u64 *lines)
{
    struct trace trace = {.view = view, .order = order, .lines = lines};
    const struct clock *clock = &view->machine->clock;
    u64 start = clock_steps(clock);
    bool by_steps = order->filter.kinds & BY_STEPS;
    enum stop stop = STOP_LIMIT;

    *lines = 0;
    trace.end = start + order->steps < start ? UINT64_MAX : start + order->steps;
    if (!by_steps)
        want_events(&trace, debug_insert);
    while (*lines < order->lines && stop == STOP_LIMIT && clock_steps(clock) < trace.end)
        stop = by_steps ? trace_step(&trace) : run_to_event(&trace);
    if (!by_steps)
        want_events(&trace, debug_remove);
    return stop;
}
