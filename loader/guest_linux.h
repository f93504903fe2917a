/* What a running Linux can be asked about itself: which task a hart runs, and what the kernel has
 * written to its log. Where things lie in memory comes from the kernel's own types (btf.h), so that
 * its version and its configuration do not matter; without them (CONFIG_DEBUG_INFO_BTF) nothing is
 * known. Every pointer is the guest's. */
#ifndef LOADER_GUEST_LINUX_H
#define LOADER_GUEST_LINUX_H

#include <stdio.h>

#include "loader/guest_kernel.h"

/* Offsets and sizes, in bytes; and addresses of the kernel. */
struct guest_linux {
    struct guest_kernel kernel;
    bool has_tasks, has_log;
    struct {
        u32 name, number;
    } task;
    struct {
        u32 descriptors, data;                   /* of the two rings */
        u32 count_bits, list, infos, head, tail; /* within the ring of descriptors */
        u32 size_bits, bytes;                    /* within the ring of data */
        u32 one_size, state, place, begin, next; /* of a descriptor */
        u32 info_size, time, length;             /* of what is known of a message */
        vaddr at;                                /* the pointer to all this */
    } log;
};

/* What is known of this kernel, by its names. */
void guest_linux_open(struct guest_linux *guest, const struct machine *machine,
                      const struct guest_kernel *kernel, const struct symbols *symbols);

#define GUEST_TASK_NAME 16
struct guest_task {
    char name[GUEST_TASK_NAME];
    i32 number; /* a thread's; 0: this hart is idle */
};
/* The task that a hart is with, in U-mode or S-mode. False: not known. */
bool guest_linux_task(struct machine *machine, const struct guest_linux *guest, unsigned hart,
                      struct guest_task *task);

#define GUEST_MESSAGE 1024
struct guest_message {
    u64 ns;                   /* since the kernel has started */
    char text[GUEST_MESSAGE]; /* without what is not printable but line feeds */
};
/* The kernel's log from its end: calls each for the latest message, then for the one before, at
 * most so many, until it returns false. Returns how many there were. */
unsigned guest_linux_log(struct machine *machine, const struct guest_linux *guest, unsigned most,
                         bool (*each)(void *context, const struct guest_message *message),
                         void *context);

#endif
