/* Requests about open files and folders. Appending is the client's affair, who says where each byte
 * goes; O_DIRECT too is between it and its own memory. */
#include "loader/p9_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A folder's entry as Rreaddir has it, without the name: qid, position, type, length of the name.
 */
#define ENTRY_SIZE (13u + 8 + 1 + 2)

/* Linux's numbers for open(2), which the protocol uses on every machine. */
enum linux_open {
    LINUX_ACCESS = 3,
    LINUX_EXCL = 0200,
    LINUX_TRUNC = 01000,
    LINUX_DSYNC = 010000,
    LINUX_SYNC = 04010000,
};

static int flags_here(u64 flags)
{
    static const int access[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR};
    int here = access[flags & LINUX_ACCESS];

    if (flags & LINUX_EXCL)
        here |= O_EXCL;
    if (flags & LINUX_TRUNC)
        here |= O_TRUNC;
    if ((flags & LINUX_SYNC) == LINUX_SYNC)
        here |= O_SYNC;
    else if (flags & LINUX_DSYNC)
        here |= O_DSYNC;
    return here;
}

static int check_can_open(const struct p9 *p9, const struct p9_fid *fid)
{
    if (fid->fd >= 0)
        return -EBUSY;
    return p9_fids_has_room_to_open(&p9->fids) ? 0 : -ENFILE;
}

/* fd: what the host's open returned. */
static int finish_open(struct p9 *p9, struct p9_fid *fid, int fd, int flags, struct p9_out *out)
{
    int error = fd < 0 ? fd : p9_fid_open(&p9->fids, fid, fd, flags);
    struct stat status;

    if (!error && fstat(fid->fd, &status) < 0)
        error = -errno;
    if (error)
        return error;
    p9_put_qid(p9, out, &status);
    p9_put(out, 4, 0); /* most bytes at once: as many as a message holds */
    return 0;
}

int p9_open_file(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    int flags = flags_here(args->numbers[1]) & ~O_EXCL;
    int error = check_can_open(p9, fid);

    if (error)
        return error;
    return finish_open(p9, fid, share_open(&p9->share, fid->path, flags), flags, out);
}

/* name, flags, mode, group: the fid was the folder and is now the file. */
int p9_create_file(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                   struct p9_out *out)
{
    int flags = flags_here(args->numbers[1]);
    char path[SHARE_PATH];
    int error = check_can_open(p9, fid);

    if (!error)
        error = p9_join(path, fid->path, args->texts[0]);
    if (error)
        return error;
    int fd = share_create(&p9->share, path, flags, (mode_t)args->numbers[2]);
    if (fd >= 0 && p9_fid_move(&p9->fids, fid, path)) {
        close(fd);
        return -ENOMEM;
    }
    return finish_open(p9, fid, fd, flags & ~(O_EXCL | O_TRUNC), out);
}

static int check_file(const struct p9_fid *fid, u64 position)
{
    if (fid->fd < 0)
        return -EBADF;
    if (fid->folder)
        return -EISDIR;
    return position > INT64_MAX ? -EINVAL : 0;
}

/* How many bytes the answer has room for behind their count, and were asked for. */
static u32 room_for_data(const struct p9_out *out, u64 asked)
{
    u32 used = out->size + 4;
    u32 room = out->room > used ? out->room - used : 0;

    return asked < room ? (u32)asked : room;
}

int p9_read(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    u32 count = room_for_data(out, args->numbers[2]);
    int error = check_file(fid, args->numbers[1]);
    ssize_t got;

    (void)p9;
    if (error)
        return error;
    p9_put(out, 4, 0);
    do {
        got = pread(fid->fd, out->bytes + out->size, count, (off_t)args->numbers[1]);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    p9_patch(out, out->size - 4, 4, (u64)got);
    out->size += (u32)got;
    return 0;
}

int p9_write(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    int error = check_file(fid, args->numbers[1]);
    ssize_t put;

    (void)p9;
    if (error)
        return error;
    do {
        put = pwrite(fid->fd, args->data, args->data_size, (off_t)args->numbers[1]);
    } while (put < 0 && errno == EINTR);
    if (put < 0)
        return -errno;
    p9_put(out, 4, (u64)put);
    return 0;
}

/* Positions are counts of entries, so that the host is given none that it has not seen. Clients
 * read on from where they were; any other position is found by reading from the start. */
static void seek(struct p9_fid *fid, u64 position)
{
    if (position == fid->position)
        return;
    rewinddir(fid->folder);
    for (fid->position = 0; fid->position < position; fid->position++)
        if (!readdir(fid->folder))
            return;
}

/* What an entry is: its name may have gone meanwhile. The shared folder's parent is not shown. */
static void put_entry(struct p9 *p9, struct p9_fid *fid, const char *name, struct p9_out *out)
{
    struct stat status = {0};

    if (!strcmp(name, "..") && !*fid->path)
        fstat(fid->fd, &status);
    else
        fstatat(fid->fd, name, &status, AT_SYMLINK_NOFOLLOW);
    p9_put_qid(p9, out, &status);
    p9_put(out, 8, fid->position + 1);
    p9_put(out, 1, (status.st_mode & S_IFMT) >> 12); /* Linux's DT_ numbers are made like that */
    p9_put_text(out, name, strlen(name));
}

int p9_read_folder(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                   struct p9_out *out)
{
    u32 count_at = out->size, room = room_for_data(out, args->numbers[2]);
    const struct dirent *entry;

    if (!fid->folder)
        return fid->fd < 0 ? -EBADF : -ENOTDIR;
    p9_put(out, 4, 0);
    u32 end = out->size + room;
    for (seek(fid, args->numbers[1]);; fid->position++) {
        long here = telldir(fid->folder);
        entry = readdir(fid->folder);
        if (!entry)
            break;
        if (end - out->size < ENTRY_SIZE + strlen(entry->d_name)) {
            seekdir(fid->folder, here);
            break;
        }
        put_entry(p9, fid, entry->d_name, out);
    }
    p9_patch(out, count_at, 4, out->size - count_at - 4);
    return 0;
}

int p9_sync(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    (void)p9;
    (void)out;
    if (fid->fd < 0)
        return -EBADF;
    return (args->numbers[1] ? fdatasync(fid->fd) : fsync(fid->fd)) < 0 ? -errno : 0;
}
