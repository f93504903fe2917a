/* The view `maps`: the whole address space of a hart, read from its page tables and folded into
 * ranges with equal rights. Every valid entry is looked at once; what it says is taken as the
 * hardware would take it, so an entry that would fault maps nothing. Left out: PMP. */
#include "frontend/view_paging.h"

#include "cpu/translate.h"
#include "frontend/walk_words.h"

#include <inttypes.h>
#include <string.h>

#define RIGHTS (PTE_R | PTE_W | PTE_X | PTE_U | PTE_G)

struct range {
    vaddr first;
    u64 size;
    paddr pa;
    u64 rights;
    bool is_scattered; /* the physical pages do not follow one another */
    u64 least, most;   /* bytes of its smallest and its largest page */
};

struct survey {
    struct view *view;
    struct walker walker;
    const struct paging_shape *shape;
    struct range range; /* the one that grows; size 0: none */
    struct json json;
    u64 tables, ranges, bytes;
};

static void print_range(struct survey *survey)
{
    const struct range *range = &survey->range;
    const struct view *view = survey->view;
    const char *where = view_physical(view, range->pa);
    char size[SIZE_WORDS];
    char rights[] = {range->rights & PTE_R ? 'r' : '-', range->rights & PTE_W ? 'w' : '-',
                     range->rights & PTE_X ? 'x' : '-', range->rights & PTE_U ? 'u' : '-',
                     range->rights & PTE_G ? 'g' : '-', 0};

    survey->bytes += range->size;
    if (++survey->ranges > VIEW_MAPS_RANGES)
        return;
    if (view->json) {
        json_object(&survey->json, NULL);
        json_hex(&survey->json, "first", range->first);
        json_hex(&survey->json, "last", range->first + range->size - 1);
        json_text(&survey->json, "rights", rights);
        json_hex(&survey->json, "physical", range->pa);
        json_truth(&survey->json, "contiguous", !range->is_scattered);
        json_number(&survey->json, "smallest_page", range->least);
        json_end_object(&survey->json);
        return;
    }
    fprintf(view->out, "0x%0*" PRIx64 " to 0x%0*" PRIx64 "  %10s  %s  ", view_digits(view),
            range->first, view_digits(view), range->first + range->size - 1,
            size_words(range->size, size), rights);
    if (range->is_scattered)
        fputs("scattered", view->out);
    else
        fprintf(view->out, "at %#" PRIx64 " (%s)", range->pa, where ? where : "nothing is there");
    fprintf(view->out, ", pages of %s", size_words(range->least, size));
    if (range->most != range->least)
        fprintf(view->out, " to %s", size_words(range->most, size));
    fputc('\n', view->out);
}

static void add_page(struct survey *survey, vaddr va, u64 size, paddr pa, u64 rights)
{
    struct range *range = &survey->range;

    if (range->size && range->first + range->size == va && range->rights == rights) {
        range->is_scattered |= range->pa + range->size != pa;
        range->size += size;
        range->least = size < range->least ? size : range->least;
        range->most = size > range->most ? size : range->most;
        return;
    }
    if (range->size)
        print_range(survey);
    *range = (struct range){va, size, pa, rights, false, size, size};
}

/* The upper half of the address space has its sign bit copied upwards. */
static vaddr canonical(const struct survey *survey, vaddr va)
{
    unsigned above = 64 - survey->shape->va_bits;

    return survey->walker.mode == PAGING_SV32 ? va : (vaddr)((i64)(va << above) >> above);
}

static void look_at(struct survey *survey, u64 pte, unsigned level, vaddr va, paddr *next)
{
    unsigned shift = PAGE_BITS + level * survey->shape->vpn_bits;
    paddr pa = pte_ppn(pte, survey->walker.mode) << PAGE_BITS;
    u64 size = (u64)1 << shift;

    if (page_check_form(&survey->walker, pte, level) != WALK_OK)
        return;
    if (!pte_is_leaf(pte)) {
        *next = pa;
        return;
    }
    if (survey->walker.napot && pte & PTE_N)
        pa = (pa & ~(u64)0xffff) | (va & 0xf000);
    if (!(pa & (size - 1)))
        add_page(survey, canonical(survey, va), size, pa, pte & RIGHTS);
}

/* The stack of tables is as deep as there are levels. */
static void survey_tables(struct survey *survey)
{
    const struct ram *ram = &survey->view->machine->ram;
    unsigned size = pte_size(survey->walker.mode), bits = survey->shape->vpn_bits;
    unsigned level = survey->shape->levels - 1;
    struct {
        paddr table;
        unsigned next;
        vaddr base;
    } stack[5] = {{0, 0, 0}};

    stack[level].table = survey->walker.root << PAGE_BITS;
    survey->tables = 1;
    for (;;) {
        unsigned i = stack[level].next++;
        vaddr va = stack[level].base | (vaddr)i << (PAGE_BITS + level * bits);
        paddr next = UINT64_MAX;
        u64 pte = 0;

        if (i >> bits || !ram_holds(ram, stack[level].table, PAGE_SIZE)) {
            if (++level == survey->shape->levels)
                return;
            continue;
        }
        memcpy(&pte, ram_host(ram, stack[level].table) + (u64)i * size, size);
        if (pte & PTE_V)
            look_at(survey, pte, level, va, &next);
        if (next == UINT64_MAX || !level)
            continue;
        if (++survey->tables > VIEW_MAPS_TABLES)
            return;
        level--;
        stack[level].table = next;
        stack[level].next = 0;
        stack[level].base = va;
    }
}

static void print_bare(struct survey *survey)
{
    const struct bus *bus = &survey->view->machine->bus;
    char size[SIZE_WORDS];

    if (survey->view->json)
        return;
    fputs("satp is 0: addresses are not translated. What answers:\n", survey->view->out);
    for (unsigned i = 0; i < bus->count; i++)
        fprintf(survey->view->out, "0x%0*" PRIx64 " to 0x%0*" PRIx64 "  %10s  %s\n",
                view_digits(survey->view), bus->regions[i].base, view_digits(survey->view),
                bus->regions[i].base + bus->regions[i].size - 1,
                size_words(bus->regions[i].size, size), bus->regions[i].name);
}

static void print_sum(const struct survey *survey)
{
    char size[SIZE_WORDS];

    fprintf(survey->view->out,
            "%" PRIu64 " ranges, %s, %" PRIu64 " tables; rights: r w x, u for U-mode, g global\n",
            survey->ranges, size_words(survey->bytes, size), survey->tables);
    if (survey->ranges > VIEW_MAPS_RANGES)
        fprintf(survey->view->out, "Only the first %u are shown.\n", VIEW_MAPS_RANGES);
    if (survey->tables > VIEW_MAPS_TABLES)
        fprintf(survey->view->out, "There are more than %u tables; the rest was not looked at.\n",
                VIEW_MAPS_TABLES);
}

void view_maps(struct view *view)
{
    struct survey survey = {.view = view,
                            .walker =
                                translate_walker(view_hart(view), view_tables(view, ACCESS_LOAD)),
                            .json = {.out = view->out}};

    survey.shape = paging_shape(survey.walker.mode);
    if (view->json)
        json_array(&survey.json, NULL);
    if (survey.walker.mode == PAGING_BARE) {
        print_bare(&survey);
    } else {
        survey_tables(&survey);
        if (survey.range.size)
            print_range(&survey);
        if (!view->json)
            print_sum(&survey);
    }
    if (view->json) {
        json_end_array(&survey.json);
        fputc('\n', view->out);
    }
}
