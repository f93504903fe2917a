/* Builds the machine that the plan describes, and runs it until something ends the run.
 *
 * A reset by the guest leads back to power-on: RAM is cleared and everything is loaded again from
 * the same open files. The terminal is raw only while the guest runs. */
#include "frontend/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/run_parts.h"
#include "frontend/snapshot_names.h"
#include "frontend/terminal.h"
#include "loader/devicetree.h"
#include "loader/loader.h"
#include "loader/refuse.h"
#include "loader/snapshot.h"

#define HUNG_NS UINT64_MAX /* until something comes in */

static bool write_file(struct run *run, const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    if (file && fclose(file) != 0)
        written = false;
    return written || refuse(run->message, sizeof(run->message), "%s cannot be written: %s.", path,
                             strerror(errno));
}

/* The tree as the guest would find it in its memory. */
static int dump_tree(struct run *run, const struct loaded *loaded)
{
    const void *tree = ram_host(&run->machine->ram, loaded->tree);
    if (write_file(run, run->options->dump_dtb, tree, loaded->tree_size))
        return EXIT_DONE;
    return run_fail(run, EXIT_OURS);
}

/* The tree of a machine into which nothing is loaded. */
static int dump_empty_tree(struct run *run)
{
    size_t size;
    machine_reset(run->machine);
    void *tree = devicetree_build(run->machine, &size, run->message, sizeof(run->message));
    bool written = tree && write_file(run, run->options->dump_dtb, tree, size);
    free(tree);
    return written ? EXIT_DONE : run_fail(run, EXIT_OURS);
}

/* From power-on to a stop. --max-insns counts over all lives of the machine. */
static enum stop run_one_life(struct run *run)
{
    struct machine *machine = run->machine;
    u64 first = clock_steps(&machine->clock);
    u64 limit = run->options->max_insns;
    if (limit != UINT64_MAX) {
        u64 left = limit > run->steps_before_reset ? limit - run->steps_before_reset : 0;
        limit = left > UINT64_MAX - first ? UINT64_MAX : first + left;
    }
    for (;;) {
        enum stop stop = debugger_run(&run->debugger, machine, limit);
        /* Under the virtual clock only input can wake it now, and a slow writer's is yet to
         * come. */
        if (stop != STOP_HUNG || run->script || !console_may_still_read(&run->console)) {
            run->steps_before_reset += clock_steps(&machine->clock) - first;
            return stop;
        }
        outside_wait(&run->outside, HUNG_NS);
        if (console_wants_stop(&run->console))
            return STOP_USER;
    }
}

/* In place of power-on. */
static bool restore(struct run *run)
{
    char path[OPTION_PATH];
    return snapshot_find(run->options->restore, path, run->message, sizeof(run->message)) &&
           snapshot_restore(run->machine, path, run->message, sizeof(run->message)) ==
               SNAPSHOT_RESTORED;
}

static enum stop run_recorded(void *door, struct machine *machine, u64 max_steps)
{
    (void)machine;
    return door_run(door, max_steps);
}

/* Of the first life; those after a reset go into the same file. */
static bool begin_record(struct run *run)
{
    if (!run->options->record)
        return true;
    if (!run->record)
        run->record =
            record_create(run->options->record, run->door, run->message, sizeof(run->message));
    if (!run->record)
        return false;
    run->snapshots.runner = (struct debugger_runner){run->door, run_recorded};
    run->debugger.is_recorded = true;
    record_begin_life(run->record, run->machine);
    return true;
}

static bool has_past(const struct run *run)
{
    return run->gdb || run->options->history;
}

/* False when it was asked for by name and cannot be. */
static bool begin_past(struct run *run)
{
    struct past *past = &run->past;

    if (!has_past(run))
        return true;
    past->bytes = run->options->history;
    past_begin(past, &run->debugger, run->machine, run->door, &run->snapshots);
    return past->history || !run->options->history ||
           refuse(run->message, sizeof(run->message), "%s", past->message);
}

static bool load(struct run *run, struct loaded *loaded)
{
    machine_reset(run->machine);
    if (!loader_place(run->images, run->machine, loaded, run->message, sizeof(run->message)))
        return false;
    if (loaded->has_htif)
        machine_set_htif(run->machine, loaded->tohost, loaded->fromhost);
    return true;
}

static int run_machine(struct run *run)
{
    struct loaded loaded;
    for (bool is_first = true;; is_first = false) {
        bool restores = is_first && run->options->restore && !run->options->dump_dtb;
        if (!is_first)
            names_reset(&run->names);
        keyboard_reset(&run->keyboard);
        if (!(restores ? restore(run) : load(run, &loaded)))
            return run_fail(run, EXIT_FILE);
        if (run->options->dump_dtb)
            return dump_tree(run, &loaded);
        if (!begin_record(run))
            return run_fail(run, EXIT_FILE);
        if (!begin_past(run))
            return run_fail(run, EXIT_OURS);
        enum stop stop = run_one_life(run);
        if (stop == STOP_RESET && console_wants_stop(&run->console))
            stop = STOP_USER;
        if (stop == STOP_RESET && run->options->no_reboot)
            stop = STOP_POWEROFF;
        if (run->record)
            record_end_life(run->record);
        snapshots_finish(&run->snapshots, run->machine, stop);
        if (stop != STOP_RESET)
            return run_end(run, stop);
    }
}

/* Signals and terminal are ours only in here. */
static int run_attended(struct run *run)
{
    u64 timeout = run->options->timeout_ns, now = console_now_ns();
    terminal_catch_signals();
    if (!run->options->dump_dtb)
        run_print_banner(run);
    if (timeout < UINT64_MAX - now)
        run->console.deadline_ns = now + timeout;
    if (run->console.is_terminal)
        terminal_enter_raw(run->console.in);
    int code = run_machine(run);
    monitor_run_close(run->monitor);
    run->monitor = NULL;
    console_flush(&run->console);
    terminal_restore();
    terminal_release_signals();
    if (run->options->why)
        run_print_why(run);
    if (run->record && !record_finish(run->record, run->message, sizeof(run->message)))
        return run_fail(run, code == EXIT_DONE ? EXIT_FILE : code);
    if (!screen_finish(run->screen, run->machine, run->message, sizeof(run->message)))
        return code == EXIT_DONE ? run_fail(run, EXIT_FILE) : run_fail(run, code);
    return code;
}

static int open_and_run(struct run *run)
{
    const struct load_plan *load = &run->plan.load;
    bool has_program =
        load->kernel || load->firmware || load->extra_count || !run->options->dump_dtb;
    if (!run_plug_all(run))
        return run_fail(run, EXIT_FILE);
    if (has_program) {
        run->images = loader_open(load, run->message, sizeof(run->message));
        if (!run->images)
            return run_fail(run, EXIT_FILE);
    }
    if ((run->options->record || has_past(run)) && !(run->door = door_create(&run->host))) {
        refuse(run->message, sizeof(run->message), "There is no memory left to record.");
        return run_fail(run, EXIT_OURS);
    }
    run->machine =
        machine_create(&run->plan.config, &run->host, run->message, sizeof(run->message));
    if (!run->machine)
        return run_fail(run, run->host.refused ? EXIT_USAGE : EXIT_OURS);
    names_init(&run->names, run->machine, run->images);
    if (run->monitor)
        monitor_run_join(run->monitor, &run->names);
    run_listen(run);
    if (run->door)
        door_attach(run->door, run->machine);
    return has_program ? run_attended(run) : dump_empty_tree(run);
}

static void close_all(struct run *run)
{
    gdb_close(run->gdb);
    monitor_run_close(run->monitor);
    past_end(&run->past);
    names_free(&run->names);
    if (run->machine)
        machine_destroy(run->machine);
    door_destroy(run->door);
    if (run->images)
        loader_close(run->images);
    run_close_plugs(run);
    if (run->options->serial_path && run->console.out >= 0)
        close(run->console.out);
}

/* This process's own input and output, a file, or nothing. */
static int open_console(struct run *run)
{
    const char *path = run->options->serial_path;
    bool is_apart = run->script || run->options->no_console;
    int out = is_apart ? -1 : STDOUT_FILENO;
    if (path)
        out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int error = errno;
    console_init(&run->console, is_apart || path ? -1 : STDIN_FILENO, out, run->options->escape);
    if (!path || out >= 0)
        return EXIT_DONE;
    refuse(run->message, sizeof(run->message), "%s cannot be written: %s.", path, strerror(error));
    return EXIT_FILE;
}

/* Last of those that want attention: it must not delay the guest's world. */
static int open_monitor(struct run *run, const char *what)
{
    struct monitor_about about = {run->options->name, what, run->plan.sentence};
    if (run->script || run->options->dump_dtb)
        return EXIT_DONE;
    run->monitor = monitor_run_open(&about, &run->debugger, run->message, sizeof(run->message));
    if (run->monitor && run->gdb)
        gdb_set_monitor(run->gdb, monitor_run_gdb(run->monitor));
    return run->monitor ? EXIT_DONE : EXIT_OURS;
}

static int run_planned(const struct options *options, const char *what, struct script *script)
{
    struct run *run = calloc(1, sizeof(*run));
    if (!run)
        return EXIT_OURS;
    run->options = options;
    run->script = script;
    run->snapshots.options = options;
    int code = open_console(run);
    run->outside.console = &run->console;
    debugger_init(&run->debugger, &run->outside);
    run->debugger.runner = (struct debugger_runner){&run->snapshots, snapshots_run};
    if (code == EXIT_DONE)
        code = plan_make(&run->plan, options, what, run->message, sizeof(run->message));
    if (code == EXIT_DONE)
        code = run_open_net(run);
    if (code == EXIT_DONE && !run_open_gdb(run))
        code = EXIT_OURS;
    if (code == EXIT_DONE &&
        !screen_open(&run->screen, options, &run->outside, &run->console.wants_quit, run->message,
                     sizeof(run->message)))
        code = EXIT_OURS;
    if (code == EXIT_DONE)
        code = open_monitor(run, what ? what : options->kernel);
    if (code == EXIT_DONE) {
        run->outside.wall_ahead_s = options->clock_ahead_s;
        run->host = outside_host(&run->outside, run->plan.config.clock);
        if (options->entropy_slot)
            host_plug_at(&run->host, options->entropy_slot, PLUG_ENTROPY, &options->seed);
        if (script)
            run->host.console = script_host(script);
        code = open_and_run(run);
    } else {
        run_fail(run, code);
    }
    close_all(run);
    free(run);
    return code;
}

int run_command(const struct options *options, const char *what)
{
    return run_planned(options, what, NULL);
}

int run_scripted(const struct options *options, const char *what, struct script *script)
{
    return run_planned(options, what, script);
}
