/* Source lines: which file and line an address was compiled from, by DWARF ("Line Number
 * Information"). Read with libdw (elfutils), which is optional: built without it, no address has a
 * line. */
#ifndef LOADER_LINES_H
#define LOADER_LINES_H

#include "memory/types.h"

struct lines;

/* The lines of this ELF file, whose addresses are slide bytes further in memory. NULL when it has
 * none, or they cannot be read. The file is kept open. */
struct lines *lines_open(const char *path, u64 slide);
/* NULL is harmless. */
void lines_close(struct lines *lines);
/* False when this address has none. *file lives as long as lines. */
bool lines_find(struct lines *lines, vaddr at, const char **file, unsigned *line);

#endif
