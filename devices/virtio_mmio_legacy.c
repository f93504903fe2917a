/* The queue registers of legacy virtio-mmio (version 1): VIRTIO 1.2, "Legacy Interfaces: A Note on
 * MMIO Device Register Layout" and "Legacy Interfaces: A Note on Virtqueue Layout". All three parts
 * of a queue lie one behind the other from one page on:
 *
 *     descriptors | available ring | padding up to a multiple of QueueAlign | used ring
 *
 * Left out: big-endian guests. Where drivers lean on what QEMU does beyond the text, so do we: a
 * page size that was never said is 1, an alignment of 0 or none is 4096, a number of entries that
 * was never said is the most there can be. */
#include "devices/virtio_parts.h"

#define DEFAULT_ALIGN 4096u

static bool is_power_of_two(u64 value)
{
    return value && !(value & (value - 1));
}

/* Nothing here can overflow: a page number and a shift make less than 2^63. */
static void place_rings(struct virtqueue *queue, u64 at, u64 align)
{
    u64 num = queue->num, avail_size = 2 * (3 + num); /* flags, index, entries, used_event */

    queue->desc = at;
    queue->avail = at + 16 * num;
    queue->used = (queue->avail + avail_size + align - 1) & ~(align - 1);
}

/* A queue is taken into use, or by 0 out of it. */
static void write_page(struct device *device, struct virtqueue *queue, u32 page)
{
    struct virtio_state *state = device->state;
    u32 align = state->queue_align[state->queue_sel];

    if (page == 0) {
        virtio_stop_queue(device);
        return;
    }
    if (queue->ready)
        return;
    if (!queue->num)
        queue->num = device->function->queue_most;
    if (queue->num <= device->function->queue_most)
        place_rings(queue, (u64)page << state->page_shift, align ? align : DEFAULT_ALIGN);
    virtio_start_queue(device);
}

void virtio_write_legacy(struct device *device, struct virtqueue *queue, u64 offset, u32 value)
{
    struct virtio_state *state = device->state;

    if (offset == VIRTIO_GUEST_PAGE_SIZE)
        state->page_shift = value ? (u32)__builtin_ctz(value) : 0;
    else if (queue && offset == VIRTIO_QUEUE_PFN)
        write_page(device, queue, value);
    else if (queue && offset == VIRTIO_QUEUE_NUM && !queue->ready)
        queue->num = value;
    else if (queue && offset == VIRTIO_QUEUE_ALIGN && is_power_of_two(value))
        state->queue_align[state->queue_sel] = value;
}

u32 virtio_read_legacy(const struct device *device, const struct virtqueue *queue, u64 offset)
{
    const struct virtio_state *state = device->state;

    if (offset == VIRTIO_QUEUE_PFN && queue && queue->ready)
        return (u32)(queue->desc >> state->page_shift);
    return 0;
}
