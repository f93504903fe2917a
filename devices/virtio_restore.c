/* A slot's state put back (see device.h): is it one that this slot can have? Rings are not looked
 * at: every access to them is checked when it is made (virtqueue.c). */
#include "devices/virtio_parts.h"

/* Longest shifts and alignments that virtio_mmio_legacy.c can have let in. */
#define PAGE_SHIFT_MOST 31u

static bool accepts_queue(const struct virtqueue *queue, u32 most)
{
    bool is_possible = queue->num && queue->num <= most && !(queue->num & (queue->num - 1));

    return queue->ready == 0 || (queue->ready == 1 && is_possible);
}

bool virtio_accepts(const struct device *device, const void *state, const void *bulk)
{
    const struct virtio_type *type = device->function;
    const struct virtio_state *slot = state;

    if (slot->device_id != (type ? type->device_id : 0))
        return false;
    if (!type)
        return slot->waiting == 0; /* nothing ever happens in an empty slot */
    if (slot->page_shift > PAGE_SHIFT_MOST || slot->waiting >> type->queue_count)
        return false;
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
        if (!accepts_queue(&slot->queues[i], i < type->queue_count ? type->queue_most : 0) ||
            slot->queue_align[i] & (slot->queue_align[i] - 1))
            return false;
    return !type->accepts || type->accepts(device, slot->function, bulk);
}

void virtio_restored(struct device *device)
{
    if (device->function && device->function->restored)
        device->function->restored(device);
}
