/* Guest RAM: bytes, one note per page, and the one gate through which everything writes.
 *
 * Most pages carry no note, and a hart may then store to them directly through its TLB. A note says
 * that somebody wants to hear of writes: the page holds decoded code, is watched, or is clean and
 * being tracked. Setting a note takes the page out of every hart's write TLB (page_noted), so that
 * the next store comes through the gate, which tells the listeners (written). */
#ifndef MEMORY_RAM_H
#define MEMORY_RAM_H

#include "memory/types.h"

enum ram_note {
    NOTE_CODE = 1,    /* some hart has decoded instructions from this page */
    NOTE_CLEAN = 2,   /* not written since ram_clean(): the next write clears this note */
    NOTE_WATCHED = 4, /* a watchpoint lies here */
    NOTE_HTIF = 8,    /* tohost lies here */
    NOTE_SHOWN = 16,  /* what is here is on the screen: the next write clears this note */
    NOTE_KEPT = 32,   /* whoever can go back has a copy: the next write clears this note */
};

#define RAM_LISTENERS 66 /* 64 harts, the machine, and one to spare */

#define RAM_EVERY_PAGE UINT64_MAX

struct ram_listener {
    void *who;
    /* The page at this physical address (or, with RAM_EVERY_PAGE, every page) now has a note:
     * forget every direct way to write to it. */
    void (*page_noted)(void *who, paddr page);
    /* size bytes at this physical address, within one page, have been or are about to be written.
     */
    void (*written)(void *who, paddr at, u64 size, u8 notes);
};

struct ram {
    paddr base;
    u64 size; /* bytes, a multiple of the page size */
    u8 *bytes;
    u8 *notes;      /* one per page: a sum of enum ram_note */
    u64 dma_writes; /* how often something other than a hart has written; a reservation compares it
                     */
    struct ram_listener listeners[RAM_LISTENERS];
    unsigned listener_count;
};

/* Reserves size bytes (rounded up to a page) of zeroes. False when the host has no such memory. */
bool ram_init(struct ram *ram, paddr base, u64 size);
void ram_free(struct ram *ram);
/* All bytes zero, all notes but NOTE_WATCHED and NOTE_HTIF gone: what power-on finds. */
void ram_clear(struct ram *ram);
/* Right after ram_clear(): all bytes are those of another RAM of the same size, which has none any
 * more and can only be freed. They stay at the address where they are. */
void ram_take(struct ram *ram, struct ram *from);
/* Which pages the host has given memory for: 1 in a byte for each. The others are zeroes that
 * nobody has touched since ram_clear(). Where the host does not say: all 1. */
void ram_find_touched(const struct ram *ram, u8 *touched);
void ram_listen(struct ram *ram, struct ram_listener listener);

/* Does [at, at + size) lie wholly in RAM? Never overflows. */
static inline bool ram_holds(const struct ram *ram, paddr at, u64 size)
{
    return at >= ram->base && size <= ram->size && at - ram->base <= ram->size - size;
}

/* The caller has checked ram_holds(). */
static inline u8 *ram_host(const struct ram *ram, paddr at)
{
    return ram->bytes + (at - ram->base);
}

static inline u8 *ram_notes_at(const struct ram *ram, paddr at)
{
    return &ram->notes[(at - ram->base) >> PAGE_BITS];
}

/* THE GATE. Where to write these bytes; every listener concerned has been told. The caller has
 * checked ram_holds(). */
u8 *ram_writable(struct ram *ram, paddr at, u64 size);

/* Sets or removes notes on the page that holds this address. */
void ram_note(struct ram *ram, paddr at, u8 notes);
void ram_unnote(struct ram *ram, paddr at, u8 notes);
/* Sets notes on every page that holds one of these bytes, with one word to the listeners when they
 * are many. */
void ram_note_all(struct ram *ram, paddr at, u64 size, u8 notes);
/* Marks every page clean, so that ram_is_dirty() answers for the time from now on. */
void ram_clean(struct ram *ram);
bool ram_is_dirty(const struct ram *ram, u64 page_index);

/* What devices use: copies to and from RAM. False when any byte lies outside RAM; then nothing was
 * copied. */
bool ram_dma_read(const struct ram *ram, paddr at, void *to, u64 size);
bool ram_dma_write(struct ram *ram, paddr at, const void *from, u64 size);

#endif
