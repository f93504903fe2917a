/* The views of the board: machine, map, and each device by its table of registers.
 *
 * A register is read from a copy of the device's state, with nothing soldered to its lines: reading
 * may pop a byte or claim an interrupt, which must not happen to the guest because somebody looks.
 * Registers of which reading alone means something to the chip are shown all the same, as the guest
 * would find them now. */
#include "frontend/view.h"

#include "devices/virtio.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A device to be read from without consequences. The state is the caller's to free. */
struct likeness {
    struct device device;
    struct host host;                     /* that offers nothing */
    struct wire wires[2 * MACHINE_HARTS]; /* that lead nowhere */
};

static bool copy(struct likeness *likeness, const struct device *device)
{
    *likeness = (struct likeness){.device = *device};
    likeness->device.state = malloc(device->type->state_size + 1);
    if (!likeness->device.state)
        return false;
    memcpy(likeness->device.state, device->state, device->type->state_size);
    likeness->device.out = likeness->wires;
    likeness->device.host = &likeness->host;
    return true;
}

/* Each register from a fresh copy: the one before may have changed something. */
static bool read_register(const struct device *device, u64 offset, unsigned width, u64 *value)
{
    struct likeness *likeness = malloc(sizeof(*likeness));
    bool is_read = likeness && copy(likeness, device);

    if (is_read) {
        *value = device->type->read(&likeness->device, offset, width);
        free(likeness->device.state);
    }
    free(likeness);
    return is_read;
}

static void show_register(struct view *view, struct json *json, const struct device *device,
                          const struct reg_info *reg, u64 base)
{
    u64 value = 0;
    bool is_read =
        reg->access & REG_R && read_register(device, base + reg->offset, reg->width, &value);

    if (!view->json) {
        fprintf(view->out, "%06" PRIx64 "  %-20s ", base + reg->offset, reg->name);
        if (is_read)
            fprintf(view->out, "%#-10" PRIx64, value);
        else
            fprintf(view->out, "%-10s", "write-only");
        fprintf(view->out, "  %s\n", reg->meaning ? reg->meaning : "");
        return;
    }
    json_object(json, reg->name);
    json_hex(json, "offset", base + reg->offset);
    json_number(json, "width", reg->width);
    if (is_read)
        json_hex(json, "value", value);
    else
        json_null(json, "value");
    json_text(json, "meaning", reg->meaning ? reg->meaning : "");
    json_end_object(json);
}

static const char *name_of(const struct device *device)
{
    return device->function ? device->function->name : device->type->name;
}

static const struct slot *slot_of(const struct view *view, const struct device *device)
{
    return &view->machine->config.board->slots[device - view->machine->devices];
}

static void show_registers(struct view *view, const struct device *device)
{
    const struct slot *slot = slot_of(view, device);
    struct json json = {.out = view->out};
    const struct reg_info *reg;

    if (view->json) {
        json_object(&json, NULL);
        json_text(&json, "name", name_of(device));
        json_hex(&json, "base", slot->base);
        json_number(&json, "irq", slot->irq);
        json_object(&json, "registers");
    } else {
        fprintf(view->out, slot->irq ? "%s at 0x%" PRIx64 ", irq %u\n" : "%s at 0x%" PRIx64 "\n",
                name_of(device), slot->base, slot->irq);
    }
    for (reg = device->type->regs; reg && reg->name; reg++)
        show_register(view, &json, device, reg, 0);
    if (device->function)
        for (reg = device->function->config; reg && reg->name; reg++)
            show_register(view, &json, device, reg, VIRTIO_CONFIG);
    if (view->json) {
        json_end_object(&json);
        json_end_object(&json);
        fputc('\n', view->out);
    }
}

bool view_is_device(const struct device *device, const char *name)
{
    return !strcmp(name, name_of(device)) || !strcmp(name, device->type->name) ||
           (!strcmp(name, "virtio") && device->type == &virtio_mmio_type);
}

static const struct device *find_device(const struct machine *machine, const char *name,
                                        unsigned index)
{
    for (unsigned i = 0; i < machine->device_count; i++) {
        const struct device *device = &machine->devices[i];
        if (!view_is_device(device, name))
            continue;
        if (index == VIEW_PLUGGED ? device->type != &virtio_mmio_type || device->function
                                  : index-- == 0)
            return device;
    }
    return index == VIEW_PLUGGED ? find_device(machine, name, 0) : NULL;
}

void view_device(struct view *view, const char *name, unsigned index)
{
    const struct device *device = find_device(view->machine, name, index);

    if (device)
        show_registers(view, device);
    else
        view_refuse(view, "The board has no such device \"%.60s\"; info map lists them.", name);
}

static void show_place(struct view *view, struct json *json, const char *name, u64 base, u64 size,
                       unsigned irq)
{
    char line[16] = "";

    if (view->json) {
        json_object(json, NULL);
        json_text(json, "name", name);
        json_hex(json, "base", base);
        json_hex(json, "size", size);
        json_number(json, "irq", irq);
        json_end_object(json);
        return;
    }
    if (irq)
        snprintf(line, sizeof(line), "irq %u", irq);
    fprintf(view->out, "%010" PRIx64 "  %010" PRIx64 "  %-16s %s\n", base, base + size - 1, name,
            line);
}

void view_map(struct view *view)
{
    struct machine *machine = view->machine;
    struct json json = {.out = view->out};

    if (view->json)
        json_array(&json, NULL);
    for (unsigned i = 0; i < machine->bus.count; i++) {
        const struct region *region = &machine->bus.regions[i];
        const struct device *device = region->host ? NULL : region->owner;
        if (device)
            show_place(view, &json, name_of(device), region->base, region->size,
                       slot_of(view, device)->irq);
        else
            show_place(view, &json, region->name, region->base, region->size, 0);
    }
    if (view->json) {
        json_end_array(&json);
        fputc('\n', view->out);
    }
}

static void show_hart(struct view *view, struct json *json, unsigned number)
{
    const struct hart *hart = view->machine->harts[number];
    u64 steps = hart_steps(hart), retired = hart_retired(hart);
    char text[VIEW_PLACE];

    view_place(view, hart->pc, text);
    if (view->json) {
        json_object(json, NULL);
        json_number(json, "hart", number);
        json_text(json, "privilege", view_privilege(hart->privilege));
        json_hex(json, "pc", hart->pc);
        json_text(json, "place", text);
        json_truth(json, "waiting", hart->waiting);
        json_number(json, "instructions", retired);
        json_number(json, "traps", hart->traps);
        json_number(json, "interrupts", hart->interrupts);
        json_end_object(json);
        return;
    }
    fprintf(view->out,
            "hart %u   %s-mode at %s%s; %" PRIu64 " instructions, %" PRIu64 " traps, %" PRIu64
            " of them interrupts\n",
            number, view_privilege(hart->privilege), text, hart->waiting ? ", waits (WFI)" : "",
            retired, steps - retired, hart->interrupts);
}

void view_machine(struct view *view)
{
    struct machine *machine = view->machine;
    const struct machine_config *config = &machine->config;
    struct json json = {.out = view->out};
    bool is_virtual = config->clock == CLOCK_VIRTUAL;
    char isa[1024];

    isa_string(&config->isa, isa, sizeof(isa));
    if (view->json) {
        json_object(&json, NULL);
        json_text(&json, "board", config->board->name);
        json_text(&json, "isa", isa);
        json_number(&json, "ram_bytes", config->ram_size);
        json_text(&json, "clock", is_virtual ? "virtual" : "live");
        json_number(&json, "ticks", clock_ticks(&machine->clock));
        json_number(&json, "step", clock_steps(&machine->clock));
        json_array(&json, "harts");
    } else {
        fprintf(view->out,
                "board    %s, %" PRIu64 " MiB of memory\nisa      %s\nclock    %s, %" PRIu64
                " ticks of 100 ns\nstep     %" PRIu64 "\n",
                config->board->name, config->ram_size >> 20, isa, is_virtual ? "virtual" : "live",
                clock_ticks(&machine->clock), clock_steps(&machine->clock));
    }
    for (unsigned i = 0; i < config->harts; i++)
        show_hart(view, &json, i);
    if (view->json) {
        json_end_array(&json);
        json_end_object(&json);
        fputc('\n', view->out);
    }
}
