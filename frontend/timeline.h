/* A timeline: which traps and interrupts a machine takes while it runs on, each kind on a line of
 * its own. */
#ifndef FRONTEND_TIMELINE_H
#define FRONTEND_TIMELINE_H

#include "frontend/view.h"

/* Runs a machine that stands still for so many steps and draws them. Returns why it stands still
 * again (STOP_LIMIT: all steps are done). */
enum stop timeline_run(struct view *view, u64 steps);

#endif
