/* QEMU's words about lines of characters: the serial one, the virtio console, and where they go
 * (-chardev), which is this terminal or nowhere. Where keys are commands to us, so they are
 * whatever was said: one has to get out somehow. */
#include "frontend/qemu_parts.h"

#include <string.h>

bool qemu_read_chardev(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_chardev chardev = {.is_stdio = false};
    struct qemu_pair pair;

    for (const char *implied = "backend"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        if (qemu_is_key(&pair, "backend")) {
            chardev.is_stdio = !strcmp(pair.value, "stdio");
            if (!chardev.is_stdio && strcmp(pair.value, "null"))
                return QEMU_REFUSE(qemu, "-chardev is stdio or null here, not %.40s.", pair.value);
        } else if (qemu_is_key(&pair, "id")) {
            if (!qemu_read_id(qemu, word, pair.value, chardev.id))
                return false;
        } else if (!qemu_is_key(&pair, "mux") && !qemu_is_key(&pair, "signal")) {
            return qemu_refuse_pair(qemu, word, &pair);
        }
    }
    if (!chardev.id[0])
        return QEMU_REFUSE(qemu, "-chardev needs an id.");
    if (qemu->chardev_count == QEMU_CHARDEVS)
        return QEMU_REFUSE(qemu, "There can be %d of -chardev here.", QEMU_CHARDEVS);
    qemu->chardevs[qemu->chardev_count++] = chardev;
    return true;
}

/* NULL, and a sentence, when there is none of that name. */
static const struct qemu_chardev *find(struct qemu *qemu, const char *id)
{
    for (unsigned i = 0; i < qemu->chardev_count; i++)
        if (!strcmp(qemu->chardevs[i].id, id))
            return &qemu->chardevs[i];
    QEMU_REFUSE(qemu, "There is no -chardev with the id \"%.60s\" before it is named.", id);
    return NULL;
}

bool qemu_read_serial(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    bool is_stdio = !strcmp(text, "mon:stdio") || !strcmp(text, "stdio");
    bool is_nothing = !strcmp(text, "null") || !strcmp(text, "none");

    if (!strncmp(text, "chardev:", 8)) {
        const struct qemu_chardev *chardev = find(qemu, text + 8);
        if (!chardev)
            return false;
        is_stdio = chardev->is_stdio;
        is_nothing = !is_stdio;
    }
    bool is_file = !strncmp(text, "file:", 5) && text[5];
    if (!is_stdio && !is_nothing && !is_file)
        return QEMU_REFUSE(qemu,
                           "-%s %.60s cannot be had here; it takes mon:stdio, stdio, null, none, "
                           "file:PATH or chardev:ID.",
                           word->name, text);
    if (qemu->has_serial && is_nothing)
        return true;
    if (qemu->has_serial)
        return QEMU_REFUSE(qemu, "The board has one serial line, and -serial was said before.");
    qemu->has_serial = true;
    qemu->options->no_serial = is_nothing;
    qemu->options->serial_path = is_file ? text + 5 : NULL;
    return true;
}

/* -mon chardev=ID: the keys are there, the monitor is not. */
bool qemu_read_monitor(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    for (const char *implied = "chardev"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        if (qemu_is_key(&pair, "mode") && !strcmp(pair.value, "readline"))
            continue;
        if (!qemu_is_key(&pair, "chardev"))
            return qemu_refuse_pair(qemu, word, &pair);
        if (!find(qemu, pair.value))
            return false;
    }
    return true;
}

bool qemu_plug_serial_bus(struct qemu *qemu, const char *list)
{
    static const struct qemu_key no_keys[] = {{0}};

    if (qemu->options->console_slot)
        return QEMU_REFUSE(qemu, "-device: there can be one virtio-serial-device here.");
    return qemu_read_keys(qemu, list, no_keys, &qemu->options->console_slot);
}

/* Its bus= names the serial device, of which there is one. */
bool qemu_plug_console(struct qemu *qemu, const char *list)
{
    char id[QEMU_ID] = "", bus[QEMU_ID];
    const struct qemu_key keys[] = {{"chardev", id, NULL}, {"bus", bus, NULL}, {0}};

    if (!qemu_read_keys(qemu, list, keys, NULL))
        return false;
    if (qemu->has_virtconsole)
        return QEMU_REFUSE(qemu, "-device: there can be one virtconsole here.");
    qemu->has_virtconsole = true;
    const struct qemu_chardev *chardev = id[0] ? find(qemu, id) : NULL;
    if (id[0] && !chardev)
        return false;
    if (chardev && chardev->is_stdio)
        qemu->options->console = CONSOLE_VIRTIO;
    return true;
}

bool qemu_finish_lines(struct qemu *qemu)
{
    struct options *options = qemu->options;

    if (qemu->has_virtconsole && !options->console_slot)
        return QEMU_REFUSE(qemu, "-device virtconsole needs a -device virtio-serial-device.");
    if (options->serial_path && options->console == CONSOLE_VIRTIO)
        return QEMU_REFUSE(qemu,
                           "-serial file: and a virtconsole on stdio cannot be had together.");
    options->no_serial |= qemu->no_defaults && !qemu->has_serial;
    options->no_console = options->no_serial && options->console != CONSOLE_VIRTIO;
    return true;
}
