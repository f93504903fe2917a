/* Saving a machine (see snapshot.h): a temporary file beside the one wanted, its content on stable
 * storage, then its name. A file is the struct snapshot_info, then the sections of
 * snapshot_stream.h: state, memory, disks, shares. */
#include "loader/snapshot.h"

#include "cpu/mmu.h"
#include "loader/refuse.h"
#include "loader/snapshot_stream.h"
#include "loader/snapshot_temporary.h"
#include "loader/state.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DISK_PIECE ((u64)256 << 10)

static struct snapshot_info info_of(const struct machine *machine)
{
    struct snapshot_info info = {.version = SNAPSHOT_VERSION,
                                 .size = sizeof info,
                                 .saved_at = (i64)time(NULL),
                                 .steps = clock_steps(&machine->clock),
                                 .ticks = clock_ticks(&machine->clock),
                                 .ram_size = machine->ram.size,
                                 .extensions = machine->config.isa.extensions,
                                 .harts = machine->config.harts,
                                 .xlen = machine->config.isa.xlen};

    memcpy(info.magic, SNAPSHOT_MAGIC, sizeof info.magic);
    strncpy(info.board, machine->config.board->name, sizeof info.board - 1);
    info.sum = snapshot_sum(0, &info, offsetof(struct snapshot_info, sum));
    return info;
}

static int write_pieces(struct snapshot_writer *writer, enum section_kind kind, u32 index,
                        const u8 *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += SECTION_MOST) {
        size_t piece = size - at < SECTION_MOST ? size - at : SECTION_MOST;
        snapshot_write(writer, &(struct section){kind, index, at, piece}, bytes + at);
    }
    return 0;
}

static int write_state(struct snapshot_writer *writer, const struct machine *machine)
{
    size_t size = state_size(machine);
    u8 *state = malloc(size);

    if (!state)
        return -ENOMEM;
    state_save(machine, state);
    write_pieces(writer, SECTION_STATE, 0, state, size);
    free(state);
    return 0;
}

static void write_memory(struct snapshot_writer *writer, const struct machine *machine)
{
    snapshot_write_memory(writer, SECTION_ROM, 0, machine->rom, machine->config.board->rom_size);
    for (unsigned i = 0; i < machine->device_count; i++)
        if (machine->devices[i].bulk_size)
            snapshot_write_memory(writer, SECTION_BULK, i, machine->devices[i].bulk,
                                  machine->devices[i].bulk_size);
    snapshot_write_memory(writer, SECTION_RAM, 0, machine->ram.bytes, machine->ram.size);
}

int snapshot_write_machine(struct snapshot_writer *writer, const struct machine *machine)
{
    int error = write_state(writer, machine);

    if (!error)
        write_memory(writer, machine);
    return error;
}

static int write_changes(struct snapshot_writer *writer, u32 slot, const struct host_disk *disk,
                         u8 *buffer)
{
    u64 at = 0, size = 0;

    while (disk->next_change(disk->context, &at, &size)) {
        for (u64 end = at + size; at < end; at += size) {
            size = end - at < DISK_PIECE ? end - at : DISK_PIECE;
            int error = disk->read(disk->context, at, buffer, size);
            if (error)
                return error;
            snapshot_write(writer, &(struct section){SECTION_DISK, slot, at, size}, buffer);
        }
    }
    return 0;
}

static int write_disk(struct snapshot_writer *writer, u32 slot, const struct host_disk *disk)
{
    u64 identity[HOST_IDENTITY] = {0};
    int error = disk->read_only ? 0 : disk->flush(disk->context);

    if (!disk->identify)
        return 0;
    if (!error)
        error = disk->identify(disk->context, identity);
    if (error)
        return error;
    snapshot_write(writer, &(struct section){SECTION_IDENTITY, slot, 0, sizeof identity}, identity);
    if (!disk->next_change)
        return 0;
    u8 *buffer = malloc(DISK_PIECE);
    error = buffer ? write_changes(writer, slot, disk, buffer) : -ENOMEM;
    free(buffer);
    return error;
}

static int write_share(struct snapshot_writer *writer, u32 slot, const struct host_share *share)
{
    size_t size = share->keep ? share->keep(share->context, NULL, 0) : 0;
    u8 *bytes = size ? malloc(size) : NULL;

    if (size == 0)
        return 0;
    if (!bytes)
        return -ENOMEM;
    share->keep(share->context, bytes, size);
    write_pieces(writer, SECTION_SHARE, slot, bytes, size);
    free(bytes);
    return 0;
}

static int write_plug(struct snapshot_writer *writer, u32 slot, const struct host_plug *plug)
{
    if (plug->kind == PLUG_DISK)
        return write_disk(writer, slot, plug->backend);
    return plug->kind == PLUG_SHARE ? write_share(writer, slot, plug->backend) : 0;
}

static int write_machine(int fd, const struct machine *machine)
{
    struct snapshot_info info = info_of(machine);
    struct snapshot_writer *writer = snapshot_writer_create(fd);
    int error = writer ? 0 : -ENOMEM;

    if (!error && write(fd, &info, sizeof info) != (ssize_t)sizeof info)
        error = -ENOSPC;
    if (!error)
        error = snapshot_write_machine(writer, machine);
    for (u32 i = 0; i < HOST_PLUGS && !error; i++)
        error = write_plug(writer, i, &machine->host.plugs[i]);
    if (!error)
        error = snapshot_writer_finish(writer);
    snapshot_writer_destroy(writer);
    return error;
}

/* The name must survive a power cut, too. Some file systems cannot do that to a folder. */
static int settle_name(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_CLOEXEC) : -1;
    int error = fd < 0 || (fsync(fd) < 0 && errno != EINVAL) ? -errno : 0;

    if (fd >= 0)
        close(fd);
    free(copy);
    return error;
}

static int save(const struct machine *machine, const char *path)
{
    char *temporary;
    int fd = snapshot_temporary(path, &temporary), error;

    if (fd < 0)
        return fd;
    error = write_machine(fd, machine);
    if (!error && fsync(fd) < 0)
        error = -errno;
    if (!error && rename(temporary, path) < 0)
        error = -errno;
    if (close(fd) < 0 && !error)
        error = -errno;
    if (error)
        unlink(temporary);
    free(temporary);
    return error ? error : settle_name(path);
}

bool snapshot_save(struct machine *machine, const char *path, char *message, size_t message_size)
{
    struct stat status;
    /* No device, no folder is to be replaced. */
    bool is_other = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    int error = is_other ? -EEXIST : save(machine, path);

    /* The one that is made of this has no translations either: both go on alike. */
    for (unsigned i = 0; i < machine->config.harts; i++)
        mmu_flush(machine->harts[i]);
    return !error ||
           refuse(message, message_size, "%s cannot be saved: %s.", path, strerror(-error));
}
