/* The tables of keys (frontend/keys.c). Scancodes are numbers of the USB HID usage tables,
 * "Keyboard Page", which SDL has taken over. */
#include "frontend/keys.h"

#include "devices/evdev.h"
#include "tests/suite.h"

START_TEST(keys_are_where_usb_and_linux_have_them)
{
    static const struct {
        unsigned usage;
        u16 key;
    } rows[] = {
        {0x04, 30},  {0x1d, 44},  {0x1e, 2},   {0x27, 11},  {0x28, 28},  {0x29, 1},   {0x2a, 14},
        {0x2b, 15},  {0x2c, 57},  {0x2d, 12},  {0x31, 43},  {0x35, 41},  {0x39, 58},  {0x3a, 59},
        {0x44, 87},  {0x45, 88},  {0x46, 99},  {0x48, 119}, {0x49, 110}, {0x4a, 102}, {0x4c, 111},
        {0x4f, 106}, {0x50, 105}, {0x51, 108}, {0x52, 103}, {0x53, 69},  {0x58, 96},  {0x59, 79},
        {0x62, 82},  {0x64, 86},  {0x65, 127}, {0x66, 116}, {0x68, 183}, {0x73, 194}, {0xe0, 29},
        {0xe1, 42},  {0xe2, 56},  {0xe3, 125}, {0xe4, 97},  {0xe5, 54},  {0xe6, 100}, {0xe7, 126},
        {0, 0},      {3, 0},      {100000, 0},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(key_of_scancode(rows[i].usage) == rows[i].key, "%#x: %u", rows[i].usage,
                      key_of_scancode(rows[i].usage));
}
END_TEST

START_TEST(a_key_has_one_place_and_every_place_of_a_keyboard_a_key)
{
    unsigned seen[256] = {0};

    for (unsigned usage = 0; usage < 600; usage++) {
        u16 key = key_of_scancode(usage);
        ck_assert_uint_le(key, KEY_LAST);
        seen[key]++;
    }
    for (unsigned usage = 0x04; usage <= 0x65; usage++)
        ck_assert_msg(key_of_scancode(usage) != 0, "nothing at %#x", usage);
    for (unsigned key = 1; key < 256; key++)
        ck_assert_msg(seen[key] <= (key == 43 ? 2 : 1), "key %u has %u places", key, seen[key]);
}
END_TEST

/* What an American keyboard types, from the other side. */
static char typed(struct keystroke stroke)
{
    static const char plain[] =
        "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
    static const char shifted[] =
        "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

    return stroke.with_shift ? shifted[stroke.key] : plain[stroke.key];
}

START_TEST(every_printable_character_is_typed_as_itself)
{
    for (char character = 32; character < 127; character++) {
        struct keystroke stroke = key_of_character(character);
        ck_assert_msg(stroke.key != 0, "'%c' cannot be typed", character);
        ck_assert_msg(typed(stroke) == character, "'%c' types '%c'", character, typed(stroke));
    }
    ck_assert_uint_eq(key_of_button(3), BTN_RIGHT);
    ck_assert_uint_eq(key_of_button(0), 0);
    ck_assert_uint_eq(key_of_button(6), 0);
    ck_assert_uint_eq(key_of_character('\n').key, KEY_ENTER);
    ck_assert_uint_eq(key_of_character('\t').key, 15);
    ck_assert_uint_eq(key_of_character(0).key, 0);
    ck_assert_uint_eq(key_of_character('\r').key, 0);
    ck_assert_uint_eq(key_of_character((char)0xe4).key, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        keys_are_where_usb_and_linux_have_them,
        a_key_has_one_place_and_every_place_of_a_keyboard_a_key,
        every_printable_character_is_typed_as_itself,
    };
    return suite_run("keys", tests, sizeof tests / sizeof *tests, 1);
}
