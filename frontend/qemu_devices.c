/* QEMU's words about what is plugged in: -drive, -netdev, -device. A device names what is behind it
 * and may come before that on the command line, so devices are read last. */
#include "frontend/qemu_parts.h"

#include <string.h>

#include "frontend/net_options.h"

static bool read_id(struct qemu *qemu, const struct qemu_word *word, const char *text, char *id)
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
        return read_id(qemu, word, pair->value, drive->id);
    else if (qemu_is_key(pair, "readonly") || qemu_is_key(pair, "read-only"))
        return qemu_read_switch(qemu, word, pair, &drive->disk.read_only);
    else if (qemu_is_key(pair, "if"))
        return !strcmp(pair->value, "none") ||
               QEMU_REFUSE(qemu,
                           "-drive: there is no if=%.40s here; use if=none with an id and "
                           "-device virtio-blk-device.",
                           pair->value);
    else if (!is_idle_drive_word(pair))
        return qemu_refuse_pair(qemu, word, pair);
    return true;
}

bool qemu_read_drive(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_drive drive = {.is_taken = false};
    struct qemu_pair pair;
    bool has_if = false;

    while (qemu_next_pair(&text, NULL, &pair)) {
        has_if |= qemu_is_key(&pair, "if");
        if (!read_drive_pair(qemu, word, &drive, &pair))
            return false;
    }
    if (!drive.disk.path[0])
        return QEMU_REFUSE(qemu, "-drive needs file=FILE.");
    if (!has_if)
        return QEMU_REFUSE(qemu, "-drive needs if=none here, and an id for -device "
                                 "virtio-blk-device to name.");
    if (qemu->drive_count == QEMU_DRIVES)
        return QEMU_REFUSE(qemu, "There can be %d drives here.", QEMU_DRIVES);
    if (find_drive(qemu, drive.id))
        return QEMU_REFUSE(qemu, "-drive: there are two with the id \"%s\".", drive.id);
    qemu->drives[qemu->drive_count++] = drive;
    return true;
}

/* tcp:[ADDRESS]:PORT-[ADDRESS]:PORT becomes [ADDRESS:]PORT:PORT[/udp], which is how vitrine says
 * it.
 */
static bool read_forward(struct qemu *qemu, const char *text)
{
    struct net_config *net = &qemu->options->net;
    char ours[64];
    const char *at = text, *end, *expected;
    bool is_udp = !strncmp(at, "udp:", 4);
    u64 host, guest;

    at += is_udp || !strncmp(at, "tcp:", 4) ? 4 : at[0] == ':' ? 0 : strlen(at);
    size_t address = strcspn(at, ":");
    const char *port = at + address;
    const char *dash = strchr(at, '-');
    const char *last = dash ? strchr(dash, ':') : NULL;
    bool is_good = *port == ':' && last && read_number(port + 1, &end, &host) && end == dash &&
                   read_number(last + 1, &end, &guest) && !*end && host && host <= UINT16_MAX &&
                   guest && guest <= UINT16_MAX && address < 16;

    if (!is_good)
        return QEMU_REFUSE(qemu, "-netdev: hostfwd is tcp::PORT-:GUESTPORT, not \"%.60s\".", text);
    if (net->forward_count == NET_FORWARDS)
        return QEMU_REFUSE(qemu, "-netdev: there can be %d hostfwd.", NET_FORWARDS);
    snprintf(ours, sizeof ours, "%.*s%s%u:%u%s", (int)address, at, address ? ":" : "",
             (unsigned)host, (unsigned)guest, is_udp ? "/udp" : "");
    return value_forward(net, ours, &expected) ||
           QEMU_REFUSE(qemu, "-netdev: the address of hostfwd is four numbers, not \"%.60s\".",
                       text);
}

bool qemu_read_netdev(struct qemu *qemu, const struct qemu_word *word, const char *text)
{
    struct qemu_pair pair;

    if (qemu->netdev.is_there)
        return QEMU_REFUSE(qemu, "There can be one -netdev here.");
    for (const char *implied = "type"; qemu_next_pair(&text, implied, &pair); implied = NULL) {
        bool is_good = true;
        if (qemu_is_key(&pair, "type"))
            is_good = !strcmp(pair.value, "user") ||
                      QEMU_REFUSE(qemu, "-netdev is user here, not %.40s.", pair.value);
        else if (qemu_is_key(&pair, "id"))
            is_good = read_id(qemu, word, pair.value, qemu->netdev.id);
        else if (qemu_is_key(&pair, "hostfwd"))
            is_good = read_forward(qemu, pair.value);
        else if (qemu_is_key(&pair, "restrict"))
            is_good = qemu_read_switch(qemu, word, &pair, &qemu->options->net.is_restricted);
        else
            is_good = qemu_refuse_pair(qemu, word, &pair);
        if (!is_good)
            return false;
    }
    qemu->netdev.is_there = true;
    return qemu->netdev.id[0] || QEMU_REFUSE(qemu, "-netdev needs an id.");
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

/* Where a virtio device sits, and the name of what is behind it. */
struct place {
    unsigned slot;
    char behind[QEMU_ID];
};

/* backend is the key that names what is behind the device; NULL: there is nothing. */
static bool read_place(struct qemu *qemu, const char *list, const char *backend,
                       struct place *place)
{
    const struct qemu_word device = {.name = "device"};
    struct qemu_pair pair;

    *place = (struct place){0};
    while (qemu_next_pair(&list, NULL, &pair)) {
        bool is_good = true;
        if (qemu_is_key(&pair, "bus"))
            is_good = read_bus(qemu, &pair, &place->slot);
        else if (backend && qemu_is_key(&pair, backend))
            is_good = read_id(qemu, &device, pair.value, place->behind);
        else if (!qemu_is_key(&pair, "id"))
            is_good = qemu_refuse_pair(qemu, &device, &pair);
        if (!is_good)
            return false;
    }
    return take_slot(qemu, &place->slot);
}

static bool plug_disk(struct qemu *qemu, const char *list)
{
    struct options *options = qemu->options;
    struct place place;

    if (!read_place(qemu, list, "drive", &place))
        return false;
    struct qemu_drive *drive = find_drive(qemu, place.behind);
    if (!drive || drive->is_taken)
        return QEMU_REFUSE(qemu, "-device virtio-blk-device: no -drive with the id \"%s\" is free.",
                           place.behind);
    drive->is_taken = true;
    drive->disk.slot = place.slot;
    options->disks[options->disk_count++] = drive->disk;
    return true;
}

static bool plug_net(struct qemu *qemu, const char *list)
{
    struct place place;

    if (!read_place(qemu, list, "netdev", &place))
        return false;
    if (!qemu->netdev.is_there || strcmp(qemu->netdev.id, place.behind) || qemu->options->net_slot)
        return QEMU_REFUSE(qemu,
                           "-device virtio-net-device: no -netdev with the id \"%s\" is free.",
                           place.behind);
    qemu->options->net_slot = place.slot;
    qemu->options->net.kind = NET_USER;
    return true;
}

static bool plug_entropy(struct qemu *qemu, const char *list)
{
    struct place place;

    if (!read_place(qemu, list, NULL, &place))
        return false;
    if (qemu->options->entropy_slot)
        return QEMU_REFUSE(qemu, "-device: there can be one virtio-rng-device here.");
    qemu->options->entropy_slot = place.slot;
    return true;
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
    bool (*plug)(struct qemu *qemu, const char *list);
} devices[] = {
    {"virtio-blk-device", plug_disk},
    {"virtio-net-device", plug_net},
    {"virtio-rng-device", plug_entropy},
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
    if (qemu->options->net.kind == NET_NONE)
        qemu->options->net.forward_count = 0; /* nobody is behind that -netdev */
    return true;
}
