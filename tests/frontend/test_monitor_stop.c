/* Stopping and going on: steps, places, and what is watched. */
#include "tests/frontend/small_guest.h"

#include "tests/suite.h"

static struct small_guest guest;

/* main calls f, which calls g, which counts; g is left by ret. */
#define MAIN (SMALL_BASE + 0x100)
#define F    (SMALL_BASE + 0x110)
#define G    (SMALL_BASE + 0x130)

static const u32 calls[] = {
    0x010000ef, /* main: jal f */
    0x00128293, /* addi t0, t0, 1 */
    0xff9ff06f, /* j main */
    0x00000013, /* nop */
    0xff010113, /* f: addi sp, sp, -16 */
    0x00113423, /* sd ra, 8(sp) */
    0x018000ef, /* jal g */
    0x00130313, /* addi t1, t1, 1 */
    0x00813083, /* ld ra, 8(sp) */
    0x01010113, /* addi sp, sp, 16 */
    0x00008067, /* ret */
    0x00000013, /* nop */
    0x00138393, /* g: addi t2, t2, 1 */
    0x34059073, /* csrw mscratch, a1 */
    0x0055b023, /* sd t0, 0(a1) */
    0x00008067, /* ret */
};

static void setup(void)
{
    small_guest_create(&guest, "rv64gc", 1);
    memcpy(ram_writable(&guest.machine->ram, MAIN, sizeof(calls)), calls, sizeof(calls));
    struct symbols *symbols = monitor_symbols(&guest.monitor);
    symbols_add(symbols, "main", MAIN, 16, 0);
    symbols_add(symbols, "f", F, 32, 0);
    symbols_add(symbols, "g", G, 16, 0);
    symbols_sort(symbols);
    guest.machine->harts[0]->pc = MAIN;
    guest.machine->harts[0]->x[11] = SMALL_BASE + 0x800;
}

static void say(const char *line)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(text, "%s: %s", line, guest.why);
    free(text);
    while (monitor_is_stepping(&guest.monitor) && !monitor_go_on_stepping(&guest.monitor))
        ;
    if (!guest.debugger.is_stopped)
        small_guest_run(&guest, 1000);
    guest.talk.waits = guest.talk.wants_leave = false;
}

static void check_at(vaddr expected)
{
    ck_assert_msg(guest.machine->harts[0]->pc == expected, "it is at %lx and not at %lx",
                  (unsigned long)guest.machine->harts[0]->pc, (unsigned long)expected);
}

START_TEST(a_step_is_one_instruction_and_n_steps_are_n)
{
    setup();
    say("step");
    check_at(F);
    say("step 3");
    check_at(G);
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), 4);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(next_passes_over_a_call)
{
    setup();
    say("next");
    check_at(MAIN + 4);
    say("next");
    check_at(MAIN + 8);
    ck_assert_uint_eq(guest.machine->harts[0]->x[5], 1);
    ck_assert_ptr_null(guest.machine->harts[0]->debug);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(finish_leaves_the_function_and_not_a_deeper_one)
{
    setup();
    say("until f");
    check_at(F);
    say("finish");
    check_at(MAIN + 4);
    say("until g");
    check_at(G);
    say("finish");
    check_at(F + 12);
    say("finish");
    check_at(MAIN + 4);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(stop_ends_a_finish_that_never_comes_back)
{
    setup();
    char *text = small_guest_say(&guest, "finish", false);
    ck_assert(guest.talk.waits && monitor_is_stepping(&guest.monitor));
    free(text);

    u64 step = clock_steps(&guest.machine->clock);
    text = small_guest_say(&guest, "stop", false);
    ck_assert(guest.talk.waits);
    ck_assert(monitor_go_on_stepping(&guest.monitor));
    ck_assert_int_eq(guest.monitor.stop, STOP_USER);
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), step);
    ck_assert(!monitor_is_stepping(&guest.monitor));
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

static u64 rounds(void)
{
    return guest.machine->harts[0]->x[7];
}

START_TEST(conditions_and_counts_say_which_time_is_meant)
{
    setup();
    say("break g+4 if t2 == 3");
    say("continue");
    check_at(G + 4);
    ck_assert_uint_eq(rounds(), 3);
    say("delete 1");
    say("break g+4 skip 2");
    say("continue");
    ck_assert_uint_eq(rounds(), 6);
    say("continue"); /* what was skipped is skipped once */
    ck_assert_uint_eq(rounds(), 7);
    say("delete all");
    say("break g+4 if t2 >= main-main+10 skip 1");
    say("continue");
    ck_assert_uint_eq(rounds(), 11);
    say("delete all");
    say("watch 0x80000800 8 if t2 & 4");
    say("continue");
    ck_assert_uint_eq(rounds(), 12);
    check_at(G + 12);
    say("delete all");
    say("break csr mscratch if t2 != 13");
    say("continue");
    ck_assert_uint_eq(rounds(), 14);
    small_guest_destroy(&guest);
}
END_TEST

/* As info shows them. */
START_TEST(a_device_or_one_of_its_registers_is_named)
{
    setup();
    say("break device uart");
    say("break device uart.LSR");
    say("break device virtio.Status");
    say("break mode S if priv == 1");
    char *text = small_guest_say(&guest, "break", false);
    ck_assert_ptr_nonnull(strstr(text, "0x10000000, 256 bytes\n"));
    ck_assert_ptr_nonnull(strstr(text, "0x10000005\n"));
    ck_assert_ptr_nonnull(strstr(text, "0x10001070, 4 bytes\n"));
    free(text);
    ck_assert(!small_guest_say(&guest, "break device uart.NOTHING", false));
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(steps_pass_what_is_not_meant)
{
    setup();
    say("break g+4 if t2 == 1000");
    say("watch 0x80000800 8 if t2 == 1000");
    say("step 5");
    check_at(G + 4);
    say("step 2");
    check_at(G + 12);
    say("finish");
    check_at(F + 12);
    say("until main");
    check_at(MAIN);
    say("break g if t2 == 1");
    say("until main+4");
    check_at(G);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(conditions_are_listed_and_those_without_sense_refused)
{
    static const char *const senseless[] = {
        "break g if",           "break g if t2 = 3",      "break g if t2 == 3 or",
        "break g if t2 ==",     "break g if nobody == 3", "break g if t2 == 3)",
        "break g skip",         "break g skip many",      "break if t2 == 3",
        "break g f if t2 == 3", "break csr mscratch f",   "watch g 8 w r if t2 == 3"};
    setup();
    for (size_t i = 0; i < sizeof senseless / sizeof *senseless; i++)
        ck_assert_msg(!small_guest_say(&guest, senseless[i], false), "%s", senseless[i]);
    char *text = small_guest_say(&guest, "break", false);
    ck_assert_str_eq(text, "nowhere\n");
    free(text);
    say("break g+4 if t2 == 3 skip 0");
    say("break csr mscratch skip 5");
    say("continue");
    text = small_guest_say(&guest, "break", false);
    ck_assert_str_eq(text, "1  at 0x80000134  g+0x4, if t2 == 3, met 1 time\n"
                           "2  writes to the CSR mscratch, skip 5, met 2 times\n");
    free(text);
    text = small_guest_say(&guest, "break", true);
    ck_assert_msg(strstr(text, "\"if\": \"t2 == 3\"") != NULL, "%s", text);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(breakpoints_stop_again_and_again_until_they_are_deleted)
{
    setup();
    say("break g+4");
    say("continue");
    check_at(G + 4);
    say("continue");
    check_at(G + 4);
    ck_assert_uint_eq(guest.machine->harts[0]->x[7], 2);
    say("delete 1");
    say("until main");
    check_at(MAIN);
    ck_assert(!small_guest_say(&guest, "delete 1", false));
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(writes_to_memory_and_to_control_registers_stop_behind_them)
{
    setup();
    say("watch $a1 8 w");
    say("continue");
    check_at(G + 12);
    say("delete all");
    say("break csr mscratch");
    say("continue");
    check_at(G + 8);
    say("delete all");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(what_cannot_be_stopped_at_gets_a_sentence)
{
    static const char *const lines[] = {
        "break nowhere", "break csr nope", "break mode X", "break device nothing",
        "watch 0 8 q",   "watch pc 0",     "delete 3",     "step 0",
        "break csr",     "until"};

    setup();
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *text = small_guest_say(&guest, lines[i], false);
        ck_assert_msg(!text, "%s was obeyed: %s", lines[i], text);
        ck_assert_msg(strlen(guest.why) > 10, "%s: %s", lines[i], guest.why);
    }
    guest.debugger.is_stopped = false;
    ck_assert(!small_guest_say(&guest, "step", false));
    ck_assert_str_eq(guest.why, "The machine runs; stop makes it stand still.");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(continue_leads_back_to_the_guest_also_when_it_runs)
{
    char *text;

    setup();
    guest.debugger.is_stopped = false;
    text = small_guest_say(&guest, "continue", false);
    ck_assert_ptr_nonnull(text);
    ck_assert(guest.talk.wants_leave && !guest.debugger.is_stopped);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

static bool is_past(void *context)
{
    return *(const bool *)context;
}

static void note_change(void *context)
{
    ck_assert(!*(const bool *)context);
    ck_assert_uint_eq(guest.machine->harts[0]->x[5], 1); /* told afterwards */
}

START_TEST(the_past_cannot_be_changed)
{
    bool is_now = true;
    struct debugger_past past = {.context = &is_now, .is_past = is_past, .changed = note_change};

    setup();
    guest.debugger.past = &past;
    ck_assert(!small_guest_say(&guest, "set t0 1", false));
    ck_assert_str_eq(guest.why, "This is the past, which cannot be changed.");
    is_now = false;
    say("set t0 1");
    ck_assert_uint_eq(guest.machine->harts[0]->x[5], 1);
    guest.debugger.past = NULL;
    small_guest_destroy(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_step_is_one_instruction_and_n_steps_are_n,
                                  next_passes_over_a_call,
                                  finish_leaves_the_function_and_not_a_deeper_one,
                                  stop_ends_a_finish_that_never_comes_back,
                                  breakpoints_stop_again_and_again_until_they_are_deleted,
                                  conditions_and_counts_say_which_time_is_meant,
                                  a_device_or_one_of_its_registers_is_named,
                                  steps_pass_what_is_not_meant,
                                  conditions_are_listed_and_those_without_sense_refused,
                                  writes_to_memory_and_to_control_registers_stop_behind_them,
                                  what_cannot_be_stopped_at_gets_a_sentence,
                                  continue_leads_back_to_the_guest_also_when_it_runs,
                                  the_past_cannot_be_changed};
    return SUITE_RUN("monitor_stop", tests, 1);
}
