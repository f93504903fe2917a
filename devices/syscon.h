/* The switch that ends the machine (see syscon.c). device->plugged is a struct syscon_listener that
 * hears of it, or NULL. */
#ifndef DEVICES_SYSCON_H
#define DEVICES_SYSCON_H

#include "devices/device.h"

enum syscon_request {
    SYSCON_POWEROFF,
    SYSCON_FAILURE, /* with the guest's code, 0 to 65535 */
    SYSCON_RESET,
};

struct syscon_listener {
    void *context;
    /* Called from inside the guest's store; code is 0 but for SYSCON_FAILURE. */
    void (*stop)(void *context, enum syscon_request request, u32 code);
};

extern const struct device_type syscon_type;

#endif
