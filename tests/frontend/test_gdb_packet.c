/* gdb's packets as bytes: framing, sums, escapes, and whatever else comes in. */
#include "frontend/gdb_packet.h"

#include "tests/suite.h"

#include <string.h>

/* The last event that these bytes lead to. */
static enum gdb_event feed(struct gdb_reader *reader, const char *bytes, size_t size)
{
    enum gdb_event event = GDB_NOTHING;

    for (size_t i = 0; i < size; i++)
        event = gdb_read(reader, (u8)bytes[i]);
    return event;
}

static enum gdb_event feed_text(struct gdb_reader *reader, const char *text)
{
    return feed(reader, text, strlen(text));
}

START_TEST(a_packet_is_what_stands_between_dollar_and_sum)
{
    static struct gdb_reader reader;

    gdb_reader_init(&reader);
    ck_assert_int_eq(feed_text(&reader, "+$m80,4#3"), GDB_NOTHING);
    ck_assert_int_eq(feed_text(&reader, "5"), GDB_GOOD);
    ck_assert_str_eq(reader.data, "m80,4");
    ck_assert_int_eq(feed_text(&reader, "$#00"), GDB_GOOD);
    ck_assert_uint_eq(reader.size, 0);
    ck_assert_int_eq(feed_text(&reader, "$m80,4#36"), GDB_DAMAGED);
    ck_assert_int_eq(feed_text(&reader, "$m80,4#xx"), GDB_DAMAGED);
    ck_assert_int_eq(feed_text(&reader, "$m8$?#3F"), GDB_GOOD); /* begun anew */
    ck_assert_str_eq(reader.data, "?");
    ck_assert_int_eq(feed_text(&reader, "+"), GDB_ACK);
    ck_assert_int_eq(feed_text(&reader, "-"), GDB_NAK);
    ck_assert_int_eq(feed_text(&reader, "\3"), GDB_BREAK);
    ck_assert_int_eq(feed_text(&reader, "HTTP/1.1"), GDB_NOTHING);
}
END_TEST

START_TEST(escaped_bytes_come_back_and_binary_data_is_escaped)
{
    const u8 bytes[] = {'#', '$', '}', '*', 0, 3, 0xff, 'a'};
    static struct gdb_reader reader;
    struct gdb_out out = {.bytes = NULL};

    gdb_begin(&out);
    gdb_put_binary(&out, bytes, sizeof bytes);
    gdb_end(&out);
    ck_assert_uint_eq(out.size, 1 + 4 + sizeof bytes + 3);
    gdb_reader_init(&reader);
    ck_assert_int_eq(feed(&reader, (const char *)out.bytes, out.size), GDB_GOOD);
    ck_assert_uint_eq(reader.size, sizeof bytes);
    ck_assert_mem_eq(reader.data, bytes, sizeof bytes);
    gdb_out_free(&out);
}
END_TEST

START_TEST(a_packet_that_is_too_long_is_refused_and_the_next_is_read)
{
    static struct gdb_reader reader;

    gdb_reader_init(&reader);
    gdb_read(&reader, '$');
    for (unsigned i = 0; i < GDB_PACKET; i++)
        gdb_read(&reader, 0);
    ck_assert_int_eq(feed_text(&reader, "#00"), GDB_GOOD); /* as long as we said */
    gdb_read(&reader, '$');
    for (unsigned i = 0; i < GDB_PACKET + 1; i++)
        gdb_read(&reader, 0);
    ck_assert_int_eq(feed_text(&reader, "#00"), GDB_DAMAGED);
    ck_assert_int_eq(feed_text(&reader, "$?#3f"), GDB_GOOD);
}
END_TEST

START_TEST(numbers_threads_and_bytes_are_taken_or_refused)
{
    const char *at = "1f,x", *long_one = "12345678901234567", *none = "-1";
    u8 bytes[4];
    u64 value;
    long id;

    ck_assert(gdb_take_number(&at, &value) && value == 0x1f && *at == ',');
    ck_assert(gdb_take(&at, ',') && !gdb_take(&at, ','));
    ck_assert(!gdb_take_number(&at, &value));
    ck_assert(!gdb_take_number(&long_one, &value));
    ck_assert(gdb_take_thread(&none, &id) && id == -1 && !*none);
    ck_assert_uint_eq(gdb_take_hex("00Ff7f", bytes, sizeof bytes), 3);
    ck_assert_uint_eq(bytes[1], 0xff);
    ck_assert_uint_eq(gdb_take_hex("0", bytes, sizeof bytes), SIZE_MAX);
    ck_assert_uint_eq(gdb_take_hex("0g", bytes, sizeof bytes), SIZE_MAX);
    ck_assert_uint_eq(gdb_take_hex("0001020304", bytes, sizeof bytes), SIZE_MAX);
}
END_TEST

START_TEST(what_is_sent_in_part_goes_on_behind_it)
{
    struct gdb_out out = {.bytes = NULL};

    gdb_put_byte(&out, '+');
    gdb_answer(&out, "OK");
    gdb_out_sent(&out, 2);
    gdb_begin(&out);
    gdb_put(&out, "T%02x", 5);
    gdb_put_hex(&out, "\x01\xab", 2);
    gdb_end(&out);
    ck_assert_uint_eq(out.size, strlen("OK#9a$T0501ab#dd"));
    ck_assert_mem_eq(out.bytes, "OK#9a$T0501ab#", out.size - 2);
    gdb_out_free(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_packet_is_what_stands_between_dollar_and_sum,
                                  escaped_bytes_come_back_and_binary_data_is_escaped,
                                  a_packet_that_is_too_long_is_refused_and_the_next_is_read,
                                  numbers_threads_and_bytes_are_taken_or_refused,
                                  what_is_sent_in_part_goes_on_behind_it};

    return SUITE_RUN("gdb's packets", tests, 1);
}
