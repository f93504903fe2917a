/* One keyboard, two lines (frontend/keyboard.c). */
#include "frontend/keyboard.h"
#include "tests/suite.h"

static const char *typed;
static unsigned printed;

static int press(void *context)
{
    (void)context;
    return *typed ? *typed++ : -1;
}

static void see(void *context, u8 byte)
{
    (void)context;
    printed += byte;
}

static void measure(void *context, u16 *columns, u16 *rows)
{
    (void)context;
    *columns = 7;
    *rows = 8;
}

START_TEST(keys_move_to_the_virtio_console_when_its_driver_asks_and_back_at_reset)
{
    struct host host = {.context = NULL};
    struct keyboard keyboard;
    struct host_terminal person = {.line = {.read = press, .write = see}, .measure = measure};
    u16 columns, rows;

    typed = "abcd";
    ck_assert(keyboard_plug(&keyboard, &host, 0, person));
    ck_assert_int_eq(host.plugs[0].kind, PLUG_CONSOLE);
    const struct host_terminal *terminal = host.plugs[0].backend;
    ck_assert_int_eq(host.console.read(host.console.context), 'a');
    ck_assert_int_eq(terminal->line.read(terminal->line.context), 'b');
    ck_assert_int_eq(host.console.read(host.console.context), -1);
    ck_assert_int_eq(terminal->line.read(terminal->line.context), 'c');
    keyboard_reset(&keyboard);
    ck_assert_int_eq(host.console.read(host.console.context), 'd');
    printed = 0;
    host.console.write(host.console.context, 1);
    terminal->line.write(terminal->line.context, 2);
    ck_assert_uint_eq(printed, 3);
    terminal->measure(terminal->line.context, &columns, &rows);
    ck_assert_uint_eq(columns * 10u + rows, 78);
}
END_TEST

START_TEST(what_comes_from_a_pipe_is_for_the_virtio_console_alone)
{
    struct host host = {.context = NULL};
    struct keyboard keyboard;
    struct host_terminal person = {.line = {.read = press, .write = see, .one_at_a_time = true}};

    typed = "a";
    ck_assert(keyboard_plug(&keyboard, &host, 0, person));
    ck_assert_ptr_null(host.console.read);
    const struct host_terminal *terminal = host.plugs[0].backend;
    ck_assert(terminal->line.one_at_a_time);
    ck_assert_ptr_null(terminal->measure);
    ck_assert_int_eq(terminal->line.read(terminal->line.context), 'a');
    for (unsigned i = 1; i < HOST_PLUGS; i++)
        ck_assert(keyboard_plug(&keyboard, &host, 0, person));
    ck_assert(!keyboard_plug(&keyboard, &host, 0, person));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        keys_move_to_the_virtio_console_when_its_driver_asks_and_back_at_reset,
        what_comes_from_a_pipe_is_for_the_virtio_console_alone,
    };
    return SUITE_RUN("keyboard", tests, 1);
}
