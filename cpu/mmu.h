/* The slow door of memory: what happens when the TLB does not know. Translation by the page walk,
 * PMP, accessed and dirty bits, devices, accesses that cross a page, atomics.
 *
 * Every function that returns bool or a pointer has noted cause and tval in the hart when it
 * returns false or NULL, and then nothing has been changed. */
#ifndef CPU_MMU_H
#define CPU_MMU_H

#include "cpu/hart.h"

#define CACHE_BLOCK 64 /* bytes, of Zicbom, Zicboz and Zicbop */

enum cbo { CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO };

/* Loads and stores of 1, 2, 4 or 8 bytes at any alignment. A loaded value is zero-extended. */
bool mmu_load(struct hart *hart, vaddr va, unsigned size, u64 *value);
bool mmu_store(struct hart *hart, vaddr va, unsigned size, u64 value);
/* The instruction at pc: its first halfword, and its second only if there is one. */
bool mmu_fetch(struct hart *hart, vaddr pc, u32 *bits);

/* The fast engine's doors: brings the page into the TLB for an aligned access. False: hart->cause
 * is noted as for a load or store that traps, or CAUSE_NONE when the page cannot stand in the TLB
 * and the plain engine must do the access. */
bool mmu_fill(struct hart *hart, vaddr va, enum access why);

/* Where to do an atomic read-modify-write of 1, 2, 4, 8 or 16 bytes in host memory. */
void *mmu_atomic(struct hart *hart, vaddr va, unsigned size);
bool mmu_load_reserved(struct hart *hart, vaddr va, unsigned size, u64 *value);
/* *failed is what rd gets: 0 or 1. An SC that is to fail must pass the checks of a store, too. */
bool mmu_store_conditional(struct hart *hart, vaddr va, unsigned size, u64 value, u64 *failed);

/* Zacas on a pair of registers: amocas.d on RV32, amocas.q on RV64. *old_low is for rd; the helper
 * writes rd + 1. */
bool mmu_compare_and_swap_pair(struct hart *hart, const struct insn *insn, u64 *old_low);

/* sfence.vma and sinval.vma: for one address, or all when its register is x0; for one address space
 * (ASID), or all when its register is x0. */
bool mmu_sfence_vma(struct hart *hart, vaddr va, unsigned va_register, u64 asid,
                    unsigned asid_register);
/* sfence.w.inval and sfence.inval.ir: all is in order already, but U-mode may not ask. */
bool mmu_order_invalidations(struct hart *hart);
bool mmu_cache_block(struct hart *hart, enum cbo operation, vaddr va);

/* Drops every translation. */
void mmu_flush(struct hart *hart);
/* satp has changed: on with the tables that hold its translations, if there still are any. */
void mmu_enter_space(struct hart *hart);

#endif
