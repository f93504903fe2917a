/* A file of the user's that is loaded into the guest (see file.h). */
#include "loader/file.h"

#include "loader/refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool measure(struct file *file, const char *path, char *message, size_t message_size)
{
    struct stat status;

    if (fstat(file->fd, &status) < 0)
        return refuse(message, message_size, "%s cannot be read: %s.", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return refuse(message, message_size, "%s is not a regular file.", path);
    if (status.st_size == 0)
        return refuse(message, message_size, "%s is empty.", path);
    file->size = (u64)status.st_size;
    file->changed = status.st_mtim;
    file->path = strdup(path);
    if (!file->path)
        return refuse(message, message_size, "There is no memory left to open %s.", path);
    return true;
}

bool file_open(struct file *file, const char *path, char *message, size_t message_size)
{
    *file = (struct file){0};
    /* O_NONBLOCK: a FIFO must be refused, not waited for. */
    file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file->fd < 0)
        return refuse(message, message_size, "%s cannot be opened: %s.", path, strerror(errno));
    if (measure(file, path, message, message_size))
        return true;
    close(file->fd);
    *file = (struct file){0};
    return false;
}

void file_close(struct file *file)
{
    if (!file->path)
        return;
    close(file->fd);
    free(file->path);
    *file = (struct file){0};
}

bool file_read(const struct file *file, u64 offset, void *to, u64 size, char *message,
               size_t message_size)
{
    u8 *at = to;

    if (offset > file->size || size > file->size - offset)
        return refuse(message, message_size, "%s is cut short.", file->path);
    while (size > 0) {
        ssize_t got = pread(file->fd, at, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(message, message_size, "%s cannot be read: %s.", file->path,
                          strerror(errno));
        if (got == 0)
            return refuse(message, message_size, "%s is shorter than it was when it was opened.",
                          file->path);
        at += got;
        offset += (u64)got;
        size -= (u64)got;
    }
    return true;
}

bool file_is_unchanged(const struct file *file, char *message, size_t message_size)
{
    struct stat status;

    if (fstat(file->fd, &status) < 0)
        return refuse(message, message_size, "%s cannot be read: %s.", file->path, strerror(errno));
    if ((u64)status.st_size == file->size && status.st_mtim.tv_sec == file->changed.tv_sec &&
        status.st_mtim.tv_nsec == file->changed.tv_nsec)
        return true;
    return refuse(message, message_size,
                  "%s has changed since it was opened; start again to load it.", file->path);
}

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
