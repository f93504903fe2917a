/* gdb's door into the machine: a stub of its remote protocol over TCP or a unix socket. One gdb at
 * a time; it may go and come again. A machine is paused by the first sound packet, not by a
 * connection. */
#ifndef FRONTEND_GDB_H
#define FRONTEND_GDB_H

#include "frontend/debugger.h"

#include <stdio.h>

struct gdb;

/* What becomes of gdb's command "monitor": obeys the line, which it may change, about that hart,
 * and prints to out. */
struct gdb_monitor {
    void *context;
    void (*obey)(void *context, unsigned hart, char *line, FILE *out);
};

/* Listens there (frontend/listen.h); with or_any, at any free port where this one is taken. The
 * debugger must stay where it is. NULL, and one sentence, when it cannot be. */
enum gdb_place { GDB_HERE, GDB_HERE_OR_ANY };
struct gdb *gdb_open(struct debugger *debugger, const char *place, enum gdb_place or_any,
                     char *message, size_t message_size);
void gdb_close(struct gdb *gdb);
/* Where it listens, as gdb's "target remote" takes it. */
const char *gdb_place(const struct gdb *gdb);
void gdb_set_monitor(struct gdb *gdb, struct gdb_monitor monitor);

#endif
