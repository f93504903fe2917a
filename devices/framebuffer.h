/* The framebuffer: shows a part of RAM as a picture. No specification but this one: the guest says
 * where its pixels lie, how many they are and how far apart the rows; a pixel is 32 bits, blue in
 * the lowest byte, then green, red and one that does not count. Drawing is storing to that memory.
 *
 * With a screen attached it shows FRAMEBUFFER_WIDTH by FRAMEBUFFER_HEIGHT pixels at the end of RAM
 * from power-on, which the device tree tells ("simple-framebuffer"). Left out: other formats,
 * a palette, an interrupt when the picture has been shown. */
#ifndef DEVICES_FRAMEBUFFER_H
#define DEVICES_FRAMEBUFFER_H

#include "devices/device.h"

#define FRAMEBUFFER_WIDTH  1024u
#define FRAMEBUFFER_HEIGHT 768u
#define FRAMEBUFFER_MOST   4096u       /* pixels in a row, rows */
#define FRAMEBUFFER_ID     0x31424656u /* "VFB1" */

enum framebuffer_offset {
    FRAMEBUFFER_IDENTITY = 0x00,
    FRAMEBUFFER_CONTROL = 0x04,
    FRAMEBUFFER_ADDRESS_LOW = 0x08,
    FRAMEBUFFER_ADDRESS_HIGH = 0x0c,
    FRAMEBUFFER_COLUMNS = 0x10,
    FRAMEBUFFER_ROWS = 0x14,
    FRAMEBUFFER_STRIDE = 0x18,
};

/* What is shown, or is to be shown. */
struct framebuffer_view {
    u64 address;
    u32 width, height; /* pixels */
    u32 stride;        /* bytes from one row to the next */
    u32 is_on;
};

struct framebuffer_state {
    struct framebuffer_view wanted; /* what the registers say */
    struct framebuffer_view shown;  /* what they said when CONTROL was written, checked */
};

extern const struct device_type framebuffer_type;

/* What it shows now. */
const struct framebuffer_view *framebuffer_view(const struct device *device);
/* Hands the whole picture to the screen, if there is one. Between slices, or when the machine has
 * stopped. */
void framebuffer_show(struct device *device);

#endif
