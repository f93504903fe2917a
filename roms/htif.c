/* HTIF, the host interface of Berkeley's simulators, which test programs and benchmarks use: no
 * device, only two 8-byte variables that the host finds by their names in the ELF file. An odd
 * value in tohost ends the run with the exit code in the bits above; an even one is the address of
 * a system call, which the host does and acknowledges in fromhost. Here: write (64), then exit. */
#include "rom.h"

#ifndef EXIT_CODE
#define EXIT_CODE 0
#endif

enum { SYS_WRITE = 64, STDOUT = 1 };

/* The halves are separate so that RV32 decides in which order it writes them. */
struct mailbox {
    volatile uint32_t low, high;
};

__attribute__((section(".htif"), aligned(64))) struct mailbox tohost = {0, 0};
__attribute__((section(".htif"), aligned(64))) struct mailbox fromhost = {0, 0};

#if __riscv_xlen == 64
static void host_send(word value)
{
    *(volatile uint64_t *)&tohost = value;
}
#else
static void host_send(word value)
{
    tohost.low = value;
    tohost.high = 0;
}
#endif

static long host_write(const char *text, word size)
{
    /* Number and arguments in, result in the first member. */
    volatile uint64_t call[8] __attribute__((aligned(64))) = {SYS_WRITE, STDOUT, (word)text, size};
    fromhost.low = 0;
    fromhost.high = 0;
    __asm__ volatile("fence" : : : "memory");
    host_send((word)call);
    while (fromhost.low == 0)
        ;
    fromhost.low = 0;
    return (long)call[0];
}

int main(void)
{
    static const char text[] = "Hello through HTIF\n";
    if (host_write(text, sizeof text - 1) != sizeof text - 1)
        host_send(99u << 1 | 1);
    host_send((word)EXIT_CODE << 1 | 1);
    for (;;)
        ;
}
