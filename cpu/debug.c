/* A debugger's breakpoints, watchpoints and events (see debug.h).
 *
 * What a hart has met is noted in hart->hit, with the step: a breakpoint that was told of at this
 * step is not told of again, so that going on needs nothing special. A watchpoint is noted before
 * the access, and forgotten when a trap came instead. */
#include "cpu/debug.h"

#include "cpu/code.h"
#include "cpu/mmu.h"
#include "cpu/pmp.h"
#include "cpu/translate.h"
#include "cpu/trigger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct debug *debug_create(struct hart *const *harts, unsigned hart_count)
{
    struct debug *debug = calloc(1, sizeof *debug);

    assert(hart_count <= sizeof debug->harts / sizeof debug->harts[0]);
    if (!debug)
        return NULL;
    memcpy(debug->harts, harts, hart_count * sizeof *harts);
    debug->hart_count = hart_count;
    return debug;
}

void debug_destroy(struct debug *debug)
{
    if (!debug)
        return;
    for (unsigned i = 0; i < debug->hart_count; i++)
        debug->harts[i]->debug = NULL;
    free(debug->breaks);
    free(debug->points);
    free(debug);
}

/* The first breakpoint that is not below this address. */
static size_t find(const struct debug *debug, vaddr at)
{
    size_t low = 0, high = debug->break_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (debug->breaks[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_break(const struct debug *debug, vaddr at)
{
    size_t i = find(debug, at);

    return i < debug->break_count && debug->breaks[i] == at;
}

static unsigned slot_of(vaddr va)
{
    return (unsigned)(va & PAGE_MASK) >> 1;
}

/* Each hart looks again at what it runs in this page. */
static void forget_page(struct debug *debug, vaddr at)
{
    for (unsigned h = 0; h < debug->hart_count; h++)
        for (unsigned i = 0; i < TLBS; i++)
            tlb_code(&debug->harts[h]->tlb[i], at)->tag = TLB_EMPTY;
}

static bool add_break(struct debug *debug, vaddr at)
{
    size_t i = find(debug, at), room = debug->break_room;

    if (debug->break_count == room) {
        vaddr *more = realloc(debug->breaks, (2 * room + 16) * sizeof *more);
        if (!more)
            return false;
        debug->breaks = more;
        debug->break_room = 2 * room + 16;
    }
    memmove(&debug->breaks[i + 1], &debug->breaks[i],
            (debug->break_count - i) * sizeof debug->breaks[0]);
    debug->breaks[i] = at;
    debug->break_count++;
    forget_page(debug, at);
    return true;
}

/* Is there a breakpoint at this place of any page? */
static bool is_slot_used(const struct debug *debug, unsigned slot)
{
    for (size_t i = 0; i < debug->break_count; i++)
        if (slot_of(debug->breaks[i]) == slot)
            return true;
    return false;
}

static bool drop_break(struct debug *debug, vaddr at)
{
    size_t i = find(debug, at);

    if (i == debug->break_count || debug->breaks[i] != at)
        return false;
    debug->break_count--;
    memmove(&debug->breaks[i], &debug->breaks[i + 1],
            (debug->break_count - i) * sizeof debug->breaks[0]);
    if (!is_slot_used(debug, slot_of(at)))
        for (unsigned h = 0; h < debug->hart_count; h++)
            code_disarm(debug->harts[h]->code, slot_of(at));
    return true;
}

static bool add_point(struct debug *debug, struct debug_point point)
{
    size_t room = debug->point_room;

    if (debug->point_count == room) {
        struct debug_point *more = realloc(debug->points, (2 * room + 4) * sizeof *more);
        if (!more)
            return false;
        debug->points = more;
        debug->point_room = 2 * room + 4;
    }
    debug->points[debug->point_count++] = point;
    return true;
}

static bool drop_point(struct debug *debug, struct debug_point point)
{
    for (size_t i = 0; i < debug->point_count; i++) {
        struct debug_point *at = &debug->points[i];
        if (at->kind != point.kind || at->low != point.low || at->high != point.high)
            continue;
        *at = debug->points[--debug->point_count];
        return true;
    }
    return false;
}

static bool is_watch(enum debug_kind kind)
{
    return kind >= DEBUG_WATCH_READ && kind <= DEBUG_WATCH_ACCESS;
}

/* The harts hear of a list that is not what it was. */
static void tell(struct debug *debug, enum debug_kind kind)
{
    bool is_empty = !debug->break_count && !debug->point_count;

    for (unsigned i = 0; i < debug->hart_count; i++) {
        struct hart *hart = debug->harts[i];
        hart->debug = is_empty ? NULL : debug;
        trigger_sum(hart);
        if (is_watch(kind))
            mmu_flush(hart);
        if (kind == DEBUG_CSR) { /* ops may access it without asking anybody */
            for (unsigned table = 0; table < TLBS; table++)
                tlb_drop_ops(&hart->tlb[table]);
            code_clear(hart->code);
        }
    }
}

static struct debug_point make_point(const struct debug *debug, enum debug_kind kind, u64 at,
                                     u64 size)
{
    bool is_narrow = debug->harts[0]->xlen == 32 && kind <= DEBUG_WATCH_ACCESS;
    u64 end = is_narrow ? UINT32_MAX : UINT64_MAX;

    at &= end;
    assert(kind > DEBUG_NOTHING && kind < DEBUG_KINDS && size > 0);
    return (struct debug_point){kind, at, size - 1 > end - at ? end : at + (size - 1)};
}

bool debug_add(struct debug *debug, enum debug_kind kind, u64 at, u64 size)
{
    struct debug_point point = make_point(debug, kind, at, size);

    if (!(kind == DEBUG_BREAK ? add_break(debug, point.low) : add_point(debug, point)))
        return false;
    tell(debug, kind);
    return true;
}

bool debug_drop(struct debug *debug, enum debug_kind kind, u64 at, u64 size)
{
    struct debug_point point = make_point(debug, kind, at, size);

    if (!(kind == DEBUG_BREAK ? drop_break(debug, point.low) : drop_point(debug, point)))
        return false;
    tell(debug, kind);
    return true;
}

/* A trap came instead of the access. */
static bool is_void(const struct hart *hart)
{
    return is_watch(hart->hit.kind) && hart->hit.traps != hart->traps;
}

/* Of several things at once, the first is told. */
static void note(struct hart *hart, enum debug_kind kind, u64 at)
{
    if (hart->events & EVENT_DEBUG && !is_void(hart))
        return;
    hart->hit = (struct hit){kind, at, hart->pc, hart_steps(hart), hart->traps};
    hart->events |= EVENT_DEBUG;
}

static bool was_told(const struct hart *hart)
{
    const struct hit *hit = &hart->hit;

    return hit->kind == DEBUG_BREAK && hit->at == hart->pc && hit->steps == hart_steps(hart);
}

void debug_pass(struct hart *hart)
{
    hart->hit = (struct hit){DEBUG_BREAK, hart->pc, hart->pc, hart_steps(hart), hart->traps};
}

/* The halfword of code at this address; NULL: fetching it traps. Looks without setting accessed
 * bits.
 */
static const u8 *find_half(struct hart *hart, vaddr va)
{
    const struct tlb_entry *entry = &hart->fetch->fetch[tlb_index(va)];
    const struct region *region;
    struct walker walker;
    paddr pa = va;

    if (entry->tag == (va & ~PAGE_MASK))
        return (const u8 *)(uintptr_t)(va + entry->to_host);
    walker = translate_walker(hart, hart->fetch);
    if (walker.mode != PAGING_BARE) {
        struct walk walk = page_walk(&walker, va, ACCESS_FETCH);
        if (walk.end != WALK_OK)
            return NULL;
        pa = walk.pa;
    }
    region = bus_find(hart->bus, pa);
    if (!region || !region->host || region->size - (pa - region->base) < 2 ||
        !pmp_allows(hart, pa, 2, ACCESS_FETCH, translate_rights(hart->fetch, hart)))
        return NULL;
    return region->host + (pa - region->base);
}

/* Will there be an instruction at pc, or a trap instead? */
static bool can_fetch(struct hart *hart)
{
    const u8 *half = find_half(hart, hart->pc);
    vaddr next = hart->pc + 2;

    if (hart->xlen == 32)
        next = (u32)next;
    return half && ((*half & 3) != 3 || find_half(hart, next));
}

bool debug_ask(struct hart *hart)
{
    if (!has_break(hart->debug, hart->pc) || was_told(hart) || !can_fetch(hart))
        return false;
    note(hart, DEBUG_BREAK, hart->pc);
    return true;
}

bool debug_arm(struct hart *hart, struct shadow *shadow, vaddr pc)
{
    const struct debug *debug = hart->debug;
    vaddr page = pc & ~PAGE_MASK;

    for (size_t i = find(debug, page);
         i < debug->break_count && (debug->breaks[i] & ~PAGE_MASK) == page; i++)
        if (!code_arm(hart->code, shadow, slot_of(debug->breaks[i])))
            return false;
    return true;
}

/* What a point watches, as a sum of TRIGGER_. */
static unsigned accesses_of(const struct debug_point *point)
{
    static const u8 accesses[DEBUG_KINDS] = {[DEBUG_WATCH_READ] = TRIGGER_LOAD,
                                             [DEBUG_WATCH_WRITE] = TRIGGER_STORE,
                                             [DEBUG_WATCH_ACCESS] = TRIGGER_LOAD | TRIGGER_STORE};

    return accesses[point->kind];
}

unsigned debug_watched(const struct hart *hart)
{
    unsigned sum = 0;

    for (size_t i = 0; hart->debug && i < hart->debug->point_count; i++)
        sum |= accesses_of(&hart->debug->points[i]);
    return sum;
}

bool debug_covers(const struct hart *hart, vaddr va, unsigned accesses)
{
    for (size_t i = 0; i < hart->debug->point_count; i++) {
        const struct debug_point *point = &hart->debug->points[i];
        if (accesses_of(point) & accesses && point->low <= (va | PAGE_MASK) &&
            point->high >= (va & ~PAGE_MASK))
            return true;
    }
    return false;
}

void debug_accessed(struct hart *hart, vaddr va, unsigned size, unsigned accesses)
{
    for (size_t i = 0; i < hart->debug->point_count; i++) {
        const struct debug_point *point = &hart->debug->points[i];
        if (!(accesses_of(point) & accesses))
            continue;
        if (va >= point->low && va <= point->high)
            note(hart, point->kind, va);
        else if (va < point->low && point->low - va < size)
            note(hart, point->kind, point->low);
    }
}

void debug_happened(struct hart *hart, enum debug_kind kind, u64 number)
{
    for (size_t i = 0; i < hart->debug->point_count; i++) {
        const struct debug_point *point = &hart->debug->points[i];
        if (point->kind == kind && number >= point->low && number <= point->high)
            note(hart, kind, number);
    }
}

bool debug_wants_csr(const struct hart *hart, unsigned number)
{
    for (size_t i = 0; hart->debug && i < hart->debug->point_count; i++) {
        const struct debug_point *point = &hart->debug->points[i];
        if (point->kind == DEBUG_CSR && number >= point->low && number <= point->high)
            return true;
    }
    return false;
}

void debug_confirm(struct hart *hart)
{
    if (is_void(hart))
        hart->events &= (u8)~EVENT_DEBUG;
}
