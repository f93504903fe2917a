/* The state of a machine but for its memory, as bytes: configuration, clock, run loop, harts,
 * chips. What a snapshot file and the snapshots in memory (history.h) have in common. Written and
 * read by the same build: the sizes and a version of our own are checked, nothing is converted.
 *
 * Not in it: RAM, ROM and what devices have in bulk, which are mostly zero; and what is outside. */
#ifndef LOADER_STATE_H
#define LOADER_STATE_H

#include "devices/machine.h"

/* What is plugged into a virtio slot, as far as the guest can have seen it. */
struct state_plug {
    u32 kind;      /* enum host_plug_kind */
    u32 flags;     /* a sum of enum state_plug_flag */
    u64 size;      /* disk: bytes; share: the longest message; screen: width << 32 | height */
    char name[32]; /* disk: its id; share: its tag */
    u8 mac[6];
    u16 mtu;
};

enum state_plug_flag {
    PLUG_READ_ONLY = 1, /* disk */
    PLUG_DISCARDS = 2,
    PLUG_ZEROES = 4,
    PLUG_HAS_CABLE = 8,      /* network: can be unplugged */
    PLUG_ONE_AT_A_TIME = 16, /* console */
    PLUG_HAS_SIZE = 32,      /* console, screen: may change */
};

/* What the host offers besides plugs. */
enum state_outside { OUTSIDE_WAIT = 1, OUTSIDE_RANDOM = 2, OUTSIDE_WALL = 4, OUTSIDE_CLOCK = 8 };

/* What machine it is. */
struct state_config {
    char board[16];
    u64 extensions, ram_size, steps_per_tick, seed;
    u32 xlen, harts, clock, legacy_virtio;
    u64 layout; /* a sum of the sizes of all parts: another build may have others */
    struct state_plug plugs[HOST_PLUGS];
    struct state_plug serial; /* flags alone */
    u32 has_framebuffer;      /* somebody watches it */
    u32 outside;              /* a sum of enum state_outside */
};

/* Bytes that the state of this machine takes. */
size_t state_size(const struct machine *machine);
/* Between slices. */
void state_save(const struct machine *machine, void *to);
struct state_config state_config_of(const struct machine *machine);
/* The configuration at the start of a state. */
struct state_config state_config_in(const void *state);
/* Steps done, and the tick it was, when the state was saved. */
u64 state_steps(const void *state);
u64 state_ticks(const void *state);

/* Is it a state of such a machine, from power-on to plugs? False and one sentence, that begins with
 * the name, if not. */
bool state_fits(const struct machine *machine, const struct state_config *config, const char *name,
                char *message, size_t message_size);
/* Could it be a state at all? size bytes; bulks: of each device, NULL where it has none. Asked
 * after state_fits(), and only where the bytes come from a file. */
bool state_is_sound(const struct machine *machine, const void *state, size_t size,
                    const void *const bulks[MACHINE_DEVICES]);
/* Goes on from this state. RAM, ROM and bulks are put back before it, state_tell() is called after
 * it. */
void state_restore(struct machine *machine, const void *state);
/* Everything is in its place again: chips tell the host what it has to see. */
void state_tell(struct machine *machine);

#endif
