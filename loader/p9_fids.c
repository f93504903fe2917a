/* The table of fids (see p9_fids.h): buckets by number, since numbers are small and dense. */
#include "loader/p9_fids.h"

#include "loader/share.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

void p9_fids_init(struct p9_fids *fids)
{
    struct rlimit limit;

    *fids = (struct p9_fids){.open_most = P9_OPEN_MOST};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 4 < P9_OPEN_MOST)
        fids->open_most = (u32)(limit.rlim_cur / 4);
}

static struct p9_fid **place_of(const struct p9_fids *fids, u32 number)
{
    struct p9_fid *const *at = &fids->buckets[number % P9_FID_BUCKETS];

    while (*at && (*at)->number != number)
        at = &(*at)->next;
    return (struct p9_fid **)at;
}

struct p9_fid *p9_fid_find(const struct p9_fids *fids, u32 number)
{
    return *place_of(fids, number);
}

int p9_fid_move(struct p9_fids *fids, struct p9_fid *fid, const char *path)
{
    size_t old = fid->path ? strlen(fid->path) + 1 : 0, size = strlen(path) + 1;

    if (fids->path_bytes - old + size > P9_PATHS_MOST)
        return -ENOMEM;
    char *copy = strdup(path);
    if (!copy)
        return -ENOMEM;
    free(fid->path);
    fid->path = copy;
    fids->path_bytes += size - old;
    return 0;
}

int p9_fid_add(struct p9_fids *fids, u32 number, const char *path)
{
    struct p9_fid **place = place_of(fids, number);
    struct p9_fid *fid = fids->count < P9_FIDS_MOST ? calloc(1, sizeof *fid) : NULL;

    assert(!*place);
    if (!fid)
        return -ENOMEM;
    *fid = (struct p9_fid){.number = number, .fd = -1};
    if (p9_fid_move(fids, fid, path)) {
        free(fid);
        return -ENOMEM;
    }
    *place = fid;
    fids->count++;
    return 0;
}

static void close_fid(struct p9_fids *fids, struct p9_fid *fid)
{
    if (fid->fd < 0)
        return;
    if (fid->folder)
        closedir(fid->folder);
    else
        close(fid->fd);
    fid->fd = -1;
    fids->open--;
}

void p9_fid_remove(struct p9_fids *fids, struct p9_fid *fid)
{
    struct p9_fid **place = place_of(fids, fid->number);

    *place = fid->next;
    close_fid(fids, fid);
    fids->path_bytes -= strlen(fid->path) + 1;
    fids->count--;
    free(fid->path);
    free(fid);
}

void p9_fids_clear(struct p9_fids *fids)
{
    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        while (fids->buckets[i])
            p9_fid_remove(fids, fids->buckets[i]);
}

bool p9_fids_has_room_to_open(const struct p9_fids *fids)
{
    return fids->open < fids->open_most;
}

int p9_fid_open(struct p9_fids *fids, struct p9_fid *fid, int fd, int flags)
{
    struct stat status;

    assert(fid->fd < 0);
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        fid->folder = fdopendir(fd);
        if (!fid->folder) {
            int error = -errno;
            close(fd);
            return error;
        }
    }
    fid->fd = fd;
    fid->flags = flags;
    fid->position = 0;
    fids->open++;
    return 0;
}

void p9_fids_rename(struct p9_fids *fids, const char *from, const char *to)
{
    size_t length = strlen(from);

    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        for (struct p9_fid *fid = fids->buckets[i]; fid; fid = fid->next) {
            char path[SHARE_PATH];
            if (strncmp(fid->path, from, length) || (fid->path[length] && fid->path[length] != '/'))
                continue;
            /* One that became too long keeps its old path, which leads nowhere any more. */
            int size = snprintf(path, sizeof path, "%s%s", to, fid->path + length);
            if (size < (int)sizeof path)
                p9_fid_move(fids, fid, path);
        }
}
