/* openat() with O_NOFOLLOW, a component at a time: what is open cannot be exchanged any more. Left
 * out: folders that may be searched but not read (O_SEARCH is missing on too many systems). */
#include "loader/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int open_folder(int at, const char *name)
{
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    return fd < 0 ? -errno : fd;
}

int beneath_open(int root, const char *path)
{
    int fd = open_folder(root, ".");

    while (fd >= 0 && *path) {
        char name[NAME_MAX + 1];
        size_t length = strcspn(path, "/");
        int next = -ENAMETOOLONG;

        if (length < sizeof name) {
            memcpy(name, path, length);
            name[length] = 0;
            next = !strcmp(name, "..") ? -EXDEV : open_folder(fd, name);
        }
        close(fd);
        fd = next;
        path += length;
        path += *path == '/';
    }
    return fd;
}
