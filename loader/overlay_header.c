/* The first page of an overlay (see overlay_header.h). */
#include "loader/overlay_header.h"

#include "loader/disk_calls.h"
#include "loader/overlay_map.h"
#include "loader/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA_ALIGNMENT ((u64)1 << 20)

/* What the sentences need. */
struct check {
    struct disk_file *file;
    const char *path;
    struct overlay_header wanted; /* for this base, now */
    char *message;
    size_t size;
};

u64 overlay_data_at(u64 disk_size)
{
    u64 end = OVERLAY_MAP_AT + overlay_map_size(disk_size / OVERLAY_SECTOR);

    return (end + DATA_ALIGNMENT - 1) / DATA_ALIGNMENT * DATA_ALIGNMENT;
}

static u64 sum_of(const struct overlay_header *header)
{
    return disk_sum(DISK_SUM_START, header, offsetof(struct overlay_header, sum));
}

static struct overlay_header header_for(const struct disk_identity *base)
{
    struct overlay_header header = {.version = OVERLAY_VERSION,
                                    .sector_size = OVERLAY_SECTOR,
                                    .base = *base,
                                    .data_at = overlay_data_at(base->size)};

    memcpy(header.magic, DISK_OVERLAY_MAGIC, sizeof header.magic);
    header.sum = sum_of(&header);
    return header;
}

static u64 whole_size(const struct check *check)
{
    return check->wanted.data_at + check->wanted.base.size;
}

static bool refuse_errno(const struct check *check, const char *what, int error)
{
    return refuse(check->message, check->size, "%s cannot be %s: %s.", check->path, what,
                  strerror(-error));
}

/* The name of a new file must not be lost in a power cut after what is in it was acknowledged. */
static int settle_name(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? disk_calls.open(dirname(copy), O_RDONLY | O_CLOEXEC, 0) : -1;
    int error = 0;

    /* Some file systems cannot do that to a folder, and say EINVAL. */
    if (fd >= 0 && disk_calls.fsync(fd) < 0 && errno != EINVAL)
        error = -errno;
    if (fd >= 0)
        close(fd);
    free(copy);
    return error;
}

/* Gives the file its full size. Of an overlay that was not finished this is all that is missing. */
static bool finish(const struct check *check)
{
    int error = 0;

    if (disk_calls.ftruncate(check->file->fd, (off_t)whole_size(check)) < 0)
        error = -errno;
    if (!error)
        error = disk_file_flush(check->file);
    if (!error)
        error = settle_name(check->path);
    return !error || refuse_errno(check, "made", error);
}

/* The header first: as long as the file has one page at most, there is nothing in it to lose. */
static bool make(const struct check *check)
{
    u8 page[PAGE_SIZE] = {0};

    memcpy(page, &check->wanted, sizeof check->wanted);
    int error = disk_file_write(check->file, 0, page, sizeof page);
    if (!error)
        error = disk_file_flush(check->file);
    return error ? refuse_errno(check, "made", error) : finish(check);
}

static bool is_zero(const u8 *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

static bool fits_base(const struct check *check, const struct disk_identity *noted)
{
    const struct disk_identity *base = &check->wanted.base;
    const char *path = check->path;
    char *message = check->message;

    if (noted->size != base->size)
        return refuse(message, check->size,
                      "%s is an overlay over a disk of %llu bytes, and this base has %llu.", path,
                      (unsigned long long)noted->size, (unsigned long long)base->size);
    if (noted->sum != base->sum)
        return refuse(
            message, check->size,
            "The base of %s has changed since that overlay was made on it; they no longer fit.",
            path);
    if (noted->changed_seconds != base->changed_seconds ||
        noted->changed_nanoseconds != base->changed_nanoseconds)
        return refuse(message, check->size,
                      "The base of %s was written to after that overlay was made on it; if it is "
                      "only a copy, "
                      "give it its time back by touch -d @%lld.%09llu.",
                      path, (long long)noted->changed_seconds,
                      (unsigned long long)noted->changed_nanoseconds);
    return true;
}

static bool check_header(const struct check *check, const struct overlay_header *header, u64 size)
{
    char *message = check->message;
    const char *path = check->path;

    if (memcmp(header->magic, DISK_OVERLAY_MAGIC, sizeof header->magic))
        return refuse(message, check->size, "%s is not an overlay, and is left as it is.", path);
    if (header->version != OVERLAY_VERSION)
        return refuse(message, check->size,
                      "%s is an overlay of version %u; this is for version %u.", path,
                      header->version, OVERLAY_VERSION);
    if (header->sum != sum_of(header))
        return refuse(message, check->size, "%s is an overlay whose first page is damaged.", path);
    if (!fits_base(check, &header->base))
        return false;
    if (header->sector_size != OVERLAY_SECTOR || header->data_at != check->wanted.data_at ||
        (size > PAGE_SIZE && size != whole_size(check)))
        return refuse(message, check->size,
                      "%s is an overlay that was cut or put together wrongly.", path);
    return true;
}

bool overlay_header_check(struct disk_file *file, const char *path, enum disk_mode mode,
                          struct host_disk *base, char *message, size_t message_size)
{
    struct check check = {file, path, {.version = 0}, message, message_size};
    struct disk_identity identity;
    u8 page[PAGE_SIZE] = {0};
    struct overlay_header header;
    int error = disk_identify(base, &identity);

    if (error)
        return refuse(message, message_size, "The base of %s cannot be read: %s.", path,
                      strerror(-error));
    check.wanted = header_for(&identity);
    i64 size = disk_file_size(file);
    if (size < 0)
        return refuse_errno(&check, "measured", (int)size);
    error = disk_file_read(file, 0, page, size < (i64)sizeof page ? (size_t)size : sizeof page);
    if (error)
        return refuse_errno(&check, "read", error);
    if (size <= (i64)sizeof page && is_zero(page, sizeof page) && mode == DISK_READ_WRITE)
        return make(&check);
    memcpy(&header, page, sizeof header);
    if (!check_header(&check, &header, (u64)size))
        return false;
    if ((u64)size == whole_size(&check))
        return true;
    return mode == DISK_READ_WRITE ? finish(&check)
                                   : refuse(message, message_size,
                                            "%s is an overlay whose making was interrupted.", path);
}
