/* Runs the rounds of one workload: ROUNDS and NAME come from build.sh. Ends through the test
 * device, whose code becomes the emulator's exit code, and says so on the console, because a run
 * that ended early would otherwise look fast. */
#include "work.h"

__attribute__((weak)) void work_prepare(void)
{
}

/* In hexadecimal, of the same width for RV32. */
static void print_number(uint64_t value)
{
    char text[] = "0x0000000000000000";
    for (int i = 17; i > 1; i--, value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    print_text(text);
}

void expect(const char *what, uint64_t value, uint64_t wanted)
{
    if (value == wanted)
        return;
    print_text(NAME ": ");
    print_text(what);
    print_text(" is ");
    print_number(value);
    print_text(", not ");
    print_number(wanted);
    print_text("\n");
    test_fail(1);
}

int main(void)
{
    work_prepare();
    for (unsigned long round = 0; round < ROUNDS; round++)
        work_round();
    print_text(NAME ": right\n");
    test_pass();
}
