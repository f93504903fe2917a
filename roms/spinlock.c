/* Two harts, one counter, one lock. The lock is taken with LR/SC: load-reserved sees it free, and
 * store-conditional succeeds only if nobody else has touched it since. It is given back with an
 * atomic swap that releases. Hart 1 sleeps until hart 0 sends it a software interrupt through the
 * CLINT. (Unprivileged manual, "Load-Reserved/Store-Conditional Instructions".) */
#include "rom.h"

#define ROUNDS 10000

enum { CLINT_MSIP = 0, CLINT_MTIME = 0xbff8, SOFTWARE = 3 };

static uint32_t lock;
static unsigned counter; /* protected by lock; deliberately not atomic, nor volatile */
static volatile unsigned done;

static void lock_take(uint32_t *word_of_lock)
{
    uint32_t seen;
    __asm__ volatile("1: lr.w.aq %0, (%1)\n"
                     "   bnez %0, 1b\n"
                     "   sc.w %0, %2, (%1)\n"
                     "   bnez %0, 1b\n"
                     : "=&r"(seen)
                     : "r"(word_of_lock), "r"(1)
                     : "memory");
}

static void lock_give(uint32_t *word_of_lock)
{
    __asm__ volatile("amoswap.w.rl zero, zero, (%0)" : : "r"(word_of_lock) : "memory");
}

static void count(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        lock_take(&lock);
        counter++;
        lock_give(&lock);
    }
}

void secondary_main(word hart)
{
    CSR_SET(mie, (word)1 << SOFTWARE);
    while (!*mmio32(BOARD_CLINT + CLINT_MSIP + 4 * hart))
        wait_for_interrupt(); /* mstatus.MIE is off: it wakes, but takes no trap */
    *mmio32(BOARD_CLINT + CLINT_MSIP + 4 * hart) = 0;
    count();
    __atomic_fetch_add(&done, 1, __ATOMIC_RELEASE);
    for (;;)
        wait_for_interrupt();
}

int main(void)
{
    uint32_t start = *mmio32(BOARD_CLINT + CLINT_MTIME);
    *mmio32(BOARD_CLINT + CLINT_MSIP + 4 * 1) = 1;
    count();
    while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) == 0) {
        if (*mmio32(BOARD_CLINT + CLINT_MTIME) - start > 10000000) { /* a second */
            print_text("hart 1 does not answer: this guest wants two harts, -c 2\n");
            test_fail(1);
        }
    }
    print_text("two harts counted to ");
    print_decimal(counter);
    print_text("\n");
    if (counter != 2 * ROUNDS)
        test_fail(2);
    test_pass();
}
