/* A disk whose writes go to an overlay (see disk.h and overlay_header.h). A format of our own; the
 * README of this folder says what is written in which order.
 *
 * A sector that is the overlay's is read and written in place, as in a raw image. One that is the
 * base's becomes the overlay's in memory when it is written, and in the file at the next flush,
 * after its data. */
#include "loader/disk.h"

#include "loader/disk_calls.h"
#include "loader/overlay_header.h"
#include "loader/overlay_map.h"
#include "loader/refuse.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct overlay {
    struct disk disk;
    struct host_disk *base;
    struct disk_file file;
    struct overlay_map map;
    u64 data_at;
    bool is_temporary; /* nothing in it outlives us: no header, no map, no flush */
};

static void assert_range(const struct overlay *overlay, u64 offset, u64 size)
{
    assert(offset % OVERLAY_SECTOR == 0 && size % OVERLAY_SECTOR == 0);
    assert(offset <= overlay->disk.host.size && size <= overlay->disk.host.size - offset);
    (void)overlay, (void)offset, (void)size;
}

static int read_overlay(void *context, u64 offset, void *to, size_t size)
{
    const struct overlay *overlay = context;
    const struct host_disk *base = overlay->base;
    u64 sector = offset / OVERLAY_SECTOR, end = sector + size / OVERLAY_SECTOR;
    u8 *at = to;
    int error = 0;

    assert_range(overlay, offset, size);
    while (sector < end && !error) {
        bool is_ours;
        u64 count = overlay_map_run(&overlay->map, sector, end, &is_ours);
        u64 where = sector * OVERLAY_SECTOR;
        size_t bytes = count * OVERLAY_SECTOR;
        error = is_ours ? disk_file_read(&overlay->file, overlay->data_at + where, at, bytes)
                        : base->read(base->context, where, at, bytes);
        at += bytes;
        sector += count;
    }
    return error;
}

static int write_overlay(void *context, u64 offset, const void *from, size_t size)
{
    struct overlay *overlay = context;

    assert_range(overlay, offset, size);
    if (overlay->disk.host.read_only)
        return -EROFS;
    int error = disk_file_write(&overlay->file, overlay->data_at + offset, from, size);
    if (!error)
        overlay_map_mark(&overlay->map, offset / OVERLAY_SECTOR, size / OVERLAY_SECTOR);
    return error;
}

/* First the data is stable, then the map may speak of it. */
static int flush_overlay(void *context)
{
    struct overlay *overlay = context;

    if (overlay->is_temporary || overlay->disk.host.read_only)
        return 0;
    int error = disk_file_flush(&overlay->file);
    if (error || !overlay_map_is_dirty(&overlay->map))
        return error;
    error = overlay_map_store(&overlay->map, &overlay->file, OVERLAY_MAP_AT);
    return error ? error : disk_file_flush(&overlay->file);
}

/* What is the base's stays as it was, which a discard allows. */
static int discard_overlay(void *context, u64 offset, u64 size)
{
    struct overlay *overlay = context;

    assert_range(overlay, offset, size);
    if (overlay->disk.host.read_only)
        return -EROFS;
    int error = disk_file_punch(&overlay->file, overlay->data_at + offset, size);
    return error == -EOPNOTSUPP ? 0 : error;
}

/* A sector that the map does not have may hold what was written before a power cut. */
static int zero_overlay(void *context, u64 offset, u64 size, enum host_zero how)
{
    struct overlay *overlay = context;

    assert_range(overlay, offset, size);
    if (overlay->disk.host.read_only)
        return -EROFS;
    int error = disk_file_zero(&overlay->file, overlay->data_at + offset, size, how);
    if (!error)
        overlay_map_mark(&overlay->map, offset / OVERLAY_SECTOR, size / OVERLAY_SECTOR);
    return error;
}

/* Of one that takes writes only the base counts: what it holds itself is next_change()'s. */
static int identify_overlay(void *context, u64 words[HOST_IDENTITY])
{
    struct overlay *overlay = context;
    struct host_disk *base = overlay->base;
    int error = base->identify(base->context, words);
    struct stat status;

    if (error || !overlay->disk.host.read_only)
        return error;
    if (fstat(overlay->file.fd, &status) < 0)
        return -errno;
    words[1] = (u64)status.st_mtim.tv_sec;
    words[2] = (u64)status.st_mtim.tv_nsec;
    words[3] = disk_sum(words[3], overlay->map.words, overlay->map.pages * PAGE_SIZE);
    return 0;
}

static bool next_change_overlay(void *context, u64 *at, u64 *size)
{
    const struct overlay *overlay = context;
    u64 sector = *at / OVERLAY_SECTOR, end = overlay->map.sectors;
    bool is_ours = false;

    while (!overlay->disk.host.read_only && sector < end) {
        u64 count = overlay_map_run(&overlay->map, sector, end, &is_ours);
        *at = sector * OVERLAY_SECTOR;
        *size = count * OVERLAY_SECTOR;
        if (is_ours)
            return true;
        sector += count;
    }
    return false;
}

/* The map first, and stable: then what comes next is written as to a new overlay. */
static int revert_overlay(void *context)
{
    struct overlay *overlay = context;
    int error;

    if (overlay->disk.host.read_only)
        return -EROFS;
    overlay_map_clear(&overlay->map);
    error = flush_overlay(overlay);
    if (!error)
        disk_file_punch(&overlay->file, overlay->data_at, overlay->disk.host.size);
    return error;
}

static void close_overlay(struct disk *disk)
{
    struct overlay *overlay = (struct overlay *)disk;

    if (overlay->map.words && overlay->map.dirty && overlay_map_is_dirty(&overlay->map))
        flush_overlay(overlay); /* or what was written since the last flush is lost */
    disk_file_close(&overlay->file);
    overlay_map_free(&overlay->map);
    disk_close(overlay->base);
    free(overlay);
}

/* NULL and one sentence when there is no memory; the base is closed then. */
static struct overlay *create(struct host_disk *base, char *message, size_t message_size)
{
    struct overlay *overlay = calloc(1, sizeof *overlay);

    if (!overlay) {
        refuse(message, message_size, "There is no memory left for an overlay.");
        disk_close(base);
        return NULL;
    }
    overlay->disk.close = close_overlay;
    overlay->disk.host = (struct host_disk){.context = overlay,
                                            .size = base->size,
                                            .read = read_overlay,
                                            .write = write_overlay,
                                            .flush = flush_overlay,
                                            .discard = discard_overlay,
                                            .zero = zero_overlay,
                                            .identify = identify_overlay,
                                            .next_change = next_change_overlay,
                                            .revert = revert_overlay};
    memcpy(overlay->disk.host.id, base->id, sizeof base->id);
    overlay->base = base;
    overlay->file.fd = -1;
    if (!overlay_map_init(&overlay->map, base->size / OVERLAY_SECTOR)) {
        refuse(message, message_size, "There is no memory left for the map of an overlay.");
        disk_close(&overlay->disk.host);
        return NULL;
    }
    return overlay;
}

static bool open_overlay(struct overlay *overlay, const char *path, enum disk_mode mode,
                         char *message, size_t size)
{
    if (!disk_file_open(&overlay->file, path, mode, O_CREAT, message, size) ||
        !overlay_header_check(&overlay->file, path, mode, overlay->base, message, size))
        return false;
    overlay->disk.host.read_only = mode == DISK_READ_ONLY;
    overlay->data_at = overlay_data_at(overlay->disk.host.size);
    int error = overlay_map_load(&overlay->map, &overlay->file, OVERLAY_MAP_AT);
    if (error)
        return refuse(message, size, "%s cannot be read: %s.", path, strerror(-error));
    return true;
}

struct host_disk *disk_open_overlay(struct host_disk *base, const char *path, enum disk_mode mode,
                                    char *message, size_t message_size)
{
    struct overlay *overlay = create(base, message, message_size);

    if (overlay && !open_overlay(overlay, path, mode, message, message_size)) {
        disk_close(&overlay->disk.host);
        return NULL;
    }
    return overlay ? &overlay->disk.host : NULL;
}

static bool open_temporary(struct overlay *overlay, char *message, size_t size)
{
    overlay->is_temporary = true;
    if (!disk_file_open_temporary(&overlay->file, message, size))
        return false;
    if (disk_calls.ftruncate(overlay->file.fd, (off_t)overlay->disk.host.size) < 0)
        return refuse(message, size, "No temporary file of %llu bytes can be made: %s.",
                      (unsigned long long)overlay->disk.host.size, strerror(errno));
    return true;
}

struct host_disk *disk_open_throw_away(struct host_disk *base, char *message, size_t message_size)
{
    struct overlay *overlay = create(base, message, message_size);

    if (overlay && !open_temporary(overlay, message, message_size)) {
        disk_close(&overlay->disk.host);
        return NULL;
    }
    return overlay ? &overlay->disk.host : NULL;
}
