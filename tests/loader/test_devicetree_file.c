/* Device trees from outside: the choice is written into them, and damaged ones do no harm. */
#include "loader/devicetree.h"

#include "tests/loader/fixture.h"

#include <libfdt.h>

/* Writes a tree with one node, "/chosen" or another, and returns its size. */
static size_t make_tree(u8 *bytes, size_t room, const char *child)
{
    ck_assert_int_eq(fdt_create(bytes, (int)room), 0);
    ck_assert_int_eq(fdt_finish_reservemap(bytes), 0);
    ck_assert_int_eq(fdt_begin_node(bytes, ""), 0);
    ck_assert_int_eq(fdt_begin_node(bytes, child), 0);
    ck_assert_int_eq(fdt_property_string(bytes, "bootargs", "old"), 0);
    ck_assert_int_eq(fdt_end_node(bytes), 0);
    ck_assert_int_eq(fdt_end_node(bytes), 0);
    ck_assert_int_eq(fdt_finish(bytes), 0);
    return fdt_totalsize(bytes);
}

static const char *bootargs(const void *tree)
{
    return fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "bootargs", NULL);
}

static const struct tree_choice choice = {
    .append = "console=ttyS0 root=/dev/vda", .initrd = 0x90000000, .initrd_size = 0x1234};

START_TEST(the_choice_is_written_also_where_chosen_is_missing)
{
    static const char *const children[] = {"chosen", "soc"};
    u8 bytes[1024];
    size_t size = make_tree(bytes, sizeof bytes, children[_i]), chosen_size = 0;
    char message[256] = "";
    void *chosen = devicetree_choose(bytes, size, &choice, &chosen_size, message, sizeof message);

    ck_assert_msg(chosen != NULL, "%s", message);
    ck_assert_int_eq(fdt_check_full(chosen, chosen_size), 0);
    ck_assert_uint_le(chosen_size, size + devicetree_room(choice.append));
    ck_assert_str_eq(bootargs(chosen), choice.append);
    int node = fdt_path_offset(chosen, "/chosen");
    const fdt64_t *start = fdt_getprop(chosen, node, "linux,initrd-start", NULL);
    const fdt64_t *end = fdt_getprop(chosen, node, "linux,initrd-end", NULL);
    ck_assert_uint_eq(fdt64_ld(start), 0x90000000);
    ck_assert_uint_eq(fdt64_ld(end), 0x90001234);
    free(chosen);
}
END_TEST

START_TEST(without_a_choice_the_trees_own_stays)
{
    struct tree_choice none = {0};
    u8 bytes[1024];
    size_t size = make_tree(bytes, sizeof bytes, "chosen"), chosen_size = 0;
    char message[256] = "";
    void *chosen = devicetree_choose(bytes, size, &none, &chosen_size, message, sizeof message);

    ck_assert_ptr_nonnull(chosen);
    ck_assert_str_eq(bootargs(chosen), "old");
    ck_assert_ptr_null(
        fdt_getprop(chosen, fdt_path_offset(chosen, "/chosen"), "linux,initrd-start", NULL));
    free(chosen);
}
END_TEST

/* Reads and chooses; false when it was refused. */
static bool try_tree(const struct test_file *on_disk)
{
    struct file file;
    char message[256] = "";
    size_t size = 0, chosen_size = 0;

    if (!file_open(&file, on_disk->path, message, sizeof message)) {
        check_sentence(message);
        return false;
    }
    void *tree = devicetree_read(&file, &size, message, sizeof message);
    file_close(&file);
    if (!tree) {
        check_sentence(message);
        return false;
    }
    void *chosen = devicetree_choose(tree, size, &choice, &chosen_size, message, sizeof message);
    if (chosen)
        ck_assert_uint_le(chosen_size, size + devicetree_room(choice.append));
    else
        check_sentence(message);
    free(chosen);
    free(tree);
    return chosen != NULL;
}

START_TEST(truncated_and_changed_trees_are_refused_or_harmless)
{
    static const u8 changes[] = {0xff, 0x00, 0x01, 0x80, 0x7f};
    struct test_file file = test_file_create("dtb");
    unsigned refused = 0;
    u8 bytes[1024];
    size_t size = make_tree(bytes, sizeof bytes, "chosen");

    test_file_write(&file, bytes, size);
    ck_assert(try_tree(&file));
    for (size_t length = 0; length < size; length++) {
        test_file_write(&file, bytes, length);
        ck_assert_msg(!try_tree(&file), "taken with %zu bytes", length);
    }
    for (size_t at = 0; at < size; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
            u8 before = bytes[at];
            bytes[at] = i == 0 ? (u8)~before : changes[i];
            test_file_write(&file, bytes, size);
            refused += !try_tree(&file);
            bytes[at] = before;
        }
    }
    ck_assert_uint_gt(refused, 100);
    test_file_remove(&file);
}
END_TEST

START_TEST(trees_of_old_versions_are_refused)
{
    struct test_file file = test_file_create("dtb");
    u8 bytes[1024];
    size_t size = make_tree(bytes, sizeof bytes, "chosen");

    for (u32 version = 0; version < 16; version++) {
        fdt_set_version(bytes, version);
        fdt_set_last_comp_version(bytes, version);
        test_file_write(&file, bytes, size);
        ck_assert_msg(!try_tree(&file), "version %u", version);
    }
    test_file_remove(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devicetree_file");
    TCase *all = tcase_create("all");

    tcase_add_loop_test(all, the_choice_is_written_also_where_chosen_is_missing, 0, 2);
    tcase_add_test(all, without_a_choice_the_trees_own_stays);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, truncated_and_changed_trees_are_refused_or_harmless);
    tcase_add_test(all, trees_of_old_versions_are_refused);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
