/* Commands of the monitor that run the machine, and going back behind them: what was, is again. */
#include "tests/frontend/small_guest.h"

#include "frontend/debugger_back.h"
#include "tests/frontend/json_reader.h"
#include "tests/suite.h"

#include <inttypes.h>

static struct small_guest guest;

static u64 now(void)
{
    return clock_steps(&guest.machine->clock);
}

/* Of all registers and memory: machine_hash() looks at what changed since it looked last. */
static u64 sum(void)
{
    const struct machine *machine = guest.machine;
    u64 sum = now();

    for (unsigned i = 0; i < machine->config.harts; i++)
        sum = hart_hash(machine->harts[i], sum);
    for (u64 i = 0; i < machine->ram.size; i++)
        sum = (sum ^ machine->ram.bytes[i]) * 0x9e3779b97f4a7c15u;
    return sum;
}

static void say(const char *line)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(text, "%s: %s", line, guest.why);
    free(text);
    while (monitor_is_stepping(&guest.monitor) && !monitor_go_on_stepping(&guest.monitor))
        ;
    if (!guest.debugger.is_stopped)
        small_guest_run(&guest, UINT64_MAX);
    guest.talk.waits = guest.talk.wants_leave = false;
}

static void back(u64 steps)
{
    char line[64];

    snprintf(line, sizeof(line), "back %" PRIu64, steps);
    say(line);
}

static void setup(unsigned harts)
{
    guest.remembers = true;
    small_guest_create(&guest, "rv64gc", harts);
    say("step 100");
}

START_TEST(going_back_behind_what_ran_the_machine_leads_to_the_same_registers)
{
    static const char *const lines[] = {"trace insn,mem,csr 400 500",
                                        "trace trap,mmio,sbi 10 5000",
                                        "stats 700",
                                        "profile 100000",
                                        "timeline 100000",
                                        "step 200"};

    for (unsigned harts = 1; harts <= 2; harts++) {
        setup(harts);
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
            u64 step = now(), before = sum(), after, end;
            say(lines[i]);
            end = now();
            after = sum();
            ck_assert_msg(end > step, "%s does nothing", lines[i]);
            back(end - step);
            ck_assert_uint_eq(now(), step);
            ck_assert_msg(sum() == before, "%s: another machine", lines[i]);
            say(lines[i]); /* in the past, it shows what has been */
            ck_assert_uint_eq(now(), end);
            ck_assert_msg(sum() == after, "%s: another end", lines[i]);
        }
        small_guest_destroy(&guest);
    }
}
END_TEST

START_TEST(points_are_made_while_commands_run_the_machine)
{
    u64 bytes;

    setup(1);
    ck_assert_uint_eq(history_points(guest.past.history, &bytes), 1);
    say("profile 31000000");
    ck_assert_uint_eq(history_points(guest.past.history, &bytes), 2);
    say("timeline 30000000");
    ck_assert_uint_eq(history_points(guest.past.history, &bytes), 3);
    say("trace trap 1 30000000");
    ck_assert_uint_eq(history_points(guest.past.history, &bytes), 4);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(history_draws_what_was_and_leaves_all_as_it_is)
{
    char *text, value[32];

    setup(1);
    struct hart *hart = guest.machine->harts[0];
    const u32 code[] = {0x00000073, 0xffdff06f}; /* again: ecall, j again */
    const u32 handler[] = {0x34102573, 0x00450513, 0x34151073, 0x30200073}; /* mepc += 4, mret */
    debug_write(guest.machine, 0, DEBUG_PHYSICAL, SMALL_BASE + 0x100, code, sizeof(code));
    debug_write(guest.machine, 0, DEBUG_PHYSICAL, SMALL_BASE + 0x200, handler, sizeof(handler));
    hart->mtvec = SMALL_BASE + 0x200;
    hart->pc = SMALL_BASE + 0x100;
    hart->mstatus |= MSTATUS_MPP; /* in M-mode all the time */
    debugger_changed(&guest.debugger);
    ck_assert(!small_guest_say(&guest, "history", false));
    ck_assert_str_eq(guest.why, "Nothing before this is remembered.");
    say("timeline 30000600");
    for (unsigned i = 0; i < 2; i++) { /* in the present, then in the past */
        u64 step = now(), before = sum();
        text = small_guest_say(&guest, "history 600", true);
        ck_assert_msg(text && json_is_value(text), "%s", guest.why);
        ck_assert_str_eq(json_member(text, "cause", value, sizeof(value)), "ecall from M");
        ck_assert_str_eq(json_member(text, "count", value, sizeof(value)), "100");
        free(text);
        ck_assert_uint_eq(now(), step);
        ck_assert_uint_eq(sum(), before);
        ck_assert(debugger_is_past(&guest.debugger) == i);
        ck_assert_ptr_null(hart->debug);
        back(1000);
    }
    text = small_guest_say(&guest, "history", false);
    ck_assert_msg(strstr(text, "ecall from M             [###") && strstr(text, "steps 100 to"),
                  "%s", text);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(without_a_past_history_says_what_to_do)
{
    small_guest_create(&guest, "rv64gc", 1);
    ck_assert(!small_guest_say(&guest, "history", false));
    ck_assert(strstr(guest.why, "vitrine debug"));
    small_guest_destroy(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        going_back_behind_what_ran_the_machine_leads_to_the_same_registers,
        points_are_made_while_commands_run_the_machine,
        history_draws_what_was_and_leaves_all_as_it_is,
        without_a_past_history_says_what_to_do,
    };
    return SUITE_RUN("monitor_past", tests, 1);
}
