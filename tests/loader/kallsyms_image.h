/* A small kernel Image, as far as its own symbol tables go: the tables as Linux lays them out
 * (loader/kallsyms.c draws them), with a few tokens that stand for more than a letter. */
#ifndef TESTS_LOADER_KALLSYMS_IMAGE_H
#define TESTS_LOADER_KALLSYMS_IMAGE_H

#include "memory/types.h"

#include <stdio.h>
#include <string.h>

#define KALLSYMS_BASE 0xffffffff80000000u
#define KALLSYMS_STEP 0x40 /* bytes from each symbol to the next */

struct kallsyms_image {
    u8 bytes[65536];
    size_t size;
    size_t count;       /* symbols: "name0", "name1", ... */
    unsigned alignment; /* 4 or 8 */
    unsigned pointer;   /* bytes: 8, or 4 for RV32 */
    bool is_relative_to_itself;
    u64 base; /* as the tables say it: 0, not relocated yet */
};

static inline void kallsyms_put(struct kallsyms_image *image, u64 value, unsigned size)
{
    memcpy(image->bytes + image->size, &value, size);
    image->size += size;
}

static inline void kallsyms_align(struct kallsyms_image *image, unsigned to)
{
    while (image->size % to)
        image->bytes[image->size++] = 0;
}

/* Token 1 is "name", the printable ones are themselves, the others are not used. */
static inline void kallsyms_put_tokens(struct kallsyms_image *image)
{
    u16 index[256];
    size_t start = image->size;

    for (unsigned i = 0; i < 256; i++) {
        index[i] = (u16)(image->size - start);
        if (i == 1)
            image->size += (size_t)sprintf((char *)image->bytes + image->size, "name");
        else if (i > ' ' && i < 0x7f)
            image->bytes[image->size++] = (u8)i;
        image->bytes[image->size++] = 0;
    }
    kallsyms_align(image, image->alignment);
    memcpy(image->bytes + image->size, index, sizeof index);
    image->size += sizeof index;
}

static inline void kallsyms_put_names(struct kallsyms_image *image, u32 *markers)
{
    size_t start = image->size;

    for (size_t i = 0; i < image->count; i++) {
        char digits[24];
        size_t length = (size_t)sprintf(digits, "%zu", i);
        if (i % 256 == 0)
            markers[i / 256] = (u32)(image->size - start);
        kallsyms_put(image, length + 2, 1);
        kallsyms_put(image, 'T', 1);
        kallsyms_put(image, 1, 1);
        memcpy(image->bytes + image->size, digits, length);
        image->size += length;
    }
}

static inline void kallsyms_put_offsets(struct kallsyms_image *image)
{
    size_t start = image->size;

    for (size_t i = 0; i < image->count; i++)
        kallsyms_put(image, KALLSYMS_STEP * i - (image->is_relative_to_itself ? start + 4 * i : 0),
                     4);
    if (image->is_relative_to_itself)
        return;
    kallsyms_align(image, image->pointer);
    kallsyms_put(image, image->base, image->pointer);
}

/* Fills bytes from the other members: 1000 bytes of something else, and then the tables. */
static inline void kallsyms_image_make(struct kallsyms_image *image)
{
    u32 markers[16];

    image->size = 1000;
    memset(image->bytes, '0', image->size);
    kallsyms_align(image, image->alignment);
    kallsyms_put(image, image->count, 4);
    kallsyms_align(image, image->alignment);
    kallsyms_put_names(image, markers);
    kallsyms_align(image, image->alignment);
    for (size_t i = 0; i < (image->count + 255) / 256; i++)
        kallsyms_put(image, markers[i], 4);
    kallsyms_align(image, image->alignment);
    kallsyms_put_tokens(image);
    kallsyms_align(image, image->alignment);
    kallsyms_put_offsets(image);
}

#endif
