/* Symbols: which name an address gets, and which address a name. */
#include "loader/symbols.h"

#include "tests/loader/fixture.h"

START_TEST(an_address_gets_the_nearest_name_before_it)
{
    struct symbols *symbols = symbols_create();
    char text[64];

    symbols_add(symbols, "second", 0x200, 0x100, 0);
    symbols_add(symbols, "first", 0x100, 0x80, 0);
    symbols_sort(symbols);
    ck_assert_uint_eq(symbols_count(symbols), 2);
    ck_assert_str_eq(symbols_describe(symbols, 0xff, text, sizeof text), "0xff");
    ck_assert_str_eq(symbols_describe(symbols, 0x100, text, sizeof text), "first");
    ck_assert_str_eq(symbols_describe(symbols, 0x17f, text, sizeof text), "first+0x7f");
    ck_assert_str_eq(symbols_describe(symbols, 0x180, text, sizeof text), "0x180");
    ck_assert_str_eq(symbols_describe(symbols, 0x2ff, text, sizeof text), "second+0xff");
    ck_assert_str_eq(symbols_describe(symbols, 0x300, text, sizeof text), "0x300");
    symbols_destroy(symbols);
}
END_TEST

START_TEST(a_value_is_found_by_name_and_hides_no_place)
{
    struct symbols *symbols = symbols_create();
    u64 offset = 0;
    vaddr at = 0;

    symbols_add(symbols, "place", 0x100, 0x100, 0);
    symbols_add(symbols, "stack_size", 0x180, 0, 9);
    symbols_sort(symbols);
    ck_assert_str_eq(symbols_find_name(symbols, 0x188, &offset), "place");
    ck_assert_uint_eq(offset, 0x88);
    ck_assert(symbols_find_address(symbols, "stack_size", &at));
    ck_assert_uint_eq(at, 0x180);
    ck_assert(!symbols_find_address(symbols, "stack", &at));
    symbols_destroy(symbols);
}
END_TEST

START_TEST(of_two_names_for_one_address_the_higher_rank_is_shown)
{
    struct symbols *symbols = symbols_create();
    char text[64];

    symbols_add(symbols, "function", 0x100, 8, 5);
    symbols_add(symbols, "label", 0x100, 8, 0);
    symbols_sort(symbols);
    ck_assert_str_eq(symbols_describe(symbols, 0x100, text, sizeof text), "function");
    symbols_destroy(symbols);
}
END_TEST

START_TEST(without_symbols_an_address_stays_a_number)
{
    struct symbols *symbols = symbols_create();
    char text[8];

    symbols_sort(symbols);
    ck_assert_str_eq(symbols_describe(symbols, 0x100, text, sizeof text), "0x100");
    ck_assert_str_eq(symbols_describe(NULL, 0xabcdef012, text, sizeof text), "0xabcde");
    symbols_destroy(symbols);
    symbols_destroy(NULL);
}
END_TEST

START_TEST(the_end_of_the_address_space_can_have_a_name)
{
    struct symbols *symbols = symbols_create();
    char text[64];

    symbols_add(symbols, "top", UINT64_MAX - 0xf, UINT64_MAX, 0);
    symbols_sort(symbols);
    ck_assert_str_eq(symbols_describe(symbols, UINT64_MAX, text, sizeof text), "top+0xf");
    ck_assert_str_eq(symbols_describe(symbols, 0, text, sizeof text), "0x0");
    symbols_destroy(symbols);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("symbols");
    TCase *all = tcase_create("all");

    tcase_add_test(all, an_address_gets_the_nearest_name_before_it);
    tcase_add_test(all, a_value_is_found_by_name_and_hides_no_place);
    tcase_add_test(all, of_two_names_for_one_address_the_higher_rank_is_shown);
    tcase_add_test(all, without_symbols_an_address_stays_a_number);
    tcase_add_test(all, the_end_of_the_address_space_can_have_a_name);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
