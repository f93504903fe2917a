/* What the monitor's answers say: names beside numbers, and in JSON all that the text has. */
#include "tests/frontend/json_reader.h"
#include "tests/frontend/small_guest.h"

#include "tests/suite.h"

static struct small_guest guest;

static void setup(int which)
{
    small_guest_create(&guest, which ? "rv32gc" : "rv64gc", 2);
}

static void check_says(const char *line, const char *expected)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(text, "%s: %s", line, guest.why);
    ck_assert_msg(strstr(text, expected), "%s says, without \"%s\":\n%s", line, expected, text);
    free(text);
}

static void check_refused(const char *line, const char *expected)
{
    char *text = small_guest_say(&guest, line, false);

    ck_assert_msg(!text, "%s was obeyed: %s", line, text);
    ck_assert_msg(strstr(guest.why, expected), "%s: %s", line, guest.why);
}

START_TEST(numbers_that_are_others_have_their_names)
{
    setup(_i);
    check_says("set mcause 13", "");
    check_says("csr mcause", "which one: load page fault");
    check_says("csr 0x342", "mcause ");
    check_says("break exception 13", "exception 13, load page fault\n");
    check_says("break interrupt 7", "interrupt 7, machine timer interrupt\n");
    check_says("break interrupt 77", "interrupt 77, reserved trap\n");
    check_says("break csr satp", "writes to the CSR satp\n");
    check_says("watch 0x80000300 8", "writes to 0x80000300, 8 bytes\n");
    check_says("symbols a1", "0x80000000  count\n");
    check_says("symbols 0x10", "0x10  without a name\n");
    check_says("info uart", "0x60 ");
    check_says("explain a1", "a1 is x11, an argument, and a result; a call may change it. It holds "
                             "0x80000000, count.\n");
    check_says("explain x9", "s1 is x9, kept: the same after a call. It holds 0x0.\n");
    check_says("explain t6", "t6 is x31, for what no call needs to keep");
    check_says("info plic", "plic at 0xc000000\n");
    check_refused("phys 0x10000000 1 b", "info uart shows it");
    check_refused("x 0x10000000 1 b", "info uart shows it");
    check_refused("phys 0x30000000 1 b", "no memory");
    check_refused("x 0x30000000 1 b", "Nothing is mapped");
    check_refused("csr mcaus", "did you mean \"mcause\"?");
    check_refused("csr 0x343f", "csr alone lists them");
    small_guest_destroy(&guest);
}
END_TEST

START_TEST(pointers_are_json_with_their_values)
{
    char value[64], *text;

    setup(_i);
    check_says("set count+0x100 again w", "");
    check_says("set count+0x104 0 w", "");
    text = small_guest_say(&guest, "x count+0x100 1 a", true);
    ck_assert(text && json_is_value(text));
    ck_assert_str_eq(json_member(text, "value", value, sizeof(value)), "0x80000008");
    ck_assert_str_eq(json_member(text, "place", value, sizeof(value)), "again");
    free(text);
    small_guest_destroy(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        numbers_that_are_others_have_their_names,
        pointers_are_json_with_their_values,
    };
    return SUITE_RUN("monitor_answers", tests, 2);
}
