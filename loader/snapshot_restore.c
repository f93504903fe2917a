/* Restoring a machine (see snapshot.h), in three steps: the whole file is read, and everything but
 * the disks' bytes kept beside the machine; then all of it is judged; then it takes its place, the
 * disks first, for which the file is read once more. */
#include "loader/snapshot.h"

#include "cpu/code.h"
#include "loader/file.h"
#include "loader/refuse.h"
#include "loader/snapshot_stream.h"
#include "loader/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_MOST ((u64)64 << 20) /* more than any state has: a wrong length ends there */
#define SHARE_MOST ((u64)64 << 20)

struct bytes {
    u8 *at;
    u64 size;
};

/* What was read, beside the machine that it is for. */
struct reading {
    struct machine *machine;
    struct file file;
    const char *path;
    struct bytes state;
    struct ram ram; /* only its bytes are used */
    struct bytes rom;
    void *bulks[MACHINE_DEVICES];
    struct bytes shares[HOST_PLUGS];
    bool has_identity[HOST_PLUGS], has_changes;
    char *message;
    size_t message_size;
};

static bool refuse_damaged(const struct reading *reading)
{
    return refuse(reading->message, reading->message_size, "%s is a snapshot that is damaged.",
                  reading->path);
}

static bool refuse_memory(const struct reading *reading)
{
    return refuse(reading->message, reading->message_size, "There is no memory left to restore %s.",
                  reading->path);
}

/* Pieces of something that comes in order. */
static bool append(struct reading *reading, struct bytes *to, const struct section *section,
                   const u8 *bytes, u64 most)
{
    if (section->at != to->size || section->size > most - to->size)
        return refuse_damaged(reading);
    u8 *grown = realloc(to->at, to->size + section->size + 1);
    if (!grown)
        return refuse_memory(reading);
    memcpy(grown + to->size, bytes, section->size);
    *to = (struct bytes){grown, to->size + section->size};
    return true;
}

/* Pieces of something whose size is known. */
static bool fill(struct reading *reading, void *to, u64 most, const struct section *section,
                 const u8 *bytes)
{
    if (!to || section->at > most || section->size > most - section->at)
        return refuse_damaged(reading);
    memcpy((u8 *)to + section->at, bytes, section->size);
    return true;
}

static bool check_identity(struct reading *reading, const struct section *section, const u8 *bytes)
{
    const struct host_plug *plug = &reading->machine->host.plugs[section->index];
    const struct host_disk *disk = plug->backend;
    u64 words[HOST_IDENTITY] = {0};

    if (plug->kind != PLUG_DISK || section->size != sizeof words)
        return refuse_damaged(reading);
    reading->has_identity[section->index] = true;
    int error = disk->identify ? disk->identify(disk->context, words) : 0;
    if (error)
        return refuse(reading->message, reading->message_size,
                      "The disk in virtio slot %u cannot be read: %s.", section->index,
                      strerror(-error));
    if (disk->identify && !memcmp(words, bytes, sizeof words))
        return true;
    return refuse(
        reading->message, reading->message_size,
        "The disk in virtio slot %u is not the one of %s, or has been written to since; "
        "a snapshot keeps what an overlay holds (-d DISK,overlay=FILE), not a whole disk.",
        section->index, reading->path);
}

static bool check_change(struct reading *reading, const struct section *section)
{
    const struct host_plug *plug = &reading->machine->host.plugs[section->index];
    const struct host_disk *disk = plug->backend;

    if (!reading->has_identity[section->index] || section->at % 512 || section->size % 512 ||
        section->at > disk->size || section->size > disk->size - section->at)
        return refuse_damaged(reading);
    if (!disk->revert)
        return refuse(reading->message, reading->message_size,
                      "%s holds what an overlay of the disk in virtio slot %u held; give it one "
                      "(-d DISK,overlay=FILE, or --discard).",
                      reading->path, section->index);
    reading->has_changes = true;
    return true;
}

static bool take_section(struct reading *reading, const struct section *section, const u8 *bytes)
{
    struct machine *machine = reading->machine;
    u32 index = section->index;

    switch ((enum section_kind)section->kind) {
    case SECTION_STATE:
        return append(reading, &reading->state, section, bytes, STATE_MOST);
    case SECTION_RAM:
        return fill(reading, reading->ram.bytes, machine->ram.size, section, bytes);
    case SECTION_ROM:
        return fill(reading, reading->rom.at, reading->rom.size, section, bytes);
    case SECTION_BULK:
        return index < machine->device_count
                   ? fill(reading, reading->bulks[index], machine->devices[index].bulk_size,
                          section, bytes)
                   : refuse_damaged(reading);
    case SECTION_IDENTITY:
        return index < HOST_PLUGS ? check_identity(reading, section, bytes)
                                  : refuse_damaged(reading);
    case SECTION_DISK:
        return index < HOST_PLUGS ? check_change(reading, section) : refuse_damaged(reading);
    case SECTION_SHARE:
        return index < HOST_PLUGS
                   ? append(reading, &reading->shares[index], section, bytes, SHARE_MOST)
                   : refuse_damaged(reading);
    case SECTION_END:
        return true;
    case SECTION_TAPE:
    case SECTION_MARK:
    case SECTION_LIFE:
        break;
    }
    return refuse_damaged(reading);
}

/* Hands every section to this function. */
static bool read_sections(struct reading *reading,
                          bool (*take)(struct reading *, const struct section *, const u8 *))
{
    struct snapshot_reader *reader = snapshot_reader_create(reading->file.fd);
    struct section section = {.kind = 0};
    enum section_result result = SECTION_GOOD;
    const u8 *bytes;
    bool good = true;

    if (!reader)
        return refuse_memory(reading);
    while (good && section.kind != SECTION_END) {
        result = snapshot_read(reader, &section, &bytes);
        if (result == SECTION_UNREADABLE)
            good = refuse(reading->message, reading->message_size, "%s cannot be read: %s.",
                          reading->path, strerror(errno));
        else if (result == SECTION_BAD)
            good = refuse_damaged(reading);
        else
            good = take(reading, &section, bytes);
        /* What it is of comes first: a foreign snapshot is not called damaged. */
        if (good && take == take_section && section.kind == SECTION_STATE && section.at == 0) {
            struct state_config config = state_config_in(reading->state.at);
            good = reading->state.size >= sizeof config
                       ? state_fits(reading->machine, &config, reading->path, reading->message,
                                    reading->message_size)
                       : refuse_damaged(reading);
        }
    }
    snapshot_reader_destroy(reader);
    return good;
}

static bool prepare(struct reading *reading)
{
    const struct machine *machine = reading->machine;

    reading->rom.size = machine->config.board->rom_size;
    reading->rom.at = calloc(1, reading->rom.size);
    if (!ram_init(&reading->ram, machine->ram.base, machine->ram.size) || !reading->rom.at)
        return refuse_memory(reading);
    for (unsigned i = 0; i < machine->device_count; i++) {
        size_t size = machine->devices[i].bulk_size;
        if (size && !(reading->bulks[i] = calloc(1, size)))
            return refuse_memory(reading);
    }
    return true;
}

/* Only overlays can be put back; those that hold nothing in the file hold nothing afterwards. */
static bool judge(struct reading *reading)
{
    const struct machine *machine = reading->machine;

    if (!state_is_sound(machine, reading->state.at, reading->state.size,
                        (const void *const *)reading->bulks))
        return refuse_damaged(reading);
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        const struct host_plug *plug = &machine->host.plugs[i];
        const struct host_share *share = plug->backend;
        if (!reading->shares[i].size)
            continue;
        if (plug->kind != PLUG_SHARE || !share->accepts ||
            !share->accepts(share->context, reading->shares[i].at, reading->shares[i].size))
            return refuse_damaged(reading);
    }
    return true;
}

static bool refuse_disk(struct reading *reading, u32 slot, int error)
{
    return refuse(
        reading->message, reading->message_size,
        "The disk in virtio slot %u could not be put back as it was in %s: %s. Restore it "
        "again when that is mended.",
        slot, reading->path, strerror(-error));
}

static bool write_change(struct reading *reading, const struct section *section, const u8 *bytes)
{
    const struct host_disk *disk =
        reading->machine->host.plugs[section->index % HOST_PLUGS].backend;
    int error;

    if (section->kind != SECTION_DISK)
        return true;
    error = disk->write(disk->context, section->at, bytes, section->size);
    return !error || refuse_disk(reading, section->index, error);
}

/* Only an overlay is put back, all of it: what the file does not hold is the base's again. */
static const struct host_disk *overlay_at(const struct reading *reading, u32 slot)
{
    const struct host_plug *plug = &reading->machine->host.plugs[slot];
    const struct host_disk *disk = plug->backend;
    bool is_overlay = plug->kind == PLUG_DISK && disk->revert && !disk->read_only;

    return is_overlay && reading->has_identity[slot] ? disk : NULL;
}

static bool revert_disks(struct reading *reading)
{
    for (u32 i = 0; i < HOST_PLUGS; i++) {
        const struct host_disk *disk = overlay_at(reading, i);
        int error = disk ? disk->revert(disk->context) : 0;
        if (error)
            return refuse_disk(reading, i, error);
    }
    return true;
}

static bool flush_disks(struct reading *reading)
{
    for (u32 i = 0; i < HOST_PLUGS; i++) {
        const struct host_disk *disk = overlay_at(reading, i);
        int error = disk ? disk->flush(disk->context) : 0;
        if (error)
            return refuse_disk(reading, i, error);
    }
    return true;
}

static bool open_at_body(struct reading *reading)
{
    return lseek(reading->file.fd, sizeof(struct snapshot_info), SEEK_SET) >= 0;
}

static bool put_disks(struct reading *reading)
{
    if (!revert_disks(reading))
        return false;
    if (reading->has_changes && (!open_at_body(reading) || !read_sections(reading, write_change)))
        return false;
    return flush_disks(reading);
}

/* Nothing can go wrong any more. Power-on first: it empties RAM and forgets all code. */
static void put_machine(struct reading *reading)
{
    struct machine *machine = reading->machine;

    machine_reset(machine);
    memcpy(machine->rom, reading->rom.at, reading->rom.size);
    ram_take(&machine->ram, &reading->ram);
    for (unsigned i = 0; i < machine->device_count; i++) {
        void *old = machine->devices[i].bulk;
        machine->devices[i].bulk = reading->bulks[i];
        reading->bulks[i] = old;
    }
    state_restore(machine, reading->state.at);
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        const struct host_share *share = machine->host.plugs[i].backend;
        if (machine->host.plugs[i].kind == PLUG_SHARE && share->reopen)
            share->reopen(share->context, reading->shares[i].at, reading->shares[i].size);
    }
    state_tell(machine);
}

static void discard(struct reading *reading)
{
    free(reading->state.at);
    free(reading->rom.at);
    ram_free(&reading->ram);
    for (unsigned i = 0; i < MACHINE_DEVICES; i++)
        free(reading->bulks[i]);
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        free(reading->shares[i].at);
    file_close(&reading->file);
}

static bool read_info(const struct file *file, struct snapshot_info *info, const char *path,
                      char *message, size_t message_size)
{
    bool is_whole =
        file->size >= sizeof *info && file_read(file, 0, info, sizeof *info, message, message_size);

    if (!is_whole || memcmp(info->magic, SNAPSHOT_MAGIC, sizeof info->magic))
        return refuse(message, message_size, "%s is no snapshot.", path);
    if (info->version != SNAPSHOT_VERSION)
        return refuse(message, message_size,
                      "%s is a snapshot of version %u; this is for version %u.", path,
                      info->version, SNAPSHOT_VERSION);
    if (info->size != sizeof *info ||
        info->sum != snapshot_sum(0, info, offsetof(struct snapshot_info, sum)))
        return refuse(message, message_size, "%s is a snapshot that is damaged.", path);
    info->board[sizeof info->board - 1] = 0;
    return true;
}

enum snapshot_result snapshot_restore(struct machine *machine, const char *path, char *message,
                                      size_t message_size)
{
    struct reading reading = {
        .machine = machine, .path = path, .message = message, .message_size = message_size};
    enum snapshot_result result = SNAPSHOT_REFUSED;
    struct snapshot_info info;

    if (file_open(&reading.file, path, message, message_size) &&
        read_info(&reading.file, &info, path, message, message_size) && prepare(&reading) &&
        open_at_body(&reading) && read_sections(&reading, take_section) && judge(&reading)) {
        result = SNAPSHOT_BROKEN;
        if (put_disks(&reading)) {
            put_machine(&reading);
            result = SNAPSHOT_RESTORED;
        }
    }
    discard(&reading);
    return result;
}

bool snapshot_inspect(const char *path, struct snapshot_info *info, char *message,
                      size_t message_size)
{
    struct file file;
    bool is_one = file_open(&file, path, message, message_size);

    if (is_one) {
        is_one = read_info(&file, info, path, message, message_size);
        file_close(&file);
    }
    return is_one;
}

static bool take_nothing(struct reading *reading, const struct section *section, const u8 *bytes)
{
    (void)reading, (void)section, (void)bytes;
    return true;
}

bool snapshot_check(const char *path, char *message, size_t message_size)
{
    struct reading reading = {.path = path, .message = message, .message_size = message_size};
    struct snapshot_info info;
    bool is_good = file_open(&reading.file, path, message, message_size) &&
                   read_info(&reading.file, &info, path, message, message_size) &&
                   open_at_body(&reading) && read_sections(&reading, take_nothing);

    discard(&reading);
    return is_good;
}
