/* Names of addresses (see symbols.h): one sorted array, and one block of text that holds the
 * names, so that a kernel's hundred thousand symbols are two allocations. */
#include "loader/symbols.h"

#include "loader/elf_symbols.h"
#include "loader/file.h"
#include "loader/refuse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 16 /* files that have them */

struct symbol {
    vaddr start;
    u64 extent;
    size_t name; /* offset in symbols->names */
    u16 rank;
    u16 source; /* enum symbols_source */
};

struct symbols {
    struct symbol *list;
    size_t count, room;
    size_t places; /* sorted: the first so many have an extent, the rest are mere values */
    char *names;
    size_t names_size, names_room;
    struct lines *lines[LINES];
    unsigned lines_count;
    enum symbols_source source; /* of what is added now */
};

struct symbols *symbols_create(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_destroy(struct symbols *symbols)
{
    if (!symbols)
        return;
    for (unsigned i = 0; i < symbols->lines_count; i++)
        lines_close(symbols->lines[i]);
    free(symbols->list);
    free(symbols->names);
    free(symbols);
}

/* Makes room for more elements of this size after the used ones; NULL when there is no memory. */
static void *grow(void *old, size_t used, size_t more, size_t size, size_t *room)
{
    if (used + more <= *room)
        return old;
    size_t larger = 2 * (used + more);
    void *grown = realloc(old, larger * size);
    if (grown)
        *room = larger;
    return grown;
}

bool symbols_add(struct symbols *symbols, const char *name, vaddr start, u64 extent, unsigned rank)
{
    size_t length = strlen(name) + 1;
    struct symbol *list =
        grow(symbols->list, symbols->count, 1, sizeof(struct symbol), &symbols->room);

    if (!list)
        return false;
    symbols->list = list;
    char *names = grow(symbols->names, symbols->names_size, length, 1, &symbols->names_room);
    if (!names)
        return false;
    symbols->names = names;

    memcpy(names + symbols->names_size, name, length);
    list[symbols->count++] = (struct symbol){.start = start,
                                             .extent = extent,
                                             .name = symbols->names_size,
                                             .rank = (u16)rank,
                                             .source = (u16)symbols->source};
    symbols->names_size += length;
    return true;
}

bool symbols_add_all(struct symbols *symbols, const struct symbols *others, u64 slide)
{
    for (size_t i = 0; i < others->count; i++) {
        const struct symbol *from = &others->list[i];
        if (!symbols_add(symbols, others->names + from->name,
                         from->start + (from->extent ? slide : 0), from->extent, from->rank))
            return false;
    }
    return true;
}

void symbols_add_lines(struct symbols *symbols, struct lines *lines)
{
    if (lines && symbols->lines_count < LINES)
        symbols->lines[symbols->lines_count++] = lines;
    else
        lines_close(lines);
}

bool symbols_add_file(struct symbols *symbols, const char *path, u64 slide, char *message,
                      size_t message_size)
{
    struct file file;
    bool is_elf = false;

    elf_version(EV_CURRENT);
    if (!file_open(&file, path, message, message_size))
        return false;
    Elf *handle = elf_begin(file.fd, ELF_C_READ, NULL);
    if (handle && elf_kind(handle) == ELF_K_ELF)
        is_elf = elf_symbols_add(handle, slide, file.size, symbols);
    elf_end(handle);
    if (is_elf)
        symbols_add_lines(symbols, lines_open(path, slide));
    else
        refuse(message, message_size, "%s is no ELF file that could have names in it.", path);
    file_close(&file);
    return is_elf;
}

/* Places before values, then by address, then the name that is to be shown last. */
static int compare(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if ((a->extent == 0) != (b->extent == 0))
        return a->extent == 0 ? 1 : -1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->name < b->name ? 1 : -1; /* the file's own order, so that qsort is repeatable */
}

void symbols_sort(struct symbols *symbols)
{
    if (symbols->count > 0)
        qsort(symbols->list, symbols->count, sizeof(struct symbol), compare);
    symbols->places = 0;
    while (symbols->places < symbols->count && symbols->list[symbols->places].extent > 0)
        symbols->places++;
}

void symbols_begin(struct symbols *symbols, enum symbols_source source)
{
    symbols->source = source;
}

/* Text without the names that nobody has any more. Where there is no memory for it, they stay. */
static void pack_names(struct symbols *symbols)
{
    char *names = malloc(symbols->names_size + 1);
    size_t used = 0;

    if (!names)
        return;
    for (size_t i = 0; i < symbols->count; i++) {
        const char *name = symbols->names + symbols->list[i].name;
        size_t length = strlen(name) + 1;
        memcpy(names + used, name, length);
        symbols->list[i].name = used;
        used += length;
    }
    free(symbols->names);
    symbols->names = names;
    symbols->names_room = symbols->names_size + 1;
    symbols->names_size = used;
}

void symbols_forget(struct symbols *symbols, enum symbols_source source)
{
    size_t kept = 0;

    for (size_t i = 0; i < symbols->count; i++)
        if (symbols->list[i].source != source)
            symbols->list[kept++] = symbols->list[i];
    if (kept == symbols->count)
        return;
    symbols->count = kept;
    pack_names(symbols);
    symbols_sort(symbols);
}

size_t symbols_count(const struct symbols *symbols)
{
    return symbols->count;
}

/* The last place that starts at or before this address; NULL when there is none, or it ends before.
 */
static const struct symbol *find(const struct symbols *symbols, vaddr at)
{
    size_t low = 0, high = symbols->places;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (symbols->list[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    const struct symbol *found = low ? &symbols->list[low - 1] : NULL;
    return found && at - found->start < found->extent ? found : NULL;
}

const char *symbols_find_name(const struct symbols *symbols, vaddr at, u64 *offset)
{
    const struct symbol *found = find(symbols, at);

    if (!found)
        return NULL;
    *offset = at - found->start;
    return symbols->names + found->name;
}

const char *symbols_find_place(const struct symbols *symbols, vaddr at, vaddr *start, u64 *extent)
{
    const struct symbol *found = find(symbols, at), *next;

    if (!found)
        return NULL;
    *start = found->start;
    *extent = found->extent;
    next = found + 1;
    if (next < symbols->list + symbols->places && next->start - found->start < found->extent)
        *extent = next->start - found->start;
    return symbols->names + found->name;
}

bool symbols_find_line(const struct symbols *symbols, vaddr at, const char **file, unsigned *line)
{
    for (unsigned i = 0; i < symbols->lines_count; i++)
        if (lines_find(symbols->lines[i], at, file, line))
            return true;
    return false;
}

const char *symbols_next(const struct symbols *symbols, const char *prefix, size_t *place)
{
    size_t length = strlen(prefix);

    while (*place < symbols->count) {
        const char *name = symbols->names + symbols->list[(*place)++].name;
        if (!strncmp(name, prefix, length))
            return name;
    }
    return NULL;
}

bool symbols_find_address(const struct symbols *symbols, const char *name, vaddr *at)
{
    for (size_t i = 0; i < symbols->count; i++) {
        if (strcmp(symbols->names + symbols->list[i].name, name) == 0) {
            *at = symbols->list[i].start;
            return true;
        }
    }
    return false;
}

char *symbols_describe(const struct symbols *symbols, vaddr at, char *text, size_t size)
{
    u64 offset = 0;
    const char *name = symbols ? symbols_find_name(symbols, at, &offset) : NULL;

    if (!name)
        snprintf(text, size, "0x%" PRIx64, at);
    else if (offset == 0)
        snprintf(text, size, "%s", name);
    else
        snprintf(text, size, "%s+0x%" PRIx64, name, offset);
    return text;
}
