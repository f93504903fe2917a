/* The guest's serial line, joined to two file descriptors: a person's terminal, or pipes and files.
 *
 * From a terminal, keys are taken as they are typed and the escape prefix (Ctrl-A) is looked for.
 * From anything else every byte goes to the guest unchanged, one at a time, and the end of input
 * ends only the input. Output is collected and written between slices. */
#ifndef FRONTEND_CONSOLE_H
#define FRONTEND_CONSOLE_H

#include "devices/host.h"
#include "memory/types.h"

struct pollfd;

#define CONSOLE_BUFFER    4096 /* PIPE_BUF on Linux: a pipe that polls as ready takes this much */
#define CONSOLE_NO_ESCAPE (-1)

struct console {
    int in, out;        /* file descriptors */
    int escape;         /* the prefix's byte, or CONSOLE_NO_ESCAPE */
    bool is_terminal;   /* in is one */
    bool is_ready;      /* in is a regular file: it can always be read without waiting */
    bool escaped;       /* the prefix was the last key */
    bool has_ended;     /* no more input will come */
    bool wants_quit;    /* the prefix and x were typed */
    bool has_monitor;   /* the prefix and c mean something */
    bool wants_monitor; /* they were typed */
    bool is_lent;       /* the monitor has the terminal: nothing is read, what is printed is kept */
    u8 *kept;           /* what was printed meanwhile; NULL: nothing */
    size_t kept_size;
    int error;         /* errno of the write that failed: nobody takes the output any more */
    u64 next_look_ns;  /* host time: looking at a descriptor costs a system call */
    u64 deadline_ns;   /* host time at which the run ends; UINT64_MAX: never */
    u16 columns, rows; /* of the terminal; 0: not known */
    unsigned typed_first, typed_count; /* ring of bytes for the guest */
    unsigned printed_count;
    u8 typed[CONSOLE_BUFFER];
    u8 printed[CONSOLE_BUFFER];
};

/* The host's monotonic clock in nanoseconds. */
u64 console_now_ns(void);
/* escape is the prefix's byte (1 is Ctrl-A) or CONSOLE_NO_ESCAPE. Does not touch the terminal's
 * mode. */
void console_init(struct console *console, int in, int out, int escape);
/* What the machine sees of it. The console must stay where it is. */
struct host_console console_host(struct console *console);
/* The same with the terminal's size, for the virtio console. */
struct host_terminal console_terminal(struct console *console);
/* Between slices: take what was typed, write what was printed. Does so, and says so, at most once
 * per millisecond. */
bool console_attend(struct console *console);
/* The descriptor to wait for input on, or -1. */
int console_input(const struct console *console);
/* Sleep until ns have passed, one of these descriptors (the first is console_input()'s) has what it
 * waits for, or a signal asks us to stop. Takes what was typed. */
void console_sleep(struct console *console, struct pollfd *fds, unsigned count, u64 ns);
/* The same for the console alone. Writes the output first. */
void console_wait(struct console *console, u64 ns);
/* Write what was printed. Gives up when the reader is gone or a stop is asked for. */
void console_flush(struct console *console);
/* Gives the terminal to the monitor, and takes it back: then what the guest has printed meanwhile
 * is shown, its last megabyte. Neither touches the terminal's mode. */
void console_lend(struct console *console);
void console_take_back(struct console *console);
/* Should the run end: quit was typed, the output has nobody to go to, a signal
 * came, or the deadline has passed? */
bool console_wants_stop(const struct console *console);
/* Can the guest still be sent something some day? */
bool console_may_still_read(const struct console *console);

#endif
