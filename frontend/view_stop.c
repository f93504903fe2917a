/* The view of why the machine stands still: which hart did what, and the instruction that comes
 * next. */
#include "frontend/view.h"

#include <inttypes.h>
#include <string.h>

#include "frontend/trace.h"
#include "frontend/view_linux.h"

/* What an ecall asks for, of a kernel whose calls are known: a colon, and the call. */
static void describe_call(struct view *view, u64 number, char *text, size_t size)
{
    const struct hart *hart = view_hart(view);
    struct trace_event call = {.kind = TRACE_SYSCALL};
    vaddr table;

    *text = 0;
    if (number != CAUSE_ECALL_U || !view->symbols ||
        !symbols_find_address(view->symbols, "sys_call_table", &table) || size < 3)
        return;
    for (unsigned i = 0; i < 8; i++)
        call.arguments[i] = hart->xlen == 32 ? (u32)hart->x[10 + i] : hart->x[10 + i];
    trace_read_texts(view, &call);
    memcpy(text, ": ", 3);
    trace_describe_syscall(&call, text + 2, size - 2);
}

/* The register as it is now. */
static void describe_csr(const struct view *view, u64 number, char *text, size_t size)
{
    u64 value;

    if (debug_register(view->machine, view->hart, DEBUG_FIRST_CSR + (unsigned)number, &value))
        snprintf(text, size, "%s was written, 0x%" PRIx64, view_csr_name(number), value);
    else
        snprintf(text, size, "%s was written", view_csr_name(number));
}

static void describe_debug(struct view *view, char *text, size_t size)
{
    const struct debug_stop *why = &view->machine->debug_stop;
    char call[256];

    switch (why->kind) {
    case DEBUG_BREAK:
        snprintf(text, size, "a breakpoint");
        return;
    case DEBUG_WATCH_READ:
        snprintf(text, size, "0x%" PRIx64 " was read", why->at);
        return;
    case DEBUG_WATCH_WRITE:
        snprintf(text, size, "0x%" PRIx64 " was written", why->at);
        return;
    case DEBUG_WATCH_ACCESS:
        snprintf(text, size, "0x%" PRIx64 " was accessed", why->at);
        return;
    case DEBUG_EXCEPTION:
        describe_call(view, why->at, call, sizeof(call));
        snprintf(text, size, "exception %" PRIu64 " (%s) was taken%s", why->at,
                 view_exception(why->at), call);
        return;
    case DEBUG_INTERRUPT:
        snprintf(text, size, "interrupt %" PRIu64 " (%s) was taken", why->at,
                 view_interrupt(why->at));
        return;
    case DEBUG_MODE:
        snprintf(text, size, "the mode became %s", view_privilege(why->at));
        return;
    case DEBUG_CSR:
        describe_csr(view, why->at, text, size);
        return;
    case DEBUG_DEVICE:
        snprintf(text, size, "the device at 0x%" PRIx64 " was accessed", why->at);
        return;
    case DEBUG_NOTHING:
    case DEBUG_KINDS:
        break;
    }
    snprintf(text, size, "it was asked to stop there");
}

static void describe(struct view *view, enum stop stop, char *text, size_t size)
{
    static const char *const others[] = {
        [STOP_NONE] = "it has not begun",
        [STOP_POWEROFF] = "the guest has switched it off",
        [STOP_RESET] = "the guest has reset it",
        [STOP_FAILURE] = "the guest has reported failure",
        [STOP_EXIT] = "the guest has ended",
        [STOP_LIMIT] = "it is where it was to go",
        [STOP_USER] = "it was asked to",
        [STOP_HUNG] = "every hart waits, and nothing can wake one",
    };

    if (stop == STOP_DEBUG)
        describe_debug(view, text, size);
    else
        snprintf(text, size, "%s", others[stop]);
}

void view_stop(struct view *view, enum stop stop)
{
    struct machine *machine = view->machine;
    struct json json = {.out = view->out};
    char task[VIEW_TASK], why[400], place[VIEW_PLACE];

    if (stop == STOP_DEBUG)
        view->hart = machine->debug_stop.hart;
    describe(view, stop, why, sizeof(why));
    const struct hart *hart = view_hart(view);
    view_place(view, hart->pc, place);
    if (view->json) {
        json_object(&json, NULL);
        json_number(&json, "hart", view->hart);
        json_text(&json, "why", why);
        json_hex(&json, "pc", hart->pc);
        json_text(&json, "place", place);
        json_number(&json, "step", clock_steps(&machine->clock));
        json_end_object(&json);
        fputc('\n', view->out);
        return;
    }
    view_task(view, task);
    fprintf(view->out, "hart %u stands still in %s-mode%s%s, step %" PRIu64 ": %s\n", view->hart,
            view_privilege(hart->privilege), *task ? ", " : "", task, clock_steps(&machine->clock),
            why);
    view_disas(view, hart->pc, 1);
    view->refused = false; /* what cannot be fetched is not shown */
}
