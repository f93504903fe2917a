/* What disks ask of Linux (see disk_calls.h): POSIX, and fallocate(2). */
#define _GNU_SOURCE
#include "loader/disk_calls.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int open_file(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

static int make_temporary(char *template)
{
    return mkostemp(template, O_CLOEXEC);
}

static int punch(int fd, off_t offset, off_t size)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size);
}

static int zero(int fd, off_t offset, off_t size)
{
    return fallocate(fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, offset, size);
}

const struct disk_calls disk_calls = {
    .open = open_file,
    .make_temporary = make_temporary,
    .pread = pread,
    .pwrite = pwrite,
    .ftruncate = ftruncate,
    .fdatasync = fdatasync,
    .fsync = fsync,
    .punch = punch,
    .zero = zero,
};
