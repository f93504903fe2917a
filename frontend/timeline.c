/* The timeline (see timeline.h): the machine stops at every trap (devices/debug.h), and is at full
 * speed between them. */
#include "frontend/timeline.h"

#include <inttypes.h>
#include <string.h>

#include "frontend/trace.h"

#define COLUMNS 60
#define CAUSES  64

/* By cause; interrupts follow the exceptions. */
struct timeline {
    u64 first, steps; /* what the columns are of */
    u64 seen[2 * CAUSES][COLUMNS];
    u64 all[2 * CAUSES];
    u64 last_step[2 * CAUSES]; /* and where that was */
    vaddr last_pc[2 * CAUSES];
};

/* The hart has just taken it. */
static void note(struct timeline *timeline, struct view *view, const struct debug_stop *why)
{
    unsigned row = (unsigned)(why->at % CAUSES) + (why->kind == DEBUG_INTERRUPT ? CAUSES : 0);
    u64 now = clock_steps(&view->machine->clock);
    u64 column = (u64)((double)(now - timeline->first) * COLUMNS / (double)timeline->steps);
    const struct hart *hart;

    view->hart = why->hart;
    hart = view_hart(view);
    timeline->seen[row][column < COLUMNS ? column : COLUMNS - 1]++;
    timeline->all[row]++;
    timeline->last_step[row] = now;
    timeline->last_pc[row] = hart->privilege == PRIV_S ? hart->sepc : hart->mepc;
}

/* How many in a column, by tens: . a few, : dozens, | hundreds, # more. */
static char mark(u64 count)
{
    return count == 0 ? ' ' : count < 10 ? '.' : count < 100 ? ':' : count < 1000 ? '|' : '#';
}

static void show_row(const struct timeline *timeline, struct view *view, struct json *json,
                     unsigned row)
{
    const char *name = trace_cause(row >= CAUSES, row % CAUSES);
    char place[VIEW_PLACE];

    view_place(view, timeline->last_pc[row], place);
    if (!view->json) {
        fprintf(view->out, "%-24s [", name);
        for (unsigned i = 0; i < COLUMNS; i++)
            fputc(mark(timeline->seen[row][i]), view->out);
        fprintf(view->out, "] %" PRIu64 ", the last at %s\n", timeline->all[row], place);
        return;
    }
    json_object(json, NULL);
    json_text(json, "cause", name);
    json_truth(json, "interrupt", row >= CAUSES);
    json_number(json, "count", timeline->all[row]);
    json_number(json, "last_step", timeline->last_step[row]);
    json_text(json, "last_place", place);
    json_array(json, "columns");
    for (unsigned i = 0; i < COLUMNS; i++)
        json_number(json, NULL, timeline->seen[row][i]);
    json_end_array(json);
    json_end_object(json);
}

static void show(const struct timeline *timeline, struct view *view)
{
    struct json json = {.out = view->out};

    if (view->json)
        json_array(&json, NULL);
    for (unsigned i = 0; i < 2 * CAUSES; i++)
        if (timeline->all[i])
            show_row(timeline, view, &json, i);
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
        return;
    }
    fprintf(view->out,
            "steps %" PRIu64 " to %" PRIu64 ", %" PRIu64
            " to a column: . a few, : tens, | hundreds, # thousands\n",
            timeline->first, timeline->first + timeline->steps, timeline->steps / COLUMNS);
}

static bool is_trap(const struct debug_stop *why)
{
    return why->kind == DEBUG_EXCEPTION || why->kind == DEBUG_INTERRUPT;
}

/* Stops of others end it, in the past as well. */
enum stop timeline_run(struct view *view, const struct debugger *debugger, u64 steps)
{
    struct machine *machine = view->machine;
    struct timeline timeline = {.first = clock_steps(&machine->clock), .steps = steps};
    unsigned hart = view->hart;
    enum stop stop;

    debug_insert(machine, DEBUG_EXCEPTION, 0, CAUSES);
    debug_insert(machine, DEBUG_INTERRUPT, 0, CAUSES);
    while ((stop = debugger_advance(debugger, machine, timeline.first + steps)) == STOP_DEBUG &&
           is_trap(&machine->debug_stop))
        note(&timeline, view, &machine->debug_stop);
    debug_remove(machine, DEBUG_EXCEPTION, 0, CAUSES);
    debug_remove(machine, DEBUG_INTERRUPT, 0, CAUSES);
    view->hart = hart;
    show(&timeline, view);
    return stop;
}
