/* The screen's resources: pictures that the driver makes, fills from its own memory and shows
 * (VIRTIO 1.2, "GPU Device", "Device Operation: Operate resources"). All of it lies in one
 * piece of bounded size without pointers, the bulk of the device's state; what no resource uses is
 * zero. */
#ifndef DEVICES_VIRTIO_GPU_MEMORY_H
#define DEVICES_VIRTIO_GPU_MEMORY_H

#include "devices/host.h"
#include "memory/ram.h"
#include "memory/types.h"

#define GPU_RESOURCES 256u
#define GPU_PIXELS    ((u32)16 << 20) /* of all resources together: 64 MiB */
#define GPU_PIECES    32768u          /* of the guest's memory, of all resources together */

/* A row of pixels or pieces that belongs to a resource. */
struct gpu_span {
    u32 first, count;
};

struct gpu_resource {
    u32 id; /* the driver's; 0: this place is free */
    u32 format;
    u32 width, height; /* pixels */
    struct gpu_span pixels, pieces;
};

/* A piece of guest RAM that backs a resource. */
struct gpu_piece {
    u64 at;   /* checked when it is used */
    u32 size; /* bytes */
    u32 unused;
};

struct gpu_memory {
    struct gpu_resource resources[GPU_RESOURCES];
    struct gpu_piece pieces[GPU_PIECES];
    u32 cursor[HOST_CURSOR *
               HOST_CURSOR]; /* as it was when the driver last said it should change */
    u32 pixels[GPU_PIXELS];  /* in the form of struct host_screen, alpha above */
};

/* The resource of that number, not 0; NULL when there is none. */
struct gpu_resource *gpu_find(struct gpu_memory *memory, u32 id);
/* False when that format does not exist. */
bool gpu_has_format(u32 format);
/* A new resource, black. NULL when there is no room. width and height are not 0. */
struct gpu_resource *gpu_create(struct gpu_memory *memory, u32 id, u32 format, u32 width,
                                u32 height);
/* The resource ends; its pixels are zero again. */
void gpu_remove(struct gpu_memory *memory, struct gpu_resource *resource);
/* Room for so many pieces, which the caller fills. NULL when there is none. */
struct gpu_piece *gpu_attach(struct gpu_memory *memory, struct gpu_resource *resource, u32 count);
void gpu_detach(struct gpu_memory *memory, struct gpu_resource *resource);
/* Is the part wholly in a picture of that size, and not empty? */
bool gpu_holds(u32 width, u32 height, const struct host_rect *part);
/* Copies a part of the resource (gpu_holds) from the guest's pieces, whose bytes from offset on are
 * its first row. False when a byte of it lies in no piece or outside RAM; rows before it are copied
 * all the same. */
bool gpu_transfer(struct gpu_memory *memory, const struct gpu_resource *resource,
                  const struct ram *ram, const struct host_rect *part, u64 offset);

/* Could this be what the functions above have made? Each resource has a place of its own. */
bool gpu_accepts(const struct gpu_memory *memory);

static inline u32 *gpu_pixels(struct gpu_memory *memory, const struct gpu_resource *resource)
{
    return memory->pixels + resource->pixels.first;
}

#endif
