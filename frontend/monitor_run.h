/* The monitor of one run: joins the core (monitor.h) to the machine's socket, to its terminal, and
 * to the run loop that stops it (debugger.h). */
#ifndef FRONTEND_MONITOR_RUN_H
#define FRONTEND_MONITOR_RUN_H

#include "frontend/debugger.h"
#include "frontend/gdb.h"
#include "frontend/names.h"
#include "frontend/options.h"
#include "loader/loader.h"

struct monitor_run;

/* What the monitor of a run is to be called and to say of the machine. */
struct monitor_about {
    const char *name;     /* of the socket; or NULL: made from what */
    const char *what;     /* the file or guest; NULL: nothing was named */
    const char *sentence; /* what the machine is */
};

/* Before the host is put together. Without a name a machine that can have no socket has none; with
 * one, NULL and a sentence. */
struct monitor_run *monitor_run_open(const struct monitor_about *about, struct debugger *debugger,
                                     char *message, size_t message_size);
/* The machine exists now, and these are the names of what runs in it. */
void monitor_run_join(struct monitor_run *monitor, struct names *names);
/* What gdb's command "monitor" is: one command of ours, about the thread that gdb looks at. */
struct gdb_monitor monitor_run_gdb(struct monitor_run *monitor);
/* Before the machine and its images go, and before the terminal is given back. NULL is harmless. */
void monitor_run_close(struct monitor_run *monitor);

#endif
