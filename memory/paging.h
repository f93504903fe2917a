/* The page walk of Sv32, Sv39, Sv48 and Sv57 ("Virtual Address Translation Process" in the
 * privileged manual) as a pure function: it writes nothing and returns its working, every PTE that
 * it read, so that the same walk serves the machine, the monitor that draws it, and the tests. */
#ifndef MEMORY_PAGING_H
#define MEMORY_PAGING_H

#include "memory/types.h"

enum paging_mode { PAGING_BARE, PAGING_SV32, PAGING_SV39, PAGING_SV48, PAGING_SV57 };

#define PTE_V    ((u64)1 << 0)
#define PTE_R    ((u64)1 << 1)
#define PTE_W    ((u64)1 << 2)
#define PTE_X    ((u64)1 << 3)
#define PTE_U    ((u64)1 << 4)
#define PTE_G    ((u64)1 << 5)
#define PTE_A    ((u64)1 << 6)
#define PTE_D    ((u64)1 << 7)
#define PTE_PBMT ((u64)3 << 61) /* 0 as the memory is, 1 NC, 2 IO */
#define PTE_N    ((u64)1 << 63)

/* What a walk starts from. */
struct walker {
    enum paging_mode mode;
    u64 root;        /* physical page number of the root table */
    bool user;       /* the access is made with U privilege (else S) */
    bool sum;        /* S may touch U pages */
    bool mxr;        /* X pages may be read */
    bool updates_ad; /* Svadu: A and D are set by us (ad_update says how); else their absence faults
                      */
    bool napot;      /* Svnapot: N says that a leaf is one of 16 that map 64 KiB */
    bool pbmt;       /* Svpbmt: a leaf names a memory type, which changes nothing here */
    void *context;
    /* Reads a PTE of size 4 or 8. False when memory may not be read there: an access fault. */
    bool (*read_pte)(void *context, paddr at, unsigned size, u64 *pte);
};

/* How a walk ended. */
enum walk_end {
    WALK_OK,
    WALK_NOT_CANONICAL, /* page faults, from here ... */
    WALK_INVALID,       /* V = 0 */
    WALK_RESERVED,      /* W without R, reserved bits or encodings, or A, D, U in a pointer */
    WALK_NO_LEAF,       /* a pointer at the last level */
    WALK_MISALIGNED,    /* superpage whose low PPN bits are not zero */
    WALK_NOT_USER,      /* U mode, page without U */
    WALK_IS_USER,       /* S mode, page with U, and no SUM (or a fetch) */
    WALK_NOT_READABLE,
    WALK_NOT_WRITABLE,
    WALK_NOT_EXECUTABLE,
    WALK_NOT_ACCESSED,   /* A = 0 without Svadu */
    WALK_NOT_DIRTY,      /* ... to here: D = 0 on a store without Svadu */
    WALK_PTE_UNREADABLE, /* an access fault: the PTE itself lies where it may not be read */
};

struct walk {
    enum walk_end end;
    paddr pa;           /* with WALK_OK */
    unsigned page_bits; /* with WALK_OK: log2 of the page's size: 12, 16, 21, 22, 30, 39, 48 */
    u64 leaf;           /* the leaf PTE */
    struct {
        paddr at;
        u64 pte;
        unsigned level; /* 0 is the last */
    } steps[5];
    unsigned step_count; /* how many of them there are; the others hold nothing */
    paddr unread;        /* with WALK_PTE_UNREADABLE: where the PTE is that may not be read */
    struct {
        bool needed; /* A or D must be set in the leaf before the access; whoever does it compares
                        and swaps */
        paddr at;
        u64 old, new;
    } ad_update; /* the rest of it holds nothing unless needed */
};

/* Bytes in a PTE of this mode. */
static inline unsigned pte_size(enum paging_mode mode)
{
    return mode == PAGING_SV32 ? 4 : 8;
}

struct paging_shape {
    const char *name; /* "Sv39" */
    unsigned levels, vpn_bits, va_bits;
};
const struct paging_shape *paging_shape(enum paging_mode mode);
static inline u64 pte_ppn(u64 pte, enum paging_mode mode)
{
    return mode == PAGING_SV32 ? (pte & 0xffffffff) >> 10 : pte << 10 >> 20;
}
static inline bool pte_is_leaf(u64 pte)
{
    return pte & (PTE_R | PTE_X);
}
/* WALK_OK when this entry is well-formed at that level, whether pointer or leaf: valid, and nothing
 * in it is reserved. */
enum walk_end page_check_form(const struct walker *walker, u64 pte, unsigned level);

struct walk page_walk(const struct walker *walker, vaddr va, enum access why);

#endif
