/* Following system calls: a program in U-mode that makes two of them, and a handler in M-mode that
 * returns behind each. */
#include "tests/frontend/small_guest.h"

#include "cpu/csr.h"
#include "tests/suite.h"

#define PROGRAM (SMALL_BASE + 0x200)
#define HANDLER (SMALL_BASE + 0x300)

static const u32 program[] = {
    0x00100893, /* addi a7, zero, 1 */
    0x00000073, /* ecall */
    0x04000893, /* addi a7, zero, 64: write */
    0x00000073, /* ecall */
    0xff1ff06f, /* j -16 */
};
static const u32 handler[] = {
    0x341022f3, /* csrr t0, mepc */
    0x00428293, /* addi t0, t0, 4 */
    0x34129073, /* csrw mepc, t0 */
    0x30200073, /* mret */
};
static struct small_guest guest;

static void setup(void)
{
    struct hart *hart;

    small_guest_create(&guest, "rv64gc", 1);
    memcpy(ram_writable(&guest.machine->ram, PROGRAM, sizeof(program)), program, sizeof(program));
    memcpy(ram_writable(&guest.machine->ram, HANDLER, sizeof(handler)), handler, sizeof(handler));
    hart = guest.machine->harts[0];
    ck_assert(csr_poke(hart, 0x305, HANDLER));
    ck_assert(csr_poke(hart, 0x3b0, UINT64_MAX >> 10));
    ck_assert(csr_poke(hart, 0x3a0, 0x1f));
    hart->privilege = PRIV_U;
    hart->pc = PROGRAM;
    hart_mode_changed(hart);
}

static void say(const char *line)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(text, "%s: %s", line, guest.why);
    free(text);
    if (!guest.debugger.is_stopped)
        small_guest_run(&guest, clock_steps(&guest.machine->clock) + 1000);
    guest.talk.waits = guest.talk.wants_leave = false;
}

static void check_at(vaddr expected, u64 call)
{
    const struct hart *hart = guest.machine->harts[0];

    ck_assert_msg(hart->pc == expected && hart->x[17] == call, "it is at %lx with call %lu",
                  (unsigned long)hart->pc, (unsigned long)hart->x[17]);
}

START_TEST(until_a_system_call_passes_over_the_others)
{
    setup();
    say("until syscall write");
    check_at(HANDLER, 64);
    say("until syscall 1");
    check_at(HANDLER, 1);
    say("until syscall 1");
    check_at(HANDLER, 1);
    say("until exception 8");
    check_at(HANDLER, 64);
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), 8 + 7 + 13 + 6);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(until_a_mode_is_entered)
{
    setup();
    say("until mode M");
    check_at(HANDLER, 1);
    say("until mode U");
    check_at(PROGRAM + 8, 1);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_break_at_a_system_call_holds_until_it_is_deleted)
{
    setup();
    say("break syscall write");
    say("continue");
    check_at(HANDLER, 64);
    say("continue");
    check_at(HANDLER, 64);
    say("until syscall 1"); /* beside it */
    check_at(HANDLER, 1);
    say("continue");
    check_at(HANDLER, 64);
    say("delete 1");
    ck_assert_ptr_null(guest.machine->harts[0]->debug);
    small_guest_destroy(&guest);
}
END_TEST

/* In a kernel that is Linux, as its table of calls shows, the call is decoded. */
START_TEST(the_stop_says_what_linux_is_asked_for)
{
    char *text;
    struct symbols *symbols;

    setup();
    guest.machine->harts[0]->x[10] = 1;
    guest.machine->harts[0]->x[12] = 6;
    memcpy(ram_writable(&guest.machine->ram, SMALL_BASE + 0x800, 8), "glass\n\n", 8);
    guest.machine->harts[0]->x[11] = SMALL_BASE + 0x800;
    say("until syscall write");
    text = small_guest_say(&guest, "stop", false);
    ck_assert_msg(strstr(text, ": exception 8 (environment call from U-mode) was taken\n"), "%s", text);
    free(text);
    symbols = monitor_symbols(&guest.monitor);
    symbols_add(symbols, "sys_call_table", SMALL_BASE + 0x700, 8, 0);
    symbols_sort(symbols);
    text = small_guest_say(&guest, "stop", false);
    ck_assert_msg(strstr(text, " was taken: write(1, \"glass\\n\", 6)\n"), "%s", text);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(what_is_no_system_call_gets_a_sentence)
{
    setup();
    ck_assert_ptr_null(small_guest_say(&guest, "until syscall", false));
    ck_assert_str_eq(guest.why, "syscall needs to know which.");
    ck_assert_ptr_null(small_guest_say(&guest, "break syscall wriet", false));
    ck_assert(*guest.why);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(registers_are_shown_by_name)
{
    char *text;

    setup();
    text = small_guest_say(&guest, "regs a7 mtvec", false);
    ck_assert_str_eq(text, "a7    0000000000000000\nmtvec 0000000080000300\n");
    free(text);
    ck_assert_ptr_null(small_guest_say(&guest, "regs a7 a8", false));
    ck_assert_str_eq(guest.why, "This hart has no register \"a8\".");
    small_guest_destroy(&guest);
}
END_TEST

/* Everybody who comes after a stop asks about the hart that it was about. */
START_TEST(who_asks_after_a_stop_is_told_of_its_hart)
{

    small_guest_create(&guest, "rv64gc", 2);
    say("hart 1");
    ck_assert_uint_eq(guest.monitor.hart, 1);
    guest.machine->debug_stop =
        (struct debug_stop){.hart = 0, .kind = DEBUG_BREAK, .at = SMALL_BASE};
    ck_assert(monitor_has_arrived(&guest.monitor, STOP_DEBUG));
    ck_assert_uint_eq(guest.monitor.hart, 0);
    small_guest_destroy(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        until_a_system_call_passes_over_the_others,
        until_a_mode_is_entered,
        a_break_at_a_system_call_holds_until_it_is_deleted,
        the_stop_says_what_linux_is_asked_for,
        what_is_no_system_call_gets_a_sentence,
        registers_are_shown_by_name,
        who_asks_after_a_stop_is_told_of_its_hart,
    };

    return SUITE_RUN("frontend/monitor_calls", tests, 1);
}
