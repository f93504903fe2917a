/* The smallest guest: characters go to the UART's transmit register one by one, then the test
 * device switches the machine off. See board.c for both. */
#include "rom.h"

int main(void)
{
    print_text("Hello from M-mode on hart ");
    print_decimal(CSR_READ(mhartid));
    print_text("\n");
    test_pass();
}
