/* Temporary files of snapshots (see snapshot_temporary.h): NAME.saving-XXXXXX. */
#include "loader/snapshot_temporary.h"

#include "loader/lock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK    ".saving-"
#define PATTERN MARK "XXXXXX"
#define TRIES   100

bool snapshot_is_temporary(const char *name)
{
    size_t length = strlen(name), tail = strlen(PATTERN);

    return length > tail && !strncmp(name + length - tail, MARK, strlen(MARK));
}

/* Whoever writes it has the lock. */
static void remove_if_left(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return;
    if (lock_take(fd, LOCK_EXCLUSIVE) == 0)
        unlinkat(folder, name, 0);
    close(fd);
}

static void remove_left(const char *folder, const char *base)
{
    DIR *entries = opendir(folder);
    size_t length = strlen(base);

    if (!entries)
        return;
    for (const struct dirent *entry; (entry = readdir(entries));)
        if (!strncmp(entry->d_name, base, length) &&
            strlen(entry->d_name) == length + strlen(PATTERN) &&
            snapshot_is_temporary(entry->d_name))
            remove_if_left(dirfd(entries), entry->d_name);
    closedir(entries);
}

static void remove_left_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");

    if (folder)
        remove_left(folder, slash ? slash + 1 : path);
    free(folder);
}

/* Between making it and locking it, another may have taken it for one left behind. */
static bool is_there(int fd)
{
    struct stat status;

    return lock_take(fd, LOCK_EXCLUSIVE) == 0 && fstat(fd, &status) == 0 && status.st_nlink > 0;
}

int snapshot_temporary(const char *path, char **name)
{
    size_t size = strlen(path) + sizeof PATTERN;
    int error = -EAGAIN;

    remove_left_of(path);
    *name = malloc(size);
    if (!*name)
        return -ENOMEM;
    for (unsigned i = 0; i < TRIES; i++) {
        snprintf(*name, size, "%s" PATTERN, path);
        int fd = mkstemp(*name);
        if (fd >= 0 && is_there(fd))
            return fd;
        error = fd < 0 ? -errno : -EAGAIN;
        if (fd < 0)
            break;
        close(fd);
    }
    free(*name);
    *name = NULL;
    return error;
}
