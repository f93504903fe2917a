/* A keyboard, a tablet (a pointer that says where it is) and a mouse (one that says how it moved):
 * VIRTIO 1.2, "Input Device". Events are those of Linux's input layer, whose numbers stand in
 * devices/evdev.h. Lights on the keyboard are accepted and not shown. */
#ifndef DEVICES_VIRTIO_INPUT_H
#define DEVICES_VIRTIO_INPUT_H

#include "devices/evdev.h"
#include "devices/virtio.h"

enum { VIRTIO_INPUT_EVENTS, VIRTIO_INPUT_STATUS, VIRTIO_INPUT_QUEUES };

/* What the driver writes to select, and what the rest of the configuration space then says. */
enum virtio_input_select {
    VIRTIO_INPUT_UNSET = 0x00,
    VIRTIO_INPUT_ID_NAME = 0x01,
    VIRTIO_INPUT_ID_SERIAL = 0x02,
    VIRTIO_INPUT_ID_DEVIDS = 0x03,
    VIRTIO_INPUT_PROP_BITS = 0x10,
    VIRTIO_INPUT_EV_BITS = 0x11,  /* subsel: a type of events */
    VIRTIO_INPUT_ABS_INFO = 0x12, /* subsel: an axis */
};

enum virtio_input_config {
    VIRTIO_INPUT_SELECT = 0,
    VIRTIO_INPUT_SUBSEL = 1,
    VIRTIO_INPUT_SIZE = 2,
    VIRTIO_INPUT_DATA = 8,
    VIRTIO_INPUT_CONFIG = 136, /* bytes of it all */
};

struct virtio_input_state {
    u32 select, subsel;
    u32 is_pending; /* an event has come for which the driver had no buffer */
    u32 unused;
    struct host_event pending;
};

/* The backend of each is a const struct host_input *. */
extern const struct virtio_type virtio_keyboard_type;
extern const struct virtio_type virtio_tablet_type;
extern const struct virtio_type virtio_mouse_type;

#endif
