/* Keyboard, tablet and mouse (see virtio_input.h). What each can do is two tables: ranges of codes
 * for each type of event, and axes. */
#include "devices/virtio_input.h"

#include <string.h>

#define DATA_SIZE (VIRTIO_INPUT_CONFIG - VIRTIO_INPUT_DATA)

_Static_assert(sizeof(struct virtio_input_state) <= VIRTIO_FUNCTION_WORDS * sizeof(u64),
               "the state of the function fits");

static const struct reg_info config[] = {
    {"select", VIRTIO_INPUT_SELECT, 1, REG_RW, "1 name, 2 serial, 3 ids, 17 codes, 18 an axis"},
    {"subsel", VIRTIO_INPUT_SUBSEL, 1, REG_RW, "with 17 a type of events, with 18 an axis"},
    {"size", VIRTIO_INPUT_SIZE, 1, REG_R, "bytes of data; 0 there is no such thing"},
    {"data", VIRTIO_INPUT_DATA, 8, REG_R, "the first of 128 bytes of what was selected"},
    {0},
};

/* Codes first to last of a type of events. */
struct codes {
    u8 type;
    u16 first, last;
};

struct model {
    const char *name;
    u16 product;
    const struct codes *codes; /* ends with type EV_SYN, which everybody has */
    bool has_axes;             /* ABS_X and ABS_Y */
};

static const struct codes keyboard_codes[] = {
    {EV_KEY, 1, KEY_LAST},
    {EV_LED, LED_NUML, LED_SCROLLL},
    {EV_REP, REP_DELAY, REP_PERIOD}, /* the guest repeats keys, as it likes */
    {EV_SYN, 0, 0},
};

static const struct codes tablet_codes[] = {
    {EV_KEY, BTN_LEFT, BTN_EXTRA},
    {EV_REL, REL_HWHEEL, REL_HWHEEL},
    {EV_REL, REL_WHEEL, REL_WHEEL},
    {EV_ABS, ABS_X, ABS_Y},
    {EV_SYN, 0, 0},
};

static const struct codes mouse_codes[] = {
    {EV_KEY, BTN_LEFT, BTN_EXTRA},  {EV_REL, REL_X, REL_Y}, {EV_REL, REL_HWHEEL, REL_HWHEEL},
    {EV_REL, REL_WHEEL, REL_WHEEL}, {EV_SYN, 0, 0},
};

static const struct model keyboard = {"Vitrine Keyboard", 1, keyboard_codes, false};
static const struct model tablet = {"Vitrine Tablet", 2, tablet_codes, true};
static const struct model mouse = {"Vitrine Mouse", 3, mouse_codes, false};

static const struct model *model_of(const struct device *device)
{
    return device->function == &virtio_keyboard_type ? &keyboard
           : device->function == &virtio_mouse_type  ? &mouse
                                                     : &tablet;
}

/* One bit for each code; returns how many bytes have any. */
static u32 write_bits(const struct codes *codes, u32 type, u8 *data)
{
    u32 size = 0;

    for (; codes->type != EV_SYN; codes++)
        for (u32 code = codes->first; codes->type == type && code <= codes->last; code++) {
            data[code / 8] |= (u8)(1u << code % 8);
            if (size < code / 8 + 1)
                size = code / 8 + 1;
        }
    return size;
}

static u32 write_name(const struct model *model, u8 *data)
{
    memcpy(data, model->name, strlen(model->name));
    return (u32)strlen(model->name);
}

static u32 write_ids(const struct model *model, u8 *data)
{
    u16 ids[4] = {BUS_VIRTUAL, 0x5642, model->product, 1}; /* bus, vendor, product, version */

    memcpy(data, ids, sizeof ids);
    return sizeof ids;
}

static u32 write_axis(const struct model *model, u32 axis, u8 *data)
{
    u32 axis_info[5] = {0, TABLET_MOST, 0, 0, 0}; /* least, most, fuzz, flat, resolution */

    if (!model->has_axes || axis > ABS_Y)
        return 0;
    memcpy(data, axis_info, sizeof axis_info);
    return sizeof axis_info;
}

static u32 write_selected(const struct device *device, u8 *data)
{
    const struct virtio_input_state *state = virtio_function_state(device);
    const struct model *model = model_of(device);

    switch (state->select) {
    case VIRTIO_INPUT_ID_NAME:
        return state->subsel ? 0 : write_name(model, data);
    case VIRTIO_INPUT_ID_DEVIDS:
        return state->subsel ? 0 : write_ids(model, data);
    case VIRTIO_INPUT_EV_BITS:
        return write_bits(model->codes, state->subsel, data);
    case VIRTIO_INPUT_ABS_INFO:
        return write_axis(model, state->subsel, data);
    default: /* no serial number, no properties */
        return 0;
    }
}

static void config_read(const struct device *device, u8 *bytes)
{
    const struct virtio_input_state *state = virtio_function_state(device);

    bytes[VIRTIO_INPUT_SELECT] = (u8)state->select;
    bytes[VIRTIO_INPUT_SUBSEL] = (u8)state->subsel;
    bytes[VIRTIO_INPUT_SIZE] = (u8)write_selected(device, bytes + VIRTIO_INPUT_DATA);
}

static void config_write(struct device *device, u64 offset, unsigned size, u64 value)
{
    struct virtio_input_state *state = virtio_function_state(device);

    if (offset == VIRTIO_INPUT_SELECT)
        state->select = (u8)value;
    if (offset == VIRTIO_INPUT_SELECT && size > 1)
        state->subsel = (u8)(value >> 8);
    if (offset == VIRTIO_INPUT_SUBSEL)
        state->subsel = (u8)value;
}

/* As many events as there are and the driver has buffers for. One may be left over: it waits here,
 * since what has been taken from outside cannot be put back. */
static bool take(struct device *device)
{
    struct virtio_input_state *state = virtio_function_state(device);
    const struct host_input *input = device->plugged;
    struct host_event *event = &state->pending;

    for (bool any = false;; any = true) {
        if (!state->is_pending && !(input->next && input->next(input->context, event)))
            return any;
        state->is_pending = !virtio_deliver(device, VIRTIO_INPUT_EVENTS, event, sizeof *event);
        if (state->is_pending)
            return any;
    }
}

static void reset(struct device *device)
{
    memset(virtio_function_state(device), 0, sizeof(struct virtio_input_state));
}

/* Lights: read, and that is all. */
static bool serve(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    (void)device;
    (void)chain;
    *written = 0;
    return true;
}

/* The driver adds buffers to the queue of events when it likes; they are used when there is one. */
static void notify(struct device *device, unsigned queue)
{
    if (queue == VIRTIO_INPUT_STATUS)
        virtio_serve(device, queue, serve);
}

#define INPUT_TYPE(name_)                                                                          \
    {                                                                                              \
        .name = name_, .device_id = 18, .queue_count = VIRTIO_INPUT_QUEUES, .queue_most = 64,      \
        .config = config, .config_size = VIRTIO_INPUT_CONFIG, .config_read = config_read,          \
        .config_write = config_write, .reset = reset, .notify = notify, .take = take,              \
    }

const struct virtio_type virtio_keyboard_type = INPUT_TYPE("virtio-keyboard");
const struct virtio_type virtio_tablet_type = INPUT_TYPE("virtio-tablet");
const struct virtio_type virtio_mouse_type = INPUT_TYPE("virtio-mouse");
#undef INPUT_TYPE
