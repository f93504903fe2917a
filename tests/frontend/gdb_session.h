/* A client of the gdb stub in a process of its own, for tests of whole sessions: it says packets
 * and hears answers, and whatever goes wrong ends it with a code that is not 0. */
#ifndef TESTS_FRONTEND_GDB_SESSION_H
#define TESTS_FRONTEND_GDB_SESSION_H

#include "tests/frontend/gdb_desk.h"

#include <sys/wait.h>

static inline void say(int fd, const char *packet)
{
    char framed[1000];
    u8 sum = 0;

    for (const char *at = packet; *at; at++)
        sum = (u8)(sum + *at);
    snprintf(framed, sizeof framed, "$%s#%02x", packet, sum);
    if (write(fd, framed, strlen(framed)) != (ssize_t)strlen(framed))
        _exit(10);
}

/* The next packet must be this one. */
static inline void hear(int fd, const char *wanted)
{
    char packet[1000], byte = 0;
    size_t size = 0;

    while (byte != '$')
        if (read(fd, &byte, 1) != 1)
            _exit(11);
    while (read(fd, &byte, 1) == 1 && byte != '#' && size < sizeof packet - 1)
        packet[size++] = byte;
    packet[size] = 0;
    if (read(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
        _exit(12);
    if (!strcmp(packet, wanted))
        return;
    fprintf(stderr, "heard %s, not %s\n", packet, wanted);
    _exit(13);
}

typedef void visit(const struct gdb_desk *desk);

/* Runs the machine with that client, who ends the run. */
static inline void run_opened(struct gdb_desk *desk, visit *client)
{
    int status;
    pid_t child;

    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        client(desk);
        _exit(0);
    }
    desk->console.deadline_ns = console_now_ns() + 120000000000u; /* only should the client die */
    debugger_run(&desk->debugger, desk->bench.machine, UINT64_MAX);
    gdb_close(desk->gdb);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the client: %#x", status);
    bench_close(&desk->bench);
    rmdir(desk->folder);
}

static inline int connect_or_die(const struct gdb_desk *desk)
{
    int fd = gdb_desk_connect(desk);

    if (fd < 0)
        _exit(14);
    return fd;
}

static inline void run_with(struct gdb_desk *desk, visit *client)
{
    gdb_desk_open(desk, 1);
    run_opened(desk, client);
}

#endif
