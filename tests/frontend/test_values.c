/* Values of options are read strictly: what does not fit is refused, never wrapped or cut. */
#include <check.h>
#include <stdlib.h>

#include "devices/machine.h"
#include "frontend/console.h"
#include "frontend/values.h"

static const char *expected;

#define REFUSES(reader, text)                                                                      \
    do {                                                                                           \
        u64 member_ = 0;                                                                           \
        ck_assert_msg(!reader(&member_, text, &expected), #reader " took \"%s\"", text);           \
    } while (0)

static u64 take(value_reader *reader, const char *text)
{
    u64 member = 0;
    ck_assert_msg(reader(&member, text, &expected), "\"%s\" was refused", text);
    return member;
}

START_TEST(sizes_have_units)
{
    ck_assert_uint_eq(take(value_size, "4096"), 4096);
    ck_assert_uint_eq(take(value_size, "64k"), 65536);
    ck_assert_uint_eq(take(value_size, "512M"), (u64)512 << 20);
    ck_assert_uint_eq(take(value_size, "1G"), (u64)1 << 30);
    REFUSES(value_size, "");
    REFUSES(value_size, "0");
    REFUSES(value_size, "M");
    REFUSES(value_size, "-1M");
    REFUSES(value_size, "1MB");
    REFUSES(value_size, "1T");
    REFUSES(value_size, "17179869184G");
}
END_TEST

START_TEST(numbers_do_not_wrap)
{
    ck_assert_uint_eq(take(value_number, "0"), 0);
    ck_assert_uint_eq(take(value_number, "18446744073709551615"), UINT64_MAX);
    ck_assert_uint_eq(take(value_number, "0xffffffffffffffff"), UINT64_MAX);
    REFUSES(value_number, "18446744073709551616");
    REFUSES(value_number, "0x10000000000000000");
    REFUSES(value_number, "0x");
    REFUSES(value_number, " 1");
    REFUSES(value_number, "1e9");
}
END_TEST

START_TEST(harts_are_one_to_sixty_four)
{
    ck_assert_uint_eq(take(value_harts, "1"), 1);
    ck_assert_uint_eq(take(value_harts, "64"), 64);
    REFUSES(value_harts, "0");
    REFUSES(value_harts, "65");
}
END_TEST

START_TEST(times_have_units_and_fractions)
{
    ck_assert_uint_eq(take(value_seconds, "30"), 30000000000u);
    ck_assert_uint_eq(take(value_seconds, "30s"), 30000000000u);
    ck_assert_uint_eq(take(value_seconds, "0.25s"), 250000000u);
    ck_assert_uint_eq(take(value_seconds, "500ms"), 500000000u);
    ck_assert_uint_eq(take(value_seconds, "2m"), 120000000000u);
    REFUSES(value_seconds, "");
    REFUSES(value_seconds, "soon");
    REFUSES(value_seconds, "3h");
    REFUSES(value_seconds, "99999999999999999s");
}
END_TEST

START_TEST(escape_is_a_control_key_or_none)
{
    int key = 0;
    ck_assert(value_escape(&key, "b", &expected));
    ck_assert_int_eq(key, 2);
    ck_assert(value_escape(&key, "^T", &expected));
    ck_assert_int_eq(key, 20);
    ck_assert(value_escape(&key, "none", &expected));
    ck_assert_int_eq(key, CONSOLE_NO_ESCAPE);
    REFUSES(value_escape, "");
    REFUSES(value_escape, "1");
    REFUSES(value_escape, "ab");
}
END_TEST

START_TEST(engines_have_two_names)
{
    enum engine engine = ENGINE_FAST;
    ck_assert(value_engine(&engine, "plain", &expected));
    ck_assert_int_eq(engine, ENGINE_PLAIN);
    ck_assert(value_engine(&engine, "fast", &expected));
    ck_assert_int_eq(engine, ENGINE_FAST);
    REFUSES(value_engine, "quick");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("values");
    TCase *tests = tcase_create("values");
    tcase_add_test(tests, sizes_have_units);
    tcase_add_test(tests, numbers_do_not_wrap);
    tcase_add_test(tests, harts_are_one_to_sixty_four);
    tcase_add_test(tests, times_have_units_and_fractions);
    tcase_add_test(tests, escape_is_a_control_key_or_none);
    tcase_add_test(tests, engines_have_two_names);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
