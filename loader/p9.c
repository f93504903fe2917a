/* The server (see p9.h): sessions, and the table that says for each message what it holds and who
 * answers it. A request is parsed and its first fid found here, once; then the host is asked.
 *
 *     size:32  type:8  tag:16  body       the answer: type + 1, or Rlerror with a number */
#include "loader/p9_parts.h"

#include "loader/refuse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_LEAST 4096u
#define RLERROR       7
#define RLERROR_SIZE  (P9_HEADER + 4)

static const char version_text[] = "9P2000.L";

static int start_version(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                         struct p9_out *out)
{
    const struct p9_text *text = &args->texts[0];
    bool is_ours =
        text->size == strlen(version_text) && !memcmp(text->at, version_text, text->size);
    u64 most = args->numbers[0] < P9_MESSAGE_MOST ? args->numbers[0] : P9_MESSAGE_MOST;
    const char *answer = is_ours ? version_text : "unknown";

    (void)fid;
    if (most < MESSAGE_LEAST)
        return -EMSGSIZE;
    p9_fids_clear(&p9->fids);
    p9->message_most = is_ours ? (u32)most : 0;
    p9_put(out, 4, most);
    p9_put_text(out, answer, strlen(answer));
    return 0;
}

/* fid, afid, user's name, which tree, user's number. Whoever it is, files are the host user's. */
static int attach(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    struct stat root;
    int error = share_stat(&p9->share, "", &root);

    (void)fid;
    if (args->numbers[1] != P9_NO_FID)
        return -EOPNOTSUPP;
    if (args->texts[1].size > 1 || (args->texts[1].size == 1 && *args->texts[1].at != '/'))
        return -ENOENT;
    if (p9_fid_find(&p9->fids, (u32)args->numbers[0]) || args->numbers[0] == P9_NO_FID)
        return -EBADF;
    if (!error)
        error = p9_fid_add(&p9->fids, (u32)args->numbers[0], "");
    if (error)
        return error;
    p9->device = root.st_dev;
    p9_put_qid(p9, out, &root);
    return 0;
}

static int clunk(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    (void)args;
    (void)out;
    p9_fid_remove(&p9->fids, fid);
    return 0;
}

/* Everything is answered before the next request is looked at: there is nothing to flush. */
static int flush(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    (void)p9;
    (void)fid;
    (void)args;
    (void)out;
    return 0;
}

static int lock(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args, struct p9_out *out)
{
    enum { LOCK_SUCCESS = 0 };

    (void)p9;
    (void)fid;
    (void)args;
    p9_put(out, 1, LOCK_SUCCESS);
    return 0;
}

static int get_lock(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                    struct p9_out *out)
{
    enum { LOCK_TYPE_UNLOCK = 2 };

    (void)p9;
    (void)fid;
    p9_put(out, 1, LOCK_TYPE_UNLOCK);
    p9_put(out, 8, args->numbers[2]);
    p9_put(out, 8, args->numbers[3]);
    p9_put(out, 4, args->numbers[4]);
    p9_put_text(out, args->texts[0].at, args->texts[0].size);
    return 0;
}

static int refuse_message(struct p9 *p9, struct p9_fid *fid, const struct p9_args *args,
                          struct p9_out *out)
{
    (void)p9;
    (void)fid;
    (void)args;
    (void)out;
    return -EOPNOTSUPP;
}

/* Whether the first number of a message must be a fid that the client has. */
enum opening { NO_FID, ANY_FID };

/* Linux, include/net/9p/9p.h: the numbers. p9_parse() says what the letters mean. */
static const struct message {
    u8 type;
    enum opening opening;
    const char *format;
    p9_answer *answer;
} messages[] = {
    {8, ANY_FID, "4", p9_space},
    {12, ANY_FID, "44", p9_open_file},              /* lopen: flags */
    {14, ANY_FID, "4n444", p9_create_file},         /* lcreate: name, flags, mode, group */
    {16, ANY_FID, "4ns4", p9_make_symlink},         /* name, target, group */
    {18, ANY_FID, "4n4444", p9_make_node},          /* name, mode, major, minor, group */
    {20, ANY_FID, "44n", p9_rename},                /* folder, name */
    {22, ANY_FID, "4", p9_read_link},               /* */
    {24, ANY_FID, "48", p9_get_attributes},         /* which */
    {26, ANY_FID, "4444488888", p9_set_attributes}, /* which, mode, owner, group, size, times */
    {30, ANY_FID, "44s", refuse_message},           /* xattrwalk */
    {32, ANY_FID, "4s84", refuse_message},          /* xattrcreate */
    {40, ANY_FID, "484", p9_read_folder},           /* position, count */
    {50, ANY_FID, "44", p9_sync},                   /* data only? */
    {52, ANY_FID, "414884s", lock},        /* type, flags, start, length, process, client */
    {54, ANY_FID, "41884s", get_lock},     /* type, start, length, process, client */
    {70, ANY_FID, "44n", p9_link},         /* file, name */
    {72, ANY_FID, "4n44", p9_make_folder}, /* name, mode, group */
    {74, ANY_FID, "4n4n", p9_rename_at},   /* name, folder, name */
    {76, ANY_FID, "4n4", p9_unlink_at},    /* name, flags */
    {100, NO_FID, "4s", start_version},    /* size of messages, version */
    {102, NO_FID, "4ss4", refuse_message}, /* auth */
    {104, NO_FID, "44ss4", attach},        /* afid, user, tree, user's number */
    {108, NO_FID, "2", flush},             /* tag */
    {110, ANY_FID, "44w", p9_walk},        /* new fid, names */
    {116, ANY_FID, "484", p9_read},        /* position, count */
    {118, ANY_FID, "48d", p9_write},       /* position, data */
    {120, ANY_FID, "4", clunk},
    {122, ANY_FID, "4", p9_remove},
};

static const struct message *find_message(u8 type)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i].type == type)
            return &messages[i];
    return NULL;
}

/* body: what follows the header. */
static int obey(struct p9 *p9, u8 type, const u8 *body, u32 size, struct p9_out *out)
{
    const struct message *message = find_message(type);
    struct p9_fid *fid = NULL;
    struct p9_args args;

    if (!message)
        return -EOPNOTSUPP;
    int error = p9_parse(&args, message->format, body, size);
    if (error)
        return error;
    if (!p9->message_most && message->answer != start_version)
        return -EPROTO;
    if (message->opening == ANY_FID) {
        fid = p9_fid_find(&p9->fids, (u32)args.numbers[0]);
        if (!fid)
            return -EBADF;
    }
    error = message->answer(p9, fid, &args, out);
    return !error && out->is_full ? -EMSGSIZE : error;
}

static u32 exchange(void *context, u32 size, u32 room)
{
    struct p9 *p9 = context;
    u8 *request = p9->host.request;
    u32 most = p9->message_most ? p9->message_most : P9_MESSAGE_MOST;
    struct p9_out out = {p9->host.answer, P9_HEADER, room < most ? room : most, false};
    int error = -EMSGSIZE;

    if (size < P9_HEADER || room < RLERROR_SIZE)
        return 0;
    u32 said =
        (u32)request[0] | (u32)request[1] << 8 | (u32)request[2] << 16 | (u32)request[3] << 24;
    u8 type = request[4];
    if (said >= P9_HEADER && said <= size && said <= most)
        error = obey(p9, type, request + P9_HEADER, said - P9_HEADER, &out);
    if (error) {
        out.size = P9_HEADER;
        out.is_full = false;
        p9_put(&out, 4, p9_linux_error(-error));
        type = RLERROR - 1;
    }
    p9_patch(&out, 0, 4, out.size);
    p9_patch(&out, 4, 1, (u8)(type + 1));
    memcpy(out.bytes + 5, request + 5, 2);
    return out.size;
}

static void forget(void *context)
{
    struct p9 *p9 = context;

    p9_fids_clear(&p9->fids);
    p9->message_most = 0;
}

struct host_share *p9_open(const char *folder, const char *tag, enum share_mode mode, char *message,
                           size_t message_size)
{
    struct p9 *p9 = calloc(1, sizeof *p9);
    u8 *buffers = p9 ? malloc(2 * (size_t)P9_MESSAGE_MOST) : NULL;
    int error = buffers ? share_start(&p9->share, folder, mode) : -ENOMEM;

    if (error) {
        refuse(message, message_size, "The folder %s cannot be shared: %s.", folder,
               error == -ENOSYS ? "it takes Linux 5.6 or later to keep a guest inside it"
                                : strerror(-error));
        free(buffers);
        free(p9);
        return NULL;
    }
    p9_fids_init(&p9->fids);
    p9->host = (struct host_share){.context = p9,
                                   .request = buffers,
                                   .answer = buffers + P9_MESSAGE_MOST,
                                   .message_most = P9_MESSAGE_MOST,
                                   .exchange = exchange,
                                   .forget = forget,
                                   .keep = p9_keep,
                                   .accepts = p9_accepts,
                                   .reopen = p9_reopen};
    snprintf(p9->host.tag, sizeof p9->host.tag, "%s", tag);
    return &p9->host;
}

void p9_close(struct host_share *share)
{
    struct p9 *p9 = (struct p9 *)share;

    if (!p9)
        return;
    p9_fids_clear(&p9->fids);
    share_stop(&p9->share);
    free(p9->host.request);
    free(p9);
}
