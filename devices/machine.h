/* The machine: harts, bus, devices and the run loop. Everything hangs off struct machine; two of
 * them in one process do not know of each other. */
#ifndef DEVICES_MACHINE_H
#define DEVICES_MACHINE_H

#include "cpu/clock.h"
#include "cpu/debug.h"
#include "cpu/hart.h"
#include "cpu/isa.h"
#include "devices/device.h"
#include "devices/host.h"
#include "devices/syscon.h"
#include "memory/bus.h"
#include "memory/ram.h"

#define MACHINE_HARTS   64
#define MACHINE_DEVICES 32

/* Why machine_run() returned. */
enum stop {
    STOP_NONE,     /* a slice ended; nothing happened (never returned by machine_run) */
    STOP_POWEROFF, /* the guest switched the machine off */
    STOP_RESET,    /* the guest asked for a reset: machine_reset(), load again, run on */
    STOP_FAILURE,  /* the guest reported failure: exit_code */
    STOP_EXIT,     /* the guest ended through HTIF with code 0 */
    STOP_LIMIT,    /* max_steps reached */
    STOP_USER,     /* host->wants_stop() */
    STOP_HUNG,     /* every hart waits and nothing can ever wake one (virtual clock, no input) */
    STOP_DEBUG,    /* a debugger wanted it: debug_stop says why; machine_run() goes on from there */
};

/* One row of the board: which chip sits where. Read by the machine, the device tree, the monitor,
 * the tests. */
struct slot {
    const struct device_type *type;
    paddr base;
    u64 size;     /* bytes */
    unsigned irq; /* the PLIC source its line is soldered to; 0 none */
    bool extra;   /* QEMU's board has nothing here: no device tree node while it is empty */
};

struct board {
    const char *name;
    const struct slot *slots;
    unsigned slot_count;
    paddr rom_base; /* boot ROM: harts start here */
    u64 rom_size;
    paddr ram_base;
};

extern const struct board board_virt;

enum engine { ENGINE_FAST, ENGINE_PLAIN };

struct machine_config {
    const struct board *board;
    struct isa isa;
    u64 ram_size;   /* bytes */
    unsigned harts; /* 1..MACHINE_HARTS */
    enum engine engine;
    enum clock_kind clock;
    u64 steps_per_tick; /* virtual clock; 0 means 100 */
    u64 seed;           /* for the guest's entropy device under the virtual clock */
    bool legacy_virtio; /* the virtio slots speak version 1 of virtio-mmio, as QEMU's do */
};

/* Why machine_run() returned STOP_DEBUG. */
struct debug_stop {
    unsigned hart;
    enum debug_kind kind; /* DEBUG_NOTHING: stop_before */
    u64 at;               /* the address or number that it is about */
    vaddr pc; /* of the instruction that did it; that of a breakpoint is still to come */
};

/* How a guest hangs (devices/hang.h). */
enum hang {
    HANG_TRAPPED, /* the hart traps again and again and gets nowhere */
    HANG_WAITING, /* every hart waits for an interrupt that cannot come */
};

/* Who wants to hear that the guest hangs; hung may be NULL. Called between slices, once in a life
 * of the machine. */
struct machine_listener {
    void *context;
    void (*hung)(void *context, unsigned hart, enum hang what);
};

struct machine {
    struct machine_config config;
    struct host host;
    struct ram ram;
    struct bus bus;
    u8 *rom;
    struct clock clock;
    struct hart *harts[MACHINE_HARTS];
    unsigned running; /* the hart whose turn it is */
    u64 turn_left;    /* steps of its turn; 0: it has not begun */
    u64 slice_left; /* steps of a slice that a limit has cut: it goes on before all else; 0: none */
    struct device devices[MACHINE_DEVICES]; /* in the order of the board's slots */
    unsigned device_count;
    struct decoder *decoder;
    struct wire to_plic[MACHINE_DEVICES];      /* each device's line into the PLIC */
    struct wire plic_out[2 * MACHINE_HARTS];   /* external interrupts: M and S of each hart */
    struct wire aclint_out[2 * MACHINE_HARTS]; /* software and timer interrupt of each hart */
    struct syscon_listener finisher;
    enum stop stop;         /* set by a device during a slice */
    u32 exit_code;          /* the guest's own, for STOP_FAILURE */
    paddr tohost, fromhost; /* HTIF, 0 when the guest has none */
    bool has_htif;
    bool htif_called;     /* tohost was written during this slice */
    bool htif_low_only;   /* its lower half alone: RV32 writes the upper half next */
    struct debug *points; /* where to stop (devices/debug.h); NULL: nowhere */
    struct debug_stop debug_stop;
    bool has_debug_stop; /* this slice ended there */
    struct machine_listener listener;
    bool hang_told;
    unsigned stop_before; /* 1 + the hart before whose next slice to stop; 0: none */
    unsigned only; /* 1 + the hart that alone may run, while the others stand still; 0: all */
};

/* Builds a machine, powered off. On failure returns NULL and message holds one sentence. host is
 * copied. */
struct machine *machine_create(const struct machine_config *config, const struct host *host,
                               char *message, size_t message_size);
void machine_destroy(struct machine *machine);
/* Power-on reset of RAM (zeroed), ROM, devices and harts. The loader comes afterwards. */
void machine_reset(struct machine *machine);
/* Runs until something stops it, or until the machine has done max_steps steps in all. */
enum stop machine_run(struct machine *machine, u64 max_steps);
/* Called by the syscon device and HTIF: end this slice with that reason. */
void machine_stop(struct machine *machine, enum stop stop, u32 exit_code);
/* The device of that type name, the index-th of its kind (virtio-mmio has sixteen); NULL when there
 * is none. */
struct device *machine_device(struct machine *machine, const char *type_name, unsigned index);
/* HTIF's tohost and fromhost, 8 bytes each, as physical addresses: what the guest writes there is
 * obeyed. */
void machine_set_htif(struct machine *machine, paddr tohost, paddr fromhost);
/* A hash of registers, CSRs, device state and the RAM pages written since the last call. */
u64 machine_hash(struct machine *machine);

#endif
