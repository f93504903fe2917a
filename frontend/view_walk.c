/* The view `walk`: every PTE that a translation looks at, where it stands, what its bits mean, and
 * where and why the walk ended ("Virtual Address Translation Process"). */
#include "frontend/view_paging.h"

#include "cpu/pmp.h"
#include "cpu/translate.h"
#include "frontend/walk_words.h"

#include <inttypes.h>

const struct tlb *view_tables(const struct view *view, enum access why)
{
    struct hart *hart = view_hart(view);
    const struct tlb *tables = why == ACCESS_FETCH ? hart->fetch : hart->data;

    if (tables != &hart->tlb[TLB_M])
        return tables;
    return &hart->tlb[TLB_IN_SPACE(
        hart->mstatus & MSTATUS_SUM && why != ACCESS_FETCH ? TLB_S_SUM : TLB_S, hart->space)];
}

const char *view_physical(const struct view *view, paddr at)
{
    const struct region *region = bus_find(&view->machine->bus, at);

    return region ? region->name : NULL;
}

static const char *where_words(const struct view *view, paddr at)
{
    const char *name = view_physical(view, at);

    return name ? name : "nothing is there";
}

static void print_step(const struct view *view, const struct walk *walk, unsigned i,
                       const struct paging_shape *shape, enum paging_mode mode, vaddr va)
{
    unsigned level = walk->steps[i].level, shift = PAGE_BITS + level * shape->vpn_bits;
    u64 pte = walk->steps[i].pte, target = pte_ppn(pte, mode) << PAGE_BITS;
    char bits[PTE_BITS], size[SIZE_WORDS];

    fprintf(view->out,
            "  level %u  entry %4" PRIu64 "  at 0x%010" PRIx64 "  is 0x%0*" PRIx64 "  %s  ", level,
            va >> shift & (((u64)1 << shape->vpn_bits) - 1), walk->steps[i].at, view_digits(view),
            pte, pte_bits_words(pte, bits));
    if (!(pte & PTE_V))
        fputs("nothing\n", view->out);
    else if (pte_is_leaf(pte))
        fprintf(view->out, "page of %s at %#" PRIx64 "\n", size_words((u64)1 << shift, size),
                target);
    else
        fprintf(view->out, "table at %#" PRIx64 "\n", target);
}

static void print_end(const struct view *view, const struct walk *walk, vaddr va, enum access why,
                      enum privilege privilege)
{
    const char *bit = walk_end_bit(walk->end);
    char place[VIEW_PLACE];

    if (walk->end == WALK_PTE_UNREADABLE)
        fprintf(view->out, "  stops: the next entry is at %#" PRIx64 " (%s); %s.\n", walk->unread,
                where_words(view, walk->unread), walk_end_words(walk->end));
    else if (walk->end != WALK_OK)
        fprintf(view->out, "  stops: %s.\n", walk_end_words(walk->end));
    if (walk->end != WALK_OK) {
        if (bit)
            fprintf(view->out, "  %s = 1 would have allowed it.\n", bit);
        return;
    }
    fprintf(view->out, "  ends at %#" PRIx64 " (%s)", walk->pa, where_words(view, walk->pa));
    if (walk->ad_update.needed)
        fprintf(view->out, ", with %s%s to be set in the entry",
                (walk->ad_update.new ^ walk->ad_update.old) & PTE_A ? "A" : "",
                (walk->ad_update.new ^ walk->ad_update.old) & PTE_D ? "D" : "");
    if (!pmp_allows(view_hart(view), walk->pa, 1, why, privilege))
        fputs("; but PMP forbids the access", view->out);
    fputs(".\n", view->out);
    if (*view_name(view, va, place))
        fprintf(view->out, "  %#" PRIx64 " is %s.\n", va, place);
}

static void print_json(const struct view *view, const struct walk *walk,
                       const struct walker *walker, vaddr va, enum access why)
{
    struct json json = {.out = view->out};

    json_object(&json, NULL);
    json_hex(&json, "address", va);
    json_text(&json, "access", access_words(why));
    json_text(&json, "mode", paging_shape(walker->mode)->name);
    if (walker->mode != PAGING_BARE)
        json_hex(&json, "root", walker->root << PAGE_BITS);
    json_array(&json, "entries");
    for (unsigned i = 0; i < walk->step_count; i++) {
        char bits[PTE_BITS];
        json_object(&json, NULL);
        json_number(&json, "level", walk->steps[i].level);
        json_hex(&json, "at", walk->steps[i].at);
        json_hex(&json, "pte", walk->steps[i].pte);
        json_text(&json, "bits", pte_bits_words(walk->steps[i].pte, bits));
        json_end_object(&json);
    }
    json_end_array(&json);
    json_truth(&json, "allowed", walk->end == WALK_OK);
    json_text(&json, "because", walk_end_words(walk->end));
    if (walk->end == WALK_OK) {
        json_hex(&json, "physical", walk->pa);
        json_truth(&json, "pmp_allows",
                   pmp_allows(view_hart(view), walk->pa, 1, why,
                              translate_rights(view_tables(view, why), view_hart(view))));
    }
    json_end_object(&json);
    fputc('\n', view->out);
}

void view_walk(struct view *view, vaddr va, enum access why)
{
    struct hart *hart = view_hart(view);
    const struct tlb *tables = view_tables(view, why);
    enum privilege privilege = translate_rights(tables, hart);
    struct walker walker = translate_walker(hart, tables);
    vaddr at = why == ACCESS_FETCH ? va : translate_pointer(hart, tables, va);
    struct walk walk = page_walk(&walker, at, why);
    const struct paging_shape *shape = paging_shape(walker.mode);

    if (view->json) {
        print_json(view, &walk, &walker, va, why);
        return;
    }
    if (hart->privilege == PRIV_M)
        fputs("M-mode does not translate; this is what S-mode would find.\n", view->out);
    fprintf(view->out, "%#" PRIx64 ": a %s in %s-mode%s, %s", va, access_words(why),
            view_privilege(privilege), walker.sum ? " with SUM" : "", shape->name);
    if (at != va)
        fprintf(view->out, ", masked to %#" PRIx64, at);
    if (walker.mode != PAGING_BARE)
        fprintf(view->out, ", root table at %#" PRIx64, walker.root << PAGE_BITS);
    fputs("\n", view->out);
    for (unsigned i = 0; i < walk.step_count; i++)
        print_step(view, &walk, i, shape, walker.mode, at);
    print_end(view, &walk, va, why, privilege);
}
