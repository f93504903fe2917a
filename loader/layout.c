/* Who gets which part of RAM (see layout.h). */
#include "loader/layout.h"

#include "loader/refuse.h"

#include <assert.h>
#include <inttypes.h>

#define MIB                ((u64)1 << 20)
#define LARGEST_SUGGESTION (1024 * 1024 * MIB) /* no sentence asks for more than 1 TiB of RAM */
#define SUGGESTION_STEP    (64 * MIB)

/* Either span may be empty, and neither wraps round. */
static bool overlaps(const struct span *span, paddr start, u64 size)
{
    return start < span->start + span->size && span->start < start + size;
}

static const struct span *find_clash(const struct layout *layout, paddr start, u64 size)
{
    for (unsigned i = 0; i < layout->count; i++)
        if (overlaps(&layout->spans[i], start, size))
            return &layout->spans[i];
    return NULL;
}

static bool refuse_outside(const struct ram *ram, const struct span *span, char *message,
                           size_t size)
{
    paddr last = span->start + span->size - 1, ram_last = ram->base + ram->size - 1;
    u64 wanted = last - ram->base; /* in bytes, but for the device tree on top and rounding */

    if (span->start < ram->base || last < span->start || wanted > LARGEST_SUGGESTION)
        return refuse(message, size,
                      "%s wants memory at 0x%" PRIx64 "..0x%" PRIx64 ", but RAM is at 0x%" PRIx64
                      "..0x%" PRIx64 "; link it for 0x%" PRIx64 ".",
                      span->who, span->start, last, ram->base, ram_last, ram->base);
    wanted = (wanted + 2 * MIB + SUGGESTION_STEP) / SUGGESTION_STEP * SUGGESTION_STEP;
    return refuse(message, size,
                  "%s wants memory at 0x%" PRIx64 "..0x%" PRIx64 ", but RAM ends at 0x%" PRIx64
                  "; use -m %" PRIu64 "M.",
                  span->who, span->start, last, ram_last, wanted / MIB);
}

bool layout_take(struct layout *layout, struct span span, char *message, size_t message_size)
{
    if (!ram_holds(layout->ram, span.start, span.size))
        return refuse_outside(layout->ram, &span, message, message_size);

    const struct span *clash = find_clash(layout, span.start, span.size);
    if (clash)
        return refuse(message, message_size,
                      "%s wants memory at 0x%" PRIx64 "..0x%" PRIx64 ", where %s lies.", span.who,
                      span.start, span.start + span.size - 1, clash->who);
    assert(layout->count < LAYOUT_SPANS);
    layout->spans[layout->count++] = span;
    return true;
}

bool layout_is_free(const struct layout *layout, paddr start, u64 size)
{
    return ram_holds(layout->ram, start, size) && !find_clash(layout, start, size);
}

bool layout_find(const struct layout *layout, u64 size, u64 alignment, paddr lowest, paddr limit,
                 paddr *at)
{
    const struct span *clash;

    if (lowest < layout->ram->base)
        lowest = layout->ram->base;
    if (limit > layout->ram->base + layout->ram->size)
        limit = layout->ram->base + layout->ram->size;
    do {
        if (limit < lowest || size > limit - lowest)
            return false;
        *at = (limit - size) & ~(alignment - 1);
        if (*at < lowest)
            return false;
        clash = find_clash(layout, *at, size);
        if (clash)
            limit = clash->start; /* comes down every time, so this ends */
    } while (clash);
    return true;
}
