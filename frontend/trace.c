/* Tracing (see trace.h): advance by a step or to the next event, look, print. */
#include "frontend/trace.h"

#include <inttypes.h>
#include <string.h>

#include "cpu/csr.h"
#include "cpu/disasm.h"

#define CALLS 64 /* whose return is waited for: one for each hart, of each kind */

/* A call that has not returned. */
struct trace_call {
    bool is_open;
    vaddr back; /* where it goes on */
    u64 satp;
    char text[256];
};

struct trace {
    struct view *view;
    const struct debugger *debugger;
    unsigned filters;
    u64 lines; /* that may still be printed */
    struct json json;
    struct trace_call sbi[CALLS], syscall[CALLS];
};

static const struct {
    const char *word;
    unsigned filter;
} filters[] = {
    {"insn", TRACE_INSN},   {"mem", TRACE_MEMORY}, {"csr", TRACE_CSR},         {"trap", TRACE_TRAP},
    {"mmio", TRACE_DEVICE}, {"sbi", TRACE_SBI},    {"syscall", TRACE_SYSCALL},
};

unsigned trace_filters(const char *text)
{
    unsigned all = 0;

    while (*text) {
        size_t length = strcspn(text, ","), i = 0;
        while (i < sizeof(filters) / sizeof(filters[0]) &&
               (strlen(filters[i].word) != length || strncmp(filters[i].word, text, length)))
            i++;
        if (i == sizeof(filters) / sizeof(filters[0]))
            return 0;
        all |= filters[i].filter;
        text += length + (text[length] == ',');
    }
    return all;
}

/* One line: of which kind, at which instruction, and what. */
static void print(struct trace *trace, const char *kind, vaddr pc, const char *what)
{
    struct view *view = trace->view;
    struct json *json = &trace->json;
    u64 step = clock_steps(&view->machine->clock);
    char place[VIEW_PLACE];

    if (!trace->lines)
        return;
    trace->lines--;
    view_place(view, pc, place);
    if (!view->json) {
        fprintf(view->out, "%" PRIu64 " %u %-7s %-28s %s\n", step, view->hart, kind, place, what);
        return;
    }
    json_object(json, NULL);
    json_number(json, "step", step);
    json_number(json, "hart", view->hart);
    json_text(json, "kind", kind);
    json_hex(json, "pc", pc);
    json_text(json, "place", place);
    json_text(json, "what", what);
    json_end_object(json);
}

static bool is_supervisor(const struct hart *hart)
{
    return hart->privilege == PRIV_S;
}

/* The hart has just taken this trap. */
static void see_trap(struct trace *trace, bool is_interrupt, u64 number)
{
    const struct hart *hart = view_hart(trace->view);
    u64 epc = is_supervisor(hart) ? hart->sepc : hart->mepc;
    u64 tval = is_supervisor(hart) ? hart->stval : hart->mtval;
    char text[320], place[VIEW_PLACE];

    view_place(trace->view, hart->pc, place);
    snprintf(text, sizeof(text), "%s, value 0x%" PRIx64 ", to %s in %s",
             trace_cause(is_interrupt, number), tval, place, view_privilege(hart->privilege));
    if (trace->filters & TRACE_TRAP)
        print(trace, "trap", epc, text);
    if (is_interrupt || hart->id >= CALLS)
        return;
    if (trace->filters & TRACE_SYSCALL && number == CAUSE_ECALL_U) {
        struct trace_call *call = &trace->syscall[hart->id];
        trace_describe_syscall(trace->view, call->text, sizeof(call->text));
        call->is_open = true;
        call->back = epc + 4;
        call->satp = hart->satp;
        print(trace, "syscall", epc, call->text);
    }
    if (trace->filters & TRACE_SBI && number == CAUSE_ECALL_S) {
        struct trace_call *call = &trace->sbi[hart->id];
        trace_describe_sbi(hart, call->text, sizeof(call->text));
        call->is_open = true;
        call->back = epc + 4;
        print(trace, "sbi", epc, call->text);
    }
}

/* The mode has changed: has a call returned? */
static void see_return(struct trace *trace)
{
    const struct hart *hart = view_hart(trace->view);
    struct trace_call *call;
    char text[400];

    if (hart->id >= CALLS || hart->privilege == PRIV_M)
        return;
    call = is_supervisor(hart) ? &trace->sbi[hart->id] : &trace->syscall[hart->id];
    if (!call->is_open || hart->pc != call->back || (call->satp && call->satp != hart->satp))
        return;
    call->is_open = false;
    if (is_supervisor(hart))
        snprintf(text, sizeof(text), "%.200s = %" PRId64 ", 0x%" PRIx64, call->text,
                 (i64)hart->x[10], hart->x[11]);
    else
        snprintf(text, sizeof(text), "%.200s = %" PRId64, call->text, (i64)hart->x[10]);
    print(trace, "return", hart->pc, text);
}

/* "uart.LSR", or "uart+0x8". */
static void describe_device(const struct machine *machine, paddr at, char *text, size_t size)
{
    const struct region *region = bus_find(&machine->bus, at);
    const struct device *device = region && !region->host ? region->owner : NULL;

    if (!device) {
        snprintf(text, size, "0x%" PRIx64, at);
        return;
    }
    for (const struct reg_info *reg = device->type->regs; reg && reg->name; reg++) {
        if (reg->offset != at - region->base)
            continue;
        snprintf(text, size, "%s.%s", device->type->name, reg->name);
        return;
    }
    snprintf(text, size, "%s+0x%" PRIx64, device->type->name, at - region->base);
}

static bool is_store(const struct insn *insn)
{
    return insn->row == ROW_sb || insn->row == ROW_sh || insn->row == ROW_sw || insn->row == ROW_sd;
}

static struct insn fetch(const struct view *view, vaddr pc)
{
    u32 bits = 0;

    debug_read(view->machine, view->hart, DEBUG_VIRTUAL, pc, &bits, 4);
    return decode(view_hart(view)->decoder, bits);
}

static void see_device(struct trace *trace, vaddr pc, paddr at)
{
    const struct hart *hart = view_hart(trace->view);
    struct insn insn = fetch(trace->view, pc);
    char name[80], text[128];

    describe_device(trace->view->machine, at, name, sizeof(name));
    if (is_store(&insn))
        snprintf(text, sizeof(text), "%s = 0x%" PRIx64, name, hart->x[insn.rs2]);
    else
        snprintf(text, sizeof(text), "%s is 0x%" PRIx64, name, hart->x[insn.rd]);
    print(trace, "mmio", pc, text);
}

/* What a step needs to be compared with. */
struct before {
    u64 x[32];
    u64 traps, interrupts, device_accesses, privilege;
    vaddr pc;
    struct insn insn;
    u64 csr;
};

static void see_registers(struct trace *trace, const struct before *before)
{
    const struct hart *hart = view_hart(trace->view);
    char text[DISASM_SIZE + 64];

    disasm(hart->decoder, &before->insn, before->pc, DISASM_ABI, text, DISASM_SIZE);
    for (unsigned i = 1; i < 32; i++) {
        if (hart->x[i] == before->x[i])
            continue;
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "  %s=%" PRIx64, disasm_register(i, DISASM_ABI),
                 hart->x[i]);
        break;
    }
    print(trace, "insn", before->pc, text);
}

static bool is_access(const struct insn *insn)
{
    switch (insn->row) {
    case ROW_lb:
    case ROW_lbu:
    case ROW_lh:
    case ROW_lhu:
    case ROW_lw:
    case ROW_lwu:
    case ROW_ld:
        return true;
    default:
        return is_store(insn);
    }
}

static void see_memory(struct trace *trace, const struct before *before)
{
    const struct hart *hart = view_hart(trace->view);
    const struct insn *insn = &before->insn;
    vaddr at = before->x[insn->rs1] + (u64)(i64)insn->imm;
    char text[128];

    if (!is_access(insn))
        return;
    struct walk walk;
    debug_translate(trace->view->machine, trace->view->hart, at, ACCESS_LOAD, &walk);
    if (hart->device_accesses != before->device_accesses && walk.end == WALK_OK &&
        trace->filters & TRACE_DEVICE)
        see_device(trace, before->pc, walk.pa);
    snprintf(text, sizeof(text),
             is_store(insn) ? "0x%" PRIx64 " = 0x%" PRIx64 : "0x%" PRIx64 " is 0x%" PRIx64, at,
             is_store(insn) ? before->x[insn->rs2] : hart->x[insn->rd]);
    if (trace->filters & TRACE_MEMORY)
        print(trace, "mem", before->pc, text);
}

static bool is_csr(const struct insn *insn)
{
    return insn->row == ROW_csrrw || insn->row == ROW_csrrs || insn->row == ROW_csrrc ||
           insn->row == ROW_csrrwi || insn->row == ROW_csrrsi || insn->row == ROW_csrrci;
}

static void see_csr(struct trace *trace, const struct before *before)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    u64 now;
    char text[128];

    if (!is_csr(&before->insn) ||
        !csr_peek(view_hart(trace->view), (unsigned)before->insn.imm, &now) || now == before->csr)
        return;
    for (unsigned i = 0; i < count; i++) {
        if (rows[i].number != (unsigned)before->insn.imm)
            continue;
        snprintf(text, sizeof(text), "%s 0x%" PRIx64 " -> 0x%" PRIx64, rows[i].name, before->csr,
                 now);
        print(trace, "csr", before->pc, text);
    }
}

static enum stop make_step(struct trace *trace)
{
    struct view *view = trace->view;
    struct hart *hart = view_hart(view);
    struct before before = {.traps = hart->traps,
                            .interrupts = hart->interrupts,
                            .device_accesses = hart->device_accesses,
                            .privilege = hart->privilege,
                            .pc = hart->pc,
                            .insn = fetch(view, hart->pc)};
    enum stop stop;

    memcpy(before.x, hart->x, sizeof(before.x));
    if (is_csr(&before.insn))
        csr_peek(hart, (unsigned)before.insn.imm, &before.csr);
    stop = debugger_advance_hart(trace->debugger, view->machine, view->hart);
    if (hart->traps != before.traps) {
        u64 cause = is_supervisor(hart) ? hart->scause : hart->mcause;
        see_trap(trace, hart->interrupts != before.interrupts, cause & 63);
        return stop;
    }
    if (trace->filters & TRACE_INSN)
        see_registers(trace, &before);
    see_memory(trace, &before);
    if (trace->filters & TRACE_CSR)
        see_csr(trace, &before);
    if (hart->privilege != before.privilege)
        see_return(trace);
    return stop;
}

/* The kinds of events wanted, and all numbers of each. */
static void want_events(struct trace *trace,
                        bool (*change)(struct machine *, enum debug_kind, u64, u64))
{
    struct machine *machine = trace->view->machine;
    unsigned wanted = trace->filters;

    if (wanted & (TRACE_TRAP | TRACE_SBI | TRACE_SYSCALL))
        change(machine, DEBUG_EXCEPTION, 0, 64);
    if (wanted & TRACE_TRAP)
        change(machine, DEBUG_INTERRUPT, 0, 64);
    if (wanted & TRACE_SYSCALL)
        change(machine, DEBUG_MODE, PRIV_U, 1);
    if (wanted & TRACE_SBI)
        change(machine, DEBUG_MODE, PRIV_S, 1);
    if (wanted & TRACE_DEVICE)
        change(machine, DEBUG_DEVICE, 0, machine->ram.base);
}

/* Runs to the next event, and looks. */
static enum stop run_to_event(struct trace *trace, u64 end)
{
    struct machine *machine = trace->view->machine;
    const struct debug_stop *why = &machine->debug_stop;
    enum stop stop = debugger_advance(trace->debugger, machine, end);

    if (stop != STOP_DEBUG)
        return stop;
    trace->view->hart = why->hart;
    switch (why->kind) {
    case DEBUG_EXCEPTION:
    case DEBUG_INTERRUPT:
        see_trap(trace, why->kind == DEBUG_INTERRUPT, why->at);
        return STOP_LIMIT;
    case DEBUG_MODE:
        see_return(trace);
        return STOP_LIMIT;
    case DEBUG_DEVICE:
        see_device(trace, why->pc, why->at);
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
    return stop;
}

enum stop trace_run(struct view *view, const struct debugger *debugger, unsigned wanted, u64 lines,
                    u64 steps)
{
    struct trace trace = {.view = view,
                          .debugger = debugger,
                          .filters = wanted,
                          .lines = lines,
                          .json = {.out = view->out}};
    const struct clock *clock = &view->machine->clock;
    u64 start = clock_steps(clock), end = start + steps < start ? UINT64_MAX : start + steps;
    bool by_steps = wanted & (TRACE_INSN | TRACE_MEMORY | TRACE_CSR);
    enum stop stop = STOP_LIMIT;

    if (view->json)
        json_array(&trace.json, NULL);
    if (!by_steps)
        want_events(&trace, debug_insert);
    while (trace.lines && stop == STOP_LIMIT && clock_steps(clock) < end)
        stop = by_steps ? make_step(&trace) : run_to_event(&trace, end);
    if (!by_steps)
        want_events(&trace, debug_remove);
    if (view->json) {
        json_end_array(&trace.json);
        fputc('\n', view->out);
    }
    return stop;
}
