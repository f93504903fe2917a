/* A disk: VIRTIO 1.2, "Block Device". Reads, writes, flushes and says its name. Left out: discard,
 * write zeroes, several queues, changing the write cache, and the legacy SCSI commands. */
#ifndef DEVICES_VIRTIO_BLK_H
#define DEVICES_VIRTIO_BLK_H

#include "devices/virtio.h"

#define VIRTIO_BLK_SECTOR 512u

#define VIRTIO_BLK_F_SEG_MAX  ((u64)1 << 2)
#define VIRTIO_BLK_F_RO       ((u64)1 << 5)
#define VIRTIO_BLK_F_BLK_SIZE ((u64)1 << 6)
#define VIRTIO_BLK_F_FLUSH    ((u64)1 << 9)

enum virtio_blk_request {
    VIRTIO_BLK_IN = 0,
    VIRTIO_BLK_OUT = 1,
    VIRTIO_BLK_FLUSH = 4,
    VIRTIO_BLK_GET_ID = 8,
};

enum virtio_blk_status { VIRTIO_BLK_OK = 0, VIRTIO_BLK_IOERR = 1, VIRTIO_BLK_UNSUPP = 2 };

/* Its backend is a const struct host_disk *. */
extern const struct virtio_type virtio_blk_type;

#endif
