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

START_TEST(tables_of_several_files_become_one)
{
    struct symbols *kernel = symbols_create(), *all = symbols_create();
    char text[64];

    symbols_add(kernel, "main", 0x100, 0x80, 0);
    symbols_add(kernel, "stack_size", 0x4000, 0, 0);
    symbols_add(all, "reset", 0x80000000, 0x10, 0);
    ck_assert(symbols_add_all(all, kernel, 0xffff0000));
    symbols_sort(all);
    ck_assert_str_eq(symbols_describe(all, 0xffff0104, text, sizeof text), "main+0x4");
    ck_assert_str_eq(symbols_describe(all, 0x80000000, text, sizeof text), "reset");
    vaddr at;
    ck_assert(symbols_find_address(all, "stack_size", &at));
    ck_assert_uint_eq(at, 0x4000);
    symbols_add(all, "later", 0x90000000, 0x10, 0);
    symbols_sort(all);
    ck_assert_str_eq(symbols_describe(all, 0x90000001, text, sizeof text), "later+0x1");
    symbols_destroy(kernel);
    symbols_destroy(all);
}
END_TEST

START_TEST(names_that_begin_alike_come_one_after_the_other)
{
    struct symbols *symbols = symbols_create();
    size_t place = 0;
    unsigned count = 0;

    symbols_add(symbols, "sched_fork", 0x300, 8, 0);
    symbols_add(symbols, "panic", 0x200, 8, 0);
    symbols_add(symbols, "schedule", 0x100, 8, 0);
    symbols_sort(symbols);
    for (const char *name; (name = symbols_next(symbols, "sched", &place)); count++)
        ck_assert_msg(!strncmp(name, "sched", 5), "%s does not begin with sched", name);
    ck_assert_uint_eq(count, 2);
    place = 0;
    ck_assert_ptr_null(symbols_next(symbols, "q", &place));
    symbols_destroy(symbols);
}
END_TEST

START_TEST(what_is_no_elf_file_gets_a_sentence)
{
    struct symbols *symbols = symbols_create();
    struct test_file file = test_file_create("names");
    char message[256] = "";

    test_file_write(&file, "hello\n", 6);
    ck_assert(!symbols_add_file(symbols, file.path, 0, message, sizeof message));
    check_sentence(message);
    ck_assert(!symbols_add_file(symbols, "/nowhere", 0, message, sizeof message));
    check_sentence(message);
    symbols_destroy(symbols);
    test_file_remove(&file);
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
    tcase_add_test(all, tables_of_several_files_become_one);
    tcase_add_test(all, names_that_begin_alike_come_one_after_the_other);
    tcase_add_test(all, what_is_no_elf_file_gets_a_sentence);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
