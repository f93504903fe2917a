/* What those type whose fingers know gdb, or QEMU's monitor. */
#include "tests/frontend/small_guest.h"

#include "frontend/monitor_words.h"
#include "tests/suite.h"

static struct small_guest guest;

static const struct {
    const char *theirs, *ours;
} known[] = {
    {"b main", "break main"},
    {"b *0x80000000", "break 0x80000000"},
    {"break *again", "break again"},
    {"c", "continue"},
    {"  si 5", "step 5"},
    {"bt", "backtrace"},
    {"i r", "regs"},
    {"i  r a0", "regs a0"},
    {"info registers", "regs"},
    {"info   registers", "regs"},
    {"info mem", "maps"},
    {"info mtree\n", "info map\n"},
    {"info uart", "info uart"},
    {"info", "info"},
    {"i", "info"},
    {"p/x $sp", "print $sp"},
    {"x/10i $pc", "disas \"$pc\" 10"},
    {"x/i sp + 4", "disas \"sp + 4\" 1"},
    {"x/4xg 0x80000000", "x \"0x80000000\" 4 d"},
    {"x/3c again", "x \"again\" 3 w"},
    {"x/8a sp", "x \"sp\" 8 a"},
    {"xp/2hx 0x80000000", "phys \"0x80000000\" 2 h"},
    {"xp 0x80000000", "phys 0x80000000"},
    {"x/2", "x \"pc\" 2 w"},
    {"cat", "cat"},
    {"load /etc/passwd 0", "load /etc/passwd 0"},
    {"snapshot save a/b", "snapshot save a/b"},
    {"find 0 1 \"i r\"", "find 0 1 \"i r\""},
    {"", ""},
};

START_TEST(words_of_others_become_ours)
{
    char ours[MONITOR_LINE];

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        ck_assert_msg(monitor_translate(known[i].theirs, ours, sizeof(ours)), "%s",
                      known[i].theirs);
        ck_assert_msg(!strcmp(ours, known[i].ours), "%s becomes \"%s\" and not \"%s\"",
                      known[i].theirs, ours, known[i].ours);
    }
}
END_TEST

START_TEST(what_we_have_nothing_for_gets_a_sentence)
{
    static const char *const lines[] = {
        "q", "list main", "x/s 0x80000000", "xp/2i 0x80000000", "thread 2", "run"};
    char ours[MONITOR_LINE];

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ck_assert_msg(!monitor_translate(lines[i], ours, sizeof(ours)), "%s: %s", lines[i], ours);
        ck_assert_msg(ours[strlen(ours) - 1] == '.', "%s: %s", lines[i], ours);
    }
    small_guest_create(&guest, "rv64gc", 1);
    ck_assert_ptr_null(small_guest_say(&guest, "q", false));
    ck_assert_msg(!guest.talk.wants_leave, "q has ended it");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(they_are_obeyed)
{
    static const struct {
        const char *line, *says;
    } lines[] = {
        {"i r", "again"},
        {"i r pc", "pc   0000000080000008  again"},
        {"x/2i count", "count:"},
        {"b *count", "1  at 0x80000000  count"},
        {"print a1 + 4*2", "again"},
        {"p -1", "0xffffffffffffffff"},
        {"sym count", "count"},
        {"disa", "=> "},
        {"info b", "count"},
        {"p/x $sp", "0x80001000"},
    };

    small_guest_create(&guest, "rv64gc", 1);
    guest.machine->harts[0]->pc = SMALL_BASE + 8;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *text = small_guest_say(&guest, lines[i].line, false);
        ck_assert_msg(text, "%s: %s", lines[i].line, guest.why);
        ck_assert_msg(strstr(text, lines[i].says), "%s says, without \"%s\": %s", lines[i].line,
                      lines[i].says, text);
        free(text);
    }
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_beginning_that_several_commands_have_names_them)
{
    small_guest_create(&guest, "rv64gc", 1);
    ck_assert_ptr_null(small_guest_say(&guest, "st", false));
    ck_assert_msg(strstr(guest.why, "stop, step, stats"), "%s", guest.why);
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(a_line_of_any_length_is_read)
{
    char line[MONITOR_LINE], ours[MONITOR_LINE];

    memset(line, 'i', sizeof(line));
    line[sizeof(line) - 1] = 0;
    ck_assert(monitor_translate(line, ours, sizeof(ours)));
    memcpy(line, "b ", 2);
    ck_assert(monitor_translate(line, ours, sizeof(ours)));
    memcpy(line, "x/9999999999999999999999x ", 26);
    ck_assert(monitor_translate(line, ours, sizeof(ours)));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        words_of_others_become_ours,
        what_we_have_nothing_for_gets_a_sentence,
        they_are_obeyed,
        a_beginning_that_several_commands_have_names_them,
        a_line_of_any_length_is_read,
    };
    return SUITE_RUN("monitor_words", tests, 1);
}
