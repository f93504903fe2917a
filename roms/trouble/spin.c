/* Trouble: every hart runs on the spot. */
#include "rom.h"

_Noreturn void secondary_main(void);

_Noreturn void secondary_main(void)
{
    for (;;)
        ;
}

int main(void)
{
    print_text("spin\n");
    secondary_main();
}
