/* A disk: VIRTIO 1.2, "Block Device". Reads, writes, flushes, discards, writes zeroes and says its
 * name. Left out: secure erase, several queues, changing the write cache, and the legacy SCSI
 * commands. */
#ifndef DEVICES_VIRTIO_BLK_H
#define DEVICES_VIRTIO_BLK_H

#include "devices/virtio.h"

#define VIRTIO_BLK_SECTOR 512u

#define VIRTIO_BLK_F_SEG_MAX      ((u64)1 << 2)
#define VIRTIO_BLK_F_RO           ((u64)1 << 5)
#define VIRTIO_BLK_F_BLK_SIZE     ((u64)1 << 6)
#define VIRTIO_BLK_F_FLUSH        ((u64)1 << 9)
#define VIRTIO_BLK_F_DISCARD      ((u64)1 << 13)
#define VIRTIO_BLK_F_WRITE_ZEROES ((u64)1 << 14)

enum virtio_blk_request {
    VIRTIO_BLK_IN = 0,
    VIRTIO_BLK_OUT = 1,
    VIRTIO_BLK_FLUSH = 4,
    VIRTIO_BLK_GET_ID = 8,
    VIRTIO_BLK_DISCARD = 11,
    VIRTIO_BLK_WRITE_ZEROES = 13,
};

enum virtio_blk_status { VIRTIO_BLK_OK = 0, VIRTIO_BLK_IOERR = 1, VIRTIO_BLK_UNSUPP = 2 };

/* What a discard or a write of zeroes carries, up to so many times. */
struct virtio_blk_segment {
    u64 sector;
    u32 sectors;
    u32 flags; /* VIRTIO_BLK_UNMAP: zeroed space may be given back */
};

#define VIRTIO_BLK_UNMAP 1u

#define VIRTIO_BLK_DISCARD_SEGMENTS 16u
#define VIRTIO_BLK_DISCARD_MOST     (256u << 11) /* sectors in a segment: 256 MiB */
/* Zeroes may have to be written one by one, so they are bounded like what a request can carry. */
#define VIRTIO_BLK_ZERO_SEGMENTS 1u
#define VIRTIO_BLK_ZERO_MOST     (1u << 11) /* sectors: 1 MiB */

/* Its backend is a const struct host_disk *. */
extern const struct virtio_type virtio_blk_type;

#endif
