/* Going backwards (see debugger_back.h). A position is a number of steps of the whole machine; that
 * of one hart's last step is searched for, since between its turns others have run. */
#include "frontend/debugger_back.h"

static bool is_watch(enum debug_kind kind)
{
    return kind >= DEBUG_WATCH_READ && kind <= DEBUG_WATCH_ACCESS;
}

static u64 oldest(const struct debugger *debugger)
{
    return debugger->past->oldest(debugger->past->context);
}

static bool go(const struct debugger *debugger, u64 step)
{
    return debugger->past->go(debugger->past->context, step);
}

/* A watchpoint stops behind its access; backwards, in front of it. */
enum stop debugger_go_back(struct debugger *debugger, struct machine *machine)
{
    struct debug_stop met;
    u64 step;

    switch (debugger->past->find_back(debugger->past->context)) {
    case DEBUGGER_FOUND:
        step = clock_steps(&machine->clock);
        met = machine->debug_stop; /* going there passes others */
        if (is_watch(met.kind) && step > oldest(debugger))
            go(debugger, step - 1);
        machine->debug_stop = met;
        return STOP_DEBUG;
    case DEBUGGER_NOTHING:
    case DEBUGGER_LOST:
        break;
    }
    debugger->is_at_oldest = true;
    return STOP_LIMIT;
}

/* The hart has done so many steps here, and the machine stands at high. Puts it to the last
 * position at which the hart had done one less; false when it was done before the past begins. */
static bool find_step(const struct debugger *debugger, const struct hart *hart, u64 high)
{
    u64 wanted = hart_steps(hart), low = oldest(debugger);

    if (!go(debugger, high - 1) || hart_steps(hart) < wanted)
        return true; /* mostly it is the last step of all */
    high--;
    if (!go(debugger, low) || hart_steps(hart) >= wanted)
        return false;
    while (high - low > 1) { /* at low it is still to come, at high it is done */
        u64 middle = low + (high - low) / 2;
        if (!go(debugger, middle))
            return false;
        if (hart_steps(hart) < wanted)
            low = middle;
        else
            high = middle;
    }
    return go(debugger, low);
}

static enum stop go_back_by(struct debugger *debugger, u64 now)
{
    u64 most = now - oldest(debugger), steps = debugger->order.steps;

    debugger->is_at_oldest = steps > most;
    if (!go(debugger, now - (steps < most ? steps : most)))
        debugger->is_at_oldest = true;
    return STOP_LIMIT;
}

enum stop debugger_step_back(struct debugger *debugger, struct machine *machine)
{
    u64 now = clock_steps(&machine->clock);

    if (debugger->order.steps)
        return go_back_by(debugger, now);
    debugger->is_at_oldest =
        now <= oldest(debugger) || !find_step(debugger, machine->harts[debugger->order.hart], now);
    return STOP_LIMIT;
}
