/* The queues of keyboard and pointer (frontend/input.c). */
#include "frontend/input.h"

#include "devices/evdev.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

struct desk {
    struct input input;
    struct host_input keyboard, tablet;
};

static struct desk *new_desk(void)
{
    struct desk *desk = malloc(sizeof *desk);

    ck_assert_ptr_nonnull(desk);
    input_init(&desk->input);
    desk->keyboard = input_keyboard(&desk->input);
    desk->tablet = input_pointing(&desk->input);
    return desk;
}

static void expect(const struct host_input *from, u16 type, u16 code, u32 value)
{
    struct host_event event = {99, 99, 99};

    ck_assert(from->next(from->context, &event));
    ck_assert_uint_eq(event.type, type);
    ck_assert_uint_eq(event.code, code);
    ck_assert_uint_eq(event.value, value);
}

static void expect_nothing(const struct host_input *from)
{
    struct host_event event;

    ck_assert(!from->next(from->context, &event));
}

START_TEST(a_key_is_pressed_once_and_released_once)
{
    struct desk *desk = new_desk();

    input_release(&desk->input, 30);
    input_press(&desk->input, 30);
    input_press(&desk->input, 30);
    input_release(&desk->input, 30);
    input_press(&desk->input, 0);
    input_press(&desk->input, 5000);
    expect(&desk->keyboard, EV_KEY, 30, 1);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, 30, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect_nothing(&desk->keyboard);
    expect_nothing(&desk->tablet);
    free(desk);
}
END_TEST

START_TEST(all_that_is_held_comes_up)
{
    struct desk *desk = new_desk();
    struct host_event event;

    input_press(&desk->input, KEY_LEFTCTRL);
    input_press(&desk->input, KEY_LEFTALT);
    input_press(&desk->input, BTN_RIGHT);
    while (desk->keyboard.next(&desk->input, &event))
        ;
    input_release_all(&desk->input);
    expect(&desk->keyboard, EV_KEY, KEY_LEFTCTRL, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, KEY_LEFTALT, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect_nothing(&desk->keyboard);
    expect(&desk->tablet, EV_KEY, BTN_RIGHT, 1);
    expect(&desk->tablet, EV_SYN, SYN_REPORT, 0);
    expect(&desk->tablet, EV_KEY, BTN_RIGHT, 0);
    free(desk);
}
END_TEST

START_TEST(the_pointer_says_where_it_is_and_how_the_wheel_turns)
{
    struct desk *desk = new_desk();

    input_move(&desk->input, 3, 32767);
    input_turn_wheel(&desk->input, REL_WHEEL, -2);
    input_turn_wheel(&desk->input, REL_HWHEEL, 0);
    expect(&desk->tablet, EV_ABS, ABS_X, 3);
    expect(&desk->tablet, EV_ABS, ABS_Y, 32767);
    expect(&desk->tablet, EV_SYN, SYN_REPORT, 0);
    expect(&desk->tablet, EV_REL, REL_WHEEL, (u32)-2);
    expect(&desk->tablet, EV_SYN, SYN_REPORT, 0);
    expect_nothing(&desk->tablet);
    free(desk);
}
END_TEST

START_TEST(what_is_pasted_is_typed)
{
    struct desk *desk = new_desk();

    input_paste(&desk->input, "a\xc3\xa4");
    input_paste(&desk->input, "B");
    expect(&desk->keyboard, EV_KEY, 30, 1);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, 30, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, KEY_LEFTSHIFT, 1);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, 48, 1);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, 48, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect(&desk->keyboard, EV_KEY, KEY_LEFTSHIFT, 0);
    expect(&desk->keyboard, EV_SYN, SYN_REPORT, 0);
    expect_nothing(&desk->keyboard);
    free(desk);
}
END_TEST

/* Each queue is filled until it takes no more; packets end whole. */
START_TEST(what_does_not_fit_is_dropped_by_the_packet)
{
    struct desk *desk = new_desk();
    struct host_event event = {0};
    u32 count = 0;

    for (unsigned i = 0; i < INPUT_EVENTS; i++) {
        input_move(&desk->input, i, i);
        input_turn_wheel(&desk->input, REL_WHEEL, 1);
        input_press(&desk->input, 30);
        input_release(&desk->input, 30);
    }
    while (desk->tablet.next(&desk->input, &event))
        count++;
    ck_assert_uint_le(count, INPUT_EVENTS);
    ck_assert_uint_gt(count, INPUT_EVENTS - 3);
    ck_assert_uint_eq(event.type, EV_SYN);
    for (count = 0; desk->keyboard.next(&desk->input, &event);)
        count++;
    ck_assert_uint_eq(count, INPUT_EVENTS);
    ck_assert_uint_eq(event.type, EV_SYN);
    free(desk);
}
END_TEST

START_TEST(a_long_text_is_typed_up_to_its_limit)
{
    struct desk *desk = new_desk();
    char *text = malloc(INPUT_PASTE + 100);
    struct host_event event;
    u32 presses = 0;

    memset(text, 'x', INPUT_PASTE + 99);
    text[INPUT_PASTE + 99] = 0;
    input_paste(&desk->input, text);
    input_paste(&desk->input, text);
    while (desk->keyboard.next(&desk->input, &event))
        presses += event.type == EV_KEY && event.value;
    ck_assert_uint_eq(presses, INPUT_PASTE);
    input_paste(&desk->input, "x");
    expect(&desk->keyboard, EV_KEY, 45, 1);
    free(text);
    free(desk);
}
END_TEST

START_TEST(a_mouse_says_how_far_it_moved_in_pixels)
{
    struct desk *desk = new_desk();

    input_be_mouse(&desk->input, 1024, 768);
    input_move(&desk->input, 0, TABLET_MOST); /* where it is when it comes in counts as no move */
    expect_nothing(&desk->tablet);
    input_move(&desk->input, TABLET_MOST, 0);
    expect(&desk->tablet, EV_REL, REL_X, 1024);
    expect(&desk->tablet, EV_REL, REL_Y, (u32)-768);
    expect(&desk->tablet, EV_SYN, SYN_REPORT, 0);
    input_move(&desk->input, TABLET_MOST, 1); /* less than a pixel */
    expect_nothing(&desk->tablet);
    input_press(&desk->input, BTN_LEFT);
    expect(&desk->tablet, EV_KEY, BTN_LEFT, 1);
    free(desk);
}
END_TEST

START_TEST(moves_that_find_no_room_are_told_with_the_next)
{
    struct desk *desk = new_desk();
    struct host_event event;
    u32 right = 0;

    input_be_mouse(&desk->input, TABLET_MOST, TABLET_MOST);
    for (u32 i = 0; i <= INPUT_EVENTS; i++)
        input_move(&desk->input, i, 0);
    while (desk->tablet.next(desk->tablet.context, &event))
        right += event.type == EV_REL && event.code == REL_X ? event.value : 0;
    input_move(&desk->input, INPUT_EVENTS + 1, 0);
    while (desk->tablet.next(desk->tablet.context, &event))
        right += event.type == EV_REL && event.code == REL_X ? event.value : 0;
    ck_assert_uint_eq(right, INPUT_EVENTS + 1);
    free(desk);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_key_is_pressed_once_and_released_once,
        all_that_is_held_comes_up,
        the_pointer_says_where_it_is_and_how_the_wheel_turns,
        what_is_pasted_is_typed,
        what_does_not_fit_is_dropped_by_the_packet,
        a_long_text_is_typed_up_to_its_limit,
        a_mouse_says_how_far_it_moved_in_pixels,
        moves_that_find_no_room_are_told_with_the_next,
    };
    return suite_run("input", tests, sizeof tests / sizeof *tests, 1);
}
