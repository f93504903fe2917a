/* Address spaces in the TLB (see mmu.h): "Supervisor Address Translation and Protection (satp)
 * Register", "Supervisor Memory-Management Fence Instruction".
 *
 * A hart has one table for M-mode and, for each of a few address spaces, the three of S- and
 * U-mode. An address space is a value of satp with an ASID; going back to one that still has its
 * tables finds its translations where they were. Without an ASID (0) a change of satp forgets, as
 * many a kernel expects that was never tried on anything else. */
#include "cpu/mmu.h"
#include "cpu/trap.h"

static u64 asid_mask(const struct hart *hart)
{
    return hart->xlen == 32 ? 0x1ff : 0xffff;
}

static u64 asid_of(const struct hart *hart, u64 satp)
{
    return satp >> (hart->xlen == 32 ? 22 : 44) & asid_mask(hart);
}

static struct tlb *tables_of(struct hart *hart, unsigned space)
{
    return &hart->tlb[TLB_IN_SPACE(TLB_S, space)];
}

static void flush_space(struct hart *hart, unsigned space)
{
    for (unsigned i = 0; i < TLB_SPACE_MODES; i++)
        tlb_flush(&tables_of(hart, space)[i]);
}

void mmu_flush(struct hart *hart)
{
    hart->forgotten++;
    for (unsigned i = 0; i < TLBS; i++)
        tlb_flush(&hart->tlb[i]);
}

/* The tables that are to hold this value of satp: those that do already, or those whose turn it is
 * to forget. */
static unsigned find_space(struct hart *hart, u64 satp)
{
    for (unsigned i = 0; i < TLB_SPACES; i++)
        if (hart->spaces[i] == satp && asid_of(hart, satp))
            return i;
    hart->next_space = (hart->next_space + 1) % TLB_SPACES;
    hart->spaces[hart->next_space] = satp;
    flush_space(hart, hart->next_space);
    return hart->next_space;
}

void mmu_enter_space(struct hart *hart)
{
    hart->space = find_space(hart, hart->satp);
    hart->forgotten++;
    hart_mode_changed(hart);
}

bool mmu_sfence_vma(struct hart *hart, vaddr va, unsigned va_register, u64 asid,
                    unsigned asid_register)
{
    if (hart->privilege < PRIV_S || (hart->privilege == PRIV_S && hart->mstatus & MSTATUS_TVM))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    hart->forgotten++;
    for (unsigned space = 0; space < TLB_SPACES; space++) {
        if (asid_register && asid_of(hart, hart->spaces[space]) != (asid & asid_mask(hart)))
            continue;
        for (unsigned i = 0; i < TLB_SPACE_MODES; i++) {
            if (va_register)
                tlb_flush_page(&tables_of(hart, space)[i], va);
            else
                tlb_flush(&tables_of(hart, space)[i]);
        }
    }
    return true;
}

bool mmu_order_invalidations(struct hart *hart)
{
    return hart->privilege >= PRIV_S || trap_raise(hart, CAUSE_ILLEGAL, 0);
}
