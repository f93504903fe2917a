/* Split virtqueues (see virtqueue.h): VIRTIO 1.2, "Split Virtqueues".
 *
 *     descriptor   address:64  length:32  flags:16  next:16        a table of num, aligned to 16
 *     available    flags:16  index:16  head:16 * num  used_event:16               aligned to 2
 *     used         flags:16  index:16  (head:32 length:32) * num  avail_event:16  aligned to 4
 *
 * The fences cost nothing today; they are for the day when harts run on threads of their own. */
#include "devices/virtqueue.h"

enum {
    DESCRIPTOR_SIZE = 16,
    RING_INDEX = 2, /* both rings: where the index lies */
    RING_START = 4, /* both rings: where the entries begin */
    AVAIL_ENTRY = 2,
    USED_ENTRY = 8,
    AVAIL_NO_INTERRUPT = 1,
};

struct descriptor {
    u64 at;
    u32 size;
    u16 flags;
    u16 next;
};

struct table {
    paddr at;
    u32 count;
    bool is_indirect;
};

static bool read16(const struct ram *ram, paddr at, u16 *value)
{
    return ram_dma_read(ram, at, value, sizeof *value);
}

static bool ring_fits(const struct ram *ram, paddr at, u64 alignment, u64 size)
{
    return at % alignment == 0 && ram_holds(ram, at, size);
}

bool virtqueue_start(struct virtqueue *queue, const struct ram *ram, u32 most)
{
    u64 num = queue->num;

    if (num == 0 || num > most || (num & (num - 1)))
        return false;
    if (!ring_fits(ram, queue->desc, 16, DESCRIPTOR_SIZE * num) ||
        !ring_fits(ram, queue->avail, 2, RING_START + AVAIL_ENTRY * num + 2) ||
        !ring_fits(ram, queue->used, 4, RING_START + USED_ENTRY * num + 2))
        return false;
    queue->next_avail = queue->next_used = queue->signalled = 0;
    queue->busy = queue->head = 0;
    queue->ready = 1;
    return true;
}

static bool add_part(struct virtqueue_chain *chain, const struct ram *ram,
                     const struct descriptor *descriptor)
{
    struct virtqueue_side *side =
        descriptor->flags & VIRTQUEUE_WRITE ? &chain->writable : &chain->readable;

    if (chain->count == VIRTQUEUE_MOST)
        return false;
    if (side == &chain->readable) {
        /* Everything writable comes after everything readable. */
        if (chain->writable.part < chain->count)
            return false;
        chain->writable.part = chain->count + 1;
    }
    if (descriptor->size && !ram_holds(ram, descriptor->at, descriptor->size))
        return false;
    chain->parts[chain->count++] = (struct virtqueue_part){descriptor->at, descriptor->size};
    side->left += descriptor->size;
    /* More bytes than there is RAM: some are named twice. It bounds the work in one request. */
    chain->work = chain->readable.left + chain->writable.left;
    return chain->work <= ram->size && chain->work <= UINT32_MAX;
}

static bool enter_indirect(struct table *table, const struct ram *ram, u64 features,
                           const struct descriptor *descriptor)
{
    if (!(features & VIRTIO_F_INDIRECT_DESC) || table->is_indirect ||
        descriptor->flags & VIRTQUEUE_NEXT)
        return false;
    if (descriptor->size == 0 || descriptor->size % DESCRIPTOR_SIZE ||
        !ram_holds(ram, descriptor->at, descriptor->size))
        return false;
    *table = (struct table){descriptor->at, descriptor->size / DESCRIPTOR_SIZE, true};
    return true;
}

/* Ends because every turn adds a part, of which there are at most VIRTQUEUE_MOST, or enters the one
 * indirect table: a chain that loops is a chain that is too long. */
static bool walk(const struct virtqueue *queue, const struct ram *ram, u64 features,
                 struct virtqueue_chain *chain)
{
    struct table table = {queue->desc, queue->num, false};
    struct descriptor descriptor;
    u32 next = queue->head;

    chain->readable = chain->writable = (struct virtqueue_side){0};
    chain->count = 0;
    chain->work = 0;
    for (;;) {
        if (next >= table.count || !ram_dma_read(ram, table.at + (u64)next * DESCRIPTOR_SIZE,
                                                 &descriptor, sizeof descriptor))
            return false;
        if (descriptor.flags & VIRTQUEUE_INDIRECT) {
            if (!enter_indirect(&table, ram, features, &descriptor))
                return false;
            next = 0;
            continue;
        }
        if (!add_part(chain, ram, &descriptor))
            return false;
        if (!(descriptor.flags & VIRTQUEUE_NEXT))
            return true;
        next = descriptor.next;
    }
}

/* How many requests wait. False when the index is unreadable or has jumped by more than the ring
 * holds. */
static bool count_waiting(const struct virtqueue *queue, const struct ram *ram, u16 *waiting)
{
    u16 index;

    if (!read16(ram, queue->avail + RING_INDEX, &index))
        return false;
    *waiting = (u16)(index - queue->next_avail);
    return *waiting <= queue->num;
}

enum virtqueue_result virtqueue_take(struct virtqueue *queue, struct ram *ram, u64 features,
                                     struct virtqueue_chain *chain)
{
    u16 waiting, head;

    if (!count_waiting(queue, ram, &waiting))
        return VIRTQUEUE_BROKEN;
    if (waiting == 0 && features & VIRTIO_F_EVENT_IDX) {
        paddr avail_event = queue->used + RING_START + (u64)USED_ENTRY * queue->num;
        if (!ram_dma_write(ram, avail_event, &queue->next_avail, sizeof queue->next_avail))
            return VIRTQUEUE_BROKEN;
        /* The driver may have added one before it could see that we want to be notified. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (!count_waiting(queue, ram, &waiting))
            return VIRTQUEUE_BROKEN;
    }
    if (waiting == 0)
        return VIRTQUEUE_EMPTY;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    u64 entry = queue->next_avail & (queue->num - 1);
    if (!read16(ram, queue->avail + RING_START + AVAIL_ENTRY * entry, &head))
        return VIRTQUEUE_BROKEN;
    queue->head = head;
    queue->busy = 1;
    queue->next_avail++;
    return walk(queue, ram, features, chain) ? VIRTQUEUE_TAKEN : VIRTQUEUE_BROKEN;
}

bool virtqueue_give(struct virtqueue *queue, struct ram *ram, u32 written)
{
    u64 entry = queue->next_used & (queue->num - 1);
    u32 element[2] = {queue->head, written};

    queue->busy = 0;
    if (!ram_dma_write(ram, queue->used + RING_START + USED_ENTRY * entry, element, sizeof element))
        return false;
    queue->next_used++;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return ram_dma_write(ram, queue->used + RING_INDEX, &queue->next_used, sizeof queue->next_used);
}

bool virtqueue_wants_interrupt(struct virtqueue *queue, const struct ram *ram, u64 features)
{
    u16 before = queue->signalled, now = queue->next_used;
    u16 flags, event;

    if (now == before)
        return false;
    queue->signalled = now;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (!(features & VIRTIO_F_EVENT_IDX))
        return read16(ram, queue->avail, &flags) && !(flags & AVAIL_NO_INTERRUPT);
    if (!read16(ram, queue->avail + RING_START + (u64)AVAIL_ENTRY * queue->num, &event))
        return false;
    /* Did the count of used requests step over event since last time? It wraps at 2^16. */
    return (u16)(now - event - 1) < (u16)(now - before);
}

struct virtqueue_part virtqueue_next(struct virtqueue_chain *chain, struct virtqueue_side *side,
                                     u64 most)
{
    if (most > side->left)
        most = side->left;
    if (most == 0)
        return (struct virtqueue_part){0};
    while (chain->parts[side->part].size == 0)
        side->part++;

    struct virtqueue_part *part = &chain->parts[side->part];
    struct virtqueue_part piece = {part->at, part->size < most ? part->size : (u32)most};
    part->at += piece.size;
    part->size -= piece.size;
    side->left -= piece.size;
    return piece;
}

u64 virtqueue_pull(struct virtqueue_chain *chain, const struct ram *ram, void *to, u64 size)
{
    u64 done = 0;

    for (;;) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->readable, size - done);
        if (piece.size == 0 || !ram_dma_read(ram, piece.at, (u8 *)to + done, piece.size))
            return done;
        done += piece.size;
    }
}

u64 virtqueue_push(struct virtqueue_chain *chain, struct ram *ram, const void *from, u64 size)
{
    u64 done = 0;

    for (;;) {
        struct virtqueue_part piece = virtqueue_next(chain, &chain->writable, size - done);
        if (piece.size == 0 || !ram_dma_write(ram, piece.at, (const u8 *)from + done, piece.size))
            return done;
        done += piece.size;
    }
}

void virtqueue_skip(struct virtqueue_chain *chain, struct virtqueue_side *side, u64 size)
{
    for (;;) {
        struct virtqueue_part piece = virtqueue_next(chain, side, size);
        if (piece.size == 0)
            return;
        size -= piece.size;
    }
}
