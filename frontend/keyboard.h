/* One keyboard and two lines of the guest that it can be on: the serial one, and a virtio console.
 * What both print is shown. */
#ifndef FRONTEND_KEYBOARD_H
#define FRONTEND_KEYBOARD_H

#include "devices/host.h"

struct keyboard {
    struct host_terminal person;   /* who types, and how large the terminal is */
    struct host_terminal terminal; /* what the virtio console is plugged into */
    bool is_moved;                 /* the virtio console's driver has asked for keys */
};

/* Plugs a virtio console into this slot of the host (as host_plug_at()), whose console may be asked
 * for keys until the virtio console's driver runs: a boot loader, or a guest without that driver,
 * can be typed at. What comes from a pipe or a script all goes to the virtio console. keyboard must
 * stay where it is. False when there is no virtio slot left. */
bool keyboard_plug(struct keyboard *keyboard, struct host *host, unsigned slot,
                   struct host_terminal person);
/* The machine starts anew: back to the serial line. */
void keyboard_reset(struct keyboard *keyboard);

#endif
