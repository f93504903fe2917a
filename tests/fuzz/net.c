/* Fuzzer: a network card, a hostile driver, and a cable on which frames of many sizes come. The
 * first byte makes the slot a legacy one (1), and the driver one that does not merge buffers (2):
 * together they have the shorter header. Before each of the driver's operations (virtio.h) stands
 * a byte:
 *
 *     size of the frame that waits for the guest   3 bits, see sizes
 *     the cable is out                             1
 *     sevenths of the bytes that it transmits      4, none when 0 */
#include "devices/virtio_net.h"

#include "tests/fuzz/virtio.h"

#define STRIDE        0x200u /* from the rings of one queue to those of the next */
#define LEGACY_STRIDE 0x400u /* where a queue's rings follow each other */
#define LEGACY_ALIGN  0x200u

struct cable {
    struct host_net net;
    bool is_out;
    size_t waiting; /* bytes of the frame that waits; 0: none */
    unsigned sent;
    u8 sum; /* of all that was sent */
    u8 frame[HOST_NET_FRAME_MOST];
};

static void send_frame(void *context, const u8 *frame, size_t size)
{
    struct cable *cable = context;
    u8 sum = 0;

    fuzz_check(size >= 14 && size <= HOST_NET_FRAME_MOST, "a frame of an impossible size is sent");
    for (size_t i = 0; i < size; i++) /* all of it can be read */
        sum ^= frame[i];
    cable->sum ^= sum;
    cable->sent++;
}

static const u8 *look(void *context, size_t *size)
{
    struct cable *cable = context;

    *size = cable->waiting;
    return cable->waiting ? cable->frame : NULL;
}

static void drop(void *context)
{
    struct cable *cable = context;

    fuzz_check(cable->waiting, "a frame is dropped that nobody sent");
    cable->waiting = 0;
}

static bool is_up(void *context)
{
    return !((const struct cable *)context)->is_out;
}

static u32 header_size(const struct rig *rig)
{
    return virtio_has_feature(&rig->device, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF) ? 12 : 10;
}

static void start_legacy_queue(struct rig *rig, u32 queue)
{
    rig_set(rig, VIRTIO_QUEUE_ALIGN, LEGACY_ALIGN);
    rig_set(rig, VIRTIO_QUEUE_PFN, DESC + queue * LEGACY_STRIDE);
}

static void start_queue(struct rig *rig, u32 queue)
{
    const u64 rings[3] = {DESC, AVAIL, USED};

    for (u32 i = 0; i < 3; i++)
        rig_set(rig, VIRTIO_QUEUE_DESC_LOW + 16 * i, rings[i] + queue * STRIDE);
    rig_set(rig, VIRTIO_QUEUE_READY, 1);
}

/* As rig_start_driver(), and rings for the other two queues. */
static void start_driver(struct rig *rig, u64 refused)
{
    rig_start_driver(rig, refused);
    for (u32 queue = 1; queue < 3; queue++) {
        rig_set(rig, VIRTIO_QUEUE_SEL, queue);
        rig_set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
        (rig->device.is_legacy ? start_legacy_queue : start_queue)(rig, queue);
    }
    rig_set(rig, VIRTIO_QUEUE_SEL, 0);
}

/* One descriptor for that queue, published and notified. */
static void publish(struct rig *rig, u32 queue, paddr at, u32 size, u32 flags)
{
    u32 stride = rig->device.is_legacy ? LEGACY_STRIDE : STRIDE;
    paddr desc = DESC + queue * stride, avail = rig->avail + queue * stride;
    u64 index = 0;

    bus_read(&rig->bus, avail + 2, 2, &index);
    rig_store(rig, desc, 8, at);
    rig_store(rig, desc + 8, 4, size);
    rig_store(rig, desc + 12, 2, flags);
    rig_store(rig, avail + 4 + 2 * (index % QUEUE_SIZE), 2, 0);
    rig_store(rig, avail + 2, 2, index + 1);
    rig_set(rig, VIRTIO_QUEUE_NOTIFY, queue);
}

static void check_alive(struct rig *rig, struct cable *cable, u64 refused)
{
    unsigned sent = cable->sent;
    u64 size = 0;

    cable->is_out = false;
    start_driver(rig, refused);
    u32 header = header_size(rig);
    memset(ram_writable(&rig->ram, DATA, header), 0, header);
    publish(rig, VIRTIO_NET_TRANSMIT, DATA, header + 60, 0);
    fuzz_check(cable->sent == sent + 1, "a good frame is not sent");
    virtio_mmio_type.take(&rig->device);
    publish(rig, VIRTIO_NET_RECEIVE, DATA, 100, VIRTQUEUE_WRITE);
    cable->waiting = 60;
    fuzz_check(virtio_mmio_type.take(&rig->device), "a good frame is not received");
    bus_read(&rig->bus, rig->used + 8, 4, &size);
    fuzz_check(size == header + 60, "a received frame has another size");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static const size_t sizes[8] = {0, 14, 60, 300, 1514, 5000, 20000, HOST_NET_FRAME_MOST};
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);
    struct cable *cable = calloc(1, sizeof *cable);

    fuzz_check(rig && cable, "no memory");
    cable->net = (struct host_net){.context = cable,
                                   .mtu = 9000,
                                   .send = send_frame,
                                   .look = look,
                                   .drop = drop,
                                   .is_up = is_up};
    u64 choice = fuzz_take(&fuzz, 1);
    u64 refused = choice & 2 ? VIRTIO_NET_F_MRG_RXBUF : 0;
    rig_open(rig, &virtio_net_type, &cable->net);
    rig->device.is_legacy = choice & 1;
    start_driver(rig, refused);
    while (fuzz.left) {
        unsigned opening = (unsigned)fuzz_take(&fuzz, 1);

        rig_obey(rig, &fuzz);
        cable->waiting = sizes[opening & 7];
        cable->is_out = opening & 8;
        if (opening >> 4)
            publish(rig, VIRTIO_NET_TRANSMIT, DATA, (opening >> 4) * 7, 0);
        virtio_mmio_type.take(&rig->device);
    }
    check_alive(rig, cable, refused);
    ram_free(&rig->ram);
    free(rig);
    free(cable);
    return 0;
}
