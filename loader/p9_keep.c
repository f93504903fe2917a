/* What a snapshot keeps of the 9P server (see p9.h): the session, and each fid's number, path and
 * the flags it was opened with. A file is found again by its path; one that has lost its name, or
 * may not be opened any more, is not open afterwards, and the client's next request about it fails.
 *
 *     message_most:32   then for each fid   number:32  flags:32 (-1: not open)  size:32  path */
#include "loader/p9_parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FID_HEAD ((size_t)12)

static void put32(u8 *to, size_t at, size_t room, u32 value)
{
    if (at + sizeof value <= room)
        memcpy(to + at, &value, sizeof value);
}

static u32 get32(const u8 *from)
{
    u32 value;

    memcpy(&value, from, sizeof value);
    return value;
}

size_t p9_keep(void *context, u8 *to, size_t room)
{
    const struct p9 *p9 = context;
    size_t size = 4;

    put32(to, 0, room, p9->message_most);
    for (unsigned i = 0; i < P9_FID_BUCKETS; i++)
        for (const struct p9_fid *fid = p9->fids.buckets[i]; fid; fid = fid->next) {
            size_t length = strlen(fid->path);
            put32(to, size, room, fid->number);
            put32(to, size + 4, room, fid->fd < 0 ? UINT32_MAX : (u32)fid->flags);
            put32(to, size + 8, room, (u32)length);
            size += FID_HEAD;
            if (size + length <= room)
                memcpy(to + size, fid->path, length);
            size += length;
        }
    return size;
}

/* As share.h wants it: plain names between slashes. */
static bool is_path(const u8 *at, size_t size)
{
    const u8 *end = at + size;

    if (size >= SHARE_PATH || memchr(at, 0, size))
        return false;
    for (const u8 *next; size && at <= end; at = next + 1) {
        next = memchr(at, '/', (size_t)(end - at));
        if (!next)
            next = end;
        size_t name = (size_t)(next - at);
        if (name == 0 || (name == 1 && at[0] == '.') || (name == 2 && !memcmp(at, "..", 2)))
            return false;
    }
    return true;
}

static bool is_opened_by(u32 flags)
{
    return flags == UINT32_MAX ||
           !(flags & ~(u32)(O_ACCMODE | O_TRUNC | O_EXCL | O_SYNC | O_DSYNC));
}

bool p9_accepts(void *context, const u8 *from, size_t size)
{
    u32 count = 0;
    size_t at = 4;

    (void)context;
    if (size < at || get32(from) > P9_MESSAGE_MOST)
        return false;
    while (at < size) {
        if (size - at < FID_HEAD || count++ == P9_FIDS_MOST)
            return false;
        u32 length = get32(from + at + 8);
        if (length > size - at - FID_HEAD || !is_path(from + at + FID_HEAD, length) ||
            !is_opened_by(get32(from + at + 4)))
            return false;
        at += FID_HEAD + length;
    }
    return true;
}

/* What cannot be opened stays a name. */
static void reopen_fid(struct p9 *p9, struct p9_fid *fid, u32 flags)
{
    int wanted = (int)flags & ~(O_TRUNC | O_EXCL);
    int fd = flags == UINT32_MAX || !p9_fids_has_room_to_open(&p9->fids)
                 ? -1
                 : share_open(&p9->share, fid->path, wanted);

    if (fd >= 0)
        p9_fid_open(&p9->fids, fid, fd, wanted);
}

void p9_reopen(void *context, const u8 *from, size_t size)
{
    struct p9 *p9 = context;
    struct stat root;

    p9_fids_clear(&p9->fids);
    p9->message_most = size ? get32(from) : 0;
    if (share_stat(&p9->share, "", &root) == 0)
        p9->device = root.st_dev;
    for (size_t at = 4; at < size;) {
        char path[SHARE_PATH];
        u32 number = get32(from + at), length = get32(from + at + 8);
        memcpy(path, from + at + FID_HEAD, length);
        path[length] = 0;
        if (!p9_fid_find(&p9->fids, number) && !p9_fid_add(&p9->fids, number, path))
            reopen_fid(p9, p9_fid_find(&p9->fids, number), get32(from + at + 4));
        at += FID_HEAD + length;
    }
}
