/* What a monitor says of itself: VESA Enhanced EDID Standard 1.4, one block, with one timing: the
 * size that is wanted, about 60 times a second. Left out: extensions, sound, colour management. */
#ifndef DEVICES_EDID_H
#define DEVICES_EDID_H

#include "memory/types.h"

#define EDID_SIZE 128u
#define EDID_MOST 4095u /* pixels in a row, rows: 12 bits */

/* width and height are 1 to EDID_MOST. */
void edid_write(u8 block[EDID_SIZE], u32 width, u32 height);

#endif
