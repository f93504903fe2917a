/* Views of translation and protection: one walk, the whole address space, the TLB, PMP. */
#ifndef FRONTEND_VIEW_PAGING_H
#define FRONTEND_VIEW_PAGING_H

#include "frontend/view.h"
#include "memory/paging.h"

/* view_walk.c: the page walk for this address, level by level, as the hart would make it for such
 * an access; in M-mode, which does not translate, as S-mode would. */
void view_walk(struct view *view, vaddr va, enum access why);
/* view_maps.c: the address space of the hart, folded into ranges with equal rights. Looks at
 * VIEW_MAPS_TABLES tables at most, and says so when there are more. */
#define VIEW_MAPS_TABLES 65536
#define VIEW_MAPS_RANGES 20000
void view_maps(struct view *view);
/* view_tlb.c: the translations that the hart remembers, and which of them are stale: the page table
 * says otherwise now. */
void view_tlb(struct view *view);
/* view_pmp.c: the entries of physical memory protection, and what holds where none matches. */
void view_pmp(struct view *view);

/* The tables whose rights an access of the hart would have now; in M-mode those of S-mode. */
const struct tlb *view_tables(const struct view *view, enum access why);
/* What is at a physical address: "RAM", "rom", "uart"; NULL when nothing is. */
const char *view_physical(const struct view *view, paddr at);

/* A translation in the TLB. */
struct tlb_seen {
    vaddr va;
    paddr pa;
    u8 rights;     /* enum tlb_mode */
    u8 space;      /* of the TLB's address spaces; 0 for M-mode */
    u8 accesses;   /* a sum of 1 << enum access */
    bool is_stale; /* the page table leads elsewhere, or not there any more */
    bool is_moved; /* it leads elsewhere */
};
/* Collects what the hart's TLB holds, in order; the caller frees it. NULL with *count 0: nothing,
 * or no memory. */
struct tlb_seen *view_collect_tlb(const struct view *view, size_t *count);

#endif
