/* What a virtio function gives to its driver unasked: VIRTIO 1.2, "Supplying Buffers to The
 * Device", for packets and keys. The driver has put empty buffers into a queue; one is filled. */
#include "devices/virtio.h"

bool virtio_deliver(struct device *device, unsigned index, const void *bytes, size_t size)
{
    struct virtio_state *state = device->state;
    struct virtqueue *queue = &state->queues[index];
    struct ram *ram = device->bus->ram;
    struct virtqueue_chain chain;

    if (!queue->ready)
        return false;
    switch (virtqueue_take(queue, ram, state->driver_features, &chain)) {
    case VIRTQUEUE_EMPTY:
        return false;
    case VIRTQUEUE_BROKEN:
        virtio_fail(device);
        return false;
    case VIRTQUEUE_TAKEN:
        break;
    }
    /* A buffer that is too small holds the beginning; the driver sees how much. */
    if (!virtqueue_give(queue, ram, (u32)virtqueue_push(&chain, ram, bytes, size))) {
        virtio_fail(device);
        return false;
    }
    virtio_signal(device, index);
    return true;
}
