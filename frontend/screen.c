/* Screen, keyboard and pointer put together (see screen.h). */
#include "frontend/screen.h"

#include "devices/framebuffer.h"
#include "frontend/display.h"
#include "frontend/input.h"
#include "frontend/window.h"
#include "loader/refuse.h"

#include <stdlib.h>

struct screen {
    struct display display;
    struct input input;
    struct host_input keyboard, tablet; /* what the devices see of input */
    struct window *window;              /* NULL: only screenshots */
};

static void add_shots(struct display *display, const struct options *options)
{
    _Static_assert(OPTION_SHOTS <= DISPLAY_SHOTS, "all that can be asked for fit");
    for (unsigned i = 0; i < options->shot_count; i++)
        display->shots[i] =
            (struct display_shot){.path = options->shots[i].path, .at = options->shots[i].at};
    display->shot_count = options->shot_count;
}

bool screen_open(struct screen **screen, const struct options *options, struct outside *outside,
                 bool *wants_quit, char *message, size_t message_size)
{
    struct screen *opened = NULL;

    *screen = NULL;
    if (!options->shot_count && options->display == DISPLAY_NONE)
        return true;
    opened = *screen = calloc(1, sizeof *opened);
    if (!opened)
        return refuse(message, message_size, "There is no memory left for the screen.");
    display_init(&opened->display);
    input_init(&opened->input);
    add_shots(&opened->display, options);
    opened->keyboard = input_keyboard(&opened->input);
    opened->tablet = input_pointing(&opened->input);
    if (options->display == DISPLAY_NONE)
        return true;
    opened->window = window_open(&opened->display, &opened->input, options->scale, wants_quit,
                                 message, message_size);
    if (!opened->window)
        return false;
    outside->attendants[outside->attendant_count++] = window_attendant(opened->window);
    return true;
}

void screen_plug(struct screen *screen, struct host *host)
{
    if (!screen)
        return;
    host_plug(host, PLUG_SCREEN, &screen->display.screens[SOURCE_GPU]);
    host_plug(host, PLUG_KEYBOARD, &screen->keyboard);
    host_plug(host, PLUG_TABLET, &screen->tablet);
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
