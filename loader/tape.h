/* A tape: everything that has come into a machine from outside, in its order, each with the step at
 * which it came. Recorded and played back by door.h; kept in memory in blocks, of which the oldest
 * can be given up.
 *
 * A position is a count of bytes since the tape began; it stays what it is when blocks go. */
#ifndef LOADER_TAPE_H
#define LOADER_TAPE_H

#include "memory/types.h"

enum tape_kind {
    TAPE_TYPED = 1, /* a byte on a console */
    TAPE_SIZE,      /* the terminal's columns and rows: 16 bits each */
    TAPE_DISK,      /* what a disk answered: struct tape_disk, then bytes read */
    TAPE_FRAME,     /* from the network */
    TAPE_CABLE,     /* a byte: it is plugged in, or not */
    TAPE_SHARE,     /* what a share answered: a sum of the question:64, then the answer */
    TAPE_INPUT,     /* struct host_event */
    TAPE_SCREEN,    /* the size that is wanted: 32 bits each */
    TAPE_RANDOM,    /* bytes */
    TAPE_WALL,      /* nanoseconds since 1970: 64 bits */
    TAPE_WAIT,      /* how long everything slept, in ns: 64 bits */
    TAPE_CLOCK,     /* ticks of a live clock: 64 bits */
    TAPE_CHECK,     /* a sum of all registers: 64 bits */
};

struct tape_event {
    u64 step;
    u32 size; /* bytes that follow */
    u8 kind;  /* enum tape_kind */
    u8 slot;  /* the virtio slot, or TAPE_BOARD */
    u16 unused;
};

#define TAPE_BOARD 255

struct tape_disk {
    u64 sum; /* of what was asked, and of the bytes written */
    i32 error;
    u32 unused;
};

#define TAPE_EVENT_MOST ((u32)1 << 24) /* bytes: more than any door lets in at once */

struct tape {
    u8 **blocks;
    u64 first, count; /* blocks there are: numbers first to first + count - 1 */
    u64 room;         /* pointers that blocks has room for */
    u64 begin, end;   /* positions */
    bool has_failed;  /* memory was short: it is not to be believed any more */
};

void tape_init(struct tape *tape);
void tape_free(struct tape *tape);
/* Appends an event whose bytes are these two pieces, one after the other. */
void tape_put(struct tape *tape, const struct tape_event *event, const void *bytes, size_t size,
              const void *more, size_t more_size);
/* Appends bytes that are events already, or pieces of them. */
void tape_append(struct tape *tape, const void *bytes, size_t size);
/* Reads what is at a position. False when that is not all on the tape. */
bool tape_get(const struct tape *tape, u64 at, void *to, size_t size);
/* The event at *at, and moves *at to its bytes. False at the end, and when it makes no sense. */
bool tape_event(const struct tape *tape, u64 *at, struct tape_event *event);
/* What lies before this position is not needed any more. */
void tape_drop(struct tape *tape, u64 before);
/* What lies behind it never happened. */
void tape_cut(struct tape *tape, u64 end);
u64 tape_bytes(const struct tape *tape); /* of memory */

#endif
