/* What is booted and how is decided from the files: the rules at the top of frontend/plan.c, with
 * small files and a recipe of the test's own. */
#include <check.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/plan.h"

static char folder[] = "/tmp/vitrine-plan-XXXXXX";
static char before[4096]; /* the working folder that the test came from */
static struct options options;
static struct plan plan;
static char message[512];

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void write_raw(const char *path)
{
    write_file(path, "\x6f\0\0\0", 4);
}

/* A program of one instruction. */
static void write_elf64(const char *path, u64 start)
{
    struct {
        Elf64_Ehdr header;
        Elf64_Phdr segment;
        u32 code;
    } elf = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
                               EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_RISCV,
                   .e_version = EV_CURRENT,
                   .e_entry = start,
                   .e_phoff = sizeof(Elf64_Ehdr),
                   .e_ehsize = sizeof(Elf64_Ehdr),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1},
        .segment = {.p_type = PT_LOAD,
                    .p_flags = PF_R | PF_X,
                    .p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
                    .p_vaddr = start,
                    .p_paddr = start,
                    .p_filesz = 4,
                    .p_memsz = 4},
        .code = 0x6f,
    };
    write_file(path, &elf, sizeof(elf));
}

static void write_elf32(const char *path, u32 start)
{
    struct {
        Elf32_Ehdr header;
        Elf32_Phdr segment;
        u32 code;
    } elf = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
                               EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_RISCV,
                   .e_version = EV_CURRENT,
                   .e_entry = start,
                   .e_phoff = sizeof(Elf32_Ehdr),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 1},
        .segment = {.p_type = PT_LOAD,
                    .p_flags = PF_R | PF_X,
                    .p_offset = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
                    .p_vaddr = start,
                    .p_paddr = start,
                    .p_filesz = 4,
                    .p_memsz = 4},
        .code = 0x6f,
    };
    write_file(path, &elf, sizeof(elf));
}

/* A kernel Image of nothing but its header. */
static void write_linux(const char *path)
{
    struct {
        u32 code[2];
        u64 text_offset, image_size, flags;
        u32 version, reserved;
        u64 more;
        char magic[8], magic2[8];
    } image = {.text_offset = 0x200000,
               .image_size = 64,
               .version = 2,
               .magic = "RISCV",
               .magic2 = "RSC\5"};
    write_file(path, &image, sizeof(image));
}

static void enter_folder(void)
{
    static const char recipe[] =
        "#!/bin/sh\n"
        "echo firmware=sbi64\n"
        "case $1 in linux | debian) echo kernel=kernel.elf; echo initrd=rd ;; esac\n"
        "[ $1 != debian ] || echo disk=root.$VITRINE_USER\n"
        "[ $1 != opensbi ] || echo firmware32=sbi32\n";
    ck_assert_ptr_nonnull(getcwd(before, sizeof(before)));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("recipes", 0700), 0);
    write_file("recipes/guest", recipe, sizeof(recipe) - 1);
    ck_assert_int_eq(chmod("recipes/guest", 0700), 0);
    ck_assert_int_eq(setenv("VITRINE_SHARE", folder, 1), 0);
    write_raw("raw.bin");
    write_elf64("bare.elf", 0x80000000);
    write_elf64("kernel.elf", 0x80200000);
    write_elf32("kernel32.elf", 0x80400000);
    write_linux("Image");
}

static void leave_folder(void)
{
    static const char *const files[] = {"raw.bin", "bare.elf",      "kernel.elf", "kernel32.elf",
                                        "Image",   "recipes/guest", NULL};
    for (unsigned i = 0; files[i]; i++)
        unlink(files[i]);
    rmdir("recipes");
    ck_assert_int_eq(chdir(before), 0);
    rmdir(folder);
}

/* Plans for the words of a list that ends with NULL; the first is what to boot, "" for none. */
static int decide(const char *const *words)
{
    char *argv[16] = {(char *)"vitrine"};
    int argc = 1;
    for (; words[argc]; argc++)
        argv[argc] = (char *)words[argc];
    ck_assert_msg(options_parse(&options, argc, argv, message, sizeof(message)), "%s", message);
    *message = 0;
    return plan_make(&plan, &options, *words[0] ? words[0] : NULL, message, sizeof(message));
}

#define DECIDE(...) decide((const char *const[]){__VA_ARGS__, NULL})
#define ASSERT_PLANNED(...)                                                                        \
    do {                                                                                           \
        int code_ = DECIDE(__VA_ARGS__);                                                           \
        ck_assert_msg(code_ == EXIT_DONE, "exit code %d: %s", code_, message);                     \
    } while (0)

START_TEST(an_elf_at_the_start_of_ram_starts_in_m_mode)
{
    ASSERT_PLANNED("bare.elf");
    ck_assert_str_eq(plan.load.kernel, "bare.elf");
    ck_assert_ptr_null(plan.load.firmware);
    ck_assert_uint_eq(plan.config.isa.xlen, 64);
    ck_assert_uint_eq(plan.config.ram_size, (u64)512 << 20);
    ck_assert_ptr_nonnull(strstr(plan.sentence, "in M-mode, without firmware"));
}
END_TEST

START_TEST(an_elf_behind_the_firmware_starts_under_opensbi)
{
    ASSERT_PLANNED("kernel.elf");
    ck_assert_str_eq(plan.load.firmware, "sbi64");
    ck_assert_ptr_nonnull(strstr(plan.sentence, "under OpenSBI"));
    ASSERT_PLANNED("kernel.elf", "--firmware", "none");
    ck_assert_ptr_null(plan.load.firmware);
    ASSERT_PLANNED("kernel.elf", "--firmware", "mine.bin");
    ck_assert_str_eq(plan.load.firmware, "mine.bin");
    ASSERT_PLANNED("bare.elf", "--firmware", "default");
    ck_assert_str_eq(plan.load.firmware, "sbi64");
}
END_TEST

START_TEST(an_elf_of_32_bits_gets_a_processor_and_an_opensbi_of_32_bits)
{
    ASSERT_PLANNED("kernel32.elf");
    ck_assert_uint_eq(plan.config.isa.xlen, 32);
    ck_assert_str_eq(plan.load.firmware, "sbi32");
}
END_TEST

START_TEST(a_raw_binary_is_bare_metal_as_a_word_and_a_kernel_after_k)
{
    ASSERT_PLANNED("raw.bin");
    ck_assert_ptr_null(plan.load.firmware);
    ASSERT_PLANNED("", "-k", "raw.bin");
    ck_assert_str_eq(plan.load.firmware, "sbi64");
}
END_TEST

START_TEST(a_guest_is_what_its_recipe_says_and_the_user_says_otherwise)
{
    ASSERT_PLANNED("linux");
    ck_assert_str_eq(plan.load.kernel, "kernel.elf");
    ck_assert_str_eq(plan.load.initrd, "rd");
    ck_assert_str_eq(plan.load.firmware, "sbi64");
    ck_assert_str_eq(plan.load.append, "console=ttyS0");
    ck_assert_uint_eq(plan.config.ram_size, (u64)1 << 30);
    ASSERT_PLANNED("linux", "-a", "quiet", "-m", "256M", "-k", "bare.elf", "--firmware", "none");
    ck_assert_str_eq(plan.load.kernel, "bare.elf");
    ck_assert_str_eq(plan.load.append, "console=ttyS0 quiet");
    ck_assert_ptr_null(plan.load.firmware);
    ck_assert_uint_eq(plan.config.ram_size, (u64)256 << 20);
}
END_TEST

START_TEST(an_installed_guest_has_a_disk_and_is_what_the_user_wishes)
{
    ASSERT_PLANNED("debian", "--user", "ada");
    ck_assert_str_eq(plan.guest.disk, "root.ada");
    ck_assert_ptr_nonnull(strstr(plan.load.append, "root=/dev/vda rw"));
    ck_assert_ptr_nonnull(strstr(plan.load.append, " no5lvl")); /* or there is no Java */
    ASSERT_PLANNED("linux");
    ck_assert_ptr_null(plan.guest.disk);
}
END_TEST

START_TEST(an_installed_guest_can_be_logged_in_to)
{
    ASSERT_PLANNED("debian", "--net", "user");
    ck_assert(plan.offers_ssh);
    ck_assert_uint_eq(plan.net.forward_count, 1);
    ck_assert_uint_eq(plan.net.forwards[0].host_port, 2222);
    ck_assert_uint_eq(plan.net.forwards[0].guest_port, 22);
    ck_assert_uint_eq(plan.net.forwards[0].address[0], 127);
    ASSERT_PLANNED("debian", "-p", "8080:80");
    ck_assert(!plan.offers_ssh);
    ck_assert_uint_eq(plan.net.forward_count, 1);
    ck_assert_uint_eq(plan.net.forwards[0].host_port, 8080);
    ASSERT_PLANNED("debian", "--net", "none");
    ck_assert(!plan.offers_ssh && !plan.net.forward_count);
    ASSERT_PLANNED("linux", "--net", "user");
    ck_assert(!plan.offers_ssh && !plan.net.forward_count);
}
END_TEST

START_TEST(wishes_are_for_installed_guests_alone)
{
    static const char *const wishes[][2] = {
        {"--size", "4G"}, {"--packages", "gcc"}, {"--hostname", "glass"}, {"--user", "ada"}};
    for (unsigned i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        ck_assert_int_eq(DECIDE("linux", wishes[i][0], wishes[i][1]), EXIT_USAGE);
        ck_assert_int_eq(DECIDE("bare.elf", wishes[i][0], wishes[i][1]), EXIT_USAGE);
        ck_assert_ptr_nonnull(strstr(message, "such as debian"));
    }
}
END_TEST

START_TEST(the_machine_is_the_one_described)
{
    ASSERT_PLANNED("bare.elf", "-c", "3", "--cpu", "rv64gc", "--engine", "plain", "--clock",
                   "virtual:7", "--seed", "9");
    ck_assert_uint_eq(plan.config.harts, 3);
    ck_assert_uint_eq(plan.config.engine, ENGINE_PLAIN);
    ck_assert_uint_eq(plan.config.clock, CLOCK_VIRTUAL);
    ck_assert_uint_eq(plan.config.steps_per_tick, 7);
    ck_assert_uint_eq(plan.config.seed, 9);
    ck_assert(!isa_has(&plan.config.isa, EXT_ZBA));
    ASSERT_PLANNED("bare.elf");
    ck_assert(isa_has(&plan.config.isa, EXT_ZBA));
}
END_TEST

START_TEST(a_linux_kernel_has_a_network_and_a_repeatable_run_only_when_asked)
{
    ASSERT_PLANNED("Image");
    ck_assert(plan.has_net);
    ASSERT_PLANNED("Image", "--clock", "virtual");
    ck_assert(!plan.has_net);
    ASSERT_PLANNED("Image", "--net", "none");
    ck_assert(!plan.has_net);
    ASSERT_PLANNED("bare.elf");
    ck_assert(!plan.has_net);
    ASSERT_PLANNED("bare.elf", "--net", "user", "--clock", "virtual");
    ck_assert(plan.has_net);
    ASSERT_PLANNED("bare.elf", "-p", "8080:80");
    ck_assert(plan.has_net);
    ck_assert_int_eq(DECIDE("bare.elf", "-p", "8080:80", "--net", "none"), EXIT_USAGE);
    ck_assert_str_eq(message, "-p needs a network; leave --net none out.");
}
END_TEST

START_TEST(what_cannot_be_is_refused_with_the_right_code)
{
    ck_assert_int_eq(DECIDE("lunix"), EXIT_FILE);
    ck_assert_str_eq(message,
                     "There is no file and no guest called \"lunix\"; did you mean \"linux\"?");
    ck_assert_int_eq(DECIDE("no/such/file"), EXIT_FILE);
    ck_assert_str_eq(message, "no/such/file cannot be opened: No such file or directory.");
    ck_assert_int_eq(DECIDE("bare.elf", "-k", "raw.bin"), EXIT_USAGE);
    ck_assert_int_eq(DECIDE("bare.elf", "-m", "5000"), EXIT_USAGE);
    ck_assert_int_eq(DECIDE("bare.elf", "--cpu", "z80"), EXIT_USAGE);
    ck_assert_int_eq(DECIDE("recipes"), EXIT_FILE);
    ck_assert_str_ne(message, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plan");
    TCase *tests = tcase_create("plan");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, enter_folder, leave_folder);
    tcase_add_test(tests, an_elf_at_the_start_of_ram_starts_in_m_mode);
    tcase_add_test(tests, an_elf_behind_the_firmware_starts_under_opensbi);
    tcase_add_test(tests, an_elf_of_32_bits_gets_a_processor_and_an_opensbi_of_32_bits);
    tcase_add_test(tests, a_raw_binary_is_bare_metal_as_a_word_and_a_kernel_after_k);
    tcase_add_test(tests, a_guest_is_what_its_recipe_says_and_the_user_says_otherwise);
    tcase_add_test(tests, an_installed_guest_has_a_disk_and_is_what_the_user_wishes);
    tcase_add_test(tests, an_installed_guest_can_be_logged_in_to);
    tcase_add_test(tests, wishes_are_for_installed_guests_alone);
    tcase_add_test(tests, the_machine_is_the_one_described);
    tcase_add_test(tests, a_linux_kernel_has_a_network_and_a_repeatable_run_only_when_asked);
    tcase_add_test(tests, what_cannot_be_is_refused_with_the_right_code);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
