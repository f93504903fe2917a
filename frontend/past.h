/* The past of a run: history (loader/history.h) as the debugger's loop wants it. */
#ifndef FRONTEND_PAST_H
#define FRONTEND_PAST_H

#include "frontend/debugger.h"
#include "frontend/snapshots.h"
#include "loader/history.h"

struct past {
    u64 bytes;               /* of memory that it may use; 0: as much as seems right */
    struct history *history; /* NULL: none */
    struct debugger_past calls;
    char message[512]; /* why the last way back was none; empty: it was one */
};

/* A life of the machine begins: it can be gone back to from now on. Where that cannot be, the
 * debugger has no past, and message says why. */
void past_begin(struct past *past, struct debugger *debugger, struct machine *machine,
                struct door *door, struct snapshots *snapshots);
void past_end(struct past *past);

#endif
