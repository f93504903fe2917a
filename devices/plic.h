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

#endif
