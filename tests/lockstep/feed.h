/* QEMU as the tool sees it: a child process that runs the image with our plugin in it, and its
 * state before each instruction, taken from the pipe that the plugin fills (stream.h). */
#ifndef TESTS_LOCKSTEP_FEED_H
#define TESTS_LOCKSTEP_FEED_H

#include "cpu/isa.h"
#include "memory/types.h"
#include "tests/lockstep/stream.h"

#include <sys/types.h>

#define FEED_STORES 16 /* of one instruction */

/* How to start QEMU. Paths are NULL when there is none of that kind. */
struct feed_plan {
    const char *qemu, *plugin;
    const char *kernel, *firmware, *initrd, *append, *tree;
    const char *console; /* where the guest's output goes */
    struct isa isa;
    u64 ram_size, ram_base, rom_size, rom_base; /* bytes */
};

/* QEMU's state before the instruction at pc. RV32 registers are sign-extended, as ours. */
struct theirs {
    u64 pc, x[32], f[32], csrs[STREAM_CSR_COUNT], privilege;
    u32 bits;      /* the instruction */
    unsigned read; /* enum state_read: what is known to be of this moment */
    /* The stores of the instruction before this one. */
    struct {
        u64 va, value;
        unsigned size;
    } stores[FEED_STORES];
    unsigned store_count;
};

struct feed {
    pid_t child;
    int fd;
    unsigned xlen;
    struct theirs now;
    /* Told of each page that is not zero before the first instruction. */
    void (*on_page)(void *context, paddr at, const void *bytes);
    void *context;
    size_t first, last; /* what of buffer is still to be read */
    u8 buffer[1 << 16];
};

/* Starts QEMU. False when this host has no room for another process. */
bool feed_open(struct feed *feed, const struct feed_plan *plan);
/* Reads on to the next instruction. False: QEMU has ended; now then has the last stores. */
bool feed_next(struct feed *feed);
/* Ends QEMU if it still runs. */
void feed_close(struct feed *feed);

#endif
