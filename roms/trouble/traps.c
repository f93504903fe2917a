/* Trouble: the trap handler's own first instruction is illegal, so that one trap follows another.
 */
#include "rom.h"

__attribute__((naked, aligned(4))) static void handle(void)
{
    __asm__(".word 0");
}

int main(void)
{
    print_text("traps\n");
    CSR_WRITE(mtvec, (word)handle);
    __asm__ volatile("ecall");
    for (;;)
        ;
}
