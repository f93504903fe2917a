/* The registers of virtio-mmio (see virtio.h): VIRTIO 1.2, "MMIO Device Register Layout". The
 * queue registers of the legacy interface are in virtio_mmio_legacy.c; everything else is the same
 * in both.
 *
 * The registers answer to 32-bit accesses; of any other width, a read gives 0 and a write does
 * nothing. The configuration space answers to every width. A queue's registers are fixed while it
 * is in use. */
#include "devices/virtio_parts.h"

#include <string.h>

#define MAGIC 0x74726976u /* "virt" */
/* xv6 and others that were written for QEMU insist on this one ("QEMU"). */
#define VENDOR 0x554d4551u

static const struct reg_info registers[] = {
    {"MagicValue", VIRTIO_MAGIC_VALUE, 4, REG_R, "\"virt\""},
    {"Version", VIRTIO_VERSION, 4, REG_R, "2, or 1: the legacy interface"},
    {"DeviceID", VIRTIO_DEVICE_ID, 4, REG_R,
     "what is plugged in; 0 nothing, 1 network, 2 disk, 3 console, 4 entropy, 9 shared folder"},
    {"VendorID", VIRTIO_VENDOR_ID, 4, REG_R, "\"QEMU\", which some drivers insist on"},
    {"DeviceFeatures", VIRTIO_DEVICE_FEATURES, 4, REG_R, "32 bits of what the device offers"},
    {"DeviceFeaturesSel", VIRTIO_DEVICE_FEATURES_SEL, 4, REG_W, "which 32 bits DeviceFeatures is"},
    {"DriverFeatures", VIRTIO_DRIVER_FEATURES, 4, REG_W, "32 bits of what the driver accepts"},
    {"DriverFeaturesSel", VIRTIO_DRIVER_FEATURES_SEL, 4, REG_W, "which 32 bits DriverFeatures is"},
    {"GuestPageSize", VIRTIO_GUEST_PAGE_SIZE, 4, REG_W, "legacy: bytes that QueuePFN counts in"},
    {"QueueSel", VIRTIO_QUEUE_SEL, 4, REG_W, "which queue the Queue registers are about"},
    {"QueueNumMax", VIRTIO_QUEUE_NUM_MAX, 4, REG_R, "most entries it can have; 0 no such queue"},
    {"QueueNum", VIRTIO_QUEUE_NUM, 4, REG_W, "entries it has, a power of two"},
    {"QueueAlign", VIRTIO_QUEUE_ALIGN, 4, REG_W, "legacy: alignment of its used ring (4096)"},
    {"QueuePFN", VIRTIO_QUEUE_PFN, 4, REG_RW, "legacy: page where its rings begin; 0 unused"},
    {"QueueReady", VIRTIO_QUEUE_READY, 4, REG_RW, "1: in use; its registers are fixed"},
    {"QueueNotify", VIRTIO_QUEUE_NOTIFY, 4, REG_W, "number of a queue that has new requests"},
    {"InterruptStatus", VIRTIO_INTERRUPT_STATUS, 4, REG_R, "1 request done, 2 config changed"},
    {"InterruptACK", VIRTIO_INTERRUPT_ACK, 4, REG_W, "clears these bits of InterruptStatus"},
    {"Status", VIRTIO_STATUS, 4, REG_RW,
     "1 acknowledge, 2 driver, 4 driver ok, 8 features ok, 64 needs reset, 128 failed; 0 resets"},
    {"QueueDescLow", VIRTIO_QUEUE_DESC_LOW, 4, REG_W, "descriptor table, physical address"},
    {"QueueDescHigh", VIRTIO_QUEUE_DESC_HIGH, 4, REG_W, "its upper half"},
    {"QueueDriverLow", VIRTIO_QUEUE_AVAIL_LOW, 4, REG_W, "available ring, physical address"},
    {"QueueDriverHigh", VIRTIO_QUEUE_AVAIL_HIGH, 4, REG_W, "its upper half"},
    {"QueueDeviceLow", VIRTIO_QUEUE_USED_LOW, 4, REG_W, "used ring, physical address"},
    {"QueueDeviceHigh", VIRTIO_QUEUE_USED_HIGH, 4, REG_W, "its upper half"},
    {"SHMSel", VIRTIO_SHM_SEL, 4, REG_W, "which shared memory region; there are none"},
    {"SHMLenLow", VIRTIO_SHM_LEN_LOW, 4, REG_R, "all ones: no such region"},
    {"SHMLenHigh", VIRTIO_SHM_LEN_HIGH, 4, REG_R, "all ones"},
    {"SHMBaseLow", VIRTIO_SHM_BASE_LOW, 4, REG_R, "all ones"},
    {"SHMBaseHigh", VIRTIO_SHM_BASE_HIGH, 4, REG_R, "all ones"},
    {"ConfigGeneration", VIRTIO_CONFIG_GENERATION, 4, REG_R, "changes with the config space"},
    {0},
};

static void set_low(u64 *at, u32 value)
{
    *at = (*at & ~(u64)UINT32_MAX) | value;
}

static void set_high(u64 *at, u32 value)
{
    *at = (*at & UINT32_MAX) | (u64)value << 32;
}

static void write_queue_ready(struct device *device, const struct virtqueue *queue, u32 value)
{
    if (!(value & 1))
        virtio_stop_queue(device);
    else if (!queue->ready)
        virtio_start_queue(device);
}

static void write_modern_queue(struct device *device, struct virtqueue *queue, u64 offset,
                               u32 value)
{
    if (offset == VIRTIO_QUEUE_READY) {
        write_queue_ready(device, queue, value);
        return;
    }
    if (queue->ready)
        return;
    switch (offset) {
    case VIRTIO_QUEUE_NUM:
        queue->num = value;
        break;
    case VIRTIO_QUEUE_DESC_LOW:
        set_low(&queue->desc, value);
        break;
    case VIRTIO_QUEUE_DESC_HIGH:
        set_high(&queue->desc, value);
        break;
    case VIRTIO_QUEUE_AVAIL_LOW:
        set_low(&queue->avail, value);
        break;
    case VIRTIO_QUEUE_AVAIL_HIGH:
        set_high(&queue->avail, value);
        break;
    case VIRTIO_QUEUE_USED_LOW:
        set_low(&queue->used, value);
        break;
    case VIRTIO_QUEUE_USED_HIGH:
        set_high(&queue->used, value);
        break;
    }
}

/* The registers that the two interfaces do not share. */
static void write_other(struct device *device, u64 offset, u32 value)
{
    struct virtqueue *queue = virtio_selected_queue(device);

    if (virtio_is_legacy(device))
        virtio_write_legacy(device, queue, offset, value);
    else if (queue)
        write_modern_queue(device, queue, offset, value);
}

static void write_register(struct device *device, u64 offset, u32 value)
{
    struct virtio_state *state = device->state;

    switch (offset) {
    case VIRTIO_DEVICE_FEATURES_SEL:
        state->device_features_sel = value;
        break;
    case VIRTIO_DRIVER_FEATURES:
        virtio_write_features(device, state->driver_features_sel, value);
        break;
    case VIRTIO_DRIVER_FEATURES_SEL:
        state->driver_features_sel = value;
        break;
    case VIRTIO_QUEUE_SEL:
        state->queue_sel = value;
        break;
    case VIRTIO_QUEUE_NOTIFY:
        virtio_notify(device, value);
        break;
    case VIRTIO_INTERRUPT_ACK:
        virtio_acknowledge(device, value);
        break;
    case VIRTIO_STATUS:
        virtio_write_status(device, value);
        break;
    default:
        write_other(device, offset, value);
    }
}

static u32 read_modern(const struct device *device, u64 offset)
{
    const struct virtio_state *state = device->state;
    const struct virtqueue *queue = virtio_selected_queue(device);

    switch (offset) {
    case VIRTIO_QUEUE_READY:
        return queue ? queue->ready : 0;
    case VIRTIO_SHM_LEN_LOW:
    case VIRTIO_SHM_LEN_HIGH:
    case VIRTIO_SHM_BASE_LOW:
    case VIRTIO_SHM_BASE_HIGH:
        return UINT32_MAX;
    case VIRTIO_CONFIG_GENERATION:
        return state->config_generation;
    default:
        return 0;
    }
}

static u32 read_register(const struct device *device, u64 offset)
{
    const struct virtio_state *state = device->state;
    const struct virtqueue *queue = virtio_selected_queue(device);

    switch (offset) {
    case VIRTIO_DEVICE_ID:
        return device->function->device_id;
    case VIRTIO_VENDOR_ID:
        return VENDOR;
    case VIRTIO_DEVICE_FEATURES:
        if (state->device_features_sel > 1)
            return 0;
        return (u32)(virtio_features_offered(device) >> 32 * state->device_features_sel);
    case VIRTIO_QUEUE_NUM_MAX:
        return queue ? device->function->queue_most : 0;
    case VIRTIO_INTERRUPT_STATUS:
        return state->interrupt;
    case VIRTIO_STATUS:
        return state->status;
    default:
        return virtio_is_legacy(device) ? virtio_read_legacy(device, queue, offset)
                                        : read_modern(device, offset);
    }
}

static u64 read_config(const struct device *device, u64 offset, unsigned size)
{
    u8 bytes[VIRTIO_CONFIG_MOST + sizeof(u64)] = {0};
    u64 value = 0;

    if (!device->function->config_read || offset >= VIRTIO_CONFIG_MOST)
        return 0;
    device->function->config_read(device, bytes);
    memcpy(&value, bytes + offset, size);
    return value;
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    if (offset >= VIRTIO_CONFIG)
        return device->function ? read_config(device, offset - VIRTIO_CONFIG, size) : 0;
    if (size != 4)
        return 0;
    if (offset == VIRTIO_MAGIC_VALUE)
        return MAGIC;
    if (offset == VIRTIO_VERSION)
        return virtio_is_legacy(device) ? 1 : 2;
    return device->function ? read_register(device, offset) : 0;
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    const struct virtio_type *type = device->function;

    if (!type)
        return;
    if (offset >= VIRTIO_CONFIG) {
        offset -= VIRTIO_CONFIG;
        if (type->config_write && offset < type->config_size && size <= type->config_size - offset)
            type->config_write(device, offset, size, value);
    } else if (size == 4) {
        write_register(device, offset, (u32)value);
    }
}

const struct device_type virtio_mmio_type = {
    .name = "virtio-mmio",
    .compatible = "virtio,mmio",
    .regs = registers,
    .state_size = sizeof(struct virtio_state),
    .widths = 1 | 2 | 4 | 8,
    .reset = virtio_reset,
    .read = read,
    .write = write,
    .tick = virtio_tick,
    .take = virtio_take,
    .accepts = virtio_accepts,
    .restored = virtio_restored,
};
