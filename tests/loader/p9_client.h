/* A client of 9P2000.L for tests: builds a request field by field, sends it, and takes the answer
 * apart. Its folder is a new one under /tmp. */
#ifndef TESTS_LOADER_P9_CLIENT_H
#define TESTS_LOADER_P9_CLIENT_H

#include "loader/p9.h"
#include "loader/p9_wire.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TSTATFS = 8,
    TLOPEN = 12,
    TLCREATE = 14,
    TSYMLINK = 16,
    TMKNOD = 18,
    TRENAME = 20,
    TREADLINK = 22,
    TGETATTR = 24,
    TSETATTR = 26,
    TXATTRWALK = 30,
    TXATTRCREATE = 32,
    TREADDIR = 40,
    TFSYNC = 50,
    TLOCK = 52,
    TGETLOCK = 54,
    TLINK = 70,
    TMKDIR = 72,
    TRENAMEAT = 74,
    TUNLINKAT = 76,
    TVERSION = 100,
    TAUTH = 102,
    TATTACH = 104,
    TFLUSH = 108,
    TWALK = 110,
    TREAD = 116,
    TWRITE = 118,
    TCLUNK = 120,
    TREMOVE = 122,
};

/* Linux's numbers, which the answers hold. */
enum { L_RDONLY = 0, L_WRONLY = 1, L_RDWR = 2, L_CREAT = 0100, L_EXCL = 0200, L_TRUNC = 01000 };
enum {
    L_EPERM = 1,
    L_ENOENT = 2,
    L_ENXIO = 6,
    L_EBADF = 9,
    L_ENOMEM = 12,
    L_EBUSY = 16,
    L_EEXIST = 17,
    L_ENOTDIR = 20,
    L_EISDIR = 21,
    L_EINVAL = 22,
    L_ENFILE = 23,
    L_EROFS = 30,
    L_ENAMETOOLONG = 36,
    L_ENOTEMPTY = 39,
    L_ELOOP = 40,
    L_EPROTO = 71,
    L_EMSGSIZE = 90,
    L_EOPNOTSUPP = 95,
};

#define ROOT   1u
#define NO_FID UINT32_MAX

struct client {
    struct host_share *share;
    char folder[64], inside[80], outside[80]; /* the shared folder, and one beside it */
    u32 size;                                 /* of the request so far */
    u32 room;                                 /* for the answer */
    u32 got;                                  /* size of the answer */
};

static inline void put(struct client *client, unsigned bytes, u64 value)
{
    for (unsigned i = 0; i < bytes; i++)
        client->share->request[client->size++] = (u8)(value >> 8 * i);
}

static inline void put_bytes(struct client *client, const void *bytes, size_t size)
{
    memcpy(client->share->request + client->size, bytes, size);
    client->size += (u32)size;
}

static inline void put_text(struct client *client, const char *text)
{
    put(client, 2, strlen(text));
    put_bytes(client, text, strlen(text));
}

/* A request that begins with a fid, or with another number of 32 bits. */
static inline void begin(struct client *client, u8 type, u32 fid)
{
    client->size = 4;
    put(client, 1, type);
    put(client, 2, 0x1234);
    put(client, 4, fid);
}

static inline u64 answer(const struct client *client, u32 at, unsigned bytes)
{
    u64 value = 0;

    ck_assert_uint_le(at + bytes, client->got);
    for (unsigned i = 0; i < bytes; i++)
        value |= (u64)client->share->answer[at + i] << 8 * i;
    return value;
}

/* Linux's number of the error, or 0. The answer's body begins at byte 7. */
static inline u32 send(struct client *client)
{
    u32 size = client->size;
    u8 type = client->share->request[4];

    client->size = 0;
    put(client, 4, size);
    client->got = client->share->exchange(client->share->context, size, client->room);
    ck_assert_uint_le(client->got, client->room);
    ck_assert_uint_eq(answer(client, 0, 4), client->got);
    ck_assert_uint_eq(answer(client, 5, 2), 0x1234);
    if (answer(client, 4, 1) == 7) {
        ck_assert_uint_eq(client->got, 11);
        return (u32)answer(client, 7, 4);
    }
    ck_assert_uint_eq(answer(client, 4, 1), type + 1u);
    return 0;
}

static inline u32 version(struct client *client, u32 most, const char *text)
{
    begin(client, TVERSION, most);
    put_text(client, text);
    return send(client);
}

static inline u32 attach(struct client *client, u32 fid)
{
    begin(client, TATTACH, fid);
    put(client, 4, NO_FID);
    put_text(client, "somebody");
    put_text(client, "");
    put(client, 4, 0);
    return send(client);
}

/* Walks along path, names between slashes; "" makes a second fid for the same. */
static inline u32 walk(struct client *client, u32 fid, u32 to, const char *path)
{
    u32 count_at, count = 0;

    begin(client, TWALK, fid);
    put(client, 4, to);
    count_at = client->size;
    put(client, 2, 0);
    while (*path) {
        size_t length = strcspn(path, "/");
        put(client, 2, length);
        put_bytes(client, path, length);
        count++;
        path += length + (path[length] == '/');
    }
    client->share->request[count_at] = (u8)count;
    u32 error = send(client);
    if (!error && answer(client, 7, 2) < count)
        return L_ENOENT; /* it went part of the way */
    return error;
}

static inline u32 clunk(struct client *client, u32 fid)
{
    begin(client, TCLUNK, fid);
    return send(client);
}

static inline u32 open_fid(struct client *client, u32 fid, u32 flags)
{
    begin(client, TLOPEN, fid);
    put(client, 4, flags);
    return send(client);
}

static inline u32 create(struct client *client, u32 fid, const char *name, u32 flags, u32 mode)
{
    begin(client, TLCREATE, fid);
    put_text(client, name);
    put(client, 4, flags);
    put(client, 4, mode);
    put(client, 4, 0);
    return send(client);
}

static inline u32 write_fid(struct client *client, u32 fid, u64 at, const char *text)
{
    begin(client, TWRITE, fid);
    put(client, 8, at);
    put(client, 4, strlen(text));
    put_bytes(client, text, strlen(text));
    return send(client);
}

static inline u32 read_fid(struct client *client, u32 fid, u64 at, u32 count)
{
    begin(client, TREAD, fid);
    put(client, 8, at);
    put(client, 4, count);
    return send(client);
}

static inline u32 make_symlink(struct client *client, u32 fid, const char *name, const char *target)
{
    begin(client, TSYMLINK, fid);
    put_text(client, name);
    put_text(client, target);
    put(client, 4, 0);
    return send(client);
}

static inline u32 make_folder(struct client *client, u32 fid, const char *name)
{
    begin(client, TMKDIR, fid);
    put_text(client, name);
    put(client, 4, 0755);
    put(client, 4, 0);
    return send(client);
}

static inline u32 rename_at(struct client *client, u32 from, const char *name, u32 to,
                            const char *new_name)
{
    begin(client, TRENAMEAT, from);
    put_text(client, name);
    put(client, 4, to);
    put_text(client, new_name);
    return send(client);
}

static inline u32 unlink_at(struct client *client, u32 fid, const char *name, u32 flags)
{
    begin(client, TUNLINKAT, fid);
    put_text(client, name);
    put(client, 4, flags);
    return send(client);
}

static inline u32 get_attributes(struct client *client, u32 fid)
{
    begin(client, TGETATTR, fid);
    put(client, 8, 0x7ff);
    return send(client);
}

enum { GOT_MODE = 7 + 8 + 13, GOT_NLINK = GOT_MODE + 12, GOT_SIZE = GOT_NLINK + 16 };

struct attributes {
    u32 which, mode, uid, gid;
    u64 size, times[4];
};

static inline u32 set_attributes(struct client *client, u32 fid, struct attributes to)
{
    begin(client, TSETATTR, fid);
    put(client, 4, to.which);
    put(client, 4, to.mode);
    put(client, 4, to.uid);
    put(client, 4, to.gid);
    put(client, 8, to.size);
    for (unsigned i = 0; i < 4; i++)
        put(client, 8, to.times[i]);
    return send(client);
}

/* A host's file in the tree of the test, with this in it. */
static inline void host_write(const char *folder, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static inline const char *host_read(const char *folder, const char *name)
{
    static char text[256]; /* a test's own; each call overwrites the last */
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[size < 0 ? 0 : size] = 0;
    return size < 0 ? NULL : text;
}

static inline void client_open_folder(struct client *client, const char *folder,
                                      enum share_mode mode)
{
    char message[200];

    client->room = P9_MESSAGE_MOST;
    client->share = p9_open(folder, "share", mode, message, sizeof message);
    ck_assert_msg(client->share != NULL, "%s", message);
    ck_assert_uint_eq(version(client, P9_MESSAGE_MOST, "9P2000.L"), 0);
    ck_assert_uint_eq(attach(client, ROOT), 0);
}

/* "inside" is shared; "outside" has a file "secret". */
static inline void client_open(struct client *client, enum share_mode mode)
{
    strcpy(client->folder, "/tmp/vitrine-p9-XXXXXX");
    ck_assert(mkdtemp(client->folder) != NULL);
    snprintf(client->inside, sizeof client->inside, "%s/inside", client->folder);
    snprintf(client->outside, sizeof client->outside, "%s/outside", client->folder);
    ck_assert(mkdir(client->inside, 0755) == 0 && mkdir(client->outside, 0755) == 0);
    host_write(client->outside, "secret", "secret");
    client_open_folder(client, client->inside, mode);
}

static inline void client_close(struct client *client)
{
    char command[128];

    p9_close(client->share);
    snprintf(command, sizeof command, "rm -rf %s", client->folder);
    ck_assert_int_eq(system(command), 0);
}

/* Runs each of these tests between the two functions. Returns what main() returns. */
static inline int p9_suite(const char *name, const TTest *const tests[], size_t count,
                           void (*set_up)(void), void (*tear_down)(void))
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, all);
    tcase_set_timeout(all, 0);
    tcase_add_checked_fixture(all, set_up, tear_down);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
