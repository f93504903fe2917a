/* Snapshots from the command line: --snapshot and --restore of a run, and `vitrine snapshot`. */
#ifndef FRONTEND_SNAPSHOTS_H
#define FRONTEND_SNAPSHOTS_H

#include <stdio.h>

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

/* What can be done with snapshots without a machine: list [FOLDER], info, check and delete NAME. */
struct snapshots_ask {
    const char *what, *word; /* word: NULL, none was said */
    FILE *out;
    bool json;
    char *message; /* what was wrong, one sentence */
    size_t message_size;
};
/* Is this one of those? */
bool snapshots_has(const char *what);
bool snapshots_obey(const struct snapshots_ask *ask);
/* The names of snapshots, one after the other; place begins as 0. False: no more. */
bool snapshots_next_name(size_t *place, char *name, size_t size);

/* `vitrine snapshot list|info|check|delete`. */
enum exit_code snapshots_command(const struct options *options);

#endif
