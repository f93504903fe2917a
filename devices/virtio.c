/* The virtio-mmio transport (see virtio.h): VIRTIO 1.2, "MMIO Device Register Layout", "Device
 * Status Field", "Feature Bits", "Notifications".
 *
 * The registers answer to 32-bit accesses; of any other width, a read gives 0 and a write does
 * nothing. The configuration space answers to every width. What the driver may not do (set a ring
 * address while the queue is ready, change features once they are settled) is ignored; what makes
 * it impossible to go on sets DEVICE_NEEDS_RESET. */
#include "devices/virtio.h"

#include <assert.h>
#include <string.h>

#define MAGIC 0x74726976u /* "virt" */
/* xv6 and others that were written for QEMU insist on this one ("QEMU"). */
#define VENDOR 0x554d4551u
/* Bytes of requests answered in one go: enough for every driver, little enough to stay prompt. */
#define SERVE_MOST ((u64)16 << 20)

static const struct reg_info registers[] = {
    {"MagicValue", VIRTIO_MAGIC_VALUE, 4, REG_R, "\"virt\""},
    {"Version", VIRTIO_VERSION, 4, REG_R, "2: not the legacy interface"},
    {"DeviceID", VIRTIO_DEVICE_ID, 4, REG_R, "what is plugged in, by its number; 0 nothing"},
    {"VendorID", VIRTIO_VENDOR_ID, 4, REG_R, "\"QEMU\", which some drivers insist on"},
    {"DeviceFeatures", VIRTIO_DEVICE_FEATURES, 4, REG_R, "32 bits of what the device offers"},
    {"DeviceFeaturesSel", VIRTIO_DEVICE_FEATURES_SEL, 4, REG_W, "which 32 bits DeviceFeatures is"},
    {"DriverFeatures", VIRTIO_DRIVER_FEATURES, 4, REG_W, "32 bits of what the driver accepts"},
    {"DriverFeaturesSel", VIRTIO_DRIVER_FEATURES_SEL, 4, REG_W, "which 32 bits DriverFeatures is"},
    {"QueueSel", VIRTIO_QUEUE_SEL, 4, REG_W, "which queue the Queue registers are about"},
    {"QueueNumMax", VIRTIO_QUEUE_NUM_MAX, 4, REG_R, "most entries it can have; 0 no such queue"},
    {"QueueNum", VIRTIO_QUEUE_NUM, 4, REG_W, "entries it has, a power of two"},
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

void virtio_plug(struct device *slot, const struct virtio_type *type, const void *backend)
{
    assert(type->queue_count <= VIRTIO_QUEUES && type->queue_most <= VIRTQUEUE_MOST);
    assert(type->config_size <= VIRTIO_CONFIG_MOST);
    slot->function = type;
    slot->plugged = backend;
}

/* The wire follows InterruptStatus. */
static void set_interrupt(struct device *device, u32 interrupt)
{
    struct virtio_state *state = device->state;

    state->interrupt = interrupt;
    if (device->out_count)
        wire_set(&device->out[0], interrupt != 0);
}

/* Before DRIVER_OK a device keeps quiet. */
static void raise(struct device *device, enum virtio_interrupt why)
{
    struct virtio_state *state = device->state;

    if (state->status & VIRTIO_DRIVER_OK)
        set_interrupt(device, state->interrupt | why);
}

void virtio_config_changed(struct device *device)
{
    struct virtio_state *state = device->state;

    state->config_generation++;
    raise(device, VIRTIO_INTERRUPT_CONFIG);
}

void virtio_fail(struct device *device)
{
    struct virtio_state *state = device->state;

    state->status |= VIRTIO_NEEDS_RESET;
    state->waiting = 0;
    raise(device, VIRTIO_INTERRUPT_CONFIG);
}

void virtio_serve(struct device *device, unsigned index, virtio_request *request)
{
    struct virtio_state *state = device->state;
    struct virtqueue *queue = &state->queues[index];
    struct ram *ram = device->bus->ram;
    u64 features = state->driver_features;
    struct virtqueue_chain chain;
    enum virtqueue_result result = VIRTQUEUE_TAKEN;
    u64 bytes = 0;

    /* A device that writes into its own available ring could otherwise be kept busy for ever. */
    for (u32 i = 0; i < queue->num && bytes < SERVE_MOST && result == VIRTQUEUE_TAKEN; i++) {
        u32 written = 0;

        result = virtqueue_take(queue, ram, features, &chain);
        if (result != VIRTQUEUE_TAKEN)
            break;
        if (!request(device, &chain, &written) || !virtqueue_give(queue, ram, written))
            result = VIRTQUEUE_BROKEN;
        bytes += chain.work;
    }
    state->waiting &= ~(1u << index);
    if (result == VIRTQUEUE_TAKEN)
        state->waiting |= 1u << index;
    if (virtqueue_wants_interrupt(queue, ram, features))
        raise(device, VIRTIO_INTERRUPT_USED);
    if (result == VIRTQUEUE_BROKEN)
        virtio_fail(device);
}

/* The driver has set us up, and nothing is wrong. */
static bool is_running(const struct virtio_state *state)
{
    return (state->status & (VIRTIO_DRIVER_OK | VIRTIO_NEEDS_RESET)) == VIRTIO_DRIVER_OK;
}

static void notify(struct device *device, u32 queue)
{
    const struct virtio_state *state = device->state;

    if (queue < device->function->queue_count && state->queues[queue].ready && is_running(state))
        device->function->notify(device, queue);
}

static bool take(struct device *device)
{
    const struct virtio_type *type = device->function;

    return type && type->take && is_running(device->state) && type->take(device);
}

static u64 tick(struct device *device, u64 now)
{
    const struct virtio_state *state = device->state;
    u32 waiting = state->waiting;

    for (u32 queue = 0; queue < VIRTIO_QUEUES; queue++)
        if (waiting & 1u << queue)
            notify(device, queue);
    return state->waiting ? now + 1 : CLOCK_NEVER;
}

/* The driver's reset. What belongs to the machine (what is plugged in, the function's own state)
 * stays, and so does the generation: a driver must not mistake a new configuration for the old. */
static void reset_transport(struct device *device)
{
    struct virtio_state *state = device->state;

    state->status = 0;
    state->device_features_sel = state->driver_features_sel = 0;
    state->queue_sel = 0;
    state->waiting = 0;
    state->driver_features = 0;
    memset(state->queues, 0, sizeof state->queues);
    set_interrupt(device, 0);
    if (device->function->reset)
        device->function->reset(device);
}

static void reset(struct device *device)
{
    struct virtio_state *state = device->state;

    memset(state, 0, sizeof *state);
    if (!device->function)
        return;
    state->device_id = device->function->device_id;
    reset_transport(device);
}

static u64 features_offered(const struct device *device)
{
    const struct virtio_type *type = device->function;

    return VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX |
           (type->features ? type->features(device) : 0);
}

/* The driver adds bits and can only take all of them back, by a reset. FEATURES_OK is granted for
 * any subset of our offer: a driver that leaves VERSION_1 out (xv6 does) might be refused, but it
 * drives the modern registers and is understood. */
static void write_status(struct device *device, u32 value)
{
    struct virtio_state *state = device->state;

    if (value == 0) {
        reset_transport(device);
        return;
    }
    state->status |= value & (VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FAILED);
    if (value & VIRTIO_FEATURES_OK && !(state->driver_features & ~features_offered(device)))
        state->status |= VIRTIO_FEATURES_OK;
    if (value & VIRTIO_DRIVER_OK && state->status & VIRTIO_FEATURES_OK)
        state->status |= VIRTIO_DRIVER_OK;
}

static void write_driver_features(struct virtio_state *state, u32 value)
{
    unsigned shift = 32 * state->driver_features_sel;

    if (state->status & VIRTIO_FEATURES_OK || state->driver_features_sel > 1)
        return;
    state->driver_features &= ~((u64)UINT32_MAX << shift);
    state->driver_features |= (u64)value << shift;
}

static void write_queue_ready(struct device *device, struct virtqueue *queue, u32 value)
{
    struct virtio_state *state = device->state;

    if (!(value & 1)) {
        queue->ready = 0;
        state->waiting &= ~(1u << state->queue_sel);
    } else if (!queue->ready &&
               !virtqueue_start(queue, device->bus->ram, device->function->queue_most)) {
        virtio_fail(device);
    }
}

static void set_low(u64 *at, u32 value)
{
    *at = (*at & ~(u64)UINT32_MAX) | value;
}

static void set_high(u64 *at, u32 value)
{
    *at = (*at & UINT32_MAX) | (u64)value << 32;
}

static void write_queue(struct device *device, u64 offset, u32 value)
{
    struct virtio_state *state = device->state;

    if (state->queue_sel >= device->function->queue_count)
        return;

    struct virtqueue *queue = &state->queues[state->queue_sel];
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

static void write_register(struct device *device, u64 offset, u32 value)
{
    struct virtio_state *state = device->state;

    switch (offset) {
    case VIRTIO_DEVICE_FEATURES_SEL:
        state->device_features_sel = value;
        break;
    case VIRTIO_DRIVER_FEATURES:
        write_driver_features(state, value);
        break;
    case VIRTIO_DRIVER_FEATURES_SEL:
        state->driver_features_sel = value;
        break;
    case VIRTIO_QUEUE_SEL:
        state->queue_sel = value;
        break;
    case VIRTIO_QUEUE_NOTIFY:
        notify(device, value);
        break;
    case VIRTIO_INTERRUPT_ACK:
        set_interrupt(device, state->interrupt & ~value);
        break;
    case VIRTIO_STATUS:
        write_status(device, value);
        break;
    default:
        write_queue(device, offset, value);
    }
}

static u32 read_register(const struct device *device, u64 offset)
{
    const struct virtio_state *state = device->state;
    bool has_queue = state->queue_sel < device->function->queue_count;

    switch (offset) {
    case VIRTIO_DEVICE_ID:
        return device->function->device_id;
    case VIRTIO_VENDOR_ID:
        return VENDOR;
    case VIRTIO_DEVICE_FEATURES:
        if (state->device_features_sel > 1)
            return 0;
        return (u32)(features_offered(device) >> 32 * state->device_features_sel);
    case VIRTIO_QUEUE_NUM_MAX:
        return has_queue ? device->function->queue_most : 0;
    case VIRTIO_QUEUE_READY:
        return has_queue ? state->queues[state->queue_sel].ready : 0;
    case VIRTIO_INTERRUPT_STATUS:
        return state->interrupt;
    case VIRTIO_STATUS:
        return state->status;
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
        return 2;
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
    .reset = reset,
    .read = read,
    .write = write,
    .tick = tick,
    .take = take,
};
