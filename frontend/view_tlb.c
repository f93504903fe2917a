/* The view `tlb`: what a hart's translation cache holds. An entry whose page table says otherwise
 * is stale; that is allowed until the next sfence.vma, and often the mistake that is looked for. */
#include "frontend/view_paging.h"

#include "cpu/translate.h"
#include "frontend/walk_words.h"

#include <inttypes.h>
#include <stdlib.h>

struct collection {
    const struct view *view;
    struct tlb_seen *list;
    size_t count, room;
};

static bool make_room(struct collection *all)
{
    size_t room = all->room ? 2 * all->room : 256;
    struct tlb_seen *list;

    if (all->count < all->room)
        return true;
    list = realloc(all->list, room * sizeof *list);
    if (!list)
        return false;
    all->list = list;
    all->room = room;
    return true;
}

/* What the page table says now. Only of the present address space it can be asked. */
static void judge(const struct view *view, const struct tlb *tlb, struct tlb_seen *seen,
                  enum access why)
{
    struct hart *hart = view_hart(view);
    struct walker walker = translate_walker(hart, tlb);
    struct walk walk;

    if (seen->rights == TLB_M || seen->space != hart->space || walker.mode == PAGING_BARE)
        return;
    walk = page_walk(&walker,
                     why == ACCESS_FETCH ? seen->va : translate_pointer(hart, tlb, seen->va), why);
    seen->is_moved = walk.end == WALK_OK && walk.pa != seen->pa;
    seen->is_stale = walk.end != WALK_OK || walk.pa != seen->pa;
}

static void collect(struct collection *all, unsigned table, enum access why)
{
    const struct hart *hart = view_hart(all->view);
    const struct tlb *tlb = &hart->tlb[table];
    const struct tlb_entry *entries = why == ACCESS_FETCH  ? tlb->fetch
                                      : why == ACCESS_LOAD ? tlb->read
                                                           : tlb->write;

    for (unsigned i = 0; tlb->used && i < TLB_ENTRIES; i++) {
        if (entries[i].tag == TLB_EMPTY || !make_room(all))
            continue;
        u64 host = entries[i].tag + entries[i].to_host;
        struct tlb_seen seen = {.va = entries[i].tag,
                                .pa = host - (u64)(uintptr_t)hart->bus->ram->bytes +
                                      hart->bus->ram->base,
                                .rights = TLB_MODE(table),
                                .space = table ? (u8)((table - TLB_S) / TLB_SPACE_MODES) : 0,
                                .accesses = (u8)(1u << why)};
        judge(all->view, tlb, &seen, why);
        all->list[all->count++] = seen;
    }
}

static int compare(const void *left, const void *right)
{
    const struct tlb_seen *a = left, *b = right;

    if (a->space != b->space)
        return a->space < b->space ? -1 : 1;
    if (a->rights != b->rights)
        return a->rights < b->rights ? -1 : 1;
    if (a->va != b->va)
        return a->va < b->va ? -1 : 1;
    return (a->pa > b->pa) - (a->pa < b->pa);
}

struct tlb_seen *view_collect_tlb(const struct view *view, size_t *count)
{
    struct collection all = {.view = view};
    size_t kept = 0;

    for (unsigned table = 0; table < TLBS; table++)
        for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++)
            collect(&all, table, why);
    if (all.count)
        qsort(all.list, all.count, sizeof *all.list, compare);
    for (size_t i = 0; i < all.count; i++) {
        if (kept && !compare(&all.list[kept - 1], &all.list[i])) {
            all.list[kept - 1].accesses |= all.list[i].accesses;
            all.list[kept - 1].is_stale |= all.list[i].is_stale;
            all.list[kept - 1].is_moved |= all.list[i].is_moved;
        } else {
            all.list[kept++] = all.list[i];
        }
    }
    *count = kept;
    return all.list;
}

static const char *rights_words(u8 rights)
{
    static const char *const words[] = {"M", "S", "S+SUM", "U"};

    return words[rights];
}

void view_tlb(struct view *view)
{
    struct hart *hart = view_hart(view);
    struct json json = {.out = view->out};
    size_t count, stale = 0;
    struct tlb_seen *list = view_collect_tlb(view, &count);

    if (view->json)
        json_array(&json, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct tlb_seen *seen = &list[i];
        char accesses[] = {seen->accesses & 1 << ACCESS_LOAD ? 'r' : '-',
                           seen->accesses & 1 << ACCESS_STORE ? 'w' : '-',
                           seen->accesses & 1 << ACCESS_FETCH ? 'x' : '-', 0};
        stale += seen->is_stale;
        if (view->json) {
            json_object(&json, NULL);
            json_hex(&json, "virtual", seen->va);
            json_hex(&json, "physical", seen->pa);
            json_text(&json, "rights", rights_words(seen->rights));
            json_hex(&json, "satp", seen->rights == TLB_M ? 0 : hart->spaces[seen->space]);
            json_text(&json, "accesses", accesses);
            json_truth(&json, "stale", seen->is_stale);
            json_end_object(&json);
            continue;
        }
        fprintf(view->out, "%-5s %s  0x%0*" PRIx64 " -> 0x%010" PRIx64 "%s%s\n",
                rights_words(seen->rights), accesses, view_digits(view), seen->va, seen->pa,
                seen->rights != TLB_M && seen->space != hart->space ? "  another address space"
                                                                    : "",
                seen->is_stale ? "  STALE: the page table says otherwise" : "");
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    } else {
        fprintf(view->out, "%zu pages, %zu stale\n", count, stale);
    }
    free(list);
}
