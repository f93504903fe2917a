/* gdb going backwards, with a past that is made by running everything again from the start. What
 * remembers it in earnest has tests of its own. */
#include "frontend/debugger_back.h"

#include "tests/frontend/gdb_session.h"

#include <signal.h>

static struct gdb_desk desk;
static u64 present; /* the last step that was reached going forwards */
static unsigned changes;

static struct machine *machine(void)
{
    return desk.bench.machine;
}

static u64 now(void)
{
    return clock_steps(&machine()->clock);
}

static bool is_past(void *context)
{
    (void)context;
    return now() < present;
}

static void note_change(void *context)
{
    (void)context;
    changes++;
}

static u64 oldest(void *context)
{
    (void)context;
    return 0;
}

/* To power-on. The clock of a machine counts on over resets; here it must not. */
static void begin(void)
{
    machine_reset(machine());
    machine()->clock.slice_end = 0;
    machine()->slice_left = 0;
    desk.bench.at = BENCH_RAM;
    gdb_desk_put_counter(&desk.bench);
    for (unsigned i = 0; i < machine()->config.harts; i++)
        machine()->harts[i]->pc = BENCH_RAM;
}

static bool go(void *context, u64 step)
{
    (void)context;
    if (now() > present)
        present = now();
    begin();
    while (machine_run(machine(), step) == STOP_DEBUG)
        continue;
    return now() == step;
}

static enum debugger_found find_back(void *context)
{
    struct debug_stop last = {.kind = DEBUG_NOTHING};
    u64 from = now(), found = UINT64_MAX;

    if (from > present)
        present = from;
    begin();
    while (machine_run(machine(), from) == STOP_DEBUG && now() < from) {
        found = now();
        last = machine()->debug_stop;
    }
    go(context, found == UINT64_MAX ? 0 : found);
    machine()->debug_stop = last;
    return found == UINT64_MAX ? DEBUGGER_NOTHING : DEBUGGER_FOUND;
}

static const struct debugger_past past = {
    .is_past = is_past, .changed = note_change, .oldest = oldest, .go = go, .find_back = find_back};

static void open_with_past(unsigned harts)
{
    gdb_desk_open(&desk, harts);
    desk.debugger.past = &past;
    begin();
}

static void there_and_back(const struct gdb_desk *opened)
{
    int fd = connect_or_die(opened);

    say(fd, "qSupported:swbreak+;hwbreak+");
    hear(fd, "PacketSize=4000;QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;"
             "qXfer:threads:read+;vContSupported+;swbreak+;hwbreak+;binary-upload+"
             ";ReverseStep+;ReverseContinue+");
    say(fd, "bs");
    hear(fd, "T05thread:1;replaylog:begin;");
    say(fd, "Z0,80000008,4");
    hear(fd, "OK");
    for (unsigned i = 0; i < 3; i++) { /* steps 2, 5, 8 */
        say(fd, "vCont;c");
        hear(fd, "T05thread:1;swbreak:;");
    }
    say(fd, "Pa=0000000000000000");
    hear(fd, "OK"); /* the present can be changed */
    say(fd, "Pa=0300000000000000");
    hear(fd, "OK");
    say(fd, "bc");
    hear(fd, "T05thread:1;swbreak:;");
    say(fd, "pa");
    hear(fd, "0200000000000000");
    say(fd, "Pa=0900000000000000");
    hear(fd, "E0e"); /* the past cannot */
    say(fd, "M80001000,1:00");
    hear(fd, "E0e");
    say(fd, "bs");
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0400008000000000");
    say(fd, "vCont;s:1");
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0800008000000000");
    say(fd, "z0,80000008,4");
    hear(fd, "OK");
    say(fd, "Z2,80001000,4");
    hear(fd, "OK");
    say(fd, "bc"); /* to before the store that has just been made */
    hear(fd, "T05thread:1;watch:80001000;");
    say(fd, "z2,80001000,4");
    hear(fd, "OK");
    say(fd, "bs"); /* the step that gdb makes then is made already */
    hear(fd, "T05thread:1;");
    say(fd, "p20");
    hear(fd, "0400008000000000");
    say(fd, "m80001000,1");
    hear(fd, "00");
    say(fd, "bc");
    hear(fd, "T05thread:1;replaylog:begin;");
    say(fd, "k");
}

START_TEST(gdb_goes_back_to_what_stopped_it_and_to_the_beginning)
{
    open_with_past(1);
    run_opened(&desk, there_and_back);
    ck_assert_uint_eq(changes, 2);
}
END_TEST

/* The harts' turns are 20,000 steps long. */
START_TEST(a_step_back_is_one_of_the_hart_that_is_meant)
{
    open_with_past(2);
    go(NULL, 20010); /* hart 1 has done ten */
    for (unsigned i = 0; i < 2; i++) {
        u64 before[2] = {hart_steps(machine()->harts[0]), hart_steps(machine()->harts[1])};
        desk.debugger.order.hart = i;
        ck_assert_int_eq(debugger_step_back(&desk.debugger, machine()), STOP_LIMIT);
        ck_assert(!desk.debugger.is_at_oldest);
        ck_assert_uint_eq(hart_steps(machine()->harts[i]), before[i] - 1);
        go(NULL, 20010);
    }
    desk.debugger.order.hart = 1; /* which has done nothing yet, there */
    go(NULL, 500);
    ck_assert_int_eq(debugger_step_back(&desk.debugger, machine()), STOP_LIMIT);
    ck_assert(desk.debugger.is_at_oldest);
    gdb_desk_close(&desk);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {gdb_goes_back_to_what_stopped_it_and_to_the_beginning,
                                  a_step_back_is_one_of_the_hart_that_is_meant};

    signal(SIGPIPE, SIG_IGN);
    return SUITE_RUN("gdb backwards", tests, 1);
}
