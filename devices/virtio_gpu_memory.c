/* Resources of the screen (see virtio_gpu_memory.h). Room is found by looking through all of them,
 * since they are few; the pixels are brought into one form when they are copied, so that nobody
 * afterwards needs to know of formats. */
#include "devices/virtio_gpu_memory.h"

#include <assert.h>
#include <string.h>

/* VIRTIO 1.2, "enum virtio_gpu_formats": names say the order of the bytes in memory. By how many
 * bits each is shifted in the word that these bytes make; alpha -1: none, the pixel is opaque. */
struct format {
    u32 number;
    i8 red, green, blue, alpha;
};

static const struct format formats[] = {
    {1, 16, 8, 0, 24},   /* B8G8R8A8 */
    {2, 16, 8, 0, -1},   /* B8G8R8X8 */
    {3, 8, 16, 24, 0},   /* A8R8G8B8 */
    {4, 8, 16, 24, -1},  /* X8R8G8B8 */
    {67, 0, 8, 16, 24},  /* R8G8B8A8 */
    {68, 24, 16, 8, -1}, /* X8B8G8R8 */
    {121, 24, 16, 8, 0}, /* A8B8G8R8 */
    {134, 0, 8, 16, -1}, /* R8G8B8X8 */
};

static const struct format *find_format(u32 number)
{
    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (formats[i].number == number)
            return &formats[i];
    return NULL;
}

bool gpu_has_format(u32 format)
{
    return find_format(format) != NULL;
}

struct gpu_resource *gpu_find(struct gpu_memory *memory, u32 id)
{
    for (unsigned i = 0; i < GPU_RESOURCES; i++)
        if (id && memory->resources[i].id == id)
            return &memory->resources[i];
    return NULL;
}

enum what { PIXELS, PIECES };

static const struct gpu_span *span_of(const struct gpu_resource *resource, enum what what)
{
    return what == PIXELS ? &resource->pixels : &resource->pieces;
}

/* Do all resources leave these alone? */
static bool is_free(const struct gpu_memory *memory, enum what what, u32 first, u32 count)
{
    for (unsigned i = 0; i < GPU_RESOURCES; i++) {
        const struct gpu_span *span = span_of(&memory->resources[i], what);
        if (first < span->first + span->count && span->first < first + count)
            return false;
    }
    return true;
}

/* The first room of that size begins at 0 or where another ends. */
static bool find_room(const struct gpu_memory *memory, enum what what, u32 total, u32 count,
                      u32 *first)
{
    if (count > total)
        return false;
    *first = 0;
    if (is_free(memory, what, 0, count))
        return true;
    for (unsigned i = 0; i < GPU_RESOURCES; i++) {
        const struct gpu_span *span = span_of(&memory->resources[i], what);
        *first = span->first + span->count;
        if (*first <= total - count && is_free(memory, what, *first, count))
            return true;
    }
    return false;
}

struct gpu_resource *gpu_create(struct gpu_memory *memory, u32 id, u32 format, u32 width,
                                u32 height)
{
    u64 count = (u64)width * height;
    u32 first;

    for (unsigned i = 0; i < GPU_RESOURCES; i++) {
        struct gpu_resource *resource = &memory->resources[i];
        if (resource->id)
            continue;
        if (count > GPU_PIXELS || !find_room(memory, PIXELS, GPU_PIXELS, (u32)count, &first))
            return NULL;
        *resource = (struct gpu_resource){id, format, width, height, {first, (u32)count}, {0, 0}};
        return resource;
    }
    return NULL;
}

void gpu_remove(struct gpu_memory *memory, struct gpu_resource *resource)
{
    gpu_detach(memory, resource);
    memset(gpu_pixels(memory, resource), 0, (size_t)4 * resource->pixels.count);
    *resource = (struct gpu_resource){0};
}

struct gpu_piece *gpu_attach(struct gpu_memory *memory, struct gpu_resource *resource, u32 count)
{
    u32 first;

    if (!find_room(memory, PIECES, GPU_PIECES, count, &first))
        return NULL;
    resource->pieces = (struct gpu_span){first, count};
    return memory->pieces + first;
}

void gpu_detach(struct gpu_memory *memory, struct gpu_resource *resource)
{
    memset(memory->pieces + resource->pieces.first, 0,
           resource->pieces.count * sizeof memory->pieces[0]);
    resource->pieces = (struct gpu_span){0, 0};
}

bool gpu_holds(u32 width, u32 height, const struct host_rect *part)
{
    return part->width && part->height && part->x < width && part->width <= width - part->x &&
           part->y < height && part->height <= height - part->y;
}

/* Where we are in a resource's backing: only ever forward, so that a transfer looks at each piece
 * once, however many there are. */
struct reader {
    const struct ram *ram;
    const struct gpu_piece *piece, *end;
    u64 before; /* bytes in the pieces that lie behind us */
};

/* Copies bytes from an offset that is not smaller than the one before. */
static bool copy(struct reader *reader, u64 offset, u8 *to, u64 size)
{
    while (size) {
        while (reader->piece < reader->end && offset - reader->before >= reader->piece->size) {
            reader->before += reader->piece->size;
            reader->piece++;
        }
        if (reader->piece == reader->end)
            return false;
        u64 inside = offset - reader->before, left = reader->piece->size - inside;
        u64 part = size < left ? size : left;
        if (!ram_dma_read(reader->ram, reader->piece->at + inside, to, part))
            return false;
        to += part;
        offset += part;
        size -= part;
    }
    return true;
}

static void convert(const struct format *format, u32 *pixels, u32 count)
{
    if (format->red == 16) /* as it should be already; what stands for alpha may be anything */
        return;
    for (u32 i = 0; i < count; i++) {
        u32 word = pixels[i];
        u32 alpha = format->alpha < 0 ? 255 : word >> format->alpha & 255;
        pixels[i] = alpha << 24 | (word >> format->red & 255) << 16 |
                    (word >> format->green & 255) << 8 | (word >> format->blue & 255);
    }
}

bool gpu_transfer(struct gpu_memory *memory, const struct gpu_resource *resource,
                  const struct ram *ram, const struct host_rect *part, u64 offset)
{
    const struct format *format = find_format(resource->format);
    const struct gpu_piece *first = memory->pieces + resource->pieces.first;
    struct reader reader = {ram, first, first + resource->pieces.count, 0};
    u64 stride = (u64)4 * resource->width;

    assert(gpu_holds(resource->width, resource->height, part));
    /* An offset from which a later row would wrap round fails at the first: all pieces together
     * have less than 2^48 bytes. */
    for (u32 row = 0; row < part->height; row++) {
        u32 *to = gpu_pixels(memory, resource) + (u64)(part->y + row) * resource->width + part->x;
        if (!copy(&reader, offset + row * stride, (u8 *)to, (u64)4 * part->width))
            return false;
        convert(format, to, part->width);
    }
    return true;
}

static bool overlap(const struct gpu_span *a, const struct gpu_span *b)
{
    return a->count && b->count && a->first < b->first + b->count && b->first < a->first + a->count;
}

static bool is_inside(const struct gpu_span *span, u32 total)
{
    return span->first <= total && span->count <= total - span->first;
}

static bool accepts(const struct gpu_resource *resource)
{
    const struct gpu_span *pixels = &resource->pixels, *pieces = &resource->pieces;

    if (!is_inside(pixels, GPU_PIXELS) || !is_inside(pieces, GPU_PIECES))
        return false;
    if (resource->id == 0)
        return pixels->count == 0 && pieces->count == 0;
    return resource->width && resource->height &&
           (u64)resource->width * resource->height == pixels->count &&
           gpu_has_format(resource->format);
}

bool gpu_accepts(const struct gpu_memory *memory)
{
    const struct gpu_resource *resources = memory->resources;

    for (unsigned i = 0; i < GPU_RESOURCES; i++) {
        if (!accepts(&resources[i]))
            return false;
        for (unsigned n = 0; n < i; n++)
            if (overlap(&resources[i].pixels, &resources[n].pixels) ||
                overlap(&resources[i].pieces, &resources[n].pieces))
                return false;
    }
    return true;
}
