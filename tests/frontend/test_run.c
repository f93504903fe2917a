/* Whole runs of raw programs of a few instructions, with a script for a person: how a run ends
 * decides the exit code. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend/qemu.h"
#include "frontend/run.h"

/* Each writes one word to the test device at 0x100000 and stays where it is. */
static const u32 poweroff_program[] = {
    0x001002b7, /* lui  t0, 0x100 */
    0x00005337, /* lui  t1, 0x5 */
    0x55530313, /* addi t1, t1, 0x555 */
    0x0062a023, /* sw   t1, 0(t0) */
    0x0000006f, /* j    . */
};
static const u32 reset_program[] = {
    0x001002b7, /* lui  t0, 0x100 */
    0x00007337, /* lui  t1, 0x7 */
    0x77730313, /* addi t1, t1, 0x777 */
    0x0062a023, /* sw   t1, 0(t0) */
    0x0000006f, /* j    . */
};
static const u32 fail_42_program[] = {
    0x001002b7, /* lui  t0, 0x100 */
    0x002a3337, /* lui  t1, 0x2a3 */
    0x33330313, /* addi t1, t1, 0x333 */
    0x0062a023, /* sw   t1, 0(t0) */
    0x0000006f, /* j    . */
};
/* Sends back every byte that the 16550 receives, and powers off after a q. */
static const u32 echo_program[] = {
    0x100002b7, /* lui  t0, 0x10000 */
    0x0052c303, /* lbu  t1, 5(t0)         is there one? */
    0x00137313, /* andi t1, t1, 1 */
    0xfe030ce3, /* beqz t1, -8 */
    0x0002c383, /* lbu  t2, 0(t0) */
    0x00728023, /* sb   t2, 0(t0) */
    0xf8f38393, /* addi t2, t2, -'q' */
    0xfe0394e3, /* bnez t2, -24 */
    0x001002b7, 0x00005337, 0x55530313, 0x0062a023, 0x0000006f,
};
static const u32 sleep_program[] = {
    0x10500073, /* wfi */
    0xffdff06f, /* j -4 */
};
static const u32 spin_program[] = {0x0000006f};

static char path[] = "/tmp/vitrine-run-XXXXXX";
static struct script script;

/* Runs a program under the virtual clock with more words of a list that ends with NULL. */
static int run(const u32 *program, size_t size, const char *const *words)
{
    struct options options;
    char message[512];
    char *argv[16] = {(char *)"vitrine", (char *)"--clock", (char *)"virtual"};
    int argc = 3;
    for (; words[argc - 3]; argc++)
        argv[argc] = (char *)words[argc - 3];
    ck_assert_msg(options_parse(&options, argc, argv, message, sizeof(message)), "%s", message);
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, program, size), (ssize_t)size);
    close(file);
    int code = run_scripted(&options, path, &script);
    unlink(path);
    return code;
}

#define RUN(program, ...)                                                                          \
    run(program, sizeof(program),                                                                  \
        (const char *const[]){__VA_ARGS__, "--max-insns", "1000000", NULL})

static void begin(void)
{
    script_init(&script, NULL, 0);
}

static void end(void)
{
    script_release(&script);
}

START_TEST(poweroff_is_success)
{
    ck_assert_int_eq(RUN(poweroff_program, "--engine", "plain"), EXIT_DONE);
    ck_assert_int_eq(RUN(poweroff_program, "--engine", "fast"), EXIT_DONE);
}
END_TEST

START_TEST(a_failure_is_three_or_the_guests_own_code)
{
    ck_assert_int_eq(RUN(fail_42_program, "-q"), EXIT_GUEST);
    ck_assert_int_eq(RUN(fail_42_program, "--exit-guest-code"), 42);
}
END_TEST

START_TEST(a_guest_that_never_ends_meets_the_limit)
{
    ck_assert_int_eq(RUN(spin_program, "-q"), EXIT_OUT_OF_TIME);
}
END_TEST

START_TEST(the_limit_counts_over_resets)
{
    static const char *const words[] = {"-m", "1M", "--max-insns", "200", NULL};
    ck_assert_int_eq(run(reset_program, sizeof(reset_program), words), EXIT_OUT_OF_TIME);
}
END_TEST

START_TEST(a_timeout_ends_a_guest_that_never_ends)
{
    static const char *const words[] = {"--timeout", "50ms", NULL};
    ck_assert_int_eq(run(spin_program, sizeof(spin_program), words), EXIT_OUT_OF_TIME);
    ck_assert_int_eq(run(reset_program, sizeof(reset_program), words), EXIT_OUT_OF_TIME);
}
END_TEST

START_TEST(a_guest_that_can_never_wake_is_told_so)
{
    static const char *const words[] = {"--timeout", "20s", NULL};
    ck_assert_int_eq(run(sleep_program, sizeof(sleep_program), words), EXIT_GUEST);
}
END_TEST

START_TEST(what_the_script_types_reaches_the_guest_and_comes_back)
{
    static const struct script_step steps[] = {{"", "glass"}, {"glass", " house"}, {"house", "q"}};
    script_init(&script, steps, 3);
    ck_assert_int_eq(RUN(echo_program, "-q"), EXIT_DONE);
    ck_assert(script_is_done(&script));
    ck_assert_str_eq(script_output(&script), "glass houseq");
}
END_TEST

START_TEST(a_device_tree_is_written_instead_of_booting)
{
    char tree[] = "/tmp/vitrine-tree-XXXXXX";
    u8 magic[4] = {0};
    int file = mkstemp(tree);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(RUN(fail_42_program, "--dump-dtb", tree), EXIT_DONE);
    ck_assert_int_eq(read(file, magic, 4), 4);
    ck_assert_mem_eq(magic, "\xd0\x0d\xfe\xed", 4);
    close(file);
    unlink(tree);
}
END_TEST

START_TEST(files_that_are_missing_are_four)
{
    ck_assert_int_eq(RUN(poweroff_program, "-i", "/no/such/initrd"), EXIT_FILE);
    ck_assert_int_eq(RUN(poweroff_program, "-d", "/no/such/disk"), EXIT_FILE);
    ck_assert_int_eq(RUN(poweroff_program, "--firmware", "/no/such/firmware"), EXIT_FILE);
    ck_assert_int_eq(RUN(poweroff_program, "--dtb", "/no/such/tree"), EXIT_FILE);
}
END_TEST

/* The same program by QEMU's words. */
static int run_qemu(const u32 *program, size_t size, const char *word, const char *value)
{
    struct options options;
    char message[512];
    char *argv[] = {(char *)"qemu-system-riscv64",
                    (char *)"-bios",
                    (char *)"none",
                    (char *)"-kernel",
                    path,
                    (char *)word,
                    (char *)value,
                    NULL};
    int argc = value ? 7 : 6;
    ck_assert_msg(qemu_parse(&options, argc, argv, message, sizeof(message)), "%s", message);
    options.clock = CLOCK_VIRTUAL;
    options.max_insns = 2000;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, program, size), (ssize_t)size);
    close(file);
    int code = run_scripted(&options, NULL, &script);
    unlink(path);
    return code;
}

START_TEST(by_qemus_words_a_reset_can_end_the_run_and_failure_has_its_code)
{
    ck_assert_int_eq(run_qemu(reset_program, sizeof(reset_program), "-no-reboot", NULL), EXIT_DONE);
    ck_assert_int_eq(run_qemu(reset_program, sizeof(reset_program), "-m", "1"), EXIT_OUT_OF_TIME);
    ck_assert_int_eq(run_qemu(fail_42_program, sizeof(fail_42_program), "-nographic", NULL), 42);
}
END_TEST

START_TEST(by_qemus_words_the_serial_line_can_lead_nowhere)
{
    static const struct script_step steps[] = {{"", "q"}};
    script_init(&script, steps, 1);
    ck_assert_int_eq(run_qemu(echo_program, sizeof(echo_program), "-serial", "none"),
                     EXIT_OUT_OF_TIME);
    ck_assert_int_eq(run_qemu(echo_program, sizeof(echo_program), "-serial", "stdio"), EXIT_DONE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, poweroff_is_success);
    tcase_add_test(tests, a_failure_is_three_or_the_guests_own_code);
    tcase_add_test(tests, a_guest_that_never_ends_meets_the_limit);
    tcase_add_test(tests, the_limit_counts_over_resets);
    tcase_add_test(tests, a_timeout_ends_a_guest_that_never_ends);
    tcase_add_test(tests, a_guest_that_can_never_wake_is_told_so);
    tcase_add_test(tests, what_the_script_types_reaches_the_guest_and_comes_back);
    tcase_add_test(tests, a_device_tree_is_written_instead_of_booting);
    tcase_add_test(tests, files_that_are_missing_are_four);
    tcase_add_test(tests, by_qemus_words_a_reset_can_end_the_run_and_failure_has_its_code);
    tcase_add_test(tests, by_qemus_words_the_serial_line_can_lead_nowhere);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
