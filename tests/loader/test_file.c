/* Files to load: read exactly, and refused when they change under us. */
#include "loader/file.h"

#include "tests/loader/fixture.h"

START_TEST(a_read_past_the_end_is_refused)
{
    struct test_file on_disk = test_file_create("file");
    struct file file;
    char message[256] = "", bytes[4];

    test_file_write(&on_disk, "abcd", 4);
    ck_assert(file_open(&file, on_disk.path, message, sizeof message));
    ck_assert_uint_eq(file.size, 4);
    ck_assert(file_read(&file, 1, bytes, 3, message, sizeof message));
    ck_assert_int_eq(memcmp(bytes, "bcd", 3), 0);
    ck_assert(!file_read(&file, 2, bytes, 3, message, sizeof message));
    check_sentence(message);
    ck_assert(!file_read(&file, UINT64_MAX, bytes, 2, message, sizeof message));
    file_close(&file);
    file_close(&file);
    test_file_remove(&on_disk);
}
END_TEST

START_TEST(a_file_cut_after_it_was_opened_is_an_error_not_a_crash)
{
    struct test_file on_disk = test_file_create("file");
    struct file file;
    char message[256] = "", bytes[4];

    test_file_write(&on_disk, "abcd", 4);
    ck_assert(file_open(&file, on_disk.path, message, sizeof message));
    ck_assert(file_is_unchanged(&file, message, sizeof message));
    test_file_write(&on_disk, "ab", 2);
    ck_assert(!file_is_unchanged(&file, message, sizeof message));
    check_sentence(message);
    ck_assert(!file_read(&file, 0, bytes, 4, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "shorter"));
    file_close(&file);
    test_file_remove(&on_disk);
}
END_TEST

START_TEST(a_name_is_the_path_without_folders)
{
    ck_assert_str_eq(file_name("/a/b.elf"), "b.elf");
    ck_assert_str_eq(file_name("b.elf"), "b.elf");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *all = tcase_create("all");

    tcase_add_test(all, a_read_past_the_end_is_refused);
    tcase_add_test(all, a_file_cut_after_it_was_opened_is_an_error_not_a_crash);
    tcase_add_test(all, a_name_is_the_path_without_folders);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
