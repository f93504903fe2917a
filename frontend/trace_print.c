/* Events of a trace on paper, or for programs (see trace.h). */
#include "frontend/trace.h"

#include <inttypes.h>
#include <string.h>

#include "cpu/csr.h"
#include "cpu/disasm.h"

#define WHAT 1024 /* room for what a line says */

static const char *const kinds[TRACE_KINDS] = {
    [TRACE_INSN] = "insn",
    [TRACE_MEMORY] = "mem",
    [TRACE_CSR] = "csr",
    [TRACE_EXCEPTION] = "exception",
    [TRACE_INTERRUPT] = "interrupt",
    [TRACE_DEVICE] = "mmio",
    [TRACE_SBI] = "sbi",
    [TRACE_SYSCALL] = "syscall",
    [TRACE_RETURN] = "return",
};
static const char *const accesses[TRACE_ACCESSES] = {"load", "store", "atomic"};

static unsigned xlen_of(const struct trace_printer *printer)
{
    return printer->decoder->isa.xlen;
}

static u64 cut(const struct trace_printer *printer, u64 value)
{
    return xlen_of(printer) == 32 ? (u32)value : value;
}

static const char *place_of(const struct trace_printer *printer, vaddr at, char text[VIEW_PLACE])
{
    return symbols_describe(printer->symbols, cut(printer, at), text, VIEW_PLACE);
}

static const char *csr_name(u64 number, char text[16])
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++)
        if (rows[i].number == number)
            return rows[i].name;
    snprintf(text, 16, "0x%" PRIx64, number);
    return text;
}

static const char *register_name(unsigned number)
{
    return number < DEBUG_PC ? disasm_register(number, DISASM_ABI)
                             : disasm_float_register(number - DEBUG_F, DISASM_ABI);
}

static void say_insn(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    struct insn insn = decode(printer->decoder, event->bits);
    unsigned written = trace_written(&insn);
    char text[DISASM_SIZE];

    disasm(printer->decoder, &insn, cut(printer, event->pc), DISASM_ABI, text, sizeof(text));
    if (written == DEBUG_REGISTERS)
        snprintf(what, WHAT, "%s", text);
    else
        snprintf(what, WHAT, "%-24s %s=%" PRIx64, text, register_name(written),
                 written < DEBUG_PC ? cut(printer, event->value) : event->value);
    if (printer->json) {
        json_hex(&printer->writer, "bits", event->bits);
        json_text(&printer->writer, "register",
                  written == DEBUG_REGISTERS ? "" : register_name(written));
        json_hex(&printer->writer, "value", event->value);
    }
}

static void say_access(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    char place[TRACE_DEVICE_NAME];
    const char *verb = event->access == TRACE_LOAD    ? "is"
                       : event->access == TRACE_STORE ? "="
                                                      : "was";

    if (event->kind == TRACE_DEVICE)
        snprintf(place, sizeof(place), "%s", event->device);
    else
        snprintf(place, sizeof(place), "0x%" PRIx64, cut(printer, event->at));
    snprintf(what, WHAT, "%s %s 0x%" PRIx64, place, verb, event->value);
    if (!printer->json)
        return;
    if (event->kind == TRACE_DEVICE)
        json_text(&printer->writer, "device", event->device);
    json_text(&printer->writer, "access", accesses[event->access]);
    json_hex(&printer->writer, "address", cut(printer, event->at));
    json_number(&printer->writer, "size", event->size);
    json_hex(&printer->writer, "value", event->value);
}

static void say_csr(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    char number[16];
    const char *name = csr_name(event->at, number);

    snprintf(what, WHAT, "%s 0x%" PRIx64 " -> 0x%" PRIx64, name, event->before, event->value);
    if (!printer->json)
        return;
    json_text(&printer->writer, "csr", name);
    json_hex(&printer->writer, "before", event->before);
    json_hex(&printer->writer, "after", event->value);
}

static void say_trap(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    bool is_interrupt = event->kind == TRACE_INTERRUPT;
    char place[VIEW_PLACE];

    snprintf(what, WHAT, "%s, value 0x%" PRIx64 ", to %s in %s",
             trace_cause(is_interrupt, event->at), cut(printer, event->value),
             place_of(printer, event->to, place), view_privilege(event->to_mode));
    if (!printer->json)
        return;
    json_number(&printer->writer, "cause", event->at);
    json_hex(&printer->writer, "tval", cut(printer, event->value));
    json_hex(&printer->writer, "handler", cut(printer, event->to));
    json_text(&printer->writer, "to_mode", view_privilege(event->to_mode));
}

static void describe_call(const struct trace_event *call, char *what)
{
    if (call->kind == TRACE_SBI)
        trace_describe_sbi(call, what, WHAT - 200);
    else
        trace_describe_syscall(call, what, WHAT - 200);
}

static void say_call(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    printer->calls[event->call] = *event;
    describe_call(event, what);
    if (!printer->json)
        return;
    json_number(&printer->writer, "number", event->arguments[7]);
    json_array(&printer->writer, "arguments");
    for (unsigned i = 0; i < 7; i++)
        json_hex(&printer->writer, NULL, event->arguments[i]);
    json_end_array(&printer->writer);
}

static void say_return(struct trace_printer *printer, const struct trace_event *event, char *what)
{
    const struct trace_event *call = &printer->calls[event->call];
    size_t used;

    describe_call(call, what);
    used = strlen(what);
    used += (size_t)snprintf(what + used, WHAT - used, " = ");
    if (call->kind == TRACE_SBI)
        trace_describe_sbi_result(event->value, cut(printer, event->before), xlen_of(printer),
                                  what + used, WHAT - used);
    else
        trace_describe_result(event->value, xlen_of(printer), what + used, WHAT - used);
    used = strlen(what);
    snprintf(what + used, WHAT - used, ", %" PRIu64 " steps", event->step - call->step);
    if (!printer->json)
        return;
    json_number(&printer->writer, "number", call->arguments[7]);
    json_hex(&printer->writer, "result", cut(printer, event->value));
    json_number(&printer->writer, "steps", event->step - call->step);
}

static void (*const say[TRACE_KINDS])(struct trace_printer *, const struct trace_event *,
                                      char *) = {
    [TRACE_INSN] = say_insn,      [TRACE_MEMORY] = say_access,  [TRACE_CSR] = say_csr,
    [TRACE_EXCEPTION] = say_trap, [TRACE_INTERRUPT] = say_trap, [TRACE_DEVICE] = say_access,
    [TRACE_SBI] = say_call,       [TRACE_SYSCALL] = say_call,   [TRACE_RETURN] = say_return,
};

void trace_print_begin(struct trace_printer *printer)
{
    printer->writer = (struct json){.out = printer->out};
    if (printer->json)
        json_array(&printer->writer, NULL);
}

void trace_print(void *context, const struct trace_event *event)
{
    struct trace_printer *printer = context;
    struct json *json = &printer->writer;
    char what[WHAT] = "", place[VIEW_PLACE];

    place_of(printer, event->pc, place);
    if (!printer->json) {
        say[event->kind](printer, event, what);
        fprintf(printer->out, "%" PRIu64 " %u %s %-9s %-28s %s\n", event->step, event->hart,
                view_privilege(event->mode), kinds[event->kind], place, what);
        return;
    }
    json_object(json, NULL);
    json_number(json, "step", event->step);
    json_number(json, "hart", event->hart);
    json_text(json, "mode", view_privilege(event->mode));
    json_text(json, "kind", kinds[event->kind]);
    json_hex(json, "pc", cut(printer, event->pc));
    json_text(json, "place", place);
    json_hex(json, "satp", cut(printer, event->satp));
    say[event->kind](printer, event, what);
    json_text(json, "what", what);
    json_end_object(json);
}

void trace_print_end(struct trace_printer *printer)
{
    if (!printer->json)
        return;
    json_end_array(&printer->writer);
    fputc('\n', printer->out);
}
