/* Builds the machine that the plan describes, and runs it until something ends the run.
 *
 * A reset by the guest leads back to power-on: RAM is cleared and everything is loaded again from
 * the same open files. The terminal is raw only while the guest runs. */
#include "frontend/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/console.h"
#include "frontend/keyboard.h"
#include "frontend/net.h"
#include "frontend/outside.h"
#include "frontend/plan.h"
#include "frontend/shares.h"
#include "frontend/screen.h"
#include "frontend/terminal.h"
#include "loader/devicetree.h"
#include "loader/disk.h"
#include "loader/loader.h"
#include "loader/refuse.h"

#define FOREVER_NS  UINT64_MAX
#define GUEST_CODES 255 /* the most that a process can say */

struct run {
    const struct options *options;
    struct plan plan;
    struct host host;
    struct outside outside;
    struct host_disk *disks[1 + OPTION_DISKS]; /* the guest's own, and those named */
    unsigned disk_count;
    struct net *net; /* NULL: none */
    struct shares shares;
    struct keyboard keyboard; /* of --console virtio */
    struct console console;   /* without descriptors when a script is the person */
    struct screen *screen;    /* NULL: the guest has none */
    struct script *script;    /* NULL: a person */
    struct image_set *images;
    struct machine *machine;
    u64 steps_before_reset; /* steps done in the lives that ended with a reset */
    char message[1024];
};

static int fail(struct run *run, int code)
{
    fprintf(stderr, "vitrine: %s\n", run->message);
    return code;
}

static void print_forwards(const struct net_config *net)
{
    for (unsigned i = 0; i < net->forward_count; i++) {
        const struct net_forward *forward = &net->forwards[i];
        const u8 *at = forward->address;
        fprintf(stderr, "vitrine: %s port %u of %u.%u.%u.%u leads to port %u of the guest.\n",
                forward->is_udp ? "UDP" : "TCP", forward->host_port, at[0], at[1], at[2], at[3],
                forward->guest_port);
    }
}

static void print_banner(const struct run *run)
{
    const struct console *console = &run->console;
    if (run->options->quiet || run->script)
        return;
    fprintf(stderr, "vitrine: %s\n", run->plan.sentence);
    print_forwards(&run->plan.net);
    char key = (char)(console->escape | 0x40);
    if (console->is_terminal && console->escape != CONSOLE_NO_ESCAPE)
        fprintf(stderr, "vitrine: Ctrl-%c x quits, Ctrl-%c h helps.\n", key, key);
    else
        fprintf(stderr, "vitrine: SIGINT (Ctrl-C, if your shell sends it) or SIGTERM quits.\n");
}

/* The image, its overlay, and what is thrown away on top. */
static struct host_disk *open_disk(struct run *run, const struct option_disk *named)
{
    const size_t size = sizeof(run->message);
    bool is_kept = !named->read_only && !run->options->discard;
    enum disk_mode mode = is_kept ? DISK_READ_WRITE : DISK_READ_ONLY;
    struct host_disk *disk = (run->options->as_qemu ? disk_open_any_size : disk_open)(
        named->path, *named->overlay ? DISK_READ_ONLY : mode, run->message, size);
    if (disk && *named->overlay)
        disk = disk_open_overlay(disk, named->overlay, mode, run->message, size);
    if (disk && run->options->discard && !named->read_only)
        disk = disk_open_throw_away(disk, run->message, size);
    return disk;
}

static bool plug_disk(struct run *run, const struct option_disk *named)
{
    struct host_disk *disk = open_disk(run, named);
    if (!disk)
        return false;
    run->disks[run->disk_count++] = disk;
    host_plug_at(&run->host, named->slot, PLUG_DISK, disk);
    return true;
}

/* A guest's own disk comes before the ones that the user adds. */
static bool plug_own_disk(struct run *run)
{
    const char *path = run->plan.guest.disk;
    struct option_disk own = {.read_only = false};
    if (!path)
        return true;
    if (strlen(path) >= sizeof(own.path))
        return refuse(run->message, sizeof(run->message),
                      "The path of the guest's disk is too long.");
    strcpy(own.path, path);
    return plug_disk(run, &own);
}

static bool open_disks(struct run *run)
{
    if (!plug_own_disk(run))
        return false;
    for (unsigned i = 0; i < run->options->disk_count; i++)
        if (!plug_disk(run, &run->options->disks[i]))
            return false;
    return true;
}

/* Before the host is put together: it must know of all attendants. */
static enum exit_code open_net(struct run *run)
{
    struct outside *outside = &run->outside;
    if (!run->plan.has_net || run->options->dump_dtb)
        return EXIT_DONE;
    run->net = net_open(&run->plan.net, run->message, sizeof(run->message));
    if (!run->net && run->plan.offers_ssh) { /* another machine may have it */
        fprintf(stderr, "vitrine: %s -p offers another.\n", run->message);
        run->plan.net.forward_count = 0;
        run->net = net_open(&run->plan.net, run->message, sizeof(run->message));
    }
    if (!run->net)
        return EXIT_OURS;
    outside->attendants[outside->attendant_count++] = net_attendant(run->net);
    return EXIT_DONE;
}

static bool plug_terminal(struct run *run)
{
    static const struct host_terminal nobody;
    struct host_terminal script = {.line = run->host.console};
    unsigned slot = run->options->console_slot;
    if (run->options->console == CONSOLE_VIRTIO &&
        !keyboard_plug(&run->keyboard, &run->host, slot,
                       run->script ? script : console_terminal(&run->console)))
        return refuse(run->message, sizeof(run->message),
                      "There is no virtio slot left for --console.");
    if (run->options->console != CONSOLE_VIRTIO && slot)
        host_plug_at(&run->host, slot, PLUG_CONSOLE, &nobody);
    if (run->options->no_serial)
        run->host.console = (struct host_console){0};
    return true;
}

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
    return fail(run, EXIT_OURS);
}

/* The tree of a machine into which nothing is loaded. */
static int dump_empty_tree(struct run *run)
{
    size_t size;
    machine_reset(run->machine);
    void *tree = devicetree_build(run->machine, &size, run->message, sizeof(run->message));
    bool written = tree && write_file(run, run->options->dump_dtb, tree, size);
    free(tree);
    return written ? EXIT_DONE : fail(run, EXIT_OURS);
}

/* Why the outside wanted to stop. */
static int end_for_user(struct run *run)
{
    const struct console *console = &run->console;
    int number = terminal_stop_signal();
    if (console->wants_quit) {
        fputc('\n', stderr); /* the shell's prompt on a line of its own */
        return EXIT_DONE;
    }
    if (number)
        return EXIT_SIGNAL + number;
    if (console->error) {
        refuse(run->message, sizeof(run->message), "The guest's output cannot be written: %s.",
               strerror(console->error));
        return fail(run, EXIT_OURS);
    }
    refuse(run->message, sizeof(run->message), "--timeout has passed.");
    return fail(run, EXIT_OUT_OF_TIME);
}

static int end_for_guest(struct run *run)
{
    u32 code = run->machine->exit_code;
    refuse(run->message, sizeof(run->message), "The guest reported failure, with code %u.", code);
    if (!run->options->exit_guest_code || code == 0)
        return fail(run, EXIT_GUEST);
    return fail(run, code > GUEST_CODES ? GUEST_CODES : (int)code);
}

static int end(struct run *run, enum stop stop)
{
    switch (stop) {
    case STOP_POWEROFF:
    case STOP_EXIT:
        return EXIT_DONE;
    case STOP_FAILURE:
        return end_for_guest(run);
    case STOP_USER:
        return end_for_user(run);
    case STOP_LIMIT:
        refuse(run->message, sizeof(run->message), "--max-insns is reached.");
        return fail(run, EXIT_OUT_OF_TIME);
    case STOP_HUNG:
        refuse(run->message, sizeof(run->message),
               "The guest can never move again: it waits, and nothing can wake it.");
        return fail(run, EXIT_GUEST);
    case STOP_NONE:
    case STOP_DEBUG:
    case STOP_RESET:
        break;
    }
    refuse(run->message, sizeof(run->message), "The machine stopped for no reason.");
    return fail(run, EXIT_OURS);
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
        enum stop stop = machine_run(machine, limit);
        /* Under the virtual clock only input can wake it now, and a slow writer's is yet to
         * come. */
        if (stop != STOP_HUNG || run->script || !console_may_still_read(&run->console)) {
            run->steps_before_reset += clock_steps(&machine->clock) - first;
            return stop;
        }
        console_wait(&run->console, FOREVER_NS);
        if (console_wants_stop(&run->console))
            return STOP_USER;
    }
}

static int run_machine(struct run *run)
{
    struct loaded loaded;
    for (;;) {
        machine_reset(run->machine);
        keyboard_reset(&run->keyboard);
        if (!loader_place(run->images, run->machine, &loaded, run->message, sizeof(run->message)))
            return fail(run, EXIT_FILE);
        if (loaded.has_htif)
            machine_set_htif(run->machine, loaded.tohost, loaded.fromhost);
        if (run->options->dump_dtb)
            return dump_tree(run, &loaded);
        enum stop stop = run_one_life(run);
        if (stop == STOP_RESET && console_wants_stop(&run->console))
            stop = STOP_USER;
        if (stop == STOP_RESET && run->options->no_reboot)
            stop = STOP_POWEROFF;
        if (stop != STOP_RESET)
            return end(run, stop);
    }
}

/* Signals and terminal are ours only in here. */
static int run_attended(struct run *run)
{
    u64 timeout = run->options->timeout_ns, now = console_now_ns();
    terminal_catch_signals();
    if (!run->options->dump_dtb)
        print_banner(run);
    if (timeout < UINT64_MAX - now)
        run->console.deadline_ns = now + timeout;
    if (run->console.is_terminal)
        terminal_enter_raw(run->console.in);
    int code = run_machine(run);
    console_flush(&run->console);
    terminal_restore();
    terminal_release_signals();
    if (!screen_finish(run->screen, run->machine, run->message, sizeof(run->message)))
        return code == EXIT_DONE ? fail(run, EXIT_FILE) : fail(run, code);
    return code;
}

static int open_and_run(struct run *run)
{
    const struct load_plan *load = &run->plan.load;
    bool has_program =
        load->kernel || load->firmware || load->extra_count || !run->options->dump_dtb;
    if (!open_disks(run) ||
        !shares_open(&run->shares, &run->options->shares, &run->host, run->message,
                     sizeof(run->message)) ||
        !plug_terminal(run))
        return fail(run, EXIT_FILE);
    if (run->net || run->options->net.kind == NET_UNPLUGGED)
        host_plug_at(&run->host, run->options->net_slot, PLUG_NET,
                     run->net ? net_host(run->net) : &net_unplugged);
    screen_plug(run->screen, &run->host, run->options);
    if (has_program) {
        run->images = loader_open(load, run->message, sizeof(run->message));
        if (!run->images)
            return fail(run, EXIT_FILE);
    }
    run->machine =
        machine_create(&run->plan.config, &run->host, run->message, sizeof(run->message));
    if (!run->machine)
        return fail(run, run->host.refused ? EXIT_USAGE : EXIT_OURS);
    return has_program ? run_attended(run) : dump_empty_tree(run);
}

static void close_all(struct run *run)
{
    if (run->machine)
        machine_destroy(run->machine);
    if (run->images)
        loader_close(run->images);
    screen_close(run->screen);
    for (unsigned i = 0; i < run->disk_count; i++)
        disk_close(run->disks[i]);
    net_close(run->net);
    shares_close(&run->shares);
}

static int run_planned(const struct options *options, const char *what, struct script *script)
{
    struct run *run = calloc(1, sizeof(*run));
    if (!run)
        return EXIT_OURS;
    run->options = options;
    run->script = script;
    bool is_apart = script || options->no_console;
    console_init(&run->console, is_apart ? -1 : STDIN_FILENO, is_apart ? -1 : STDOUT_FILENO,
                 options->escape);
    int code = plan_make(&run->plan, options, what, run->message, sizeof(run->message));
    if (code == EXIT_DONE)
        code = open_net(run);
    if (code == EXIT_DONE &&
        !screen_open(&run->screen, options, &run->outside, &run->console.wants_quit, run->message,
                     sizeof(run->message)))
        code = EXIT_OURS;
    if (code == EXIT_DONE) {
        run->outside.console = &run->console;
        run->outside.wall_ahead_s = options->clock_ahead_s;
        run->host = outside_host(&run->outside, run->plan.config.clock);
        if (options->entropy_slot)
            host_plug_at(&run->host, options->entropy_slot, PLUG_ENTROPY, &options->seed);
        if (script)
            run->host.console = script_host(script);
        code = open_and_run(run);
    } else {
        fail(run, code);
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
