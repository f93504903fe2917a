/* A guest in S-mode with firmware below it: everything that the hardware does for M-mode it asks
 * for by ecall. Prints through the debug console, shows who is below, sets a timer, asks about the
 * harts and powers off. (RISC-V SBI specification: Base, Debug Console, Timer, Hart State
 * Management and System Reset extensions; Legacy Console Putchar where the firmware is old.) */
#include "sbi.h"

enum { SUPERVISOR_TIMER = 5, DELAY = 10000 /* 1 ms at 10 MHz */ };

static int has_debug_console;
static volatile int has_ticked;

void console_put(char character)
{
    if (has_debug_console)
        sbi_call(SBI_DBCN, DBCN_WRITE_BYTE, (uint8_t)character, 0);
    else
        sbi_call(SBI_LEGACY_PUTCHAR, 0, (uint8_t)character, 0);
}

#if __riscv_xlen == 64
static uint64_t time_now(void)
{
    return CSR_READ(time);
}

static void timer_set(uint64_t time)
{
    sbi_call(SBI_TIME, 0, time, 0);
}
#else
static uint64_t time_now(void)
{
    word high, low;
    do {
        high = CSR_READ(timeh);
        low = CSR_READ(time);
    } while (high != CSR_READ(timeh));
    return (uint64_t)high << 32 | low;
}

static void timer_set(uint64_t time)
{
    sbi_call(SBI_TIME, 0, (word)time, (word)(time >> 32));
}
#endif

__attribute__((interrupt("supervisor"), aligned(4))) static void timer_interrupt(void)
{
    expect(CSR_READ(scause) == (CAUSE_INTERRUPT | SUPERVISOR_TIMER), "unexpected trap\n");
    has_ticked = 1;
    timer_set(UINT64_MAX); /* for ever: takes the interrupt away */
}

static void show_firmware(void)
{
    struct sbi_result version = sbi_call(SBI_BASE, BASE_VERSION, 0, 0);
    struct sbi_result who = sbi_call(SBI_BASE, BASE_IMPLEMENTATION, 0, 0);
    expect(version.error == 0, "no base extension\n");
    print_text("SBI version ");
    print_decimal((word)version.value >> 24);
    print_text(".");
    print_decimal((word)version.value & 0xffffff);
    print_text(", implementation ");
    print_decimal((word)who.value);
    print_text(has_debug_console ? ", debug console\n" : ", legacy console\n");
}

static void wait_for_timer(void)
{
    uint64_t deadline = time_now() + DELAY;
    CSR_WRITE(stvec, (word)timer_interrupt);
    CSR_SET(sie, (word)1 << SUPERVISOR_TIMER);
    timer_set(deadline);
    while (!has_ticked) {
        /* Sleep with interrupts off, so that the one we wait for cannot slip in before the wfi. */
        wait_for_interrupt();
        CSR_SET(sstatus, 2); /* SIE */
        CSR_CLEAR(sstatus, 2);
    }
    expect(time_now() >= deadline, "the timer came too early\n");
    print_text("timer interrupt\n");
}

static void show_harts(word self)
{
    static const char *const states[] = {"started", "stopped", "start pending", "stop pending"};
    for (word hart = 0; hart < 4; hart++) {
        struct sbi_result status = sbi_call(SBI_HSM, HSM_STATUS, hart, 0);
        if (hart == self)
            expect(status.error == 0 && status.value == 0, "we run, but are not started\n");
        if (status.error != 0)
            continue;
        print_text("hart ");
        print_decimal(hart);
        print_text((word)status.value < 4 ? ": " : ": in some other state, not ");
        print_text(states[status.value & 3]);
        print_text("\n");
    }
}

int main(word hart)
{
    has_debug_console = has_extension(SBI_DBCN);
    print_text("Hello from S-mode\n");
    show_firmware();
    expect(has_extension(SBI_TIME), "no timer extension\n");
    expect(has_extension(SBI_HSM), "no hart state extension\n");
    wait_for_timer();
    show_harts(hart);
    print_text("powering off\n");
    power_off(0);
}
