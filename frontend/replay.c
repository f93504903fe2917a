/* A machine that is made for a recording alone (see replay.h). Nothing is read but the keys that
 * end it. */
#include "frontend/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "frontend/console.h"
#include "frontend/gdb.h"
#include "frontend/outside.h"
#include "frontend/past.h"
#include "frontend/terminal.h"
#include "loader/record.h"

#define PLACE "1234" /* where gdb's users look first */

struct replay {
    const struct options *options;
    struct console console;
    struct outside outside;
    struct host host;
    struct playback *playback;
    struct door *door;
    struct debugger debugger;
    struct gdb *gdb; /* NULL: none can connect */
    struct snapshots snapshots;
    struct past past;
    struct machine *machine;
    char message[1024];
};

static int fail(const struct replay *replay, int code)
{
    fprintf(stderr, "vitrine: %s\n", replay->message);
    return code;
}

/* What the guest's last words were worth then. */
static int end(struct replay *replay, enum stop stop)
{
    bool is_cut;
    u64 step = playback_end(replay->playback, &is_cut);
    int number = terminal_stop_signal();

    if (door_divergence(replay->door)) {
        snprintf(replay->message, sizeof(replay->message), "%s", door_divergence(replay->door));
        return fail(replay, EXIT_OURS);
    }
    if (number)
        return EXIT_SIGNAL + number;
    if (!replay->options->quiet && !replay->console.wants_quit)
        fprintf(stderr, "vitrine: The recording %s at step %" PRIu64 ".\n",
                is_cut ? "breaks off" : "ends", step);
    return stop == STOP_FAILURE || stop == STOP_HUNG ? EXIT_GUEST : EXIT_DONE;
}

/* To the end of this life. */
static enum stop run(struct replay *replay)
{
    if (!replay->gdb)
        return door_run(replay->door, UINT64_MAX);
    past_begin(&replay->past, &replay->debugger, replay->machine, replay->door, &replay->snapshots);
    return debugger_run(&replay->debugger, replay->machine, UINT64_MAX);
}

static int play(struct replay *replay)
{
    enum stop stop = STOP_RESET;

    for (;;) {
        switch (playback_next(replay->playback, replay->machine, replay->door, replay->message,
                              sizeof(replay->message))) {
        case PLAYBACK_BAD:
            return fail(replay, EXIT_FILE);
        case PLAYBACK_OVER:
            return end(replay, stop);
        case PLAYBACK_READY:
            break;
        }
        stop = run(replay);
        if (stop != STOP_RESET)
            return end(replay, stop);
    }
}

/* With gdb the end is no end: the machine stands there, and can be gone back from. */
static bool open_gdb(struct replay *replay)
{
    const char *place = replay->options->gdb ? replay->options->gdb : PLACE;

    debugger_init(&replay->debugger, &replay->outside);
    replay->snapshots.options = replay->options;
    replay->debugger.runner = (struct debugger_runner){&replay->snapshots, snapshots_run};
    replay->debugger.is_stopped = replay->options->starts_stopped;
    if (!replay->options->gdb && !replay->options->is_debug)
        return true;
    replay->gdb =
        gdb_open(&replay->debugger, place, replay->options->gdb ? GDB_HERE : GDB_HERE_OR_ANY,
                 replay->message, sizeof(replay->message));
    if (replay->gdb)
        fprintf(stderr, "vitrine: gdb can connect: target remote %s\n", gdb_place(replay->gdb));
    return replay->gdb;
}

static int make_and_play(struct replay *replay)
{
    struct machine_config config;

    replay->playback =
        playback_open(replay->options->replay, replay->message, sizeof(replay->message));
    if (!replay->playback ||
        !playback_machine(replay->playback, &config, replay->message, sizeof(replay->message)))
        return fail(replay, EXIT_FILE);
    if (!open_gdb(replay))
        return fail(replay, EXIT_OURS);
    config.engine = replay->options->engine;
    replay->host = outside_host(&replay->outside, CLOCK_VIRTUAL);
    replay->door = door_create_empty(&replay->host, playback_config(replay->playback));
    if (replay->door)
        replay->machine =
            machine_create(&config, &replay->host, replay->message, sizeof(replay->message));
    else
        snprintf(replay->message, sizeof(replay->message), "%s is a recording that is damaged.",
                 replay->options->replay);
    if (!replay->machine)
        return fail(replay, replay->door ? EXIT_OURS : EXIT_FILE);
    door_attach(replay->door, replay->machine);
    terminal_catch_signals();
    if (replay->console.is_terminal)
        terminal_enter_raw(replay->console.in);
    int code = play(replay);
    console_flush(&replay->console);
    terminal_restore();
    terminal_release_signals();
    return code;
}

int replay_command(const struct options *options)
{
    struct replay replay = {.options = options};
    int code;

    console_init(&replay.console, STDIN_FILENO, STDOUT_FILENO, options->escape);
    replay.outside.console = &replay.console;
    code = make_and_play(&replay);
    past_end(&replay.past);
    gdb_close(replay.gdb);
    if (replay.machine)
        machine_destroy(replay.machine);
    door_destroy(replay.door);
    playback_close(replay.playback);
    return code;
}
