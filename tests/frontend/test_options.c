/* The command line is read as its table says, and what cannot be read gets one helpful sentence. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/console.h"
#include "frontend/options.h"

static struct options options;
static char message[512];

/* Parses the words of a list that ends with NULL. */
static bool parse(const char *const *words)
{
    char *argv[32] = {(char *)"vitrine"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)words[argc - 1];
    *message = 0;
    return options_parse(&options, argc, argv, message, sizeof(message));
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

START_TEST(nothing_said_means_the_documented_defaults)
{
    ck_assert_msg(parse((const char *const[]){NULL}), "%s", message);
    ck_assert_uint_eq(options.ram_size, 0);
    ck_assert_uint_eq(options.harts, 1);
    ck_assert_uint_eq(options.max_insns, UINT64_MAX);
    ck_assert_uint_eq(options.timeout_ns, UINT64_MAX);
    ck_assert_int_eq(options.clock, CLOCK_LIVE);
    ck_assert_int_eq(options.engine, ENGINE_FAST);
    ck_assert_int_eq(options.escape, 1);
    ck_assert_ptr_null(options.kernel);
    ck_assert_uint_eq(options.word_count, 0);
}
END_TEST

START_TEST(every_option_of_a_long_line_arrives)
{
    ck_assert_msg(PARSE("run", "-m", "2G", "-c", "4", "--cpu", "rv64gc", "-k", "Image", "-i",
                        "initrd", "-a", "quiet ro", "--clock", "virtual:50", "--seed=7",
                        "--timeout", "1.5s", "--max-insns", "0x10", "--engine", "plain"),
                  "%s", message);
    ck_assert_uint_eq(options.ram_size, (u64)2 << 30);
    ck_assert_uint_eq(options.harts, 4);
    ck_assert_str_eq(options.cpu, "rv64gc");
    ck_assert_str_eq(options.kernel, "Image");
    ck_assert_str_eq(options.initrd, "initrd");
    ck_assert_str_eq(options.append, "quiet ro");
    ck_assert_int_eq(options.clock, CLOCK_VIRTUAL);
    ck_assert_uint_eq(options.steps_per_tick, 50);
    ck_assert_uint_eq(options.seed, 7);
    ck_assert_uint_eq(options.timeout_ns, 1500000000u);
    ck_assert_uint_eq(options.max_insns, 16);
    ck_assert_int_eq(options.engine, ENGINE_PLAIN);
    ck_assert_uint_eq(options.word_count, 1);
    ck_assert_str_eq(options.words[0], "run");
}
END_TEST

START_TEST(options_may_follow_the_file)
{
    ck_assert_msg(PARSE("hello.elf", "-q", "--exit-guest-code"), "%s", message);
    ck_assert_str_eq(options.words[0], "hello.elf");
    ck_assert(options.quiet);
    ck_assert(options.exit_guest_code);
}
END_TEST

START_TEST(disks_keep_their_order_and_may_be_read_only)
{
    ck_assert_msg(PARSE("-d", "a.img", "--disk", "b.img,ro", "-d", "c,ro.img"), "%s", message);
    ck_assert_uint_eq(options.disk_count, 3);
    ck_assert_str_eq(options.disks[0].path, "a.img");
    ck_assert(!options.disks[0].read_only);
    ck_assert_str_eq(options.disks[1].path, "b.img");
    ck_assert(options.disks[1].read_only);
    ck_assert_str_eq(options.disks[2].path, "c,ro.img");
    ck_assert(!options.disks[2].read_only);
}
END_TEST

START_TEST(disks_may_have_overlays)
{
    ck_assert_msg(PARSE("-d", "a.img,overlay=a.ovl", "-d", "b,overlay=b.ovl,ro", "-d",
                        "c,ro,overlay=c.ovl", "-d", "d,overlay=e,f", "--discard"),
                  "%s", message);
    ck_assert_uint_eq(options.disk_count, 4);
    ck_assert(options.discard);
    ck_assert_str_eq(options.disks[0].path, "a.img");
    ck_assert_str_eq(options.disks[0].overlay, "a.ovl");
    ck_assert(!options.disks[0].read_only);
    for (unsigned i = 1; i < 3; i++) {
        ck_assert_uint_eq(strlen(options.disks[i].path), 1);
        ck_assert_uint_eq(strlen(options.disks[i].overlay), 5);
        ck_assert(options.disks[i].read_only);
    }
    ck_assert_str_eq(options.disks[3].path, "d,overlay=e,f");
    ck_assert_str_eq(options.disks[3].overlay, "");
    ck_assert(!PARSE("-d", ""));
    ck_assert(!PARSE("-d", ",ro"));
    ck_assert(!PARSE("-d", ",overlay=a"));
    ck_assert_uint_eq(options.disk_count, 0);
}
END_TEST

START_TEST(a_ninth_disk_is_refused)
{
    ck_assert(!PARSE("-d", "1", "-d", "2", "-d", "3", "-d", "4", "-d", "5", "-d", "6", "-d", "7",
                     "-d", "8", "-d", "9"));
    ck_assert_uint_eq(options.disk_count, 8);
}
END_TEST

START_TEST(screenshots_have_a_file_and_perhaps_a_time)
{
    ck_assert_msg(PARSE("--screenshot", "a.png", "--screenshot", "b.png@1.5", "--screenshot",
                        "me@home.png", "--screenshot", "c.png@200ms"),
                  "%s", message);
    ck_assert_uint_eq(options.shot_count, 4);
    ck_assert_str_eq(options.shots[0].path, "a.png");
    ck_assert_uint_eq(options.shots[0].at, UINT64_MAX);
    ck_assert_str_eq(options.shots[1].path, "b.png");
    ck_assert_uint_eq(options.shots[1].at, 15000000);
    ck_assert_str_eq(options.shots[2].path, "me@home.png");
    ck_assert_uint_eq(options.shots[2].at, UINT64_MAX);
    ck_assert_uint_eq(options.shots[3].at, 2000000);
    ck_assert(!PARSE("--screenshot", ""));
}
END_TEST

START_TEST(a_display_and_its_scale_are_named)
{
    ck_assert_msg(PARSE("-q"), "%s", message);
    ck_assert_int_eq(options.display, DISPLAY_NONE);
    ck_assert_int_eq(options.scale, SCALE_SMOOTH);
    ck_assert_msg(PARSE("--display", "sdl", "--scale", "integer"), "%s", message);
    ck_assert_int_eq(options.display, DISPLAY_SDL);
    ck_assert_int_eq(options.scale, SCALE_INTEGER);
    ck_assert_msg(PARSE("--display", "sdl", "--display", "none", "--scale", "smooth"), "%s",
                  message);
    ck_assert_int_eq(options.display, DISPLAY_NONE);
    ck_assert(!PARSE("--display", "gtk"));
    ck_assert_str_eq(message, "--display cannot be \"gtk\": it takes none or sdl.");
    ck_assert(!PARSE("--scale", "3"));
}
END_TEST

START_TEST(misspelt_option_gets_the_nearest_one)
{
    ck_assert(!PARSE("--max-ins", "3", "--frimware", "none"));
    ck_assert_str_eq(message, "There is no option --frimware; did you mean --firmware?");
    ck_assert(!PARSE("--xyzzy=3"));
    ck_assert_str_eq(message, "There is no option --xyzzy; vitrine help lists them.");
    ck_assert(!PARSE("-z"));
    ck_assert_str_eq(message, "There is no option -z; vitrine help lists them.");
}
END_TEST

START_TEST(missing_and_bad_values_are_named)
{
    ck_assert(!PARSE("--seed"));
    ck_assert_str_eq(message, "--seed needs a value: N.");
    ck_assert(!PARSE("-m"));
    ck_assert_str_eq(message, "--memory needs a value: SIZE.");
    ck_assert(!PARSE("-m", "lots"));
    ck_assert_str_eq(message, "--memory cannot be \"lots\": it takes a size such as 512M or 2G.");
    ck_assert(!PARSE("--console", "hvc0"));
    ck_assert(PARSE("--console", "virtio"));
    ck_assert_int_eq(options.console, CONSOLE_VIRTIO);
    ck_assert(PARSE("--console", "serial"));
    ck_assert_int_eq(options.console, CONSOLE_SERIAL);
    ck_assert(!PARSE("--clock", "virtual:0"));
    ck_assert(!PARSE("--clock", "sometimes"));
    ck_assert_ptr_nonnull(strstr(message, "virtual:N"));
}
END_TEST

START_TEST(a_flag_refuses_a_value)
{
    ck_assert(!PARSE("--quiet=yes"));
    ck_assert_str_ne(message, "");
}
END_TEST

START_TEST(too_many_words_are_refused)
{
    const char *words[OPTION_WORDS + 2] = {0};

    for (unsigned i = 0; i <= OPTION_WORDS; i++)
        words[i] = i < OPTION_WORDS ? "a" : "c";
    char *argv[OPTION_WORDS + 3] = {(char *)"vitrine"};
    memcpy(argv + 1, words, sizeof(words));
    ck_assert(!options_parse(&options, OPTION_WORDS + 2, argv, message, sizeof(message)));
    ck_assert_str_eq(message, "\"c\" is one word too many; vitrine help shows how.");
}
END_TEST

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    print(to);
    fclose(to);
    return text;
}

START_TEST(help_fits_in_a_hundred_columns_and_names_what_can_be_said)
{
    char *text = printed(options_print_help);
    ck_assert_ptr_nonnull(strstr(text, "-m, --memory SIZE"));
    ck_assert_ptr_nonnull(strstr(text, "vitrine run [FILE|GUEST]"));
    ck_assert_ptr_nonnull(strstr(text, "Ctrl-A x"));
    ck_assert_ptr_nonnull(strstr(text, "124"));
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        ck_assert_uint_le(strlen(line), 100);
    free(text);
}
END_TEST

START_TEST(manual_page_names_what_can_be_said)
{
    char *text = printed(options_print_manual);
    ck_assert_int_eq(strncmp(text, ".TH VITRINE 1", 13), 0);
    ck_assert_ptr_nonnull(strstr(text, "\\fB\\-m\\fR, \\fB\\-\\-memory\\fR \\fISIZE\\fR"));
    ck_assert_ptr_nonnull(strstr(text, ".B 124"));
    free(text);
}
END_TEST

START_TEST(commands_are_known_by_name)
{
    ck_assert_int_eq(options_command("run"), COMMAND_RUN);
    ck_assert_int_eq(options_command("version"), COMMAND_VERSION);
    ck_assert_int_eq(options_command("running"), COMMAND_COUNT);
    ck_assert_str_eq(options_command_name(COMMAND_INFO), "info");
}
END_TEST

START_TEST(nearest_word_forgives_slips_and_nothing_more)
{
    static const char *const words[] = {"run", "info", "help", "version", "linux", NULL};
    ck_assert_str_eq(nearest_word("rnu", words), "run");
    ck_assert_str_eq(nearest_word("lunix", words), "linux");
    ck_assert_str_eq(nearest_word("verison", words), "version");
    ck_assert_str_eq(nearest_word("hlp", words), "help");
    ck_assert_ptr_null(nearest_word("banana", words));
    ck_assert_ptr_null(nearest_word("", words));
    ck_assert_ptr_null(
        nearest_word("a word that is much longer than any name that we ever give", words));
}
END_TEST

START_TEST(network_options_are_read)
{
    static const u8 loopback[4] = {127, 0, 0, 1}, other[4] = {192, 168, 0, 255};
    const struct net_config *net = &options.net;

    ck_assert(PARSE("run"));
    ck_assert_int_eq(net->kind, NET_UNSAID);
    ck_assert_msg(PARSE("--net", "user,restrict,mtu=1500", "-p", "2222:22", "--port",
                        "192.168.0.255:53:5353/udp", "-p", "80:8080/tcp"),
                  "%s", message);
    ck_assert_int_eq(net->kind, NET_USER);
    ck_assert(net->is_restricted);
    ck_assert_uint_eq(net->mtu, 1500);
    ck_assert_uint_eq(net->forward_count, 3);
    ck_assert_uint_eq(net->forwards[0].host_port, 2222);
    ck_assert_uint_eq(net->forwards[0].guest_port, 22);
    ck_assert_mem_eq(net->forwards[0].address, loopback, 4);
    ck_assert(!net->forwards[0].is_udp);
    ck_assert_uint_eq(net->forwards[1].host_port, 53);
    ck_assert_uint_eq(net->forwards[1].guest_port, 5353);
    ck_assert_mem_eq(net->forwards[1].address, other, 4);
    ck_assert(net->forwards[1].is_udp);
    ck_assert(!net->forwards[2].is_udp);
    ck_assert(PARSE("--net", "none"));
    ck_assert_int_eq(net->kind, NET_NONE);
}
END_TEST

START_TEST(network_options_that_make_no_sense_are_refused)
{
    static const char *const nets[] = {"",
                                       "use",
                                       "user,",
                                       "user,mtu",
                                       "user,mtu=1279",
                                       "user,mtu=65521",
                                       "user,restricted",
                                       "none,restrict"};
    static const char *const ports[] = {"",
                                        "22",
                                        "0:22",
                                        "22:0",
                                        "65536:22",
                                        "22:65536",
                                        "22:22/",
                                        "22:22/sctp",
                                        ":22:22",
                                        "127.0.0:22:22",
                                        "127.0.0.256:22:22",
                                        "1.2.3.4.5:22:22",
                                        "22:22x",
                                        "-1:22",
                                        "localhost:22:22"};

    for (unsigned i = 0; i < sizeof(nets) / sizeof(*nets); i++) {
        ck_assert_msg(!PARSE("--net", nets[i]), "--net %s is accepted", nets[i]);
        ck_assert_ptr_nonnull(strstr(message, "--net cannot be"));
    }
    for (unsigned i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
        ck_assert_msg(!PARSE("-p", ports[i]), "-p %s is accepted", ports[i]);
        ck_assert_ptr_nonnull(strstr(message, "--port cannot be"));
    }
}
END_TEST

START_TEST(help_fits_on_80_columns_and_says_every_command)
{
    char *help = printed(options_print_help);
    for (const char *line = help; *line; line += strcspn(line, "\n") + 1)
        ck_assert_msg(strcspn(line, "\n") <= 80, "%.100s", line);
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        ck_assert(options_print_command(stdout, options_command_name((enum command)i)));
    ck_assert(!options_print_command(stdout, "nonsense"));
    free(help);
}
END_TEST

START_TEST(help_and_manual_name_every_guest)
{
    char *help = printed(options_print_help), *manual = printed(options_print_manual);
    for (unsigned i = 0; guests[i].name; i++) {
        char line[64];
        snprintf(line, sizeof(line), "\n  %s ", guests[i].name);
        ck_assert_msg(strstr(help, line) && strstr(manual, guests[i].name), "%s", line);
    }
    free(help);
    free(manual);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_test(tests, nothing_said_means_the_documented_defaults);
    tcase_add_test(tests, every_option_of_a_long_line_arrives);
    tcase_add_test(tests, options_may_follow_the_file);
    tcase_add_test(tests, disks_keep_their_order_and_may_be_read_only);
    tcase_add_test(tests, disks_may_have_overlays);
    tcase_add_test(tests, a_ninth_disk_is_refused);
    tcase_add_test(tests, screenshots_have_a_file_and_perhaps_a_time);
    tcase_add_test(tests, a_display_and_its_scale_are_named);
    tcase_add_test(tests, misspelt_option_gets_the_nearest_one);
    tcase_add_test(tests, missing_and_bad_values_are_named);
    tcase_add_test(tests, a_flag_refuses_a_value);
    tcase_add_test(tests, too_many_words_are_refused);
    tcase_add_test(tests, help_fits_in_a_hundred_columns_and_names_what_can_be_said);
    tcase_add_test(tests, manual_page_names_what_can_be_said);
    tcase_add_test(tests, commands_are_known_by_name);
    tcase_add_test(tests, network_options_are_read);
    tcase_add_test(tests, network_options_that_make_no_sense_are_refused);
    tcase_add_test(tests, nearest_word_forgives_slips_and_nothing_more);
    tcase_add_test(tests, help_and_manual_name_every_guest);
    tcase_add_test(tests, help_fits_on_80_columns_and_says_every_command);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
