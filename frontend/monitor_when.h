/* When a place to stop counts: "if LEFT RELATION RIGHT" and "skip N" behind the monitor's break and
 * watch. */
#ifndef FRONTEND_MONITOR_WHEN_H
#define FRONTEND_MONITOR_WHEN_H

#include "frontend/monitor.h"

/* Takes such words off the end of the call's. False: refused. */
bool monitor_take_when(struct monitor_call *call, struct monitor_when *when);
/* The machine has come by on this hart: does it stop? Counts how often that would have been. A
 * condition that makes no sense any more stops it. */
bool monitor_is_when(struct monitor *monitor, struct monitor_when *when, unsigned hart);
/* ", if a0 == 3, skip 5, met 2 times"; or as members of an object. */
void monitor_show_when(const struct view *view, struct json *json, const struct monitor_when *when);

#endif
