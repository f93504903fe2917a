/* The layout: what may lie where, and what is said when it may not. */
#include "loader/layout.h"

#include "tests/loader/fixture.h"

static const struct ram ram = {.base = RAM_BASE, .size = 16 * MIB};

START_TEST(neighbours_fit_and_overlaps_are_refused_by_name)
{
    struct layout layout = {.ram = &ram};
    char message[256] = "";

    ck_assert(layout_take(&layout, (struct span){RAM_BASE, 0x1000, "first"}, message, 256));
    ck_assert(layout_take(&layout, (struct span){RAM_BASE + 0x1000, 1, "second"}, message, 256));
    ck_assert(!layout_take(&layout, (struct span){RAM_BASE + 0xfff, 1, "third"}, message, 256));
    ck_assert_str_eq(message, "third wants memory at 0x80000fff..0x80000fff, where first lies.");
    ck_assert(!layout_is_free(&layout, RAM_BASE + 0x1000, 0x1000));
    ck_assert(layout_is_free(&layout, RAM_BASE + 0x1001, 0x1000));
}
END_TEST

START_TEST(a_span_past_the_end_of_ram_is_told_how_much_would_do)
{
    struct layout layout = {.ram = &ram};
    char message[256] = "";

    ck_assert(
        !layout_take(&layout, (struct span){RAM_BASE + 15 * MIB, 2 * MIB, "kernel"}, message, 256));
    ck_assert_str_eq(message, "kernel wants memory at 0x80f00000..0x810fffff, but RAM ends at "
                              "0x80ffffff; use -m 64M.");
}
END_TEST

START_TEST(a_span_that_no_ram_could_hold_is_told_where_ram_is)
{
    static const struct span spans[] = {
        {0x1000, 0x1000, "kernel"},
        {RAM_BASE - 1, 2, "kernel"},
        {UINT64_MAX - 0xfff, 0x1000, "kernel"},
        {UINT64_MAX - 0xfff, 0x2000, "kernel"},
        {RAM_BASE, UINT64_MAX, "kernel"},
    };
    struct layout layout = {.ram = &ram};
    char message[256] = "";

    ck_assert(!layout_take(&layout, spans[_i], message, 256));
    ck_assert_msg(strstr(message, "RAM is at 0x80000000..0x80ffffff; link it for 0x80000000."),
                  "%s", message);
}
END_TEST

START_TEST(the_highest_free_place_is_found)
{
    struct layout layout = {.ram = &ram};
    char message[256] = "";
    paddr at = 0;

    ck_assert(layout_find(&layout, 0x1800, PAGE_SIZE, 0, UINT64_MAX, &at));
    ck_assert_uint_eq(at, RAM_BASE + 16 * MIB - 0x2000);
    ck_assert(layout_take(&layout, (struct span){at, 0x1800, "tree"}, message, 256));
    ck_assert(layout_find(&layout, 0x1000, PAGE_SIZE, 0, UINT64_MAX, &at));
    ck_assert_uint_eq(at, RAM_BASE + 16 * MIB - 0x3000);
    ck_assert(layout_find(&layout, 0x1000, 2 * MIB, 0, RAM_BASE + 5 * MIB, &at));
    ck_assert_uint_eq(at, RAM_BASE + 4 * MIB);
}
END_TEST

START_TEST(no_place_is_found_where_there_is_none)
{
    struct layout layout = {.ram = &ram};
    char message[256] = "";
    paddr at = 0;

    ck_assert(!layout_find(&layout, 17 * MIB, 1, 0, UINT64_MAX, &at));
    ck_assert(!layout_find(&layout, 1, 1, RAM_BASE + 16 * MIB, UINT64_MAX, &at));
    ck_assert(!layout_find(&layout, 1, 1, RAM_BASE + MIB, RAM_BASE, &at));
    ck_assert(
        layout_take(&layout, (struct span){RAM_BASE + 4 * MIB, 8 * MIB, "big"}, message, 256));
    ck_assert(!layout_find(&layout, 5 * MIB, 1, 0, UINT64_MAX, &at));
    ck_assert(layout_find(&layout, 4 * MIB, 1, 0, RAM_BASE + 12 * MIB, &at));
    ck_assert_uint_eq(at, RAM_BASE);
    ck_assert(!layout_find(&layout, 4 * MIB, 1, RAM_BASE + 1, RAM_BASE + 12 * MIB, &at));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *all = tcase_create("all");

    tcase_add_test(all, neighbours_fit_and_overlaps_are_refused_by_name);
    tcase_add_test(all, a_span_past_the_end_of_ram_is_told_how_much_would_do);
    tcase_add_loop_test(all, a_span_that_no_ram_could_hold_is_told_where_ram_is, 0, 5);
    tcase_add_test(all, the_highest_free_place_is_found);
    tcase_add_test(all, no_place_is_found_where_there_is_none);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
