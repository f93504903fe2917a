/* The option -s, and the folders behind it (frontend/shares.c). */
#include "frontend/shares.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct shares_config config;
static const char *expected;

static bool say(const char *text)
{
    return value_share(&config, text, &expected);
}

START_TEST(a_folder_has_a_tag_and_may_be_read_only)
{
    memset(&config, 0, sizeof config);
    ck_assert(say("/home/me"));
    ck_assert(say("here:stone,ro"));
    ck_assert(say("a:b/c,ro"));
    ck_assert(say("x:/y"));
    ck_assert_uint_eq(config.count, 4);
    ck_assert_str_eq(config.folders[0].path, "/home/me");
    ck_assert_str_eq(config.folders[0].tag, "share");
    ck_assert(!config.folders[0].read_only);
    ck_assert_str_eq(config.folders[1].path, "here");
    ck_assert_str_eq(config.folders[1].tag, "stone");
    ck_assert(config.folders[1].read_only);
    ck_assert_str_eq(config.folders[2].path, "a:b/c"); /* the colon is part of the path */
    ck_assert_str_eq(config.folders[2].tag, "share3");
    ck_assert(config.folders[2].read_only);
    ck_assert_str_eq(config.folders[3].path, "x:/y");
    ck_assert(!say("fifth"));
}
END_TEST

START_TEST(folders_that_make_no_sense_are_refused)
{
    static const char *const texts[] = {"", ":tag", "folder:", "folder:,ro",
                                        "folder:a-tag-that-is-longer-than-31-bytes"};

    memset(&config, 0, sizeof config);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!say(texts[i]), "-s %s is accepted", texts[i]);
    ck_assert_uint_eq(config.count, 0);
    ck_assert(say("one:same"));
    ck_assert(!say("two:same"));
    ck_assert_str_eq(expected, "a tag of its own for each folder");
    char *path = malloc(5000);
    memset(path, 'x', 4999);
    path[4999] = 0;
    ck_assert(!say(path));
    free(path);
}
END_TEST

START_TEST(folders_are_plugged_in_and_a_missing_one_is_told)
{
    struct host host = {.context = NULL};
    struct shares shares = {{NULL}};
    char message[300];

    memset(&config, 0, sizeof config);
    ck_assert(say("/tmp:first") && say("/nowhere/at/all"));
    ck_assert(!shares_open(&shares, &config, &host, message, sizeof message));
    ck_assert_str_eq(message,
                     "The folder /nowhere/at/all cannot be shared: No such file or directory.");
    ck_assert_int_eq(host.plugs[0].kind, PLUG_SHARE);
    ck_assert_str_eq(((const struct host_share *)host.plugs[0].backend)->tag, "first");
    shares_close(&shares);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_folder_has_a_tag_and_may_be_read_only,
        folders_that_make_no_sense_are_refused,
        folders_are_plugged_in_and_a_missing_one_is_told,
    };
    return SUITE_RUN("shares", tests, 1);
}
