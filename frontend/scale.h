/* Where the guest's picture lies in a window of another size, and where in the picture a pointer
 * is. Sizes are pixels of the host unless
 * they are called points. */
#ifndef FRONTEND_SCALE_H
#define FRONTEND_SCALE_H

#include "memory/types.h"

enum scale {
    SCALE_SMOOTH,  /* as large as the window allows */
    SCALE_INTEGER, /* each pixel of the guest is n by n; smooth when not even n = 1 fits */
};

struct scale_place {
    i32 x, y;
    u32 width, height;
};

/* The largest place of the picture's shape, in the middle. An empty picture or window has an empty
 * place. */
struct scale_place scale_fit(enum scale scale, u32 window_width, u32 window_height, u32 width,
                             u32 height);
/* The middle of a point of the window, as a pixel: a window on a dense display (HiDPI) has fewer
 * points, in which SDL counts the pointer, than pixels. Both numbers are below 2^31. What is
 * outside stays outside. */
i32 scale_to_pixel(i32 point, u32 points, u32 pixels);
/* A pointer at this pixel of the window, on an axis on which the picture lies at start and is size
 * long: 0 to TABLET_MOST. Beside the picture counts as its edge. */
u32 scale_axis(i32 at, i32 start, u32 size);

#endif
