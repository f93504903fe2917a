/* Runs the rounds of one workload: ROUNDS and NAME come from build.sh. Ends through the test
 * device, whose code becomes the emulator's exit code, and says so on the console, because a run
 * that ended early would otherwise look fast. */
#include "work.h"

__attribute__((weak)) void work_prepare(void)
{
}

void expect(const char *what, uint64_t value, uint64_t wanted)
{
    if (value == wanted)
        return;
    print_text(NAME ": ");
    print_text(what);
    print_text(" is ");
    print_hex((word)(value >> 16 >> 16));
    print_hex((word)value);
    print_text(", not ");
    print_hex((word)(wanted >> 16 >> 16));
    print_hex((word)wanted);
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
