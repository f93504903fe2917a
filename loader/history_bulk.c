/* Bulks of devices in pages that points share (see history_bulk.h). They are counted through: all
 * pages of the first device that has a bulk, then those of the next; a last page may be short. */
#include "loader/history_bulk.h"

#include <stdlib.h>
#include <string.h>

struct bulk_page {
    u32 holders; /* points that have it */
    u8 bytes[PAGE_SIZE];
};

/* A page where the device has it. */
struct place {
    u8 *at;
    size_t size;
};

static size_t page_count(const struct device *device)
{
    return (device->bulk_size + PAGE_SIZE - 1) >> PAGE_BITS;
}

static struct place place_of(const struct device *device, size_t page)
{
    size_t from = page << PAGE_BITS, left = device->bulk_size - from;

    return (struct place){(u8 *)device->bulk + from, left < PAGE_SIZE ? left : PAGE_SIZE};
}

static bool is_zero(struct place place)
{
    return place.at[0] == 0 && !memcmp(place.at, place.at + 1, place.size - 1);
}

static bool is_same(struct place place, const struct bulk_page *page)
{
    return page ? !memcmp(place.at, page->bytes, place.size) : is_zero(place);
}

/* False: no memory. */
static bool take_page(struct bulk_page **to, struct place place, struct bulk_page *before,
                      u64 *bytes)
{
    *to = NULL;
    if (is_same(place, before)) {
        *to = before;
        if (before)
            before->holders++;
        return true;
    }
    if (is_zero(place))
        return true;
    *to = malloc(sizeof **to);
    if (!*to)
        return false;
    (*to)->holders = 1;
    memcpy((*to)->bytes, place.at, place.size);
    *bytes += sizeof **to;
    return true;
}

static u64 cost(const struct bulk *bulk)
{
    return sizeof *bulk + bulk->count * sizeof bulk->pages[0];
}

struct bulk *bulk_take(const struct machine *machine, const struct bulk *before, u64 *bytes)
{
    size_t total = 0;

    for (unsigned i = 0; i < machine->device_count; i++)
        total += page_count(&machine->devices[i]);
    struct bulk *bulk = malloc(sizeof *bulk + total * sizeof bulk->pages[0]);
    if (!bulk)
        return NULL;
    bulk->count = 0;
    *bytes += cost(bulk);
    for (unsigned i = 0; i < machine->device_count; i++)
        for (size_t n = 0; n < page_count(&machine->devices[i]); n++) {
            struct bulk_page *old = before ? before->pages[bulk->count] : NULL;
            struct place place = place_of(&machine->devices[i], n);
            if (!take_page(&bulk->pages[bulk->count], place, old, bytes)) {
                bulk_free(bulk, bytes);
                return NULL;
            }
            bulk->count++;
            *bytes += sizeof bulk->pages[0];
        }
    return bulk;
}

static void put_page(struct place place, const struct bulk_page *page)
{
    if (is_same(place, page)) /* zeroes that nobody has touched cost nothing, and shall not */
        return;
    if (page)
        memcpy(place.at, page->bytes, place.size);
    else
        memset(place.at, 0, place.size);
}

void bulk_restore(struct machine *machine, const struct bulk *bulk)
{
    struct bulk_page *const *page = bulk->pages;

    for (unsigned i = 0; i < machine->device_count; i++)
        for (size_t n = 0; n < page_count(&machine->devices[i]); n++)
            put_page(place_of(&machine->devices[i], n), *page++);
}

void bulk_free(struct bulk *bulk, u64 *bytes)
{
    if (!bulk)
        return;
    for (u32 i = 0; i < bulk->count; i++)
        if (bulk->pages[i] && --bulk->pages[i]->holders == 0) {
            *bytes -= sizeof *bulk->pages[i];
            free(bulk->pages[i]);
        }
    *bytes -= cost(bulk);
    free(bulk);
}
