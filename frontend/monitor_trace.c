/* Commands of the monitor that watch the machine run: trace, timeline, profile, stats. They run it
 * themselves, and afterwards it stands still, or runs on, as before. */
#include "frontend/monitor_parts.h"
#include "frontend/profile.h"
#include "frontend/stats.h"
#include "frontend/timeline.h"
#include "frontend/trace.h"

#include <errno.h>
#include <string.h>

#define LINES        1000 /* unless it is said */
#define LINES_MOST   1000000
#define STEPS        100000000 /* a second or less where only events are traced */
#define STEPS_MOST   ((u64)100 * STEPS)
#define PERIOD       9973 /* steps from sample to sample: a prime, so as not to march with a loop */
#define SAMPLES_MOST 100000
#define STATS_STEPS  100000

void monitor_trace(struct monitor_call *call)
{
    struct view *view = &call->view;
    unsigned filters = trace_filters(call->words[0]), hart = view->hart;
    u64 lines, steps;
    FILE *out;

    if (!filters)
        view_refuse(
            view, "trace knows insn, mem, csr, trap, mmio, sbi and syscall, with commas between.");
    if (view->refused || !monitor_optional(call, 1, LINES, &lines) ||
        !monitor_optional(call, 2, STEPS, &steps) || !monitor_may_run(call, "trace"))
        return;
    if (!lines || lines > LINES_MOST || !steps || steps > STEPS_MOST) {
        view_refuse(view, "It traces 1 to %u lines, over at most 10^10 steps.", LINES_MOST);
        return;
    }
    out = view->out;
    if (call->count > 3 && !(view->out = fopen(call->words[3], "we"))) {
        view_refuse(view, "%.100s cannot be written: %s.", call->words[3], strerror(errno));
        return;
    }
    call->talk->monitor->stop =
        trace_run(view, call->talk->monitor->debugger, filters, lines, steps);
    monitor_pass_on(view->machine, call->talk->monitor->stop);
    if (view->out != out && (ferror(view->out) | fclose(view->out)))
        view_refuse(view, "%.100s cannot be written: %s.", call->words[3], strerror(errno));
    view->out = out;
    view->hart = hart;
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
    call->talk->monitor->stop = timeline_run(&call->view, call->talk->monitor->debugger, steps);
    monitor_pass_on(call->view.machine, call->talk->monitor->stop);
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
    call->talk->monitor->stop =
        profile_run(&call->view, call->talk->monitor->debugger, steps, PERIOD, &profile);
    monitor_pass_on(call->view.machine, call->talk->monitor->stop);
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
    call->talk->monitor->stop = stats_run(&call->view, call->talk->monitor->debugger, steps);
    monitor_pass_on(call->view.machine, call->talk->monitor->stop);
}
