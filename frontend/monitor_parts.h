/* The commands of the monitor's table that have files of their own. */
#ifndef FRONTEND_MONITOR_PARTS_H
#define FRONTEND_MONITOR_PARTS_H

#include "frontend/monitor.h"

/* monitor_files.c */
void monitor_load(struct monitor_call *call);
void monitor_dump(struct monitor_call *call);
void monitor_names(struct monitor_call *call);
/* monitor_stop.c */
void monitor_stop(struct monitor_call *call);
void monitor_continue(struct monitor_call *call);
void monitor_step(struct monitor_call *call);
void monitor_next(struct monitor_call *call);
void monitor_until(struct monitor_call *call);
void monitor_finish(struct monitor_call *call);
void monitor_back(struct monitor_call *call);
void monitor_reverse(struct monitor_call *call);
/* For commands that run the machine themselves. False, and refused: it runs already. */
bool monitor_stands(struct monitor_call *call);
/* For commands that go back. False, and refused: nothing is remembered. */
bool monitor_remembers(struct monitor_call *call);
/* For commands that change the machine, before they do. False, and refused: it stands in its past.
 */
bool monitor_may_change(struct monitor_call *call);
/* And after they have: what is remembered begins anew. */
void monitor_changed(struct monitor_call *call);
/* What a step of theirs met, for the run loop: the end of the run, or a reset. */
void monitor_pass_on(struct machine *machine, enum stop stop);
/* monitor_trace.c */
void monitor_trace(struct monitor_call *call);
void monitor_timeline(struct monitor_call *call);
void monitor_history(struct monitor_call *call);
void monitor_profile(struct monitor_call *call);
void monitor_stats(struct monitor_call *call);
/* monitor_snapshot.c */
void monitor_snapshot(struct monitor_call *call);
/* monitor_points.c */
void monitor_break(struct monitor_call *call);
void monitor_watch(struct monitor_call *call);
void monitor_delete(struct monitor_call *call);

/* monitor_look.c */
void monitor_walk(struct monitor_call *call);
void monitor_maps(struct monitor_call *call);
void monitor_tlb(struct monitor_call *call);
void monitor_pmp(struct monitor_call *call);
void monitor_explain(struct monitor_call *call);
void monitor_why(struct monitor_call *call);
void monitor_print(struct monitor_call *call);
void monitor_dmesg(struct monitor_call *call);

#endif
