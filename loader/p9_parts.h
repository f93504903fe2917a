/* What the files of the 9P server share: the session, and the functions that answer requests. p9.c
 * has the table of messages; names are p9_names.c's, open files p9_files.c's. */
#ifndef LOADER_P9_PARTS_H
#define LOADER_P9_PARTS_H

#include "loader/p9.h"
#include "loader/p9_fids.h"
#include "loader/p9_wire.h"

#define P9_NO_FID UINT32_MAX

struct p9 {
    struct host_share host; /* first: p9_close() is given its address */
    struct share share;
    struct p9_fids fids;
    u32 message_most; /* what was agreed on; 0 before that */
    dev_t device;     /* the shared folder's */
};

/* Answers one request whose fields are in args: writes the answer's body, or returns a negative
 * errno. fid is the one that the request begins with, NULL if it begins otherwise. */
typedef int p9_answer(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                      struct p9_out *out);

p9_answer p9_walk, p9_get_attributes, p9_set_attributes, p9_make_folder, p9_make_symlink,
    p9_make_node, p9_read_link, p9_link, p9_rename, p9_rename_at, p9_remove, p9_unlink_at, p9_space;
p9_answer p9_open_file, p9_create_file, p9_read, p9_write, p9_read_folder, p9_sync;

/* For snapshots, as in struct host_share (p9_keep.c). */
size_t p9_keep(void *context, u8 *to, size_t room);
bool p9_accepts(void *context, const u8 *from, size_t size);
void p9_reopen(void *context, const u8 *from, size_t size);

/* folder/name, as a path of share.h. 0 or -ENAMETOOLONG. */
int p9_join(char path[SHARE_PATH], const char *folder, struct p9_text name);
/* What a client tells files apart by: type:8 version:32 path:64. */
void p9_put_qid(const struct p9 *p9, struct p9_out *out, const struct stat *status);
/* The same of a path. 0 or a negative errno. */
int p9_put_qid_of(const struct p9 *p9, struct p9_out *out, const char *path);

#endif
