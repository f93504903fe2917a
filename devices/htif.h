/* HTIF, the host-target interface of simulators: a guest without devices ends and prints by writing
 * to the symbol tohost. Only guests whose ELF file has the symbols get it. */
#ifndef DEVICES_HTIF_H
#define DEVICES_HTIF_H

#include "devices/machine.h"

/* Between slices, when tohost was written: do what it asks for. */
void htif_attend(struct machine *machine);

#endif
