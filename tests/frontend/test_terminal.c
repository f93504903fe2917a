/* The terminal's settings come back on every way out. Each test runs a child on a pseudo-terminal,
 * lets it end in its own way, and looks at the settings it left behind. */
#include <check.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "frontend/terminal.h"

static int keyboard, terminal; /* the two ends of the pseudo-terminal */
static struct termios before;

static void open_terminal(void)
{
    ck_assert_int_eq(openpty(&keyboard, &terminal, NULL, NULL, NULL), 0);
    ck_assert_int_eq(tcgetattr(terminal, &before), 0);
}

static void close_terminal(void)
{
    close(keyboard);
    close(terminal);
}

static bool is_raw(void)
{
    struct termios found;
    ck_assert_int_eq(tcgetattr(terminal, &found), 0);
    return !(found.c_lflag & (ICANON | ECHO | ISIG));
}

/* All that tcsetattr(3) may change and we do. */
static void assert_restored(void)
{
    struct termios found;
    ck_assert_int_eq(tcgetattr(terminal, &found), 0);
    ck_assert_uint_eq(found.c_lflag, before.c_lflag);
    ck_assert_uint_eq(found.c_iflag, before.c_iflag);
    ck_assert_uint_eq(found.c_oflag, before.c_oflag);
    ck_assert_uint_eq(found.c_cflag, before.c_cflag);
    ck_assert_mem_eq(found.c_cc, before.c_cc, sizeof(found.c_cc));
}

/* Runs a child that is in raw mode and says so; then end() ends it. Returns its wait status. */
static int run_child(void (*end)(void))
{
    int ready[2];
    char byte;
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        terminal_catch_signals();
        if (!terminal_enter_raw(terminal) || write(ready[1], "r", 1) != 1)
            _exit(99);
        end();
        _exit(98); /* without the functions of atexit(): the settings stay raw, the test fails */
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    close(ready[0]);
    close(ready[1]);
    return status;
}

static void end_by_exit(void)
{
    exit(7);
}

static void end_by_abort(void)
{
    abort();
}

static void end_by_sent_fault(void)
{
    raise(SIGSEGV);
}

static void end_by_own_fault(void)
{
    volatile uintptr_t nowhere = 8;

    *(volatile int *)nowhere = 1;
}

static void end_by_two_terms(void)
{
    raise(SIGTERM);
    raise(SIGTERM);
}

static void end_after_one_term(void)
{
    raise(SIGTERM);
    int number = terminal_stop_signal();
    terminal_restore();
    _exit(number);
}

START_TEST(raw_mode_is_entered_and_left)
{
    ck_assert(terminal_is_attached(terminal));
    ck_assert(terminal_enter_raw(terminal));
    ck_assert(is_raw());
    terminal_restore();
    assert_restored();
    terminal_restore();
    ck_assert(terminal_enter_raw(terminal)); /* a second time too */
    ck_assert(is_raw());
    terminal_restore();
    assert_restored();
}
END_TEST

START_TEST(raw_mode_keeps_output_processing)
{
    ck_assert(terminal_enter_raw(terminal));
    struct termios found;
    tcgetattr(terminal, &found);
    ck_assert_uint_eq(found.c_oflag, before.c_oflag);
    terminal_restore();
}
END_TEST

/* Without us it would end the process. */
START_TEST(a_file_at_its_size_limit_is_no_reason_to_die)
{
    terminal_catch_signals();
    ck_assert_int_eq(raise(SIGXFSZ), 0);
    ck_assert_int_eq(raise(SIGPIPE), 0);
    ck_assert_int_eq(terminal_stop_signal(), 0);
    terminal_release_signals();
}
END_TEST

START_TEST(a_pipe_is_no_terminal)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert(!terminal_is_attached(ends[0]));
    ck_assert(!terminal_enter_raw(ends[0]));
    ck_assert(!terminal_is_attached(-1));
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(exit_restores)
{
    int status = run_child(end_by_exit);
    ck_assert_int_eq(WEXITSTATUS(status), 7);
    assert_restored();
}
END_TEST

START_TEST(abort_restores_and_still_kills)
{
    int status = run_child(end_by_abort);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGABRT);
    assert_restored();
}
END_TEST

/* Under a sanitizer the process ends by its report instead of by the signal. */
START_TEST(a_segmentation_fault_that_was_sent_restores)
{
    int status = run_child(end_by_sent_fault);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 98);
    assert_restored();
}
END_TEST

START_TEST(a_segmentation_fault_of_our_own_restores)
{
    int status = run_child(end_by_own_fault);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 98);
    assert_restored();
}
END_TEST

/* What libedit does with what it was lent. */
static void borrow(void)
{
    struct termios other = before;

    terminal_lend(terminal);
    other.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    tcsetattr(terminal, TCSANOW, &other);
}

static void borrow_and_fault(void)
{
    borrow();
    raise(SIGSEGV);
}

static void borrow_and_get_two_terms(void)
{
    borrow();
    end_by_two_terms();
}

START_TEST(a_lent_terminal_comes_back_as_well)
{
    int status = run_child(borrow_and_fault);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 98);
    assert_restored();
    status = run_child(borrow_and_get_two_terms);
    ck_assert(WIFSIGNALED(status));
    assert_restored();
}
END_TEST

/* As in `vitrine monitor`, which catches nothing. */
START_TEST(a_visitor_who_is_terminated_gives_the_terminal_back)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGTERM, SIG_DFL); /* the test runner catches it */
        borrow();
        raise(SIGTERM);
        _exit(98);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGTERM);
    assert_restored();
}
END_TEST

START_TEST(a_lent_terminal_is_as_it_was_after_a_pause)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        borrow();
        raise(SIGTSTP);
        _exit(is_raw() ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
    ck_assert(WIFSTOPPED(status));
    assert_restored();
    kill(child, SIGCONT);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(the_first_sigterm_asks_and_the_second_kills)
{
    int status = run_child(end_after_one_term);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), SIGTERM);
    assert_restored();
    status = run_child(end_by_two_terms);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGTERM);
    assert_restored();
}
END_TEST

START_TEST(a_suspended_process_gives_the_terminal_back_meanwhile)
{
    pid_t child = fork();
    if (child == 0) {
        terminal_enter_raw(terminal);
        raise(SIGTSTP);
        _exit(is_raw() ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
    ck_assert(WIFSTOPPED(status));
    assert_restored();
    kill(child, SIGCONT);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(a_change_of_size_is_noticed_once)
{
    struct winsize size = {.ws_col = 132, .ws_row = 50};
    uint16_t columns = 1, rows = 1;

    terminal_catch_signals();
    ck_assert(terminal_was_resized()); /* to begin with */
    ck_assert(!terminal_was_resized());
    ck_assert_int_eq(ioctl(keyboard, TIOCSWINSZ, &size), 0);
    raise(SIGWINCH); /* what the system does for the program in front */
    ck_assert(terminal_was_resized());
    ck_assert(!terminal_was_resized());
    ck_assert(terminal_size(terminal, &columns, &rows));
    ck_assert_uint_eq(columns, 132);
    ck_assert_uint_eq(rows, 50);
    terminal_release_signals();
    raise(SIGWINCH);
    ck_assert(!terminal_was_resized());
    ck_assert(!terminal_size(-1, &columns, &rows));
    ck_assert_uint_eq(columns, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");
    tcase_add_checked_fixture(tests, open_terminal, close_terminal);
    tcase_add_test(tests, raw_mode_is_entered_and_left);
    tcase_add_test(tests, raw_mode_keeps_output_processing);
    tcase_add_test(tests, a_file_at_its_size_limit_is_no_reason_to_die);
    tcase_add_test(tests, a_pipe_is_no_terminal);
    tcase_add_test(tests, exit_restores);
    tcase_add_test(tests, abort_restores_and_still_kills);
    tcase_add_test(tests, a_segmentation_fault_that_was_sent_restores);
    tcase_add_test(tests, a_segmentation_fault_of_our_own_restores);
    tcase_add_test(tests, the_first_sigterm_asks_and_the_second_kills);
    tcase_add_test(tests, a_suspended_process_gives_the_terminal_back_meanwhile);
    tcase_add_test(tests, a_lent_terminal_comes_back_as_well);
    tcase_add_test(tests, a_visitor_who_is_terminated_gives_the_terminal_back);
    tcase_add_test(tests, a_lent_terminal_is_as_it_was_after_a_pause);
    tcase_add_test(tests, a_change_of_size_is_noticed_once);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
