/* QEMU's words about what is plugged in: -drive and -device. A device names what is behind it and
 * may come before that on the command line, so devices are read last. */
#include "frontend/qemu_parts.h"

#include <string.h>

bool qemu_read_id(struct qemu *qemu, const struct qemu_word *word, const char *text, char *id)
{
    if (!*text || strlen(text) >= QEMU_ID)
        return QEMU_REFUSE(qemu, "-%s: an id has 1 to %d characters.", word->name, QEMU_ID - 1);
    strcpy(id, text);
    return true;
}

static struct qemu_drive *find_drive(struct qemu *qemu, const char *id)
{
    for (unsigned i = 0; i < qemu->drive_count; i++)
        if (!strcmp(qemu->drives[i].id, id))
            return &qemu->drives[i];
    return NULL;
}

/* What may be said of a drive and changes nothing here: every write reaches the host's file, and
 * FLUSH the disk, whatever the host's cache is to do. */
static bool is_idle_drive_word(const struct qemu_pair *pair)
{
    static const char *const keys[] = {"cache", "aio", "media", "discard", "detect-zeroes", NULL};

    for (unsigned i = 0; keys[i]; i++)
        if (qemu_is_key(pair, keys[i]))
            return strcmp(pair->value, "cdrom") != 0;
    return (qemu_is_key(pair, "if") && !strcmp(pair->value, "none")) ||
           (qemu_is_key(pair, "format") && !strcmp(pair->value, "raw")) ||
           (qemu_is_key(pair, "snapshot") && !strcmp(pair->value, "off"));
}

static bool read_drive_pair(struct qemu *qemu, const struct qemu_word *word,
                            struct qemu_drive *drive, const struct qemu_pair *pair)
{
    if (qemu_is_key(pair, "file"))
        strcpy(drive->disk.path, pair->value);
    else if (qemu_is_key(pair, "id"))
        return qemu_read_id(qemu, word, pair->value, drive->id);
    else if (qemu_is_key(pair, "readonly") || qemu_is_key(pair, "read-only"))
        return qemu_read_switch(qemu, word, pair, &drive->disk.read_only);
    else if (qemu_is_key(pair, "if"))
        return !strcmp(pair->value, "none") || !strcmp(pair->value, "virtio") ||
               QEMU_REFUSE(qemu, "-drive: there is no if=%.40s here, but none and virtio.",
                           pair->value);
    else if (!is_idle_drive_word(pair))
        return qemu_refuse_pair(qemu, word, pair);
    return true;
}

static bool add_drive(struct qemu *qemu, const struct qemu_drive *drive)
{
    if (qemu->drive_count == QEMU_DRIVES)
        return QEMU_REFUSE(qemu, "There can be %d drives here.", QEMU_DRIVES);
    if (drive->id[0] && find_drive(qemu, drive->id))
        return QEMU_REFUSE(qemu, "-drive: there are two with the id \"%s\".", drive->id);
    qemu->drives[qemu->drive_count++] = *drive;
    return true;
}

bool qemu_read_drive(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_drive drive = {.is_for_any = true};
    struct qemu_pair pair;

    while (qemu_next_pair(&text, NULL, &pair)) {
        if (qemu_is_key(&pair, "if"))
            drive.is_for_any = strcmp(pair.value, "none") != 0;
        if (!read_drive_pair(qemu, word, &drive, &pair))
            return false;
    }
    if (!drive.disk.path[0])
        return QEMU_REFUSE(qemu, "-drive needs file=FILE.");
    return add_drive(qemu, &drive);
}

/* -hda FILE, and a file alone. */
bool qemu_read_image(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_drive drive = {.is_for_any = true};

    (void)word;
    if (!*text)
        return QEMU_REFUSE(qemu, "A disk needs a name.");
    strcpy(drive.disk.path, text);
    return add_drive(qemu, &drive);
}

bool qemu_read_device(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    (void)word;
    if (qemu->device_count == QEMU_DEVICES)
        return QEMU_REFUSE(qemu, "There can be %d devices here.", QEMU_DEVICES);
    qemu->devices[qemu->device_count++] = text;
    return true;
}

/* bus=virtio-mmio-bus.N */
static bool read_bus(struct qemu *qemu, const struct qemu_pair *pair, unsigned *slot)
{
    static const char name[] = "virtio-mmio-bus.";
    const char *digit = pair->value + strlen(name);

    if (strncmp(pair->value, name, strlen(name)) || *digit < '0' || *digit >= '0' + QEMU_SLOTS ||
        digit[1])
        return QEMU_REFUSE(qemu,
                           "-device: there is no bus \"%.40s\" here, but virtio-mmio-bus.0 "
                           "to .%d.",
                           pair->value, QEMU_SLOTS - 1);
    *slot = (unsigned)(*digit - '0') + 1;
    return true;
}

/* The bus that was named, or as in QEMU the last that is free; *slot counts from 1, 0 when none was
 * named. */
static bool take_slot(struct qemu *qemu, unsigned *slot)
{
    for (unsigned i = QEMU_SLOTS; i && !*slot; i--)
        if (!(qemu->slots_taken >> (i - 1) & 1))
            *slot = i;
    if (!*slot)
        return QEMU_REFUSE(qemu, "-device: all %d virtio slots are taken.", QEMU_SLOTS);
    if (qemu->slots_taken >> (*slot - 1) & 1)
        return QEMU_REFUSE(qemu, "-device: virtio-mmio-bus.%u is taken already.", *slot - 1);
    qemu->slots_taken |= 1u << (*slot - 1);
    return true;
}

/* What changes nothing here, at least with this value. */
static const struct {
    const char *key, *value; /* value NULL: any */
} idle_words[] = {
    {"id", NULL},         {"name", NULL},         {"nr", NULL},         {"serial", NULL},
    {"bootindex", NULL},  {"romfile", NULL},      {"edid", NULL},       {"max-bytes", NULL},
    {"period", NULL},     {"max_ports", NULL},    {"scsi", "off"},      {"packed", "off"},
    {"max_outputs", "1"}, {"config-wce", "on"},   {"event_idx", "on"},  {"indirect_desc", "on"},
    {"discard", "on"},    {"write-zeroes", "on"}, {"wheel-axis", "on"}, {"any_layout", "on"},
};

static bool is_idle_device_word(const struct qemu_pair *pair)
{
    for (unsigned i = 0; i < sizeof idle_words / sizeof idle_words[0]; i++)
        if (qemu_is_key(pair, idle_words[i].key))
            return !idle_words[i].value || !strcmp(pair->value, idle_words[i].value);
    return false;
}

static bool read_key(struct qemu *qemu, const struct qemu_key *keys, const struct qemu_pair *pair)
{
    static const struct qemu_word device = {.name = "device"};

    for (; keys->name; keys++)
        if (qemu_is_key(pair, keys->name))
            return keys->text ? qemu_read_id(qemu, &device, pair->value, keys->text)
                              : qemu_read_number(qemu, &device, pair, keys->number);
    return is_idle_device_word(pair) || qemu_refuse_pair(qemu, &device, pair);
}

bool qemu_read_keys(struct qemu *qemu, const char *list, const struct qemu_key *keys,
                    unsigned *slot)
{
    struct qemu_pair pair;

    if (slot)
        *slot = 0;
    while (qemu_next_pair(&list, NULL, &pair))
        if (!(slot && qemu_is_key(&pair, "bus") ? read_bus(qemu, &pair, slot)
                                                : read_key(qemu, keys, &pair)))
            return false;
    return !slot || take_slot(qemu, slot);
}

static bool add_disk(struct qemu *qemu, struct qemu_drive *drive, unsigned slot)
{
    struct options *options = qemu->options;

    drive->is_taken = true;
    drive->disk.slot = slot;
    options->disks[options->disk_count++] = drive->disk;
    return true;
}

static bool plug_disk(struct qemu *qemu, const char *list)
{
    char id[QEMU_ID] = "";
    const struct qemu_key keys[] = {{"drive", id, NULL}, {0}};
    unsigned slot;

    if (!qemu_read_keys(qemu, list, keys, &slot))
        return false;
    struct qemu_drive *drive = find_drive(qemu, id);
    if (!drive || drive->is_taken)
        return QEMU_REFUSE(qemu, "-device virtio-blk-device: no -drive with the id \"%s\" is free.",
                           id);
    return add_disk(qemu, drive, slot);
}

/* Drives that no device has named. */
static bool plug_other_disks(struct qemu *qemu)
{
    for (unsigned i = 0; i < qemu->drive_count; i++) {
        struct qemu_drive *drive = &qemu->drives[i];
        unsigned slot = 0;
        if (drive->is_for_any && !drive->is_taken &&
            !(take_slot(qemu, &slot) && add_disk(qemu, drive, slot)))
            return false;
    }
    return true;
}

static bool plug_entropy(struct qemu *qemu, const char *list)
{
    char backend[QEMU_ID]; /* where the numbers come from makes no difference */
    const struct qemu_key keys[] = {{"rng", backend, NULL}, {0}};

    if (qemu->options->entropy_slot)
        return QEMU_REFUSE(qemu, "-device: there can be one virtio-rng-device here.");
    return qemu_read_keys(qemu, list, keys, &qemu->options->entropy_slot);
}

static bool read_extra_pair(struct qemu *qemu, struct extra *extra, char *path,
                            const struct qemu_pair *pair)
{
    const struct qemu_word device = {.name = "device"};
    u64 size;

    if (qemu_is_key(pair, "file")) {
        strcpy(path, pair->value);
        extra->path = path;
    } else if (qemu_is_key(pair, "addr")) {
        extra->has_at = true;
        return qemu_read_number(qemu, &device, pair, &extra->at);
    } else if (qemu_is_key(pair, "data")) {
        return qemu_read_number(qemu, &device, pair, &extra->number);
    } else if (qemu_is_key(pair, "data-len")) {
        if (!qemu_read_number(qemu, &device, pair, &size))
            return false;
        extra->byte_size = size <= sizeof extra->number ? (unsigned)size : 0;
        return extra->byte_size || QEMU_REFUSE(qemu, "-device loader: data-len is 1 to 8.");
    } else if (qemu_is_key(pair, "force-raw")) {
        return qemu_read_switch(qemu, &device, pair, &extra->is_raw);
    } else {
        return qemu_refuse_pair(qemu, &device, pair);
    }
    return true;
}

static bool add_extra(struct qemu *qemu, const char *list)
{
    struct options *options = qemu->options;
    struct qemu_pair pair;

    if (options->extra_count == EXTRA_MOST)
        return QEMU_REFUSE(qemu, "There can be %d loaders here.", EXTRA_MOST);
    struct extra *extra = &options->extras[options->extra_count];
    while (qemu_next_pair(&list, NULL, &pair))
        if (!read_extra_pair(qemu, extra, options->extra_paths[options->extra_count], &pair))
            return false;
    options->extra_count++;
    if (extra->path || (extra->byte_size && extra->has_at))
        return true;
    return QEMU_REFUSE(qemu, "-device loader needs file=FILE, or addr=, data= and data-len=.");
}

static const struct {
    const char *name;
    qemu_plugger *plug;
} devices[] = {
    {"virtio-blk-device", plug_disk},
    {"virtio-net-device", qemu_plug_net},
    {"virtio-rng-device", plug_entropy},
    {"virtio-gpu-device", qemu_plug_gpu},
    {"virtio-keyboard-device", qemu_plug_keyboard},
    {"virtio-tablet-device", qemu_plug_tablet},
    {"virtio-mouse-device", qemu_plug_mouse},
    {"virtio-9p-device", qemu_plug_folder},
    {"virtio-serial-device", qemu_plug_serial_bus},
    {"virtconsole", qemu_plug_console},
    {"loader", add_extra},
};

static bool plug(struct qemu *qemu, const char *list)
{
    struct qemu_pair pair;

    if (!qemu_next_pair(&list, "driver", &pair))
        return QEMU_REFUSE(qemu, "-device needs a name.");
    for (unsigned i = 0; i < sizeof devices / sizeof devices[0]; i++)
        if (!strcmp(devices[i].name, pair.value))
            return devices[i].plug(qemu, list);
    if (strstr(pair.value, "-pci"))
        return QEMU_REFUSE(qemu,
                           "-device %.40s cannot be had: the board has no PCI; virtio devices "
                           "end in -device here.",
                           pair.value);
    return QEMU_REFUSE(qemu, "-device %.40s cannot be had here.", pair.value);
}

bool qemu_plug_devices(struct qemu *qemu)
{
    for (unsigned i = 0; i < qemu->device_count; i++)
        if (!plug(qemu, qemu->devices[i]))
            return false;
    qemu_finish_screen(qemu);
    return plug_other_disks(qemu) && qemu_finish_folders(qemu) && qemu_finish_net(qemu) &&
           qemu_finish_lines(qemu);
}
