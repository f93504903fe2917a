/* Names of extensions that only promise something: when they hold, and that they can be asked for.
 */
#include "cpu/promises.h"

#include "tests/suite.h"

#include <stdio.h>
#include <string.h>

static struct isa parse(const char *text)
{
    char message[256] = "";
    struct isa isa = {0};

    ck_assert_msg(isa_parse(text, &isa, message, sizeof message), "%s", message);
    return isa;
}

static bool holds(const char *name, const char *processor)
{
    const struct promise *promise = promise_find(name, strlen(name));
    struct isa isa = parse(processor);

    ck_assert_msg(promise != NULL, "there is no %s", name);
    return promise_holds(promise, &isa);
}

START_TEST(every_promise_has_a_name_of_its_own)
{
    unsigned count;
    const struct promise *all = promises_all(&count);

    ck_assert_uint_gt(count, 10);
    for (unsigned i = 0; i < count; i++) {
        ck_assert_ptr_eq(promise_find(all[i].name, strlen(all[i].name)), &all[i]);
        ck_assert_uint_gt(strlen(all[i].meaning), 0);
        for (unsigned j = 0; j < EXT_COUNT; j++)
            ck_assert_str_ne(all[i].name, extension_name((enum extension)j));
    }
}
END_TEST

START_TEST(a_name_is_found_whole_or_not_at_all)
{
    ck_assert_ptr_nonnull(promise_find("zkt_zba", 3));
    ck_assert_ptr_null(promise_find("zkt", 2));
    ck_assert_ptr_null(promise_find("zktx", 4));
    ck_assert_ptr_null(promise_find("zba", 3));
    ck_assert_ptr_null(promise_find("", 0));
}
END_TEST

START_TEST(a_promise_holds_where_there_is_what_it_is_about)
{
    ck_assert(holds("zkt", "rv64i"));
    ck_assert(holds("ziccrse", "rv64ia"));
    ck_assert(!holds("ziccrse", "rv64im"));
    ck_assert(holds("sv39", "rv64gc"));
    ck_assert(!holds("sv39", "rv32gc"));
    ck_assert(holds("svbare", "rv32i"));
}
END_TEST

START_TEST(asking_for_a_promise_brings_what_it_is_about)
{
    char text[64], message[256];
    struct isa isa = parse("rv64i_za64rs_zkt");

    ck_assert_str_eq(isa_string(&isa, text, sizeof text), "rv64ia");
    isa = parse("rv32i_svbare");
    ck_assert_str_eq(isa_string(&isa, text, sizeof text), "rv32i");
    ck_assert(!isa_parse("rv32i_sv39", &isa, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "'sv39'"));
}
END_TEST

START_TEST(profiles_get_the_promises_that_they_ask_for)
{
    static const char *const names[] = {"ziccif", "ziccrse", "ziccamoa", "zicclsm",
                                        "za64rs", "zic64b",  "zkt",      "svbare",
                                        "sv39",   "ssccptr", "sstvecd",  "sstvala"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_msg(holds(names[i], "rva22s64"), "%s", names[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_promise_has_a_name_of_its_own, a_name_is_found_whole_or_not_at_all,
        a_promise_holds_where_there_is_what_it_is_about,
        asking_for_a_promise_brings_what_it_is_about, profiles_get_the_promises_that_they_ask_for};

    return SUITE_RUN("promises", tests, 1);
}
