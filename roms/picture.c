/* A picture, by storing pixels. The framebuffer (devices/framebuffer.h) shows any part of RAM: tell
 * it where the pixels lie, how many they are and how far apart the rows. A pixel is a word, red,
 * green and blue from above. After that there is nothing to it but stores. Without such a chip (on
 * QEMU) the first load is a fault. */
#include "rom.h"

#define BOARD_FRAMEBUFFER 0x10200000ul

enum {
    IDENTITY = 0x00,
    CONTROL = 0x04,
    ADDRESS = 0x08,
    COLUMNS = 0x10,
    ROWS = 0x14,
    STRIDE = 0x18
};
enum { VFB1 = 0x31424656 };

enum { WIDTH = 640, HEIGHT = 400, BARS = 48, RADIUS = 100 };

static uint32_t pixels[HEIGHT][WIDTH];

static uint32_t colour(int red, int green, int blue)
{
    return (uint32_t)red << 16 | (uint32_t)green << 8 | (uint32_t)blue;
}

/* Evening: dark blue above, orange below. */
static uint32_t sky(int y)
{
    int part = y * 256 / HEIGHT;
    return colour(24 + part * 7 / 8, 32 + part / 2, 96 - part / 4);
}

/* A sun in the middle; 1 inside it. */
static int is_sun(int x, int y)
{
    int across = x - WIDTH / 2, down = y - HEIGHT / 2;
    return across * across + down * down < RADIUS * RADIUS;
}

/* Along the lower edge, the eight colours of full and no red, green and blue. */
static uint32_t bar(int x)
{
    int which = x * 8 / WIDTH;
    return colour(which & 4 ? 255 : 0, which & 2 ? 255 : 0, which & 1 ? 255 : 0);
}

static void draw(void)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            pixels[y][x] = y >= HEIGHT - BARS ? bar(x)
                           : is_sun(x, y)     ? colour(255, 200 - (y - HEIGHT / 2) / 2, 64)
                                              : sky(y);
}

static void show(void)
{
    *mmio32(BOARD_FRAMEBUFFER + ADDRESS) = (uint32_t)(word)pixels;
    *mmio32(BOARD_FRAMEBUFFER + ADDRESS + 4) = 0;
    *mmio32(BOARD_FRAMEBUFFER + COLUMNS) = WIDTH;
    *mmio32(BOARD_FRAMEBUFFER + ROWS) = HEIGHT;
    *mmio32(BOARD_FRAMEBUFFER + STRIDE) = sizeof pixels[0];
    *mmio32(BOARD_FRAMEBUFFER + CONTROL) = 1;
    if (*mmio32(BOARD_FRAMEBUFFER + CONTROL) != 1)
        test_fail(1);
}

int main(void)
{
    if (*mmio32(BOARD_FRAMEBUFFER + IDENTITY) != VFB1)
        test_fail(2);
    show();
    draw();
    print_text("640 by 400 pixels drawn\n");
    test_pass();
}
