/* Timer interrupts in M-mode. The CLINT compares mtime with mtimecmp and, while mtime >= mtimecmp,
 * holds the machine timer interrupt pending; mtvec is in vectored mode, so that this interrupt
 * enters the table at slot 7. (Privileged manual, "Machine Timer Registers" and "Machine
 * Trap-Vector Base-Address Register".) */
#include "rom.h"

#define TICKS    5
#define INTERVAL 10000u /* 1 ms at 10 MHz */

enum { CLINT_MTIMECMP = 0x4000, CLINT_MTIME = 0xbff8, TIMER = 7, MTVEC_VECTORED = 1 };

static volatile unsigned ticks;
static uint64_t deadline;

static uint64_t time_now(void)
{
    /* Two halves, which also RV32 can read: the upper one must not change meanwhile. */
    uint32_t high, low;
    do {
        high = *mmio32(BOARD_CLINT + CLINT_MTIME + 4);
        low = *mmio32(BOARD_CLINT + CLINT_MTIME);
    } while (high != *mmio32(BOARD_CLINT + CLINT_MTIME + 4));
    return (uint64_t)high << 32 | low;
}

static void timer_set(uint64_t time)
{
    /* Never smaller than it should be in between, or an interrupt comes too early. */
    *mmio32(BOARD_CLINT + CLINT_MTIMECMP) = UINT32_MAX;
    *mmio32(BOARD_CLINT + CLINT_MTIMECMP + 4) = (uint32_t)(time >> 32);
    *mmio32(BOARD_CLINT + CLINT_MTIMECMP) = (uint32_t)time;
}

__attribute__((interrupt("machine"), used)) static void timer_interrupt(void)
{
    if (CSR_READ(mcause) != (CAUSE_INTERRUPT | TIMER))
        test_fail(2);
    if (time_now() < deadline)
        test_fail(3);
    ticks++;
    deadline += INTERVAL;
    timer_set(deadline); /* this also takes the interrupt away */
}

__attribute__((interrupt("machine"), used)) static void unexpected(void)
{
    test_fail(1);
}

/* Exceptions enter at slot 0, interrupt N at slot N. Four bytes each: no compressed jumps. */
__attribute__((naked, aligned(64))) static void vectors(void)
{
    __asm__(".option push\n"
            ".option norvc\n"
            ".rept 7\n"
            "j unexpected\n"
            ".endr\n"
            "j timer_interrupt\n"
            ".rept 8\n"
            "j unexpected\n"
            ".endr\n"
            ".option pop\n");
}

int main(void)
{
    CSR_WRITE(mtvec, (word)vectors | MTVEC_VECTORED);
    deadline = time_now() + INTERVAL;
    timer_set(deadline);
    CSR_SET(mie, (word)1 << TIMER);
    CSR_SET(mstatus, 8); /* MIE */
    for (unsigned seen = 0; seen < TICKS;) {
        if (seen == ticks) {
            wait_for_interrupt();
            continue;
        }
        seen++;
        print_text("tick ");
        print_decimal(seen);
        print_text("\n");
    }
    test_pass();
}
