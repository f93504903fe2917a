/* Arithmetic of the window (see scale.h), all in whole numbers. */
#include "frontend/scale.h"

#include "devices/evdev.h"

static struct scale_place centre(u32 window_width, u32 window_height, u32 width, u32 height)
{
    return (struct scale_place){((i32)window_width - (i32)width) / 2,
                                ((i32)window_height - (i32)height) / 2, width, height};
}

struct scale_place scale_fit(enum scale scale, u32 window_width, u32 window_height, u32 width,
                             u32 height)
{
    u64 wide = (u64)window_width * height, high = (u64)window_height * width;
    u32 times;

    if (!width || !height || !window_width || !window_height)
        return (struct scale_place){0};
    times = window_width / width < window_height / height ? window_width / width
                                                          : window_height / height;
    if (scale == SCALE_INTEGER && times > 0)
        return centre(window_width, window_height, times * width, times * height);
    if (wide <= high) { /* the window is the narrower of the two: bars above and below */
        u32 fitted = (u32)(wide / width);
        return centre(window_width, window_height, window_width, fitted ? fitted : 1);
    }
    u32 fitted = (u32)(high / height);
    return centre(window_width, window_height, fitted ? fitted : 1, window_height);
}

i32 scale_to_pixel(i32 point, u32 points, u32 pixels)
{
    const i64 twice = 2 * (i64)point + 1;

    if (points == 0)
        return 0;
    i64 pixel = twice * (i64)pixels / (2 * (i64)points);
    if (twice < 0) /* division rounds towards zero, which is inside */
        pixel--;
    return pixel > INT32_MAX ? INT32_MAX : pixel < INT32_MIN ? INT32_MIN : (i32)pixel;
}

u32 scale_axis(i32 at, i32 start, u32 size)
{
    i64 inside = (i64)at - start;

    if (inside < 0 || size == 0)
        return 0;
    if (inside >= size)
        return TABLET_MOST;
    /* The middle of the pixel, so that a guest that divides again finds the same one. */
    return (u32)((2 * (u64)inside + 1) * (TABLET_MOST + 1) / (2 * (u64)size));
}
