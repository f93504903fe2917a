/* A small machine with a gdb stub: packets are put in and answers taken out, without a socket or
 * (gdb_desk_connect) with one. */
#ifndef TESTS_FRONTEND_GDB_DESK_H
#define TESTS_FRONTEND_GDB_DESK_H

#include "frontend/gdb_parts.h"

#include "tests/devices/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct gdb_desk {
    struct bench bench;
    struct console console;
    struct outside outside;
    struct debugger debugger;
    struct gdb *gdb;
    char folder[32], place[64], answer[4 * GDB_PACKET];
};

/* Counts for ever in a0, and a word of memory with it. */
static inline void gdb_desk_put_counter(struct bench *bench)
{
    bench_put(bench, insn_addi(A0, A0, 1));
    bench_put(bench, insn_sw(A0, S0, 0));
    bench_put(bench, insn_jal(ZERO, -8));
    for (unsigned i = 0; i < bench->machine->config.harts; i++)
        bench->machine->harts[i]->x[S0] = BENCH_RAM + 0x1000 + 0x100 * i;
}

static inline void gdb_desk_open(struct gdb_desk *desk, unsigned harts)
{
    char message[300];
    struct host host;

    memset(desk, 0, sizeof *desk);
    console_init(&desk->console, -1, STDERR_FILENO, 1);
    desk->outside.console = &desk->console;
    debugger_init(&desk->debugger, &desk->outside);
    strcpy(desk->folder, "/tmp/gdb.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(desk->folder));
    snprintf(desk->place, sizeof desk->place, "unix:%s/door", desk->folder);
    desk->gdb = gdb_open(&desk->debugger, desk->place, GDB_HERE, message, sizeof message);
    ck_assert_msg(desk->gdb != NULL, "%s", message);
    host = outside_host(&desk->outside, CLOCK_VIRTUAL);
    bench_open_host(&desk->bench, ENGINE_FAST, harts, &host);
    gdb_desk_put_counter(&desk->bench);
    desk->debugger.machine = desk->bench.machine;
    desk->debugger.is_stopped = true;
}

static inline void gdb_desk_close(struct gdb_desk *desk)
{
    gdb_close(desk->gdb);
    bench_close(&desk->bench);
    rmdir(desk->folder);
}

/* The data of the answers to this packet, without framing; one after the other. */
static inline const char *gdb_ask(struct gdb_desk *desk, const char *packet)
{
    struct gdb_out *out = &desk->gdb->out;
    size_t used = 0;

    out->size = 0;
    gdb_handle(desk->gdb, packet, strlen(packet));
    for (size_t at = 0; at < out->size; at++) {
        if (out->bytes[at] == '#')
            at += 2;
        else if (out->bytes[at] != '$' && used < sizeof desk->answer - 1)
            desk->answer[used++] = (char)out->bytes[at];
    }
    desk->answer[used] = 0;
    out->size = 0;
    return desk->answer;
}

/* What the machine was told to do, at most so many steps of it; then it stands again. */
static inline void gdb_desk_run(struct gdb_desk *desk, u64 steps)
{
    u64 end = clock_steps(&desk->bench.machine->clock) + steps;

    desk->debugger.order.move = DEBUGGER_GO;
    machine_run(desk->bench.machine, end);
    desk->debugger.is_stopped = true;
    desk->gdb->awaits_stop = false;
}

static inline int gdb_desk_connect(const struct gdb_desk *desk)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/door", desk->folder);
    return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

#endif
