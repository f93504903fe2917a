/* Arithmetic of the window (frontend/scale.c). */
#include "frontend/scale.h"

#include "devices/evdev.h"
#include "tests/suite.h"

START_TEST(pictures_fit_as_these_rows_say)
{
    static const struct {
        enum scale scale;
        u32 window_width, window_height, width, height;
        struct scale_place place;
    } rows[] = {
        {SCALE_SMOOTH, 1024, 768, 1024, 768, {0, 0, 1024, 768}},
        {SCALE_SMOOTH, 1280, 768, 1024, 768, {128, 0, 1024, 768}},
        {SCALE_SMOOTH, 1024, 1000, 1024, 768, {0, 116, 1024, 768}},
        {SCALE_SMOOTH, 512, 768, 1024, 768, {0, 192, 512, 384}},
        {SCALE_SMOOTH, 2048, 1536, 1024, 768, {0, 0, 2048, 1536}},
        {SCALE_SMOOTH, 1000, 1000, 640, 400, {0, 187, 1000, 625}},
        {SCALE_SMOOTH, 1, 1000, 4096, 1, {0, 499, 1, 1}},
        {SCALE_SMOOTH, 1000, 1, 1, 4096, {499, 0, 1, 1}},
        {SCALE_INTEGER, 1024, 768, 640, 400, {192, 184, 640, 400}},
        {SCALE_INTEGER, 1300, 900, 640, 400, {10, 50, 1280, 800}},
        {SCALE_INTEGER, 1279, 900, 640, 400, {319, 250, 640, 400}},
        {SCALE_INTEGER, 320, 400, 640, 400, {0, 100, 320, 200}},
        {SCALE_INTEGER, 3840, 2160, 320, 200, {320, 80, 3200, 2000}},
        {SCALE_SMOOTH, 0, 768, 1024, 768, {0, 0, 0, 0}},
        {SCALE_INTEGER, 1024, 768, 0, 0, {0, 0, 0, 0}},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scale_place place = scale_fit(rows[i].scale, rows[i].window_width,
                                             rows[i].window_height, rows[i].width, rows[i].height);
        const struct scale_place *wanted = &rows[i].place;
        ck_assert_msg(place.x == wanted->x && place.y == wanted->y &&
                          place.width == wanted->width && place.height == wanted->height,
                      "row %u: %d %d %u %u", i, place.x, place.y, place.width, place.height);
    }
}
END_TEST

START_TEST(no_place_leaves_its_window)
{
    for (u32 scale = SCALE_SMOOTH; scale <= SCALE_INTEGER; scale++)
        for (u32 window = 1; window < 5000; window = window * 3 / 2 + 1)
            for (u32 other = 1; other < 5000; other = other * 5 / 3 + 2)
                for (u32 size = 1; size < 5000; size = size * 2 + 3) {
                    struct scale_place place =
                        scale_fit(scale, window, other, size, 4096 - size / 2);
                    if (place.x < 0 || place.y < 0 || (u32)place.x + place.width > window ||
                        (u32)place.y + place.height > other || !place.width || !place.height)
                        ck_abort_msg("%u: window %u %u, picture %u", scale, window, other, size);
                }
}
END_TEST

START_TEST(a_pointer_finds_the_pixel_that_it_is_on)
{
    static const u32 sizes[] = {1, 2, 3, 400, 640, 768, 1024, 1366, 2160, 3840, 4095};

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (u32 at = 0; at < sizes[i]; at++) {
            u32 axis = scale_axis((i32)at + 10, 10, sizes[i]);
            /* What libinput does with it. */
            u32 pixel = (u32)((u64)axis * sizes[i] / (TABLET_MOST + 1));
            if (pixel != at || axis > TABLET_MOST)
                ck_abort_msg("%u of %u: %u, pixel %u", at, sizes[i], axis, pixel);
        }
}
END_TEST

START_TEST(beside_the_picture_is_its_edge)
{
    ck_assert_uint_eq(scale_axis(-1, 0, 100), 0);
    ck_assert_uint_eq(scale_axis(9, 10, 100), 0);
    ck_assert_uint_eq(scale_axis(110, 10, 100), TABLET_MOST);
    ck_assert_uint_eq(scale_axis(INT32_MAX, INT32_MIN, 100), TABLET_MOST);
    ck_assert_uint_eq(scale_axis(INT32_MIN, INT32_MAX, 100), 0);
    ck_assert_uint_eq(scale_axis(5, 0, 0), 0);
}
END_TEST

/* A window of 1024 by 768 points on displays of several densities. */
START_TEST(a_point_of_a_dense_display_is_a_block_of_pixels)
{
    static const struct {
        i32 point;
        u32 points, pixels;
        i32 pixel;
    } rows[] = {
        {0, 1024, 1024, 0},
        {1023, 1024, 1024, 1023},
        {0, 1024, 2048, 1},
        {1023, 1024, 2048, 2047},
        {511, 1024, 1536, 767},
        {1023, 1024, 1536, 1535},
        {0, 768, 2304, 1},
        {767, 768, 2304, 2302},
        {7, 1024, 512, 3},
        {1023, 1024, 512, 511},
        {-1, 1024, 1024, -1},
        {1024, 1024, 2048, 2049},
        {5, 0, 1024, 0},
        {5, 1024, 0, 0},
        {INT32_MAX, 1, INT32_MAX, INT32_MAX},
        {INT32_MIN, 1, INT32_MAX, INT32_MIN},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        i32 pixel = scale_to_pixel(rows[i].point, rows[i].points, rows[i].pixels);
        ck_assert_msg(pixel == rows[i].pixel, "row %u: %d", i, pixel);
    }
    for (u32 pixels = 1; pixels < 8192; pixels = pixels * 3 / 2 + 1)
        ck_assert_msg(scale_to_pixel(-1, 1024, pixels) < 0, "%u pixels", pixels);
}
END_TEST

/* However dense it is: to a pixel of the guest. */
START_TEST(a_pointer_on_a_dense_display_is_in_the_same_place_of_the_picture)
{
    for (u32 percent = 100; percent <= 300; percent += 25) {
        const u32 pixels = 1000 * percent / 100;
        const struct scale_place place = scale_fit(SCALE_SMOOTH, pixels, pixels, 640, 400);
        for (i32 point = 0; point < 1000; point++) {
            u32 axis = scale_axis(scale_to_pixel(point, 1000, pixels), place.x, place.width);
            i32 wanted = point * 640 / 1000, found = (i32)((u64)axis * 640 / (TABLET_MOST + 1));
            if (found - wanted > 1 || wanted - found > 1)
                ck_abort_msg("%u %%: point %d is at %d, not %d", percent, point, found, wanted);
        }
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        pictures_fit_as_these_rows_say,
        no_place_leaves_its_window,
        a_pointer_finds_the_pixel_that_it_is_on,
        beside_the_picture_is_its_edge,
        a_point_of_a_dense_display_is_a_block_of_pixels,
        a_pointer_on_a_dense_display_is_in_the_same_place_of_the_picture,
    };
    return suite_run("scale", tests, sizeof tests / sizeof *tests, 1);
}
