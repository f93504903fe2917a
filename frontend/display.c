/* Collecting the picture (see display.h). */
#include "frontend/display.h"

#include "frontend/png.h"

#include <stdlib.h>
#include <string.h>

static void damage_all(struct display *display)
{
    display->damage = (struct host_rect){.width = display->width, .height = display->height};
}

/* The smallest rectangle that holds both. */
static void add_damage(struct display *display, const struct host_rect *part)
{
    struct host_rect *damage = &display->damage;
    u32 right = part->x + part->width, bottom = part->y + part->height;

    if (damage->width == 0) {
        *damage = *part;
        return;
    }
    if (right < damage->x + damage->width)
        right = damage->x + damage->width;
    if (bottom < damage->y + damage->height)
        bottom = damage->y + damage->height;
    if (part->x < damage->x)
        damage->x = part->x;
    if (part->y < damage->y)
        damage->y = part->y;
    damage->width = right - damage->x;
    damage->height = bottom - damage->y;
}

/* A black picture, or the one that there is if it has that size: its source draws all of it next.
 * Without memory for it there is none. */
static void resize(struct display *display, u32 width, u32 height)
{
    if (display->pixels && width == display->width && height == display->height)
        return;
    free(display->pixels);
    display->pixels = width && height ? calloc((size_t)width * height, sizeof(u32)) : NULL;
    display->width = display->pixels ? width : 0;
    display->height = display->pixels ? height : 0;
    damage_all(display);
}

/* virtio-gpu, if its driver shows something; else the framebuffer, which must then draw all. */
static void choose_owner(struct display *display)
{
    bool has_gpu = display->inputs[SOURCE_GPU].width != 0;

    display->owner = has_gpu ? SOURCE_GPU : SOURCE_FRAMEBUFFER;
    display->must_draw_all = !has_gpu;
}

static void set_size(void *context, u32 width, u32 height)
{
    struct display_input *input = context;
    struct display *display = input->display;
    enum display_source before = display->owner;

    input->width = width;
    input->height = height;
    choose_owner(display);
    if (display->owner == before && input != &display->inputs[before])
        return;
    resize(display, display->inputs[display->owner].width, display->inputs[display->owner].height);
}

/* Guests say more than has changed (Linux's console draws everything for a blinking cursor), and to
 * compare costs less than to show. */
static void draw(void *context, const struct host_rect *part, const u32 *pixels, u32 stride)
{
    const struct display_input *input = context;
    struct display *display = input->display;
    struct host_rect changed = {.x = part->x, .width = part->width, .height = 1};
    size_t size = (size_t)4 * part->width;

    if (input != &display->inputs[display->owner] || !display->pixels)
        return;
    for (u32 row = 0; row < part->height; row++, pixels += stride) {
        u32 *to = display->pixels + (u64)(part->y + row) * display->width + part->x;
        if (!memcmp(to, pixels, size))
            continue;
        memcpy(to, pixels, size);
        changed.y = part->y + row;
        add_damage(display, &changed);
    }
}

/* A colour as it is, from one that has been multiplied by its alpha. */
static u32 divide_by_alpha(u32 pixel)
{
    u32 alpha = pixel >> 24, result = alpha << 24;

    for (unsigned shift = 0; alpha && shift < 24; shift += 8) {
        u32 colour = ((pixel >> shift & 255) * 255 + alpha / 2) / alpha;
        result |= (colour < 255 ? colour : 255) << shift;
    }
    return result;
}

static void set_cursor(void *context, const u32 *pixels)
{
    struct display *display = ((struct display_input *)context)->display;

    display->has_cursor = pixels != NULL;
    display->cursor_changed = true;
    for (u32 i = 0; pixels && i < HOST_CURSOR * HOST_CURSOR; i++)
        display->cursor[i] = divide_by_alpha(pixels[i]);
}

static void move_cursor(void *context, i32 x, i32 y)
{
    struct display *display = ((struct display_input *)context)->display;

    display->cursor_x = x;
    display->cursor_y = y;
    display->cursor_changed = true;
}

static bool next_size(void *context, u32 *width, u32 *height)
{
    struct display *display = ((struct display_input *)context)->display;

    if (!display->size_is_new)
        return false;
    display->size_is_new = false;
    *width = display->wanted_width;
    *height = display->wanted_height;
    return true;
}

/* For the window, and for screenshots whose time has come. */
static enum host_look wants_look(void *context, u64 now, u64 *next)
{
    const struct display *display = ((struct display_input *)context)->display;
    bool must = display->must_look;

    for (unsigned i = 0; i < display->shot_count; i++) {
        const struct display_shot *shot = &display->shots[i];
        if (shot->is_done)
            continue;
        must |= shot->at <= now;
        if (shot->at > now && shot->at < *next)
            *next = shot->at;
    }
    if (!must)
        return LOOK_NOT_NOW;
    return display->must_draw_all ? LOOK_AT_ALL : LOOK_FOR_CHANGES;
}

static u32 blend(u32 below, u32 above)
{
    u32 alpha = above >> 24, result = 0;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        u32 mixed = (above >> shift & 255) * alpha + (below >> shift & 255) * (255 - alpha);
        result |= (mixed + 127) / 255 << shift;
    }
    return result;
}

static void blend_cursor(const struct display *display, u32 *pixels)
{
    for (u32 i = 0; display->has_cursor && i < HOST_CURSOR * HOST_CURSOR; i++) {
        i64 x = (i64)display->cursor_x + i % HOST_CURSOR,
            y = (i64)display->cursor_y + i / HOST_CURSOR;
        if (x < 0 || y < 0 || x >= display->width || y >= display->height)
            continue;
        u32 *at = pixels + (u64)y * display->width + (u64)x;
        *at = blend(*at, display->cursor[i]);
    }
}

/* No picture is a black one. */
static void shoot(struct display *display, struct display_shot *shot)
{
    u32 width = display->width ? display->width : DISPLAY_WIDTH;
    u32 height = display->height ? display->height : DISPLAY_HEIGHT;
    u32 *copy = calloc((size_t)width * height, sizeof *copy);

    shot->is_done = true;
    if (!copy)
        return;
    if (display->pixels) {
        memcpy(copy, display->pixels, (size_t)4 * width * height);
        blend_cursor(display, copy);
    }
    png_save(shot->path, copy, width, height, display->message, sizeof display->message);
    free(copy);
}

static void looked(void *context, u64 now)
{
    struct display *display = ((struct display_input *)context)->display;

    display->must_look = display->must_draw_all = false;
    for (unsigned i = 0; i < display->shot_count; i++)
        if (!display->shots[i].is_done && display->shots[i].at <= now)
            shoot(display, &display->shots[i]);
}

void display_init(struct display *display)
{
    memset(display, 0, sizeof *display);
    for (unsigned i = 0; i < SOURCES; i++) {
        display->inputs[i].display = display;
        display->screens[i] = (struct host_screen){.context = &display->inputs[i],
                                                   .width = DISPLAY_WIDTH,
                                                   .height = DISPLAY_HEIGHT,
                                                   .set_size = set_size,
                                                   .draw = draw};
    }
    struct host_screen *gpu = &display->screens[SOURCE_GPU];
    gpu->next_size = next_size;
    gpu->set_cursor = set_cursor;
    gpu->move_cursor = move_cursor;
    struct host_screen *framebuffer = &display->screens[SOURCE_FRAMEBUFFER];
    framebuffer->wants_look = wants_look;
    framebuffer->looked = looked;
}

void display_free(struct display *display)
{
    free(display->pixels);
    display->pixels = NULL;
}

void display_want_size(struct display *display, u32 width, u32 height)
{
    display->wanted_width = width;
    display->wanted_height = height;
    display->size_is_new = true;
}

void display_seen(struct display *display)
{
    display->damage = (struct host_rect){0};
    display->cursor_changed = false;
}

void display_finish(struct display *display)
{
    looked(&display->inputs[SOURCE_FRAMEBUFFER], UINT64_MAX);
}
