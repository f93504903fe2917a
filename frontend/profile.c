/* Samples and their sums (see profile.h). */
#include "frontend/profile.h"

#include "frontend/callers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 30

/* Programs have no names here; they are in the lower half of the addresses, the kernel is in the
 * upper. */
static vaddr find_function(const struct view *view, vaddr at)
{
    const struct hart *hart = view_hart(view);
    vaddr place = callers_function(view, at);
    bool is_low = hart->xlen == 32 ? !(at >> 31 & 1) : !(at >> 63);

    return !place && is_low && hart->satp && hart->privilege != PRIV_M ? PROFILE_PROGRAM : place;
}

/* The stack of the view's hart, outermost first. */
static struct profile_stack take_stack(const struct view *view)
{
    struct caller inner_first[PROFILE_DEPTH];
    struct profile_stack stack = {.count = 1};

    stack.depth = callers_find(view, inner_first, PROFILE_DEPTH);
    for (unsigned i = 0; i < stack.depth; i++)
        stack.places[i] = find_function(view, inner_first[stack.depth - 1 - i].inside);
    return stack;
}

static bool add(struct profile *profile, struct profile_stack stack)
{
    if (profile->count == profile->room) {
        size_t room = 2 * profile->room + 1024;
        struct profile_stack *grown = realloc(profile->stacks, room * sizeof(*grown));
        if (!grown)
            return false;
        profile->stacks = grown;
        profile->room = room;
    }
    profile->stacks[profile->count++] = stack;
    profile->samples++;
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct profile_stack *a = left, *b = right;

    for (unsigned i = 0; i < PROFILE_DEPTH; i++)
        if (a->places[i] != b->places[i])
            return a->places[i] < b->places[i] ? -1 : 1;
    return (a->depth > b->depth) - (a->depth < b->depth);
}

/* Sorts the stacks and adds up those that are the same. */
static void fold(struct profile *profile)
{
    size_t kept = 0;

    if (profile->count)
        qsort(profile->stacks, profile->count, sizeof(profile->stacks[0]), compare);
    for (size_t i = 0; i < profile->count; i++) {
        if (kept && compare(&profile->stacks[kept - 1], &profile->stacks[i]) == 0)
            profile->stacks[kept - 1].count += profile->stacks[i].count;
        else
            profile->stacks[kept++] = profile->stacks[i];
    }
    profile->count = kept;
}

enum stop profile_run(struct view *view, const struct debugger *debugger, u64 steps, u64 period,
                      struct profile *profile)
{
    struct machine *machine = view->machine;
    u64 before[MACHINE_HARTS], end = clock_steps(&machine->clock) + steps, next;
    enum stop stop = STOP_LIMIT;
    unsigned number = view->hart;

    *profile = (struct profile){0};
    while (stop == STOP_LIMIT && (next = clock_steps(&machine->clock) + period) <= end) {
        for (unsigned i = 0; i < machine->config.harts; i++)
            before[i] = hart_steps(machine->harts[i]);
        stop = debugger_advance(debugger, machine, next);
        for (view->hart = 0; view->hart < machine->config.harts; view->hart++)
            if (hart_steps(view_hart(view)) != before[view->hart] &&
                !add(profile, take_stack(view)))
                end = 0; /* no memory: what there is will do */
    }
    view->hart = number;
    fold(profile);
    return stop;
}

void profile_free(struct profile *profile)
{
    free(profile->stacks);
    *profile = (struct profile){0};
}

const char *profile_name(const struct view *view, vaddr place, char text[VIEW_PLACE])
{
    if (!place)
        return "(without a name)";
    if (place == PROFILE_PROGRAM)
        return "(programs)";
    return view_place(view, place, text);
}

/* A function: its own samples, and those of what it called. */
struct sum {
    vaddr place;
    u64 own, all;
};

static int by_place(const void *left, const void *right)
{
    const struct sum *a = left, *b = right;

    return (a->place > b->place) - (a->place < b->place);
}

static int by_own(const void *left, const void *right)
{
    const struct sum *a = left, *b = right;

    if (a->own != b->own)
        return a->own < b->own ? 1 : -1;
    if (a->all != b->all)
        return a->all < b->all ? 1 : -1;
    return by_place(left, right);
}

static bool is_deeper_too(const struct profile_stack *stack, unsigned depth)
{
    for (unsigned i = depth + 1; i < stack->depth; i++)
        if (stack->places[i] == stack->places[depth])
            return true;
    return false;
}

/* Sums by function, sorted; NULL when there is no memory. A recursive function counts once in a
 * stack. */
static struct sum *add_up(const struct profile *profile, size_t *count)
{
    struct sum *sums = calloc(profile->count * PROFILE_DEPTH + 1, sizeof(*sums));
    size_t used = 0, kept = 0;

    for (size_t i = 0; sums && i < profile->count; i++) {
        const struct profile_stack *stack = &profile->stacks[i];
        for (unsigned j = 0; j < stack->depth; j++)
            if (!is_deeper_too(stack, j))
                sums[used++] = (struct sum){stack->places[j],
                                            j + 1 == stack->depth ? stack->count : 0, stack->count};
    }
    if (used)
        qsort(sums, used, sizeof(*sums), by_place);
    for (size_t i = 0; i < used; i++) {
        if (!kept || sums[kept - 1].place != sums[i].place) {
            sums[kept++] = sums[i];
            continue;
        }
        sums[kept - 1].own += sums[i].own;
        sums[kept - 1].all += sums[i].all;
    }
    if (kept)
        qsort(sums, kept, sizeof(*sums), by_own);
    *count = kept;
    return sums;
}

static double percent(const struct profile *profile, u64 count)
{
    return profile->samples ? 100.0 * (double)count / (double)profile->samples : 0;
}

void profile_show(struct view *view, const struct profile *profile)
{
    struct json json = {.out = view->out};
    char name[VIEW_PLACE];
    size_t count;
    struct sum *sums = add_up(profile, &count);

    if (view->json)
        json_array(&json, NULL);
    else
        fprintf(view->out, "%" PRIu64 " samples\n   own   with calls\n", profile->samples);
    for (size_t i = 0; sums && i < count && i < SHOWN; i++) {
        const char *text = profile_name(view, sums[i].place, name);
        if (!view->json) {
            fprintf(view->out, "%5.1f %%  %5.1f %%  %s\n", percent(profile, sums[i].own),
                    percent(profile, sums[i].all), text);
            continue;
        }
        json_object(&json, NULL);
        json_text(&json, "name", text);
        json_number(&json, "own", sums[i].own);
        json_number(&json, "with_calls", sums[i].all);
        json_end_object(&json);
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
    free(sums);
}
