/* The other end of the monitor's socket: `vitrine list`, `vitrine monitor`, and one command from
 * the shell. */
#ifndef FRONTEND_MONITOR_CLIENT_H
#define FRONTEND_MONITOR_CLIENT_H

#include "frontend/options.h"

/* Prints the running machines. */
enum exit_code monitor_list(const struct options *options);
/* Talks to the machine of that name or socket, or to the only one: lines from stdin, with editing
 * on a terminal. */
enum exit_code monitor_visit(const struct options *options, const char *name);
/* Sends the words of the command line to the machine that --name names, or to the only one. */
enum exit_code monitor_ask(const struct options *options);

#endif
