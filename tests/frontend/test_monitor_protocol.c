/* What comes through the monitor's socket: lines and their answers, rubbish, and clients that do
 * not listen. */
#include "tests/frontend/small_guest.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontend/monitor_protocol.h"
#include "frontend/monitor_server.h"
#include "frontend/runtime.h"
#include "tests/suite.h"

static struct small_guest guest;
static struct monitor_server *server;
static char folder[] = "/tmp/vitrine-monitor-XXXXXX";
static char path[RUNTIME_PATH];

/* Gives bytes to a client of the protocol, and checks the beginning of its answer. */
static void check_answer(const char *bytes, const char *expected)
{
    struct monitor_client client = {.talk = {.monitor = &guest.monitor}};
    size_t size = 0, taken = protocol_receive(&client, bytes, strlen(bytes));
    const char *answer = protocol_answer(&client, &size);

    ck_assert_uint_eq(taken, strlen(bytes));
    ck_assert_msg(answer, "%s has no answer", bytes);
    ck_assert_msg(size >= strlen(expected) && !memcmp(answer, expected, strlen(expected)),
                  "%s is answered by %.*s", bytes, (int)size, answer);
    unsigned long length;
    ck_assert_int_eq(sscanf(answer, "%*s %lu", &length), 1);
    ck_assert_uint_eq(length, size - (size_t)(strchr(answer, '\n') + 1 - answer));
    ck_assert_uint_eq(protocol_receive(&client, "hello\n", 6), 0);
    protocol_sent(&client, size);
    ck_assert_ptr_null(protocol_answer(&client, &size));
    protocol_end(&client);
}

START_TEST(each_line_has_one_answer_with_its_size)
{
    small_guest_create(&guest, "rv64gc", 1);
    snprintf(guest.monitor.about, sizeof(guest.monitor.about), "a small guest");
    check_answer("text hart\n", "ok 7\nhart 0\n");
    check_answer("json hart\r\n", "ok 12\n{\"hart\": 0}\n");
    check_answer("json set t0 1\n", "ok 3\n{}\n");
    check_answer("text set t0 1\n", "ok 0\n");
    check_answer("complete x cou\n", "ok 6\ncount\n");
    check_answer("text\n", "ok 0\n");
    check_answer("text nonsense\n", "no ");
    check_answer("nonsense\n", "no ");
    check_answer("\n", "no ");
    check_answer("hello\n", "ok ");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_refused_and_the_next_is_not)
{
    struct monitor_client client = {0};
    char bytes[1000];
    size_t size;

    small_guest_create(&guest, "rv64gc", 1);
    client.talk.monitor = &guest.monitor;
    memset(bytes, 'x', sizeof(bytes));
    for (unsigned i = 0; i < 20; i++)
        ck_assert_uint_eq(protocol_receive(&client, bytes, sizeof(bytes)), sizeof(bytes));
    ck_assert_uint_eq(protocol_receive(&client, "\ntext hart\n", 11), 1);
    ck_assert(!strncmp(protocol_answer(&client, &size), "no ", 3));
    protocol_sent(&client, size);
    ck_assert_uint_eq(protocol_receive(&client, "text hart\n", 10), 10);
    ck_assert(!strncmp(protocol_answer(&client, &size), "ok 7", 4));
    protocol_end(&client);
    small_guest_destroy(&guest);
}
END_TEST

static void open_server(void)
{
    char message[256];

    small_guest_create(&guest, "rv64gc", 1);
    ck_assert(mkdtemp(strcpy(folder, "/tmp/vitrine-monitor-XXXXXX")));
    snprintf(path, sizeof(path), "%s/m", folder);
    server = monitor_server_open(&guest.monitor, path, message, sizeof(message));
    ck_assert_msg(server, "%s", message);
}

static void close_server(void)
{
    monitor_server_close(server);
    ck_assert_msg(access(path, F_OK) != 0, "%s is still there", path);
    rmdir(folder);
    small_guest_destroy(&guest);
}

/* As the frontend does it between slices. */
static void attend(unsigned times)
{
    struct attendant attendant = monitor_server_attendant(server);
    struct pollfd fds[64];
    u64 ns = 0;

    while (times--) {
        unsigned count = attendant.prepare(attendant.context, fds, 64, &ns);
        poll(fds, count, 0);
        attendant.attend(attendant.context, fds, count);
    }
}

static int connect_client(void)
{
    char message[256];
    int fd = runtime_connect(path, message, sizeof(message));

    ck_assert_msg(fd >= 0, "%s", message);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void check_served(int fd)
{
    char bytes[64] = "";

    ck_assert_int_eq(send(fd, "text hart\n", 10, 0), 10);
    attend(3);
    ck_assert_int_eq(recv(fd, bytes, sizeof(bytes), 0), 12);
    ck_assert_str_eq(bytes, "ok 7\nhart 0\n");
}

START_TEST(a_client_is_served_while_others_are_silent)
{
    int silent[20], fd;

    open_server();
    for (unsigned i = 0; i < 20; i++) {
        silent[i] = connect_client();
        ck_assert_int_eq(send(silent[i], "text re", 7, 0), 7); /* and never the end of the line */
        attend(2);
    }
    fd = connect_client();
    attend(1);
    check_served(fd);
    for (unsigned i = 0; i < 20; i++)
        close(silent[i]);
    attend(3);
    check_served(fd);
    close(fd);
    close_server();
}
END_TEST

START_TEST(a_client_that_does_not_read_waits_for_itself_alone)
{
    static char many[100 * 40];
    size_t used = 0;
    int slow, fd;

    open_server();
    for (unsigned i = 0; i < 100; i++)
        used += (size_t)sprintf(many + used, "json x 0x80000000 8192 d\n");
    slow = connect_client();
    fd = connect_client();
    attend(2);
    for (unsigned i = 0; i < 50; i++) {
        send(slow, many, used, MSG_NOSIGNAL);
        attend(3);
        check_served(fd);
    }
    close(slow);
    attend(2);
    check_served(fd);
    close(fd);
    close_server();
}
END_TEST

START_TEST(two_lines_at_once_are_answered_one_after_the_other)
{
    char bytes[64] = "";

    open_server();
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "text hart\ntext hart\ntext ha", 27, 0), 27);
    attend(3);
    ck_assert_int_eq(recv(fd, bytes, sizeof(bytes), 0), 24);
    ck_assert_int_eq(send(fd, "rt\n", 3, 0), 3);
    attend(3);
    ck_assert_int_eq(recv(fd, bytes, sizeof(bytes), 0), 12);
    close(fd);
    attend(2);
    close_server();
}
END_TEST

START_TEST(a_client_that_leaves_before_its_command_is_done_leaves_word)
{
    open_server();
    guest.debugger.is_stopped = false;
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "text stats 10\ntext hart\n", 24, 0), 24);
    attend(3);
    ck_assert(guest.outside.wants_pause);
    ck_assert(!guest.monitor.is_abandoned);
    close(fd);
    attend(2);
    ck_assert(guest.monitor.is_abandoned);
    close_server();
}
END_TEST

START_TEST(the_steps_of_a_client_that_leaves_end)
{
    open_server();
    guest.debugger.is_stopped = true;
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "text step 100000000\n", 20, 0), 20);
    attend(2);
    ck_assert(monitor_is_stepping(&guest.monitor));
    ck_assert(!monitor_go_on_stepping(&guest.monitor));
    close(fd);
    attend(2);
    ck_assert(monitor_go_on_stepping(&guest.monitor));
    ck_assert(!monitor_is_stepping(&guest.monitor));
    close_server();
}
END_TEST

START_TEST(a_command_that_waits_for_the_stop_is_answered_then)
{
    char bytes[4096] = "";

    open_server();
    guest.debugger.is_stopped = false;
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "json stats 10\ntext hart\n", 24, 0), 24);
    attend(3);
    ck_assert_int_lt(recv(fd, bytes, sizeof(bytes), 0), 0);
    guest.outside.wants_pause = false; /* as the run loop does it */
    guest.debugger.is_stopped = true;
    guest.monitor.stop = STOP_USER;
    monitor_server_stopped(server);
    attend(3);
    ck_assert_int_gt(recv(fd, bytes, sizeof(bytes) - 1, 0), 50);
    ck_assert_msg(strstr(bytes, "\"instructions\": 10,"), "%s", bytes);
    ck_assert_msg(strstr(bytes, "ok 7\nhart 0\n"), "%s", bytes);
    ck_assert_msg(!guest.debugger.is_stopped, "it does not run on");
    close(fd);
    attend(2);
    close_server();
}
END_TEST

START_TEST(an_interrupt_of_nothing_has_no_answer)
{
    char bytes[64] = "";

    open_server();
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "interrupt\nprogress\ntext hart\ninterrupt\n", 39, 0), 39);
    attend(5);
    ck_assert_int_eq(recv(fd, bytes, sizeof(bytes) - 1, 0), 12);
    ck_assert_str_eq(bytes, "ok 7\nhart 0\n");
    check_served(fd);
    close(fd);
    attend(2);
    close_server();
}
END_TEST

START_TEST(an_interrupt_ends_steps_and_says_where)
{
    char bytes[4096] = "";

    open_server();
    guest.debugger.is_stopped = true;
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "text step 100000000\n", 20, 0), 20);
    attend(2);
    ck_assert(monitor_is_stepping(&guest.monitor));
    ck_assert(!monitor_go_on_stepping(&guest.monitor));
    ck_assert_int_eq(send(fd, "interrupt\n", 10, 0), 10);
    attend(3);
    ck_assert(monitor_go_on_stepping(&guest.monitor));
    monitor_server_stopped(server); /* as the run does it then */
    attend(3);
    ck_assert_int_gt(recv(fd, bytes, sizeof(bytes) - 1, 0), 20);
    ck_assert_msg(strstr(bytes, "asked to"), "%s", bytes);
    close(fd);
    attend(2);
    close_server();
}
END_TEST

START_TEST(an_interrupt_ends_a_command_that_runs_the_machine_with_what_there_is)
{
    static const u64 steps = 50000000; /* half a minute */
    char bytes[8192] = "", *answer;

    open_server();
    guest.debugger.is_stopped = true;
    int fd = connect_client();
    attend(1);
    ck_assert_int_eq(send(fd, "progress\njson stats 50000000\ninterrupt\n", 39, 0), 39);
    attend(3);
    ck_assert_uint_lt(clock_steps(&guest.machine->clock), steps);
    ck_assert(!guest.outside.wants_pause);
    ck_assert_int_gt(recv(fd, bytes, sizeof(bytes) - 1, 0), 50);
    answer = strstr(bytes, "ok ");
    ck_assert_msg(answer && strstr(answer, "\"instructions\": "), "%s", bytes);
    check_served(fd);
    close(fd);
    attend(2);
    close_server();
}
END_TEST

START_TEST(a_second_machine_cannot_have_the_same_socket_but_a_dead_ones_is_replaced)
{
    char message[256] = "";
    int fd;

    open_server();
    ck_assert_ptr_null(monitor_server_open(&guest.monitor, path, message, sizeof(message)));
    ck_assert(strstr(message, "Another machine"));
    attend(2);
    close_server();
    ck_assert(mkdtemp(strcpy(folder, "/tmp/vitrine-monitor-XXXXXX")));
    snprintf(path, sizeof(path), "%s/m", folder);
    fd = runtime_listen(path, message, sizeof(message));
    ck_assert_int_ge(fd, 0);
    close(fd); /* the name stays, as of a process that was killed */
    fd = runtime_listen(path, message, sizeof(message));
    ck_assert_msg(fd >= 0, "%s", message);
    close(fd);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(the_folder_of_sockets_is_this_users_alone)
{
    char place[RUNTIME_PATH], message[256] = "", name[RUNTIME_NAME];

    ck_assert(mkdtemp(strcpy(folder, "/tmp/vitrine-monitor-XXXXXX")));
    setenv("XDG_RUNTIME_DIR", folder, 1);
    ck_assert_msg(runtime_folder(place, message, sizeof(message)), "%s", message);
    ck_assert_int_eq(chmod(place, 0755), 0);
    ck_assert(!runtime_folder(place, message, sizeof(message)));
    ck_assert(strstr(message, "chmod 700"));
    rmdir(place);
    rmdir(folder);
    runtime_clean_name("/some/where/.my kernel(1).elf", name);
    ck_assert_str_eq(name, "mykernel1.elf");
    runtime_clean_name("///", name);
    ck_assert_str_eq(name, "machine");
    char longest[300];
    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = 0;
    runtime_clean_name(longest, name);
    ck_assert_uint_eq(strlen(name), RUNTIME_NAME - 8);
    ck_assert(!runtime_socket(longest, place, message, sizeof(message)));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_line_has_one_answer_with_its_size,
        a_line_that_is_too_long_is_refused_and_the_next_is_not,
        a_client_is_served_while_others_are_silent,
        a_client_that_does_not_read_waits_for_itself_alone,
        two_lines_at_once_are_answered_one_after_the_other,
        a_client_that_leaves_before_its_command_is_done_leaves_word,
        the_steps_of_a_client_that_leaves_end,
        a_command_that_waits_for_the_stop_is_answered_then,
        an_interrupt_of_nothing_has_no_answer,
        an_interrupt_ends_steps_and_says_where,
        an_interrupt_ends_a_command_that_runs_the_machine_with_what_there_is,
        a_second_machine_cannot_have_the_same_socket_but_a_dead_ones_is_replaced,
        the_folder_of_sockets_is_this_users_alone,
    };
    return SUITE_RUN("monitor_protocol", tests, 1);
}
