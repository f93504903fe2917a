/* The 9P server and names (loader/p9_names.c, p9_files.c, share.c): folders, renaming, links,
 * nodes. */
#include "tests/loader/p9_client.h"

#define FILE_FID 2u
#define TO       3u

static struct client client;

static void set_up(void)
{
    client_open(&client, SHARE_READ_WRITE);
}

static void tear_down(void)
{
    client_close(&client);
}

/* Reads a whole folder, so many bytes at a time; counts its entries and those of one name. */
static unsigned list(u32 fid, u32 most, const char *name, unsigned *found)
{
    u64 position = 0;
    unsigned count = 0;

    *found = 0;
    for (;;) {
        begin(&client, TREADDIR, fid);
        put(&client, 8, position);
        put(&client, 4, most);
        ck_assert_uint_eq(send(&client), 0);
        u32 size = (u32)answer(&client, 7, 4), at = 11, end = 11 + size;
        ck_assert_uint_le(size, most);
        if (!size)
            return count;
        while (at < end) {
            u32 length = (u32)answer(&client, at + 22, 2);
            position = answer(&client, at + 13, 8);
            ck_assert_uint_eq(answer(&client, at + 21, 1), answer(&client, at, 1) ? 4 : 8);
            *found +=
                length == strlen(name) && !memcmp(client.share->answer + at + 24, name, length);
            at += 24 + length;
            count++;
        }
        ck_assert_uint_eq(at, end);
    }
}

START_TEST(a_folder_is_read_in_pieces_of_any_size)
{
    unsigned found;

    for (int i = 0; i < 50; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%d", i);
        host_write(client.inside, name, "");
    }
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, ""), 0);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDONLY), 0);
    for (u32 most = 40; most < 2000; most += 97) {
        ck_assert_uint_eq(list(FILE_FID, most, "file37", &found), 52);
        ck_assert_uint_eq(found, 1);
    }
    /* From the middle, and from behind the end. */
    begin(&client, TREADDIR, FILE_FID);
    put(&client, 8, 50);
    put(&client, 4, 4096);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 11 + 13, 8), 51);
    begin(&client, TREADDIR, FILE_FID);
    put(&client, 8, UINT64_MAX);
    put(&client, 4, 4096);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 0);
    ck_assert_uint_eq(list(FILE_FID, 4096, "..", &found), 52);
    ck_assert_uint_eq(found, 1);
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 0, 10), L_EISDIR);
}
END_TEST

START_TEST(names_are_made_moved_and_removed)
{
    ck_assert_uint_eq(make_folder(&client, ROOT, "a"), 0);
    ck_assert_uint_eq(answer(&client, 7, 1), 0x80);
    ck_assert_uint_eq(make_folder(&client, ROOT, "a"), L_EEXIST);
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "a"), 0);
    ck_assert_uint_eq(create(&client, FILE_FID, "f", L_WRONLY | L_CREAT, 0600), 0);
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 0, "x"), 0);
    ck_assert_uint_eq(unlink_at(&client, ROOT, "a", 0x200), L_ENOTEMPTY);
    ck_assert_uint_eq(unlink_at(&client, ROOT, "a", 0), L_EISDIR);
    /* The folder moves, and the fids in it with it. */
    ck_assert_uint_eq(walk(&client, ROOT, TO, "a/f"), 0);
    ck_assert_uint_eq(make_folder(&client, ROOT, "ab"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, 4, "ab"), 0);
    ck_assert_uint_eq(rename_at(&client, ROOT, "a", ROOT, "b"), 0);
    ck_assert_uint_eq(get_attributes(&client, TO), 0);
    ck_assert_uint_eq(get_attributes(&client, 4), 0);
    ck_assert_str_eq(host_read(client.inside, "b/f"), "x");
    /* The old message: a fid, to a folder, under a name. */
    begin(&client, TRENAME, TO);
    put(&client, 4, ROOT);
    put_text(&client, "g");
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_str_eq(host_read(client.inside, "g"), "x");
    begin(&client, TLINK, ROOT);
    put(&client, 4, TO);
    put_text(&client, "h");
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(get_attributes(&client, TO), 0);
    ck_assert_uint_eq(answer(&client, GOT_NLINK, 8), 2);
    begin(&client, TREMOVE, TO);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(get_attributes(&client, TO), L_EBADF);
    ck_assert_ptr_null(host_read(client.inside, "g"));
    ck_assert_uint_eq(unlink_at(&client, ROOT, "h", 0), 0);
    ck_assert_uint_eq(unlink_at(&client, ROOT, "h", 0), L_ENOENT);
    begin(&client, TREMOVE, 4);
    ck_assert_uint_eq(send(&client), 0);
    begin(&client, TRENAME, ROOT);
    put(&client, 4, ROOT);
    put_text(&client, "g");
    ck_assert_uint_eq(send(&client), L_EBUSY);
}
END_TEST

START_TEST(symlinks_are_made_and_read_and_never_followed)
{
    ck_assert_uint_eq(make_symlink(&client, ROOT, "s", "/anywhere/at all"), 0);
    ck_assert_uint_eq(answer(&client, 7, 1), 0x02);
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "s"), 0);
    begin(&client, TREADLINK, FILE_FID);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 7, 2), 16);
    ck_assert_mem_eq(client.share->answer + 9, "/anywhere/at all", 16);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDONLY), L_ELOOP);
    begin(&client, TREADLINK, ROOT);
    ck_assert_uint_ne(send(&client), 0);
}
END_TEST

static u32 make_node(const char *name, u32 mode)
{
    begin(&client, TMKNOD, ROOT);
    put_text(&client, name);
    put(&client, 4, mode);
    put(&client, 4, 1);
    put(&client, 4, 3);
    put(&client, 4, 0);
    return send(&client);
}

START_TEST(devices_are_refused_and_a_fifo_is_never_opened)
{
    ck_assert_uint_eq(make_node("null", S_IFCHR | 0666), L_EPERM);
    ck_assert_uint_eq(make_node("disk", S_IFBLK | 0666), L_EPERM);
    ck_assert_uint_eq(make_node("socket", S_IFSOCK | 0666), L_EPERM);
    ck_assert_uint_eq(make_node("plain", S_IFREG | 0600), 0);
    ck_assert_uint_eq(make_node("plain", S_IFREG | 0600), L_EEXIST);
    ck_assert_uint_eq(make_node("pipe", S_IFIFO | 0600), 0);
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "pipe"), 0);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDONLY), L_ENXIO); /* and does not wait */
    ck_assert_uint_eq(set_attributes(&client, FILE_FID, (struct attributes){.which = 8, .size = 0}),
                      L_ENXIO);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_folder_is_read_in_pieces_of_any_size,
        names_are_made_moved_and_removed,
        symlinks_are_made_and_read_and_never_followed,
        devices_are_refused_and_a_fifo_is_never_opened,
    };
    return p9_suite("p9_names", tests, sizeof tests / sizeof *tests, set_up, tear_down);
}
