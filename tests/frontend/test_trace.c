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
    check_trace("trace sbi 9 100", "time.set_timer(0x1234)", "ecall from S");
    check_trace("trace sbi 9 100", "= success, 0x41", "insn");
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
    ck_assert_msg(strstr(text, "ecall from S             [") &&
                      strstr(text, "] 100, the last at 0x80000100\n"),
                  "%s", text);
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
    struct trace_event call = {.kind = TRACE_SYSCALL};
    char text[256];

    setup();
    struct view view = {.machine = guest.machine};
    memcpy(ram_writable(&guest.machine->ram, SMALL_BASE + 0x400, 10), "/etc/pass", 10);
    call.arguments[7] = 56;
    call.arguments[0] = (u64)-100;
    call.arguments[1] = SMALL_BASE + 0x400;
    call.arguments[2] = 0x80241;
    call.arguments[3] = 0644;
    trace_read_texts(&view, &call);
    trace_describe_syscall(&call, text, sizeof(text));
    ck_assert_str_eq(text,
                     "openat(AT_FDCWD, \"/etc/pass\", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0644)");
    trace_describe_syscall(&call, text, 10);
    ck_assert_uint_eq(strlen(text), 9);
    call = (struct trace_event){.arguments = {1, SMALL_BASE + 0x400, 4, [7] = 64}};
    trace_read_texts(&view, &call);
    trace_describe_syscall(&call, text, sizeof(text));
    ck_assert_str_eq(text, "write(1, \"/etc\", 4)");
    call.arguments[1] = 0x40;
    call.text_count = 0;
    trace_read_texts(&view, &call);
    trace_describe_syscall(&call, text, sizeof(text));
    ck_assert_str_eq(text, "write(1, 0x40, 4)");
    call.arguments[7] = 29;
    call.arguments[1] = 0x5413;
    trace_describe_syscall(&call, text, sizeof(text));
    ck_assert_str_eq(text, "ioctl(1, TIOCGWINSZ, 0x4)");
    call.arguments[1] = 0x40;
    call.arguments[7] = 9999;
    trace_describe_syscall(&call, text, sizeof(text));
    ck_assert_str_eq(text, "system call 9999(0x1, 0x40, 0x4, 0, 0, 0)");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(results_have_the_names_of_their_errors)
{
    char text[64];

    trace_describe_result((u64)-2, 64, text, sizeof(text));
    ck_assert_str_eq(text, "-2 ENOENT");
    trace_describe_result(0xfffffff4, 32, text, sizeof(text));
    ck_assert_str_eq(text, "-12 ENOMEM");
    trace_describe_result(832, 64, text, sizeof(text));
    ck_assert_str_eq(text, "832");
    trace_describe_result(0x3fb0001000, 64, text, sizeof(text));
    ck_assert_str_eq(text, "0x3fb0001000");
    trace_describe_sbi_result((u64)-3, 7, 64, text, sizeof(text));
    ck_assert_str_eq(text, "invalid parameter, 0x7");
    ck_assert_uint_eq(trace_find_syscall("openat"), 57);
    ck_assert_uint_eq(trace_find_syscall("openatt"), 0);
}
END_TEST

static void check_filter(const char *text, bool is_right)
{
    struct trace_filter filter;
    char why[256] = "";

    ck_assert_msg(trace_filter_read(&filter, text, monitor_symbols(&guest.monitor), why,
                                    sizeof(why)) == is_right,
                  "%s: %s", text, why);
    ck_assert_msg(is_right == !*why, "%s: %s", text, why);
}

START_TEST(filters_are_read_from_words_with_commas)
{
    static const char *const right[] = {
        "insn",          "trap,sbi,syscall",       "all",
        "pc=count",      "insn,pc=count+4..again", "at=0x80000000..0x80000fff,mem",
        "mode=U,mode=S", "hart=0,asid=3",          "device=uart",
        "csr=satp",      "syscall=openat"};
    static const char *const wrong[] = {"",
                                        "ins",
                                        "insn,,csr",
                                        "insn,",
                                        "pc=",
                                        "pc=nowhere",
                                        "pc=4..3",
                                        "hart=64",
                                        "hart=x",
                                        "mode=H",
                                        "asid=",
                                        "csr=nope",
                                        "syscall=nope",
                                        "device=",
                                        "trap=5",
                                        "=",
                                        "mem=4",
                                        "device=abcdefghijklmnopqrstuvwxyz"};

    setup();
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
        check_filter(right[i], true);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        check_filter(wrong[i], false);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_filter_narrows_down)
{
    check_trace("trace all,mode=M 99 30", "csrrs", "sscratch");
    check_trace("trace all,mode=S 99 30", "sscratch", "csrrs");
    check_trace("trace insn,pc=0x80000104 99 30", "sb", "lbu");
    check_trace("trace insn,pc=0x80000104..0x80000108 99 30", "lbu", "csrw");
    check_trace("trace mem,at=0x10000000 99 30", "0x10000000 = 0x41", "0x10000005");
    check_trace("trace csr,csr=mepc 99 30", "mepc", "sscratch");
    check_trace("trace mmio,at=0x10000005 99 30", "LSR", "THR");
    check_trace("trace device=uart 99 100", "LSR", "insn");
    check_trace("trace interrupt,sbi 99 100", "set_timer", "exception");
    check_trace("trace sbi,mode=S 99 100", "= success", "insn"); /* the return, too */
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
        results_have_the_names_of_their_errors,
        filters_are_read_from_words_with_commas,
        a_filter_narrows_down,
    };
    return SUITE_RUN("trace", tests, 1);
}
