/* The Linux kernel that runs in a machine, wherever it came from: -k, U-Boot, GRUB. Its Image
 * begins with a header that stays in memory (Linux, Documentation/arch/riscv/boot-image-header.rst)
 * and holds all that is asked for here. Left out: kernels in M-mode, or without translation. */
#ifndef LOADER_GUEST_KERNEL_H
#define LOADER_GUEST_KERNEL_H

#include "devices/machine.h"
#include "loader/symbols.h"

struct guest_kernel {
    vaddr base;    /* of its first byte, wherever it was linked or has moved itself to */
    paddr at;      /* the same byte; the rest follows it, all of it in RAM */
    u64 size;      /* bytes */
    unsigned hart; /* whose page tables say so */
};

/* The kernel whose trap handler some hart has. False when there is none, or it is no Linux. Fast
 * enough to be asked before each question. */
bool guest_kernel_find(struct machine *machine, struct guest_kernel *kernel);
/* Adds its own names (kallsyms.h). How many there are; 0 when its tables are not found. The caller
 * sorts. */
size_t guest_kernel_add_names(const struct machine *machine, const struct guest_kernel *kernel,
                              struct symbols *symbols);
/* Bytes of the kernel's own, by their virtual address: how many follow is in *left. NULL: it is
 * none of its addresses. Valid until the machine runs on. */
const u8 *guest_kernel_bytes(const struct machine *machine, const struct guest_kernel *kernel,
                             vaddr at, u64 *left);

#endif
