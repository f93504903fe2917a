/* Software and timer interrupts of the harts (see aclint.c). out[2h] is hart h's MSIP, out[2h + 1]
 * its MTIP. */
#ifndef DEVICES_ACLINT_H
#define DEVICES_ACLINT_H

#include "devices/device.h"

extern const struct device_type aclint_type;

#endif
