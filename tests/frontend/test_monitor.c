/* The monitor: its table, its words, and what its views show of a small machine. */
#include "tests/frontend/small_guest.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/frontend/json_reader.h"
#include "tests/suite.h"

static struct small_guest guest;

static const char *const isas[] = {"rv64gc", "rv32gc"};

static void setup(int which)
{
    small_guest_create(&guest, isas[which], 2);
    machine_run(guest.machine, 30);
}

static void check_says(const char *line, const char *expected)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(text, "%s: %s", line, guest.why);
    ck_assert_msg(strstr(text, expected), "%s says, without \"%s\":\n%s", line, expected, text);
    free(text);
}

static void check_refused(const char *line)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(!text, "%s was obeyed: %s", line, text);
    ck_assert_msg(strlen(guest.why) > 10, "%s: no sentence: %s", line, guest.why);
}

/* Whatever was let go on. The guest has no function to finish. */
static void stand_still(void)
{
    if (!guest.debugger.is_stopped) {
        debugger_pause(&guest.debugger);
        small_guest_run(&guest, UINT64_MAX);
    }
    guest.monitor.goal.kind = GOAL_NONE;
    guest.talk.waits = guest.talk.wants_leave = false;
    guest.debugger.is_stopped = true;
}

/* A past that goes nowhere. */
static bool is_past(void *context)
{
    (void)context;
    return false;
}

static void changed(void *context)
{
    (void)context;
}

static u64 oldest(void *context)
{
    (void)context;
    return 0;
}

static bool go(void *context, u64 step)
{
    (void)context;
    return step <= clock_steps(&guest.machine->clock);
}

static enum debugger_found find_back(void *context)
{
    (void)context;
    return DEBUGGER_NOTHING;
}

static const struct debugger_past past = {
    .is_past = is_past, .changed = changed, .oldest = oldest, .go = go, .find_back = find_back};

START_TEST(every_example_of_the_help_works_as_text_and_as_json)
{
    setup(_i);
    guest.debugger.past = &past;
    for (unsigned i = 0; i < monitor_row_count; i++) {
        const struct monitor_row *row = &monitor_rows[i];
        char *text = small_guest_say(&guest, row->example, false);
        ck_assert_msg(text, "%s: %s", row->example, guest.why);
        free(text);
        stand_still();
        text = small_guest_say(&guest, row->example, true);
        ck_assert_msg(text, "%s as JSON: %s", row->example, guest.why);
        ck_assert_msg(!*text || json_is_value(text), "%s is no JSON: %s", row->example, text);
        free(text);
        stand_still();
    }
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(every_row_has_what_help_needs)
{
    for (unsigned i = 0; i < monitor_row_count; i++) {
        const struct monitor_row *row = &monitor_rows[i];
        size_t length = strlen(row->name);
        ck_assert_msg(*row->meaning && row->meaning[strlen(row->meaning) - 1] != '.', "%s",
                      row->name);
        ck_assert_msg(!strncmp(row->example, row->name, length), "%s: %s", row->name, row->example);
        ck_assert_msg(row->least <= row->most && row->obey, "%s", row->name);
        ck_assert_ptr_eq(monitor_find(row->name), row);
    }
}
END_TEST

START_TEST(help_fits_on_80_columns)
{
    char *text;

    setup(_i);
    text = small_guest_say(&guest, "help", false);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        ck_assert_msg(strcspn(line, "\n") < 80, "%.100s", line);
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(views_show_registers_memory_and_instructions_with_names)
{
    setup(_i);
    check_says("regs", "count");
    check_says("regs", "a1   ");
    check_says("regs f", "fa0");
    check_says("csr mhartid", "mhartid");
    check_says("x count 3", "00128293");
    check_says("x 0x80000000 4 b", "93 82 12 00");
    check_says("set count+0x100 again d", "");
    check_says("x count+0x100 2 a", "80000008  again\n");
    check_says("phys 0x80000008 1 w", "ff9ff06f");
    check_says("disas count 3", "count:");
    check_says("disas count 3", "<count>");
    check_says("disas", "=> ");
    check_says("find 0x80000000 4096 0xff9ff06f w", "0x80000008  again");
    check_says("find 0x80001000 4096 \"nothing there\"", "not found");
    check_says("symbols cou", "0x80000000  count");
    check_says("symbols 0x80000004", "count+0x4");
    check_says("info", "step     30");
    check_says("info map", "uart");
    check_says("info uart", "LSR");
    check_says("info virtio 2", "MagicValue");
    check_says("info virtio", "MagicValue"); /* though no slot has a device */
    check_says("help x", "For example: x pc 8 w");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(regs_and_csr_are_json_with_the_harts_values)
{
    char value[64], *text;

    setup(_i);
    text = small_guest_say(&guest, "regs", true);
    ck_assert(text && json_is_value(text));
    ck_assert_str_eq(json_member(text, "pc", value, sizeof(value)), "0x80000000");
    ck_assert_str_eq(json_member(text, "place", value, sizeof(value)), "count");
    ck_assert_str_eq(json_member(text, "t0", value, sizeof(value)), "0xa");
    ck_assert_str_eq(json_member(text, "a1", value, sizeof(value)), "0x80000000");
    ck_assert_str_eq(json_member(text, "step", value, sizeof(value)), "30");
    free(text);
    text = small_guest_say(&guest, "csr", true);
    ck_assert(text && json_is_value(text));
    ck_assert(strstr(text, "\"mhartid\": {\"number\": 3860, \"value\": \"0x0\"}"));
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(set_changes_registers_and_memory)
{
    setup(_i);
    check_says("set t0 0x77", "");
    ck_assert_uint_eq(guest.machine->harts[0]->x[5], 0x77);
    check_says("set mscratch t0+1", "");
    ck_assert_uint_eq(guest.machine->harts[0]->mscratch, 0x78);
    check_says("set count+4 0x13 w", "");
    check_says("x count 2", "00000013");
    check_says("set pc again", "");
    ck_assert_uint_eq(guest.machine->harts[0]->pc & UINT32_MAX, SMALL_BASE + 8);
    check_refused("set 0 1");
    check_refused("set t0 1 b");
    check_refused("set zero");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(each_talk_has_its_own_hart)
{
    struct monitor_talk other;

    setup(_i);
    other = guest.talk;
    check_says("hart 1", "hart 1");
    check_says("csr mhartid", "1\n");
    ck_assert_uint_eq(other.hart, 0);
    check_refused("hart 2");
    check_says("hart", "hart 1");
    check_says("hart 0 csr mhartid", "0\n");
    check_says("hart 0 hart", "hart 0\n");
    check_says("hart", "hart 1");
    check_refused("hart 0 nonsense");
    check_says("hart", "hart 1");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_new_talk_is_about_the_hart_that_stopped)
{
    setup(_i);
    ck_assert_uint_eq(monitor_first_hart(&guest.monitor), 0);
    guest.machine->debug_stop = (struct debug_stop){.hart = 1, .kind = DEBUG_BREAK};
    monitor_has_arrived(&guest.monitor, STOP_DEBUG);
    ck_assert_uint_eq(monitor_first_hart(&guest.monitor), 1);
    check_says("stop", "hart 1 stands still");
    check_says("csr mhartid", "1\n");
    guest.debugger.is_stopped = false;
    ck_assert_uint_eq(monitor_first_hart(&guest.monitor), 0);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(gdb_may_look_and_not_let_the_machine_run)
{
    static const char *const lines[] = {"step", "timeline 10", "back", "hart 0 stats 10"};

    setup(_i);
    guest.talk.is_gdbs = true;
    check_says("regs", "count");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        check_refused(lines[i]);
        ck_assert_msg(strstr(guest.why, "gdb"), "%s: %s", lines[i], guest.why);
    }
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(what_cannot_be_understood_gets_a_sentence)
{
    static const char *const lines[] = {
        "nonsense",
        "regz",
        "x",
        "x nothing_called_so",
        "x 0x80000000 0",
        "x 0 1",
        "x pc 1 q",
        "x pc 1 bb",
        "disas 1",
        "phys 0x1000000000000",
        "csr nope",
        "regs q",
        "info toast",
        "info virtio 99",
        "symbols zzzz",
        "find 1",
        "find 0 1 \"\"",
        "x \"unclosed",
        "help nope",
        "load /nowhere 0x80000000",
        "dump /nowhere/x 0 1",
        "symbols add /nowhere",
        "x pc 99999999",
        "disas pc 0",
        "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a",
    };

    setup(_i);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_refused(lines[i]);
    check_says("", "");
    check_says("   ", "");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_line_is_cut_at_blanks_and_quotes_hold_together)
{
    char line[] = "  find  0 \"two words\"\t\"\" last\r\n";
    char *words[8];

    ck_assert_uint_eq(monitor_split(line, words, 8), 5);
    ck_assert_str_eq(words[0], "find");
    ck_assert_str_eq(words[2], "two words");
    ck_assert_str_eq(words[3], "");
    ck_assert_str_eq(words[4], "last");
}
END_TEST

START_TEST(looking_at_a_device_changes_nothing)
{
    setup(_i);
    u64 before = machine_hash(guest.machine);
    before = machine_hash(guest.machine);
    for (unsigned i = 0; i < guest.machine->device_count; i++) {
        char line[64];
        snprintf(line, sizeof(line), "info %s", guest.machine->devices[i].type->name);
        check_says(line, " at 0x");
    }
    check_says("info virtio 7", "virtio");
    ck_assert_uint_eq(machine_hash(guest.machine), before);
    small_guest_destroy(&guest);
}
END_TEST

/* All that this line can become, with a blank between. */
static void check_completes(const char *line, const char *expected)
{
    struct monitor_completion completion = {&guest.talk, line, 0};
    char word[64], all[4096] = "";

    while (monitor_complete(&completion, word, sizeof(word))) {
        strcat(all, word);
        strcat(all, " ");
    }
    ck_assert_msg(!strcmp(all, expected), "%s becomes %s", line, all);
}

START_TEST(words_are_completed_from_the_tables)
{
    setup(_i);
    check_completes("sym", "symbols ");
    check_completes("x cou", "count ");
    check_completes("x a", "again ");
    check_completes("csr mcaus", "mcause ");
    check_completes("info mac", "machine ");
    check_completes("help sym", "symbols ");
    check_completes("info virti", "virtio ");
    check_completes("snapshot re", "restore ");
    check_completes("nothing x", "");
    check_completes("x pc ag", "again ");
    check_completes("b cou", "count ");
    check_completes("x/4i a", "again ");
    small_guest_destroy(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_example_of_the_help_works_as_text_and_as_json,
        every_row_has_what_help_needs,
        help_fits_on_80_columns,
        views_show_registers_memory_and_instructions_with_names,
        regs_and_csr_are_json_with_the_harts_values,
        set_changes_registers_and_memory,
        each_talk_has_its_own_hart,
        a_new_talk_is_about_the_hart_that_stopped,
        gdb_may_look_and_not_let_the_machine_run,
        what_cannot_be_understood_gets_a_sentence,
        a_line_is_cut_at_blanks_and_quotes_hold_together,
        looking_at_a_device_changes_nothing,
        words_are_completed_from_the_tables,
    };
    return SUITE_RUN("monitor", tests, 2);
}
