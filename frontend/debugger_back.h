/* Backwards (struct debugger_past in debugger.h), for the run loop and its clients. */
#ifndef FRONTEND_DEBUGGER_BACK_H
#define FRONTEND_DEBUGGER_BACK_H

#include "frontend/debugger.h"

/* Does the machine stand in its past? */
static inline bool debugger_is_past(const struct debugger *debugger)
{
    return debugger->past && debugger->past->is_past(debugger->past->context);
}

/* Can a client change the machine, or what it does next? */
static inline bool debugger_may_change(const struct debugger *debugger)
{
    return !debugger_is_past(debugger) && !debugger->is_recorded;
}

/* A client has changed the machine, or what it does next. Where it may. */
static inline void debugger_changed(const struct debugger *debugger)
{
    if (debugger->past)
        debugger->past->changed(debugger->past->context);
}

/* As the order says; the debugger has a past. STOP_LIMIT: a step back was made, or the past ends
 * here, and is_at_oldest says so. STOP_DEBUG: machine->debug_stop. */
enum stop debugger_go_back(struct debugger *debugger, struct machine *machine);
enum stop debugger_step_back(struct debugger *debugger, struct machine *machine);

#endif
