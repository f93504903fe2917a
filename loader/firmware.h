/* How control passes to the guest: the boot ROM's reset vector, and the note that tells OpenSBI's
 * fw_dynamic which program comes next (OpenSBI, docs/firmware/fw_dynamic.md). */
#ifndef LOADER_FIRMWARE_H
#define LOADER_FIRMWARE_H

#include "devices/machine.h"
#include "memory/types.h"

struct handover {
    paddr entry; /* where the harts go, in M-mode */
    paddr tree;  /* the device tree, in a1 */
    paddr next;  /* where fw_dynamic goes afterwards, in S-mode */
};

#define FIRMWARE_ROM_SIZE 88 /* bytes that it needs of the boot ROM */

/* Writes the boot ROM for the machine's register width. Every hart starts at its first word with
 * a0 = its number, a1 = the device tree, a2 = the note for fw_dynamic. */
void firmware_write_rom(struct machine *machine, const struct handover *handover);

#endif
