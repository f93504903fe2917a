/* openat2(2), Linux 5.6. The C library has no function for it. RESOLVE_NO_SYMLINKS implies that no
 * magic link of /proc is followed; the other two are there for who takes it away. */
#define _GNU_SOURCE
#include "loader/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

int beneath_open(int root, const char *path)
{
    struct open_how how = {
        .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
    };
    long fd = syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);

    return fd < 0 ? -errno : (int)fd;
}
