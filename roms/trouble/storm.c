/* Trouble: interrupts and nothing else. The timer is due again at the next tick, and a hart sends
 * itself another software interrupt as soon as it has taken one; on four harts. */
#include "rom.h"

enum { CLINT_MTIMECMP = 0x4000, CLINT_MTIME = 0xbff8, SOFTWARE = 3, TIMER = 7 };

static void raise_again(word hart)
{
    word timer = BOARD_CLINT + CLINT_MTIMECMP + 8 * hart;

    *mmio32(timer + 4) = 0;
    *mmio32(timer) = *mmio32(BOARD_CLINT + CLINT_MTIME) + 1;
    *mmio32(BOARD_CLINT + 4 * hart) = 0;
    *mmio32(BOARD_CLINT + 4 * hart) = 1;
}

__attribute__((interrupt("machine"), aligned(4))) static void handle(void)
{
    raise_again(CSR_READ(mhartid));
}

_Noreturn void secondary_main(void);

int main(void)
{
    print_text("storm\n");
    secondary_main();
}

_Noreturn void secondary_main(void)
{
    CSR_WRITE(mtvec, (word)handle);
    raise_again(CSR_READ(mhartid));
    CSR_SET(mie, (word)1 << TIMER | (word)1 << SOFTWARE);
    CSR_SET(mstatus, 8); /* MIE */
    for (;;)
        ;
}
