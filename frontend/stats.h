/* Statistics: what kinds of instructions a hart runs, and how often it traps and asks devices. */
#ifndef FRONTEND_STATS_H
#define FRONTEND_STATS_H

#include "frontend/debugger.h"
#include "frontend/view.h"

/* Makes so many steps of the view's hart, of a machine that stands still, and shows what they were.
 * Returns why the machine stands still again (STOP_LIMIT: all steps are done). */
enum stop stats_run(struct view *view, const struct debugger *debugger, u64 steps);

#endif
