/* What the guests of this folder share: control registers, the board's addresses, a console to
 * print on and the test device that ends the run. Board addresses are those of QEMU's virt machine.
 * Leaves out everything that a guest is there to show; that stands in the guest itself. */
#ifndef ROMS_ROM_H
#define ROMS_ROM_H

#include <stddef.h>
#include <stdint.h>

/* A register's width: unsigned long is 32 bits on RV32 and 64 on RV64. */
typedef unsigned long word;

#define CSR_READ(name)                                                                             \
    ({                                                                                             \
        word value_;                                                                               \
        __asm__ volatile("csrr %0, " #name : "=r"(value_) : : "memory");                           \
        value_;                                                                                    \
    })
#define CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" : : "r"(value) : "memory")
#define CSR_SET(name, bits)    __asm__ volatile("csrs " #name ", %0" : : "r"(bits) : "memory")
#define CSR_CLEAR(name, bits)  __asm__ volatile("csrc " #name ", %0" : : "r"(bits) : "memory")

/* In mcause and scause the top bit tells an interrupt from an exception. */
#define CAUSE_INTERRUPT ((word)1 << (__riscv_xlen - 1))

#define BOARD_TEST  0x00100000ul
#define BOARD_CLINT 0x02000000ul
#define BOARD_PLIC  0x0c000000ul
#define BOARD_UART  0x10000000ul
#define UART_IRQ    10

static inline volatile uint8_t *mmio8(word address)
{
    return (volatile uint8_t *)address;
}

static inline volatile uint32_t *mmio32(word address)
{
    return (volatile uint32_t *)address;
}

/* Waits for an interrupt; also returns when one is pending that mstatus.MIE holds back. */
static inline void wait_for_interrupt(void)
{
    __asm__ volatile("wfi" : : : "memory");
}

/* One character to whatever the guest's console is: board.c sends it to the UART, a guest under
 * firmware brings its own. */
void console_put(char character);

/* print.c. Hexadecimal is printed in full width, decimal in as few digits as it takes. */
void print_text(const char *text);
void print_hex(word value);
void print_decimal(word value);

/* board.c: ends the run through the test device. The code is at most 0xffff and not 0. */
_Noreturn void test_pass(void);
_Noreturn void test_fail(unsigned code);

#endif
