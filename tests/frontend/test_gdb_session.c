/* Sessions of the gdb stub over a socket, with all that can go wrong there: a client in a process
 * of its own. What packets are answered with: test_gdb.c. */
#include "tests/frontend/gdb_session.h"

#include <signal.h>

static void go_and_stop(const struct gdb_desk *desk)
{
    int fd = connect_or_die(desk);

    say(fd, "qSupported:swbreak+;hwbreak+");
    hear(fd, "PacketSize=4000;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;"
             "qXfer:threads:read+;vContSupported+;swbreak+;hwbreak+;binary-upload+");
    say(fd, "QStartNoAckMode");
    hear(fd, "OK");
    say(fd, "?");
    hear(fd, "T02thread:1;");
    say(fd, "Z0,80000004,4");
    hear(fd, "OK");
    say(fd, "vCont;c");
    hear(fd, "T05thread:1;swbreak:;");
    say(fd, "vCont;s:1;c");
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0800008000000000");
    say(fd, "vCont;r80000008,8000000c:1"); /* out of the range: to the counter */
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0000008000000000");
    say(fd, "Z1,80000008,4");
    hear(fd, "OK");
    say(fd, "z0,80000004,4");
    hear(fd, "OK");
    say(fd, "c");
    hear(fd, "T05thread:1;hwbreak:;");
    say(fd, "Z2,80001000,8");
    hear(fd, "OK");
    say(fd, "vCont;c:1");
    hear(fd, "T05thread:1;watch:80001000;");
    say(fd, "z2,80001000,8");
    hear(fd, "OK");
    say(fd, "vCont;s:1"); /* the step that gdb makes after a watchpoint is made already */
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0800008000000000");
    say(fd, "z1,80000008,4");
    hear(fd, "OK");
    say(fd, "C05");
    if (write(fd, "\3", 1) != 1)
        _exit(15);
    hear(fd, "T02thread:1;");
    say(fd, "vKill;1");
    hear(fd, "OK");
}

START_TEST(a_session_from_hello_to_kill)
{
    static struct gdb_desk desk;

    run_with(&desk, go_and_stop);
}
END_TEST

/* gdb goes on by itself from a breakpoint whose condition does not hold, and its Ctrl-C comes while
 * the machine stands still. */
static void interrupt_between(const struct gdb_desk *desk)
{
    int fd = connect_or_die(desk);

    say(fd, "Z0,80000004,4");
    hear(fd, "OK");
    for (unsigned i = 0; i < 3; i++) {
        say(fd, "vCont;c");
        hear(fd, "T05thread:1;");
    }
    if (write(fd, "\3", 1) != 1)
        _exit(15);
    say(fd, "vCont;c");
    hear(fd, "T02thread:1;");
    say(fd, "vCont;c"); /* said once */
    hear(fd, "T05thread:1;");
    say(fd, "k");
}

START_TEST(ctrl_c_that_crosses_a_stop_is_not_lost)
{
    static struct gdb_desk desk;

    run_with(&desk, interrupt_between);
}
END_TEST

/* Somebody who only connects, somebody who talks nonsense, somebody who leaves in the middle of a
 * word; then a gdb that stays, and one that comes too late. */
static void come_and_go(const struct gdb_desk *desk)
{
    int fds[20], fd, late;
    char bytes[3000];

    fd = connect_or_die(desk);
    say(fd, "c");
    say(fd, "D"); /* while it runs: paused, and told so */
    hear(fd, "T02thread:1;");
    hear(fd, "OK");
    close(fd);
    for (unsigned i = 0; i < 20; i++) {
        fds[i] = connect_or_die(desk);
        memset(bytes, (int)(i * 13), sizeof bytes);
        if (i % 3 && write(fds[i], bytes, sizeof bytes) < 0)
            continue; /* shown the door already */
        if (i % 3 == 2)
            close(fds[i]);
    }
    fd = connect_or_die(desk);
    if (write(fd, "$m80", 4) != 4)
        _exit(16);
    say(fd, "?");
    hear(fd, "T02thread:1;");
    late = connect_or_die(desk);
    if (read(late, bytes, 1) > 0)
        _exit(17);
    say(fd, "m80000000,4");
    hear(fd, "13051500");
    say(fd, "k");
}

START_TEST(connections_that_say_nothing_or_nonsense_hold_nobody_up)
{
    static struct gdb_desk desk;

    run_with(&desk, come_and_go);
}
END_TEST

/* Asks for more than any socket holds and takes none of them; then for one word, after all that. */
static void read_slowly(const struct gdb_desk *desk)
{
    int fd = connect_or_die(desk);

    say(fd, "QStartNoAckMode");
    hear(fd, "OK");
    for (unsigned i = 0; i < 50; i++)
        say(fd, "m80000000,1f00");
    usleep(200000);
    for (unsigned i = 0; i < 50; i++) {
        char byte = 0;
        while (byte != '#')
            if (read(fd, &byte, 1) != 1)
                _exit(18);
    }
    say(fd, "vCont;s");
    hear(fd, "T05thread:1;");
    say(fd, "k");
}

START_TEST(a_slow_reader_gets_everything_in_the_end)
{
    static struct gdb_desk desk;

    run_with(&desk, read_slowly);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_session_from_hello_to_kill,
                                  ctrl_c_that_crosses_a_stop_is_not_lost,
                                  connections_that_say_nothing_or_nonsense_hold_nobody_up,
                                  a_slow_reader_gets_everything_in_the_end};

    signal(SIGPIPE, SIG_IGN);
    return SUITE_RUN("gdb's sessions", tests, 1);
}
