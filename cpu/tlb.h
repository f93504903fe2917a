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

/* Where the fast engine finds the decoded code of a page; entered when it asks, and only beside a
 * fetch entry. */
struct code_entry {
    u64 tag;
    struct op *ops;
};
_Static_assert(sizeof(struct tlb_entry) == 16 && sizeof(struct code_entry) == 16, "tlb_offset()");

/* Whose rights a table holds. MXR and MPRV are so rare that changing them flushes or selects. */
enum tlb_mode { TLB_M, TLB_S, TLB_S_SUM, TLB_U, TLB_MODES };

/* M-mode has one table, each address space one for each other mode (cpu/mmu_space.c). */
#define TLB_SPACES                4
#define TLB_SPACE_MODES           (TLB_MODES - 1)
#define TLBS                      (1 + TLB_SPACES * TLB_SPACE_MODES)
#define TLB_IN_SPACE(mode, space) ((mode) == TLB_M ? 0 : (mode) + (space)*TLB_SPACE_MODES)
#define TLB_MODE(index)           ((index) == 0 ? TLB_M : TLB_S + ((index)-TLB_S) % TLB_SPACE_MODES)

/* The last walks that ended at a superpage: each of its pages would be a walk of its own. Kept by
 * pieces of 2 MiB, which every superpage is made of; each kind of access has its own, since only
 * that kind was allowed. */
#define TLB_PIECES     16
#define TLB_PIECE_BITS 21
struct tlb_piece {
    vaddr piece;        /* number of the piece; all ones: none */
    paddr pa;           /* where it begins */
    unsigned page_bits; /* of the superpage */
};

struct tlb {
    struct tlb_entry read[TLB_ENTRIES];
    struct tlb_entry write[TLB_ENTRIES];
    struct tlb_entry fetch[TLB_ENTRIES];
    struct code_entry code[TLB_ENTRIES];
    struct tlb_piece pieces[3][TLB_PIECES]; /* by enum access */
    bool used;                              /* something was entered since the last flush */
    /* Which GiB of the address space hold superpages entered here, hashed to a bit: sfence.vma of
     * an address in one of them drops everything. */
    u64 superpages;
};

/* Arrays often lie a power of two apart, so the next ten bits are mixed in: with the lowest ones
 * alone they would drive each other out. */
static inline unsigned tlb_index(vaddr va)
{
    return (va >> PAGE_BITS ^ va >> (PAGE_BITS + 10)) & (TLB_ENTRIES - 1);
}

/* Where the entry of this address is in a table, in bytes: the index, scaled in the same breath. */
static inline u64 tlb_offset(vaddr va)
{
    return (va >> (PAGE_BITS - 4) ^ va >> (PAGE_BITS + 10 - 4)) & ((TLB_ENTRIES - 1) << 4);
}

static inline const struct tlb_entry *tlb_entry(const struct tlb_entry *table, vaddr va)
{
    return (const struct tlb_entry *)(const void *)((const u8 *)table + tlb_offset(va));
}

static inline struct code_entry *tlb_code(struct tlb *tlb, vaddr va)
{
    return (struct code_entry *)(void *)((u8 *)tlb->code + tlb_offset(va));
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

/* Where the piece of a superpage that this address lies in is kept, if it is. */
static inline struct tlb_piece *tlb_piece(struct tlb *tlb, vaddr va, enum access why)
{
    return &tlb->pieces[why][va >> TLB_PIECE_BITS & (TLB_PIECES - 1)];
}

void tlb_flush(struct tlb *tlb);
/* A translation of a page of 2^page_bits bytes (more than PAGE_BITS) has been entered. */
void tlb_note_superpage(struct tlb *tlb, vaddr va, unsigned page_bits);
/* Drops what sfence.vma with this address must drop. */
void tlb_flush_page(struct tlb *tlb, vaddr va);
/* Drops every way to write to this page of host memory. */
void tlb_drop_writes(struct tlb *tlb, const u8 *host_page);
/* Drops every way to decoded code. */
void tlb_drop_ops(struct tlb *tlb);

#endif
