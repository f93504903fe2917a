/* Snapshots from the command line: --snapshot and --restore of a run, and `vitrine snapshot`. */
#ifndef FRONTEND_SNAPSHOTS_H
#define FRONTEND_SNAPSHOTS_H

#include "frontend/debugger.h"
#include "frontend/options.h"

struct snapshots {
    const struct options *options;
    bool is_taken[OPTION_SHOTS];
    struct debugger_runner runner; /* what runs the machine: history, or nothing special */
    char message[512];             /* the last one that could not be saved; empty: all could */
};

/* machine_run(), which saves the machine whenever one of --snapshot's times has come: at the exact
 * step under the virtual clock, unless the guest slept over it. */
enum stop snapshots_run(void *snapshots, struct machine *machine, u64 max_steps);
/* The run ends with this stop: saves those that are to be saved then. A machine that is switched
 * off is not. */
void snapshots_finish(struct snapshots *snapshots, struct machine *machine, enum stop stop);

/* `vitrine snapshot list|info|check|delete`. */
enum exit_code snapshots_command(const struct options *options);

#endif
