/* The host's outside while the guest runs and sleeps: attendants. What concerns the console is in
 * test_console.c. */
#include "frontend/outside.h"
#include "tests/suite.h"

#include <poll.h>
#include <unistd.h>

/* An attendant that waits for one descriptor, and counts what it is told. */
struct bell {
    int fd;
    unsigned asked, rung;
};

static unsigned prepare_bell(void *context, struct pollfd *fds, unsigned room, u64 *ns)
{
    struct bell *bell = context;
    ck_assert_uint_ge(room, 1);
    fds[0] = (struct pollfd){.fd = bell->fd, .events = POLLIN};
    if (*ns > 50000000)
        *ns = 50000000;
    bell->asked++;
    return 1;
}

static void attend_bell(void *context, const struct pollfd *fds, unsigned count)
{
    struct bell *bell = context;
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(fds[0].fd, bell->fd);
    bell->rung += fds[0].revents & POLLIN;
}

START_TEST(attendants_are_asked_while_the_machine_sleeps_and_while_it_runs)
{
    static struct console console; /* large */
    int pipe_ends[2];
    console_init(&console, -1, STDERR_FILENO, 1);
    ck_assert_int_eq(pipe(pipe_ends), 0);
    struct bell bell = {.fd = pipe_ends[0]};
    struct outside attended = {
        .console = &console,
        .attendants = {{.context = &bell, .prepare = prepare_bell, .attend = attend_bell}},
        .attendant_count = 1};
    struct host host = outside_host(&attended, CLOCK_VIRTUAL);
    ck_assert(host.wait);
    host.wait(host.context, UINT64_MAX); /* ends when the attendant wants it */
    ck_assert_uint_eq(bell.asked, 1);
    ck_assert_uint_eq(bell.rung, 0);
    ck_assert_int_eq(write(pipe_ends[1], "!", 1), 1);
    host.wait(host.context, UINT64_MAX);
    ck_assert_uint_eq(bell.rung, 1);
    console.next_look_ns = 0;
    ck_assert(!host.wants_stop(host.context));
    ck_assert_uint_eq(bell.rung, 2);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        attendants_are_asked_while_the_machine_sleeps_and_while_it_runs,
    };

    return SUITE_RUN("outside", tests, 1);
}
