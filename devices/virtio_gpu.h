/* The screen: VIRTIO 1.2, "GPU Device", with one scanout, EDID and a cursor. Left out: 3D,
 * contexts, blobs, capability sets, UUIDs. */
#ifndef DEVICES_VIRTIO_GPU_H
#define DEVICES_VIRTIO_GPU_H

#include "devices/virtio.h"

#define VIRTIO_GPU_F_EDID ((u64)1 << 1)

#define VIRTIO_GPU_EVENT_DISPLAY 1u
#define VIRTIO_GPU_FLAG_FENCE    1u
#define VIRTIO_GPU_SCANOUTS      16u /* that an answer has room for; we have one */

enum { VIRTIO_GPU_CONTROL, VIRTIO_GPU_CURSOR, VIRTIO_GPU_QUEUES };

enum virtio_gpu_command {
    VIRTIO_GPU_GET_DISPLAY_INFO = 0x100,
    VIRTIO_GPU_RESOURCE_CREATE_2D,
    VIRTIO_GPU_RESOURCE_UNREF,
    VIRTIO_GPU_SET_SCANOUT,
    VIRTIO_GPU_RESOURCE_FLUSH,
    VIRTIO_GPU_TRANSFER_TO_HOST_2D,
    VIRTIO_GPU_RESOURCE_ATTACH_BACKING,
    VIRTIO_GPU_RESOURCE_DETACH_BACKING,
    VIRTIO_GPU_GET_EDID = 0x10a,
    VIRTIO_GPU_UPDATE_CURSOR = 0x300,
    VIRTIO_GPU_MOVE_CURSOR,
};

enum virtio_gpu_response {
    VIRTIO_GPU_OK_NODATA = 0x1100,
    VIRTIO_GPU_OK_DISPLAY_INFO,
    VIRTIO_GPU_OK_EDID = 0x1104,
    VIRTIO_GPU_ERR_UNSPEC = 0x1200,
    VIRTIO_GPU_ERR_OUT_OF_MEMORY,
    VIRTIO_GPU_ERR_INVALID_SCANOUT_ID,
    VIRTIO_GPU_ERR_INVALID_RESOURCE_ID,
    VIRTIO_GPU_ERR_INVALID_CONTEXT_ID,
    VIRTIO_GPU_ERR_INVALID_PARAMETER,
};

/* What every command and every answer begins with. */
struct virtio_gpu_header {
    u32 type, flags;
    u64 fence;
    u32 context, ring;
};

struct virtio_gpu_state {
    u32 events;            /* those that the driver has not cleared */
    u32 width, height;     /* of the picture that is wanted */
    u32 scanout;           /* the resource that is shown; 0 none */
    struct host_rect view; /* the part of it that is shown */
    u32 has_cursor;
    i32 cursor_x, cursor_y;
};

/* Its backend is a const struct host_screen *. */
extern const struct virtio_type virtio_gpu_type;

/* Shows everything again: after the state has been put back, or to a screen that has lost it. */
void virtio_gpu_show(struct device *device);

#endif
