/* A folder of the host that a guest may use, and the one way to its files. Every function takes a
 * path below the folder; none follows a symbolic link, none leaves the folder, and in a read-only
 * share none changes anything (-EROFS). They return 0, or what they say, or a negative errno.
 *
 * A path is relative, its components are plain names (neither "", "." nor ".."); "" is the folder.
 *
 * Files belong to whom the host says, and are made by the user whom vitrine runs as. Only files and
 * folders are opened: a FIFO, a socket or a device can be named, renamed and removed. Set-user-ID
 * and set-group-ID bits of files are dropped, so that a guest leaves no such program behind. */
#ifndef LOADER_SHARE_H
#define LOADER_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <time.h>

#define SHARE_PATH 4096 /* bytes of a path, with its end */

enum share_mode { SHARE_READ_WRITE, SHARE_READ_ONLY };

struct share {
    int root; /* descriptor of the folder */
    enum share_mode mode;
};

/* What share_change() is to change. */
struct share_change {
    bool has_mode, has_size, has_times;
    mode_t mode;
    uid_t uid; /* (uid_t)-1: as it is */
    gid_t gid;
    off_t size;
    struct timespec times[2]; /* last access, last modification, as in utimensat() */
};

/* 0, or a negative errno. */
int share_start(struct share *share, const char *folder, enum share_mode mode);
void share_stop(struct share *share);

int share_stat(const struct share *share, const char *path, struct stat *status);
int share_space(const struct share *share, struct statvfs *space);
/* A descriptor. flags: O_RDONLY, O_WRONLY or O_RDWR, with O_TRUNC, O_SYNC, O_DSYNC. */
int share_open(const struct share *share, const char *path, int flags);
/* The same for a file that is made if it is not there; flags may hold O_EXCL. */
int share_create(const struct share *share, const char *path, int flags, mode_t mode);
/* Size of the text written to target, which has no end. */
ssize_t share_read_link(const struct share *share, const char *path, char *target, size_t size);
/* fd: the file if it is open, or -1. */
int share_change(const struct share *share, const char *path, int fd,
                 const struct share_change *change);
int share_make_folder(const struct share *share, const char *path, mode_t mode);
/* Whatever the target is, only the guest follows it. */
int share_make_symlink(const struct share *share, const char *path, const char *target);
/* An empty file or a FIFO, as mode says; -EPERM for anything else. */
int share_make_node(const struct share *share, const char *path, mode_t mode);
int share_link(const struct share *share, const char *from, const char *to);
int share_rename(const struct share *share, const char *from, const char *to);
/* flags: 0, or AT_REMOVEDIR for a folder. */
int share_remove(const struct share *share, const char *path, int flags);

#endif
