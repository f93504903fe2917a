/* What virtio_gpu.c (the device) and virtio_gpu_command.c (what the driver may say) share. */
#ifndef DEVICES_VIRTIO_GPU_PARTS_H
#define DEVICES_VIRTIO_GPU_PARTS_H

#include "devices/virtio_gpu.h"
#include "devices/virtio_gpu_memory.h"

/* Room for the largest answer, behind its header. */
#define GPU_ANSWER 1032u

/* Everything that a command needs: what it said, where its answer goes. */
struct gpu_request {
    struct device *device;
    struct virtqueue_chain *chain;
    struct virtio_gpu_state *state;
    struct gpu_memory *memory;
    const struct host_screen *screen;
    union {
        struct {
            u32 id, format, width, height;
        } create;
        struct {
            u32 id, unused;
        } resource; /* also a scanout */
        struct {
            struct host_rect part;
            u32 scanout, id;
        } scanout;
        struct {
            struct host_rect part;
            u32 id, unused;
        } flush;
        struct {
            struct host_rect part;
            u64 offset;
            u32 id, unused;
        } transfer;
        struct {
            u32 id, count;
        } attach;
        struct {
            u32 scanout, x, y, unused, id, hot_x, hot_y, unused_2;
        } cursor;
    } said;
    u8 *answer; /* behind the header */
    u32 answer_size;
};

/* Does what the command of this type says, and returns the type of the answer. */
u32 gpu_obey(struct gpu_request *request, u32 type);
/* Shows this part of a resource; NULL: nothing any more. */
void gpu_show(const struct gpu_request *request, const struct gpu_resource *resource,
              struct host_rect view);
void gpu_show_cursor(const struct gpu_request *request);

#endif
