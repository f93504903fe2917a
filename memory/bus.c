/* The bus (see bus.h): a sorted array and a binary search. */
#include "memory/bus.h"

#include <assert.h>
#include <string.h>

bool bus_attach(struct bus *bus, const struct region *region, const char **clash)
{
    unsigned at = 0;

    *clash = NULL;
    if (bus->count == BUS_REGIONS || region->size == 0 ||
        region->base + (region->size - 1) < region->base)
        return false;
    while (at < bus->count && bus->regions[at].base < region->base)
        at++;
    if (at > 0 && region->base - bus->regions[at - 1].base < bus->regions[at - 1].size) {
        *clash = bus->regions[at - 1].name;
        return false;
    }
    if (at < bus->count && bus->regions[at].base - region->base < region->size) {
        *clash = bus->regions[at].name;
        return false;
    }
    memmove(&bus->regions[at + 1], &bus->regions[at], (bus->count - at) * sizeof bus->regions[0]);
    bus->regions[at] = *region;
    bus->count++;
    return true;
}

bool bus_attach_ram(struct bus *bus, struct ram *ram, const char **clash)
{
    struct region region = {
        .name = "ram", .base = ram->base, .size = ram->size, .host = ram->bytes};

    bus->ram = ram;
    return bus_attach(bus, &region, clash);
}

const struct region *bus_find(const struct bus *bus, paddr at)
{
    unsigned low = 0, high = bus->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct region *region = &bus->regions[middle];
        if (at < region->base)
            high = middle;
        else if (at - region->base >= region->size)
            low = middle + 1;
        else
            return region;
    }
    return NULL;
}

static bool fits(const struct region *region, u64 offset, unsigned size)
{
    return region && size <= region->size - offset && (region->host || region->widths & size);
}

bool bus_read(struct bus *bus, paddr at, unsigned size, u64 *value)
{
    const struct region *region = bus_find(bus, at);

    assert(size == 1 || size == 2 || size == 4 || size == 8);
    if (!region || !fits(region, at - region->base, size))
        return false;
    *value = 0;
    if (region->host)
        memcpy(value, region->host + (at - region->base), size);
    else
        *value = region->read(region->owner, at - region->base, size);
    return true;
}

bool bus_write(struct bus *bus, paddr at, unsigned size, u64 value)
{
    const struct region *region = bus_find(bus, at);

    assert(size == 1 || size == 2 || size == 4 || size == 8);
    if (!region || !fits(region, at - region->base, size) || region->read_only)
        return false;
    if (bus->ram && region->host == bus->ram->bytes)
        memcpy(ram_writable(bus->ram, at, size), &value, size);
    else if (region->host)
        memcpy(region->host + (at - region->base), &value, size);
    else
        region->write(region->owner, at - region->base, size, value);
    return true;
}
