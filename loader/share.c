/* The host's files below one folder (see share.h), by POSIX's functions that end in "at".
 *
 * A path is taken apart into the folder that holds it, which beneath_open() opens, and its last
 * name, which the functions below give to the system together with "do not follow". */
#include "loader/share.h"

#include "loader/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct place {
    int parent; /* descriptor of the folder that holds it */
    char name[NAME_MAX + 1];
};

static int find(const struct share *share, const char *path, struct place *place)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 0;
    char folder[SHARE_PATH];

    if (length >= sizeof folder || strlen(name) >= sizeof place->name)
        return -ENAMETOOLONG;
    memcpy(folder, path, length);
    folder[length] = 0;
    strcpy(place->name, *name ? name : ".");
    place->parent = beneath_open(share->root, folder);
    return place->parent < 0 ? place->parent : 0;
}

/* As find(), for what is going to be changed. */
static int find_to_change(const struct share *share, const char *path, struct place *place)
{
    return share->mode == SHARE_READ_ONLY ? -EROFS : find(share, path, place);
}

/* Ends what find() began. result: what a system call returned. */
static int leave(const struct place *place, int result)
{
    int error = result < 0 ? -errno : result;

    close(place->parent);
    return error;
}

int share_start(struct share *share, const char *folder, enum share_mode mode)
{
    int probe;

    share->mode = mode;
    share->root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (share->root < 0)
        return -errno;
    probe = beneath_open(share->root, "");
    if (probe < 0) {
        close(share->root);
        return probe;
    }
    close(probe);
    return 0;
}

void share_stop(struct share *share)
{
    close(share->root);
}

int share_stat(const struct share *share, const char *path, struct stat *status)
{
    struct place place;
    int error = find(share, path, &place);

    if (error)
        return error;
    return leave(&place, fstatat(place.parent, place.name, status, AT_SYMLINK_NOFOLLOW));
}

int share_space(const struct share *share, struct statvfs *space)
{
    return fstatvfs(share->root, space) < 0 ? -errno : 0;
}

static int check_openable(const struct stat *status)
{
    if (S_ISLNK(status->st_mode))
        return -ELOOP;
    return S_ISREG(status->st_mode) || S_ISDIR(status->st_mode) ? 0 : -ENXIO;
}

/* Opening a device or a FIFO does something by itself: look first. And once more, since somebody on
 * the host may have put one in its place. */
static int open_place(const struct place *place, int flags, mode_t mode)
{
    struct stat status;
    int error = 0;

    if (fstatat(place->parent, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        error = check_openable(&status);
    if (error)
        return error;
    int fd = openat(place->parent, place->name,
                    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
    if (fd < 0)
        return -errno;
    error = fstat(fd, &status) < 0 ? -errno : check_openable(&status);
    if (!error)
        return fd;
    close(fd);
    return error;
}

static bool changes(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || flags & (O_TRUNC | O_CREAT);
}

static int find_and_open(const struct share *share, const char *path, int flags, mode_t mode)
{
    struct place place;
    int fd = changes(flags) ? find_to_change(share, path, &place) : find(share, path, &place);

    if (fd)
        return fd;
    fd = open_place(&place, flags, mode);
    close(place.parent);
    return fd;
}

int share_open(const struct share *share, const char *path, int flags)
{
    return find_and_open(share, path, flags & ~O_CREAT, 0);
}

int share_create(const struct share *share, const char *path, int flags, mode_t mode)
{
    return find_and_open(share, path, flags | O_CREAT, mode & 01777);
}

ssize_t share_read_link(const struct share *share, const char *path, char *target, size_t size)
{
    struct place place;
    int error = find(share, path, &place);

    if (error)
        return error;
    return leave(&place, (int)readlinkat(place.parent, place.name, target, size));
}

static bool is_writable(int fd)
{
    return fd >= 0 && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

static int cut(const struct share *share, const char *path, int fd, off_t size)
{
    int own = -1, error;

    if (!is_writable(fd) && (fd = own = share_open(share, path, O_WRONLY)) < 0)
        return own;
    error = ftruncate(fd, size) < 0 ? -errno : 0;
    if (own >= 0)
        close(own);
    return error;
}

static int change_mode(const struct place *place, int fd, mode_t mode)
{
    struct stat status;

    if (fd >= 0 ? fstat(fd, &status)
                : fstatat(place->parent, place->name, &status, AT_SYMLINK_NOFOLLOW))
        return -1;
    mode &= S_ISDIR(status.st_mode) ? 03777 : 01777;
    if (fd >= 0)
        return fchmod(fd, mode);
    return fchmodat(place->parent, place->name, mode, AT_SYMLINK_NOFOLLOW);
}

static int change_owner(const struct place *place, int fd, uid_t uid, gid_t gid)
{
    if (uid == (uid_t)-1 && gid == (gid_t)-1)
        return 0;
    if (fd >= 0)
        return fchown(fd, uid, gid);
    return fchownat(place->parent, place->name, uid, gid, AT_SYMLINK_NOFOLLOW);
}

static int change_times(const struct place *place, int fd, const struct timespec times[2])
{
    if (fd >= 0)
        return futimens(fd, times);
    return utimensat(place->parent, place->name, times, AT_SYMLINK_NOFOLLOW);
}

/* The times last: the others change them. */
int share_change(const struct share *share, const char *path, int fd,
                 const struct share_change *change)
{
    struct place place;
    int error = find_to_change(share, path, &place);

    if (error == -EROFS)
        return error;
    if (error && fd < 0)
        return error;
    if (error) /* it was removed, with its folder, while it is open */
        place.parent = -1;
    error = change->has_size ? cut(share, path, fd, change->size) : 0;
    if (!error && change_owner(&place, fd, change->uid, change->gid) < 0)
        error = -errno;
    if (!error && change->has_mode && change_mode(&place, fd, change->mode) < 0)
        error = -errno;
    if (!error && change->has_times && change_times(&place, fd, change->times) < 0)
        error = -errno;
    if (place.parent >= 0)
        close(place.parent);
    return error;
}

int share_make_folder(const struct share *share, const char *path, mode_t mode)
{
    struct place place;
    int error = find_to_change(share, path, &place);

    if (error)
        return error;
    return leave(&place, mkdirat(place.parent, place.name, mode & 01777));
}

int share_make_symlink(const struct share *share, const char *path, const char *target)
{
    struct place place;
    int error = find_to_change(share, path, &place);

    if (error)
        return error;
    return leave(&place, symlinkat(target, place.parent, place.name));
}

int share_make_node(const struct share *share, const char *path, mode_t mode)
{
    struct place place;
    int fd, error;

    if (S_ISREG(mode)) {
        fd = share_create(share, path, O_WRONLY | O_EXCL, mode);
        if (fd >= 0)
            close(fd);
        return fd < 0 ? fd : 0;
    }
    error = find_to_change(share, path, &place);
    if (error)
        return error;
    if (S_ISFIFO(mode))
        return leave(&place, mkfifoat(place.parent, place.name, mode & 0777));
    close(place.parent);
    return -EPERM;
}

/* Calls what the system has for two names. */
static int with_two(const struct share *share, const char *from, const char *to,
                    int (*call)(int, const char *, int, const char *))
{
    struct place source, target;
    int error = find_to_change(share, from, &source);

    if (error)
        return error;
    error = find_to_change(share, to, &target);
    if (error) {
        close(source.parent);
        return error;
    }
    error = leave(&target, call(source.parent, source.name, target.parent, target.name));
    close(source.parent);
    return error;
}

static int link_nofollow(int from, const char *name, int to, const char *new_name)
{
    return linkat(from, name, to, new_name, 0);
}

int share_link(const struct share *share, const char *from, const char *to)
{
    return with_two(share, from, to, link_nofollow);
}

int share_rename(const struct share *share, const char *from, const char *to)
{
    return with_two(share, from, to, renameat);
}

int share_remove(const struct share *share, const char *path, int flags)
{
    struct place place;
    int error = find_to_change(share, path, &place);

    if (error)
        return error;
    return leave(&place, unlinkat(place.parent, place.name, flags));
}
