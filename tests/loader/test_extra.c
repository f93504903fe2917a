/* Files and numbers at an address (loader/extra.c), and control that starts low (loader.c). */
#include "loader/extra.h"
#include "loader/loader.h"

#include "tests/loader/fixture.h"

#define AT ((paddr)RAM_BASE + 0x10000)

static struct machine machine;
static struct test_file file;
static struct image_set *set;
static struct loaded loaded;
static char message[256];

static void begin(void)
{
    test_machine_create(&machine, 64, 8 * MIB);
    file = test_file_create("extra");
    set = NULL;
}

static void end(void)
{
    loader_close(set);
    test_file_remove(&file);
    test_machine_destroy(&machine);
}

static bool load(const struct load_plan *plan)
{
    *message = 0;
    loader_close(set);
    set = loader_open(plan, message, sizeof message);
    return set && loader_place(set, &machine, &loaded, message, sizeof message);
}

static bool load_one(struct extra extra)
{
    struct load_plan plan = {.extras = {extra}, .extra_count = 1, .starts_low = true};

    return load(&plan);
}

START_TEST(bytes_go_to_their_address)
{
    test_file_write(&file, "glass", 5);
    ck_assert_msg(load_one((struct extra){.path = file.path, .at = AT, .has_at = true}), "%s",
                  message);
    ck_assert_mem_eq(ram_host(&machine.ram, AT), "glass", 5);
    ck_assert_uint_eq(loaded.entry, RAM_BASE);
    ck_assert_uint_eq(loaded.next, 0);
}
END_TEST

START_TEST(an_elf_goes_to_its_own_addresses_unless_it_is_raw)
{
    u8 copy[ELF_LARGEST];
    size_t size = test_elf_write(&file, 64, copy);

    ck_assert_msg(load_one((struct extra){.path = file.path}), "%s", message);
    ck_assert_mem_eq(ram_host(&machine.ram, RAM_BASE), copy + ELF_TEXT, 4);
    ck_assert_msg(
        load_one((struct extra){.path = file.path, .at = AT, .has_at = true, .is_raw = true}), "%s",
        message);
    ck_assert_mem_eq(ram_host(&machine.ram, AT), copy, size);
}
END_TEST

START_TEST(numbers_are_little_endian)
{
    ck_assert(load_one(
        (struct extra){.at = AT, .has_at = true, .number = 0x1122334455667788, .byte_size = 3}));
    ck_assert_mem_eq(ram_host(&machine.ram, AT), "\x88\x77\x66\0", 4);
    ck_assert(!load_one((struct extra){.at = RAM_BASE - 1, .has_at = true, .byte_size = 2}));
    check_sentence(message);
    ck_assert(!load_one((struct extra){.at = UINT64_MAX, .has_at = true, .byte_size = 8}));
    check_sentence(message);
}
END_TEST

START_TEST(what_cannot_be_placed_is_refused)
{
    struct load_plan two = {.extra_count = 2};

    ck_assert(!load_one((struct extra){.path = "/no/such/file", .at = AT, .has_at = true}));
    check_sentence(message);
    ck_assert(!load_one((struct extra){.path = "/no/such/file", .is_raw = true, .has_at = true}));
    check_sentence(message);
    test_file_write(&file, "glass", 5);
    ck_assert(!load_one((struct extra){.path = file.path}));
    check_sentence(message);
    ck_assert(!load_one((struct extra){.path = file.path, .at = 0, .has_at = true}));
    check_sentence(message);
    two.extras[0] = two.extras[1] = (struct extra){.path = file.path, .at = AT, .has_at = true};
    ck_assert(!load(&two));
    check_sentence(message);
}
END_TEST

/* The ELF of the fixture begins at RAM's start and is entered behind it. */
START_TEST(control_starts_at_the_lowest_byte_and_not_at_the_entry)
{
    u8 copy[ELF_LARGEST];
    struct load_plan plan = {.kernel = file.path, .starts_low = true};
    paddr entry;

    test_elf_write(&file, 64, copy);
    plan.starts_low = false;
    ck_assert_msg(load(&plan), "%s", message);
    entry = loaded.entry;
    plan.starts_low = true;
    ck_assert(load(&plan));
    ck_assert_uint_eq(loaded.entry, RAM_BASE);
    ck_assert_uint_eq(loaded.next, RAM_BASE);
    ck_assert_uint_ge(entry, RAM_BASE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extra");
    TCase *tests = tcase_create("extra");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, bytes_go_to_their_address);
    tcase_add_test(tests, an_elf_goes_to_its_own_addresses_unless_it_is_raw);
    tcase_add_test(tests, numbers_are_little_endian);
    tcase_add_test(tests, what_cannot_be_placed_is_refused);
    tcase_add_test(tests, control_starts_at_the_lowest_byte_and_not_at_the_entry);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
