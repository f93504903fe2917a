/* The names in an ELF file: address to name and offset for people, name to address for HTIF, the
 * monitor and breakpoints. Addresses are the program's own (virtual). Line numbers are not here. */
#ifndef LOADER_SYMBOLS_H
#define LOADER_SYMBOLS_H

#include "memory/types.h"

struct symbols;

/* NULL when there is no memory. */
struct symbols *symbols_create(void);
/* NULL is harmless. */
void symbols_destroy(struct symbols *symbols);
/* Adds a name for [start, start + extent). An extent of 0 makes it a mere value, such as a linker
 * script's constant: found by name, never by address. Of two names for one address the one of the
 * higher rank is shown. False when there is no memory. */
bool symbols_add(struct symbols *symbols, const char *name, vaddr start, u64 extent, unsigned rank);
/* Once, after the last symbols_add() and before the first search. */
void symbols_sort(struct symbols *symbols);

size_t symbols_count(const struct symbols *symbols);
/* The name of what lies at this address, and how far into it; NULL when nothing with a name does.
 * Logarithmic. */
const char *symbols_find_name(const struct symbols *symbols, vaddr at, u64 *offset);
/* False when there is no such name. Linear. */
bool symbols_find_address(const struct symbols *symbols, const char *name, vaddr *at);
/* "memcpy+0x1c", "memcpy", or "0x80001234" when nothing there has a name; symbols may be NULL.
 * Returns text. */
char *symbols_describe(const struct symbols *symbols, vaddr at, char *text, size_t size);

#endif
