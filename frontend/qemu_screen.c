/* QEMU's words about screen, keyboard and pointer. Without a word about displays there is a window
 * if there is a virtio-gpu-device to be seen in it and a window can be opened. */
#include "frontend/qemu_parts.h"

#include <string.h>

/* What QEMU shows when nothing was said. */
#define GPU_WIDTH  1280u
#define GPU_HEIGHT 800u
#define SIZE_MOST  16384u

/* Here there is one kind of window. */
bool qemu_read_display(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    static const char *const kinds[] = {"none", "sdl", "gtk", "default", NULL};
    static const char *const idle[] = {
        "type",         "gl",        "show-cursor",  "zoom-to-fit", "grab-mod",
        "window-close", "show-tabs", "show-menubar", "alt_grab",    NULL};
    struct qemu_pair pair;

    qemu->options->display = DISPLAY_NONE;
    for (const char *implied = "type"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        const char *const *known = idle;
        while (*known && !qemu_is_key(&pair, *known))
            known++;
        if (!*known || (qemu_is_key(&pair, "gl") && strcmp(pair.value, "off")))
            return qemu_refuse_pair(qemu, word, &pair);
        if (!qemu_is_key(&pair, "type"))
            continue;
        for (known = kinds; *known && strcmp(*known, pair.value);)
            known++;
        if (!*known)
            return QEMU_REFUSE(
                qemu, "-display %.60s cannot be had here; it takes none, sdl or gtk.", pair.value);
        qemu->options->display = known == kinds ? DISPLAY_NONE : DISPLAY_SDL;
    }
    qemu->has_display = true;
    return true;
}

bool qemu_read_nographic(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)word;
    (void)text;
    qemu->options->display = DISPLAY_NONE;
    qemu->has_display = true;
    return true;
}

static bool take_once(struct qemu *qemu, const char *list, const struct qemu_key *keys,
                      const char *name, unsigned *slot)
{
    if (*slot)
        return QEMU_REFUSE(qemu, "-device: there can be one %s here.", name);
    return qemu_read_keys(qemu, list, keys, slot);
}

bool qemu_plug_gpu(struct qemu *qemu, const char *list)
{
    struct options *options = qemu->options;
    u64 width = GPU_WIDTH, height = GPU_HEIGHT;
    const struct qemu_key keys[] = {{"xres", NULL, &width}, {"yres", NULL, &height}, {0}};

    if (!take_once(qemu, list, keys, "virtio-gpu-device", &options->gpu_slot))
        return false;
    if (!width || !height || width > SIZE_MOST || height > SIZE_MOST)
        return QEMU_REFUSE(qemu, "-device virtio-gpu-device: xres and yres are 1 to %u.",
                           SIZE_MOST);
    options->gpu_width = (u32)width;
    options->gpu_height = (u32)height;
    return true;
}

static const struct qemu_key no_keys[] = {{0}};

bool qemu_plug_keyboard(struct qemu *qemu, const char *list)
{
    return take_once(qemu, list, no_keys, "virtio-keyboard-device", &qemu->options->keyboard_slot);
}

bool qemu_plug_tablet(struct qemu *qemu, const char *list)
{
    return take_once(qemu, list, no_keys, "virtio-tablet-device", &qemu->options->tablet_slot);
}

bool qemu_plug_mouse(struct qemu *qemu, const char *list)
{
    return take_once(qemu, list, no_keys, "virtio-mouse-device", &qemu->options->mouse_slot);
}

void qemu_finish_screen(struct qemu *qemu)
{
    struct options *options = qemu->options;

    if (!qemu->has_display)
        options->display = DISPLAY_IF_ANY;
    if (!options->gpu_slot)
        options->display = DISPLAY_NONE;
}
