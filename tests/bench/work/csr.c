/* Control registers and the timer: reads of counters, writes of scratch registers, bits of mstatus
 * set and cleared (as Linux does around every access to a user's memory), the interrupt enable
 * switched, the CLINT's clock read, and timer interrupts that are due at once. */
#include "work.h"

enum { TURNS = 400, CLINT_MTIMECMP = 0x4000, CLINT_MTIME = 0xbff8 };

#define SUM ((word)1 << 18)
#define MIE ((word)1 << 3)

/* csr_entry.S: counts in mscratch and puts the timer's deadline far away. */
void timer_entry(void);

static word swap_scratch(word value)
{
    __asm__ volatile("csrrw %0, mscratch, %0" : "+r"(value) : : "memory");
    return value;
}

void work_prepare(void)
{
    CSR_WRITE(mtvec, (word)timer_entry);
    CSR_WRITE(mie, (word)1 << 7);
}

static void scratch_and_status(void)
{
    word sum = 0, bits = 0;
    swap_scratch(0);
    for (word i = 1; i <= TURNS; i++) {
        CSR_SET(mstatus, SUM);
        bits += CSR_READ(mstatus) & SUM;
        sum += swap_scratch(i);
        CSR_CLEAR(mstatus, SUM);
        bits += CSR_READ(mstatus) & SUM;
        CSR_WRITE(sepc, i << 2);
        sum += CSR_READ(sepc) >> 2;
    }
    expect("the sum of what the registers held", sum, TURNS * (TURNS - 1) + TURNS);
    expect("how often SUM was seen", bits / SUM, TURNS);
}

static void counters(void)
{
    word retired = CSR_READ(minstret), cycle = CSR_READ(mcycle), backwards = 0;
    uint32_t time = *mmio32(BOARD_CLINT + CLINT_MTIME);
    for (int i = 0; i < TURNS; i++) {
        word next = CSR_READ(minstret), next_cycle = CSR_READ(mcycle);
        uint32_t next_time = *mmio32(BOARD_CLINT + CLINT_MTIME);
        backwards += next - retired > (word)1 << 30;
        backwards += next_cycle - cycle > (word)1 << 30;
        backwards += next_time - time > 1u << 31;
        retired = next;
        cycle = next_cycle;
        time = next_time;
    }
    expect("how often a counter ran backwards", backwards, 0);
}

static void timer(void)
{
    swap_scratch(0);
    for (word i = 0; i < TURNS / 8; i++) {
        *mmio32(BOARD_CLINT + CLINT_MTIMECMP) = 0;
        *mmio32(BOARD_CLINT + CLINT_MTIMECMP + 4) = 0;
        CSR_SET(mstatus, MIE);
        for (int patience = 0; CSR_READ(mscratch) == i && patience < 1000000; patience++)
            ;
        CSR_CLEAR(mstatus, MIE);
    }
    expect("the timer's interrupts", CSR_READ(mscratch), TURNS / 8);
}

void work_round(void)
{
    scratch_and_status();
    counters();
    timer();
}
