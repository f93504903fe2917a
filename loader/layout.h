/* Who gets which part of RAM before the guest starts: everything that is loaded takes its span here
 * first, so that nothing lies outside RAM or on top of something else. */
#ifndef LOADER_LAYOUT_H
#define LOADER_LAYOUT_H

#include "loader/elf.h"
#include "memory/ram.h"
#include "memory/types.h"

/* firmware, kernel, device tree, initrd, framebuffer, and what extra.h puts beside them */
#define LAYOUT_SPANS (10 * SEGMENTS + 5)

struct span {
    paddr start;
    u64 size;
    const char *who; /* as it appears in a sentence */
};

struct layout {
    const struct ram *ram;
    struct span spans[LAYOUT_SPANS];
    unsigned count;
};

/* Takes [start, start + size). False and one sentence when it is not wholly in RAM or already
 * taken. */
bool layout_take(struct layout *layout, struct span span, char *message, size_t message_size);
/* Is all of it in RAM and nobody's? */
bool layout_is_free(const struct layout *layout, paddr start, u64 size);
/* The highest free place of that size and alignment (a power of two) at or after lowest that ends
 * at or before limit. Takes nothing. */
bool layout_find(const struct layout *layout, u64 size, u64 alignment, paddr lowest, paddr limit,
                 paddr *at);

#endif
