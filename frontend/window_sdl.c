/* The window (see window.h). It must not slow the guest down: it looks for events 250 times and
 * shows what has changed at most 60 times a second, or less often when that takes long, and while
 * nothing changes it shows nothing.
 *
 * SDL draws in software: the host's graphics would be quicker for large windows, but where there
 * are none it is Mesa's own software that gets busy, on every core. SDL_RENDER_DRIVER=opengl asks
 * for them. */
#include "frontend/window.h"

#include "devices/evdev.h"
#include "frontend/console.h"
#include "frontend/keys.h"
#include "frontend/sdl.h"
#include "loader/refuse.h"

#include <stdlib.h>
#include <time.h>

#define MILLISECOND_NS ((u64)1000000)
#define PRESENT_NS     (MILLISECOND_NS * 1000 / 60)
#define SHARE          5 /* presenting may take a fifth of the time, no more */
#define LOOK_NS        (4 * MILLISECOND_NS)
#define SETTLE_NS      (250 * MILLISECOND_NS) /* a size that has not changed for so long is meant */

struct window {
    struct sdl sdl;
    struct display *display;
    struct input *input;
    enum scale scale;
    bool *wants_quit;
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *picture, *cursor;
    u32 picture_width, picture_height; /* of the texture */
    u32 width, height;                 /* pixels of the window */
    struct scale_place place;          /* of the picture in it */
    bool must_present, is_grabbed, is_closing;
    u64 next_look_ns, next_present_ns;
    u64 settle_ns; /* when the new size is told to the guest; 0: it knows */
};

/* What we have cost so far: not the time in which others were busy. */
static u64 spent_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (u64)at.tv_sec * 1000 * MILLISECOND_NS + (u64)at.tv_nsec;
}

static void say(struct window *window)
{
    const char *title = window->is_closing   ? "Vitrine - power key pressed; close again to force"
                        : window->is_grabbed ? "Vitrine - Ctrl+Alt+G releases keyboard and pointer"
                                             : "Vitrine";

    window->sdl.SetWindowTitle(window->window, title);
}

/* Where things are, after window or picture have changed size. */
static void measure(struct window *window)
{
    int width = 0, height = 0;

    window->sdl.GetRendererOutputSize(window->renderer, &width, &height);
    window->width = (u32)width;
    window->height = (u32)height;
    window->place = scale_fit(window->scale, window->width, window->height, window->display->width,
                              window->display->height);
    window->must_present = true;
}

static SDL_Texture *make_texture(struct window *window, u32 format, u32 width, u32 height)
{
    SDL_Texture *texture = window->sdl.CreateTexture(
        window->renderer, format, SDL_TEXTUREACCESS_STREAMING, (int)width, (int)height);

    if (texture)
        window->sdl.SetTextureScaleMode(
            texture, window->scale == SCALE_SMOOTH ? SDL_ScaleModeLinear : SDL_ScaleModeNearest);
    return texture;
}

/* What has changed goes to the host's graphics. */
static void upload(struct window *window)
{
    const struct display *display = window->display;
    struct host_rect damage = display->damage;

    if (window->picture_width != display->width || window->picture_height != display->height) {
        if (window->picture)
            window->sdl.DestroyTexture(window->picture);
        window->picture = display->width ? make_texture(window, SDL_PIXELFORMAT_RGB888,
                                                        display->width, display->height)
                                         : NULL;
        window->picture_width = display->width;
        window->picture_height = display->height;
        damage = (struct host_rect){.width = display->width, .height = display->height};
        measure(window);
    }
    if (window->picture && damage.width) {
        SDL_Rect part = {(int)damage.x, (int)damage.y, (int)damage.width, (int)damage.height};
        window->sdl.UpdateTexture(window->picture, &part,
                                  display->pixels + (u64)damage.y * display->width + damage.x,
                                  (int)(4 * display->width));
    }
    if (display->cursor_changed && window->cursor)
        window->sdl.UpdateTexture(window->cursor, NULL, display->cursor, 4 * HOST_CURSOR);
}

static void draw_cursor(struct window *window)
{
    const struct display *display = window->display;
    const struct scale_place *place = &window->place;
    float across = (float)place->width / (float)display->width;
    float down = (float)place->height / (float)display->height;
    SDL_FRect at = {(float)place->x + (float)display->cursor_x * across,
                    (float)place->y + (float)display->cursor_y * down, HOST_CURSOR * across,
                    HOST_CURSOR * down};

    window->sdl.RenderCopyF(window->renderer, window->cursor, NULL, &at);
}

static void present(struct window *window)
{
    const struct scale_place *place = &window->place;
    bool has_cursor = window->display->has_cursor && window->cursor;

    upload(window);
    if (!window->picture || place->width < window->width || place->height < window->height) {
        window->sdl.SetRenderDrawColor(window->renderer, 0, 0, 0, 255);
        window->sdl.RenderClear(window->renderer);
    }
    if (window->picture) {
        SDL_Rect at = {place->x, place->y, (int)place->width, (int)place->height};
        window->sdl.RenderCopy(window->renderer, window->picture, NULL, &at);
        if (has_cursor)
            draw_cursor(window);
    }
    window->sdl.RenderPresent(window->renderer);
    /* A guest with graphics shows a pointer of its own, in the cursor plane or drawn by itself. */
    window->sdl.ShowCursor(window->display->owner == SOURCE_GPU ? SDL_DISABLE : SDL_ENABLE);
    display_seen(window->display);
    window->must_present = false;
}

static void paste(struct window *window)
{
    char *text = window->sdl.GetClipboardText();

    input_release_all(window->input); /* Ctrl and Shift are still down */
    if (text)
        input_paste(window->input, text);
    window->sdl.free(text);
}

static void toggle_grab(struct window *window)
{
    window->is_grabbed = !window->is_grabbed;
    window->sdl.SetWindowGrab(window->window, window->is_grabbed ? SDL_TRUE : SDL_FALSE);
    window->sdl.SetWindowKeyboardGrab(window->window, window->is_grabbed ? SDL_TRUE : SDL_FALSE);
    input_release_all(window->input);
    say(window);
}

static void toggle_full_screen(struct window *window)
{
    bool is_full = window->sdl.GetWindowFlags(window->window) & SDL_WINDOW_FULLSCREEN_DESKTOP;

    window->sdl.SetWindowFullscreen(window->window, is_full ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

/* Is it one of ours? Then it is done, and the guest does not see it. */
static bool is_command(struct window *window, const SDL_Keysym *key)
{
    bool is_control = key->mod & KMOD_CTRL;

    if (key->scancode == SDL_SCANCODE_F11)
        toggle_full_screen(window);
    else if (is_control && key->mod & KMOD_ALT && key->scancode == SDL_SCANCODE_G)
        toggle_grab(window);
    else if (is_control && key->mod & KMOD_SHIFT && key->scancode == SDL_SCANCODE_V)
        paste(window);
    else
        return false;
    return true;
}

static void press_key(struct window *window, const SDL_KeyboardEvent *event)
{
    if (event->repeat) /* the guest repeats keys itself */
        return;
    if (!is_command(window, &event->keysym))
        input_press(window->input, key_of_scancode(event->keysym.scancode));
}

/* From points of the window to the guest's coordinates. */
static void move(struct window *window, i32 x, i32 y)
{
    const struct scale_place *place = &window->place;
    int width = 0, height = 0;

    window->sdl.GetWindowSize(window->window, &width, &height);
    x = scale_to_pixel(x, (u32)width, window->width);
    y = scale_to_pixel(y, (u32)height, window->height);
    input_move(window->input, scale_axis(x, place->x, place->width),
               scale_axis(y, place->y, place->height));
}

/* Politely first. */
static void close_button(struct window *window)
{
    if (window->is_closing) {
        *window->wants_quit = true;
        return;
    }
    window->is_closing = true;
    input_release_all(window->input);
    input_press(window->input, KEY_POWER);
    input_release(window->input, KEY_POWER);
    say(window);
}

static void window_event(struct window *window, const SDL_WindowEvent *event)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
    case SDL_WINDOWEVENT_DISPLAY_CHANGED: /* the new one may be denser */
        measure(window);
        window->settle_ns = console_now_ns() + SETTLE_NS;
        break;
    case SDL_WINDOWEVENT_EXPOSED:
        window->must_present = true;
        break;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        input_release_all(window->input);
        break;
    case SDL_WINDOWEVENT_CLOSE:
        close_button(window);
        break;
    }
}

static void handle(struct window *window, const SDL_Event *event)
{
    struct input *input = window->input;

    switch (event->type) {
    case SDL_WINDOWEVENT:
        window_event(window, &event->window);
        break;
    case SDL_KEYDOWN:
        press_key(window, &event->key);
        break;
    case SDL_KEYUP:
        input_release(input, key_of_scancode(event->key.keysym.scancode));
        break;
    case SDL_MOUSEMOTION:
        move(window, event->motion.x, event->motion.y);
        break;
    case SDL_MOUSEBUTTONDOWN:
        move(window, event->button.x, event->button.y);
        input_press(input, key_of_button(event->button.button));
        break;
    case SDL_MOUSEBUTTONUP:
        input_release(input, key_of_button(event->button.button));
        break;
    case SDL_MOUSEWHEEL:
        input_turn_wheel(input, REL_WHEEL, event->wheel.y);
        input_turn_wheel(input, REL_HWHEEL, event->wheel.x);
        break;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET: /* textures are empty, or gone */
        window->picture_width = 0;
        window->must_present = true;
        break;
    }
}

static void tell_size(struct window *window, u64 now)
{
    if (window->settle_ns == 0 || now < window->settle_ns)
        return;
    window->settle_ns = 0;
    if (window->width != window->display->wanted_width ||
        window->height != window->display->wanted_height)
        display_want_size(window->display, window->width, window->height);
}

static void attend(void *context, const struct pollfd *fds, unsigned count)
{
    struct window *window = context;
    struct display *display = window->display;
    u64 now = console_now_ns(), took = spent_ns();
    SDL_Event event;

    (void)fds;
    (void)count;
    if (now < window->next_look_ns)
        return;
    window->next_look_ns = now + LOOK_NS;
    while (window->sdl.PollEvent(&event))
        handle(window, &event);
    tell_size(window, now);
    if (now < window->next_present_ns)
        return;
    if (window->must_present || display->damage.width || display->cursor_changed ||
        window->picture_width != display->width) {
        present(window);
        took = spent_ns() - took;
        window->next_present_ns = now + (took * SHARE > PRESENT_NS ? took * SHARE : PRESENT_NS);
    }
    display->must_look = true; /* what is in memory then is shown the next time */
}

/* Its connection to the desktop is not for us to wait for: look again soon. */
static unsigned prepare(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    (void)context;
    (void)fds;
    (void)room;
    if (*ns > PRESENT_NS)
        *ns = PRESENT_NS;
    return 0;
}

struct attendant window_attendant(struct window *window)
{
    return (struct attendant){.context = window, .prepare = prepare, .attend = attend};
}

static bool start(struct window *window)
{
    const struct host_screen *gpu = &window->display->screens[SOURCE_GPU];
    u32 flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;

    window->sdl.SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); /* they are terminal.c's */
    window->sdl.SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    window->sdl.SetHint(SDL_HINT_QUIT_ON_LAST_WINDOW_CLOSE, "0");
    window->sdl.SetHint(SDL_HINT_RENDER_DRIVER, "software"); /* the environment may overrule it */
    window->sdl.SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    window->sdl.SetHint(SDL_HINT_APP_NAME, "vitrine");
    if (window->sdl.Init(SDL_INIT_VIDEO) != 0 || !sdl_is_seen(&window->sdl))
        return false;
    window->window =
        window->sdl.CreateWindow("Vitrine", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                 (int)gpu->width, (int)gpu->height, flags);
    if (!window->window)
        return false;
    window->renderer = window->sdl.CreateRenderer(window->window, -1, 0);
    if (!window->renderer)
        window->renderer = window->sdl.CreateRenderer(window->window, -1, SDL_RENDERER_SOFTWARE);
    if (!window->renderer)
        return false;
    window->cursor = make_texture(window, SDL_PIXELFORMAT_ARGB8888, HOST_CURSOR, HOST_CURSOR);
    if (window->cursor)
        window->sdl.SetTextureBlendMode(window->cursor, SDL_BLENDMODE_BLEND);
    window->sdl.StopTextInput(); /* keys, not what an input method makes of them */
    return true;
}

struct window *window_open(struct display *display, struct input *input, enum scale scale,
                           bool *wants_quit, char *message, size_t message_size)
{
    struct window *window = calloc(1, sizeof *window);

    if (!window)
        return NULL;
    *window = (struct window){
        .display = display, .input = input, .scale = scale, .wants_quit = wants_quit};
    if (!sdl_load(&window->sdl, message, message_size)) {
        free(window);
        return NULL;
    }
    if (!start(window)) {
        refuse(message, message_size, "A window cannot be opened: %s; use --display none.",
               window->sdl.GetError());
        window_close(window);
        return NULL;
    }
    measure(window);
    display_want_size(display, window->width, window->height);
    display->size_is_new = false; /* the size at power-on */
    for (unsigned i = 0; i < SOURCES; i++) {
        display->screens[i].width = window->width;
        display->screens[i].height = window->height;
    }
    return window;
}

void window_close(struct window *window)
{
    if (!window)
        return;
    window->sdl.Quit(); /* with everything that belongs to it */
    free(window);
}
