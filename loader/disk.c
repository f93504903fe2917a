/* A disk made of a raw image (see disk.h). */
#include "loader/disk.h"

#include "loader/file.h"
#include "loader/refuse.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SECTOR     512
#define SUM_BYTES  ((u64)2 << 20)
#define SUM_BUFFER 65536u

struct raw {
    struct disk disk;
    struct disk_file file;
    u64 file_size; /* bytes; less than the disk's where that was rounded up to a sector */
};

static void assert_range(const struct raw *raw, u64 offset, u64 size)
{
    assert(offset <= raw->disk.host.size && size <= raw->disk.host.size - offset);
    (void)raw, (void)offset, (void)size;
}

static int read_raw(void *context, u64 offset, void *to, size_t size)
{
    struct raw *raw = context;

    assert_range(raw, offset, size);
    u64 left = offset < raw->file_size ? raw->file_size - offset : 0;
    size_t there = size < left ? size : (size_t)left;
    memset((u8 *)to + there, 0, size - there);
    return disk_file_read(&raw->file, offset, to, there);
}

static int write_raw(void *context, u64 offset, const void *from, size_t size)
{
    struct raw *raw = context;

    assert_range(raw, offset, size);
    if (raw->disk.host.read_only)
        return -EROFS;
    int error = disk_file_write(&raw->file, offset, from, size);
    if (!error && offset + size > raw->file_size)
        raw->file_size = offset + size;
    return error;
}

static int flush_raw(void *context)
{
    struct raw *raw = context;

    return raw->disk.host.read_only ? 0 : disk_file_flush(&raw->file);
}

/* Where the host can give nothing back, there is nothing to do. */
static int discard_raw(void *context, u64 offset, u64 size)
{
    struct raw *raw = context;

    assert_range(raw, offset, size);
    if (raw->disk.host.read_only)
        return -EROFS;
    int error = disk_file_punch(&raw->file, offset, size);
    return error == -EOPNOTSUPP ? 0 : error;
}

static int zero_raw(void *context, u64 offset, u64 size, enum host_zero how)
{
    struct raw *raw = context;

    assert_range(raw, offset, size);
    if (raw->disk.host.read_only)
        return -EROFS;
    return disk_file_zero(&raw->file, offset, size, how);
}

static int identify_raw(void *context, u64 words[HOST_IDENTITY])
{
    struct disk_identity identity = {.size = 0};
    int error = disk_identify(context, &identity);

    words[0] = identity.size;
    words[1] = (u64)identity.changed_seconds;
    words[2] = identity.changed_nanoseconds;
    words[3] = identity.sum;
    return error;
}

static void close_raw(struct disk *disk)
{
    disk_file_close(&((struct raw *)disk)->file);
    free(disk);
}

/* What becomes of a last sector that is not whole. */
enum tail { TAIL_REFUSED, TAIL_PADDED };

static bool measure(struct raw *raw, const char *path, enum tail tail, char *message, size_t size)
{
    i64 end = disk_file_size(&raw->file);
    char start[sizeof DISK_OVERLAY_MAGIC - 1];

    if (end < 0)
        return refuse(message, size, "%s cannot be measured: %s.", path, strerror((int)-end));
    if (end == 0)
        return refuse(message, size, "%s is empty.", path);
    if (end % SECTOR != 0 && tail == TAIL_REFUSED)
        return refuse(message, size,
                      "%s is no raw disk image: its size, %lld bytes, is not a multiple of %d.",
                      path, (long long)end, SECTOR);
    raw->file_size = (u64)end;
    raw->disk.host.size = (raw->file_size + SECTOR - 1) / SECTOR * SECTOR;
    int error = read_raw(raw, 0, start, sizeof start);
    if (error)
        return refuse(message, size, "%s cannot be read: %s.", path, strerror(-error));
    if (!memcmp(start, DISK_OVERLAY_MAGIC, sizeof start))
        return refuse(message, size,
                      "%s is an overlay; name it together with its base: -d BASE,overlay=%s.", path,
                      path);
    return true;
}

static struct host_disk *open_raw(const char *path, enum disk_mode mode, enum tail tail,
                                  char *message, size_t message_size)
{
    struct raw *raw = calloc(1, sizeof *raw);

    if (!raw) {
        refuse(message, message_size, "There is no memory left to open %s.", path);
        return NULL;
    }
    raw->disk.close = close_raw;
    raw->disk.host = (struct host_disk){.context = raw,
                                        .read_only = mode == DISK_READ_ONLY,
                                        .read = read_raw,
                                        .write = write_raw,
                                        .flush = flush_raw,
                                        .discard = discard_raw,
                                        .zero = zero_raw,
                                        .identify = identify_raw};
    const char *name = file_name(path);
    memcpy(raw->disk.host.id, name, strnlen(name, sizeof raw->disk.host.id));
    if (!disk_file_open(&raw->file, path, mode, 0, message, message_size) ||
        !measure(raw, path, tail, message, message_size)) {
        disk_close(&raw->disk.host);
        return NULL;
    }
    return &raw->disk.host;
}

struct host_disk *disk_open(const char *path, enum disk_mode mode, char *message,
                            size_t message_size)
{
    return open_raw(path, mode, TAIL_REFUSED, message, message_size);
}

struct host_disk *disk_open_any_size(const char *path, enum disk_mode mode, char *message,
                                     size_t message_size)
{
    return open_raw(path, mode, TAIL_PADDED, message, message_size);
}

void disk_close(struct host_disk *host)
{
    struct disk *disk = (struct disk *)host;

    if (disk)
        disk->close(disk);
}

u64 disk_sum(u64 sum, const void *bytes, size_t size)
{
    const u8 *at = bytes;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ at[i]) * 0x100000001b3u;
    return sum;
}

int disk_identify(struct host_disk *host, struct disk_identity *identity)
{
    const struct raw *raw = (struct raw *)host;
    u64 end = host->size < SUM_BYTES ? host->size : SUM_BYTES;
    u8 buffer[SUM_BUFFER];
    struct stat status;

    if (fstat(raw->file.fd, &status) < 0)
        return -errno;
    *identity = (struct disk_identity){.size = host->size, .sum = DISK_SUM_START};
    if (S_ISREG(status.st_mode)) {
        identity->changed_seconds = status.st_mtim.tv_sec;
        identity->changed_nanoseconds = (u64)status.st_mtim.tv_nsec;
    }
    for (u64 at = 0; at < end; at += sizeof buffer) {
        size_t piece = end - at < sizeof buffer ? end - at : sizeof buffer;
        int error = host->read(host->context, at, buffer, piece);
        if (error)
            return error;
        identity->sum = disk_sum(identity->sum, buffer, piece);
    }
    return 0;
}
