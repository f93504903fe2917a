/* Trouble: prints for ever, as fast as the UART takes it. */
#include "rom.h"

int main(void)
{
    for (;;)
        print_text("all work and no play makes jack a dull boy\n");
}
