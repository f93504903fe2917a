/* What a 9P client has handles for: numbers of its choosing ("fids") that stand for paths below the
 * shared folder, and some of them for open files. How many there may be, how long their paths are
 * in all and how many are open is bounded, since a guest decides.
 *
 * A fid is a number, a path and the flags it was opened with: that describes it to a snapshot. */
#ifndef LOADER_P9_FIDS_H
#define LOADER_P9_FIDS_H

#include "memory/types.h"

#include <dirent.h>

#define P9_FIDS_MOST   16384u
#define P9_PATHS_MOST  ((size_t)8 << 20) /* bytes of all paths */
#define P9_OPEN_MOST   1024u             /* and a quarter of what the process may have open */
#define P9_FID_BUCKETS 1024u

struct p9_fid {
    u32 number;
    int fd;       /* of the file or folder when it is open, or -1 */
    int flags;    /* it was opened with */
    DIR *folder;  /* the same when it is a folder, else NULL */
    u64 position; /* how many entries of the folder have been read */
    char *path;   /* as in share.h */
    struct p9_fid *next;
};

struct p9_fids {
    struct p9_fid *buckets[P9_FID_BUCKETS];
    u32 count, open, open_most;
    size_t path_bytes;
};

void p9_fids_init(struct p9_fids *fids);
/* Closes and forgets all. */
void p9_fids_clear(struct p9_fids *fids);

/* NULL when there is none. */
struct p9_fid *p9_fid_find(const struct p9_fids *fids, u32 number);
/* A fid that is not open; number is unused so far. 0, or -ENOMEM when there are too many. */
int p9_fid_add(struct p9_fids *fids, u32 number, const char *path);
/* It stands for another path now. 0 or -ENOMEM. */
int p9_fid_move(struct p9_fids *fids, struct p9_fid *fid, const char *path);
void p9_fid_remove(struct p9_fids *fids, struct p9_fid *fid);
/* May one more be opened? */
bool p9_fids_has_room_to_open(const struct p9_fids *fids);
/* It is open now; takes over the descriptor, also when it fails with a negative errno. */
int p9_fid_open(struct p9_fids *fids, struct p9_fid *fid, int fd, int flags);

/* A file or folder has a new name: so have the fids for it and for all that is in it. */
void p9_fids_rename(struct p9_fids *fids, const char *from, const char *to);

#endif
