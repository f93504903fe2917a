/* A whole machine on a test bench: the board virt with little RAM, no host, and programs put into
 * RAM word by word. Harts start there, not in ROM. */
#ifndef TESTS_DEVICES_BENCH_H
#define TESTS_DEVICES_BENCH_H

#include "cpu/csr.h"
#include "devices/machine.h"

#include "tests/cpu/assemble.h"
#include "tests/suite.h"

#include <string.h>

#define BENCH_RAM   ((paddr)0x80000000)
#define BENCH_SIZE  ((u64)0x400000)
#define BENCH_STEPS 10u /* in a tick of the virtual clock */

#define FINISHER 0x00100000u
#define MSIP     0x02000000u
#define MTIMECMP 0x02004000u

struct bench {
    struct machine *machine;
    struct hart *hart; /* the first */
    paddr at;          /* where bench_put() puts the next instruction */
};

static inline void bench_open_host(struct bench *bench, enum engine engine, unsigned harts,
                                   const struct host *host)
{
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = BENCH_SIZE,
                                    .harts = harts,
                                    .engine = engine,
                                    .clock = CLOCK_VIRTUAL,
                                    .steps_per_tick = BENCH_STEPS};
    char message[200];

    ck_assert(isa_parse("max", &config.isa, message, sizeof message));
    bench->machine = machine_create(&config, host, message, sizeof message);
    ck_assert_msg(bench->machine != NULL, "%s", message);
    machine_reset(bench->machine);
    bench->hart = bench->machine->harts[0];
    bench->at = BENCH_RAM;
    for (unsigned i = 0; i < harts; i++)
        bench->machine->harts[i]->pc = BENCH_RAM;
}

static inline void bench_open(struct bench *bench, enum engine engine, unsigned harts)
{
    struct host host = {.context = NULL};

    bench_open_host(bench, engine, harts, &host);
}

static inline void bench_close(struct bench *bench)
{
    machine_destroy(bench->machine);
}

static inline void bench_put(struct bench *bench, u32 insn)
{
    memcpy(ram_writable(&bench->machine->ram, bench->at, 4), &insn, 4);
    bench->at += 4;
}

static inline void bench_put_at(struct bench *bench, paddr at, u32 insn)
{
    bench->at = at;
    bench_put(bench, insn);
}

static inline u64 bench_read(struct bench *bench, paddr at, unsigned size)
{
    u64 value;

    ck_assert(bus_read(&bench->machine->bus, at, size, &value));
    bench->machine->slice_left = 0;
    return value;
}

static inline void bench_write(struct bench *bench, paddr at, unsigned size, u64 value)
{
    ck_assert(bus_write(&bench->machine->bus, at, size, value));
    bench->machine->slice_left = 0; /* what a test does to a chip is seen at once */
}

static inline u64 bench_steps(struct bench *bench)
{
    return clock_steps(&bench->machine->clock);
}

#endif
