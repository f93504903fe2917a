/* The monitor of a run (see monitor_run.h). */
#include "frontend/monitor_run.h"

#include <stdlib.h>
#include <string.h>

#include "frontend/terminal.h"

#include "frontend/monitor_server.h"
#include "frontend/monitor_terminal.h"
#include "frontend/runtime.h"
#include "loader/refuse.h"

#define SAME_NAMES 100 /* machines of one guest at a time: linux, linux-2, ... */

struct monitor_run {
    struct monitor monitor;
    struct debugger_client client;
    struct monitor_server *server;     /* NULL: no socket */
    struct monitor_terminal *terminal; /* NULL: no terminal */
};

static bool listen_at(struct monitor_run *run, const char *name, char *message, size_t size)
{
    char path[RUNTIME_PATH];

    if (!runtime_socket(name, path, message, size))
        return false;
    run->server = monitor_server_open(&run->monitor, path, message, size);
    return run->server;
}

/* The first name that no other machine has. */
static void listen_somewhere(struct monitor_run *run, const char *what, char *message, size_t size)
{
    char clean[RUNTIME_NAME], name[RUNTIME_NAME + 16];

    runtime_clean_name(what ? what : "", clean);
    snprintf(name, sizeof(name), "%s", clean);
    for (unsigned i = 2; i < SAME_NAMES && !listen_at(run, name, message, size); i++)
        snprintf(name, sizeof(name), "%s-%u", clean, i);
}

/* Tells all who have waited for it. */
static void report(struct monitor_run *run)
{
    bool was_busy = run->monitor.is_busy;

    run->monitor.is_busy = true;
    if (run->server)
        monitor_server_stopped(run->server);
    if (run->terminal)
        monitor_terminal_stopped(run->terminal);
    if (run->monitor.is_abandoned && run->monitor.stop == STOP_USER &&
        run->monitor.debugger->is_stopped)
        debugger_resume(run->monitor.debugger, (struct debugger_order){.move = DEBUGGER_GO});
    run->monitor.is_abandoned = false;
    run->monitor.is_busy = was_busy;
}

static void stopped(void *context, struct machine *machine, enum stop stop)
{
    struct monitor_run *run = context;
    struct debugger *debugger = run->monitor.debugger;

    (void)machine;
    if (monitor_has_arrived(&run->monitor, stop))
        report(run);
    else if (debugger->is_stopped)
        debugger_resume(debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

static enum debugger_claim claims(void *context)
{
    return monitor_claims(&((struct monitor_run *)context)->monitor);
}

static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    struct monitor_run *run = context;
    struct attendant server;

    if (monitor_is_stepping(&run->monitor))
        *ns = 0;
    if (!run->server)
        return 0;
    server = monitor_server_attendant(run->server);
    return server.prepare(server.context, fds, room, ns);
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct monitor_run *run = context;
    struct attendant server;

    if (run->monitor.work.talk)
        monitor_attend_work(&run->monitor);
    if (run->monitor.is_busy)
        return;
    run->monitor.is_busy = true;
    if (run->server) {
        server = monitor_server_attendant(run->server);
        server.attend(server.context, fds, count);
    }
    if (monitor_is_stepping(&run->monitor) && monitor_go_on_stepping(&run->monitor))
        report(run);
    run->client.is_attached = run->monitor.debugger->is_stopped;
    run->monitor.is_busy = false;
}

struct monitor_run *monitor_run_open(const struct monitor_about *about, struct debugger *debugger,
                                     char *message, size_t message_size)
{
    struct monitor_run *run = calloc(1, sizeof(*run));
    struct console *console = debugger->outside->console;
    char ignored[256];

    if (!run) {
        refuse(message, message_size, "There is no memory left for the monitor.");
        return NULL;
    }
    run->monitor.debugger = debugger;
    snprintf(run->monitor.about, sizeof(run->monitor.about), "%s", about->sentence);
    if (!about->name) {
        listen_somewhere(run, about->what, ignored, sizeof(ignored));
    } else if (!listen_at(run, about->name, message, message_size)) {
        free(run);
        return NULL;
    }
    run->client = (struct debugger_client){
        .context = run,
        .attendant = {.context = run, .prepare = prepare, .attend = attend, .is_timeless = true},
        .stopped = stopped,
        .claims = claims,
    };
    debugger_attach(debugger, &run->client);
    if (console->is_terminal && console->escape != CONSOLE_NO_ESCAPE &&
        terminal_is_attached(console->out))
        run->terminal = monitor_terminal_open(&run->monitor, console);
    if (run->terminal)
        outside_add(debugger->outside, monitor_terminal_attendant(run->terminal));
    return run;
}

void monitor_run_join(struct monitor_run *run, struct names *names)
{
    run->monitor.machine = names->machine;
    run->monitor.names = names;
}

/* Does the line begin with one of these words? */
static bool begins_with(const char *line, const char *const *names)
{
    size_t length;

    line += strspn(line, " \t");
    length = strcspn(line, " \t");
    for (; *names; names++)
        if (strlen(*names) == length && !strncmp(*names, line, length))
            return true;
    return false;
}

/* Commands that change what gdb may have read already, and remembers. */
static const char *const changing[] = {"set", "snapshot", NULL};

static void obey_gdb(void *context, unsigned hart, char *line, FILE *out)
{
    struct monitor_run *run = context;
    struct monitor_talk talk = {.monitor = &run->monitor, .hart = hart, .is_gdbs = true};
    bool is_changing = begins_with(line, changing);
    char why[512] = "";

    if (!monitor_obey(&talk, line, out, false, why, sizeof(why)))
        fprintf(out, "%s\n", why);
    else if (is_changing)
        fputs("gdb remembers registers: maintenance flush register-cache makes it look again.\n",
              out);
}

struct gdb_monitor monitor_run_gdb(struct monitor_run *run)
{
    return (struct gdb_monitor){.context = run, .obey = obey_gdb};
}

void monitor_run_close(struct monitor_run *run)
{
    if (!run)
        return;
    monitor_terminal_close(run->terminal);
    monitor_server_close(run->server);
    free(run);
}
