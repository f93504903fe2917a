/* A split virtqueue, seen from the device: VIRTIO 1.2, "Split Virtqueues", with indirect
 * descriptors and event index. Written once for every virtio function. Left out: packed queues,
 * in-order use.
 *
 * Everything in the rings is the guest's word. A descriptor is copied once, checked once when its
 * chain is taken, and never read again; what a chain then says lies wholly in RAM. */
#ifndef DEVICES_VIRTQUEUE_H
#define DEVICES_VIRTQUEUE_H

#include "memory/ram.h"
#include "memory/types.h"

/* The most descriptors in one chain, and the largest queue that a function may offer. */
#define VIRTQUEUE_MOST 256u

#define VIRTIO_F_INDIRECT_DESC ((u64)1 << 28)
#define VIRTIO_F_EVENT_IDX     ((u64)1 << 29)

enum virtqueue_descriptor_flag {
    VIRTQUEUE_NEXT = 1,     /* the chain goes on at index next */
    VIRTQUEUE_WRITE = 2,    /* the device writes here; without it, the device reads */
    VIRTQUEUE_INDIRECT = 4, /* these bytes are a table of descriptors */
};

/* Where a queue is and how far it has come: all that a snapshot needs. */
struct virtqueue {
    u64 desc, avail, used; /* physical addresses of the descriptor table and of the two rings */
    u32 num;               /* entries, as the driver wrote it; checked by virtqueue_start() */
    u16 ready;
    u16 next_avail; /* counts requests taken, modulo 2^16 */
    u16 next_used;  /* counts requests given back, modulo 2^16 */
    u16 signalled;  /* next_used when we last decided about an interrupt */
    u16 busy;       /* a request is in flight: taken and not yet given back ... */
    u16 head;       /* ... and this is the first descriptor of its chain */
};

struct virtqueue_part {
    paddr at;
    u32 size; /* bytes, all of them in RAM */
};

/* What is left of one half of a chain. */
struct virtqueue_side {
    u32 part; /* index of its next part */
    u64 left; /* bytes */
};

/* A request: first what the device may read, then what it may write. Lives on the stack. */
struct virtqueue_chain {
    struct virtqueue_side readable, writable;
    u64 work; /* bytes that it costs us: its own, and what the function adds */
    u32 count;
    struct virtqueue_part parts[VIRTQUEUE_MOST];
};

enum virtqueue_result {
    VIRTQUEUE_EMPTY,
    VIRTQUEUE_TAKEN,
    VIRTQUEUE_BROKEN, /* the rings make no sense: only a reset helps */
};

/* The driver says that the queue is ready. False when its size is not a power of two up to most,
 * or a ring is misaligned or not wholly in RAM; the queue then stays off. */
bool virtqueue_start(struct virtqueue *queue, const struct ram *ram, u32 most);

/* Takes the next request. When there is none, asks the driver to notify us of the next one.
 * features: those negotiated. */
enum virtqueue_result virtqueue_take(struct virtqueue *queue, struct ram *ram, u64 features,
                                     struct virtqueue_chain *chain);
/* Gives the request in flight back; written bytes have been written from the start of its writable
 * side. False when the used ring is not in RAM. */
bool virtqueue_give(struct virtqueue *queue, struct ram *ram, u32 written);
/* Whether the driver wants to hear of what was given back since the last call. */
bool virtqueue_wants_interrupt(struct virtqueue *queue, const struct ram *ram, u64 features);

/* The next bytes of a side that lie in one piece, at most so many; size 0 when there are none. */
struct virtqueue_part virtqueue_next(struct virtqueue_chain *chain, struct virtqueue_side *side,
                                     u64 most);
/* Copies from the readable side, to the writable side. Returns how many bytes there were. */
u64 virtqueue_pull(struct virtqueue_chain *chain, const struct ram *ram, void *to, u64 size);
u64 virtqueue_push(struct virtqueue_chain *chain, struct ram *ram, const void *from, u64 size);
void virtqueue_skip(struct virtqueue_chain *chain, struct virtqueue_side *side, u64 size);

#endif
