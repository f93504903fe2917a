/* Going back: automatic snapshots of a machine in memory, and the tape of what came in since the
 * oldest of them (door.h). To be at an earlier step is to put the machine back to the snapshot
 * before it and to run from there with the tape.
 *
 * Snapshots ("points") lie on a grid of HISTORY_GRID steps; each holds the pages that were written
 * since the one before. Far from where the machine stands they are thinned, and what exceeds the
 * memory that was allowed goes, the oldest first, up to the last two: they may need twice the RAM
 * that the guest uses. */
#ifndef LOADER_HISTORY_H
#define LOADER_HISTORY_H

#include "loader/door.h"

#define HISTORY_GRID DOOR_GRID

struct history;

/* History begins now. door is the machine's, and outlives the history, as the machine does. bytes:
 * of memory for pages and tape; the pages in use at the beginning are among them. NULL and one
 * sentence when there can be none. */
struct history *history_create(struct machine *machine, struct door *door, u64 bytes, char *message,
                               size_t message_size);
/* NULL is harmless. The machine stays where it is; in the past it cannot go on, then. */
void history_destroy(struct history *history);
/* After a reset, or when somebody has changed the machine: history begins anew. Only in the
 * present. */
void history_restart(struct history *history);

/* machine_run(), with points on the way. In the past it plays what has been, shows none of it, and
 * goes over to the present without a word. */
enum stop history_run(struct history *history, u64 max_steps);

u64 history_oldest(const struct history *history);  /* the first step that can be gone to */
u64 history_present(const struct history *history); /* the last; where it would go on */
bool history_is_past(const struct history *history);

/* To this step, not before the oldest and not behind the present. Debugger's stops do not count.
 * False and one sentence when that is not possible. */
bool history_go(struct history *history, u64 step, char *message, size_t message_size);

enum history_found {
    HISTORY_FOUND,   /* the machine is there, and machine->debug_stop says what it is */
    HISTORY_NOTHING, /* no such stop: the machine is at the oldest step */
    HISTORY_LOST,    /* one sentence says why */
};

/* Backwards to the last stop of a debugger before the present position: reverse-continue. */
enum history_found history_find_back(struct history *history, char *message, size_t message_size);

/* For stats: how many points, and how much memory they and the tape take. */
unsigned history_points(const struct history *history, u64 *bytes);

#endif
