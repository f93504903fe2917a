/* Arrays walked in step whose pages share their low page-number bits: 4 MiB apart, so that a
 * direct-mapped TLB of up to 1024 entries has one entry for all of them, then 1 MiB apart, then six
 * at once. What is measured is a miss, and what an emulator does to avoid it. */
#include "work.h"

enum { LENGTH = 1 << 16, MEGABYTE = 1 << 20 }; /* 512 KiB each */

static uint64_t *array(unsigned number, unsigned apart)
{
    return (uint64_t *)(heap() + number * apart);
}

__attribute__((noinline)) static void triad(uint64_t *to, const uint64_t *one,
                                            const uint64_t *other)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = one[i] + 5 * other[i];
}

__attribute__((noinline)) static uint64_t six(unsigned apart)
{
    uint64_t *a = array(0, apart), *b = array(1, apart), *c = array(2, apart);
    uint64_t *d = array(3, apart), *e = array(4, apart), *f = array(5, apart);
    uint64_t sum = 0;
    for (int i = 0; i < LENGTH; i++)
        sum += a[i] + b[i] + c[i] + d[i] + e[i] + f[i];
    return sum;
}

static void fill(uint64_t *to, uint64_t factor)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = factor * (uint64_t)i;
}

void work_round(void)
{
    const uint64_t total = (uint64_t)LENGTH * (LENGTH - 1) / 2;
    for (unsigned apart = 4 * MEGABYTE; apart >= MEGABYTE; apart /= 4) {
        for (unsigned number = 0; number < 6; number++)
            fill(array(number, apart), number);
        for (int times = 0; times < 12; times++)
            triad(array(0, apart), array(1, apart), array(2, apart)); /* 11 i */
        for (int times = 0; times < 4; times++)
            expect("the sum of six arrays", six(apart), (11 + 1 + 2 + 3 + 4 + 5) * total);
    }
}
