/* gdb's "monitor ...": every command of the monitor's table, with gdb attached. */
#include "frontend/monitor.h"
#include "frontend/monitor_run.h"

#include "tests/frontend/gdb_desk.h"

static struct gdb_desk desk;
static struct monitor_run *monitor;
static struct names names;

/* A past that nobody may go back into here. */
static bool is_past(void *context)
{
    (void)context;
    return false;
}

static void ignore_change(void *context)
{
    (void)context;
}

static u64 oldest(void *context)
{
    (void)context;
    return UINT64_MAX;
}

static const struct debugger_past past = {
    .is_past = is_past, .changed = ignore_change, .oldest = oldest};

static void setup(void)
{
    struct monitor_about about = {.sentence = "a machine"};
    char message[300];

    gdb_desk_open(&desk, 2);
    monitor = monitor_run_open(&about, &desk.debugger, message, sizeof message);
    ck_assert_msg(monitor != NULL, "%s", message);
    names_init(&names, desk.bench.machine, NULL);
    monitor_run_join(monitor, &names);
    gdb_set_monitor(desk.gdb, monitor_run_gdb(monitor));
    desk.debugger.past = &past;
}

static void teardown(void)
{
    monitor_run_close(monitor);
    names_free(&names);
    gdb_desk_close(&desk);
}

/* What the user reads. */
static const char *say(const char *line)
{
    static char text[2 * GDB_PACKET];
    char packet[2 * 200 + 10] = "qRcmd,";
    size_t used = 0;

    for (const char *at = line; *at; at++)
        sprintf(packet + strlen(packet), "%02x", (u8)*at);
    gdb_ask(&desk, packet);
    for (const char *at = desk.answer; *at && used < sizeof text - 1; at++) {
        unsigned byte;
        if (*at != 'O' && *at != 'K' && sscanf(at++, "%2x", &byte) == 1)
            text[used++] = (char)byte;
    }
    text[used] = 0;
    return text;
}

/* Whatever the table has, also tomorrow. */
START_TEST(no_command_moves_the_machine_behind_gdbs_back)
{
    setup();
    for (unsigned i = 0; i < monitor_row_count; i++) {
        const char *line = monitor_rows[i].example;
        u64 steps = clock_steps(&desk.bench.machine->clock);
        const char *text = say(line);
        ck_assert_msg(desk.debugger.is_stopped, "%s lets it run: %s", line, text);
        ck_assert_msg(clock_steps(&desk.bench.machine->clock) == steps, "%s moves it", line);
    }
    unlink("kept.snapshot");
    teardown();
}
END_TEST

START_TEST(commands_are_about_the_thread_that_gdb_looks_at)
{
    setup();
    gdb_ask(&desk, "Hg2");
    ck_assert_ptr_nonnull(strstr(say("regs"), "hart 1"));
    ck_assert_ptr_nonnull(strstr(say("set a0 77"), "flush register-cache"));
    ck_assert_uint_eq(desk.bench.machine->harts[1]->x[A0], 77);
    ck_assert_ptr_nonnull(strstr(say("step"), "gdb's to do"));
    ck_assert_ptr_nonnull(strstr(say("stap"), "did you mean"));
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {no_command_moves_the_machine_behind_gdbs_back,
                                  commands_are_about_the_thread_that_gdb_looks_at};

    return SUITE_RUN("gdb's monitor", tests, 1);
}
