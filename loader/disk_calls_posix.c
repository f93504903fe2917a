/* What disks ask of plain POSIX (see disk_calls.h). It cannot give space back. */
#include "loader/disk_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int open_file(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

static int make_temporary(char *template)
{
    int fd = mkstemp(template);

    if (fd >= 0)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

static int refuse_range(int fd, off_t offset, off_t size)
{
    (void)fd;
    (void)offset;
    (void)size;
    errno = EOPNOTSUPP;
    return -1;
}

const struct disk_calls disk_calls = {
    .open = open_file,
    .make_temporary = make_temporary,
    .pread = pread,
    .pwrite = pwrite,
    .ftruncate = ftruncate,
    .fdatasync = fdatasync,
    .fsync = fsync,
    .punch = refuse_range,
    .zero = refuse_range,
};
