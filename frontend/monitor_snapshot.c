/* The monitor's snapshot: saves the machine to a file as it stands, or puts it back
 * (loader/snapshot.h). A machine that runs is stopped for that, and goes on afterwards; listing,
 * checking and deleting files is for the shell (snapshots.h). */
#include "frontend/monitor_parts.h"

#include <inttypes.h>
#include <string.h>

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
    if (snapshot_save(call->view.machine, call->words[1], call->view.why, sizeof(call->view.why)))
        report(call, "saved");
    else
        call->view.refused = true;
}

static void restore(struct monitor_call *call)
{
    switch (snapshot_restore(call->view.machine, call->words[1], call->view.why,
                             sizeof(call->view.why))) {
    case SNAPSHOT_RESTORED:
        report(call, "restored");
        return;
    case SNAPSHOT_BROKEN: /* it must not go on as it is */
        monitor_pass_on(call->view.machine, STOP_RESET);
        break;
    case SNAPSHOT_REFUSED:
        break;
    }
    call->view.refused = true;
}

void monitor_snapshot(struct monitor_call *call)
{
    bool saves = !strcmp(call->words[0], "save");

    if (!saves && strcmp(call->words[0], "restore"))
        view_refuse(&call->view, "It is snapshot save FILE or snapshot restore FILE.");
    else if (!monitor_may_run(call, "snapshot"))
        return;
    else if (saves)
        save(call);
    else if (monitor_may_change(call)) {
        restore(call);
        monitor_changed(call);
    }
}
