/* A console that knows its size: VIRTIO 1.2, "Console Device". One port; Linux calls it hvc0. Left
 * out: several ports and their control queues. */
#ifndef DEVICES_VIRTIO_CONSOLE_H
#define DEVICES_VIRTIO_CONSOLE_H

#include "devices/virtio.h"

#define VIRTIO_CONSOLE_F_SIZE        ((u64)1 << 0)
#define VIRTIO_CONSOLE_F_EMERG_WRITE ((u64)1 << 2)

enum virtio_console_queue { VIRTIO_CONSOLE_RECEIVE, VIRTIO_CONSOLE_TRANSMIT };

/* Bytes of one request that are printed: what a driver sends at once is a page. The rest of a
 * longer one is lost, so that no guest keeps the machine busy with one notification. */
#define VIRTIO_CONSOLE_MOST ((u64)64 << 10)

struct virtio_console_state {
    u16 columns, rows; /* as the driver was last told */
    u32 typed_count;
    u8 typed[64]; /* bytes from outside that the driver has had no room for */
};

/* Its backend is a const struct host_terminal *. */
extern const struct virtio_type virtio_console_type;

#endif
