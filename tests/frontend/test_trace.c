/* Traces of a small machine: each filter shows its events, and nothing else is changed by them. */
#include "tests/frontend/small_guest.h"

#include "frontend/trace.h"
#include "tests/frontend/json_reader.h"
#include "tests/suite.h"

static struct small_guest guest;

/* S-mode calls M-mode, which answers; a store to the UART; a CSR. */
#define MAIN    (SMALL_BASE + 0x100)
#define HANDLER (SMALL_BASE + 0x180)

static const u32 program[] = {
    0x00000073, /* ecall */
    0x00b60023, /* sb a1, 0(a2) */
    0x00564683, /* lbu a3, 5(a2) */
    0x14059073, /* csrw sscratch, a1 */
    0xff1ff06f, /* j main */
};
static const u32 handler[] = {
    0x34102573, /* csrr a0, mepc */
    0x00450513, /* addi a0, a0, 4 */
    0x34151073, /* csrw mepc, a0 */
    0x00000513, /* li a0, 0 */
    0x30200073, /* mret */
};

static void setup(void)
{
    small_guest_create(&guest, "rv64gc", 1);
    struct ram *ram = &guest.machine->ram;
    struct hart *hart = guest.machine->harts[0];
    memcpy(ram_writable(ram, MAIN, sizeof(program)), program, sizeof(program));
    memcpy(ram_writable(ram, HANDLER, sizeof(handler)), handler, sizeof(handler));
    hart->pc = MAIN;
    hart->mtvec = HANDLER;
    hart->x[10] = 0x1234;
    hart->x[11] = 'A';
    hart->x[12] = 0x10000000;
    hart->x[16] = 0;
    hart->x[17] = 0x54494d45;
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_FIRST_CSR + 0x3b0, UINT64_MAX));
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_FIRST_CSR + 0x3a0, 0x1f));
    ck_assert(debug_set_register(guest.machine, 0, DEBUG_PRIVILEGE, PRIV_S));
}

static void check_trace(const char *line, const char *expected, const char *absent)
{
    setup();
    char *text = small_guest_say(&guest, line, false);
    ck_assert_msg(text, "%s: %s", line, guest.why);
    ck_assert_msg(strstr(text, expected), "%s shows, without \"%s\":\n%s", line, expected, text);
    ck_assert_msg(!*absent || !strstr(text, absent), "%s shows \"%s\":\n%s", line, absent, text);
    free(text);
    small_guest_destroy(&guest);
}

START_TEST(each_filter_shows_its_own_events)
{
    check_trace("trace insn 9 100", "sb a1, 0(a2)", "mmio");
    check_trace("trace mem 9 100", "0x10000000 = 0x41", "insn");
    check_trace("trace csr 9 100", "sscratch 0x0 -> 0x41", "insn");
    check_trace("trace mmio 9 100", "uart.LSR is 0x60", "insn");
    check_trace("trace insn,mmio 99 30", "uart", "csr ");
    check_trace("trace trap 9 100", "ecall from S", "time.set");
    check_trace("trace sbi 9 100", "time.set_timer(0x1234, 0x41, 0x10000000)", "ecall from S");
    check_trace("trace sbi 9 100", "= 0, 0x41", "insn");
}
END_TEST

START_TEST(a_trace_ends_after_its_lines_or_its_steps)
{
    setup();
    free(small_guest_say(&guest, "trace insn 5 1000", false));
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), 6); /* ecall traps: no line */
    free(small_guest_say(&guest, "trace syscall 5 1000", false));
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), 1006);
    ck_assert_ptr_null(guest.machine->harts[0]->debug);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_traced_machine_does_what_it_would_have_done)
{
    setup();
    machine_run(guest.machine, 1000);
    u64 expected = machine_hash(guest.machine);
    small_guest_destroy(&guest);
    for (unsigned i = 0; i < 2; i++) {
        setup();
        free(small_guest_say(
            &guest, i ? "trace trap,mmio,sbi 99999 1000" : "trace insn,mem,csr,trap 99999 1000",
            true));
        ck_assert_uint_eq(clock_steps(&guest.machine->clock), 1000);
        ck_assert_uint_eq(machine_hash(guest.machine), expected);
        small_guest_destroy(&guest);
    }
}
END_TEST

START_TEST(a_timeline_counts_traps_by_cause)
{
    setup();
    char *text = small_guest_say(&guest, "timeline 1000", false), value[32];
    ck_assert_msg(text, "%s", guest.why);
    /* Ten steps to a round, its first the ecall: the hundredth is step 990. */
    ck_assert_msg(strstr(text, "ecall from S             [") && strstr(text, "] 100\n"), "%s",
                  text);
    free(text);
    text = small_guest_say(&guest, "timeline 1000", true);
    ck_assert_msg(text && json_is_value(text), "%s", text);
    ck_assert_str_eq(json_member(text, "count", value, sizeof(value)), "100");
    free(text);
    ck_assert_uint_eq(clock_steps(&guest.machine->clock), 2000);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(system_calls_of_linux_have_names_and_arguments)
{
    char text[256];

    setup();
    struct hart *hart = guest.machine->harts[0];
    struct view view = {.machine = guest.machine};
    memcpy(ram_writable(&guest.machine->ram, SMALL_BASE + 0x400, 10), "/etc/pass", 10);
    hart->x[17] = 56;
    hart->x[10] = (u64)-100;
    hart->x[11] = SMALL_BASE + 0x400;
    hart->x[12] = 0x8000;
    hart->x[13] = 0;
    trace_describe_syscall(&view, text, sizeof(text));
    ck_assert_str_eq(text, "openat(-100, \"/etc/pass\", 0x8000, 0x0)");
    hart->x[17] = 9999;
    trace_describe_syscall(&view, text, sizeof(text));
    ck_assert(!strncmp(text, "system call 9999(0x", 19));
    trace_describe_syscall(&view, text, 10);
    ck_assert_uint_eq(strlen(text), 9);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(filters_are_read_from_words_with_commas)
{
    ck_assert_uint_eq(trace_filters("insn"), TRACE_INSN);
    ck_assert_uint_eq(trace_filters("trap,sbi,syscall"), TRACE_TRAP | TRACE_SBI | TRACE_SYSCALL);
    ck_assert_uint_eq(trace_filters(""), 0);
    ck_assert_uint_eq(trace_filters("ins"), 0);
    ck_assert_uint_eq(trace_filters("insn,,csr"), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_filter_shows_its_own_events,
        a_trace_ends_after_its_lines_or_its_steps,
        a_traced_machine_does_what_it_would_have_done,
        a_timeline_counts_traps_by_cause,
        system_calls_of_linux_have_names_and_arguments,
        filters_are_read_from_words_with_commas,
    };
    return SUITE_RUN("trace", tests, 1);
}
