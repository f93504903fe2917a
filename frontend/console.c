/* The console behind host.h: poll(2), read(2), write(2).
 *
 * The machine asks for input between slices, up to thousands of times per second; a descriptor that
 * had nothing is therefore looked at again only after LOOK_NS. A regular file always has something
 * or has ended, so input redirected from a file meets the same instruction in every virtual-clock
 * run.
 *
 * Left out: breaks, modem lines, flow control. */
#include "frontend/console.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "frontend/terminal.h"

#define SECOND_NS      1000000000u
#define MILLISECOND_NS 1000000u
#define LOOK_NS        MILLISECOND_NS
/* A signal that comes just before poll() is noticed when poll() ends, so it never lasts longer. */
#define NAP_MS    100
#define KEPT_MOST ((size_t)1 << 20) /* bytes */
#define NAP_NS    (NAP_MS * (u64)MILLISECOND_NS)

u64 console_now_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (u64)at.tv_sec * SECOND_NS + (u64)at.tv_nsec;
}

bool console_wants_stop(const struct console *console)
{
    return console->wants_quit || console->error || terminal_stop_signal() ||
           (console->deadline_ns != UINT64_MAX && console_now_ns() >= console->deadline_ns);
}

bool console_may_still_read(const struct console *console)
{
    return console->typed_count || !console->has_ended;
}

/* What a guest does not take is lost when the ring is full, as on a real line. */
static void type(struct console *console, u8 byte)
{
    if (console->typed_count == CONSOLE_BUFFER)
        return;
    console->typed[(console->typed_first + console->typed_count) % CONSOLE_BUFFER] = byte;
    console->typed_count++;
}

static void print_help(int escape)
{
    char prefix[] = {(char)(escape | 0x40), 0};
    fprintf(stderr,
            "\nCtrl-%s c       the monitor, and back: registers, memory, symbols, devices\n"
            "Ctrl-%s x       quit (the guest is not asked; poweroff inside it is kinder)\n"
            "Ctrl-%s h       this help\n"
            "Ctrl-%s Ctrl-%s  send Ctrl-%s to the guest\n",
            prefix, prefix, prefix, prefix, prefix, prefix);
}

/* What QEMU has behind these keys. */
static void explain_absence(u8 key)
{
    static const struct {
        char key;
        const char *sentence;
    } absent[] = {
        {'c', "There is no monitor to switch to."},
        {'b', "The serial line here knows no break."},
        {'s', "Disks are written to as the guest writes; there is nothing to save."},
        {'t', "There are no timestamps here."},
    };

    for (unsigned i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        if (absent[i].key == (key | 0x20))
            fprintf(stderr, "\nvitrine: %s\n", absent[i].sentence);
}

/* A key typed on a terminal: for the guest, or for us after the prefix. */
static void press(struct console *console, u8 key)
{
    if (!console->escaped) {
        if (key == console->escape)
            console->escaped = true;
        else
            type(console, key);
        return;
    }
    console->escaped = false;
    if (key == console->escape)
        type(console, key);
    else if (key == 'x' || key == 'X')
        console->wants_quit = true;
    else if (key == 'h' || key == 'H' || key == '?')
        print_help(console->escape);
    else if ((key == 'c' || key == 'C') && console->has_monitor)
        console->wants_monitor = true;
    else
        explain_absence(key);
}

/* From a terminal always, so that the prefix is seen even when the guest reads nothing; from a pipe
 * only when the guest has had everything, so that nothing is lost. */
static bool wants_input(const struct console *console)
{
    return !console->has_ended && !console->is_lent &&
           (console->is_terminal || !console->typed_count);
}

static bool is_readable(int fd)
{
    struct pollfd fds = {.fd = fd, .events = POLLIN};
    return poll(&fds, 1, 0) > 0;
}

/* Takes what has been typed since, without waiting. */
static void look(struct console *console)
{
    if (!wants_input(console) || !(console->is_ready || is_readable(console->in)))
        return;
    u8 bytes[CONSOLE_BUFFER];
    ssize_t got = read(console->in, bytes, sizeof(bytes));
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) { /* also EIO: the terminal is gone */
        console->has_ended = true;
        return;
    }
    for (ssize_t i = 0; i < got; i++) {
        if (console->is_terminal && console->escape != CONSOLE_NO_ESCAPE)
            press(console, bytes[i]);
        else
            type(console, bytes[i]);
    }
}

/* The last of what is printed while the terminal is lent. Where memory is short, nothing. */
static void keep(struct console *console)
{
    size_t size = console->kept_size + console->printed_count;
    size_t surplus = size > KEPT_MOST ? size - KEPT_MOST : 0;
    u8 *grown = realloc(console->kept, size + 1);

    if (grown) {
        memcpy(grown + console->kept_size, console->printed, console->printed_count);
        memmove(grown, grown + surplus, size - surplus);
        console->kept = grown;
        console->kept_size = size - surplus;
    }
    console->printed_count = 0;
}

void console_lend(struct console *console)
{
    console_flush(console);
    console->is_lent = true;
    console->wants_monitor = false;
}

/* Waits a little until out takes bytes, while the keyboard stays alive. */
static bool out_takes_bytes(struct console *console)
{
    struct pollfd fds = {.fd = console->out, .events = POLLOUT};
    if (poll(&fds, 1, 0) > 0)
        return true;
    struct pollfd both[] = {fds, {.fd = console->is_terminal ? console->in : -1, .events = POLLIN}};
    poll(both, 2, NAP_MS);
    if (both[1].revents)
        look(console);
    return both[0].revents != 0;
}

void console_flush(struct console *console)
{
    unsigned done = 0;
    if (console->is_lent) {
        keep(console);
        return;
    }
    while (done < console->printed_count && !console->error) {
        if (!out_takes_bytes(console)) {
            if (console_wants_stop(console))
                break;
            continue;
        }
        ssize_t put = write(console->out, console->printed + done, console->printed_count - done);
        if (put >= 0)
            done += (unsigned)put;
        else if (errno != EINTR && errno != EAGAIN)
            console->error = errno;
    }
    console->printed_count = 0;
}

bool console_attend(struct console *console)
{
    u64 now = console_now_ns();
    if (now < console->next_look_ns)
        return false;
    console->next_look_ns = now + LOOK_NS;
    console_flush(console);
    look(console);
    return true;
}

/* poll(2) to the nanosecond, by pselect(2): poll counts whole milliseconds, and a guest's timer is
 * finer. What does not fit into a set is not waited for. */
static int poll_ns(struct pollfd *fds, unsigned count, u64 ns)
{
    struct timespec nap = {(time_t)(ns / SECOND_NS), (long)(ns % SECOND_NS)};
    fd_set in, out, urgent;
    int end = 0;

    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_ZERO(&urgent);
    for (unsigned i = 0; i < count; i++) {
        fds[i].revents = 0;
        if (fds[i].fd < 0 || fds[i].fd >= FD_SETSIZE)
            continue;
        if (fds[i].events & POLLIN)
            FD_SET(fds[i].fd, &in);
        if (fds[i].events & POLLOUT)
            FD_SET(fds[i].fd, &out);
        if (fds[i].events & POLLPRI)
            FD_SET(fds[i].fd, &urgent);
        if (fds[i].fd >= end)
            end = fds[i].fd + 1;
    }
    int ready = pselect(end, &in, &out, &urgent, &nap, NULL);
    /* Which ones, and errors and hang-ups, too. */
    return ready > 0 ? poll(fds, count, 0) : 0;
}

void console_sleep(struct console *console, struct pollfd *fds, unsigned count, u64 ns)
{
    u64 now = console_now_ns();
    u64 end = ns > UINT64_MAX - now ? UINT64_MAX : now + ns;
    if (end > console->deadline_ns)
        end = console->deadline_ns;
    while (!console_wants_stop(console)) {
        u64 left = now < end ? end - now : 0; /* who has no time to sleep hears all the same */
        if (poll_ns(fds, count, left < NAP_NS ? left : NAP_NS) > 0) {
            if (fds[0].revents)
                look(console);
            return;
        }
        if (!left)
            return;
        now = console_now_ns();
    }
}

int console_input(const struct console *console)
{
    return wants_input(console) ? console->in : -1;
}

void console_wait(struct console *console, u64 ns)
{
    struct pollfd input = {.fd = console_input(console), .events = POLLIN};
    console_flush(console);
    console_sleep(console, &input, 1, ns);
}

static int read_byte(void *context)
{
    struct console *console = context;
    if (!console->typed_count) {
        if (console->is_ready)
            look(console);
        else
            console_attend(console);
        if (!console->typed_count)
            return -1;
    }
    u8 byte = console->typed[console->typed_first];
    console->typed_first = (console->typed_first + 1) % CONSOLE_BUFFER;
    console->typed_count--;
    return byte;
}

static void write_byte(void *context, u8 byte)
{
    struct console *console = context;
    if (console->printed_count == CONSOLE_BUFFER)
        console_flush(console);
    assert(console->printed_count < CONSOLE_BUFFER);
    console->printed[console->printed_count++] = byte;
}

void console_take_back(struct console *console)
{
    console->is_lent = false;
    for (size_t i = 0; i < console->kept_size; i++)
        write_byte(console, console->kept[i]);
    free(console->kept);
    console->kept = NULL;
    console->kept_size = 0;
    console_flush(console);
}

struct host_console console_host(struct console *console)
{
    return (struct host_console){
        .context = console,
        .read = read_byte,
        .write = write_byte,
        .one_at_a_time = !console->is_terminal,
    };
}

/* Asked between slices: a signal says when it is worth a system call. */
static void measure(void *context, u16 *columns, u16 *rows)
{
    struct console *console = context;
    if (console->is_terminal && terminal_was_resized())
        terminal_size(console->in, &console->columns, &console->rows);
    *columns = console->columns;
    *rows = console->rows;
}

struct host_terminal console_terminal(struct console *console)
{
    return (struct host_terminal){.line = console_host(console), .measure = measure};
}

void console_init(struct console *console, int in, int out, int escape)
{
    struct stat status;
    bool is_open = fstat(in, &status) == 0;
    *console = (struct console){
        .in = in,
        .out = out,
        .escape = escape,
        .is_terminal = terminal_is_attached(in),
        .is_ready = is_open && S_ISREG(status.st_mode),
        .has_ended = !is_open,
        .deadline_ns = UINT64_MAX,
    };
}
