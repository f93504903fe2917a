/* Between debugger.h and history.h (see past.h). */
#include "frontend/past.h"

#include <unistd.h>

#define BYTES_MOST ((u64)2 << 30)

/* A quarter of the host's memory. */
static u64 bytes_allowed(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    u64 quarter = pages > 0 && size > 0 ? (u64)pages * (u64)size / 4 : BYTES_MOST;

    return quarter < BYTES_MOST ? quarter : BYTES_MOST;
}

static bool is_past(void *context)
{
    return history_is_past(((struct past *)context)->history);
}

static void changed(void *context)
{
    history_restart(((struct past *)context)->history);
}

static u64 oldest(void *context)
{
    return history_oldest(((struct past *)context)->history);
}

static bool go(void *context, u64 step)
{
    struct past *past = context;

    return history_go(past->history, step, past->message, sizeof past->message);
}

static enum debugger_found find_back(void *context)
{
    struct past *past = context;

    switch (history_find_back(past->history, past->message, sizeof past->message)) {
    case HISTORY_FOUND:
        return DEBUGGER_FOUND;
    case HISTORY_NOTHING:
        return DEBUGGER_NOTHING;
    case HISTORY_LOST:
        break;
    }
    return DEBUGGER_LOST;
}

static enum stop run(void *context, struct machine *machine, u64 max_steps)
{
    (void)machine;
    return history_run(((struct past *)context)->history, max_steps);
}

void past_begin(struct past *past, struct debugger *debugger, struct machine *machine,
                struct door *door, struct snapshots *snapshots)
{
    if (past->history)
        history_restart(past->history);
    else
        past->history = history_create(machine, door, past->bytes ? past->bytes : bytes_allowed(),
                                       past->message, sizeof past->message);
    if (!past->history)
        return;
    past->calls = (struct debugger_past){past, is_past, changed, oldest, go, find_back};
    debugger->past = &past->calls;
    snapshots->runner = (struct debugger_runner){past, run};
}

void past_end(struct past *past)
{
    history_destroy(past->history);
    past->history = NULL;
}
