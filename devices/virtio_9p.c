/* The shared folder (see virtio_9p.h): moves messages between the queue and struct host_share.
 *
 *     request   readable: size:32  type:8  tag:16  ...     writable: room for the answer
 *
 * The device has no state of its own: what is open is known to the share. An answer is complete
 * when the notification returns. */
#include "devices/virtio_9p.h"

#include <string.h>

#define TAG_MOST sizeof(((struct host_share *)NULL)->tag)

enum { CONFIG_TAG_LEN = 0, CONFIG_TAG = 2, CONFIG_SIZE = CONFIG_TAG + TAG_MOST };

static const struct reg_info config[] = {
    {"tag_len", CONFIG_TAG_LEN, 2, REG_R, "bytes of the tag"},
    {"tag", CONFIG_TAG, 1, REG_R, "the name under which the guest mounts it, without an end"},
    {0},
};

static const struct host_share *share_of(const struct device *device)
{
    return device->plugged;
}

static u64 features(const struct device *device)
{
    (void)device;
    return VIRTIO_9P_F_MOUNT_TAG;
}

static void config_read(const struct device *device, u8 *bytes)
{
    const char *tag = share_of(device)->tag;
    u16 size = (u16)strnlen(tag, TAG_MOST);

    memcpy(bytes + CONFIG_TAG_LEN, &size, sizeof size);
    memcpy(bytes + CONFIG_TAG, tag, size);
}

static void reset(struct device *device)
{
    const struct host_share *share = share_of(device);

    share->forget(share->context);
}

/* A chain that has no whole header, or no room for an error, cannot be answered. What is longer
 * than a message may be is cut, which the other side sees by its header. */
static bool request(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    const struct host_share *share = share_of(device);
    u64 most = share->message_most;
    u32 size = (u32)(chain->readable.left < most ? chain->readable.left : most);
    u32 room = (u32)(chain->writable.left < most ? chain->writable.left : most);

    virtqueue_pull(chain, device->bus->ram, share->request, size);
    *written = share->exchange(share->context, size, room);
    return *written && virtqueue_push(chain, device->bus->ram, share->answer, *written) == *written;
}

static void notify(struct device *device, unsigned queue)
{
    virtio_serve(device, queue, request);
}

const struct virtio_type virtio_9p_type = {
    .name = "virtio-9p",
    .device_id = 9,
    .queue_count = 1,
    .queue_most = 128,
    .config = config,
    .config_size = CONFIG_SIZE,
    .features = features,
    .config_read = config_read,
    .reset = reset,
    .notify = notify,
};
