/* The monitor on the machine's own terminal: Ctrl-A c lends it the terminal, and gives it back. The
 * guest runs on meanwhile, and what it prints is shown afterwards. */
#ifndef FRONTEND_MONITOR_TERMINAL_H
#define FRONTEND_MONITOR_TERMINAL_H

#include "frontend/console.h"
#include "frontend/monitor.h"
#include "frontend/outside.h"

struct monitor_terminal;

/* monitor and console outlive it. NULL when there is no memory. */
struct monitor_terminal *monitor_terminal_open(struct monitor *monitor, struct console *console);
/* The console has its terminal again. NULL is harmless. */
void monitor_terminal_close(struct monitor_terminal *terminal);
struct attendant monitor_terminal_attendant(struct monitor_terminal *terminal);
/* The machine stands still. Whoever waited for it may go on, and where something was met that the
 * monitor was told to look for, the terminal is taken. */
void monitor_terminal_stopped(struct monitor_terminal *terminal);

#endif
