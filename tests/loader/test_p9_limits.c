/* What a guest is refused by the 9P server although it stays inside: changes of a read-only share,
 * and more handles than it may have (loader/share.c, p9_fids.c). */
#include "tests/loader/p9_client.h"

#define FID    2u
#define SECOND 3u

static struct client client;

static void set_up(void)
{
    client_open(&client, SHARE_READ_WRITE);
    host_write(client.inside, "file", "mine");
}

static void tear_down(void)
{
    client_close(&client);
}

/* Every message that changes something, sent to a share that must not change. */
START_TEST(a_read_only_share_changes_in_no_way)
{
    struct client reader = {.room = P9_MESSAGE_MOST};

    client_open_folder(&reader, client.inside, SHARE_READ_ONLY);
    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    ck_assert_uint_eq(walk(&reader, ROOT, FID, "file"), 0);
    ck_assert_uint_eq(walk(&reader, ROOT, SECOND, ""), 0);
    ck_assert_uint_eq(open_fid(&reader, FID, L_WRONLY), L_EROFS);
    ck_assert_uint_eq(open_fid(&reader, FID, L_RDWR), L_EROFS);
    ck_assert_uint_eq(open_fid(&reader, FID, L_RDONLY | L_TRUNC), L_EROFS);
    ck_assert_uint_eq(create(&reader, SECOND, "new", L_RDONLY | L_CREAT, 0600), L_EROFS);
    ck_assert_uint_eq(make_symlink(&reader, ROOT, "s", "x"), L_EROFS);
    ck_assert_uint_eq(make_folder(&reader, ROOT, "e"), L_EROFS);
    ck_assert_uint_eq(rename_at(&reader, ROOT, "file", ROOT, "f"), L_EROFS);
    ck_assert_uint_eq(unlink_at(&reader, ROOT, "file", 0), L_EROFS);
    ck_assert_uint_eq(unlink_at(&reader, ROOT, "d", 0x200), L_EROFS);
    for (unsigned bit = 1; bit <= 0x100; bit <<= 1)
        ck_assert_uint_eq(set_attributes(&reader, FID, (struct attributes){.which = bit}), L_EROFS);
    begin(&reader, TLINK, ROOT);
    put(&reader, 4, FID);
    put_text(&reader, "h");
    ck_assert_uint_eq(send(&reader), L_EROFS);
    for (u32 mode = S_IFIFO; mode; mode = mode == S_IFIFO ? S_IFREG : 0) {
        begin(&reader, TMKNOD, ROOT);
        put_text(&reader, "n");
        put(&reader, 4, mode | 0600);
        put(&reader, 8, 0);
        put(&reader, 4, 0);
        ck_assert_uint_eq(send(&reader), L_EROFS);
    }
    begin(&reader, TRENAME, FID);
    put(&reader, 4, ROOT);
    put_text(&reader, "f");
    ck_assert_uint_eq(send(&reader), L_EROFS);
    ck_assert_uint_eq(open_fid(&reader, FID, L_RDONLY), 0);
    ck_assert_uint_eq(read_fid(&reader, FID, 0, 10), 0);
    ck_assert_uint_eq(write_fid(&reader, FID, 0, "x"), L_EBADF);
    ck_assert_uint_eq(set_attributes(&reader, FID, (struct attributes){.which = 1, .mode = 0}),
                      L_EROFS);
    begin(&reader, TREMOVE, FID);
    ck_assert_uint_eq(send(&reader), L_EROFS);
    ck_assert_str_eq(host_read(client.inside, "file"), "mine");
    p9_close(reader.share);
}
END_TEST

START_TEST(handles_paths_and_open_files_are_bounded)
{
    u32 count = 0, error = 0;
    char name[250];

    while (error == 0 && count < 100000)
        error = walk(&client, ROOT, 1000 + count++, "file");
    ck_assert_uint_eq(error, L_ENOMEM);
    ck_assert_uint_le(count, 16384);
    for (u32 i = 0; i < count - 1; i++)
        ck_assert_uint_eq(clunk(&client, 1000 + i), 0);
    error = 0;
    for (count = 0; error == 0 && count < 5000; count++)
        if ((error = walk(&client, ROOT, 1000 + count, "file")) == 0)
            error = open_fid(&client, 1000 + count, L_RDONLY);
    ck_assert_uint_eq(error, L_ENFILE);
    ck_assert_uint_le(count, 1025);
    ck_assert_uint_eq(version(&client, 8192, "9P2000.L"), 0);
    ck_assert_uint_eq(attach(&client, ROOT), 0);
    /* Fids of long paths: fewer of them. */
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    ck_assert_uint_eq(walk(&client, ROOT, FID, ""), 0);
    for (int i = 0; i < 16; i++) {
        ck_assert_uint_eq(make_folder(&client, FID, name), 0);
        ck_assert_uint_eq(walk(&client, FID, FID, name), 0);
    }
    ck_assert_uint_eq(make_folder(&client, FID, name), L_ENAMETOOLONG);
    for (count = 0; (error = walk(&client, FID, 1000 + count, "")) == 0;)
        count++;
    ck_assert_uint_eq(error, L_ENOMEM);
    ck_assert_uint_lt(count, 2200);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_read_only_share_changes_in_no_way,
        handles_paths_and_open_files_are_bounded,
    };
    return p9_suite("p9_limits", tests, sizeof tests / sizeof *tests, set_up, tear_down);
}
