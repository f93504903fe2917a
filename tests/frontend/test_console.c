/* The console over pipes and over a pseudo-terminal: keys, the escape prefix, end of input, readers
 * that went away. */
#include <poll.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frontend/console.h"
#include "frontend/outside.h"
#include "frontend/terminal.h"
#include "tests/suite.h"

#define CTRL_A     "\001"
#define SECOND     ((u64)1000000000u)
#define IN_NO_TIME (SECOND / 100)

static struct console console;
static struct outside outside = {.console = &console};
static int keyboard; /* what the person types into */
static int screen;   /* what the person sees */

static void open_pipes(int escape)
{
    int in[2], out[2];
    ck_assert_int_eq(pipe(in), 0);
    ck_assert_int_eq(pipe(out), 0);
    keyboard = in[1];
    screen = out[0];
    console_init(&console, in[0], out[1], escape);
}

static void open_terminal(int escape)
{
    int terminal, out[2];
    ck_assert_int_eq(openpty(&keyboard, &terminal, NULL, NULL, NULL), 0);
    ck_assert_int_eq(pipe(out), 0);
    screen = out[0];
    ck_assert(terminal_enter_raw(terminal));
    console_init(&console, terminal, out[1], escape);
}

static void close_all(void)
{
    terminal_restore();
    close(console.in);
    close(console.out);
    close(keyboard);
    close(screen);
}

static void press(const char *text)
{
    ck_assert_int_eq(write(keyboard, text, strlen(text)), (ssize_t)strlen(text));
}

/* What the guest gets, up to this many bytes; gives each byte time to arrive. */
static const char *taken(size_t count)
{
    static char text[CONSOLE_BUFFER * 2]; /* a test's own; each call overwrites the last */
    struct host_console host = console_host(&console);
    size_t length = 0;
    while (length < count) {
        int byte = host.read(host.context);
        if (byte >= 0)
            text[length++] = (char)byte;
        else if (console.has_ended || console_wants_stop(&console))
            break;
        else
            console_wait(&console, SECOND);
    }
    text[length] = 0;
    return text;
}

static void print(const char *text)
{
    struct host_console host = console_host(&console);
    for (; *text; text++)
        host.write(host.context, (u8)*text);
}

START_TEST(keys_arrive_in_order)
{
    open_terminal(1);
    press("uname -a\r");
    ck_assert_str_eq(taken(9), "uname -a\r");
    ck_assert(!console_host(&console).one_at_a_time);
    close_all();
}
END_TEST

START_TEST(nothing_typed_is_minus_one_and_ends_nothing)
{
    open_terminal(1);
    struct host_console host = console_host(&console);
    ck_assert_int_eq(host.read(host.context), -1);
    ck_assert(!console.has_ended);
    ck_assert(console_may_still_read(&console));
    close_all();
}
END_TEST

START_TEST(prefix_and_x_quits)
{
    open_terminal(1);
    press("a" CTRL_A "x");
    ck_assert_str_eq(taken(2), "a");
    ck_assert(console.wants_quit);
    ck_assert(console_wants_stop(&console));
    close_all();
}
END_TEST

START_TEST(prefix_twice_sends_it_once)
{
    open_terminal(1);
    press(CTRL_A CTRL_A "x");
    ck_assert_str_eq(taken(2), CTRL_A "x");
    ck_assert(!console.wants_quit);
    close_all();
}
END_TEST

START_TEST(prefix_and_a_key_without_a_meaning_is_swallowed)
{
    open_terminal(1);
    press(CTRL_A "z" CTRL_A "c" CTRL_A "t"
                 "b");
    ck_assert_str_eq(taken(1), "b");
    close_all();
}
END_TEST

START_TEST(another_prefix_leaves_the_first_to_the_guest)
{
    open_terminal(2);
    press(CTRL_A "x\002x");
    ck_assert_str_eq(taken(3), CTRL_A "x");
    ck_assert(console.wants_quit);
    close_all();
}
END_TEST

START_TEST(without_a_prefix_all_keys_are_the_guests)
{
    open_terminal(CONSOLE_NO_ESCAPE);
    press(CTRL_A "x\377");
    ck_assert_str_eq(taken(3), CTRL_A "x\377");
    close_all();
}
END_TEST

START_TEST(prefix_is_seen_when_the_guest_reads_nothing)
{
    open_terminal(1);
    struct host host = outside_host(&outside, CLOCK_LIVE);
    char keys[1024];
    memset(keys, 'k', sizeof(keys) - 1);
    keys[sizeof(keys) - 1] = 0;
    for (unsigned i = 0; i < 6; i++) { /* more than the ring holds */
        press(keys);
        console_wait(&console, SECOND);
    }
    press(CTRL_A "x");
    while (!host.wants_stop(host.context))
        console_wait(&console, SECOND);
    ck_assert(console.wants_quit);
    ck_assert_uint_eq(console.typed_count, CONSOLE_BUFFER);
    close_all();
}
END_TEST

START_TEST(a_pipe_is_passed_on_unchanged_and_its_end_only_ends_input)
{
    open_pipes(1);
    press("x" CTRL_A "x");
    close(keyboard);
    keyboard = -1;
    ck_assert(console_host(&console).one_at_a_time);
    ck_assert_str_eq(taken(100), "x" CTRL_A "x");
    ck_assert(console.has_ended);
    ck_assert(!console_may_still_read(&console));
    ck_assert(!console_wants_stop(&console));
    print("still printing");
    console_flush(&console);
    char text[32] = "";
    ck_assert_int_eq(read(screen, text, sizeof(text)), 14);
    ck_assert_str_eq(text, "still printing");
    close_all();
}
END_TEST

START_TEST(a_pipe_is_read_again_only_when_the_guest_has_had_everything)
{
    open_pipes(1);
    press("ab");
    ck_assert_str_eq(taken(1), "a");
    press("cd");
    console_wait(&console, 1);
    ck_assert_uint_eq(console.typed_count, 1);
    ck_assert_str_eq(taken(3), "bcd");
    close_all();
}
END_TEST

START_TEST(a_regular_file_is_there_at_every_question)
{
    char path[] = "/tmp/vitrine-console-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    unlink(path);
    ck_assert_int_eq(write(file, "one\ntwo\n", 8), 8);
    lseek(file, 0, SEEK_SET);
    console_init(&console, file, STDOUT_FILENO, 1);
    struct host_console host = console_host(&console);
    for (const char *at = "one\ntwo\n"; *at; at++)
        ck_assert_int_eq(host.read(host.context), *at);
    ck_assert_int_eq(host.read(host.context), -1);
    ck_assert(console.has_ended);
    close(file);
}
END_TEST

START_TEST(a_closed_input_is_an_ended_one)
{
    console_init(&console, -1, STDOUT_FILENO, 1);
    struct host_console host = console_host(&console);
    ck_assert_int_eq(host.read(host.context), -1);
    ck_assert(!console_may_still_read(&console));
}
END_TEST

START_TEST(output_arrives_whole_when_it_is_more_than_the_buffer)
{
    open_pipes(1);
    for (unsigned i = 0; i < 1000; i++)
        print("0123456789");
    console_flush(&console);
    char text[10001];
    size_t length = 0;
    while (length < 10000) {
        ssize_t got = read(screen, text + length, 10000 - length);
        ck_assert_int_gt(got, 0);
        length += (size_t)got;
    }
    for (size_t i = 0; i < length; i++)
        ck_assert_int_eq(text[i], '0' + (int)(i % 10));
    close_all();
}
END_TEST

START_TEST(a_reader_that_went_away_ends_the_run)
{
    terminal_catch_signals();
    open_pipes(1);
    close(screen);
    print("to nobody");
    console_flush(&console);
    ck_assert_int_eq(console.error, EPIPE);
    ck_assert(console_wants_stop(&console));
    print("more"); /* dropped, without harm */
    console_flush(&console);
    close_all();
    terminal_release_signals();
}
END_TEST

START_TEST(a_reader_that_never_reads_cannot_keep_us_past_the_deadline)
{
    open_pipes(1);
    console.deadline_ns = console_now_ns() + IN_NO_TIME;
    for (unsigned i = 0; i < 20000; i++) /* more than a pipe holds */
        print("0123456789");
    console_flush(&console);
    ck_assert(console_wants_stop(&console));
    ck_assert_int_eq(console.error, 0);
    close_all();
}
END_TEST

START_TEST(a_signal_ends_a_wait_without_end)
{
    terminal_catch_signals();
    open_pipes(1);
    raise(SIGTERM);
    console_wait(&console, UINT64_MAX);
    ck_assert(console_wants_stop(&console));
    ck_assert_int_eq(terminal_stop_signal(), SIGTERM);
    terminal_release_signals();
    ck_assert(!console_wants_stop(&console));
    close_all();
}
END_TEST

START_TEST(typing_and_the_deadline_end_a_wait_without_end)
{
    open_pipes(1);
    press("k");
    console_wait(&console, UINT64_MAX);
    ck_assert_uint_eq(console.typed_count, 1);
    console.typed_count = 0;
    press("l");
    console_wait(&console, 0); /* who has no time looks all the same */
    ck_assert_uint_eq(console.typed_count, 1);
    console.deadline_ns = console_now_ns() + IN_NO_TIME;
    console_wait(&console, UINT64_MAX);
    ck_assert(console_wants_stop(&console));
    close_all();
}
END_TEST

START_TEST(a_wait_writes_the_output_first)
{
    open_pipes(1);
    print("# ");
    console_wait(&console, 1);
    char text[8] = "";
    ck_assert_int_eq(read(screen, text, sizeof(text)), 2);
    ck_assert_str_eq(text, "# ");
    close_all();
}
END_TEST

START_TEST(under_the_virtual_clock_nothing_of_the_host_shows)
{
    open_pipes(1);
    struct host host = outside_host(&outside, CLOCK_VIRTUAL);
    ck_assert(!host.monotonic_ns && !host.wall_ns && !host.random && !host.wait);
    host = outside_host(&outside, CLOCK_LIVE);
    ck_assert(host.monotonic_ns && host.wall_ns && host.random && host.wait);
    u8 bytes[1000] = {0}, zeroes[1000] = {0};
    host.random(host.context, bytes, sizeof(bytes));
    ck_assert_mem_ne(bytes, zeroes, sizeof(bytes));
    ck_assert_mem_ne(bytes + 744, zeroes, 256);
    u64 first = host.monotonic_ns(host.context);
    ck_assert_uint_le(first, host.monotonic_ns(host.context));
    ck_assert_uint_gt(host.wall_ns(host.context), 1600000000 * SECOND);
    close_all();
    open_terminal(1);
    ck_assert(outside_host(&outside, CLOCK_VIRTUAL).wait);
    close_all();
}
END_TEST

START_TEST(the_terminals_size_is_measured_when_it_has_changed)
{
    struct winsize size = {.ws_col = 100, .ws_row = 40};
    u16 columns, rows;
    open_terminal(1);
    terminal_catch_signals();
    struct host_terminal host = console_terminal(&console);
    ck_assert_int_eq(ioctl(keyboard, TIOCSWINSZ, &size), 0);
    host.measure(host.line.context, &columns, &rows);
    ck_assert_uint_eq(columns, 100);
    ck_assert_uint_eq(rows, 40);
    size.ws_col = 90;
    ck_assert_int_eq(ioctl(keyboard, TIOCSWINSZ, &size), 0);
    host.measure(host.line.context, &columns, &rows);
    ck_assert_uint_eq(columns, 100); /* nobody has said that it changed */
    raise(SIGWINCH);
    host.measure(host.line.context, &columns, &rows);
    ck_assert_uint_eq(columns, 90);
    terminal_release_signals();
    close_all();
}
END_TEST

int main(void)
{
    const TTest *const list[] = {keys_arrive_in_order,
                                 nothing_typed_is_minus_one_and_ends_nothing,
                                 prefix_and_x_quits,
                                 prefix_twice_sends_it_once,
                                 prefix_and_a_key_without_a_meaning_is_swallowed,
                                 another_prefix_leaves_the_first_to_the_guest,
                                 without_a_prefix_all_keys_are_the_guests,
                                 prefix_is_seen_when_the_guest_reads_nothing,
                                 a_pipe_is_passed_on_unchanged_and_its_end_only_ends_input,
                                 a_pipe_is_read_again_only_when_the_guest_has_had_everything,
                                 a_regular_file_is_there_at_every_question,
                                 a_closed_input_is_an_ended_one,
                                 output_arrives_whole_when_it_is_more_than_the_buffer,
                                 a_reader_that_went_away_ends_the_run,
                                 a_reader_that_never_reads_cannot_keep_us_past_the_deadline,
                                 a_signal_ends_a_wait_without_end,
                                 typing_and_the_deadline_end_a_wait_without_end,
                                 a_wait_writes_the_output_first,
                                 under_the_virtual_clock_nothing_of_the_host_shows,
                                 the_terminals_size_is_measured_when_it_has_changed};

    return SUITE_RUN("console", list, 1);
}
