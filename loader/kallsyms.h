/* The names of a Linux kernel that was stripped of its symbol table: the compressed tables from
 * which the kernel itself names addresses (Linux, kernel/kallsyms.c and scripts/kallsyms.c, as they
 * are since 6.4). They are found by their shape, in the Image file or in the guest's memory. Left
 * out: modules, whose names are elsewhere, and the order of tables before 6.4. */
#ifndef LOADER_KALLSYMS_H
#define LOADER_KALLSYMS_H

#include "loader/symbols.h"

/* Adds every symbol of the kernel whose Image these bytes are. base is the virtual address of the
 * first byte where the tables do not say it themselves. Returns how many there are; 0 when no
 * tables are found, or they are damaged, and then nothing was added. The caller sorts. */
size_t kallsyms_read(const u8 *bytes, size_t size, vaddr base, unsigned xlen,
                     struct symbols *symbols);

#endif
