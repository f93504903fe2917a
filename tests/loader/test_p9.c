/* The 9P server for a good client (loader/p9.c, p9_names.c, p9_files.c, share.c): what is done
 * through it is found on the host, and the other way round. */
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

START_TEST(version_agrees_on_a_size_and_refuses_other_protocols)
{
    ck_assert_uint_eq(version(&client, 8192, "9P2000.L"), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 8192);
    ck_assert_mem_eq(client.share->answer + 13, "9P2000.L", 8);
    ck_assert_uint_eq(version(&client, UINT32_MAX, "9P2000.L"), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), P9_MESSAGE_MOST);
    ck_assert_uint_eq(version(&client, 8192, "9P2000.u"), 0);
    ck_assert_mem_eq(client.share->answer + 13, "unknown", 7);
    ck_assert_uint_eq(attach(&client, ROOT), L_EPROTO);
    ck_assert_uint_eq(version(&client, 4095, "9P2000.L"), L_EMSGSIZE);
}
END_TEST

START_TEST(version_forgets_every_fid)
{
    ck_assert_uint_eq(get_attributes(&client, ROOT), 0);
    ck_assert_uint_eq(version(&client, 8192, "9P2000.L"), 0);
    ck_assert_uint_eq(get_attributes(&client, ROOT), L_EBADF);
    ck_assert_uint_eq(attach(&client, ROOT), 0);
    client.share->forget(client.share->context);
    ck_assert_uint_eq(get_attributes(&client, ROOT), L_EPROTO);
}
END_TEST

START_TEST(attach_takes_a_new_fid_and_the_one_tree_there_is)
{
    ck_assert_uint_eq(attach(&client, ROOT), L_EBADF);
    ck_assert_uint_eq(attach(&client, NO_FID), L_EBADF);
    begin(&client, TATTACH, 5);
    put(&client, 4, NO_FID);
    put_text(&client, "somebody");
    put_text(&client, "/etc");
    put(&client, 4, 0);
    ck_assert_uint_eq(send(&client), L_ENOENT);
    begin(&client, TATTACH, 5);
    put(&client, 4, 4); /* after an authentication that there is not */
    put_text(&client, "somebody");
    put_text(&client, "/");
    put(&client, 4, 0);
    ck_assert_uint_eq(send(&client), L_EOPNOTSUPP);
    begin(&client, TAUTH, 5);
    put_text(&client, "somebody");
    put_text(&client, "");
    put(&client, 4, 0);
    ck_assert_uint_eq(send(&client), L_EOPNOTSUPP);
}
END_TEST

START_TEST(what_the_guest_writes_is_on_the_host_and_the_other_way_round)
{
    struct stat status;
    char path[128];

    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, ""), 0);
    ck_assert_uint_eq(create(&client, FILE_FID, "letter", L_RDWR | L_CREAT | L_EXCL, 0640), 0);
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 0, "dear host"), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 9);
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 5, "you"), 0);
    begin(&client, TFSYNC, FILE_FID);
    put(&client, 4, 0);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_str_eq(host_read(client.inside, "letter"), "dear yout");
    snprintf(path, sizeof path, "%s/letter", client.inside);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_uid, getuid());
    ck_assert_uint_eq(status.st_mode & 0777 & ~0640u, 0);
    host_write(client.inside, "letter", "dear guest");
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 5, 100), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 5);
    ck_assert_mem_eq(client.share->answer + 11, "guest", 5);
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 10, 100), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 0);
    ck_assert_uint_eq(clunk(&client, FILE_FID), 0);
    ck_assert_uint_eq(clunk(&client, FILE_FID), L_EBADF);
}
END_TEST

START_TEST(a_read_is_no_longer_than_the_room_for_its_answer)
{
    host_write(client.inside, "digits", "0123456789");
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "digits"), 0);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDONLY), 0);
    client.room = 11 + 4;
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 0, 10), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 4);
    client.room = 11;
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 0, UINT32_MAX), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 0);
    ck_assert_uint_eq(get_attributes(&client, FILE_FID), L_EMSGSIZE);
    client.room = 10;
    ck_assert_uint_eq(client.share->exchange(client.share->context, 20, 10), 0);
}
END_TEST

START_TEST(attributes_are_the_hosts_and_can_be_set)
{
    struct stat status;
    char path[128];

    snprintf(path, sizeof path, "%s/file", client.inside);
    host_write(client.inside, "file", "12345");
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "file"), 0);
    ck_assert_uint_eq(get_attributes(&client, FILE_FID), 0);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(answer(&client, GOT_MODE, 4), status.st_mode);
    ck_assert_uint_eq(answer(&client, GOT_MODE + 4, 4), status.st_uid);
    ck_assert_uint_eq(answer(&client, GOT_SIZE, 8), 5);
    ck_assert_uint_eq(answer(&client, 7 + 8 + 5, 8), status.st_ino);
    /* Mode, size, both times; as if closed, then while open. */
    for (int is_open = 0; is_open < 2; is_open++) {
        if (is_open)
            ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDWR), 0);
        ck_assert_uint_eq(set_attributes(&client, FILE_FID,
                                         (struct attributes){.which = 0x1 | 0x8 | 0x1b0,
                                                             .mode = 06600,
                                                             .size = 3,
                                                             .times = {11, 12, 13, 14}}),
                          0);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_uint_eq(status.st_mode & 07777, 0600); /* without the set-ID bits */
        ck_assert_uint_eq(status.st_size, 3);
        ck_assert_uint_eq(status.st_atim.tv_sec, 11);
        ck_assert_uint_eq(status.st_mtim.tv_sec, 13);
        ck_assert_uint_eq(status.st_mtim.tv_nsec, 14);
        /* To now, and to whom it belongs already. */
        ck_assert_uint_eq(
            set_attributes(&client, FILE_FID,
                           (struct attributes){.which = 0x26, .uid = getuid(), .gid = getgid()}),
            0);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_uint_gt(status.st_mtim.tv_sec, 1000000000);
        ck_assert_uint_eq(status.st_atim.tv_sec, 11);
    }
    ck_assert_uint_eq(set_attributes(&client, FILE_FID,
                                     (struct attributes){.which = 0x90, .times = {0, 1000000000}}),
                      L_EINVAL);
    ck_assert_uint_eq(
        set_attributes(&client, FILE_FID, (struct attributes){.which = 8, .size = UINT64_MAX}),
        L_EINVAL);
    ck_assert_uint_eq(walk(&client, ROOT, TO, ""), 0);
    ck_assert_uint_eq(set_attributes(&client, TO, (struct attributes){.which = 1, .mode = 0750}),
                      0);
    ck_assert_int_eq(stat(client.inside, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0750);
}
END_TEST

START_TEST(an_open_file_lives_on_after_its_name_is_gone)
{
    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "d"), 0);
    ck_assert_uint_eq(create(&client, FILE_FID, "short", L_RDWR | L_CREAT, 0600), 0);
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 0, "lived"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, TO, "d"), 0);
    ck_assert_uint_eq(unlink_at(&client, TO, "short", 0), 0);
    ck_assert_uint_eq(unlink_at(&client, ROOT, "d", 0x200), 0);
    ck_assert_uint_eq(get_attributes(&client, FILE_FID), 0);
    ck_assert_uint_eq(answer(&client, GOT_NLINK, 8), 0);
    ck_assert_uint_eq(set_attributes(&client, FILE_FID, (struct attributes){.which = 8, .size = 4}),
                      0);
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 0, 10), 0);
    ck_assert_mem_eq(client.share->answer + 7, "\4\0\0\0live", 8);
    ck_assert_uint_eq(get_attributes(&client, TO), L_ENOENT);
}
END_TEST

START_TEST(what_is_left_out_is_refused_and_locks_are_granted)
{
    begin(&client, TXATTRWALK, ROOT);
    put(&client, 4, 9);
    put_text(&client, "security.capability");
    ck_assert_uint_eq(send(&client), L_EOPNOTSUPP);
    begin(&client, TXATTRCREATE, ROOT);
    put_text(&client, "user.x");
    put(&client, 8, 1);
    put(&client, 4, 0);
    ck_assert_uint_eq(send(&client), L_EOPNOTSUPP);
    begin(&client, 255, ROOT);
    ck_assert_uint_eq(send(&client), L_EOPNOTSUPP);
    begin(&client, TLOCK, ROOT);
    put(&client, 1, 1);
    put(&client, 4, 0);
    put(&client, 8, 0);
    put(&client, 8, 0);
    put(&client, 4, 77);
    put_text(&client, "guest");
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 7, 1), 0);
    begin(&client, TGETLOCK, ROOT);
    put(&client, 1, 1);
    put(&client, 8, 5);
    put(&client, 8, 6);
    put(&client, 4, 77);
    put_text(&client, "guest");
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 7, 1), 2);
    ck_assert_uint_eq(answer(&client, 16, 8), 6);
    begin(&client, TFLUSH, 0);
    client.size = 9;
    ck_assert_uint_eq(send(&client), 0);
    begin(&client, TSTATFS, ROOT);
    ck_assert_uint_eq(send(&client), 0);
    ck_assert_uint_eq(answer(&client, 7, 4), 0x01021997);
    ck_assert_uint_gt(answer(&client, 15, 8), 0);
}
END_TEST

START_TEST(fids_are_used_as_the_protocol_says)
{
    host_write(client.inside, "file", "");
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "file"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, FILE_FID, "file"), L_EBADF); /* taken */
    ck_assert_uint_eq(walk(&client, ROOT, NO_FID, "file"), L_EBADF);
    ck_assert_uint_eq(walk(&client, 99, TO, ""), L_EBADF);
    ck_assert_uint_eq(walk(&client, FILE_FID, TO, "x"), L_ENOTDIR);
    ck_assert_uint_eq(read_fid(&client, FILE_FID, 0, 1), L_EBADF); /* not open */
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 0, "x"), L_EBADF);
    begin(&client, TFSYNC, FILE_FID);
    put(&client, 4, 1);
    ck_assert_uint_eq(send(&client), L_EBADF);
    begin(&client, TREADDIR, FILE_FID);
    put(&client, 8, 0);
    put(&client, 4, 100);
    ck_assert_uint_eq(send(&client), L_EBADF);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, L_RDONLY | 010000), 0);
    ck_assert_uint_eq(open_fid(&client, FILE_FID, 04010000), L_EBUSY);
    ck_assert_uint_eq(walk(&client, FILE_FID, FILE_FID, ""), L_EBADF); /* open */
    ck_assert_uint_eq(write_fid(&client, FILE_FID, 0, "x"), L_EBADF);  /* for reading */
    ck_assert_uint_eq(read_fid(&client, FILE_FID, UINT64_MAX, 1), L_EINVAL);
    begin(&client, TREADDIR, FILE_FID);
    put(&client, 8, 0);
    put(&client, 4, 100);
    ck_assert_uint_eq(send(&client), L_ENOTDIR);
    /* Half of a walk says how far it went and makes no fid. */
    ck_assert_uint_eq(make_folder(&client, ROOT, "d"), 0);
    ck_assert_uint_eq(walk(&client, ROOT, TO, "d/no/e"), L_ENOENT);
    ck_assert_uint_eq(answer(&client, 7, 2), 1);
    ck_assert_uint_eq(get_attributes(&client, TO), L_EBADF);
    ck_assert_uint_eq(walk(&client, ROOT, TO, "d"), 0);
    ck_assert_uint_eq(walk(&client, TO, TO, "../file"), 0); /* in place */
    ck_assert_uint_eq(rename_at(&client, ROOT, "file", 99, "x"), L_EBADF);
    begin(&client, TLINK, ROOT);
    put(&client, 4, 99);
    put_text(&client, "h");
    ck_assert_uint_eq(send(&client), L_EBADF);
    begin(&client, TRENAME, TO);
    put(&client, 4, 99);
    put_text(&client, "h");
    ck_assert_uint_eq(send(&client), L_EBADF);
}
END_TEST

START_TEST(a_folder_that_cannot_be_shared_is_refused_with_a_sentence)
{
    char message[200];

    ck_assert_ptr_null(p9_open("/nowhere", "t", SHARE_READ_ONLY, message, sizeof message));
    ck_assert_str_eq(message, "The folder /nowhere cannot be shared: No such file or directory.");
    p9_close(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        version_agrees_on_a_size_and_refuses_other_protocols,
        version_forgets_every_fid,
        attach_takes_a_new_fid_and_the_one_tree_there_is,
        what_the_guest_writes_is_on_the_host_and_the_other_way_round,
        a_read_is_no_longer_than_the_room_for_its_answer,
        attributes_are_the_hosts_and_can_be_set,
        an_open_file_lives_on_after_its_name_is_gone,
        what_is_left_out_is_refused_and_locks_are_granted,
        fids_are_used_as_the_protocol_says,
        a_folder_that_cannot_be_shared_is_refused_with_a_sentence,
    };
    return p9_suite("p9", tests, sizeof tests / sizeof *tests, set_up, tear_down);
}
