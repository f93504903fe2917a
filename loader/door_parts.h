/* Shared by the files of the door (door.h): door.c keeps tape and machine in step, door_plugs.c
 * and door_disk.c wrap what is plugged into virtio slots, door_empty.c is what stands there when
 * nothing does. */
#ifndef LOADER_DOOR_PARTS_H
#define LOADER_DOOR_PARTS_H

#include "loader/door.h"

/* What stands before one virtio slot. */
struct door_slot {
    struct door *door;
    u8 number;         /* or TAPE_BOARD */
    const void *real;  /* what it stands before */
    u16 columns, rows; /* as last told */
    bool is_up;
    u64 frame_at; /* 1 + position of the frame that waits; 0: none */
    u8 *frame;    /* HOST_NET_FRAME_MOST bytes; NULL: not needed so far */
    union {
        struct host_disk disk;
        struct host_net net;
        struct host_share share;
        struct host_terminal terminal;
        struct host_screen screen;
        struct host_input input;
    } face; /* what the machine sees */
};

struct door {
    struct host real;
    struct machine *machine;
    struct tape tape;
    bool is_playing, is_shut, hides_output, stops_at_end, has_diverged, is_deaf;
    u64 at;       /* position, while it plays */
    u64 end_step; /* where playing ends */
    u64 seen;     /* up to this step everything printed has been shown */
    u64 ticks, ticks_step;
    bool has_slept; /* a live clock may be asked again at the same step */
    bool is_late;   /* it has gone on while a tape was played */
    u64 shift;      /* by so many ticks, which are taken back */
    u64 next_check;
    struct door_slot serial, slots[HOST_PLUGS];
    void (*grown)(void *context); /* NULL: nobody listens */
    void *grown_context;
    u64 grown_from;           /* position */
    u64 needed[DOOR_READERS]; /* positions */
    u64 passed;               /* the multiple of DOOR_GRID that was passed last */
    void (*meet)(void *context);
    void *meet_context;
    struct door_empty *empty; /* NULL: something is behind it */
    char divergence[256];
};

u64 door_step(const struct door *door);
/* Playing or recording? Goes over from one to the other when the end is reached. */
bool door_plays(struct door *door);
/* Notes that this came in now. */
void door_note(struct door *door, enum tape_kind kind, u8 slot, const void *bytes, size_t size,
               const void *more, size_t more_size);
/* Did this come in now? Then *size bytes at *at of the tape, and it is taken off. */
bool door_came(struct door *door, enum tape_kind kind, u8 slot, u64 *at, u32 *size);
/* The same of something with this many bytes, copied to a place. */
bool door_came_as(struct door *door, enum tape_kind kind, u8 slot, void *to, u32 size);
/* Something was asked for: it must have come. False: it did not, and the two have parted. */
bool door_must_have(struct door *door, enum tape_kind kind, u8 slot, u64 *at, u32 *size);
void door_diverge(struct door *door, const char *what);

/* Puts a face before what is plugged in there. */
void door_wrap_plug(struct door_slot *slot, struct host_plug *plug);
void door_wrap_console(struct door_slot *slot, struct host_console *console);
const void *door_wrap_disk(struct door_slot *slot, const struct host_disk *real);

/* What a host without anything behind it is made of. */
struct door_empty *door_empty_create(struct host *host, const struct state_config *config);
void door_empty_destroy(struct door_empty *empty);

#endif
