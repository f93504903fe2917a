/* What a chip is. A chip is one file and one row of the board.
 *
 * Its state is one struct of fixed-width members without pointers, so that a snapshot is a copy of
 * it and a hash covers it. Registers are read and written by offset; what they are called and what
 * they mean is in its register table, which the monitor, the documentation and the tests read. */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "cpu/clock.h"
#include "devices/host.h"
#include "memory/bus.h"
#include "memory/types.h"

enum reg_access { REG_R = 1, REG_W = 2, REG_RW = 3 };

struct reg_info {
    const char *name;
    u32 offset;
    u8 width;  /* bytes */
    u8 access; /* enum reg_access */
    const char *meaning;
};

struct device;
struct virtio_type;

struct device_type {
    const char *name;            /* "uart" */
    const char *compatible;      /* the device tree's word, "ns16550a" */
    const struct reg_info *regs; /* ends with a row whose name is NULL */
    size_t state_size;           /* bytes */
    u8 widths;                   /* as in struct region */
    void (*reset)(struct device *);
    u64 (*read)(struct device *, u64 offset, unsigned size);
    void (*write)(struct device *, u64 offset, unsigned size, u64 value);
    /* It is now this tick. Do what is due and return the tick at which to be called next, or
     * CLOCK_NEVER. Called between slices, and again after every MMIO write. May be NULL. */
    u64 (*tick)(struct device *, u64 now);
    /* The one door: take what has come from outside (packets, keys), as far as the guest has room
     * for it. Called between slices; says whether anything came in. May be NULL. */
    bool (*take)(struct device *);
    /* Could these state_size and bulk_size bytes be a state of this device, one that the rest of it
     * can trust? NULL: all could. Where the state comes from a file, it is asked first. */
    bool (*accepts)(const struct device *, const void *state, const void *bulk);
    /* The state has been put back, and RAM with it: shows the host what it has not seen. May be
     * NULL. */
    void (*restored)(struct device *);
};

struct device {
    const struct device_type *type;
    void *state; /* type->state_size bytes, all zero before reset() */
    void *bulk;  /* more state, for a function that has much of it (pixels): bulk_size bytes, all
                    zero at first. Without pointers, too */
    size_t bulk_size;
    const void
        *plugged; /* what is at our end of the cable (a struct host_disk, ...); never saved */
    const struct virtio_type *function; /* a virtio slot: what it is; NULL, an empty slot */
    bool is_legacy;                     /* a virtio slot: it speaks version 1 of virtio-mmio */
    const struct host *host;
    struct bus *bus; /* for DMA */
    struct clock *clock;
    const struct wire *out; /* interrupt lines */
    unsigned out_count;
    unsigned harts; /* how many harts the machine has */
};

#endif
