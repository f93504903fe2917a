/* Long arrays walked in step: copy, scale, add, and both at once, in 64-bit words. Three arrays of
 * a megabyte, placed so that their pages do not collide. Loads and stores with nothing between. */
#include "work.h"

enum { LENGTH = 1 << 17, APART = (1 << 20) + (85 << 12) };

static uint64_t *array(unsigned number)
{
    return (uint64_t *)(heap() + number * APART);
}

__attribute__((noinline)) static void copy(uint64_t *to, const uint64_t *from)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = from[i];
}

__attribute__((noinline)) static void scale(uint64_t *to, const uint64_t *from)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = 3 * from[i];
}

__attribute__((noinline)) static void add(uint64_t *to, const uint64_t *one, const uint64_t *other)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = one[i] + other[i];
}

__attribute__((noinline)) static void triad(uint64_t *to, const uint64_t *one,
                                            const uint64_t *other)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = one[i] + 5 * other[i];
}

void work_round(void)
{
    uint64_t *a = array(0), *b = array(1), *c = array(2);
    for (int i = 0; i < LENGTH; i++)
        a[i] = (uint64_t)i << 32 | 1;
    for (int times = 0; times < 4; times++) {
        copy(b, a);     /* b = a */
        scale(c, b);    /* c = 3a */
        add(b, a, c);   /* b = 4a */
        triad(c, a, b); /* c = 21a */
        copy(a, c);     /* a = 21a */
    }
    uint64_t sum = 0;
    for (int i = 0; i < LENGTH; i++)
        sum += a[i];
    /* 21^4 times the sum of all i << 32 | 1. */
    expect("the sum", sum, 194481ull * (((uint64_t)LENGTH * (LENGTH - 1) / 2 << 32) + LENGTH));
}
