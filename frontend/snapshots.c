/* Saving at a time of the guest (see snapshots.h). */
#include "frontend/snapshots.h"

#include "frontend/snapshot_names.h"
#include "loader/snapshot.h"

#define PIECE_STEPS 20000u /* after which we look at a live clock again */

static void save(struct snapshots *snapshots, unsigned number, struct machine *machine)
{
    char path[OPTION_PATH];
    snapshots->is_taken[number] = true;
    if (!snapshot_place(snapshots->options->snapshots[number].path, path, snapshots->message,
                        sizeof(snapshots->message)) ||
        !snapshot_save(machine, path, snapshots->message, sizeof(snapshots->message)))
        fprintf(stderr, "vitrine: %s\n", snapshots->message);
}

/* The tick at which the next one is due; those that are due now are saved. */
static u64 save_due(struct snapshots *snapshots, struct machine *machine)
{
    u64 now = clock_ticks(&machine->clock), next = UINT64_MAX;
    for (unsigned i = 0; i < snapshots->options->snapshot_count; i++) {
        u64 at = snapshots->options->snapshots[i].at;
        if (snapshots->is_taken[i] || at == UINT64_MAX)
            continue;
        if (at <= now)
            save(snapshots, i, machine);
        else if (at < next)
            next = at;
    }
    return next;
}

static enum stop run(const struct snapshots *snapshots, struct machine *machine, u64 max_steps)
{
    const struct debugger_runner *runner = &snapshots->runner;
    return runner->run ? runner->run(runner->context, machine, max_steps)
                       : machine_run(machine, max_steps);
}

enum stop snapshots_run(void *context, struct machine *machine, u64 max_steps)
{
    struct snapshots *snapshots = context;
    for (;;) {
        u64 next = save_due(snapshots, machine), steps = clock_steps(&machine->clock);
        if (next == UINT64_MAX)
            return run(snapshots, machine, max_steps);
        u64 piece = clock_steps_until(&machine->clock, next);
        if (piece > PIECE_STEPS)
            piece = PIECE_STEPS;
        bool is_last = max_steps <= steps || max_steps - steps <= piece;
        enum stop stop = run(snapshots, machine, is_last ? max_steps : steps + piece);
        if (stop != STOP_LIMIT || is_last)
            return stop;
    }
}

void snapshots_finish(struct snapshots *snapshots, struct machine *machine, enum stop stop)
{
    if (stop != STOP_USER && stop != STOP_LIMIT && stop != STOP_HUNG)
        return;
    for (unsigned i = 0; i < snapshots->options->snapshot_count; i++)
        if (!snapshots->is_taken[i] && snapshots->options->snapshots[i].at == UINT64_MAX)
            save(snapshots, i, machine);
}
