/* The state as bytes (see state.h):
 *
 *     configuration  progress  registers of each hart  state of each chip, in the board's order */
#include "loader/state.h"

#include "loader/refuse.h"

#include <stdlib.h>
#include <string.h>

#define STATE_VERSION 1u /* to be counted up when a state of the same size means something else */

/* Where the machine is in its run. */
struct progress {
    u64 steps, ticks;
    u64 running, turn_left, slice_left;
    u64 tohost, fromhost, dma_writes;
    u32 stop, exit_code;
    u8 has_htif, htif_called, htif_low_only, unused[5];
};

static u64 mix(u64 sum, u64 word)
{
    return (sum ^ word) * 0x9e3779b97f4a7c15 + (sum >> 29);
}

static u64 layout_of(const struct machine *machine)
{
    u64 sum = mix(STATE_VERSION, sizeof(struct progress));

    sum = mix(mix(sum, sizeof(struct state_config)), HART_STATE_SIZE);
    for (unsigned i = 0; i < machine->device_count; i++) {
        const struct device *device = &machine->devices[i];
        for (const char *at = device->type->name; *at; at++)
            sum = mix(sum, (u8)*at);
        sum = mix(mix(sum, device->type->state_size), device->bulk_size);
    }
    return sum;
}

static struct state_plug describe_console(const struct host_console *console)
{
    return (struct state_plug){.flags = console->one_at_a_time ? PLUG_ONE_AT_A_TIME : 0};
}

static struct state_plug describe_disk(const struct host_disk *disk)
{
    struct state_plug plug = {.size = disk->size};

    plug.flags = (disk->read_only ? PLUG_READ_ONLY : 0) | (disk->discard ? PLUG_DISCARDS : 0) |
                 (disk->zero ? PLUG_ZEROES : 0);
    memcpy(plug.name, disk->id, sizeof disk->id);
    return plug;
}

static struct state_plug describe_net(const struct host_net *net)
{
    struct state_plug plug = {.flags = net->is_up ? PLUG_HAS_CABLE : 0, .mtu = net->mtu};

    memcpy(plug.mac, net->mac, sizeof plug.mac);
    return plug;
}

static struct state_plug describe(const struct host_plug *plug)
{
    struct state_plug said = {.kind = 0};

    switch (plug->kind) {
    case PLUG_NOTHING:
    case PLUG_ENTROPY:
    case PLUG_KEYBOARD:
    case PLUG_TABLET:
    case PLUG_MOUSE:
    case PLUG_KINDS:
        break;
    case PLUG_DISK:
        said = describe_disk(plug->backend);
        break;
    case PLUG_NET:
        said = describe_net(plug->backend);
        break;
    case PLUG_SHARE: {
        const struct host_share *share = plug->backend;
        said.size = share->message_most;
        memcpy(said.name, share->tag, sizeof said.name);
        break;
    }
    case PLUG_CONSOLE: {
        const struct host_terminal *terminal = plug->backend;
        said = describe_console(&terminal->line);
        said.flags |= terminal->measure ? PLUG_HAS_SIZE : 0;
        break;
    }
    case PLUG_SCREEN: {
        const struct host_screen *screen = plug->backend;
        said.size = (u64)screen->width << 32 | screen->height;
        said.flags = screen->next_size ? PLUG_HAS_SIZE : 0;
        break;
    }
    }
    said.kind = plug->kind;
    return said;
}

static u32 outside_of(const struct host *host)
{
    return (host->wait ? OUTSIDE_WAIT : 0) | (host->random ? OUTSIDE_RANDOM : 0) |
           (host->wall_ns ? OUTSIDE_WALL : 0) | (host->monotonic_ns ? OUTSIDE_CLOCK : 0);
}

struct state_config state_config_of(const struct machine *machine)
{
    const struct machine_config *config = &machine->config;
    struct state_config said = {.extensions = config->isa.extensions,
                                .ram_size = machine->ram.size,
                                .steps_per_tick = machine->clock.steps_per_tick,
                                .seed = config->seed,
                                .xlen = config->isa.xlen,
                                .harts = config->harts,
                                .clock = config->clock,
                                .legacy_virtio = config->legacy_virtio,
                                .layout = layout_of(machine),
                                .serial = describe_console(&machine->host.console),
                                .has_framebuffer = machine->host.framebuffer != NULL,
                                .outside = outside_of(&machine->host)};

    strncpy(said.board, config->board->name, sizeof said.board - 1);
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        said.plugs[i] = describe(&machine->host.plugs[i]);
    return said;
}

size_t state_size(const struct machine *machine)
{
    size_t size = sizeof(struct state_config) + sizeof(struct progress);

    size += machine->config.harts * HART_STATE_SIZE;
    for (unsigned i = 0; i < machine->device_count; i++)
        size += machine->devices[i].type->state_size;
    return size;
}

static u8 *put(u8 *to, const void *from, size_t size)
{
    memcpy(to, from, size);
    return to + size;
}

void state_save(const struct machine *machine, void *to)
{
    struct state_config config = state_config_of(machine);
    struct progress progress = {.steps = clock_steps(&machine->clock),
                                .ticks = clock_ticks(&machine->clock),
                                .running = machine->running,
                                .turn_left = machine->turn_left,
                                .slice_left = machine->slice_left,
                                .tohost = machine->tohost,
                                .fromhost = machine->fromhost,
                                .dma_writes = machine->ram.dma_writes,
                                .stop = machine->stop,
                                .exit_code = machine->exit_code,
                                .has_htif = machine->has_htif,
                                .htif_called = machine->htif_called,
                                .htif_low_only = machine->htif_low_only};
    u8 *at = put(to, &config, sizeof config);

    at = put(at, &progress, sizeof progress);
    for (unsigned i = 0; i < machine->config.harts; i++)
        at = put(at, machine->harts[i], HART_STATE_SIZE);
    for (unsigned i = 0; i < machine->device_count; i++)
        at = put(at, machine->devices[i].state, machine->devices[i].type->state_size);
}

struct state_config state_config_in(const void *state)
{
    struct state_config config;

    memcpy(&config, state, sizeof config);
    return config;
}

static struct progress progress_in(const void *state)
{
    struct progress progress;

    memcpy(&progress, (const u8 *)state + sizeof(struct state_config), sizeof progress);
    return progress;
}

u64 state_steps(const void *state)
{
    return progress_in(state).steps;
}

u64 state_ticks(const void *state)
{
    return progress_in(state).ticks;
}

/* Not compared: a disk's id, which follows the file's name, and what the guest cannot see. */
static bool fits_plug(const struct state_plug *is, const struct state_plug *was)
{
    u32 seen = PLUG_READ_ONLY | PLUG_DISCARDS | PLUG_ZEROES;

    if (is->kind != was->kind)
        return false;
    if (is->kind == PLUG_DISK)
        return is->size == was->size && !((is->flags ^ was->flags) & seen);
    if (is->kind == PLUG_NET)
        return is->mtu == was->mtu && !memcmp(is->mac, was->mac, sizeof is->mac);
    return is->kind != PLUG_SHARE || !memcmp(is->name, was->name, sizeof is->name);
}

static const char *const plug_names[PLUG_KINDS] = {
    "nothing",        "disk",   "source of entropy", "network", "share",
    "virtio console", "screen", "keyboard",          "tablet",
};

static bool fits_plugs(const struct state_config *is, const struct state_config *was,
                       const char *name, char *message, size_t message_size)
{
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        const struct state_plug *now = &is->plugs[i], *then = &was->plugs[i];
        if (fits_plug(now, then))
            continue;
        if (now->kind == then->kind)
            return refuse(message, message_size,
                          "The %s in virtio slot %u is not the one that %s was made with.",
                          plug_names[now->kind], i, name);
        return refuse(
            message, message_size,
            "%s is of a machine with virtio slot %u: %s, and in this one it is: %s; start "
            "it with the same disks, network, shares and screen.",
            name, i, then->kind < PLUG_KINDS ? plug_names[then->kind] : "something else",
            plug_names[now->kind]);
    }
    return true;
}

bool state_fits(const struct machine *machine, const struct state_config *was, const char *name,
                char *message, size_t message_size)
{
    struct state_config is = state_config_of(machine);

    if (strncmp(is.board, was->board, sizeof is.board))
        return refuse(message, message_size, "%s is of a machine with the board %.15s.", name,
                      was->board);
    if (is.ram_size != was->ram_size || is.harts != was->harts)
        return refuse(message, message_size,
                      "%s is of a machine with %llu KiB of memory and %u harts; start one with -m "
                      "%lluK -c %u.",
                      name, (unsigned long long)was->ram_size >> 10, was->harts,
                      (unsigned long long)was->ram_size >> 10, was->harts);
    if (is.xlen != was->xlen || is.extensions != was->extensions) {
        struct isa isa = {was->xlen == 32 ? 32 : 64, was->extensions};
        char text[512];
        return refuse(message, message_size,
                      "%s is of a machine with another processor; start one with --cpu %s.", name,
                      isa_string(&isa, text, sizeof text));
    }
    if (!is.legacy_virtio != !was->legacy_virtio)
        return refuse(message, message_size,
                      "%s is of a machine whose virtio slots speak version %u.", name,
                      was->legacy_virtio ? 1 : 2);
    if (is.layout != was->layout)
        return refuse(message, message_size, "%s was written by another version of Vitrine.", name);
    return fits_plugs(&is, was, name, message, message_size);
}

static bool is_sound(const struct machine *machine, const struct progress *progress)
{
    return progress->running < machine->config.harts && progress->slice_left < (u64)1 << 40 &&
           progress->turn_left < (u64)1 << 40 && progress->stop <= STOP_HUNG &&
           (!progress->has_htif ||
            (ram_holds(&machine->ram, progress->tohost, 8) &&
             (!progress->fromhost || ram_holds(&machine->ram, progress->fromhost, 8))));
}

bool state_is_sound(const struct machine *machine, const void *state, size_t size,
                    const void *const bulks[MACHINE_DEVICES])
{
    const u8 *at = (const u8 *)state + sizeof(struct state_config) + sizeof(struct progress);

    if (size != state_size(machine))
        return false;
    struct progress progress = progress_in(state);
    if (!is_sound(machine, &progress))
        return false;
    for (unsigned i = 0; i < machine->config.harts; i++, at += HART_STATE_SIZE)
        if (!hart_accepts(machine->harts[i], at))
            return false;
    for (unsigned i = 0; i < machine->device_count; i++) {
        const struct device *device = &machine->devices[i];
        u64 *copy = malloc(device->type->state_size + 1); /* aligned, as it lies in no struct */
        bool accepts = copy != NULL;
        if (accepts && device->type->accepts) {
            memcpy(copy, at, device->type->state_size);
            accepts = device->type->accepts(device, copy, bulks[i]);
        }
        free(copy);
        if (!accepts)
            return false;
        at += device->type->state_size;
    }
    return true;
}

static void restore_progress(struct machine *machine, const struct progress *progress)
{
    clock_restore(&machine->clock, progress->steps, progress->ticks);
    machine->running = (unsigned)progress->running;
    machine->turn_left = progress->turn_left;
    machine->slice_left = progress->slice_left;
    machine->stop = (enum stop)progress->stop;
    machine->exit_code = progress->exit_code;
    machine->ram.dma_writes = progress->dma_writes;
    if (progress->has_htif)
        machine_set_htif(machine, progress->tohost, progress->fromhost);
    machine->htif_called = progress->htif_called;
    machine->htif_low_only = progress->htif_low_only;
}

void state_restore(struct machine *machine, const void *state)
{
    const u8 *at = (const u8 *)state + sizeof(struct state_config) + sizeof(struct progress);
    struct progress progress = progress_in(state);

    restore_progress(machine, &progress);
    for (unsigned i = 0; i < machine->config.harts; i++, at += HART_STATE_SIZE)
        hart_restore(machine->harts[i], at);
    for (unsigned i = 0; i < machine->device_count; i++) {
        struct device *device = &machine->devices[i];
        memcpy(device->state, at, device->type->state_size);
        at += device->type->state_size;
    }
}

void state_tell(struct machine *machine)
{
    for (unsigned i = 0; i < machine->device_count; i++) {
        struct device *device = &machine->devices[i];
        if (device->type->restored)
            device->type->restored(device);
    }
}
