/* Points of a history (history.h): what RAM was, in copies of the pages that had changed.
 *
 * RAM at a point is, for each page, the copy in the latest point not after it that has one; the
 * first point has all that are not zero. */
#ifndef LOADER_HISTORY_POINTS_H
#define LOADER_HISTORY_POINTS_H

#include "loader/door.h"
#include "loader/history_bulk.h"

struct kept_page {
    u32 page;  /* index in RAM */
    u8 *bytes; /* NULL: all zero */
};

struct point {
    u64 step;
    struct door_mark mark;
    u8 *state;
    struct kept_page *pages; /* by rising index */
    u32 page_count;
    struct bulk *bulk;
};

#define POINTS_MOST 512

struct points {
    struct point *at[POINTS_MOST];
    unsigned count;
    u64 bytes;      /* of memory */
    u64 kept_since; /* the step since which pages noted as kept have not changed */
};

/* Copies what has changed since the point before, and notes that it is kept. NULL: no memory. */
struct point *point_take(struct points *points, struct machine *machine, struct door *door);
/* Puts it in its place by its step; there is none of that step. */
void points_insert(struct points *points, struct point *point);
void points_clear(struct points *points);
/* The last one not after this step; points->count if there is none. */
unsigned points_before(const struct points *points, u64 step);
/* One goes; what only it has goes over to the next. The last cannot go. */
void points_remove(struct points *points, unsigned number);
/* Puts the machine back to that point, with the door in front of it playing from there. False: no
 * memory. */
bool points_restore(struct points *points, unsigned number, struct machine *machine,
                    struct door *door, u64 end_step);

#endif
