/* The network card (see virtio_net.h): VIRTIO 1.2, "Network Device".
 *
 *     a frame, both ways    header:12 bytes  destination:6  source:6  type:2  packet ...
 *
 * The header has 10 bytes for a driver that accepts neither VERSION_1 nor merged buffers. Frames to
 * the guest wait outside, in the host's struct host_net, until the guest has room for all of one.
 */
#include "devices/virtio_net.h"

#include <string.h>

#define ETHERNET_HEADER 14u
#define ETHERNET_MTU    1500u /* what a driver expects that does not ask for the MTU */

enum { CONFIG_MAC = 0, CONFIG_STATUS = 6, CONFIG_PAIRS = 8, CONFIG_MTU = 10, CONFIG_SIZE = 12 };

static const struct reg_info config[] = {
    {"mac", CONFIG_MAC, 6, REG_R, "the card's Ethernet address"},
    {"status", CONFIG_STATUS, 2, REG_R, "1: the cable is plugged in"},
    {"max_virtqueue_pairs", CONFIG_PAIRS, 2, REG_R, "1: a queue to receive and one to transmit"},
    {"mtu", CONFIG_MTU, 2, REG_R, "bytes of the largest packet in a frame"},
    {0},
};

_Static_assert(sizeof(struct virtio_net_state) <= VIRTIO_FUNCTION_WORDS * sizeof(u64),
               "the state of the function fits");

static const struct host_net *net_of(const struct device *device)
{
    return device->plugged;
}

static u64 features(const struct device *device)
{
    (void)device;
    return VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_MTU | VIRTIO_NET_F_MAC |
           VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_STATUS | VIRTIO_NET_F_CTRL_VQ |
           VIRTIO_NET_F_CTRL_RX;
}

static void config_read(const struct device *device, u8 *bytes)
{
    const struct virtio_net_state *state = virtio_function_state(device);
    const struct host_net *net = net_of(device);
    u16 status = state->is_up != 0, pairs = 1;

    memcpy(bytes + CONFIG_MAC, net->mac, sizeof net->mac);
    memcpy(bytes + CONFIG_STATUS, &status, sizeof status);
    memcpy(bytes + CONFIG_PAIRS, &pairs, sizeof pairs);
    memcpy(bytes + CONFIG_MTU, &net->mtu, sizeof net->mtu);
}

static bool is_up(const struct host_net *net)
{
    return !net->is_up || net->is_up(net->context);
}

static void reset(struct device *device)
{
    struct virtio_net_state *state = virtio_function_state(device);

    state->is_listening = 0;
    state->is_up = is_up(net_of(device));
}

static u32 header_size(const struct device *device)
{
    u32 size = sizeof(struct virtio_net_header);

    return virtio_has_feature(device, VIRTIO_F_VERSION_1 | VIRTIO_NET_F_MRG_RXBUF) ? size
                                                                                   : size - 2;
}

/* The Internet checksum (RFC 1071): ones' complement sum of 16-bit words. Summing wider words and
 * folding gives the same, in whichever byte order they are. */
static u16 checksum(const u8 *at, size_t size)
{
    u64 sum = 0;
    u32 word;

    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        sum += word;
    }
    word = 0;
    memcpy(&word, at, size);
    sum += word;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    /* 0 would say that there is no checksum (UDP); both are zero in ones' complement. */
    return sum == 0xffff ? 0xffff : (u16)~sum;
}

/* The driver has left the sum of the pseudo-header in the checksum's place. */
static bool finish_checksum(const struct virtio_net_header *header, u8 *frame, size_t size)
{
    size_t start = header->checksum_start, place = start + header->checksum_offset;

    if (start >= size || place + sizeof(u16) > size)
        return false;
    u16 sum = checksum(frame + start, size - start);
    memcpy(frame + place, &sum, sizeof sum);
    return true;
}

/* Only a request without a whole header is nonsense; a frame that no cable would carry is lost. */
static bool transmit(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    const struct host_net *net = net_of(device);
    const struct ram *ram = device->bus->ram;
    struct virtio_net_header header = {0};
    u8 frame[HOST_NET_FRAME_MOST];

    (void)written;
    if (virtqueue_pull(chain, ram, &header, header_size(device)) != header_size(device))
        return false;
    if (chain->readable.left < ETHERNET_HEADER || chain->readable.left > sizeof frame ||
        header.gso_type || !is_up(net))
        return true;
    size_t size = virtqueue_pull(chain, ram, frame, sizeof frame);
    if (!(header.flags & VIRTIO_NET_NEEDS_CHECKSUM) || finish_checksum(&header, frame, size))
        net->send(net->context, frame, size);
    return true;
}

/*     class:8  command:8  data ...   then, to be written   ack:8
 *
 * Which frames the driver wants to hear makes no difference: all that come are for this guest. */
static bool control(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    struct ram *ram = device->bus->ram;
    u8 request[2];

    if (chain->writable.left == 0 ||
        virtqueue_pull(chain, ram, request, sizeof request) != sizeof request)
        return false;
    bool is_filter = request[0] == VIRTIO_NET_CONTROL_RX || request[0] == VIRTIO_NET_CONTROL_MAC;
    u8 ack = is_filter ? VIRTIO_NET_OK : VIRTIO_NET_ERR;
    *written = (u32)virtqueue_push(chain, ram, &ack, sizeof ack);
    return true;
}

/* Room to receive needs no answer: what waits is taken between this slice and the next. */
static void notify(struct device *device, unsigned queue)
{
    if (queue == VIRTIO_NET_TRANSMIT)
        virtio_serve(device, queue, transmit);
    else if (queue == VIRTIO_NET_CONTROL)
        virtio_serve(device, queue, control);
}

enum fit {
    FITS,
    FITS_LATER, /* when the driver has given us more buffers */
    FITS_NEVER,
    FITS_NOBODY_KNOWS, /* the queue is broken */
};

/* Takes the next buffers until they hold size bytes, and counts them; the last is left in chain. */
static enum fit take_buffers(struct device *device, struct virtqueue *queue, u64 size,
                             struct virtqueue_chain *chain, u16 *count)
{
    const struct virtio_state *state = device->state;
    bool merges = virtio_has_feature(device, VIRTIO_NET_F_MRG_RXBUF);

    for (*count = 1;; ++*count) {
        switch (virtqueue_take(queue, device->bus->ram, state->driver_features, chain)) {
        case VIRTQUEUE_BROKEN:
            return FITS_NOBODY_KNOWS;
        case VIRTQUEUE_EMPTY:
            return *count > queue->num ? FITS_NEVER : FITS_LATER;
        case VIRTQUEUE_TAKEN:
            break;
        }
        if (chain->writable.left < header_size(device))
            return FITS_NOBODY_KNOWS;
        if (chain->writable.left >= size)
            return FITS;
        if (!merges)
            return FITS_NEVER;
        size -= chain->writable.left;
    }
}

/* Into so many buffers, of which chain is the first, with the header before it. */
static bool fill(struct device *device, struct virtqueue *queue, struct virtqueue_chain *chain,
                 u16 count, const u8 *frame, size_t size)
{
    const struct virtio_state *state = device->state;
    struct ram *ram = device->bus->ram;
    struct virtio_net_header header = {.buffers = count};
    u64 written;

    /* The network hands us frames as it made them, on no cable that could have spoilt them. */
    if (virtio_has_feature(device, VIRTIO_NET_F_GUEST_CSUM))
        header.flags = VIRTIO_NET_DATA_VALID;
    written = virtqueue_push(chain, ram, &header, header_size(device));
    for (;;) {
        u64 piece = virtqueue_push(chain, ram, frame, size);

        if (!virtqueue_give(queue, ram, (u32)(written + piece)))
            return false;
        frame += piece;
        size -= piece;
        written = 0;
        if (--count == 0)
            return true;
        if (virtqueue_take(queue, ram, state->driver_features, chain) != VIRTQUEUE_TAKEN)
            return false;
    }
}

/* Buffers are taken in order and only for a whole frame: first we look how many it needs, on a copy
 * of the queue. */
static enum fit place(struct device *device, struct virtqueue *queue, const u8 *frame, size_t size)
{
    struct virtqueue probe = *queue;
    struct virtqueue_chain chain;
    u16 count;

    if (size > ETHERNET_HEADER + ETHERNET_MTU && !virtio_has_feature(device, VIRTIO_NET_F_MTU))
        return FITS_NEVER;
    enum fit fit = take_buffers(device, &probe, header_size(device) + size, &chain, &count);
    if (fit != FITS)
        return fit;
    if (count == 1) /* chain is the one */
        *queue = probe;
    else if (take_buffers(device, queue, 1, &chain, &(u16){0}) != FITS)
        return FITS_NOBODY_KNOWS;
    return fill(device, queue, &chain, count, frame, size) ? FITS : FITS_NOBODY_KNOWS;
}

/* At most a queue's worth of frames: a device that writes into its own rings could otherwise be
 * kept busy for ever. */
static bool receive(struct device *device)
{
    const struct host_net *net = net_of(device);
    struct virtio_state *state = device->state;
    struct virtqueue *queue = &state->queues[VIRTIO_NET_RECEIVE];
    enum fit fit = FITS;
    bool any = false;
    size_t size;

    for (u32 i = 0; queue->ready && i < queue->num; i++) {
        const u8 *frame = net->look(net->context, &size);

        if (!frame)
            break;
        fit = place(device, queue, frame, size);
        if (fit == FITS_LATER || fit == FITS_NOBODY_KNOWS)
            break;
        any |= fit == FITS;
        net->drop(net->context);
    }
    if (any)
        virtio_signal(device, VIRTIO_NET_RECEIVE);
    if (fit == FITS_NOBODY_KNOWS)
        virtio_fail(device);
    return any;
}

static void discard_all(const struct host_net *net)
{
    size_t size;

    while (net->look(net->context, &size))
        net->drop(net->context);
}

/* What comes while no driver listens is lost, as it is on a cable that leads nowhere. */
static bool take(struct device *device)
{
    struct virtio_net_state *state = virtio_function_state(device);
    const struct host_net *net = net_of(device);
    bool was_up = state->is_up;

    state->is_up = is_up(net);
    if (was_up != (state->is_up != 0))
        virtio_config_changed(device);
    if (!state->is_listening || !state->is_up)
        discard_all(net);
    state->is_listening = 1;
    return receive(device) || was_up != (state->is_up != 0);
}

const struct virtio_type virtio_net_type = {
    .name = "virtio-net",
    .device_id = 1,
    .queue_count = 3,
    .queue_most = VIRTQUEUE_MOST,
    .config = config,
    .config_size = CONFIG_SIZE,
    .features = features,
    .config_read = config_read,
    .reset = reset,
    .notify = notify,
    .take = take,
};
