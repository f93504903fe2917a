/* A million packets of garbage for gdb's stub, a million lines for the monitor, and clients that
 * misbehave in every other way: the machine outlives them, and whoever comes next is served. */
#include "frontend/monitor_protocol.h"

#include "tests/frontend/gdb_session.h"
#include "tests/frontend/small_guest.h"

#include <signal.h>

#define MILLION 1000000u

static u64 draw(u64 *seed)
{
    *seed = *seed * 6364136223846793005 + 1442695040888963407;
    return *seed >> 33;
}

/* A word of these, or none, and letters behind it. */
static size_t make_text(u64 *seed, const char *const *starts, const char *letters, char text[100])
{
    size_t count = 0, length;

    while (starts[count])
        count++;
    length = (size_t)sprintf(text, "%s", starts[draw(seed) % count]);
    for (u64 more = draw(seed) % 24; more; more--)
        text[length++] = letters[draw(seed) % strlen(letters)];
    text[length] = 0;
    return length;
}

static const char packet_letters[] = "cCsSgGpPmMxXzZHTqQvD?!R,:;=0123456789abcdef.-+Cont";
static const char *const packet_starts[] = {
    "",  "",  "",  "m8000",       "M8000",  "X8000", "Z",  "z",
    "p", "P", "H", "vCont;",      "bs",     "bc",    "G",  "qXfer:features:read:target.xml:0,",
    "T", "x", "R", "vCont;r8000", "qRcmd,", "k",     "qS", "vKill",
    NULL};

/* One packet in 16 has another sum; between some of them there is noise. Returns the size. */
static size_t frame(u64 *seed, const char *text, size_t length, u8 *bytes)
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    u8 sum = 0;

    for (u64 noise = draw(seed) % 64; noise > 60; noise--)
        bytes[size++] = (u8)draw(seed);
    bytes[size++] = '$';
    for (size_t i = 0; i < length; i++)
        sum = (u8)(sum + (bytes[size++] = (u8)text[i]));
    sum = (u8)(sum + (draw(seed) % 16 == 0));
    bytes[size++] = '#';
    bytes[size++] = (u8)digits[sum >> 4];
    bytes[size++] = (u8)digits[sum & 15];
    return size;
}

/* Whatever it was told: the machine stands again, and gdb is still there. */
static void stand_again(struct gdb_desk *desk)
{
    if (!desk->debugger.is_stopped)
        gdb_desk_run(desk, 10);
    desk->gdb->is_leaving = desk->gdb->awaits_stop = false;
    desk->debugger.stops_at_reset = desk->debugger.wants_quit = false;
    desk->gdb->out.size = 0;
}

START_TEST(a_million_packets_do_no_harm)
{
    static struct gdb_desk desk;
    unsigned answered = 0;
    u64 seed = 1;

    gdb_desk_open(&desk, 2);
    gdb_reader_init(&desk.gdb->reader);
    for (unsigned round = 0; round < MILLION; round++) {
        char text[100];
        u8 bytes[200];
        size_t size = make_text(&seed, packet_starts, packet_letters, text);
        size = frame(&seed, text, size, bytes);
        for (size_t i = 0; i < size; i++) {
            struct gdb_reader *reader = &desk.gdb->reader;
            if (gdb_read(reader, bytes[i]) != GDB_GOOD)
                continue;
            gdb_handle(desk.gdb, reader->data, reader->size);
            if (!desk.gdb->out.size && desk.debugger.is_stopped && !desk.gdb->is_leaving)
                ck_abort_msg("no answer to %s", reader->data); /* each ck_assert() writes a file */
            answered++;
            stand_again(&desk);
        }
    }
    ck_assert_uint_gt(answered, MILLION * 9 / 10);
    gdb_remove_all(desk.gdb);
    ck_assert_str_eq(gdb_ask(&desk, "qfThreadInfo"), "m1,2");
    gdb_desk_close(&desk);
}
END_TEST

/* No command that ends the machine, or touches files. */
static const char line_letters[] = " 0123456789abcdefx$+-*()\"spra.,";
static const char *const line_starts[] = {"text regs ",
                                          "text csr ",
                                          "text x ",
                                          "json x 0x8000",
                                          "text disas ",
                                          "text walk ",
                                          "json pmp",
                                          "text find ",
                                          "text set ",
                                          "text symbols ",
                                          "text break ",
                                          "text watch ",
                                          "text delete ",
                                          "json info ",
                                          "text explain ",
                                          "complete ",
                                          "text hart ",
                                          "text step ",
                                          "json maps",
                                          "text until ",
                                          "text why",
                                          "text next",
                                          "",
                                          "json ",
                                          "text ",
                                          "hello",
                                          "complete x ",
                                          "text backtrace",
                                          "json help ",
                                          NULL};

START_TEST(a_million_lines_do_no_harm)
{
    static struct small_guest guest;
    struct monitor_client client = {.talk = {.monitor = &guest.monitor}};
    u64 seed = 2;

    small_guest_create(&guest, "rv64gc", 2);
    for (unsigned round = 0; round < MILLION; round++) {
        char text[101];
        size_t length = make_text(&seed, line_starts, line_letters, text), size = 0;
        text[length++] = '\n';
        size_t taken = protocol_receive(&client, text, length);
        const char *answer = protocol_answer(&client, &size);
        if (taken != length || (!answer && !client.talk.waits))
            ck_abort_msg("no answer to %s", text);
        if (answer)
            protocol_sent(&client, size);
        client.talk.waits = false;
        guest.monitor.goal.kind = GOAL_NONE;
        guest.debugger.is_stopped = true;
    }
    ck_assert_uint_eq(protocol_receive(&client, "text hart 0\n", 12), 12);
    protocol_end(&client);
    small_guest_destroy(&guest);
}
END_TEST

static void send_all(int fd, const void *bytes, size_t size)
{
    if (send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return; /* shown the door, or it takes no more: either is well */
}

/* Somebody comes, does one thing wrong, and is gone, or stays without a word. */
static void misbehave(const struct gdb_desk *desk, u64 *seed, int *kept)
{
    static const char asks[] = "$m80000000,1f00#5e$m80000000,1f00#5e";
    int fd = connect_or_die(desk), second;
    u8 bytes[3000];
    size_t size;

    switch (draw(seed) % 7) {
    case 0: /* half of a packet */
        send_all(fd, "$m8000", 6);
        break;
    case 1: /* answers that nobody reads */
        for (unsigned i = 0; i < 100; i++)
            send_all(fd, asks, strlen(asks));
        break;
    case 2: /* says that it will send no more, and waits */
        send_all(fd, "$?#3f", 5);
        shutdown(fd, SHUT_WR);
        break;
    case 3: /* noise */
        for (size = 0; size < sizeof bytes; size++)
            bytes[size] = (u8)draw(seed);
        send_all(fd, bytes, sizeof bytes);
        break;
    case 4: /* sets it going, and dies */
        send_all(fd, "$Z0,80000004,4#4a$vCont;c#a8", 28);
        break;
    case 5: /* two at once */
        send_all(fd, "$?#3f", 5);
        second = connect_or_die(desk);
        send_all(second, "$?#3f", 5);
        close(second);
        break;
    case 6: /* silence */
        break;
    }
    close(*kept);
    *kept = dup(fd); /* the last one stays, open and silent, while the next one comes */
    close(fd);
}

/* Whatever it found, a gdb that behaves gets its session; once the one before has gone. */
static void behave(const struct gdb_desk *desk)
{
    char byte;
    int fd;

    do {
        fd = connect_or_die(desk);
        if (write(fd, "$!#21", 5) != 5)
            _exit(20);
    } while (read(fd, &byte, 1) != 1 && close(fd) == 0); /* the door is shut: somebody is inside */
    hear(fd, "OK");
    say(fd, "m80000000,4");
    hear(fd, "13051500");
    say(fd, "qfThreadInfo");
    hear(fd, "m1");
    say(fd, "D");
    hear(fd, "OK");
    close(fd);
}

static void come_in_droves(const struct gdb_desk *desk)
{
    int kept = -1;
    u64 seed = 3;

    for (unsigned round = 0; round < 300; round++) {
        misbehave(desk, &seed, &kept);
        if (round % 10)
            continue;
        close(kept);
        kept = -1;
        behave(desk);
    }
    close(kept);
    kept = connect_or_die(desk);
    say(kept, "k");
    while (read(kept, &seed, 1) == 1)
        ;
}

START_TEST(clients_of_all_kinds_leave_a_machine_that_serves)
{
    static struct gdb_desk desk;

    run_with(&desk, come_in_droves);
    ck_assert(desk.debugger.wants_quit);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_million_packets_do_no_harm, a_million_lines_do_no_harm,
                                  clients_of_all_kinds_leave_a_machine_that_serves};

    signal(SIGPIPE, SIG_IGN);
    return SUITE_RUN("garbage", tests, 1);
}
