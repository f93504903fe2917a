/* Taking points, and going back to them (see history_points.h). */
#include "loader/history_points.h"

#include "cpu/debug.h"
#include "cpu/mmu.h"
#include "loader/state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void free_page(struct points *points, struct kept_page *page)
{
    if (page->bytes)
        points->bytes -= PAGE_SIZE;
    free(page->bytes);
}

static u64 cost(const struct point *point)
{
    return sizeof *point + point->page_count * sizeof point->pages[0];
}

static void free_point(struct points *points, struct point *point)
{
    for (u32 i = 0; i < point->page_count; i++)
        free_page(points, &point->pages[i]);
    points->bytes -= cost(point);
    bulk_free(point->bulk, &points->bytes);
    free(point->pages);
    free(point->state);
    free(point);
}

static bool is_kept(const struct ram *ram, u64 page)
{
    return ram->notes[page] & NOTE_KEPT;
}

static bool copy_page(struct points *points, struct kept_page *to, const struct ram *ram)
{
    const u8 *bytes = ram->bytes + ((u64)to->page << PAGE_BITS);

    if (bytes[0] == 0 && !memcmp(bytes, bytes + 1, PAGE_SIZE - 1))
        return true;
    to->bytes = malloc(PAGE_SIZE);
    if (!to->bytes)
        return false;
    memcpy(to->bytes, bytes, PAGE_SIZE);
    points->bytes += PAGE_SIZE;
    return true;
}

/* What is not kept so far. Of all of RAM, what the host never had to give memory for
 * need not be read. */
static bool copy_pages(struct points *points, struct point *point, const struct ram *ram)
{
    u32 total = (u32)(ram->size >> PAGE_BITS), count = 0;
    u8 *touched = malloc(total);
    bool good = touched != NULL;

    for (u32 page = 0; page < total; page++)
        count += !is_kept(ram, page);
    point->pages = malloc((count + 1) * sizeof point->pages[0]);
    if (touched && count == total)
        ram_find_touched(ram, touched);
    else if (touched)
        memset(touched, 1, total);
    for (u32 page = 0; page < total && point->pages && good; page++) {
        if (is_kept(ram, page))
            continue;
        struct kept_page *kept = &point->pages[point->page_count++];
        *kept = (struct kept_page){.page = page};
        good = !touched[page] || copy_page(points, kept, ram);
    }
    free(touched);
    return good && point->pages;
}

/* From here on every store to a page is heard of once. All translations go, and not only those that
 * the notes concern, so that whoever comes by here again can do the same. */
static void note_kept(struct machine *machine)
{
    struct ram *ram = &machine->ram;

    ram_note_all(ram, ram->base, ram->size, NOTE_KEPT);
    for (unsigned i = 0; i < machine->config.harts; i++)
        mmu_flush(machine->harts[i]);
}

/* The bulks at the point before this step. NULL: there is none. */
static const struct bulk *bulk_before(const struct points *points, u64 step)
{
    unsigned number = points_before(points, step);

    return number < points->count ? points->at[number]->bulk : NULL;
}

struct point *point_take(struct points *points, struct machine *machine, struct door *door)
{
    struct point *point = calloc(1, sizeof *point);
    bool good = point != NULL;

    if (good) {
        point->step = clock_steps(&machine->clock);
        point->state = malloc(state_size(machine));
        good = copy_pages(points, point, &machine->ram) && point->state;
        points->bytes += cost(point);
        point->bulk = bulk_take(machine, bulk_before(points, point->step), &points->bytes);
        good = good && point->bulk;
    }
    if (!good) {
        if (point)
            free_point(points, point);
        return NULL;
    }
    state_save(machine, point->state);
    point->mark = door_mark(door); /* after it: saving looks at the clock, which the door notes */
    note_kept(machine);
    points->kept_since = point->step;
    return point;
}

unsigned points_before(const struct points *points, u64 step)
{
    unsigned low = 0, high = points->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (points->at[middle]->step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : points->count;
}

void points_insert(struct points *points, struct point *point)
{
    unsigned before = points_before(points, point->step);
    unsigned at = before == points->count ? 0 : before + 1;

    assert(points->count < POINTS_MOST);
    memmove(&points->at[at + 1], &points->at[at], (points->count - at) * sizeof points->at[0]);
    points->at[at] = point;
    points->count++;
}

void points_clear(struct points *points)
{
    for (unsigned i = 0; i < points->count; i++)
        free_point(points, points->at[i]);
    *points = (struct points){.count = 0};
}

/* Pages of both in one list; where both have one, the later. */
static struct kept_page *merge(struct points *points, const struct point *early,
                               const struct point *late, u32 *count)
{
    struct kept_page *all = malloc(((u64)early->page_count + late->page_count + 1) * sizeof *all);
    u32 e = 0, l = 0;

    *count = 0;
    while (all && (e < early->page_count || l < late->page_count)) {
        bool takes_early = l == late->page_count ||
                           (e < early->page_count && early->pages[e].page < late->pages[l].page);
        if (takes_early) {
            all[(*count)++] = early->pages[e++];
            continue;
        }
        if (e < early->page_count && early->pages[e].page == late->pages[l].page)
            free_page(points, &early->pages[e++]);
        all[(*count)++] = late->pages[l++];
    }
    return all;
}

void points_remove(struct points *points, unsigned number)
{
    struct point *early = points->at[number], *late = points->at[number + 1];
    u32 count;

    assert(number + 1 < points->count);
    struct kept_page *all = merge(points, early, late, &count);
    if (!all) /* no memory to save memory: another time */
        return;
    points->bytes -= cost(early) + cost(late);
    free(late->pages);
    late->pages = all;
    late->page_count = count;
    points->bytes += cost(late);
    bulk_free(early->bulk, &points->bytes);
    free(early->pages);
    free(early->state);
    free(early);
    points->count--;
    memmove(&points->at[number], &points->at[number + 1],
            (points->count - number) * sizeof points->at[0]);
}

/* 1: differs from the point, so far as we know; 2: has been put back. */
enum { PAGE_SAME, PAGE_CHANGED, PAGE_DONE };

static void put_page(struct ram *ram, const struct kept_page *page)
{
    u8 *to = ram_writable(ram, ram->base + ((u64)page->page << PAGE_BITS), PAGE_SIZE);

    if (page->bytes)
        memcpy(to, page->bytes, PAGE_SIZE);
    else
        memset(to, 0, PAGE_SIZE);
}

/* RAM holds what it held at kept_since, but for what is not noted as kept. */
static bool put_ram(const struct points *points, unsigned number, struct ram *ram)
{
    u64 total = ram->size >> PAGE_BITS;
    u8 *pages = calloc(1, total);
    u64 target = points->at[number]->step;
    u64 from = points->kept_since < target ? points->kept_since : target;

    if (!pages)
        return false;
    for (u64 page = 0; page < total; page++)
        pages[page] = is_kept(ram, page) ? PAGE_SAME : PAGE_CHANGED;
    /* Between the two, forwards or backwards, what later points have may have changed. */
    for (unsigned i = 0; i < points->count; i++) {
        if (points->at[i]->step <= from)
            continue;
        for (u32 n = 0; n < points->at[i]->page_count; n++)
            pages[points->at[i]->pages[n].page] = PAGE_CHANGED;
    }
    for (unsigned i = number + 1; i-- > 0;)
        for (u32 n = 0; n < points->at[i]->page_count; n++) {
            const struct kept_page *page = &points->at[i]->pages[n];
            if (pages[page->page] != PAGE_CHANGED)
                continue;
            put_page(ram, page);
            pages[page->page] = PAGE_DONE;
        }
    free(pages);
    return true;
}

bool points_restore(struct points *points, unsigned number, struct machine *machine,
                    struct door *door, u64 end_step)
{
    const struct point *point = points->at[number];

    if (!put_ram(points, number, &machine->ram))
        return false;
    door_hold(door, &point->mark);
    bulk_restore(machine, point->bulk);
    state_restore(machine, point->state);
    state_tell(machine);
    door_play(door, &point->mark, end_step, DOOR_HIDES, DOOR_GOES_ON);
    for (unsigned i = 0; i < machine->config.harts; i++) /* no debugger was told of anything here */
        machine->harts[i]->hit = (struct hit){.kind = DEBUG_NOTHING};
    note_kept(machine);
    points->kept_since = point->step;
    return true;
}
