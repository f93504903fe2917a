/* The block of a monitor (see edid.h): sections "Vendor & Product ID", "Basic Display Parameters",
 * "Color Characteristics", "Established Timings", "18 Byte Descriptors".
 *
 * Blanking follows the shape of reduced-blanking timings; nothing depends on it, since there is no
 * beam, but drivers look whether it is possible. */
#include "devices/edid.h"

#include <string.h>

enum {
    AT_DETAILED = 54, /* four descriptors of 18 bytes */
    DESCRIPTOR = 18,
    H_BLANK = 160,
    H_FRONT = 48,
    H_SYNC = 32,
    V_BLANK = 35,
    V_FRONT = 3,
    V_SYNC = 6,
    REFRESH_HZ = 60,
    CLOCK_UNIT_HZ = 10000,
};

/* Pixels of a screen with 96 of them to the inch. */
static u32 millimetres(u32 pixels)
{
    return pixels * 254 / 960;
}

/* Everything that does not depend on the size. */
static void write_head(u8 *block)
{
    static const u8 head[] = {
        0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, /* every block begins so */
        0x5a, 0x92,                                     /* "VTR", five bits each */
        0x01, 0x00, 0x01, 0x00, 0x00, 0x00,             /* product 1, serial number 1 */
        0x00, 36,                                       /* 2026 */
        0x01, 0x04,                                     /* EDID 1.4 */
        0xa0,                                           /* digital, 8 bits of each colour */
        0,    0,                                        /* centimetres, see below */
        120,                                            /* gamma 2.2 */
        0x06, /* sRGB; the first timing is the native one */
        0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54, /* where sRGB's colours lie */
        0x21, 0x08, 0x00, /* 640x480, 800x600, 1024x768 at 60 Hz */
    };

    memset(block, 0, EDID_SIZE);
    memcpy(block, head, sizeof head);
    memset(block + sizeof head, 1, AT_DETAILED - sizeof head); /* no standard timings */
}

/* The upper 4 of 12 bits of two numbers share a byte. */
static u8 upper(u32 high, u32 low)
{
    return (u8)(high >> 8 << 4 | low >> 8);
}

static void write_timing(u8 *at, u32 width, u32 height)
{
    u32 clock = (width + H_BLANK) * (height + V_BLANK) / (CLOCK_UNIT_HZ / REFRESH_HZ);
    u32 across = millimetres(width), down = millimetres(height);

    if (clock > UINT16_MAX) /* the largest sizes, less often */
        clock = UINT16_MAX;
    at[0] = (u8)clock;
    at[1] = (u8)(clock >> 8);
    at[2] = (u8)width;
    at[3] = H_BLANK;
    at[4] = upper(width, H_BLANK);
    at[5] = (u8)height;
    at[6] = V_BLANK;
    at[7] = upper(height, V_BLANK);
    at[8] = H_FRONT;
    at[9] = H_SYNC;
    at[10] = V_FRONT << 4 | V_SYNC;
    at[12] = (u8)across;
    at[13] = (u8)down;
    at[14] = upper(across, down);
    at[17] = 0x1e; /* digital, separate sync, both positive */
}

static void write_name(u8 *at)
{
    static const char name[] = "Vitrine\n     ";

    at[3] = 0xfc;
    memcpy(at + 5, name, DESCRIPTOR - 5);
}

void edid_write(u8 block[EDID_SIZE], u32 width, u32 height)
{
    u8 sum = 0;

    write_head(block);
    block[21] = (u8)((millimetres(width) + 5) / 10);
    block[22] = (u8)((millimetres(height) + 5) / 10);
    write_timing(block + AT_DETAILED, width, height);
    write_name(block + AT_DETAILED + DESCRIPTOR);
    for (unsigned i = 2; i < 4; i++)
        block[AT_DETAILED + i * DESCRIPTOR + 3] = 0x10; /* nothing */
    for (unsigned i = 0; i < EDID_SIZE - 1; i++)
        sum += block[i];
    block[EDID_SIZE - 1] = (u8)-sum;
}
