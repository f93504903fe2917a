/* Names of addresses: address to name and offset for people, name to address for HTIF, the monitor
 * and breakpoints. Addresses are the program's own (virtual); of
 * RV32 programs they are below 2^32. Several files may be in one table:
 * firmware, kernel and a program have names for different addresses. Lines come from DWARF
 * (lines.h), where a file has them. */
#ifndef LOADER_SYMBOLS_H
#define LOADER_SYMBOLS_H

#include "loader/lines.h"
#include "memory/types.h"

struct symbols;

/* Where names come from: those of a source can be forgotten, for the guest may load others. */
enum symbols_source { SYMBOLS_FILE, SYMBOLS_KERNEL, SYMBOLS_MODULE };

/* NULL when there is no memory. */
struct symbols *symbols_create(void);
/* NULL is harmless. */
void symbols_destroy(struct symbols *symbols);
/* Adds a name for [start, start + extent). An extent of 0 makes it a mere value, such as a linker
 * script's constant: found by name, never by address. Of two names for one address the one of the
 * higher rank is shown. False when there is no memory. */
bool symbols_add(struct symbols *symbols, const char *name, vaddr start, u64 extent, unsigned rank);
/* Adds all that the other table has, with an offset on every place; mere values stay as they are.
 */
bool symbols_add_all(struct symbols *symbols, const struct symbols *others, u64 slide);
/* What is added from now on comes from there; until this is said, from files. */
void symbols_begin(struct symbols *symbols, enum symbols_source source);
/* All names from there are gone. The others are sorted anew. */
void symbols_forget(struct symbols *symbols, enum symbols_source source);
/* Adds what an ELF file names, and its lines, slide bytes further than it says itself. False and
 * one sentence when the file cannot be read. */
bool symbols_add_file(struct symbols *symbols, const char *path, u64 slide, char *message,
                      size_t message_size);
/* Takes these lines over: they are closed with the table. NULL, or one file too many, is harmless.
 */
void symbols_add_lines(struct symbols *symbols, struct lines *lines);
/* After the last symbols_add(), and before the first search and the next. */
void symbols_sort(struct symbols *symbols);

size_t symbols_count(const struct symbols *symbols);
/* The name of what lies at this address, and how far into it; NULL when nothing with a name does.
 * Logarithmic. */
const char *symbols_find_name(const struct symbols *symbols, vaddr at, u64 *offset);
/* The same; and from where on, for how many bytes, addresses have that name: a name inside it ends
 * it. */
const char *symbols_find_place(const struct symbols *symbols, vaddr at, vaddr *start, u64 *extent);
/* The file and line that this address was compiled from. False when none is known. */
bool symbols_find_line(const struct symbols *symbols, vaddr at, const char **file, unsigned *line);
/* The next name that begins with prefix, from *place on, which begins as 0; NULL when there are no
 * more. In no order that people would expect. */
const char *symbols_next(const struct symbols *symbols, const char *prefix, size_t *place);
/* False when there is no such name. Linear. */
bool symbols_find_address(const struct symbols *symbols, const char *name, vaddr *at);
/* "memcpy+0x1c", "memcpy", or "0x80001234" when nothing there has a name; symbols may be NULL.
 * Returns text. */
char *symbols_describe(const struct symbols *symbols, vaddr at, char *text, size_t size);

#endif
