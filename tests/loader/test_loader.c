/* Loading as a whole: who lies where for each way to boot, and what is refused. */
#include "loader/loader.h"

#include "tests/loader/fixture.h"

#include <libfdt.h>

#define KERNEL_SIZE 0x3000
#define IMAGE_SIZE  0x100000

struct boot {
    struct test_file kernel, firmware, initrd;
    struct machine machine;
    struct load_plan plan;
    struct image_set *set;
    struct loaded loaded;
    char message[256];
};

static void write_filled(const struct test_file *file, u8 value, size_t size)
{
    u8 *bytes = malloc(size);

    memset(bytes, value, size);
    test_file_write(file, bytes, size);
    free(bytes);
}

/* A kernel with a Linux header. */
static void write_linux(const struct test_file *file, u64 text_offset)
{
    u8 bytes[KERNEL_SIZE] = {0x13};

    for (unsigned i = 0; i < 4; i++) {
        bytes[8 + i] = (u8)(text_offset >> 8 * i);
        bytes[16 + i] = (u8)((u64)IMAGE_SIZE >> 8 * i);
    }
    memcpy(bytes + 48, "RISCV\0\0", 8);
    memcpy(bytes + 56, "RSC\x05", 4);
    test_file_write(file, bytes, sizeof bytes);
}

static void boot_create(struct boot *boot, unsigned xlen, u64 ram_size)
{
    *boot = (struct boot){.kernel = test_file_create("kernel"),
                          .firmware = test_file_create("firmware"),
                          .initrd = test_file_create("initrd")};
    write_filled(&boot->firmware, 0xf1, 0x1000);
    write_filled(&boot->initrd, 0x1d, 0x2345);
    write_linux(&boot->kernel, xlen == 64 ? 0x200000 : 0x400000);
    test_machine_create(&boot->machine, xlen, ram_size);
    boot->plan = (struct load_plan){.kernel = boot->kernel.path,
                                    .firmware = boot->firmware.path,
                                    .initrd = boot->initrd.path,
                                    .append = "console=ttyS0"};
}

static void boot_destroy(struct boot *boot)
{
    loader_close(boot->set);
    test_machine_destroy(&boot->machine);
    test_file_remove(&boot->kernel);
    test_file_remove(&boot->firmware);
    test_file_remove(&boot->initrd);
}

static bool boot_load(struct boot *boot)
{
    boot->set = loader_open(&boot->plan, boot->message, sizeof boot->message);
    return boot->set && loader_place(boot->set, &boot->machine, &boot->loaded, boot->message,
                                     sizeof boot->message);
}

static u8 byte_at(const struct boot *boot, paddr at)
{
    return *ram_host(&boot->machine.ram, at);
}

static u64 chosen_u64(const struct boot *boot, const char *name)
{
    const void *tree = ram_host(&boot->machine.ram, boot->loaded.tree);
    const fdt64_t *value = fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), name, NULL);

    ck_assert_msg(value != NULL, "no %s", name);
    return fdt64_ld(value);
}

START_TEST(linux_behind_a_firmware_lies_as_on_qemu)
{
    struct boot boot;
    const u64 text_offset = _i == 64 ? 0x200000 : 0x400000;

    boot_create(&boot, (unsigned)_i, 128 * MIB);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.entry, RAM_BASE);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE + 0xfff), 0xf1);
    ck_assert_uint_eq(boot.loaded.next, RAM_BASE + text_offset);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE + text_offset), 0x13);
    ck_assert_uint_eq(boot.loaded.initrd, RAM_BASE + 64 * MIB);
    ck_assert_uint_eq(byte_at(&boot, boot.loaded.initrd + 0x2344), 0x1d);
    ck_assert_uint_eq(byte_at(&boot, boot.loaded.initrd + 0x2345), 0);
    ck_assert_uint_eq(boot.loaded.tree, RAM_BASE + 126 * MIB);
    ck_assert_uint_eq(chosen_u64(&boot, "linux,initrd-start"), boot.loaded.initrd);
    ck_assert_uint_eq(chosen_u64(&boot, "linux,initrd-end"), boot.loaded.initrd + 0x2345);
    boot_destroy(&boot);
}
END_TEST

START_TEST(the_tree_stays_below_three_gibibytes)
{
    struct boot boot;

    boot_create(&boot, 64, 2048 * MIB);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.tree, RAM_BASE + 1022 * MIB);
    ck_assert_uint_eq(boot.loaded.initrd, RAM_BASE + 512 * MIB);
    ck_assert_int_eq(
        fdt_check_full(ram_host(&boot.machine.ram, boot.loaded.tree), boot.loaded.tree_size), 0);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_raw_kernel_lies_behind_the_firmware_or_at_the_start)
{
    struct boot boot;

    boot_create(&boot, 64, 64 * MIB);
    write_filled(&boot.kernel, 0x42, 0x100);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.next, RAM_BASE + 2 * MIB);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE + 2 * MIB), 0x42);
    loader_close(boot.set);
    boot.plan.firmware = NULL;
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.entry, RAM_BASE);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE), 0x42);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_bare_elf_starts_at_its_entry_with_htif_and_symbols)
{
    struct boot boot;
    vaddr at = 0;

    boot_create(&boot, (unsigned)_i, 64 * MIB);
    test_elf_write(&boot.kernel, (unsigned)_i, NULL);
    boot.plan.firmware = boot.plan.initrd = NULL;
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.entry, RAM_BASE + 4);
    ck_assert_uint_eq(byte_at(&boot, ELF_DATA_PA + 15), 0xda);
    ck_assert(boot.loaded.has_htif);
    ck_assert_uint_eq(boot.loaded.tohost, ELF_DATA_PA);
    ck_assert(symbols_find_address(loader_symbols(boot.set), "start", &at));
    ck_assert_uint_eq(boot.machine.rom[0x18] | boot.machine.rom[0x1b] << 8, 0x8004);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_bare_elf_runs_in_the_smallest_ram)
{
    struct boot boot;

    boot_create(&boot, 64, MIB);
    test_elf_write(&boot.kernel, 64, NULL);
    boot.plan.firmware = boot.plan.initrd = NULL;
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_gt(boot.loaded.tree, ELF_DATA_PA);
    boot_destroy(&boot);
}
END_TEST

START_TEST(after_a_reset_everything_is_there_again)
{
    struct boot boot;
    struct loaded again;

    boot_create(&boot, 64, 64 * MIB);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ram_clear(&boot.machine.ram);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE), 0);
    ck_assert(loader_place(boot.set, &boot.machine, &again, boot.message, sizeof boot.message));
    ck_assert_uint_eq(again.tree, boot.loaded.tree);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE), 0xf1);
    ck_assert_uint_eq(byte_at(&boot, RAM_BASE + 2 * MIB), 0x13);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_file_rebuilt_meanwhile_is_refused_at_the_reset)
{
    struct boot boot;

    boot_create(&boot, 64, 64 * MIB);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    write_filled(&boot.kernel, 0x42, 0x100);
    ck_assert(
        !loader_place(boot.set, &boot.machine, &boot.loaded, boot.message, sizeof boot.message));
    ck_assert_msg(strstr(boot.message, "has changed since"), "%s", boot.message);
    boot_destroy(&boot);
}
END_TEST

START_TEST(what_does_not_fit_is_refused_with_a_way_out)
{
    struct boot boot;

    boot_create(&boot, 64, 2 * MIB);
    ck_assert(!boot_load(&boot));
    ck_assert_msg(strstr(boot.message, "use -m 64M."), "%s", boot.message);
    boot_destroy(&boot);

    boot_create(&boot, 64, 8 * MIB);
    write_filled(&boot.initrd, 1, 6 * MIB);
    ck_assert(!boot_load(&boot));
    ck_assert_msg(strstr(boot.message, "use a larger -m."), "%s", boot.message);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_kernel_where_the_firmware_lies_is_refused)
{
    struct boot boot;

    boot_create(&boot, 64, 64 * MIB);
    test_elf_write(&boot.kernel, 64, NULL);
    ck_assert(!boot_load(&boot));
    ck_assert_msg(strstr(boot.message, "where /tmp/vitrine-firmware"), "%s", boot.message);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_program_for_the_other_width_is_refused)
{
    struct boot boot;

    boot_create(&boot, 64, 64 * MIB);
    test_elf_write(&boot.kernel, 32, NULL);
    boot.plan.firmware = NULL;
    ck_assert(!boot_load(&boot));
    ck_assert_msg(strstr(boot.message, "the processor is RV64; use --cpu rv32gc"), "%s",
                  boot.message);
    boot_destroy(&boot);
}
END_TEST

START_TEST(the_guessed_width_of_a_linux_image_does_not_bind)
{
    struct boot boot;

    boot_create(&boot, 32, 64 * MIB);
    write_linux(&boot.kernel, 0x200000);
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    ck_assert_uint_eq(boot.loaded.next, RAM_BASE + 0x200000);
    boot_destroy(&boot);
}
END_TEST

START_TEST(a_missing_file_or_an_empty_plan_is_refused)
{
    static const struct load_plan plans[] = {
        {.kernel = "/nowhere/x"},
        {.firmware = "/nowhere/x"},
        {.kernel = "/dev/null"},
        {.initrd = "/nowhere/x"},
    };
    char message[256] = "";

    ck_assert_ptr_null(loader_open(&plans[_i], message, sizeof message));
    check_sentence(message);
}
END_TEST

START_TEST(a_device_tree_of_the_users_takes_the_boards_place)
{
    struct boot boot;
    struct test_file file = test_file_create("dtb");
    u8 bytes[256];

    ck_assert_int_eq(fdt_create_empty_tree(bytes, sizeof bytes), 0);
    test_file_write(&file, bytes, sizeof bytes);
    boot_create(&boot, 64, 64 * MIB);
    boot.plan.dtb = file.path;
    ck_assert_msg(boot_load(&boot), "%s", boot.message);
    const void *tree = ram_host(&boot.machine.ram, boot.loaded.tree);
    ck_assert_int_lt(fdt_path_offset(tree, "/cpus"), 0);
    ck_assert_str_eq(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "bootargs", NULL),
                     "console=ttyS0");
    boot_destroy(&boot);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_file_can_be_inspected_before_there_is_a_machine)
{
    struct test_file file = test_file_create("inspect");
    enum image_kind kind = IMAGE_RAW;
    unsigned xlen = 0;
    char text[256] = "";

    test_elf_write(&file, 32, NULL);
    ck_assert(loader_inspect(file.path, &kind, &xlen, text, sizeof text));
    ck_assert_int_eq(kind, IMAGE_ELF32);
    ck_assert_uint_eq(xlen, 32);
    ck_assert_msg(strstr(text, "is an ELF program for RV32."), "%s", text);
    write_filled(&file, 0, 0);
    ck_assert(!loader_inspect(file.path, &kind, &xlen, text, sizeof text));
    check_sentence(text);
    test_file_remove(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader");
    TCase *all = tcase_create("all");

    tcase_add_loop_test(all, linux_behind_a_firmware_lies_as_on_qemu, 64, 65);
    tcase_add_loop_test(all, linux_behind_a_firmware_lies_as_on_qemu, 32, 33);
    tcase_add_test(all, the_tree_stays_below_three_gibibytes);
    tcase_add_test(all, a_raw_kernel_lies_behind_the_firmware_or_at_the_start);
    tcase_add_loop_test(all, a_bare_elf_starts_at_its_entry_with_htif_and_symbols, 64, 65);
    tcase_add_loop_test(all, a_bare_elf_starts_at_its_entry_with_htif_and_symbols, 32, 33);
    tcase_add_test(all, a_bare_elf_runs_in_the_smallest_ram);
    tcase_add_test(all, after_a_reset_everything_is_there_again);
    tcase_add_test(all, a_file_rebuilt_meanwhile_is_refused_at_the_reset);
    tcase_add_test(all, what_does_not_fit_is_refused_with_a_way_out);
    tcase_add_test(all, a_kernel_where_the_firmware_lies_is_refused);
    tcase_add_test(all, a_program_for_the_other_width_is_refused);
    tcase_add_test(all, the_guessed_width_of_a_linux_image_does_not_bind);
    tcase_add_loop_test(all, a_missing_file_or_an_empty_plan_is_refused, 0, 4);
    tcase_add_test(all, a_device_tree_of_the_users_takes_the_boards_place);
    tcase_add_test(all, a_file_can_be_inspected_before_there_is_a_machine);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
