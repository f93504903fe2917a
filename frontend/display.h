/* The picture that the guest shows: collected here from the devices that draw it, for the window
 * and for screenshots. Two draw: the framebuffer, and virtio-gpu, which has the screen whenever its
 * driver shows something. Runs without a window, too. */
#ifndef FRONTEND_DISPLAY_H
#define FRONTEND_DISPLAY_H

#include "devices/host.h"
#include "memory/types.h"

#define DISPLAY_WIDTH  1024u /* when nobody says otherwise */
#define DISPLAY_HEIGHT 768u
#define DISPLAY_SHOTS  8

enum display_source { SOURCE_FRAMEBUFFER, SOURCE_GPU, SOURCES };

/* A screenshot that was asked for. */
struct display_shot {
    const char *path;
    u64 at; /* tick of the guest's clock; UINT64_MAX: when the run ends */
    bool is_done;
};

struct display_input {
    struct display *display;
    u32 width, height; /* of what this source shows; 0 nothing */
};

struct display {
    struct display_input inputs[SOURCES];
    struct host_screen screens[SOURCES]; /* what the devices see */
    enum display_source owner;           /* whose picture it is */
    u32 *pixels;                         /* width * height */
    u32 width, height;
    struct host_rect damage; /* what has changed since display_seen(); width 0: nothing */
    bool must_look;          /* the window would like to know what is in memory now */
    bool must_draw_all;
    u32 cursor[HOST_CURSOR * HOST_CURSOR]; /* colours not multiplied by alpha, as SDL has them */
    bool has_cursor, cursor_changed;
    i32 cursor_x, cursor_y;
    bool size_is_new; /* the guest has not taken the size that is wanted */
    u32 wanted_width, wanted_height;
    struct display_shot shots[DISPLAY_SHOTS];
    unsigned shot_count;
    char message[512]; /* why a screenshot failed; empty: none did */
};

/* The display stays where it is; screens[] can then be plugged in. */
void display_init(struct display *display);
void display_free(struct display *display);
/* Another size is wanted from now on. */
void display_want_size(struct display *display, u32 width, u32 height);
/* What has changed is in the window now. */
void display_seen(struct display *display);
/* Writes the screenshots that are left. The devices have drawn everything. */
void display_finish(struct display *display);

#endif
