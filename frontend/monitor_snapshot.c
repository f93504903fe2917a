/* The monitor's snapshot: saves the machine to a file as it stands, or puts it back
 * (loader/snapshot.h). A machine that runs is stopped for that, and goes on afterwards. Listing,
 * checking and deleting is what the shell's `vitrine snapshot` does (snapshots.h). */
#include "frontend/monitor_parts.h"

#include <inttypes.h>
#include <string.h>

#include "frontend/snapshot_names.h"
#include "frontend/snapshots.h"
#include "loader/snapshot.h"

static void report(struct monitor_call *call, const char *what)
{
    struct json json = {.out = call->view.out};
    u64 step = clock_steps(&call->view.machine->clock);

    if (!call->view.json) {
        fprintf(call->view.out, "%s at step %" PRIu64 "\n", what, step);
        return;
    }
    json_object(&json, NULL);
    json_text(&json, "done", what);
    json_number(&json, "step", step);
    json_end_object(&json);
    fputc('\n', call->view.out);
}

static void save(struct monitor_call *call)
{
    struct view *view = &call->view;
    char path[OPTION_PATH];

    if (snapshot_place(call->words[1], path, view->why, sizeof(view->why)) &&
        snapshot_save(view->machine, path, view->why, sizeof(view->why)))
        report(call, "saved");
    else
        view->refused = true;
}

static void restore(struct monitor_call *call)
{
    struct view *view = &call->view;
    char path[OPTION_PATH];

    if (!snapshot_find(call->words[1], path, view->why, sizeof(view->why))) {
        view->refused = true;
        return;
    }
    switch (snapshot_restore(view->machine, path, view->why, sizeof(view->why))) {
    case SNAPSHOT_RESTORED:
        report(call, "restored");
        return;
    case SNAPSHOT_BROKEN: /* it must not go on as it is */
        monitor_pass_on(view->machine, STOP_RESET);
        break;
    case SNAPSHOT_REFUSED:
        break;
    }
    view->refused = true;
}

/* No machine is needed for those. */
static void obey_files(struct monitor_call *call)
{
    struct snapshots_ask ask = {.what = call->words[0],
                                .word = call->count > 1 ? call->words[1] : NULL,
                                .out = call->view.out,
                                .json = call->view.json,
                                .message = call->view.why,
                                .message_size = sizeof(call->view.why)};

    if (!snapshots_obey(&ask))
        call->view.refused = true;
}

void monitor_snapshot(struct monitor_call *call)
{
    bool saves = !strcmp(call->words[0], "save");

    if (snapshots_has(call->words[0]))
        obey_files(call);
    else if ((!saves && strcmp(call->words[0], "restore") != 0) || call->count < 2)
        view_refuse(&call->view, "It is snapshot save, restore, info, check or delete and a NAME, "
                                 "or snapshot list.");
    else if (!monitor_may_run(call, "snapshot"))
        return;
    else if (saves)
        save(call);
    else if (monitor_may_change(call)) {
        restore(call);
        monitor_changed(call);
    }
}
