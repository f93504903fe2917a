/* The machine put together: chips soldered to the bus and to each other, and reset. The run loop is
 * machine_run.c. */
#include "devices/machine.h"

#include "devices/aclint.h"
#include "devices/plic.h"
#include "devices/virtio.h"
#include "devices/virtio_9p.h"
#include "devices/virtio_blk.h"
#include "devices/virtio_gpu.h"
#include "devices/virtio_input.h"
#include "devices/virtio_console.h"
#include "devices/virtio_net.h"
#include "devices/virtio_rng.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u64 device_read(void *owner, u64 offset, unsigned size)
{
    struct device *device = owner;

    return device->type->read(device, offset, size);
}

static void device_write(void *owner, u64 offset, unsigned size, u64 value)
{
    struct device *device = owner;

    device->type->write(device, offset, size, value);
}

/* PLIC context 2h is hart h's M-mode external interrupt, 2h + 1 its S-mode one. */
static void set_external(void *listener, int context, bool level)
{
    struct machine *machine = listener;

    hart_set_interrupt(machine->harts[context / 2], context & 1 ? IRQ_SEI : IRQ_MEI, level);
}

/* ACLINT wire 2h is hart h's software interrupt, 2h + 1 its timer interrupt. */
static void set_local(void *listener, int line, bool level)
{
    struct machine *machine = listener;

    hart_set_interrupt(machine->harts[line / 2], line & 1 ? IRQ_MTI : IRQ_MSI, level);
}

static void finish(void *context, enum syscon_request request, u32 code)
{
    switch (request) {
    case SYSCON_POWEROFF:
        machine_stop(context, STOP_POWEROFF, 0);
        break;
    case SYSCON_FAILURE:
        machine_stop(context, STOP_FAILURE, code);
        break;
    case SYSCON_RESET:
        machine_stop(context, STOP_RESET, 0);
        break;
    }
}

struct device *machine_device(struct machine *machine, const char *type_name, unsigned index)
{
    for (unsigned i = 0; i < machine->device_count; i++)
        if (!strcmp(machine->devices[i].type->name, type_name) && index-- == 0)
            return &machine->devices[i];
    return NULL;
}

static void solder(struct machine *machine)
{
    struct device *plic = machine_device(machine, plic_type.name, 0);

    for (unsigned i = 0; i < 2 * machine->config.harts; i++) {
        machine->plic_out[i] = (struct wire){set_external, machine, (int)i};
        machine->aclint_out[i] = (struct wire){set_local, machine, (int)i};
    }
    for (unsigned i = 0; i < machine->device_count; i++) {
        struct device *device = &machine->devices[i];
        machine->to_plic[i] =
            (struct wire){plic_set, plic, (int)machine->config.board->slots[i].irq};
        device->out = &machine->to_plic[i];
        device->out_count = 1;
        if (device->type == &plic_type || device->type == &aclint_type) {
            device->out = device == plic ? machine->plic_out : machine->aclint_out;
            device->out_count = 2 * machine->config.harts;
        }
        if (device->type == &syscon_type)
            device->plugged = &machine->finisher;
    }
}

/* What each kind of plug makes of a virtio slot. */
static const struct virtio_type *const functions[PLUG_KINDS] = {
    [PLUG_DISK] = &virtio_blk_type,          [PLUG_ENTROPY] = &virtio_rng_type,
    [PLUG_NET] = &virtio_net_type,           [PLUG_SHARE] = &virtio_9p_type,
    [PLUG_CONSOLE] = &virtio_console_type,   [PLUG_SCREEN] = &virtio_gpu_type,
    [PLUG_KEYBOARD] = &virtio_keyboard_type, [PLUG_TABLET] = &virtio_tablet_type,
    [PLUG_MOUSE] = &virtio_mouse_type,
};

static bool plug(struct machine *machine)
{
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        const struct host_plug *plug = &machine->host.plugs[i];
        const struct virtio_type *type = functions[plug->kind];
        struct device *slot = machine_device(machine, virtio_mmio_type.name, i);
        if (!slot || !type)
            continue;
        if (type->bulk_size && !(slot->bulk = calloc(1, type->bulk_size)))
            return false;
        slot->bulk_size = type->bulk_size;
        virtio_plug(slot, type, plug->backend);
    }
    return true;
}

static bool attach_devices(struct machine *machine, const char **clash)
{
    const struct board *board = machine->config.board;

    assert(board->slot_count <= MACHINE_DEVICES);
    for (unsigned i = 0; i < board->slot_count; i++) {
        const struct slot *slot = &board->slots[i];
        struct device *device = &machine->devices[i];
        struct region region = {.name = slot->type->name,
                                .base = slot->base,
                                .size = slot->size,
                                .widths = slot->type->widths,
                                .owner = device,
                                .read = device_read,
                                .write = device_write};
        *device = (struct device){.type = slot->type,
                                  .state = calloc(1, slot->type->state_size + 1),
                                  .host = &machine->host,
                                  .bus = &machine->bus,
                                  .clock = &machine->clock,
                                  .is_legacy = machine->config.legacy_virtio,
                                  .harts = machine->config.harts};
        machine->device_count = i + 1;
        if (!device->state || !bus_attach(&machine->bus, &region, clash))
            return false;
    }
    return true;
}

/* HTIF: somebody is about to write to tohost's page. It is obeyed once the slice has ended. */
static void written(void *who, paddr at, u64 size, u8 notes)
{
    struct machine *machine = who;

    if (notes & NOTE_HTIF && at < machine->tohost + 8 && machine->tohost < at + size) {
        machine->htif_called = true;
        machine->htif_low_only = at == machine->tohost && size < 8;
        machine->harts[machine->running]->events |= EVENT_LEAVE;
    }
}

static bool build(struct machine *machine, char *message, size_t message_size)
{
    const struct board *board = machine->config.board;
    const char *clash = NULL;
    struct region rom = {
        .name = "rom", .base = board->rom_base, .size = board->rom_size, .read_only = true};

    if (!ram_init(&machine->ram, board->ram_base, machine->config.ram_size)) {
        snprintf(message, message_size,
                 "this host has no room for %llu MiB of guest memory; ask for less with -m",
                 (unsigned long long)(machine->config.ram_size >> 20));
        return false;
    }
    snprintf(message, message_size, "this host is out of memory");
    machine->decoder = malloc(sizeof *machine->decoder);
    machine->rom = rom.host = calloc(1, board->rom_size);
    if (!machine->rom || !machine->decoder)
        return false;
    decoder_init(machine->decoder, &machine->config.isa);
    if (!bus_attach_ram(&machine->bus, &machine->ram, &clash) ||
        !bus_attach(&machine->bus, &rom, &clash) || !attach_devices(machine, &clash)) {
        if (clash)
            snprintf(message, message_size, "the board is wrong: something overlaps '%s'", clash);
        return false;
    }
    for (unsigned i = 0; i < machine->config.harts; i++) {
        machine->harts[i] =
            hart_create(i, machine->config.harts, machine->decoder, &machine->bus, &machine->clock);
        if (!machine->harts[i])
            return false;
    }
    return plug(machine);
}

struct machine *machine_create(const struct machine_config *config, const struct host *host,
                               char *message, size_t message_size)
{
    struct machine *machine = calloc(1, sizeof *machine);

    assert(config->harts >= 1 && config->harts <= MACHINE_HARTS && config->ram_size > 0);
    if (!machine) {
        snprintf(message, message_size, "this host is out of memory");
        return NULL;
    }
    if (host->refused) {
        snprintf(
            message, message_size,
            "the board has %u virtio slots, %u fewer than what is to be plugged in; leave some "
            "disks or shares out",
            HOST_PLUGS, host->refused);
        free(machine);
        return NULL;
    }
    machine->config = *config;
    machine->host = *host;
    machine->finisher = (struct syscon_listener){machine, finish};
    clock_init(&machine->clock, config->clock, config->steps_per_tick);
    machine->clock.host_ns = machine->host.monotonic_ns;
    machine->clock.host_context = machine->host.context;
    if (!build(machine, message, message_size)) {
        machine_destroy(machine);
        return NULL;
    }
    ram_listen(&machine->ram, (struct ram_listener){machine, NULL, written});
    solder(machine);
    return machine;
}

void machine_destroy(struct machine *machine)
{
    if (!machine)
        return;
    debug_destroy(machine->points);
    for (unsigned i = 0; i < machine->config.harts; i++)
        hart_destroy(machine->harts[i]);
    for (unsigned i = 0; i < machine->device_count; i++) {
        free(machine->devices[i].state);
        free(machine->devices[i].bulk);
    }
    free(machine->rom);
    free(machine->decoder);
    ram_free(&machine->ram);
    free(machine);
}

void machine_reset(struct machine *machine)
{
    ram_clear(&machine->ram);
    memset(machine->rom, 0, machine->config.board->rom_size);
    /* First every state, then every reset: a reset may move a wire to another chip. */
    for (unsigned i = 0; i < machine->device_count; i++)
        memset(machine->devices[i].state, 0, machine->devices[i].type->state_size);
    for (unsigned i = 0; i < machine->config.harts; i++)
        hart_reset(machine->harts[i], machine->config.board->rom_base);
    for (unsigned i = 0; i < machine->device_count; i++)
        if (machine->devices[i].type->reset)
            machine->devices[i].type->reset(&machine->devices[i]);
    machine->running = 0;
    machine->turn_left = machine->slice_left = 0;
    machine->stop = STOP_NONE;
    machine->exit_code = 0;
    machine->htif_called = false;
    machine->hang_told = false;
}

void machine_stop(struct machine *machine, enum stop stop, u32 exit_code)
{
    machine->stop = stop;
    machine->exit_code = exit_code;
}

void machine_set_htif(struct machine *machine, paddr tohost, paddr fromhost)
{
    machine->has_htif = true;
    machine->tohost = tohost;
    machine->fromhost = fromhost;
    ram_note(&machine->ram, tohost, NOTE_HTIF);
    ram_note(&machine->ram, tohost + 7, NOTE_HTIF); /* it may straddle a page */
}
