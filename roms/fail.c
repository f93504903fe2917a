/* How a guest reports failure: 0x3333 to the test device, its own code in the upper half. */
#include "rom.h"

int main(void)
{
    print_text("failing with code 42\n");
    test_fail(42);
}
