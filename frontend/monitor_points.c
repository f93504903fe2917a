/* Commands of the monitor about where to stop: break, watch, delete. The mechanism is
 * devices/debug.h; here is the list that people see, with numbers. */
#include "frontend/monitor_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/trap.h"
#include "devices/virtio.h"
#include "frontend/monitor_when.h"
#include "frontend/registers.h"
#include "frontend/trace.h"

/* The kinds that break names by a word, and how a number of theirs is read. */
static const struct {
    const char *word;
    enum debug_kind kind;
} words[] = {
    {"exception", DEBUG_EXCEPTION}, {"interrupt", DEBUG_INTERRUPT},
    {"mode", DEBUG_MODE},           {"csr", DEBUG_CSR},
    {"device", DEBUG_DEVICE},       {"syscall", DEBUG_EXCEPTION},
};

static const char *describe(enum debug_kind kind)
{
    switch (kind) {
    case DEBUG_BREAK:
        return "at";
    case DEBUG_WATCH_READ:
        return "reads of";
    case DEBUG_WATCH_WRITE:
        return "writes to";
    case DEBUG_WATCH_ACCESS:
        return "accesses to";
    case DEBUG_EXCEPTION:
        return "exception";
    case DEBUG_INTERRUPT:
        return "interrupt";
    case DEBUG_MODE:
        return "mode";
    case DEBUG_CSR:
        return "writes to the CSR";
    case DEBUG_DEVICE:
        return "accesses to the device at";
    case DEBUG_NOTHING:
    case DEBUG_KINDS:
        break;
    }
    return "";
}

static void show_call(struct view *view, u64 number)
{
    const char *name = trace_syscall_name(number);

    fprintf(view->out, "system call %" PRIu64 "%s%s", number, name ? ", " : "", name ? name : "");
}

/* In words, without the end of the line. */
static void show_what(struct view *view, const struct monitor_point *point)
{
    char place[VIEW_PLACE];

    view_name(view, point->at, place);
    switch (point->kind) {
    case DEBUG_MODE:
        fprintf(view->out, "mode %s", view_privilege(point->at));
        return;
    case DEBUG_EXCEPTION:
        if (point->is_call) {
            show_call(view, point->call);
            return;
        }
        fprintf(view->out, "exception %" PRIu64 ", %s", point->at, view_exception(point->at));
        return;
    case DEBUG_INTERRUPT:
        fprintf(view->out, "interrupt %" PRIu64 ", %s", point->at, view_interrupt(point->at));
        return;
    case DEBUG_CSR:
        fprintf(view->out, "writes to the CSR %s", view_csr_name(point->at));
        return;
    case DEBUG_BREAK:
    case DEBUG_WATCH_READ:
    case DEBUG_WATCH_WRITE:
    case DEBUG_WATCH_ACCESS:
    case DEBUG_DEVICE:
    case DEBUG_NOTHING:
    case DEBUG_KINDS:
        break;
    }
    fprintf(view->out, "%s 0x%" PRIx64, describe(point->kind), point->at);
    if (point->kind <= DEBUG_WATCH_ACCESS && *place)
        fprintf(view->out, "  %s", place);
    if (point->size > 1)
        fprintf(view->out, ", %" PRIu64 " bytes", point->size);
}

static void show_point(struct view *view, struct json *json, unsigned number,
                       const struct monitor_point *point)
{
    if (view->json) {
        json_object(json, NULL);
        json_number(json, "number", number);
        json_text(json, "what", describe(point->kind));
        json_hex(json, "at", point->at);
        json_number(json, "size", point->size);
        if (point->is_call)
            json_number(json, "call", point->call);
        monitor_show_when(view, json, &point->when);
        json_end_object(json);
        return;
    }
    fprintf(view->out, "%u  ", number);
    show_what(view, point);
    monitor_show_when(view, json, &point->when);
    fputc('\n', view->out);
}

static void show_points(struct monitor_call *call)
{
    const struct monitor *monitor = call->talk->monitor;
    struct json json = {.out = call->view.out};
    unsigned count = 0;

    if (call->view.json)
        json_array(&json, NULL);
    for (unsigned i = 0; i < MONITOR_POINTS; i++) {
        if (monitor->points[i].kind == DEBUG_NOTHING)
            continue;
        show_point(&call->view, &json, i + 1, &monitor->points[i]);
        count++;
    }
    if (call->view.json) {
        json_end_array(&json);
        fputc('\n', call->view.out);
    } else if (!count) {
        fputs("nowhere\n", call->view.out);
    }
}

static void add_point(struct monitor_call *call, struct monitor_point point)
{
    struct monitor *monitor = call->talk->monitor;
    struct json json = {.out = call->view.out};
    unsigned i = 0;

    while (i < MONITOR_POINTS && monitor->points[i].kind != DEBUG_NOTHING)
        i++;
    if (i == MONITOR_POINTS) {
        view_refuse(&call->view, "There are %u already; delete removes one.", MONITOR_POINTS);
        return;
    }
    if (!point.size || !debug_insert(monitor->machine, point.kind, point.at, point.size)) {
        view_refuse(&call->view, "There is nothing to stop at there.");
        return;
    }
    monitor->points[i] = point;
    show_point(&call->view, &json, i + 1, &point);
    if (call->view.json)
        fputc('\n', call->view.out);
}

/* "S", or 1. */
static bool read_mode(struct monitor_call *call, u64 *mode)
{
    static const char letters[] = "US?M";
    const char *found = strchr(letters, call->words[1][0]);

    *mode = found ? (u64)(found - letters) : 2;
    if (call->words[1][0] && !call->words[1][1] && found && *mode != 2)
        return true;
    view_refuse(&call->view, "A mode is U, S or M.");
    return false;
}

static bool read_csr(struct monitor_call *call, u64 *csr)
{
    unsigned number;

    if (register_find(call->view.machine, call->view.hart, call->words[1], &number) &&
        register_is_csr(number)) {
        *csr = number - DEBUG_FIRST_CSR;
        return true;
    }
    view_refuse(&call->view, "This hart has no control register \"%.60s\".", call->words[1]);
    return false;
}

static bool find_register(const struct reg_info *regs, const char *name,
                          struct monitor_point *point)
{
    for (const struct reg_info *reg = regs; reg && reg->name; reg++) {
        if (strcmp(reg->name, name))
            continue;
        point->at += reg->offset;
        point->size = reg->width;
        return true;
    }
    return false;
}

/* A device by its name, all of it, or one register, uart.LSR. */
static bool find_device(struct monitor_call *call, struct monitor_point *point)
{
    const struct machine *machine = call->view.machine;
    const char *dot = strchr(call->words[1], '.');
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(call->words[1], "."), call->words[1]);
    for (unsigned i = 0; i < machine->device_count; i++) {
        const struct device *device = &machine->devices[i];
        if (!view_is_device(device, name))
            continue;
        point->at = machine->config.board->slots[i].base;
        point->size = machine->config.board->slots[i].size;
        if (!dot || find_register(device->type->regs, dot + 1, point))
            return true;
        point->at += VIRTIO_CONFIG;
        return device->function && find_register(device->function->config, dot + 1, point);
    }
    return false;
}

/* A system call of Linux, by its name or number. */
static bool read_call(struct monitor_call *call, struct monitor_point *point)
{
    point->is_call = true;
    point->at = CAUSE_ECALL_U;
    unsigned found = trace_find_syscall(call->words[1]);
    point->call = found - 1;
    return found || monitor_number(call, 1, &point->call);
}

static bool read_event(struct monitor_call *call, struct monitor_point *point)
{
    if (call->count < 2) {
        view_refuse(&call->view, "%s needs to know which.", call->words[0]);
        return false;
    }
    if (!strcmp(call->words[0], "syscall"))
        return read_call(call, point);
    if (point->kind == DEBUG_MODE)
        return read_mode(call, &point->at);
    if (point->kind == DEBUG_CSR)
        return read_csr(call, &point->at);
    if (point->kind == DEBUG_DEVICE && find_device(call, point))
        return true;
    return monitor_number(call, 1, &point->at);
}

/* What follows "if" and "skip"; in front of that stand one to most words. */
static bool take_when(struct monitor_call *call, struct monitor_point *point, unsigned most)
{
    if (!monitor_take_when(call, &point->when))
        return false;
    if (!call->count)
        view_refuse(&call->view, "In front of if and skip stands where to stop.");
    else if (call->count > most)
        view_refuse(&call->view, "\"%.60s\" is a word too many; only if and skip can follow.",
                    call->words[most]);
    return !call->view.refused;
}

static bool is_met(const struct monitor_point *point, const struct debug_stop *stop)
{
    return point->kind == stop->kind && stop->at - point->at < point->size;
}

bool monitor_is_hit(const struct machine *machine, const struct monitor_point *point)
{
    const struct debug_stop *stop = &machine->debug_stop;

    return is_met(point, stop) &&
           (!point->is_call || machine->harts[stop->hart]->x[17] == point->call);
}

enum debugger_claim monitor_claims(struct monitor *monitor)
{
    const struct machine *machine = monitor->machine;
    const struct debug_stop *stop = &machine->debug_stop;
    const struct monitor_goal *goal = &monitor->goal;
    enum debugger_claim claim = DEBUGGER_NOT_MINE;

    if (goal->kind == GOAL_PLACE && is_met(&goal->point, stop))
        claim = monitor_is_hit(machine, &goal->point) ? DEBUGGER_STOPS : DEBUGGER_PASSES;
    for (unsigned i = 0; i < MONITOR_POINTS; i++) {
        struct monitor_point *point = &monitor->points[i];
        if (!is_met(point, stop) || point->kind == DEBUG_NOTHING)
            continue;
        if (monitor_is_hit(machine, point) && monitor_is_when(monitor, &point->when, stop->hart))
            claim = DEBUGGER_STOPS;
        else if (claim == DEBUGGER_NOT_MINE)
            claim = DEBUGGER_PASSES;
    }
    return claim;
}

bool monitor_read_point(struct monitor_call *call, struct monitor_point *point)
{
    *point = (struct monitor_point){.kind = DEBUG_BREAK, .size = 1};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (!strcmp(call->words[0], words[i].word))
            point->kind = words[i].kind;
    if (!take_when(call, point, point->kind == DEBUG_BREAK ? 1 : 2))
        return false;
    return point->kind == DEBUG_BREAK ? monitor_number(call, 0, &point->at)
                                      : read_event(call, point);
}

void monitor_break(struct monitor_call *call)
{
    struct monitor_point point;

    if (!call->count)
        show_points(call);
    else if (monitor_read_point(call, &point))
        add_point(call, point);
}

void monitor_watch(struct monitor_call *call)
{
    struct monitor_point point = {.kind = DEBUG_WATCH_WRITE};
    const char *how;

    if (!take_when(call, &point, 3))
        return;
    how = call->count > 2 ? call->words[2] : "w";
    if (!strcmp(how, "r"))
        point.kind = DEBUG_WATCH_READ;
    else if (!strcmp(how, "rw"))
        point.kind = DEBUG_WATCH_ACCESS;
    else if (strcmp(how, "w"))
        view_refuse(&call->view, "It watches r, w or rw: reads, writes or both.");
    if (!call->view.refused && monitor_number(call, 0, &point.at) &&
        monitor_optional(call, 1, view_hart(&call->view)->xlen / 8, &point.size))
        add_point(call, point);
}

static void remove_point(struct monitor *monitor, unsigned index)
{
    struct monitor_point *point = &monitor->points[index];

    if (point->kind != DEBUG_NOTHING)
        debug_remove(monitor->machine, point->kind, point->at, point->size);
    point->kind = DEBUG_NOTHING;
}

void monitor_delete(struct monitor_call *call)
{
    struct monitor *monitor = call->talk->monitor;
    u64 number = 0;

    if (strcmp(call->words[0], "all") && !monitor_number(call, 0, &number))
        return;
    if (strcmp(call->words[0], "all") &&
        (!number || number > MONITOR_POINTS || monitor->points[number - 1].kind == DEBUG_NOTHING)) {
        view_refuse(&call->view, "There is no number %" PRIu64 "; break lists them.", number);
        return;
    }
    for (unsigned i = 0; i < MONITOR_POINTS; i++)
        if (!number || i + 1 == number)
            remove_point(monitor, i);
    show_points(call);
}
