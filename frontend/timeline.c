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
};

static void note(struct timeline *timeline, const struct debug_stop *why, u64 now)
{
    unsigned row = (unsigned)(why->at % CAUSES) + (why->kind == DEBUG_INTERRUPT ? CAUSES : 0);
    u64 column = (u64)((double)(now - timeline->first) * COLUMNS / (double)timeline->steps);

    timeline->seen[row][column < COLUMNS ? column : COLUMNS - 1]++;
    timeline->all[row]++;
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

    if (!view->json) {
        fprintf(view->out, "%-24s [", name);
        for (unsigned i = 0; i < COLUMNS; i++)
            fputc(mark(timeline->seen[row][i]), view->out);
        fprintf(view->out, "] %" PRIu64 "\n", timeline->all[row]);
        return;
    }
    json_object(json, NULL);
    json_text(json, "cause", name);
    json_truth(json, "interrupt", row >= CAUSES);
    json_number(json, "count", timeline->all[row]);
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

enum stop timeline_run(struct view *view, const struct debugger *debugger, u64 steps)
{
    struct machine *machine = view->machine;
    struct timeline timeline = {.first = clock_steps(&machine->clock), .steps = steps};
    enum stop stop;

    debug_insert(machine, DEBUG_EXCEPTION, 0, CAUSES);
    debug_insert(machine, DEBUG_INTERRUPT, 0, CAUSES);
    for (;;) {
        stop = debugger_advance(debugger, machine, timeline.first + steps);
        if (stop != STOP_DEBUG || (machine->debug_stop.kind != DEBUG_EXCEPTION &&
                                   machine->debug_stop.kind != DEBUG_INTERRUPT))
            break;
        note(&timeline, &machine->debug_stop, clock_steps(&machine->clock));
    }
    debug_remove(machine, DEBUG_EXCEPTION, 0, CAUSES);
    debug_remove(machine, DEBUG_INTERRUPT, 0, CAUSES);
    show(&timeline, view);
    return stop;
}
