/* The machine's end of the monitor's socket: up to eight clients at once, looked after between
 * slices. One that reads slowly waits for itself alone; when a ninth comes, the one that has been
 * silent longest has to go. */
#ifndef FRONTEND_MONITOR_SERVER_H
#define FRONTEND_MONITOR_SERVER_H

#include "frontend/monitor.h"
#include "frontend/outside.h"

struct monitor_server;

/* Listens at this path. NULL and one sentence when that cannot be. monitor outlives it. */
struct monitor_server *monitor_server_open(struct monitor *monitor, const char *path, char *message,
                                           size_t message_size);
/* Removes the socket. NULL is harmless. */
void monitor_server_close(struct monitor_server *server);
struct attendant monitor_server_attendant(struct monitor_server *server);
/* The machine stands still: clients that waited for it are answered. */
void monitor_server_stopped(struct monitor_server *server);

#endif
