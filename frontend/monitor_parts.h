/* The commands of the monitor's table that have files of their own. */
#ifndef FRONTEND_MONITOR_PARTS_H
#define FRONTEND_MONITOR_PARTS_H

#include "frontend/monitor.h"

/* monitor_files.c */
void monitor_load(struct monitor_call *call);
void monitor_dump(struct monitor_call *call);
void monitor_names(struct monitor_call *call);

#endif
