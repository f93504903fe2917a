/* Commands of the monitor that watch the machine run: trace, timeline, profile, stats; and history,
 * which watches it do again what it did. They run it themselves, and afterwards it stands still, or
 * runs on, as before. */
#include "frontend/monitor_parts.h"
#include "frontend/profile.h"
#include "frontend/stats.h"
#include "frontend/timeline.h"
#include "frontend/trace_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINES         1000 /* unless it is said */
#define LINES_MOST    1000000
#define LINES_IN_FILE ((u64)1000000000)
#define STEPS         100000000 /* a second or less where only events are traced */
#define STEPS_MOST    ((u64)100 * STEPS)
#define PERIOD        9973 /* steps from sample to sample: a prime, so as not to march with a loop */
#define SAMPLES_MOST  100000
#define STATS_STEPS   100000

void monitor_attend_work(struct monitor *monitor)
{
    const struct monitor_work *work = &monitor->work;
    u64 steps = clock_steps(&monitor->machine->clock) - work->from;
    char progress[80], *end = progress;

    if (!work->talk->goes_on)
        return;
    end += snprintf(progress, sizeof(progress), "%.0f %%",
                    100.0 * (double)steps / (double)work->steps);
    if (work->lines)
        snprintf(end, 60, ", %" PRIu64 " events", *work->lines);
    if (!work->talk->goes_on(work->talk->goes_on_context, progress))
        monitor->debugger->outside->wants_pause = true;
}

/* The machine runs for this command now; lines may be NULL. */
static const struct debugger *begin(struct monitor_call *call, u64 steps, const u64 *lines)
{
    struct monitor *monitor = call->talk->monitor;

    monitor->work = (struct monitor_work){.talk = call->talk,
                                          .from = clock_steps(&monitor->machine->clock),
                                          .steps = steps,
                                          .lines = lines};
    return monitor->debugger;
}

static void end(struct monitor_call *call, enum stop stop)
{
    struct monitor *monitor = call->talk->monitor;

    if (monitor->work.talk->goes_on && !monitor->work.prints)
        monitor->work.talk->goes_on(monitor->work.talk->goes_on_context, NULL);
    monitor->work = (struct monitor_work){0};
    if (monitor->debugger)
        monitor->debugger->outside->wants_pause = false;
    monitor->stop = stop;
    monitor_pass_on(monitor->machine, stop);
}

/* A trace that was asked for. */
struct wanted {
    struct monitor_call *call;
    struct trace_order order;
    const char *path; /* NULL: to whoever asked */
    FILE *file;
};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), wanted = strlen(end);

    return length >= wanted && !strcmp(text + length - wanted, end);
}

/* FILTER,... [LINES [STEPS]] [FILE]: a file's name does not begin like a number. */
static bool read_words(struct monitor_call *call, struct wanted *wanted)
{
    struct trace_order *order = &wanted->order;
    unsigned last = call->count - 1;
    u64 most;

    if (last && (call->words[last][0] < '0' || call->words[last][0] > '9')) {
        wanted->path = call->words[last];
        call->count = last;
    }
    most = wanted->path ? LINES_IN_FILE : LINES_MOST;
    if (!trace_filter_read(&order->filter, call->words[0], call->view.symbols, call->view.why,
                           sizeof(call->view.why)))
        call->view.refused = true;
    else if (monitor_optional(call, 1, LINES, &order->lines) &&
             monitor_optional(call, 2, STEPS, &order->steps) &&
             (call->count > 3 || !order->lines || order->lines > most || !order->steps ||
              order->steps > STEPS_MOST))
        view_refuse(&call->view, "It traces 1 to %" PRIu64 " lines, over at most 10^10 steps.",
                    most);
    if (order->filter.harts >> 1 >> (call->view.machine->config.harts - 1))
        view_refuse(&call->view, "The harts are 0 to %u.", call->view.machine->config.harts - 1);
    else if (order->filter.harts) /* single steps are of the first of them */
        call->view.hart = (unsigned)__builtin_ctzll(order->filter.harts);
    if (wanted->path)
        call->count = last + 1;
    return !call->view.refused;
}

static void trace_as_lines(struct wanted *wanted, u64 *lines)
{
    struct monitor_call *call = wanted->call;
    struct trace_printer *printer = calloc(1, sizeof(*printer));

    if (!printer) {
        view_refuse(&call->view, "There is no memory left to trace.");
        return;
    }
    printer->out = wanted->file ? wanted->file : call->view.out;
    printer->json = call->view.json;
    printer->symbols = call->view.symbols;
    printer->decoder = view_hart(&call->view)->decoder;
    wanted->order.sink = (struct trace_sink){printer, trace_print};
    trace_print_begin(printer);
    wanted->order.debugger = begin(call, wanted->order.steps, lines);
    call->talk->monitor->work.prints = !wanted->file;
    end(call, trace_run(&call->view, &wanted->order, lines));
    trace_print_end(printer);
    free(printer);
}

static void trace_as_records(struct wanted *wanted, u64 *lines)
{
    struct monitor_call *call = wanted->call;
    struct trace_writer *writer =
        trace_writer_create(wanted->file, &call->view.machine->config.isa, call->view.symbols);
    int error;

    if (!writer) {
        view_refuse(&call->view, "There is no memory left to trace.");
        return;
    }
    wanted->order.sink = (struct trace_sink){writer, trace_write};
    wanted->order.debugger = begin(call, wanted->order.steps, lines);
    end(call, trace_run(&call->view, &wanted->order, lines));
    error = trace_writer_finish(writer);
    if (error)
        view_refuse(&call->view, "%.100s cannot be written: %s.", wanted->path, strerror(error));
}

static void report_file(struct monitor_call *call, const char *path, u64 lines, long size)
{
    struct json json = {.out = call->view.out};

    if (!call->view.json) {
        fprintf(call->view.out, "%" PRIu64 " events in %s, %ld bytes\n", lines, path, size);
        return;
    }
    json_object(&json, NULL);
    json_number(&json, "events", lines);
    json_text(&json, "file", path);
    json_number(&json, "bytes", (u64)size);
    json_end_object(&json);
    fputc('\n', call->view.out);
}

static void close_file(struct wanted *wanted, u64 lines)
{
    struct monitor_call *call = wanted->call;
    long size = ftell(wanted->file);

    if ((ferror(wanted->file) | fclose(wanted->file)) && !call->view.refused)
        view_refuse(&call->view, "%.100s cannot be written: %s.", wanted->path, strerror(errno));
    if (!call->view.refused)
        report_file(call, wanted->path, lines, size);
}

void monitor_trace(struct monitor_call *call)
{
    struct wanted wanted = {.call = call};
    unsigned hart = call->view.hart;
    u64 lines = 0;

    if (!read_words(call, &wanted) || !monitor_may_run(call, "trace"))
        return;
    if (wanted.path && !(wanted.file = fopen(wanted.path, "we"))) {
        view_refuse(&call->view, "%.100s cannot be written: %s.", wanted.path, strerror(errno));
        return;
    }
    if (wanted.path && ends_with(wanted.path, ".trace"))
        trace_as_records(&wanted, &lines);
    else
        trace_as_lines(&wanted, &lines);
    if (wanted.file)
        close_file(&wanted, lines);
    call->view.hart = hart;
}

void monitor_timeline(struct monitor_call *call)
{
    u64 steps;

    if (!monitor_optional(call, 0, STEPS, &steps) || !monitor_may_run(call, "timeline"))
        return;
    if (!steps || steps > STEPS_MOST) {
        view_refuse(&call->view, "It draws 1 to 10^10 steps.");
        return;
    }
    end(call, timeline_run(&call->view, begin(call, steps, NULL), steps));
}

/* From there to here, and exactly here again, whatever came between. */
static void show_past(struct monitor_call *call, u64 from)
{
    struct monitor *monitor = call->talk->monitor;
    const struct debugger_past *past = monitor->debugger->past;
    u64 now = clock_steps(&monitor->machine->clock);
    enum stop stop = monitor->stop;
    struct debug_stop why = monitor->machine->debug_stop;
    bool is_there = past->go(past->context, from);

    if (is_there)
        end(call, timeline_run(&call->view, begin(call, now - from, NULL), now - from));
    if (!past->go(past->context, now) || !is_there)
        view_refuse(&call->view, "The machine cannot be put back to step %" PRIu64 ".",
                    is_there ? now : from);
    monitor->stop = stop;
    monitor->machine->debug_stop = why;
}

void monitor_history(struct monitor_call *call)
{
    u64 steps, now, oldest;
    const struct debugger_past *past;

    if (!monitor_optional(call, 0, STEPS, &steps) || !monitor_remembers(call) ||
        !monitor_may_run(call, "history"))
        return;
    past = call->talk->monitor->debugger->past;
    now = clock_steps(&call->view.machine->clock);
    oldest = past->oldest(past->context);
    if (!steps || steps > STEPS_MOST)
        view_refuse(&call->view, "It draws 1 to 10^10 steps.");
    else if (oldest >= now)
        view_refuse(&call->view, "Nothing before this is remembered.");
    else
        show_past(call, now - oldest < steps ? oldest : now - steps);
}

static void draw(struct monitor_call *call, const struct profile *profile)
{
    FILE *file = fopen(call->words[1], "we");

    if (!file) {
        view_refuse(&call->view, "%.100s cannot be written: %s.", call->words[1], strerror(errno));
        return;
    }
    profile_draw(&call->view, profile, file);
    if (ferror(file) | fclose(file))
        view_refuse(&call->view, "%.100s cannot be written: %s.", call->words[1], strerror(errno));
}

void monitor_profile(struct monitor_call *call)
{
    struct profile profile;
    u64 steps;

    if (!monitor_optional(call, 0, STEPS, &steps) || !monitor_may_run(call, "profile"))
        return;
    if (steps < PERIOD || steps > (u64)PERIOD * SAMPLES_MOST) {
        view_refuse(&call->view, "It takes a sample each %u steps, at most %u of them.", PERIOD,
                    SAMPLES_MOST);
        return;
    }
    end(call, profile_run(&call->view, begin(call, steps, NULL), steps, PERIOD, &profile));
    if (call->count > 1)
        draw(call, &profile);
    profile_show(&call->view, &profile);
    profile_free(&profile);
}

void monitor_stats(struct monitor_call *call)
{
    u64 steps;

    if (!monitor_optional(call, 0, STATS_STEPS, &steps) || !monitor_may_run(call, "stats"))
        return;
    if (!steps || steps > STEPS) {
        view_refuse(&call->view, "It counts 1 to %u steps.", STEPS);
        return;
    }
    end(call, stats_run(&call->view, begin(call, steps, NULL), steps));
}
