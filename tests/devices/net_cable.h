/* The far end of a network cable, for tests of the card: what the guest has sent, and what waits
 * for it; and a driver's words for the card's queues. */
#ifndef TESTS_DEVICES_NET_CABLE_H
#define TESTS_DEVICES_NET_CABLE_H

#include "devices/virtio_net.h"
#include "tests/devices/virtio_driver.h"

#define FRAMES      8u
#define MTU         9000u
#define BUFFERS     (RAM_BASE + 0x20000) /* receive buffers, BUFFER apart */
#define BUFFER      0x1000u
#define HEADER_SIZE 12u

/* The rings of queue i: those of queue 0 lie where the other tests have them. */
#define DESC_OF(i)  (DESC + 0x30000 * (i))
#define AVAIL_OF(i) (AVAIL + 0x30000 * (i))
#define USED_OF(i)  (USED + 0x30000 * (i))

struct cable {
    struct host_net net;
    struct rig *rig;
    u8 sent[HOST_NET_FRAME_MOST]; /* the last frame */
    size_t sent_size;
    unsigned sent_count;
    u8 waiting[FRAMES][HOST_NET_FRAME_MOST];
    size_t sizes[FRAMES];
    unsigned first, count; /* of those that wait */
    bool is_out;           /* of its socket */
    u16 published[3];
};

static inline void cable_send(void *context, const u8 *frame, size_t size)
{
    struct cable *cable = context;

    if (size < 14 || size > HOST_NET_FRAME_MOST)
        ck_abort_msg("a frame of %zu bytes is sent", size);
    memcpy(cable->sent, frame, size);
    cable->sent_size = size;
    cable->sent_count++;
}

static inline const u8 *cable_look(void *context, size_t *size)
{
    struct cable *cable = context;

    if (!cable->count)
        return NULL;
    *size = cable->sizes[cable->first];
    return cable->waiting[cable->first];
}

static inline void cable_drop(void *context)
{
    struct cable *cable = context;

    if (!cable->count)
        ck_abort_msg("a frame is dropped that nobody sent");
    cable->first = (cable->first + 1) % FRAMES;
    cable->count--;
}

static inline bool cable_is_up(void *context)
{
    return !((const struct cable *)context)->is_out;
}

static inline struct cable *cable_new(void)
{
    struct cable *cable = calloc(1, sizeof *cable);

    ck_assert(cable);
    cable->net = (struct host_net){.context = cable,
                                   .mac = {2, 4, 6, 8, 10, 12},
                                   .mtu = MTU,
                                   .send = cable_send,
                                   .look = cable_look,
                                   .drop = cable_drop,
                                   .is_up = cable_is_up};
    cable->rig = rig_new(&virtio_net_type, &cable->net);
    return cable;
}

static inline void cable_free(struct cable *cable)
{
    rig_free(cable->rig);
    free(cable);
}

/* A frame for the guest: byte i of it is seed + i. */
static inline void cable_put(struct cable *cable, size_t size, u8 seed)
{
    unsigned at = (cable->first + cable->count++) % FRAMES;

    ck_assert_uint_le(cable->count, FRAMES);
    ck_assert_uint_le(size, HOST_NET_FRAME_MOST);
    cable->sizes[at] = size;
    for (size_t i = 0; i < size; i++)
        cable->waiting[at][i] = (u8)(seed + i);
}

/* What the machine does between two slices. */
static inline bool cable_take(struct cable *cable)
{
    return virtio_mmio_type.take(&cable->rig->device);
}

/* start_driver() for three queues. */
static inline void cable_start(struct cable *cable, u64 wanted)
{
    struct rig *rig = cable->rig;
    u32 status = VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER;

    set(rig, VIRTIO_STATUS, 0);
    memset(cable->published, 0, sizeof cable->published);
    set(rig, VIRTIO_STATUS, status);
    accept_features(rig, offered(rig) & wanted);
    set(rig, VIRTIO_STATUS, status |= VIRTIO_FEATURES_OK);
    for (u32 i = 0; i < 3; i++) {
        memset(ram_writable(&rig->ram, DESC_OF(i), 0x3000), 0, 0x3000);
        set(rig, VIRTIO_QUEUE_SEL, i);
        set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
        set(rig, VIRTIO_QUEUE_DESC_LOW, DESC_OF(i));
        set(rig, VIRTIO_QUEUE_AVAIL_LOW, AVAIL_OF(i));
        set(rig, VIRTIO_QUEUE_USED_LOW, USED_OF(i));
        set(rig, VIRTIO_QUEUE_READY, 1);
    }
    set(rig, VIRTIO_STATUS, status |= VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), status);
    cable_take(cable); /* the first look: what came before is lost */
}

static inline void cable_publish(struct cable *cable, u32 queue, u16 head)
{
    struct rig *rig = cable->rig;
    u16 *published = &cable->published[queue];

    store(rig, AVAIL_OF(queue) + 4 + 2 * (*published % QUEUE_SIZE), 2, head);
    store(rig, AVAIL_OF(queue) + 2, 2, ++*published);
    set(rig, VIRTIO_QUEUE_NOTIFY, queue);
}

/* The next buffer to receive into: descriptor i and buffer i, i its number modulo the ring's size.
 */
static inline void cable_offer(struct cable *cable, u32 size)
{
    u16 i = cable->published[VIRTIO_NET_RECEIVE] % QUEUE_SIZE;

    describe(cable->rig, DESC_OF(VIRTIO_NET_RECEIVE), i, BUFFERS + i * BUFFER, size,
             VIRTQUEUE_WRITE, 0);
    cable_publish(cable, VIRTIO_NET_RECEIVE, i);
}

static inline u16 cable_used(struct cable *cable, u32 queue)
{
    return (u16)load(cable->rig, USED_OF(queue) + 2, 2);
}

static inline u32 cable_used_size(struct cable *cable, u32 queue, u32 entry)
{
    return (u32)load(cable->rig, USED_OF(queue) + 4 + 8 * (entry % QUEUE_SIZE) + 4, 4);
}

/* Sends what lies at DATA: so many bytes, the header with them, in two pieces. */
static inline void cable_transmit(struct cable *cable, u32 size)
{
    paddr table = DESC_OF(VIRTIO_NET_TRANSMIT);
    u32 first = size / 3;

    describe(cable->rig, table, 0, DATA, first, VIRTQUEUE_NEXT, 1);
    describe(cable->rig, table, 1, DATA + first, size - first, 0, 0);
    cable_publish(cable, VIRTIO_NET_TRANSMIT, 0);
}

#endif
