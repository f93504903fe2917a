/* The picture and its screenshots (frontend/display.c, png.c). */
#include "frontend/display.h"

#include "tests/suite.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIDE 40u

struct room {
    struct display display;
    const struct host_screen *gpu, *framebuffer;
    u32 pixels[SIDE * SIDE];
    char path[64];
    u32 width, height; /* of the picture in the file */
    u32 *read;
};

static struct room *new_room(void)
{
    struct room *room = calloc(1, sizeof *room);

    ck_assert_ptr_nonnull(room);
    display_init(&room->display);
    room->gpu = &room->display.screens[SOURCE_GPU];
    room->framebuffer = &room->display.screens[SOURCE_FRAMEBUFFER];
    for (u32 i = 0; i < SIDE * SIDE; i++)
        room->pixels[i] = i * 0x10305;
    snprintf(room->path, sizeof room->path, "vitrine-display-%d.png", (int)getpid());
    return room;
}

static void close_room(struct room *room)
{
    display_free(&room->display);
    unlink(room->path);
    free(room->read);
    free(room);
}

static void draw(struct room *room, const struct host_screen *screen, struct host_rect part)
{
    screen->draw(screen->context, &part, room->pixels + part.y * SIDE + part.x, SIDE);
}

static void read_file(struct room *room)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    ck_assert_msg(png_image_begin_read_from_file(&image, room->path), "%s", image.message);
    image.format = PNG_FORMAT_BGRA;
    free(room->read);
    room->read = malloc(PNG_IMAGE_SIZE(image));
    ck_assert(png_image_finish_read(&image, NULL, room->read, 0, NULL));
    room->width = image.width;
    room->height = image.height;
}

START_TEST(a_screenshot_holds_what_was_drawn)
{
    struct room *room = new_room();

    room->display.shots[0] = (struct display_shot){.path = room->path, .at = UINT64_MAX};
    room->display.shot_count = 1;
    room->gpu->set_size(room->gpu->context, SIDE, 30);
    draw(room, room->gpu, (struct host_rect){.width = SIDE, .height = 30});
    display_finish(&room->display);
    ck_assert_str_eq(room->display.message, "");
    read_file(room);
    ck_assert_uint_eq(room->width, SIDE);
    ck_assert_uint_eq(room->height, 30);
    for (u32 i = 0; i < SIDE * 30; i++)
        ck_assert_uint_eq(room->read[i] & 0xffffff, room->pixels[i] & 0xffffff);
    close_room(room);
}
END_TEST

START_TEST(screenshots_are_due_at_their_tick)
{
    struct room *room = new_room();
    const struct host_screen *screen = room->framebuffer;
    u64 next = UINT64_MAX;

    room->display.shots[0] = (struct display_shot){.path = room->path, .at = 500};
    room->display.shot_count = 1;
    screen->set_size(screen->context, SIDE, SIDE);
    ck_assert_int_eq(screen->wants_look(screen->context, 499, &next), LOOK_NOT_NOW);
    ck_assert_uint_eq(next, 500);
    next = UINT64_MAX;
    ck_assert_int_eq(screen->wants_look(screen->context, 500, &next), LOOK_AT_ALL);
    ck_assert_uint_eq(next, UINT64_MAX);
    screen->looked(screen->context, 500);
    ck_assert_int_eq(access(room->path, F_OK), 0);
    unlink(room->path);
    ck_assert_int_eq(screen->wants_look(screen->context, 501, &next), LOOK_NOT_NOW);
    display_finish(&room->display); /* not again */
    ck_assert_int_ne(access(room->path, F_OK), 0);
    close_room(room);
}
END_TEST

START_TEST(virtio_gpu_has_the_screen_while_it_shows_something)
{
    struct room *room = new_room();
    u64 next = UINT64_MAX;

    room->framebuffer->set_size(room->framebuffer->context, 20, 10);
    draw(room, room->framebuffer, (struct host_rect){.width = 20, .height = 10});
    ck_assert_uint_eq(room->display.pixels[19], room->pixels[19]);
    room->gpu->set_size(room->gpu->context, SIDE, SIDE);
    ck_assert_uint_eq(room->display.width, SIDE);
    ck_assert_uint_eq(room->display.pixels[19], 0);
    draw(room, room->framebuffer, (struct host_rect){.width = 20, .height = 10});
    room->framebuffer->set_size(room->framebuffer->context, 30, 10);
    ck_assert_uint_eq(room->display.width, SIDE);
    ck_assert_uint_eq(room->display.pixels[19], 0);
    room->display.must_look = true;
    ck_assert_int_eq(room->framebuffer->wants_look(room->framebuffer->context, 1, &next),
                     LOOK_FOR_CHANGES);
    room->gpu->set_size(room->gpu->context, 0, 0);
    ck_assert_uint_eq(room->display.width, 30);
    ck_assert_int_eq(room->framebuffer->wants_look(room->framebuffer->context, 1, &next),
                     LOOK_AT_ALL);
    close_room(room);
}
END_TEST

START_TEST(damage_is_what_has_changed)
{
    struct room *room = new_room();
    struct host_rect *damage = &room->display.damage;

    room->gpu->set_size(room->gpu->context, SIDE, SIDE);
    ck_assert_uint_eq(damage->width, SIDE);
    draw(room, room->gpu, (struct host_rect){.width = SIDE, .height = SIDE});
    display_seen(&room->display);
    ck_assert_uint_eq(damage->width, 0);
    draw(room, room->gpu, (struct host_rect){.width = SIDE, .height = SIDE});
    ck_assert_uint_eq(damage->width, 0); /* the same again */
    room->pixels[5 * SIDE + 6]++;
    room->pixels[9 * SIDE + 20]++;
    draw(room, room->gpu, (struct host_rect){4, 5, 3, 2});
    ck_assert_uint_eq(damage->x, 4);
    ck_assert_uint_eq(damage->y, 5);
    ck_assert_uint_eq(damage->width, 3);
    ck_assert_uint_eq(damage->height, 1);
    draw(room, room->gpu, (struct host_rect){20, 0, 2, 20});
    ck_assert_uint_eq(damage->x, 4);
    ck_assert_uint_eq(damage->width, 18);
    ck_assert_uint_eq(damage->y, 5);
    ck_assert_uint_eq(damage->height, 5);
    close_room(room);
}
END_TEST

START_TEST(the_cursor_is_blended_into_screenshots_and_cut_at_the_edge)
{
    struct room *room = new_room();
    u32 cursor[HOST_CURSOR * HOST_CURSOR] = {0xff00ff00, 0x80808080, 0x00ffffff, 0x40400020,
                                             0x77777777};

    cursor[HOST_CURSOR + 1] = 0xffabcdef;
    room->display.shots[0] = (struct display_shot){.path = room->path, .at = UINT64_MAX};
    room->display.shot_count = 1;
    room->gpu->set_size(room->gpu->context, SIDE, SIDE);
    room->gpu->set_cursor(room->gpu->context, cursor);
    room->gpu->move_cursor(room->gpu->context, 30, 39);
    display_finish(&room->display);
    read_file(room);
    ck_assert_uint_eq(room->read[39 * SIDE + 30] & 0xffffff, 0x00ff00);
    ck_assert_uint_eq(room->read[39 * SIDE + 31] & 0xffffff, 0x808080);
    ck_assert_uint_eq(room->read[39 * SIDE + 32] & 0xffffff, 0);
    ck_assert_uint_eq(room->display.cursor[1], 0x80ffffff);
    ck_assert_uint_eq(room->display.cursor[2], 0);
    ck_assert_uint_eq(room->display.cursor[3], 0x40ff0080);
    ck_assert_uint_eq(room->display.cursor[4], 0x77ffffff);
    ck_assert_uint_eq(room->read[39 * SIDE + 33] & 0xffffff, 0x400020);
    room->display.shots[0].is_done = false;
    room->gpu->move_cursor(room->gpu->context, -1, -1);
    display_finish(&room->display);
    read_file(room);
    ck_assert_uint_eq(room->read[0] & 0xffffff, 0xabcdef);
    room->display.shots[0].is_done = false;
    room->gpu->move_cursor(room->gpu->context, INT32_MAX, INT32_MIN);
    display_finish(&room->display);
    room->gpu->set_cursor(room->gpu->context, NULL);
    ck_assert(!room->display.has_cursor);
    close_room(room);
}
END_TEST

START_TEST(another_size_is_told_once)
{
    struct room *room = new_room();
    u32 width, height;

    ck_assert(!room->gpu->next_size(room->gpu->context, &width, &height));
    display_want_size(&room->display, 100, 200);
    display_want_size(&room->display, 300, 400);
    ck_assert(room->gpu->next_size(room->gpu->context, &width, &height));
    ck_assert_uint_eq(width, 300);
    ck_assert_uint_eq(height, 400);
    ck_assert(!room->gpu->next_size(room->gpu->context, &width, &height));
    close_room(room);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_told_and_no_picture_is_a_black_one)
{
    struct room *room = new_room();

    room->display.shots[0] = (struct display_shot){.path = "/no/such/folder/a.png", .at = 0};
    room->display.shots[1] = (struct display_shot){.path = room->path, .at = 0};
    room->display.shot_count = 1;
    display_finish(&room->display);
    ck_assert_msg(strstr(room->display.message, "/no/such/folder/a.png") != NULL, "%s",
                  room->display.message);
    room->display.shot_count = 2;
    display_finish(&room->display);
    read_file(room);
    ck_assert_uint_eq(room->width, DISPLAY_WIDTH);
    ck_assert_uint_eq(room->read[0] & 0xffffff, 0);
    close_room(room);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_screenshot_holds_what_was_drawn,
        screenshots_are_due_at_their_tick,
        virtio_gpu_has_the_screen_while_it_shows_something,
        damage_is_what_has_changed,
        the_cursor_is_blended_into_screenshots_and_cut_at_the_edge,
        another_size_is_told_once,
        a_file_that_cannot_be_written_is_told_and_no_picture_is_a_black_one,
    };
    return suite_run("display", tests, sizeof tests / sizeof *tests, 1);
}
