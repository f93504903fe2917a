/* Commands of the monitor that watch the machine run: trace. They run it themselves, so they need
 * it to stand still, and it stands still again afterwards. */
#include "frontend/monitor_parts.h"
#include "frontend/trace.h"

#define LINES      1000 /* unless it is said */
#define LINES_MOST 1000000
#define STEPS      100000000 /* a second or less where only events are traced */
#define STEPS_MOST ((u64)100 * STEPS)

void monitor_trace(struct monitor_call *call)
{
    struct view *view = &call->view;
    unsigned filters = trace_filters(call->words[0]), hart = view->hart;
    u64 lines, steps;

    if (!filters)
        view_refuse(
            view, "trace knows insn, mem, csr, trap, mmio, sbi and syscall, with commas between.");
    if (view->refused || !monitor_optional(call, 1, LINES, &lines) ||
        !monitor_optional(call, 2, STEPS, &steps) || !monitor_stands(call))
        return;
    if (!lines || lines > LINES_MOST || !steps || steps > STEPS_MOST) {
        view_refuse(view, "It traces 1 to %u lines, over at most 10^10 steps.", LINES_MOST);
        return;
    }
    call->talk->monitor->stop = trace_run(view, filters, lines, steps);
    monitor_pass_on(view->machine, call->talk->monitor->stop);
    view->hart = hart;
}
