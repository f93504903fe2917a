/* Echo by interrupt: the UART raises its line when a character arrives, the PLIC passes it on as
 * the machine external interrupt, and the handler claims it, reads and completes. q quits.
 * (RISC-V PLIC specification; one interrupt source, one context: hart 0 in M-mode.) */
#include "rom.h"

enum { UART_RBR = 0, UART_IER = 1, UART_LSR = 5, IER_RECEIVED = 1, LSR_DATA = 1 };

enum {
    PLIC_PRIORITY = 0,    /* 4 bytes per source */
    PLIC_ENABLE = 0x2000, /* one bit per source; context 0 */
    PLIC_THRESHOLD = 0x200000,
    PLIC_CLAIM = 0x200004, /* read: claim; write: complete */
    EXTERNAL = 11,
};

static volatile int has_quit;

static void echo_received(void)
{
    while (*mmio8(BOARD_UART + UART_LSR) & LSR_DATA) {
        char character = (char)*mmio8(BOARD_UART + UART_RBR);
        if (character == 'q')
            has_quit = 1;
        else if (!has_quit)
            console_put(character);
        if (character == '\r')
            console_put('\n');
    }
}

__attribute__((interrupt("machine"), aligned(4))) static void external_interrupt(void)
{
    if (CSR_READ(mcause) != (CAUSE_INTERRUPT | EXTERNAL))
        test_fail(1);
    uint32_t source = *mmio32(BOARD_PLIC + PLIC_CLAIM);
    if (source == 0) /* the character came while the one before it was being served */
        return;
    if (source != UART_IRQ)
        test_fail(2);
    if (*mmio32(BOARD_PLIC + PLIC_CLAIM) != 0) /* claimed already, and nothing else is pending */
        test_fail(3);
    echo_received();
    *mmio32(BOARD_PLIC + PLIC_CLAIM) = source;
}

int main(void)
{
    CSR_WRITE(mtvec, (word)external_interrupt);
    *mmio32(BOARD_PLIC + PLIC_PRIORITY + 4 * UART_IRQ) = 1;
    *mmio32(BOARD_PLIC + PLIC_ENABLE) = 1u << UART_IRQ;
    *mmio32(BOARD_PLIC + PLIC_THRESHOLD) = 0;
    *mmio8(BOARD_UART + UART_IER) = IER_RECEIVED;
    CSR_SET(mie, (word)1 << EXTERNAL);
    print_text("Type; q quits.\n");
    CSR_SET(mstatus, 8); /* MIE */
    while (!has_quit)
        wait_for_interrupt();
    print_text("\nBye.\n");
    test_pass();
}
