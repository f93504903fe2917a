/* What a snapshot keeps of a shared folder: the client's handles work on, in another process as
 * well, and bytes that no server has written are not taken for them. */
#include "loader/p9_parts.h"

#include "tests/loader/p9_client.h"
#include "tests/suite.h"

#define FOLDER 10u
#define OPENED 11u
#define NAMED  12u

/* An open folder's file, a fid with only a name, and the root. */
static void set_up(struct client *client)
{
    client_open(client, SHARE_READ_WRITE);
    ck_assert_uint_eq(make_folder(client, ROOT, "sub"), 0);
    ck_assert_uint_eq(walk(client, ROOT, OPENED, "sub"), 0);
    ck_assert_uint_eq(create(client, OPENED, "file", L_RDWR, 0600), 0);
    ck_assert_uint_eq(write_fid(client, OPENED, 0, "hello"), 0);
    ck_assert_uint_eq(walk(client, ROOT, NAMED, "sub/file"), 0);
}

static u8 *keep(struct client *client, size_t *size)
{
    const struct host_share *share = client->share;
    u8 *bytes;

    *size = share->keep(share->context, NULL, 0);
    ck_assert_uint_gt(*size, 20);
    bytes = malloc(*size);
    ck_assert_uint_eq(share->keep(share->context, bytes, *size), *size);
    return bytes;
}

START_TEST(handles_work_on_in_another_server)
{
    struct client client;
    char message[200];
    size_t size;

    set_up(&client);
    u8 *bytes = keep(&client, &size);
    p9_close(client.share);
    client.share = p9_open(client.inside, "share", SHARE_READ_WRITE, message, sizeof message);
    ck_assert_ptr_nonnull(client.share);
    ck_assert(client.share->accepts(client.share->context, bytes, size));
    client.share->reopen(client.share->context, bytes, size);
    ck_assert_uint_eq(read_fid(&client, OPENED, 1, 3), 0);
    ck_assert_mem_eq(client.share->answer + 11, "ell", 3);
    ck_assert_uint_eq(write_fid(&client, OPENED, 5, "!"), 0);
    ck_assert_uint_eq(read_fid(&client, NAMED, 0, 3), L_EBADF); /* it was not open */
    ck_assert_uint_eq(open_fid(&client, NAMED, L_RDONLY), 0);
    ck_assert_uint_eq(read_fid(&client, NAMED, 0, 6), 0);
    ck_assert_mem_eq(client.share->answer + 11, "hello!", 6);
    free(bytes);
    client_close(&client);
}
END_TEST

START_TEST(a_file_that_lost_its_name_is_not_open_any_more)
{
    struct client client;
    size_t size;

    set_up(&client);
    u8 *bytes = keep(&client, &size);
    ck_assert_uint_eq(walk(&client, ROOT, FOLDER, "sub"), 0);
    ck_assert_uint_eq(unlink_at(&client, FOLDER, "file", 0), 0);
    client.share->reopen(client.share->context, bytes, size);
    ck_assert_uint_ne(read_fid(&client, OPENED, 0, 3), 0);
    free(bytes);
    client_close(&client);
}
END_TEST

START_TEST(bytes_that_no_server_wrote_are_refused)
{
    struct client client;
    size_t size;

    set_up(&client);
    const struct host_share *share = client.share;
    u8 *bytes = keep(&client, &size);
    u8 *place = bytes;
    while (memcmp(place, "sub/file", 8)) /* it is there */
        place++;
    ck_assert(!share->accepts(share->context, bytes, size - 1));
    ck_assert(!share->accepts(share->context, bytes, 3));
    memcpy(place, "../../xx", 8);
    ck_assert(!share->accepts(share->context, bytes, size));
    memcpy(place, "/etc/xyz", 8);
    ck_assert(!share->accepts(share->context, bytes, size));
    memcpy(place, "sub//xyz", 8);
    ck_assert(!share->accepts(share->context, bytes, size));
    memcpy(place, "sub/\0xyz", 8);
    ck_assert(!share->accepts(share->context, bytes, size));
    memcpy(place, "sub/file", 8);
    memset(place - 4, 0xff, 4);
    ck_assert(!share->accepts(share->context, bytes, size));
    free(bytes);
    client_close(&client);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {handles_work_on_in_another_server,
                                  a_file_that_lost_its_name_is_not_open_any_more,
                                  bytes_that_no_server_wrote_are_refused};

    return SUITE_RUN("what is kept of a share", tests, 1);
}
