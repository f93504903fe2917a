/* Guest RAM, its notes and its gate (see ram.h). */
#define _GNU_SOURCE /* mremap */
#include "memory/ram.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE (-1) /* not Linux: an error that changes nothing */
#endif

/* Up to here each page is told; telling once of every page costs the listeners less than more. */
#define FEW_PAGES 8

#define PAGEMAP_GIVEN ((u64)3 << 62) /* present, or swapped (Linux, pagemap.rst) */

#define HUGE ((u64)2 << 20) /* bytes of a host's huge page */

/* Zeroes that cost the host nothing until they are touched, at this address (NULL: anywhere). */
static u8 *map(void *at, u64 size)
{
    void *bytes = mmap(at, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0), -1, 0);

    return bytes == MAP_FAILED ? NULL : bytes;
}

/* In huge pages where the host has them, loading a kernel takes half the time. */
static u8 *map_hugely(void *at, u64 size)
{
    u8 *bytes = map(at, size);

    if (bytes)
        (void)madvise(bytes, size, MADV_HUGEPAGE);
    return bytes;
}

/* Where a huge page may begin, so that none is torn when all of it moves (ram_take). */
static u8 *reserve(u64 size)
{
    u8 *bytes = map(NULL, size + HUGE);

    if (!bytes)
        return NULL;
    u64 before = -(u64)(uintptr_t)bytes & (HUGE - 1);
    if (before)
        munmap(bytes, before);
    munmap(bytes + before + size, HUGE - before);
    return map_hugely(bytes + before, size);
}

bool ram_init(struct ram *ram, paddr base, u64 size)
{
    *ram = (struct ram){.base = base, .size = (size + PAGE_MASK) & ~PAGE_MASK};
    ram->bytes = reserve(ram->size);
    if (!ram->bytes)
        return false;
    ram->notes = calloc(ram->size >> PAGE_BITS, 1);
    if (!ram->notes) {
        munmap(ram->bytes, ram->size);
        ram->bytes = NULL;
        return false;
    }
    return true;
}

void ram_free(struct ram *ram)
{
    if (ram->bytes)
        munmap(ram->bytes, ram->size);
    free(ram->notes);
    *ram = (struct ram){0};
}

void ram_clear(struct ram *ram)
{
    /* A fresh mapping is both the fastest way to zero it and gives the memory back to the host. */
    u8 *bytes = map_hugely(ram->bytes, ram->size);

    assert(bytes == ram->bytes);
    (void)bytes;
    for (u64 page = 0; page < ram->size >> PAGE_BITS; page++)
        ram->notes[page] &= NOTE_WATCHED | NOTE_HTIF;
}

#ifdef MREMAP_FIXED
/* The host's pages change their place, not their content. */
static bool move(u8 *to, u8 *from, u64 size)
{
    return mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}
#else
static bool move(u8 *to, u8 *from, u64 size)
{
    (void)to, (void)from, (void)size;
    return false; /* this host cannot do that */
}
#endif

void ram_take(struct ram *ram, struct ram *from)
{
    assert(ram->size == from->size);
    if (!move(ram->bytes, from->bytes, ram->size)) {
        memcpy(ram->bytes, from->bytes, ram->size);
        munmap(from->bytes, from->size);
    }
    from->bytes = NULL;
}

/* Reads what the kernel says of these pages; false when it does not. */
static bool read_pagemap(int fd, const u8 *bytes, u64 count, u8 *touched)
{
    u64 entries[512];

    for (u64 page = 0; page < count;) {
        u64 piece = count - page < 512 ? count - page : 512;
        off_t at = (off_t)((((uintptr_t)bytes >> PAGE_BITS) + page) * sizeof entries[0]);
        if (pread(fd, entries, piece * sizeof entries[0], at) !=
            (ssize_t)(piece * sizeof entries[0]))
            return false;
        for (u64 i = 0; i < piece; i++)
            touched[page + i] = (entries[i] & PAGEMAP_GIVEN) != 0;
        page += piece;
    }
    return true;
}

void ram_find_touched(const struct ram *ram, u8 *touched)
{
    u64 count = ram->size >> PAGE_BITS;
    int fd = sysconf(_SC_PAGESIZE) == (long)PAGE_SIZE ? open("/proc/self/pagemap", O_RDONLY) : -1;

    if (fd < 0 || !read_pagemap(fd, ram->bytes, count, touched))
        memset(touched, 1, count);
    if (fd >= 0)
        close(fd);
}

void ram_listen(struct ram *ram, struct ram_listener listener)
{
    assert(ram->listener_count < RAM_LISTENERS);
    ram->listeners[ram->listener_count++] = listener;
}

static void tell_written(struct ram *ram, paddr at, u64 size)
{
    u8 *notes = ram_notes_at(ram, at);
    u8 before = *notes;

    /* Clean, shown and kept no more; and whoever still has code from this page says so again. */
    *notes &= (u8) ~(NOTE_CLEAN | NOTE_CODE | NOTE_SHOWN | NOTE_KEPT);
    for (unsigned i = 0; i < ram->listener_count; i++)
        if (ram->listeners[i].written)
            ram->listeners[i].written(ram->listeners[i].who, at, size, before);
}

u8 *ram_writable(struct ram *ram, paddr at, u64 size)
{
    assert(ram_holds(ram, at, size));
    for (paddr from = at, end = at + size; from < end;) {
        u64 in_page = PAGE_SIZE - ((from - ram->base) & PAGE_MASK);
        u64 part = end - from < in_page ? end - from : in_page;
        if (*ram_notes_at(ram, from))
            tell_written(ram, from, part);
        from += part;
    }
    return ram_host(ram, at);
}

static void tell_noted(struct ram *ram, paddr page)
{
    for (unsigned i = 0; i < ram->listener_count; i++)
        if (ram->listeners[i].page_noted)
            ram->listeners[i].page_noted(ram->listeners[i].who, page);
}

void ram_note(struct ram *ram, paddr at, u8 notes)
{
    u8 *now = ram_notes_at(ram, at);

    if ((*now & notes) == notes)
        return;
    *now |= notes;
    tell_noted(ram, at & ~PAGE_MASK);
}

void ram_note_all(struct ram *ram, paddr at, u64 size, u8 notes)
{
    paddr first = at & ~PAGE_MASK, end = at + size;
    unsigned changed = 0;

    assert(ram_holds(ram, at, size));
    for (paddr page = first; page < end; page += PAGE_SIZE) {
        u8 *now = ram_notes_at(ram, page);
        if ((*now & notes) == notes)
            continue;
        *now |= notes;
        if (++changed <= FEW_PAGES)
            tell_noted(ram, page);
    }
    if (changed > FEW_PAGES)
        tell_noted(ram, RAM_EVERY_PAGE);
}

void ram_unnote(struct ram *ram, paddr at, u8 notes)
{
    *ram_notes_at(ram, at) &= (u8)~notes;
}

void ram_clean(struct ram *ram)
{
    for (u64 page = 0; page < ram->size >> PAGE_BITS; page++)
        ram->notes[page] |= NOTE_CLEAN;
    tell_noted(ram, RAM_EVERY_PAGE);
}

bool ram_is_dirty(const struct ram *ram, u64 page_index)
{
    return !(ram->notes[page_index] & NOTE_CLEAN);
}

bool ram_dma_read(const struct ram *ram, paddr at, void *to, u64 size)
{
    if (!ram_holds(ram, at, size))
        return false;
    memcpy(to, ram_host(ram, at), size);
    return true;
}

bool ram_dma_write(struct ram *ram, paddr at, const void *from, u64 size)
{
    if (!ram_holds(ram, at, size))
        return false;
    memcpy(ram_writable(ram, at, size), from, size);
    ram->dma_writes++;
    return true;
}
