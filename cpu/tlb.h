/* A hart's translation cache: which guest page is where in host memory.
 *
 *   hit:  entry->tag == (va & (~4095 | size - 1))     page AND alignment in one compare
 *         host address = va + entry->to_host
 *
 * Only whole pages of RAM that PMP treats alike stand here, and in the write tables only pages
 * without a note (memory/ram.h): everything else takes the slow door in cpu/mmu.c. The effective
 * privilege selects the tables, so that a trap, a return or a change of SUM flushes nothing. */
#ifndef CPU_TLB_H
#define CPU_TLB_H

#include "memory/types.h"

#define TLB_ENTRIES 1024
#define TLB_EMPTY   UINT64_MAX /* bits 11..3 are never set in what a tag is compared with */

struct tlb_entry {
    u64 tag;     /* the page's virtual address */
    u64 to_host; /* add to a virtual address */
};

struct op; /* cpu/code.h */

struct fetch_entry {
    u64 tag;
    u64 to_host;
    struct op *ops; /* the page's decoded code; NULL until the fast engine asks for it */
    u64 unused;
};

/* Whose rights a table holds. MXR and MPRV are so rare that changing them flushes or selects. */
enum tlb_mode { TLB_M, TLB_S, TLB_S_SUM, TLB_U, TLB_MODES };

struct tlb {
    struct tlb_entry read[TLB_ENTRIES];
    struct tlb_entry write[TLB_ENTRIES];
    struct fetch_entry fetch[TLB_ENTRIES];
    bool used; /* something was entered since the last flush */
    /* Which GiB of the address space hold superpages entered here, hashed to a bit: sfence.vma of
     * an address in one of them drops everything. */
    u64 superpages;
};

static inline unsigned tlb_index(vaddr va)
{
    return va >> PAGE_BITS & (TLB_ENTRIES - 1);
}

/* What to compare a tag with, for an access of size bytes (1, 2, 4, 8). */
static inline u64 tlb_tag(vaddr va, unsigned size)
{
    return va & (~PAGE_MASK | (size - 1));
}

/* A misaligned access hits, too, as long as it stays within the page. Asked when the tag did not
 * match. */
static inline bool tlb_holds(u64 entry_tag, vaddr va, unsigned size)
{
    return entry_tag == (va & ~PAGE_MASK) && (va & PAGE_MASK) <= PAGE_SIZE - size;
}

void tlb_flush(struct tlb *tlb);
/* A translation of a page of 2^page_bits bytes (more than PAGE_BITS) has been entered. */
void tlb_note_superpage(struct tlb *tlb, vaddr va, unsigned page_bits);
/* Drops what sfence.vma with this address must drop. */
void tlb_flush_page(struct tlb *tlb, vaddr va);
/* Drops every way to write to this page of host memory. */
void tlb_drop_writes(struct tlb *tlb, const u8 *host_page);
/* Drops every fetch entry's decoded code. */
void tlb_drop_ops(struct tlb *tlb);

#endif
