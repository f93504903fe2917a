/* What the machine needs from outside. The frontend and the loader fill these in; devices call
 * nothing else of the host. Everything that comes in here is taken by the machine between slices or
 * inside the one MMIO access that asks for it, at an exact step, so that it can be logged (one
 * door). */
#ifndef DEVICES_HOST_H
#define DEVICES_HOST_H

#include "memory/types.h"

struct host_console {
    void *context;
    /* The next byte typed, or -1 when there is none now. Asked between slices when the guest can
     * take one. */
    int (*read)(void *context);
    /* One byte that the guest printed. */
    void (*write)(void *context, u8 byte);
    /* Ask for the next byte only when the guest has read the one before and waits for more (pipes
     * and scripts). */
    bool one_at_a_time;
};

/* A terminal with a size, for the virtio console. */
struct host_terminal {
    struct host_console line;
    /* Columns and rows as they are now, 0 when not known; with the line's context. Asked between
     * slices. NULL: never known. */
    void (*measure)(void *context, u16 *columns, u16 *rows);
};

/* Whether zeroed space on a disk may be given back to the host. */
enum host_zero { HOST_ZERO_KEEP, HOST_ZERO_UNMAP };

#define HOST_IDENTITY 4

struct host_disk {
    void *context;
    u64 size; /* bytes, a multiple of 512 */
    bool read_only;
    char id[20]; /* what VIRTIO_BLK_T_GET_ID answers, padded with NUL */
    /* Whole transfers of whole sectors, or an error: 0, or a negative errno. The range lies within
     * the disk. */
    int (*read)(void *context, u64 offset, void *to, size_t size);
    int (*write)(void *context, u64 offset, const void *from, size_t size);
    int (*flush)(void *context); /* data and the metadata needed to find it are on stable storage */
    /* Nobody needs what is there any more: it may read as anything from now on. Like a write, it is
     * stable after the next flush. NULL, as may be zero: the disk cannot do that. */
    int (*discard)(void *context, u64 offset, u64 size);
    /* It reads as zero from now on. */
    int (*zero)(void *context, u64 offset, u64 size, enum host_zero how);

    /* For snapshots; NULL where nothing can be told or kept. Answers as above. */

    /* Words that tell this disk from another, and from itself once somebody has written to it. What
     * next_change() finds does not count. */
    int (*identify)(void *context, u64 words[HOST_IDENTITY]);
    /* The next stretch, from *at on, of what was written and can be taken back. False: no more. */
    bool (*next_change)(void *context, u64 *at, u64 *size);
    int (*revert)(void *context); /* takes all of it back */
};

/* A network of Ethernet frames without their checksum at the end. */
struct host_net {
    void *context;
    u8 mac[6]; /* the guest's */
    u16 mtu;   /* bytes of the largest packet that a frame carries, 68 or more */
    /* A frame that the guest sends, 14 to HOST_NET_FRAME_MOST bytes. Lost when there is no room. */
    void (*send)(void *context, const u8 *frame, size_t size);
    /* The frame that has waited longest for the guest, or NULL. It stays until it is dropped. Asked
     * between slices. */
    const u8 *(*look)(void *context, size_t *size);
    /* Done with the frame that look() has shown: the guest has it, or will never have it. */
    void (*drop)(void *context);
    bool (*is_up)(void *context); /* is the cable plugged in? NULL: always */
};

#define HOST_NET_FRAME_MOST (14 + 65535)

/* A folder of the host, spoken to in 9P2000.L. The buffers are the share's own: whoever asks puts a
 * message into the one and finds the answer in the other. */
struct host_share {
    void *context;
    char tag[32]; /* what the guest mounts, ends with NUL */
    u8 *request, *answer;
    u32 message_most; /* bytes that each of them holds */
    /* Does what the request says, size bytes, and returns the size of its answer, at most room; 0
     * when the request has not even a header or room is less than 11 bytes. */
    u32 (*exchange)(void *context, u32 size, u32 room);
    void (*forget)(void *context); /* the driver begins anew: every file is closed */
    /* For snapshots; may be NULL. What is open, as bytes: writes as many as there is room for, and
     * returns how many there are. */
    size_t (*keep)(void *context, u8 *to, size_t room);
    /* Could these bytes have been written by keep()? */
    bool (*accepts)(void *context, const u8 *from, size_t size);
    /* Opens it all again, as far as it is still there, and nothing else. */
    void (*reopen)(void *context, const u8 *from, size_t size);
};

struct host_rect {
    u32 x, y, width, height; /* pixels */
};

enum host_look { LOOK_NOT_NOW, LOOK_FOR_CHANGES, LOOK_AT_ALL };

/* A picture that somebody may be watching. A pixel is a word: red << 16 | green << 8 | blue. Any of
 * these may be NULL. The guest never learns what became of what it drew. */
struct host_screen {
    void *context;
    u32 width, height; /* of the picture that is wanted at power-on */
    /* Taken by the device between slices: another size is wanted. True once for each change. */
    bool (*next_size)(void *context, u32 *width, u32 *height);
    /* The guest's picture is now this large, and all of it is drawn next; 0 by 0: there is none. */
    void (*set_size)(void *context, u32 width, u32 height);
    /* This part of it has changed; the next row is stride pixels further. */
    void (*draw)(void *context, const struct host_rect *part, const u32 *pixels, u32 stride);
    /* A small picture above the picture: HOST_CURSOR pixels in each direction with alpha in the
     * upper byte, by which the colours are multiplied already. NULL: none. */
    void (*set_cursor)(void *context, const u32 *pixels);
    void (*move_cursor)(void *context, i32 x, i32 y); /* its upper left corner */
    /* For a device that must look for what has changed. It is now this tick of the guest's clock:
     * should it look? *next may be lowered to the tick at which to be asked again at the latest. */
    enum host_look (*wants_look)(void *context, u64 now, u64 *next);
    void (*looked)(void *context, u64 now); /* it has, and everything is drawn */
};

#define HOST_CURSOR 64u

/* What Linux calls an event of its input layer, and VIRTIO 1.2, "Input Device". */
struct host_event {
    u16 type, code;
    u32 value;
};

struct host_input {
    void *context;
    /* Taken by the device between slices: the next event. False when there is none now. */
    bool (*next)(void *context, struct host_event *event);
};

/* What the machine can be given for its virtio slots. Each kind is one row in machine.c. */
enum host_plug_kind {
    PLUG_NOTHING,
    PLUG_DISK,     /* backend: const struct host_disk * */
    PLUG_ENTROPY,  /* backend: const u64 *, the seed used when the host offers no random numbers */
    PLUG_NET,      /* backend: const struct host_net * */
    PLUG_SHARE,    /* backend: const struct host_share * */
    PLUG_CONSOLE,  /* backend: const struct host_terminal * */
    PLUG_SCREEN,   /* backend: const struct host_screen * */
    PLUG_KEYBOARD, /* backend: const struct host_input * */
    PLUG_TABLET,   /* the same */
    PLUG_MOUSE,    /* the same */
    PLUG_KINDS
};

struct host_plug {
    enum host_plug_kind kind;
    const void *backend; /* outlives the machine */
};

#define HOST_PLUGS        16 /* virtio slots of a board, at most */
#define HOST_PLUG_ENTROPY 7  /* where the source of entropy goes unless somebody says otherwise */

struct host {
    struct host_console console;        /* functions may be NULL: nobody types, output is dropped */
    struct host_plug plugs[HOST_PLUGS]; /* by number of the virtio slot */
    unsigned refused;                   /* things for which host_plug() found no slot */
    const struct host_screen *framebuffer; /* what shows memory; NULL: nobody watches */

    void *context; /* for the functions below; each may be NULL */
    u64 (*monotonic_ns)(void *context);
    u64 (*wall_ns)(void *context); /* since 1970 UTC; NULL: a fixed date, for repeatable runs */
    void (*random)(void *context, void *to,
                   size_t size); /* NULL: a generator seeded by the configuration */
    /* All harts wait. Sleep until ns have passed, input arrives, or something else wants attention.
     * Returns how many of these ns have passed. */
    u64 (*wait)(void *context, u64 ns);
    /* Asked between slices: should machine_run() return STOP_USER? */
    bool (*wants_stop)(void *context);
};

/* Plugs this into the first virtio slot that is empty. False when all are taken; then no machine
 * can be made for this host. */
bool host_plug(struct host *host, enum host_plug_kind kind, const void *backend);
/* The same into this slot, counted from 1; 0: into the first that is empty. */
bool host_plug_at(struct host *host, unsigned slot, enum host_plug_kind kind, const void *backend);

#endif
