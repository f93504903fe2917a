/* The platform-level interrupt controller (see plic.c). Hart h has two contexts: 2h for M-mode and
 * 2h + 1 for S-mode; out[context] is that context's external-interrupt wire. */
#ifndef DEVICES_PLIC_H
#define DEVICES_PLIC_H

#include "devices/device.h"

#define PLIC_SOURCES 96 /* 0 means "none"; 1 to 95 are interrupt sources ("riscv,ndev") */

extern const struct device_type plic_type;

/* A source's interrupt line is now at this level. Made for struct wire: the listener is the PLIC's
 * struct device, the line is the source, 1 to 95. */
void plic_set(void *plic_device, int source, bool level);

/* For people who look: has this source been claimed and not completed? Until then nothing comes
 * from it. */
bool plic_is_claimed(const struct device *plic, unsigned source);
/* The source that this context would claim now; 0: none. */
unsigned plic_waiting(const struct device *plic, unsigned context);
/* Could any source interrupt this context as it is set up: enabled, with a priority above the
 * threshold, and not waiting to be completed? */
bool plic_can_interrupt(const struct device *plic, unsigned context);

#endif
