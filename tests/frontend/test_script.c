/* The scripted person waits for exactly its texts and types exactly then. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/script.h"

static void print(struct host_console *console, const char *text)
{
    for (; *text; text++)
        console->write(console->context, (u8)*text);
}

/* All that is typed now. */
static const char *taken(struct host_console *console)
{
    static char text[64]; /* a test's own; each call overwrites the last */
    size_t length = 0;
    for (int byte; length + 1 < sizeof(text) && (byte = console->read(console->context)) >= 0;)
        text[length++] = (char)byte;
    text[length] = 0;
    return text;
}

START_TEST(types_only_after_the_text_was_seen)
{
    static const struct script_step steps[] = {{"login: ", "root\n"}, {"# ", "poweroff\n"}};
    struct script script;
    script_init(&script, steps, 2);
    struct host_console console = script_host(&script);
    ck_assert(console.one_at_a_time);
    print(&console, "hello # login:");
    ck_assert_str_eq(taken(&console), "");
    print(&console, " ");
    ck_assert_str_eq(taken(&console), "root\n");
    ck_assert(!script_is_done(&script));
    print(&console, "~ # ");
    ck_assert_str_eq(taken(&console), "poweroff\n");
    ck_assert(script_is_done(&script));
    ck_assert_str_eq(script_output(&script), "hello # login: ~ # ");
    script_release(&script);
}
END_TEST

START_TEST(a_text_that_begins_again_within_itself_is_found)
{
    static const struct script_step steps[] = {{"aab", "1"}, {"abcabd", "2"}};
    struct script script;
    script_init(&script, steps, 2);
    struct host_console console = script_host(&script);
    print(&console, "aaab");
    ck_assert_str_eq(taken(&console), "1");
    print(&console, "abcabcabd");
    ck_assert_str_eq(taken(&console), "2");
    script_release(&script);
}
END_TEST

START_TEST(a_step_may_wait_for_nothing_or_type_nothing)
{
    static const struct script_step steps[] = {{"", "a"}, {"x", ""}, {"y", "b"}};
    struct script script;
    script_init(&script, steps, 3);
    struct host_console console = script_host(&script);
    ck_assert_str_eq(taken(&console), "a");
    print(&console, "y"); /* too early: x comes first */
    ck_assert_str_eq(taken(&console), "");
    print(&console, "xy");
    ck_assert_str_eq(taken(&console), "b");
    ck_assert(script_is_done(&script));
    script_release(&script);
}
END_TEST

START_TEST(an_echo_of_what_is_typed_counts_for_the_next_step)
{
    static const struct script_step steps[] = {{"# ", "ls\n"}, {"ls", "exit\n"}, {"# ", "!"}};
    struct script script;
    script_init(&script, steps, 3);
    struct host_console console = script_host(&script);
    print(&console, "# ");
    ck_assert_int_eq(console.read(console.context), 'l');
    print(&console, "ls");
    /* Typing is not broken off, and what was printed before the first text is not looked at again.
     */
    ck_assert_str_eq(taken(&console), "s\nexit\n");
    ck_assert(!script_is_done(&script));
    print(&console, "# ");
    ck_assert_str_eq(taken(&console), "!");
    script_release(&script);
}
END_TEST

START_TEST(an_empty_script_keeps_the_output)
{
    struct script script;
    script_init(&script, NULL, 0);
    struct host_console console = script_host(&script);
    ck_assert_str_eq(script_output(&script), "");
    for (unsigned i = 0; i < 10000; i++)
        print(&console, "0123456789");
    ck_assert_uint_eq(strlen(script_output(&script)), 100000);
    ck_assert_int_eq(console.read(console.context), -1);
    ck_assert(script_is_done(&script));
    script_release(&script);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("script");
    TCase *tests = tcase_create("script");
    tcase_add_test(tests, types_only_after_the_text_was_seen);
    tcase_add_test(tests, a_text_that_begins_again_within_itself_is_found);
    tcase_add_test(tests, a_step_may_wait_for_nothing_or_type_nothing);
    tcase_add_test(tests, an_echo_of_what_is_typed_counts_for_the_next_step);
    tcase_add_test(tests, an_empty_script_keeps_the_output);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
