/* One translation, in full: page walk, accessed and dirty bits, PMP; and remembering it in the TLB.
 * cpu/mmu.c and cpu/mmu_atomic.c use it for whatever the TLB does not know. */
#ifndef CPU_TRANSLATE_H
#define CPU_TRANSLATE_H

#include "cpu/hart.h"
#include "memory/paging.h"

/* Where an access goes. */
struct place {
    paddr pa;
    unsigned page_bits; /* log2 of the page's size */
};

/* "Pointer Masking": what becomes of the address of a load, store, atomic or cache-block operation
 * before it is translated with the rights of these tables. Fetches are not masked. */
vaddr translate_pointer(const struct hart *hart, const struct tlb *tlb, vaddr va);
/* For size bytes within one page, with the rights of these tables. False: cause and tval are noted.
 */
bool translate(struct hart *hart, struct tlb *tlb, vaddr va, unsigned size, enum access why,
               struct place *place);
/* Remembers a translation just made, under the address as the program has it, before masking. False
 * when it may not stand in the TLB (see cpu/tlb.h). */
bool translate_remember(struct hart *hart, struct tlb *tlb, vaddr va, const struct place *place,
                        enum access why);
/* Notes an access fault; always returns false. */
bool translate_access_fault(struct hart *hart, vaddr va, enum access why);
/* What a walk with the rights of these tables starts from. In bare mode there is nothing to walk.
 */
struct walker translate_walker(struct hart *hart, const struct tlb *tlb);
/* With whose rights an access through these tables is made. */
enum privilege translate_rights(const struct tlb *tlb, const struct hart *hart);

#endif
