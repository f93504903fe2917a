/* The page walk (see paging.h).
 *
 *   Sv32   va: | VPN[1] 10 | VPN[0] 10 | offset 12 |          PTE:  PPN at bits 31..10
 *   Sv39+  va: | ... VPN[2] 9 | VPN[1] 9 | VPN[0] 9 | offset 12 |   PTE: | N PBMT reserved 63..54 |
 * PPN 53..10 | low bits of a PTE:  D A G U X W R V
 *
 * Svnapot and Svpbmt give N and PBMT a meaning; without them they are reserved, too. Memory types
 * change nothing, since there is no cache. Left out: the hypervisor's second stage. */
#include "memory/paging.h"

#define NAPOT_BITS 16 /* 64 KiB, the one size there is */

static const struct paging_shape shapes[] = {
    [PAGING_BARE] = {"Bare", 0, 0, 0},  [PAGING_SV32] = {"Sv32", 2, 10, 32},
    [PAGING_SV39] = {"Sv39", 3, 9, 39}, [PAGING_SV48] = {"Sv48", 4, 9, 48},
    [PAGING_SV57] = {"Sv57", 5, 9, 57},
};

const struct paging_shape *paging_shape(enum paging_mode mode)
{
    return &shapes[mode];
}

static bool is_canonical(vaddr va, enum paging_mode mode)
{
    unsigned above = 64 - shapes[mode].va_bits;

    if (mode == PAGING_SV32)
        return va >> 32 == 0;
    return (u64)((i64)(va << above) >> above) == va;
}

/* Steps 3 and 4 of the manual's list: is this PTE well-formed, whether pointer or leaf? */
enum walk_end page_check_form(const struct walker *walker, u64 pte, unsigned level)
{
    u64 reserved = (u64)0x3ff << 54;

    if (!(pte & PTE_V))
        return WALK_INVALID;
    if ((pte & (PTE_R | PTE_W)) == PTE_W)
        return WALK_RESERVED;
    if (pte_is_leaf(pte) && walker->napot && level == 0 && (pte_ppn(pte, walker->mode) & 15) == 8)
        reserved &= ~PTE_N;
    if (pte_is_leaf(pte) && walker->pbmt && (pte & PTE_PBMT) != PTE_PBMT)
        reserved &= ~PTE_PBMT;
    if (walker->mode != PAGING_SV32 && pte & reserved)
        return WALK_RESERVED;
    if (!pte_is_leaf(pte) && pte & (PTE_A | PTE_D | PTE_U))
        return WALK_RESERVED;
    return WALK_OK;
}

/* Steps 5 to 7: may this access be made through this leaf? */
static enum walk_end check_leaf(const struct walker *walker, u64 pte, enum access why)
{
    if (walker->user && !(pte & PTE_U))
        return WALK_NOT_USER;
    if (!walker->user && pte & PTE_U && (!walker->sum || why == ACCESS_FETCH))
        return WALK_IS_USER;
    if (why == ACCESS_FETCH && !(pte & PTE_X))
        return WALK_NOT_EXECUTABLE;
    if (why == ACCESS_LOAD && !(pte & PTE_R) && !(walker->mxr && pte & PTE_X))
        return WALK_NOT_READABLE;
    if (why == ACCESS_STORE && !(pte & PTE_W))
        return WALK_NOT_WRITABLE;
    if (!(pte & PTE_A) && !walker->updates_ad)
        return WALK_NOT_ACCESSED;
    if (why == ACCESS_STORE && !(pte & PTE_D) && !walker->updates_ad)
        return WALK_NOT_DIRTY;
    return WALK_OK;
}

/* Each of the 16 entries says so, with 1000 where the bits of the address belong. */
static bool is_napot(const struct walker *walker, u64 pte)
{
    return walker->napot && pte & PTE_N;
}

static void finish(struct walk *walk, const struct walker *walker, vaddr va, unsigned level,
                   enum access why)
{
    u64 pte = walk->leaf, ppn = pte_ppn(pte, walker->mode);
    u64 below = ((u64)1 << (level * shapes[walker->mode].vpn_bits)) - 1;
    u64 wanted = pte | PTE_A | (why == ACCESS_STORE ? PTE_D : 0);

    if (ppn & below) {
        walk->end = WALK_MISALIGNED;
        return;
    }
    walk->end = check_leaf(walker, pte, why);
    if (walk->end != WALK_OK)
        return;
    walk->page_bits =
        is_napot(walker, pte) ? NAPOT_BITS : PAGE_BITS + level * shapes[walker->mode].vpn_bits;
    walk->pa = (ppn << PAGE_BITS & ~(((u64)1 << walk->page_bits) - 1)) |
               (va & (((u64)1 << walk->page_bits) - 1));
    if (wanted != pte) {
        walk->ad_update.needed = true;
        walk->ad_update.at = walk->steps[walk->step_count - 1].at;
        walk->ad_update.old = pte;
        walk->ad_update.new = wanted;
    }
}

struct walk page_walk(const struct walker *walker, vaddr va, enum access why)
{
    enum paging_mode mode = walker->mode;
    struct walk walk; /* steps are not cleared: that would take longer than a walk */
    paddr table = walker->root << PAGE_BITS;

    walk.end = WALK_OK;
    walk.pa = va;
    walk.page_bits = PAGE_BITS;
    walk.leaf = 0;
    walk.step_count = 0;
    walk.ad_update.needed = false;
    if (mode == PAGING_BARE)
        return walk;
    if (!is_canonical(va, mode)) {
        walk.end = WALK_NOT_CANONICAL;
        return walk;
    }
    for (unsigned level = shapes[mode].levels; level-- > 0;) {
        unsigned shift = PAGE_BITS + level * shapes[mode].vpn_bits;
        u64 index = va >> shift & (((u64)1 << shapes[mode].vpn_bits) - 1);
        paddr at = table + index * pte_size(mode);
        u64 pte = 0;

        if (!walker->read_pte(walker->context, at, pte_size(mode), &pte)) {
            walk.end = WALK_PTE_UNREADABLE;
            walk.unread = at;
            return walk;
        }
        walk.steps[walk.step_count].at = at;
        walk.steps[walk.step_count].pte = pte;
        walk.steps[walk.step_count++].level = level;
        walk.end = page_check_form(walker, pte, level);
        if (walk.end != WALK_OK)
            return walk;
        if (pte_is_leaf(pte)) {
            walk.leaf = pte;
            finish(&walk, walker, va, level, why);
            return walk;
        }
        table = pte_ppn(pte, mode) << PAGE_BITS;
    }
    walk.end = WALK_NO_LEAF;
    return walk;
}
