/* What else is put into memory: files at an address, and numbers. A file that is an ELF program
 * goes to its own addresses; any other goes as it is to the one that was named. */
#ifndef LOADER_EXTRA_H
#define LOADER_EXTRA_H

#include "loader/file.h"
#include "loader/image.h"
#include "loader/layout.h"
#include "memory/ram.h"
#include "memory/types.h"

#define EXTRA_MOST 8

struct extra {
    const char *path;   /* NULL: a number */
    paddr at;           /* where; not for an ELF */
    bool has_at;        /* at was named */
    bool is_raw;        /* to be taken as bytes even when it is an ELF */
    u64 number;         /* little-endian ... */
    unsigned byte_size; /* ... of so many bytes, 1 to 8 */
};

/* One of them, opened. All zero: not open. */
struct extra_file {
    struct extra extra;
    struct image image; /* an ELF */
    struct file file;   /* any other file */
};

/* False and one sentence when it cannot be used. */
bool extra_open(struct extra_file *opened, const struct extra *extra, char *message, size_t size);
/* Harmless on one that is not open. */
void extra_close(struct extra_file *opened);
/* Puts it into memory, where nothing else may lie. */
bool extra_place(const struct extra_file *opened, struct layout *layout, struct ram *ram,
                 char *message, size_t size);

#endif
