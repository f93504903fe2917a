/* QEMU's words: the command lines that were written for qemu-system-riscv64 and qemu-system-riscv32
 * with -machine virt. They become the same struct options as our own words, and run the same way.
 *
 * They count when the program is called by one of those names (a symbolic link will do), or as
 * `vitrine qemu-system-riscv64 ...`, `vitrine qemu-system-riscv32 ...`, or `vitrine qemu ...`,
 * which is as wide as its kernel. */
#ifndef FRONTEND_QEMU_H
#define FRONTEND_QEMU_H

#include <stdio.h>

#include "frontend/options.h"

/* How many words stand before those of QEMU: 1 after `qemu-system-riscv64`, 2 after `vitrine qemu`;
 * 0 when this is no command line of QEMU's. */
int qemu_is_meant(int argc, char **argv);

/* Reads a command line for which qemu_is_meant(). On failure returns false, and message holds one
 * sentence. Options point into argv. */
bool qemu_parse(struct options *options, int argc, char **argv, char *message, size_t message_size);

void qemu_print_help(FILE *to);
/* In the form that Makefiles take QEMU's version from. */
void qemu_print_version(FILE *to);

#endif
