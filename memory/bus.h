/* The bus: what answers at which physical address. RAM and ROM are bytes; everything else is a
 * device that is asked. Two regions never overlap. Also the interrupt lines ("wires") between
 * chips. */
#ifndef MEMORY_BUS_H
#define MEMORY_BUS_H

#include "memory/ram.h"
#include "memory/types.h"

#define BUS_REGIONS 64

struct region {
    const char *name;
    paddr base;
    u64 size;       /* bytes */
    u8 *host;       /* RAM and ROM: their bytes. A device has NULL and the two functions below */
    bool read_only; /* ROM: a store is an access fault */
    u8 widths; /* sum of the access sizes a device answers to (1, 2, 4, 8); others are access faults
                */
    void *owner;
    u64 (*read)(void *owner, u64 offset, unsigned size);
    void (*write)(void *owner, u64 offset, unsigned size, u64 value);
};

/* One interrupt line. The listener hears levels, not edges, and may hear the same level twice. */
struct wire {
    void (*set)(void *listener, int line, bool level);
    void *listener;
    int line;
};

static inline void wire_set(const struct wire *wire, bool level)
{
    if (wire->set)
        wire->set(wire->listener, wire->line, level);
}

struct bus {
    struct region regions[BUS_REGIONS]; /* in order of address */
    unsigned count;
    struct ram
        *ram; /* the RAM that the region "ram" shows; every write to it goes through its gate */
};

/* Adds a region. False when it is empty, wraps round, overlaps another (whose name then is in
 * *clash), or the bus is full (*clash is NULL). */
bool bus_attach(struct bus *bus, const struct region *region, const char **clash);
/* Adds the whole of ram as the region "ram" and remembers it for the gate. */
bool bus_attach_ram(struct bus *bus, struct ram *ram, const char **clash);
/* The region that holds this address, or NULL. O(log n). */
const struct region *bus_find(const struct bus *bus, paddr at);

/* One access of 1, 2, 4 or 8 bytes, little-endian. False is an access fault: nothing there, a width
 * the device does not have, an access that straddles the end of a region, a store to ROM. */
bool bus_read(struct bus *bus, paddr at, unsigned size, u64 *value);
bool bus_write(struct bus *bus, paddr at, unsigned size, u64 value);

#endif
