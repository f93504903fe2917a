/* Screen, keyboard and pointer put together (see screen.h). */
#include "frontend/screen.h"

#include "devices/framebuffer.h"
#include "frontend/display.h"
#include "frontend/input.h"
#include "frontend/window.h"
#include "loader/refuse.h"

#include <stdio.h>
#include <stdlib.h>

struct screen {
    struct display display;
    struct input input;
    struct host_input keyboard, pointer; /* what the devices see of input */
    struct window *window;               /* NULL: only screenshots */
};

static void add_shots(struct display *display, const struct options *options)
{
    _Static_assert(OPTION_SHOTS <= DISPLAY_SHOTS, "all that can be asked for fit");
    for (unsigned i = 0; i < options->shot_count; i++)
        display->shots[i] =
            (struct display_shot){.path = options->shots[i].path, .at = options->shots[i].at};
    display->shot_count = options->shot_count;
}

/* In QEMU's words every device is named, and all of them may be had without a window. */
static bool is_wanted(const struct options *options)
{
    if (!options->as_qemu)
        return options->shot_count || options->display != DISPLAY_NONE;
    return options->gpu_slot || options->keyboard_slot || options->tablet_slot ||
           options->mouse_slot;
}

static void join(struct screen *screen, const struct options *options)
{
    struct host_screen *gpu = &screen->display.screens[SOURCE_GPU];

    if (options->gpu_width) {
        gpu->width = options->gpu_width;
        gpu->height = options->gpu_height;
    }
    screen->keyboard = input_keyboard(&screen->input);
    screen->pointer = input_pointing(&screen->input);
}

bool screen_open(struct screen **screen, const struct options *options, struct outside *outside,
                 bool *wants_quit, char *message, size_t message_size)
{
    struct screen *opened = NULL;

    *screen = NULL;
    if (!is_wanted(options))
        return true;
    opened = *screen = calloc(1, sizeof *opened);
    if (!opened)
        return refuse(message, message_size, "There is no memory left for the screen.");
    display_init(&opened->display);
    input_init(&opened->input);
    add_shots(&opened->display, options);
    join(opened, options);
    const struct host_screen *gpu = &opened->display.screens[SOURCE_GPU];
    if (options->display != DISPLAY_NONE)
        opened->window = window_open(&opened->display, &opened->input, options->scale, wants_quit,
                                     message, message_size);
    if (opened->window)
        outside_add(outside, window_attendant(opened->window));
    else if (options->display == DISPLAY_IF_ANY)
        fprintf(stderr, "vitrine: %s It goes on without one.\n", message);
    if (options->mouse_slot && !options->tablet_slot)
        input_be_mouse(&opened->input, gpu->width, gpu->height);
    return opened->window || options->display != DISPLAY_SDL;
}

static const struct host_input nobody; /* a mouse beside a tablet */

static void plug_named(struct screen *screen, struct host *host, const struct options *options)
{
    const struct {
        unsigned slot;
        enum host_plug_kind kind;
        const void *backend;
    } plugs[] = {
        {options->gpu_slot, PLUG_SCREEN, &screen->display.screens[SOURCE_GPU]},
        {options->keyboard_slot, PLUG_KEYBOARD, &screen->keyboard},
        {options->tablet_slot, PLUG_TABLET, &screen->pointer},
        {options->mouse_slot, PLUG_MOUSE, options->tablet_slot ? &nobody : &screen->pointer},
    };
    for (unsigned i = 0; i < sizeof plugs / sizeof *plugs; i++)
        if (plugs[i].slot)
            host_plug_at(host, plugs[i].slot, plugs[i].kind, plugs[i].backend);
}

void screen_plug(struct screen *screen, struct host *host, const struct options *options)
{
    if (!screen)
        return;
    if (options->as_qemu) {
        plug_named(screen, host, options);
        return;
    }
    host_plug(host, PLUG_SCREEN, &screen->display.screens[SOURCE_GPU]);
    host_plug(host, PLUG_KEYBOARD, &screen->keyboard);
    host_plug(host, PLUG_TABLET, &screen->pointer);
    host->framebuffer = &screen->display.screens[SOURCE_FRAMEBUFFER];
}

bool screen_finish(struct screen *screen, struct machine *machine, char *message,
                   size_t message_size)
{
    if (!screen)
        return true;
    framebuffer_show(machine_device(machine, framebuffer_type.name, 0));
    display_finish(&screen->display);
    return !screen->display.message[0] ||
           refuse(message, message_size, "%s", screen->display.message);
}

void screen_close(struct screen *screen)
{
    if (!screen)
        return;
    window_close(screen->window);
    display_free(&screen->display);
    free(screen);
}
