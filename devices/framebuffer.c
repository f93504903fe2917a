/* The framebuffer (see framebuffer.h). Guests draw by plain stores, which cost nothing more than
 * any other: what changes is found page by page, by the notes of memory/ram.h, and only when the
 * screen asks. */
#include "devices/framebuffer.h"

#define SMALLEST_RAM ((u64)16 << 20) /* with less, nothing is shown until the guest asks for it */

static const struct reg_info registers[] = {
    {"Identity", FRAMEBUFFER_IDENTITY, 4, REG_R, "\"VFB1\""},
    {"Control", FRAMEBUFFER_CONTROL, 4, REG_RW,
     "1 written: show what the others say; 0: nothing. Reads 1 while something is shown"},
    {"AddressLow", FRAMEBUFFER_ADDRESS_LOW, 4, REG_RW, "of the first pixel, a multiple of 4"},
    {"AddressHigh", FRAMEBUFFER_ADDRESS_HIGH, 4, REG_RW, "its upper half"},
    {"Columns", FRAMEBUFFER_COLUMNS, 4, REG_RW, "pixels in a row, 1 to 4096"},
    {"Rows", FRAMEBUFFER_ROWS, 4, REG_RW, "rows, 1 to 4096"},
    {"Stride", FRAMEBUFFER_STRIDE, 4, REG_RW, "bytes from one row to the next, a multiple of 4"},
    {0},
};

static const struct host_screen *screen_of(const struct device *device)
{
    return device->host ? device->host->framebuffer : NULL;
}

const struct framebuffer_view *framebuffer_view(const struct device *device)
{
    return &((const struct framebuffer_state *)device->state)->shown;
}

/* The one place where the guest's numbers are looked at. */
static bool is_possible(const struct framebuffer_view *view, const struct ram *ram)
{
    return view->width - 1 < FRAMEBUFFER_MOST && view->height - 1 < FRAMEBUFFER_MOST &&
           view->stride % 4 == 0 && view->stride >= 4 * view->width && view->address % 4 == 0 &&
           ram_holds(ram, view->address, (u64)view->stride * view->height);
}

/* From now on this is shown. What was shown before may stay noted: the next write clears that. */
static void set_view(struct device *device, struct framebuffer_view view)
{
    struct framebuffer_state *state = device->state;
    const struct host_screen *screen = screen_of(device);
    struct ram *ram = device->bus->ram;

    if (!view.is_on || !is_possible(&view, ram))
        view = (struct framebuffer_view){0};
    if (screen && screen->set_size &&
        (view.width != state->shown.width || view.height != state->shown.height))
        screen->set_size(screen->context, view.width, view.height);
    state->shown = view;
    for (u64 at = 0; view.is_on && at < (u64)view.stride * view.height + PAGE_MASK; at += PAGE_SIZE)
        if (ram_holds(ram, view.address + at, 1))
            ram_unnote(ram, view.address + at, NOTE_SHOWN);
}

static void reset(struct device *device)
{
    struct framebuffer_state *state = device->state;
    const struct ram *ram = device->bus ? device->bus->ram : NULL;
    u64 size = (u64)4 * FRAMEBUFFER_WIDTH * FRAMEBUFFER_HEIGHT;

    *state = (struct framebuffer_state){0};
    if (!screen_of(device) || !ram || ram->size < SMALLEST_RAM)
        return;
    state->wanted = (struct framebuffer_view){.address = ram->base + ram->size - size,
                                              .width = FRAMEBUFFER_WIDTH,
                                              .height = FRAMEBUFFER_HEIGHT,
                                              .stride = 4 * FRAMEBUFFER_WIDTH,
                                              .is_on = 1};
    set_view(device, state->wanted);
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    const struct framebuffer_state *state = device->state;
    const struct framebuffer_view *wanted = &state->wanted;

    (void)size;
    switch (offset) {
    case FRAMEBUFFER_IDENTITY:
        return FRAMEBUFFER_ID;
    case FRAMEBUFFER_CONTROL:
        return state->shown.is_on;
    case FRAMEBUFFER_ADDRESS_LOW:
        return (u32)wanted->address;
    case FRAMEBUFFER_ADDRESS_HIGH:
        return wanted->address >> 32;
    case FRAMEBUFFER_COLUMNS:
        return wanted->width;
    case FRAMEBUFFER_ROWS:
        return wanted->height;
    case FRAMEBUFFER_STRIDE:
        return wanted->stride;
    default:
        return 0;
    }
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    struct framebuffer_view *wanted = &((struct framebuffer_state *)device->state)->wanted;

    (void)size;
    switch (offset) {
    case FRAMEBUFFER_CONTROL:
        wanted->is_on = value & 1;
        set_view(device, *wanted);
        break;
    case FRAMEBUFFER_ADDRESS_LOW:
        wanted->address = (wanted->address & ~(u64)UINT32_MAX) | (u32)value;
        break;
    case FRAMEBUFFER_ADDRESS_HIGH:
        wanted->address = (wanted->address & UINT32_MAX) | value << 32;
        break;
    case FRAMEBUFFER_COLUMNS:
        wanted->width = (u32)value;
        break;
    case FRAMEBUFFER_ROWS:
        wanted->height = (u32)value;
        break;
    case FRAMEBUFFER_STRIDE:
        wanted->stride = (u32)value;
        break;
    }
}

/* Draws the rows that have a byte in [from, to), offsets from the first pixel. */
static void draw_rows(const struct device *device, u64 from, u64 to)
{
    const struct framebuffer_view *view = framebuffer_view(device);
    const struct host_screen *screen = screen_of(device);
    struct host_rect part = {.y = (u32)(from / view->stride), .width = view->width};
    u64 end = (to + view->stride - 1) / view->stride;
    const u8 *pixels = ram_host(device->bus->ram, view->address) + (u64)part.y * view->stride;

    part.height = (u32)((end < view->height ? end : view->height) - part.y);
    screen->draw(screen->context, &part, (const u32 *)(const void *)pixels, view->stride / 4);
}

/* Pages that follow each other and have changed are drawn as one. */
static void show(struct device *device, enum host_look how)
{
    const struct framebuffer_view *view = framebuffer_view(device);
    struct ram *ram = device->bus->ram;
    u64 size = (u64)view->stride * view->height, from = 0, to;

    for (u64 at = 0; at < size; at = to) {
        bool changed = how == LOOK_AT_ALL || !(*ram_notes_at(ram, view->address + at) & NOTE_SHOWN);
        to = at + PAGE_SIZE - ((view->address + at) & PAGE_MASK);
        if (to > size)
            to = size;
        if (!changed) {
            if (from < at)
                draw_rows(device, from, at);
            from = to;
        }
    }
    if (from < size)
        draw_rows(device, from, size);
    ram_note_all(ram, view->address, size, NOTE_SHOWN);
}

void framebuffer_show(struct device *device)
{
    const struct host_screen *screen = screen_of(device);

    if (screen && screen->draw && framebuffer_view(device)->is_on)
        show(device, LOOK_AT_ALL);
}

static u64 tick(struct device *device, u64 now)
{
    const struct host_screen *screen = screen_of(device);
    u64 next = CLOCK_NEVER;
    enum host_look how;

    if (!screen || !screen->wants_look)
        return CLOCK_NEVER;
    how = screen->wants_look(screen->context, now, &next);
    if (how == LOOK_NOT_NOW)
        return next;
    if (screen->draw && framebuffer_view(device)->is_on)
        show(device, how);
    if (screen->looked)
        screen->looked(screen->context, now);
    return next;
}

static bool accepts(const struct device *device, const void *state, const void *bulk)
{
    const struct framebuffer_view *shown = &((const struct framebuffer_state *)state)->shown;

    (void)bulk;
    return !shown->is_on || is_possible(shown, device->bus->ram);
}

/* The size is told again, as the screen may have seen another machine. */
static void restored(struct device *device)
{
    const struct framebuffer_view *shown = framebuffer_view(device);
    const struct host_screen *screen = screen_of(device);

    if (screen && screen->set_size)
        screen->set_size(screen->context, shown->width, shown->height);
    framebuffer_show(device);
}

const struct device_type framebuffer_type = {
    .name = "framebuffer",
    .compatible = "vitrine,framebuffer",
    .regs = registers,
    .state_size = sizeof(struct framebuffer_state),
    .widths = 4,
    .reset = reset,
    .read = read,
    .write = write,
    .tick = tick,
    .accepts = accepts,
    .restored = restored,
};
