/* Translation (see translate.h), in the manual's order: "Virtual Address Translation Process", then
 * "Physical Memory Protection". */
#include "cpu/translate.h"

#include "cpu/mmu.h"
#include "cpu/pmp.h"
#include "cpu/trap.h"
#include "cpu/trigger.h"
#include "memory/paging.h"

#include <string.h>

static enum tlb_mode mode_of(const struct tlb *tlb, const struct hart *hart)
{
    return (enum tlb_mode)TLB_MODE(tlb - hart->tlb);
}

/* With whose rights an access is made: those of the tables that it uses. */
enum privilege translate_rights(const struct tlb *tlb, const struct hart *hart)
{
    switch (mode_of(tlb, hart)) {
    case TLB_M:
        return PRIV_M;
    case TLB_S:
    case TLB_S_SUM:
        return PRIV_S;
    case TLB_U:
    case TLB_MODES:
        break;
    }
    return PRIV_U;
}

static enum paging_mode paging_mode(const struct hart *hart, enum privilege privilege)
{
    if (privilege == PRIV_M)
        return PAGING_BARE;
    if (hart->xlen == 32)
        return hart->satp >> 31 ? PAGING_SV32 : PAGING_BARE;
    return hart->satp >> 60 ? (enum paging_mode)(hart->satp >> 60) - 8 + PAGING_SV39 : PAGING_BARE;
}

vaddr translate_pointer(const struct hart *hart, const struct tlb *tlb, vaddr va)
{
    enum privilege privilege = translate_rights(tlb, hart);
    u64 setting = privilege == PRIV_U ? hart->senvcfg : privilege == PRIV_S ? hart->menvcfg : 0;
    unsigned masked = (setting & ENVCFG_PMM) == ENVCFG_PMM ? 16 : 7;

    if (!(setting & ENVCFG_PMM) || hart->mstatus & MSTATUS_MXR)
        return va;
    if (paging_mode(hart, privilege) == PAGING_BARE)
        return va << masked >> masked;
    return (vaddr)((i64)(va << masked) >> masked);
}

/* PTEs are read with S privilege, from RAM or ROM. */
static bool read_pte(void *context, paddr at, unsigned size, u64 *pte)
{
    struct hart *hart = context;
    const struct region *region;

    if (!pmp_allows(hart, at, size, ACCESS_LOAD, PRIV_S))
        return false;
    if (ram_holds(hart->bus->ram, at, size)) {
        memcpy(pte, ram_host(hart->bus->ram, at), size);
        return true;
    }
    region = bus_find(hart->bus, at);
    return region && region->host && bus_read(hart->bus, at, size, pte);
}

/* Sets A and D in the leaf that the walk found, if it is still what the walk saw. False: it may not
 * be written. */
static bool set_accessed(struct hart *hart, const struct walk *walk, unsigned size, bool *changed)
{
    paddr at = walk->ad_update.at;
    u8 *host;

    if (!pmp_allows(hart, at, size, ACCESS_STORE, PRIV_S) || !ram_holds(hart->bus->ram, at, size))
        return false;
    host = ram_writable(hart->bus->ram, at, size);
    if (size == 8) {
        u64 old = walk->ad_update.old;
        *changed = __atomic_compare_exchange_n((u64 *)(void *)host, &old, walk->ad_update.new,
                                               false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    } else {
        u32 old = (u32)walk->ad_update.old;
        *changed = __atomic_compare_exchange_n((u32 *)(void *)host, &old, (u32)walk->ad_update.new,
                                               false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    return true;
}

static bool updates_ad(const struct hart *hart)
{
    return hart->menvcfg & ENVCFG_ADUE;
}

/* A superpage that a walk has found before. */
static bool find_piece(struct tlb *tlb, vaddr va, enum access why, struct place *place)
{
    const struct tlb_piece *piece = tlb_piece(tlb, va, why);

    if (piece->piece != va >> TLB_PIECE_BITS)
        return false;
    place->pa = piece->pa | (va & (((u64)1 << TLB_PIECE_BITS) - 1));
    place->page_bits = piece->page_bits;
    return true;
}

static void remember_piece(struct tlb *tlb, vaddr va, enum access why, const struct place *place)
{
    if (place->page_bits < TLB_PIECE_BITS)
        return;
    *tlb_piece(tlb, va, why) = (struct tlb_piece){
        va >> TLB_PIECE_BITS, place->pa >> TLB_PIECE_BITS << TLB_PIECE_BITS, place->page_bits};
    tlb->used = true;
    tlb_note_superpage(tlb, va, place->page_bits);
}

struct walker translate_walker(struct hart *hart, const struct tlb *tlb)
{
    return (struct walker){
        .mode = paging_mode(hart, translate_rights(tlb, hart)),
        .root = hart->satp & (hart->xlen == 32 ? 0x3fffff : ((u64)1 << 44) - 1),
        .user = translate_rights(tlb, hart) == PRIV_U,
        .sum = mode_of(tlb, hart) == TLB_S_SUM,
        .mxr = hart->mstatus & MSTATUS_MXR,
        .updates_ad = updates_ad(hart),
        .napot = isa_has(&hart->decoder->isa, EXT_SVNAPOT),
        .pbmt = hart->menvcfg & ENVCFG_PBMTE,
        .context = hart,
        .read_pte = read_pte,
    };
}

static bool page_fault(struct hart *hart, const struct tlb *tlb, const struct walker *walker,
                       const struct walk *walk, vaddr va, enum access why)
{
    static const u8 causes[] = {CAUSE_FETCH_PAGE, CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE};
    struct fault_seen *seen = &hart->witness.page[why];

    seen->va = va;
    seen->rights = (u8)mode_of(tlb, hart);
    seen->mode = (u8)walker->mode;
    seen->by = REFUSED_BY_WALK;
    seen->root = walker->root;
    seen->caller = hart->x[1];
    seen->walk = *walk;
    return trap_raise(hart, causes[why], va);
}

static bool find_page(struct hart *hart, struct tlb *tlb, vaddr va, enum access why,
                      struct place *place)
{
    struct walker walker;

    if (find_piece(tlb, va, why, place))
        return true;
    walker = translate_walker(hart, tlb);
    hart->witness.walks[why]++;
    for (bool changed = false; !changed;) {
        struct walk walk = page_walk(&walker, va, why);
        if (walk.end == WALK_PTE_UNREADABLE)
            return translate_access_fault(hart, va, why);
        if (walk.end != WALK_OK)
            return page_fault(hart, tlb, &walker, &walk, va, why);
        place->pa = walk.pa;
        place->page_bits = walk.page_bits;
        if (!walk.ad_update.needed)
            break;
        /* Another hart may have changed the PTE meanwhile: then walk again. */
        if (!set_accessed(hart, &walk, pte_size(walker.mode), &changed))
            return translate_access_fault(hart, va, why);
    }
    remember_piece(tlb, va, why, place);
    return true;
}

/* Who refused an access that has just failed: the same way again, step by step. Access faults are
 * so rare that nothing is kept for them beforehand. */
static void note_access_fault(struct hart *hart, vaddr va, enum access why)
{
    const struct tlb *tlb = why == ACCESS_FETCH ? hart->fetch : hart->data;
    struct fault_seen *seen = &hart->witness.access[why];
    struct walker walker = translate_walker(hart, tlb);
    struct walk walk = page_walk(&walker, va, why);
    unsigned size = why == ACCESS_FETCH ? 2 : 1;
    bool can_update = true;

    *seen = (struct fault_seen){.va = va,
                                .rights = (u8)mode_of(tlb, hart),
                                .mode = (u8)walker.mode,
                                .root = walker.root,
                                .at = walk.pa,
                                .caller = hart->x[1],
                                .walk = walk};
    if (walk.ad_update.needed)
        can_update =
            ram_holds(hart->bus->ram, walk.ad_update.at, pte_size(walker.mode)) &&
            pmp_allows(hart, walk.ad_update.at, pte_size(walker.mode), ACCESS_STORE, PRIV_S);
    if (walk.end == WALK_PTE_UNREADABLE || !can_update) {
        seen->by = REFUSED_BY_PTE;
        seen->at = can_update ? walk.unread : walk.ad_update.at;
        size = pte_size(walker.mode);
    } else {
        /* What RAM holds, only PMP refuses; it may have seen more bytes than the first. */
        bool is_allowed = pmp_allows(hart, walk.pa, size, why, translate_rights(tlb, hart));
        seen->by = is_allowed && !ram_holds(hart->bus->ram, walk.pa, size) ? REFUSED_BY_THE_BUS
                                                                           : REFUSED_BY_PMP;
    }
    seen->pmp = (u8)pmp_find(hart, seen->at, size);
}

bool translate_access_fault(struct hart *hart, vaddr va, enum access why)
{
    static const u8 causes[] = {CAUSE_FETCH_ACCESS, CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS};

    note_access_fault(hart, va, why);
    return trap_raise(hart, causes[why], va);
}

/* Translation and PMP for size bytes that lie within one page. */
bool translate(struct hart *hart, struct tlb *tlb, vaddr va, unsigned size, enum access why,
               struct place *place)
{
    enum privilege privilege = translate_rights(tlb, hart);
    enum paging_mode mode = paging_mode(hart, privilege);

    *place = (struct place){va, PAGE_BITS};
    if (mode != PAGING_BARE && !find_page(hart, tlb, va, why, place))
        return false;
    return pmp_allows(hart, place->pa, size, why, privilege) ||
           translate_access_fault(hart, va, why);
}

/* What an address that the program has becomes for such an access. */
static vaddr masked(const struct hart *hart, const struct tlb *tlb, vaddr va, enum access why)
{
    return why == ACCESS_FETCH ? va : translate_pointer(hart, tlb, va);
}

/* Remembers a translation just made, if the page is whole RAM under one PMP entry. */
bool translate_remember(struct hart *hart, struct tlb *tlb, vaddr va, const struct place *place,
                        enum access why)
{
    struct ram *ram = hart->bus->ram;
    paddr page = place->pa & ~PAGE_MASK;
    vaddr tag = va & ~PAGE_MASK;
    unsigned at = tlb_index(va);
    u64 to_host;

    if (!ram_holds(ram, page, PAGE_SIZE) || !pmp_is_uniform(hart, page) ||
        (unlikely(hart->watched) && trigger_covers(hart, masked(hart, tlb, va, why), why)))
        return false;
    if (why == ACCESS_STORE && *ram_notes_at(ram, page))
        return false; /* somebody listens: every store must come through the gate */
    to_host = (u64)(uintptr_t)ram_host(ram, page) - tag;
    if (why == ACCESS_LOAD)
        tlb->read[at] = (struct tlb_entry){tag, to_host};
    else if (why == ACCESS_STORE)
        tlb->write[at] = (struct tlb_entry){tag, to_host};
    else {
        tlb->fetch[at] = (struct tlb_entry){tag, to_host};
        tlb->code[at].tag = TLB_EMPTY; /* the page that was here has lost its place */
    }
    tlb->used = true;
    if (place->page_bits > PAGE_BITS)
        tlb_note_superpage(tlb, masked(hart, tlb, va, why), place->page_bits);
    return true;
}
