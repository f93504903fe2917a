/* A timeline: which traps and interrupts a machine takes while it runs on, each kind on a line of
 * its own. */
#ifndef FRONTEND_TIMELINE_H
#define FRONTEND_TIMELINE_H

#include "frontend/debugger.h"
#include "frontend/view.h"

/* Runs a machine that stands still for so many steps, as debugger_advance() does, and draws them.
 * Returns why it stands still again (STOP_LIMIT: all steps are done). */
enum stop timeline_run(struct view *view, const struct debugger *debugger, u64 steps);

#endif
