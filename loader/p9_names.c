/* Requests about names and what they stand for: walking, attributes, making, moving, removing.
 *
 * Owner and group that a client asks for when it makes something are not heeded: what the guest
 * makes belongs to the host's user, who can give nothing away. */
#include "loader/p9_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum qid_type { QID_FILE = 0, QID_SYMLINK = 0x02, QID_FOLDER = 0x80 };

int p9_join(char path[SHARE_PATH], const char *folder, struct p9_text name)
{
    size_t length = strlen(folder);
    size_t slash = length > 0;

    if (length + slash + name.size >= SHARE_PATH)
        return -ENAMETOOLONG;
    memmove(path, folder, length);
    if (slash)
        path[length] = '/';
    memcpy(path + length + slash, name.at, name.size);
    path[length + slash + name.size] = 0;
    return 0;
}

/* Numbers of files are unique on one file system of the host; another one that is mounted in the
 * folder gets numbers that are far away. */
static u64 file_number(const struct p9 *p9, const struct stat *status)
{
    u64 other = (u64)status->st_dev ^ (u64)p9->device;

    return (u64)status->st_ino ^ other * 0x9e3779b97f4a7c15;
}

void p9_put_qid(const struct p9 *p9, struct p9_out *out, const struct stat *status)
{
    u64 change =
        (u64)status->st_mtim.tv_sec ^ (u64)status->st_mtim.tv_nsec ^ (u64)status->st_size << 8;

    p9_put(out, 1,
           S_ISDIR(status->st_mode)   ? QID_FOLDER
           : S_ISLNK(status->st_mode) ? QID_SYMLINK
                                      : QID_FILE);
    p9_put(out, 4, (u32)change);
    p9_put(out, 8, file_number(p9, status));
}

int p9_put_qid_of(const struct p9 *p9, struct p9_out *out, const char *path)
{
    struct stat status;
    int error = share_stat(&p9->share, path, &status);

    if (!error)
        p9_put_qid(p9, out, &status);
    return error;
}

/* One step of a walk, in place. The folder is its own parent. */
static int step(char path[SHARE_PATH], struct p9_text name)
{
    char *slash = strrchr(path, '/');

    if (name.size != 2 || memcmp(name.at, "..", 2))
        return p9_join(path, path, name);
    *(slash ? slash : path) = 0;
    return 0;
}

/* new fid, names. A walk that goes part of the way says how far; only a whole one makes the fid. */
int p9_walk(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    u32 number = (u32)args->numbers[1], done = 0, count_at = out->size;
    struct p9_fid *target = p9_fid_find(&p9->fids, number);
    char path[SHARE_PATH];
    int error = 0;

    if (number == P9_NO_FID || (target && (target != fid || fid->fd >= 0)))
        return -EBADF;
    strcpy(path, fid->path);
    p9_put(out, 2, 0);
    while (done < args->text_count && !error) {
        error = step(path, args->texts[done]);
        if (!error)
            error = p9_put_qid_of(p9, out, path);
        done += !error;
    }
    if (error && done == 0)
        return error;
    p9_patch(out, count_at, 2, done);
    if (error)
        return 0;
    return target ? p9_fid_move(&p9->fids, fid, path) : p9_fid_add(&p9->fids, number, path);
}

static void put_time(struct p9_out *out, struct timespec at)
{
    p9_put(out, 8, (u64)at.tv_sec);
    p9_put(out, 8, (u64)at.tv_nsec);
}

static int stat_fid(const struct p9 *p9, const struct p9_fid *fid, struct stat *status)
{
    if (fid->fd >= 0)
        return fstat(fid->fd, status) < 0 ? -errno : 0;
    return share_stat(&p9->share, fid->path, status);
}

/* All the basic ones, whichever were asked for. */
int p9_get_attributes(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                      struct p9_out *out)
{
    enum { BASIC = 0x7ff };
    struct stat status;
    int error = stat_fid(p9, fid, &status);

    (void)args;
    if (error)
        return error;
    p9_put(out, 8, BASIC);
    p9_put_qid(p9, out, &status);
    p9_put(out, 4, status.st_mode);
    p9_put(out, 4, status.st_uid);
    p9_put(out, 4, status.st_gid);
    p9_put(out, 8, status.st_nlink);
    p9_put(out, 8, 0); /* which device it is: nobody gets to open one */
    p9_put(out, 8, (u64)status.st_size);
    p9_put(out, 8, (u64)status.st_blksize);
    p9_put(out, 8, (u64)status.st_blocks);
    put_time(out, status.st_atim);
    put_time(out, status.st_mtim);
    put_time(out, status.st_ctim);
    put_time(out, (struct timespec){0}); /* birth: not among the basic ones */
    p9_put(out, 8, 0);                   /* generation */
    p9_put(out, 8, 0);                   /* data version */
    return 0;
}

enum set {
    SET_MODE = 0x1,
    SET_UID = 0x2,
    SET_GID = 0x4,
    SET_SIZE = 0x8,
    SET_ATIME = 0x10,
    SET_MTIME = 0x20,
    SET_ATIME_TO = 0x80,
    SET_MTIME_TO = 0x100,
};

/* Without a time to set it to, it is now. */
static struct timespec time_to_set(u64 which, unsigned set, unsigned set_to, const u64 *number)
{
    if (!(which & set))
        return (struct timespec){.tv_nsec = UTIME_OMIT};
    if (!(which & set_to))
        return (struct timespec){.tv_nsec = UTIME_NOW};
    return (struct timespec){(time_t)number[0], (long)number[1]};
}

/* which, mode, owner, group, size, last access and last modification in seconds and nanoseconds. */
int p9_set_attributes(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                      struct p9_out *out)
{
    const u64 *number = args->numbers;
    u64 which = number[1];
    struct share_change change = {
        .has_mode = which & SET_MODE,
        .mode = (mode_t)number[2],
        .uid = which & SET_UID ? (uid_t)number[3] : (uid_t)-1,
        .gid = which & SET_GID ? (gid_t)number[4] : (gid_t)-1,
        .has_size = which & SET_SIZE,
        .size = (off_t)number[5],
        .has_times = which & (SET_ATIME | SET_MTIME),
        .times = {time_to_set(which, SET_ATIME, SET_ATIME_TO, number + 6),
                  time_to_set(which, SET_MTIME, SET_MTIME_TO, number + 8)},
    };

    (void)out;
    if (number[7] >= 1000000000 || number[9] >= 1000000000 || number[5] > INT64_MAX)
        return -EINVAL;
    return share_change(&p9->share, fid->path, fid->fd, &change);
}

int p9_make_folder(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                   struct p9_out *out)
{
    char path[SHARE_PATH];
    int error = p9_join(path, fid->path, args->texts[0]);

    if (!error)
        error = share_make_folder(&p9->share, path, (mode_t)args->numbers[1]);
    return error ? error : p9_put_qid_of(p9, out, path);
}

int p9_make_symlink(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                    struct p9_out *out)
{
    char path[SHARE_PATH], target[SHARE_PATH];
    int error = p9_join(path, fid->path, args->texts[0]);

    if (!error)
        error = p9_join(target, "", args->texts[1]);
    if (!error)
        error = share_make_symlink(&p9->share, path, target);
    return error ? error : p9_put_qid_of(p9, out, path);
}

int p9_make_node(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    char path[SHARE_PATH];
    int error = p9_join(path, fid->path, args->texts[0]);

    if (!error)
        error = share_make_node(&p9->share, path, (mode_t)args->numbers[1]);
    return error ? error : p9_put_qid_of(p9, out, path);
}

int p9_read_link(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    char target[SHARE_PATH];
    ssize_t size = share_read_link(&p9->share, fid->path, target, sizeof target);

    (void)args;
    if (size < 0)
        return (int)size;
    p9_put_text(out, target, (size_t)size);
    return 0;
}

/* fid is the folder, the second number the file. */
int p9_link(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    const struct p9_fid *file = p9_fid_find(&p9->fids, (u32)args->numbers[1]);
    char path[SHARE_PATH];
    int error = file ? p9_join(path, fid->path, args->texts[0]) : -EBADF;

    (void)out;
    return error ? error : share_link(&p9->share, file->path, path);
}

static int rename_path(struct p9 *p9, const char *from, const char *folder, struct p9_text name)
{
    char path[SHARE_PATH];
    int error = p9_join(path, folder, name);

    if (!error && !*from)
        error = -EBUSY;
    if (!error)
        error = share_rename(&p9->share, from, path);
    if (!error)
        p9_fids_rename(&p9->fids, from, path);
    return error;
}

int p9_rename(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    const struct p9_fid *folder = p9_fid_find(&p9->fids, (u32)args->numbers[1]);
    char from[SHARE_PATH];

    (void)out;
    if (!folder)
        return -EBADF;
    strcpy(from, fid->path);
    return rename_path(p9, from, folder->path, args->texts[0]);
}

int p9_rename_at(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    const struct p9_fid *folder = p9_fid_find(&p9->fids, (u32)args->numbers[1]);
    char from[SHARE_PATH];
    int error = folder ? p9_join(from, fid->path, args->texts[0]) : -EBADF;

    (void)out;
    return error ? error : rename_path(p9, from, folder->path, args->texts[1]);
}

/* The fid is gone whatever the host says. */
int p9_remove(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    struct stat status;
    int error = share_stat(&p9->share, fid->path, &status);

    (void)args;
    (void)out;
    if (!error)
        error = share_remove(&p9->share, fid->path, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0);
    p9_fid_remove(&p9->fids, fid);
    return error;
}

int p9_unlink_at(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    enum { REMOVE_FOLDER = 0x200 }; /* Linux's AT_REMOVEDIR */
    char path[SHARE_PATH];
    int error = p9_join(path, fid->path, args->texts[0]);

    (void)out;
    if (error)
        return error;
    return share_remove(&p9->share, path, args->numbers[1] & REMOVE_FOLDER ? AT_REMOVEDIR : 0);
}

int p9_space(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    enum { LINUX_V9FS_MAGIC = 0x01021997 };
    struct statvfs space;
    int error = share_space(&p9->share, &space);

    (void)fid;
    (void)args;
    if (error)
        return error;
    p9_put(out, 4, LINUX_V9FS_MAGIC);
    /* Linux's f_bsize, in which the client counts blocks; POSIX counts them in f_frsize. */
    p9_put(out, 4, space.f_frsize);
    p9_put(out, 8, space.f_blocks);
    p9_put(out, 8, space.f_bfree);
    p9_put(out, 8, space.f_bavail);
    p9_put(out, 8, space.f_files);
    p9_put(out, 8, space.f_ffree);
    p9_put(out, 8, space.f_fsid);
    p9_put(out, 4, space.f_namemax);
    return 0;
}
