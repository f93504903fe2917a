/* The life of a virtio function, whatever registers are in front of it (see virtio.h): VIRTIO 1.2,
 * "Device Status Field", "Feature Bits", "Notifications", and what their legacy interfaces allow.
 *
 * What makes it impossible to go on sets DEVICE_NEEDS_RESET; everything else that the driver may
 * not do is ignored. */
#include "devices/virtio_parts.h"

#include <assert.h>
#include <string.h>

/* Bytes of requests answered in one go: enough for every driver, little enough to stay prompt. */
#define SERVE_MOST ((u64)16 << 20)

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

void virtio_acknowledge(struct device *device, u32 interrupts)
{
    const struct virtio_state *state = device->state;

    set_interrupt(device, state->interrupt & ~interrupts);
}

/* The driver has set us up. Legacy drivers often used a device before they said DRIVER_OK. */
static bool is_set_up(const struct device *device)
{
    const struct virtio_state *state = device->state;

    return state->status & VIRTIO_DRIVER_OK || virtio_is_legacy(device);
}

/* ... and nothing is wrong. */
static bool is_running(const struct device *device)
{
    const struct virtio_state *state = device->state;

    return is_set_up(device) && !(state->status & VIRTIO_NEEDS_RESET);
}

/* Before it is set up a device keeps quiet. */
static void raise(struct device *device, enum virtio_interrupt why)
{
    struct virtio_state *state = device->state;

    if (is_set_up(device))
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

void virtio_signal(struct device *device, unsigned index)
{
    struct virtio_state *state = device->state;

    if (virtqueue_wants_interrupt(&state->queues[index], device->bus->ram, state->driver_features))
        raise(device, VIRTIO_INTERRUPT_USED);
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
    virtio_signal(device, index);
    if (result == VIRTQUEUE_BROKEN)
        virtio_fail(device);
}

void virtio_notify(struct device *device, u32 queue)
{
    const struct virtio_state *state = device->state;

    if (queue < device->function->queue_count && state->queues[queue].ready && is_running(device))
        device->function->notify(device, queue);
}

bool virtio_take(struct device *device)
{
    const struct virtio_type *type = device->function;

    return type && type->take && is_running(device) && type->take(device);
}

u64 virtio_tick(struct device *device, u64 now)
{
    const struct virtio_state *state = device->state;
    u32 waiting = state->waiting;

    for (u32 queue = 0; queue < VIRTIO_QUEUES; queue++)
        if (waiting & 1u << queue)
            virtio_notify(device, queue);
    return state->waiting ? now + 1 : CLOCK_NEVER;
}

/* The driver's reset. What belongs to the machine (what is plugged in, the function's own state)
 * stays, and so does the generation: a driver must not mistake a new configuration for the old. A
 * legacy driver says its page size once, before it resets the device for the first time. */
static void reset_by_driver(struct device *device)
{
    struct virtio_state *state = device->state;

    state->status = 0;
    state->device_features_sel = state->driver_features_sel = 0;
    state->queue_sel = 0;
    state->waiting = 0;
    state->driver_features = 0;
    memset(state->queues, 0, sizeof state->queues);
    memset(state->queue_align, 0, sizeof state->queue_align);
    set_interrupt(device, 0);
    if (device->function->reset)
        device->function->reset(device);
}

void virtio_reset(struct device *device)
{
    struct virtio_state *state = device->state;

    memset(state, 0, sizeof *state);
    if (!device->function)
        return;
    state->device_id = device->function->device_id;
    reset_by_driver(device);
}

u64 virtio_features_offered(const struct device *device)
{
    const struct virtio_type *type = device->function;
    u64 features =
        VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | (type->features ? type->features(device) : 0);

    if (virtio_is_legacy(device)) /* which has 32 features only */
        return (u32)(features | VIRTIO_F_ANY_LAYOUT);
    return features | VIRTIO_F_VERSION_1;
}

/* The driver adds bits and can only take all of them back, by a reset. FEATURES_OK is granted for
 * any subset of our offer: a driver that leaves VERSION_1 out (xv6 does) might be refused, but it
 * drives the modern registers and is understood. */
static void add_status(struct device *device, u32 value)
{
    struct virtio_state *state = device->state;

    state->status |= value & (VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FAILED);
    if (value & VIRTIO_FEATURES_OK && !(state->driver_features & ~virtio_features_offered(device)))
        state->status |= VIRTIO_FEATURES_OK;
    if (value & VIRTIO_DRIVER_OK && state->status & VIRTIO_FEATURES_OK)
        state->status |= VIRTIO_DRIVER_OK;
}

/* A legacy driver sets what it likes, in any order; whether it knows FEATURES_OK is its own affair.
 */
static void set_legacy_status(struct virtio_state *state, u32 value)
{
    u32 known =
        VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_DRIVER_OK | VIRTIO_FEATURES_OK | VIRTIO_FAILED;

    state->status = (state->status & VIRTIO_NEEDS_RESET) | (value & known);
}

void virtio_write_status(struct device *device, u32 value)
{
    if (value == 0)
        reset_by_driver(device);
    else if (virtio_is_legacy(device))
        set_legacy_status(device->state, value);
    else
        add_status(device, value);
}

/* A legacy driver never hears that it asked for too much; it does not get it. */
void virtio_write_features(struct device *device, u32 half, u32 value)
{
    struct virtio_state *state = device->state;

    if (state->status & VIRTIO_FEATURES_OK || half > 1)
        return;
    state->driver_features &= ~((u64)UINT32_MAX << 32 * half);
    state->driver_features |= (u64)value << 32 * half;
    if (virtio_is_legacy(device))
        state->driver_features &= virtio_features_offered(device);
}

struct virtqueue *virtio_selected_queue(const struct device *device)
{
    struct virtio_state *state = device->state;
    u32 index = state->queue_sel;

    return index < device->function->queue_count ? &state->queues[index] : NULL;
}

void virtio_start_queue(struct device *device)
{
    struct virtqueue *queue = virtio_selected_queue(device);

    if (!virtqueue_start(queue, device->bus->ram, device->function->queue_most))
        virtio_fail(device);
}

void virtio_stop_queue(struct device *device)
{
    struct virtio_state *state = device->state;

    virtio_selected_queue(device)->ready = 0;
    state->waiting &= ~(1u << state->queue_sel);
}
