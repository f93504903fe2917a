/* A folder shared with the host: VIRTIO 1.2, "9P transport" (which names the device and leaves the
 * rest to the 9P2000.L protocol). Messages are only passed on; loader/p9.h understands them. */
#ifndef DEVICES_VIRTIO_9P_H
#define DEVICES_VIRTIO_9P_H

#include "devices/virtio.h"

#define VIRTIO_9P_F_MOUNT_TAG ((u64)1 << 0)

/* Its backend is a const struct host_share *. */
extern const struct virtio_type virtio_9p_type;

#endif
