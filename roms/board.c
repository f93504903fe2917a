/* The two devices that nearly every guest uses, in their simplest form: the 16550 UART, polled, and
 * the test device that switches the machine off. Leaves out baud rate and FIFO set-up: on an
 * emulated UART characters are never too fast. */
#include "rom.h"

enum { UART_THR = 0, UART_LSR = 5, LSR_THRE = 0x20 };

enum { TEST_PASS = 0x5555, TEST_FAIL = 0x3333 };

void console_put(char character)
{
    while (!(*mmio8(BOARD_UART + UART_LSR) & LSR_THRE))
        ;
    *mmio8(BOARD_UART + UART_THR) = (uint8_t)character;
}

_Noreturn void test_pass(void)
{
    *mmio32(BOARD_TEST) = TEST_PASS;
    for (;;)
        ;
}

_Noreturn void test_fail(unsigned code)
{
    *mmio32(BOARD_TEST) = (uint32_t)code << 16 | TEST_FAIL;
    for (;;)
        ;
}
