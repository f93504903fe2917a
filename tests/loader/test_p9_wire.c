/* Messages of 9P as bytes (loader/p9_wire.c), and what the server makes of bytes that are none. */
#include "tests/loader/p9_client.h"

#include <errno.h>

static struct client client;

static void set_up(void)
{
    client_open(&client, SHARE_READ_WRITE);
}

static void tear_down(void)
{
    client_close(&client);
}

START_TEST(a_message_is_taken_apart_by_its_format)
{
    static const u8 bytes[] = {1, 2,   3,   4, 5, 6, 7, 8,   9, 10, 11, 12, 13,  14,  15, 2,
                               0, 'a', 'b', 0, 0, 1, 0, '.', 3, 0,  0,  0,  'x', 'y', 'z'};
    struct p9_args args;

    ck_assert_int_eq(p9_parse(&args, "1248nssd", bytes, sizeof bytes), 0);
    ck_assert_int_eq(p9_parse(&args, "1248nssd", bytes, 10), -EPROTO);
    ck_assert_int_eq(p9_parse(&args, "1248nss", bytes, sizeof bytes), -EPROTO);
    ck_assert_int_eq(p9_parse(&args, "1248nssdd", bytes, sizeof bytes), -EPROTO);
    ck_assert_int_eq(p9_parse(&args, "1248s", bytes, 19), 0);
    ck_assert_uint_eq(args.number_count, 4);
    ck_assert_uint_eq(args.numbers[0], 1);
    ck_assert_uint_eq(args.numbers[1], 0x0302);
    ck_assert_uint_eq(args.numbers[2], 0x07060504);
    ck_assert_uint_eq(args.numbers[3], 0x0f0e0d0c0b0a0908);
    ck_assert_uint_eq(args.texts[0].size, 2);
    ck_assert_mem_eq(args.texts[0].at, "ab", 2);
    ck_assert_int_eq(p9_parse(&args, "ssd", bytes + 19, sizeof bytes - 19), 0);
    ck_assert_uint_eq(args.data_size, 3);
    ck_assert_mem_eq(args.data, "xyz", 3);
    ck_assert_int_eq(p9_parse(&args, "sn", bytes + 19, 5), -EINVAL);
}
END_TEST

START_TEST(names_are_checked_and_may_be_255_bytes_long)
{
    u8 bytes[300] = {255};
    struct p9_args args;

    memset(bytes + 2, 'n', 256);
    ck_assert_int_eq(p9_parse(&args, "n", bytes, 257), 0);
    bytes[0] = 0;
    bytes[1] = 1;
    ck_assert_int_eq(p9_parse(&args, "n", bytes, 258), -ENAMETOOLONG);
    ck_assert_int_eq(p9_parse(&args, "s", bytes, 258), 0);
    bytes[100] = 0;
    ck_assert_int_eq(p9_parse(&args, "s", bytes, 258), -EINVAL);
}
END_TEST

START_TEST(a_walk_has_at_most_sixteen_names)
{
    u8 bytes[2 + 17 * 3];
    struct p9_args args;

    for (unsigned count = 0; count <= 17; count++) {
        bytes[0] = (u8)count;
        bytes[1] = 0;
        for (unsigned i = 0; i < count; i++)
            memcpy(bytes + 2 + 3 * i, "\1\0x", 3);
        ck_assert_int_eq(p9_parse(&args, "w", bytes, 2 + 3 * count), count > 16 ? -EPROTO : 0);
    }
}
END_TEST

START_TEST(an_answer_stops_where_its_room_ends)
{
    u8 bytes[8] = {0};
    struct p9_out out = {bytes, 0, 7, false};

    p9_put(&out, 4, 0x04030201);
    p9_put_text(&out, "ab", 2);
    ck_assert(out.is_full);
    p9_put(&out, 1, 9);
    ck_assert_uint_eq(out.size, 6);
    p9_patch(&out, 5, 4, 0xffffffff);
    ck_assert_uint_eq(bytes[5], 0xff);
    ck_assert_uint_eq(bytes[6], 0);
}
END_TEST

START_TEST(an_error_has_linuxs_number)
{
    ck_assert_uint_eq(p9_linux_error(ENOTEMPTY), 39);
    ck_assert_uint_eq(p9_linux_error(EOPNOTSUPP), 95);
    ck_assert_uint_eq(p9_linux_error(99999), 5);
}
END_TEST

/* Whole messages of some types, each cut at every byte, and each with a byte too many. */
static void begin_good(u8 type)
{
    begin(&client, type, ROOT);
    switch (type) {
    case TWALK:
        put(&client, 4, 9);
        put(&client, 2, 2);
        put_text(&client, "a");
        put_text(&client, "b");
        break;
    case TRENAMEAT:
        put_text(&client, "from");
        put(&client, 4, ROOT);
        put_text(&client, "to");
        break;
    case TWRITE:
        put(&client, 8, 0);
        put(&client, 4, 3);
        put_bytes(&client, "xyz", 3);
        break;
    case TLCREATE:
        put_text(&client, "name");
        put(&client, 8, 0);
        put(&client, 4, 0);
        break;
    }
}

START_TEST(messages_of_a_wrong_size_are_protocol_errors)
{
    static const u8 types[] = {TWALK, TRENAMEAT, TWRITE, TLCREATE, TREADLINK};

    for (size_t i = 0; i < sizeof types; i++) {
        begin_good(types[i]);
        u32 whole = client.size;
        for (u32 size = 7; size <= whole + 1; size++) {
            begin_good(types[i]);
            client.size = size;
            ck_assert_msg(size == whole || send(&client) == L_EPROTO,
                          "message %u of %u bytes is taken", types[i], size);
        }
    }
    for (unsigned type = 0; type < 256; type++) {
        begin(&client, (u8)type, 0xabcdef);
        client.size = 9; /* not even the fid */
        ck_assert_msg(send(&client) || type == TFLUSH, "message %u is taken", type);
    }
}
END_TEST

/* What the header says, and what there is. */
START_TEST(a_size_that_lies_is_refused)
{
    static const u32 sizes[] = {0, 6, 12, 1000, 0x80000000, UINT32_MAX};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        begin(&client, TGETATTR, ROOT);
        put(&client, 8, 0);
        u32 there = client.size;
        client.size = 0;
        put(&client, 4, sizes[i]);
        client.got = client.share->exchange(client.share->context, there, client.room);
        ck_assert_uint_eq(client.got, 11);
        ck_assert_uint_eq(answer(&client, 4, 1), 7);
    }
    for (u32 size = 0; size < 7; size++)
        ck_assert_uint_eq(client.share->exchange(client.share->context, size, 100), 0);
    /* Longer than what was agreed on. */
    ck_assert_uint_eq(version(&client, 4096, "9P2000.L"), 0);
    ck_assert_uint_eq(attach(&client, ROOT), 0);
    begin(&client, TWRITE, ROOT);
    client.size = 5000;
    ck_assert_uint_eq(send(&client), L_EMSGSIZE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_message_is_taken_apart_by_its_format,
        names_are_checked_and_may_be_255_bytes_long,
        a_walk_has_at_most_sixteen_names,
        an_answer_stops_where_its_room_ends,
        an_error_has_linuxs_number,
        messages_of_a_wrong_size_are_protocol_errors,
        a_size_that_lies_is_refused,
    };
    return p9_suite("p9_wire", tests, sizeof tests / sizeof *tests, set_up, tear_down);
}
