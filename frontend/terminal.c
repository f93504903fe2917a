/* Raw mode and signals (POSIX.1 termios and sigaction).
 *
 * A handler may only look at a global, so everything a handler needs is in `now`, the one mutable
 * global of the house: the settings to give back, whether they are gone, and which signal asked us
 * to stop, and whether the terminal's size has changed. The handlers call only functions that POSIX
 * lists as safe there. TIOCGWINSZ is older than POSIX's tcgetwinsize(), which few systems have. */
#include "frontend/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* What a bug of ours, or the sanitizers, die of; and what others end us with, while nobody has
 * asked for those signals. */
static const int deaths[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,  SIGABRT, SIGTRAP,
                             SIGSYS,  SIGQUIT, SIGINT, SIGTERM, SIGHUP};
static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CRASH_STACK  65536

/* Who settles what the terminal does: nobody since we gave it back, we, or somebody we lent it to.
 */
enum owner { OWNER_NONE, OWNER_RAW, OWNER_LENT };

static struct {
    int fd;
    volatile sig_atomic_t owner; /* enum owner */
    volatile sig_atomic_t stop_signal;
    volatile sig_atomic_t is_resized;
    bool is_watching; /* the handlers for the ways out are in place, once for the whole process */
    struct termios saved, raw, lent;
    struct sigaction before_death[COUNT(deaths)]; /* a sanitizer's handler, usually none */
    struct sigaction before_stop[COUNT(stops)];
    struct sigaction before_pipe, before_limit, before_resize, before_suspend, before_continue;
    char crash_stack[CRASH_STACK]; /* a stack that overflowed cannot run a handler */
} now;

bool terminal_is_attached(int fd)
{
    return isatty(fd) == 1;
}

void terminal_restore(void)
{
    if (now.owner != OWNER_NONE) {
        now.owner = OWNER_NONE;
        tcsetattr(now.fd, TCSANOW, &now.saved);
    }
}

/* Give the terminal back, then let happen what would have happened without us. A fault repeats
 * itself when we return, so that a sanitizer sees where it was; a signal that somebody sent is sent
 * again. */
static void die(int number, siginfo_t *info, void *context)
{
    (void)context;
    terminal_restore();
    for (size_t i = 0; i < COUNT(deaths); i++)
        if (deaths[i] == number)
            sigaction(number, &now.before_death[i], NULL);
    if (info->si_code <= 0)
        raise(number);
}

static void stop(int number)
{
    if (now.stop_signal) { /* asked twice: we must be stuck */
        terminal_restore();
        signal(number, SIG_DFL);
        raise(number);
    }
    now.stop_signal = number;
}

/* In raw mode Ctrl-Z goes to the guest, but others can send the signal. */
static void suspend(int number)
{
    (void)number;
    if (now.owner == OWNER_LENT)
        tcgetattr(now.fd, &now.lent);
    if (now.owner != OWNER_NONE)
        tcsetattr(now.fd, TCSANOW, &now.saved);
    raise(SIGSTOP);
}

static void resume(int number)
{
    (void)number;
    if (now.owner != OWNER_NONE)
        tcsetattr(now.fd, TCSANOW, now.owner == OWNER_RAW ? &now.raw : &now.lent);
}

static void resize(int number)
{
    (void)number;
    now.is_resized = 1;
}

static void handle(int number, void (*handler)(int), int flags, struct sigaction *before)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

static void provide_crash_stack(void)
{
    stack_t old;
    if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE)) {
        stack_t mine = {.ss_sp = now.crash_stack, .ss_size = sizeof(now.crash_stack)};
        sigaltstack(&mine, NULL);
    }
}

/* A signal that somebody has asked for is his. A sanitizer's handler is called behind ours. */
static void watch_death(int number, const struct sigaction *action, struct sigaction *before)
{
    bool is_stop = number == SIGINT || number == SIGTERM || number == SIGHUP;

    sigaction(number, NULL, before);
    if (!is_stop || before->sa_handler == SIG_DFL)
        sigaction(number, action, NULL);
}

static void watch_every_way_out(void)
{
    if (now.is_watching)
        return;
    now.is_watching = true;
    provide_crash_stack();
    struct sigaction action = {.sa_sigaction = die, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(deaths); i++)
        watch_death(deaths[i], &action, &now.before_death[i]);
    handle(SIGTSTP, suspend, SA_RESTART, &now.before_suspend);
    handle(SIGCONT, resume, SA_RESTART, &now.before_continue);
    atexit(terminal_restore);
}

/* Notes the settings to give back, unless they are noted already. */
static bool note_settings(int fd)
{
    if (now.owner != OWNER_NONE)
        return fd == now.fd;
    if (tcgetattr(fd, &now.saved) != 0)
        return false;
    now.fd = fd;
    watch_every_way_out();
    return true;
}

bool terminal_enter_raw(int fd)
{
    if (!note_settings(fd))
        return false;
    if (now.owner == OWNER_RAW)
        return true;
    now.raw = now.saved;
    now.raw.c_iflag &=
        ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    now.raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    now.raw.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    now.raw.c_cflag |= CS8;
    now.raw.c_cc[VMIN] = 1;
    now.raw.c_cc[VTIME] = 0;
    now.owner = OWNER_RAW; /* first, so that a signal between these two lines restores too */
    if (tcsetattr(fd, TCSANOW, &now.raw) == 0)
        return true;
    terminal_restore();
    return false;
}

void terminal_lend(int fd)
{
    if (!note_settings(fd))
        return;
    tcsetattr(fd, TCSANOW, &now.saved);
    now.owner = OWNER_LENT;
}

void terminal_catch_signals(void)
{
    now.stop_signal = 0;
    for (size_t i = 0; i < COUNT(stops); i++)
        handle(stops[i], stop, 0, &now.before_stop[i]); /* no SA_RESTART: a poll must wake up */
    handle(SIGPIPE, SIG_IGN, 0, &now.before_pipe);
    handle(SIGXFSZ, SIG_IGN, 0, &now.before_limit); /* a write beyond ulimit -f: EFBIG will do */
    handle(SIGWINCH, resize, 0, &now.before_resize);
    now.is_resized = 1;
}

bool terminal_size(int fd, uint16_t *columns, uint16_t *rows)
{
    struct winsize size = {0};
    bool is_known = ioctl(fd, TIOCGWINSZ, &size) == 0;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return is_known;
}

bool terminal_was_resized(void)
{
    if (!now.is_resized)
        return false;
    now.is_resized = 0;
    return true;
}

int terminal_stop_signal(void)
{
    return now.stop_signal;
}

void terminal_release_signals(void)
{
    for (size_t i = 0; i < COUNT(stops); i++)
        sigaction(stops[i], &now.before_stop[i], NULL);
    sigaction(SIGPIPE, &now.before_pipe, NULL);
    sigaction(SIGXFSZ, &now.before_limit, NULL);
    sigaction(SIGWINCH, &now.before_resize, NULL);
    now.stop_signal = 0;
}
