/* Files below disks (see disk_file.h). */
#include "loader/disk_file.h"

#include "loader/disk_calls.h"
#include "loader/lock.h"
#include "loader/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse_open(const char *path, enum disk_mode mode, char *message, size_t size)
{
    if (mode == DISK_READ_WRITE && (errno == EACCES || errno == EROFS || errno == EPERM))
        return refuse(message, size,
                      "%s cannot be written to: %s; add ,ro to its name to use it read-only.", path,
                      strerror(errno));
    return refuse(message, size, "%s cannot be opened: %s.", path, strerror(errno));
}

static bool take_lock(int fd, const char *path, enum disk_mode mode, char *message, size_t size)
{
    int error = lock_take(fd, mode == DISK_READ_ONLY ? LOCK_SHARED : LOCK_EXCLUSIVE);

    if (error == -EAGAIN)
        return refuse(message, size, "%s is in use by another machine; stop that one first%s.",
                      path, mode == DISK_READ_ONLY ? "" : ", or use it read-only in both");
    if (error)
        return refuse(message, size, "%s cannot be locked: %s.", path, strerror(-error));
    return true;
}

bool disk_file_open(struct disk_file *file, const char *path, enum disk_mode mode, int create_flags,
                    char *message, size_t size)
{
    int flags = (mode == DISK_READ_ONLY ? O_RDONLY : O_RDWR | create_flags) | O_CLOEXEC;
    struct stat status;

    *file = (struct disk_file){.fd = -1};
    /* Looked at first, because opening a FIFO for writing would wait. */
    if (stat(path, &status) == 0) {
        if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
            return refuse(message, size, "%s is neither a file nor a block device.", path);
    } else if (errno != ENOENT || !(flags & O_CREAT)) {
        return refuse(message, size, "%s cannot be opened: %s%s.", path, strerror(errno),
                      mode == DISK_READ_WRITE && errno == ENOENT
                          ? "; truncate -s 8G makes an empty disk of that size"
                          : "");
    }
    file->fd = disk_calls.open(path, flags | O_NONBLOCK, 0666);
    if (file->fd < 0)
        return refuse_open(path, mode, message, size);
    return take_lock(file->fd, path, mode, message, size);
}

bool disk_file_open_temporary(struct disk_file *file, char *message, size_t size)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];

    *file = (struct disk_file){.fd = -1};
    if (!folder || !*folder)
        folder = "/var/tmp"; /* on a disk, where /tmp may be memory */
    if ((size_t)snprintf(path, sizeof path, "%s/vitrine-XXXXXX", folder) < sizeof path)
        file->fd = disk_calls.make_temporary(path);
    if (file->fd < 0)
        return refuse(message, size, "No temporary file can be made in %s: %s.", folder,
                      strerror(errno));
    unlink(path);
    return true;
}

void disk_file_close(struct disk_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

i64 disk_file_size(const struct disk_file *file)
{
    off_t end = lseek(file->fd, 0, SEEK_END); /* also a block device's size, which fstat is not */

    return end < 0 ? -errno : end;
}

int disk_file_read(const struct disk_file *file, u64 offset, void *to, size_t size)
{
    u8 *at = to;

    while (size > 0) {
        ssize_t got = disk_calls.pread(file->fd, at, size, (off_t)offset);
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

int disk_file_write(const struct disk_file *file, u64 offset, const void *from, size_t size)
{
    const u8 *at = from;

    while (size > 0) {
        ssize_t put = disk_calls.pwrite(file->fd, at, size, (off_t)offset);
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

int disk_file_flush(struct disk_file *file)
{
    /* EINTR is an error like the others here: what became of the data is not known. */
    if (!file->flush_error && disk_calls.fdatasync(file->fd) < 0)
        file->flush_error = -errno;
    return file->flush_error;
}

/* Calls one of the two until it is not interrupted; notes when the host cannot do that at all. */
static int clear_range(const struct disk_file *file, u64 offset, u64 size,
                       int (*call)(int, off_t, off_t), bool *cannot)
{
    if (*cannot)
        return -EOPNOTSUPP;
    while (call(file->fd, (off_t)offset, (off_t)size) < 0) {
        if (errno == EINTR)
            continue;
        if (errno != EOPNOTSUPP && errno != ENOSYS && errno != ENODEV && errno != EINVAL)
            return -errno;
        *cannot = true;
        return -EOPNOTSUPP;
    }
    return 0;
}

int disk_file_punch(struct disk_file *file, u64 offset, u64 size)
{
    return clear_range(file, offset, size, disk_calls.punch, &file->cannot_punch);
}

static int write_zeroes(const struct disk_file *file, u64 offset, u64 size)
{
    static const u8 zeroes[65536];

    while (size > 0) {
        u64 piece = size < sizeof zeroes ? size : sizeof zeroes;
        int error = disk_file_write(file, offset, zeroes, piece);
        if (error)
            return error;
        offset += piece;
        size -= piece;
    }
    return 0;
}

int disk_file_zero(struct disk_file *file, u64 offset, u64 size, enum host_zero how)
{
    int error = how == HOST_ZERO_UNMAP ? disk_file_punch(file, offset, size) : -EOPNOTSUPP;

    if (error == -EOPNOTSUPP)
        error = clear_range(file, offset, size, disk_calls.zero, &file->cannot_zero);
    return error == -EOPNOTSUPP ? write_zeroes(file, offset, size) : error;
}
