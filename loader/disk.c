/* A disk made of a raw image (see disk.h). */
#include "loader/disk.h"

#include "loader/file.h"
#include "loader/lock.h"
#include "loader/refuse.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512

struct disk {
    struct host_disk host; /* first: disk_close() is given its address */
    int fd;
    int flush_error; /* what the first fdatasync that failed said; 0 so far */
};

static int read_disk(void *context, u64 offset, void *to, size_t size)
{
    struct disk *disk = context;
    u8 *at = to;

    assert(offset <= disk->host.size && size <= disk->host.size - offset);
    while (size > 0) {
        ssize_t got = pread(disk->fd, at, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        if (got == 0)
            return -EIO; /* somebody cut the file */
        at += got;
        offset += (u64)got;
        size -= (size_t)got;
    }
    return 0;
}

static int write_disk(void *context, u64 offset, const void *from, size_t size)
{
    struct disk *disk = context;
    const u8 *at = from;

    assert(offset <= disk->host.size && size <= disk->host.size - offset);
    if (disk->host.read_only)
        return -EROFS;
    while (size > 0) {
        ssize_t put = pwrite(disk->fd, at, size, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -errno;
        if (put == 0)
            return -EIO;
        at += put;
        offset += (u64)put;
        size -= (size_t)put;
    }
    return 0;
}

static int flush_disk(void *context)
{
    struct disk *disk = context;

    /* EINTR is an error like the others here: what became of the data is not known. */
    if (!disk->flush_error && !disk->host.read_only && fdatasync(disk->fd) < 0)
        disk->flush_error = -errno;
    return disk->flush_error;
}

static bool refuse_open(const char *path, enum disk_mode mode, char *message, size_t size)
{
    if (mode == DISK_READ_WRITE && (errno == EACCES || errno == EROFS || errno == EPERM))
        return refuse(message, size,
                      "%s cannot be written to: %s; write %s,ro to use it read-only.", path,
                      strerror(errno), path);
    return refuse(message, size, "%s cannot be opened: %s.", path, strerror(errno));
}

static bool take_lock(const struct disk *disk, const char *path, char *message, size_t size)
{
    int error = lock_take(disk->fd, disk->host.read_only ? LOCK_SHARED : LOCK_EXCLUSIVE);

    if (error == -EAGAIN)
        return refuse(message, size, "%s is in use by another machine; stop that one first%s.",
                      path, disk->host.read_only ? "" : ", or use the image read-only in both");
    if (error)
        return refuse(message, size, "%s cannot be locked: %s.", path, strerror(-error));
    return true;
}

static bool measure(struct disk *disk, const char *path, char *message, size_t size)
{
    off_t end = lseek(disk->fd, 0, SEEK_END); /* also a block device's size, which fstat is not */

    if (end < 0)
        return refuse(message, size, "%s cannot be measured: %s.", path, strerror(errno));
    if (end == 0)
        return refuse(message, size, "%s is empty.", path);
    if (end % SECTOR != 0)
        return refuse(message, size,
                      "%s is no raw disk image: its size, %lld bytes, is not a multiple of %d.",
                      path, (long long)end, SECTOR);
    disk->host.size = (u64)end;
    return true;
}

static bool open_disk(struct disk *disk, const char *path, enum disk_mode mode, char *message,
                      size_t size)
{
    struct stat status;

    /* Looked at first, because opening a FIFO for writing would wait. */
    if (stat(path, &status) < 0)
        return refuse(message, size, "%s cannot be opened: %s.", path, strerror(errno));
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
        return refuse(message, size, "%s is neither a file nor a block device.", path);
    disk->fd = open(path, (mode == DISK_READ_ONLY ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
    if (disk->fd < 0)
        return refuse_open(path, mode, message, size);
    disk->host.read_only = mode == DISK_READ_ONLY;
    return take_lock(disk, path, message, size) && measure(disk, path, message, size);
}

struct host_disk *disk_open(const char *path, enum disk_mode mode, char *message,
                            size_t message_size)
{
    struct disk *disk = calloc(1, sizeof *disk);

    if (!disk) {
        refuse(message, message_size, "There is no memory left to open %s.", path);
        return NULL;
    }
    disk->fd = -1;
    if (!open_disk(disk, path, mode, message, message_size)) {
        disk_close(&disk->host);
        return NULL;
    }
    disk->host.context = disk;
    disk->host.read = read_disk;
    disk->host.write = write_disk;
    disk->host.flush = flush_disk;
    const char *name = file_name(path);
    memcpy(disk->host.id, name, strnlen(name, sizeof disk->host.id));
    return &disk->host;
}

void disk_close(struct host_disk *host)
{
    struct disk *disk = (struct disk *)host;

    if (!disk)
        return;
    if (disk->fd >= 0)
        close(disk->fd);
    free(disk);
}
