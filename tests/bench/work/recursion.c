/* Functions that call themselves: Fibonacci's numbers, Takeuchi's and Ackermann's functions, the
 * towers of Hanoi and the queens on a chess board. Calls, returns, and registers saved on the
 * stack. All results are known. */
#include "work.h"

__attribute__((noinline)) static uint32_t fibonacci(uint32_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__attribute__((noinline)) static int takeuchi(int x, int y, int z)
{
    if (y >= x)
        return z;
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}

__attribute__((noinline)) static uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static uint32_t heights[3];

__attribute__((noinline)) static uint32_t hanoi(int discs, int from, int to)
{
    if (discs == 0)
        return 0;
    int third = 3 - from - to;
    uint32_t moves = hanoi(discs - 1, from, third);
    heights[from]--;
    heights[to]++;
    return moves + 1 + hanoi(discs - 1, third, to);
}

__attribute__((noinline)) static uint32_t queens(uint32_t columns, uint32_t rising,
                                                 uint32_t falling)
{
    if (columns == 0xff)
        return 1;
    uint32_t found = 0, open = 0xff & ~(columns | rising | falling);
    while (open) {
        uint32_t place = open & -open;
        open ^= place;
        found += queens(columns | place, (rising | place) << 1, (falling | place) >> 1);
    }
    return found;
}

void work_round(void)
{
    expect("Fibonacci's 22nd number", fibonacci(22), 17711);
    expect("Takeuchi's function", (uint64_t)takeuchi(18, 12, 6), 7);
    expect("Ackermann's function", ackermann(2, 60), 123);
    heights[0] = 12;
    heights[1] = heights[2] = 0;
    expect("the moves of twelve discs", hanoi(12, 0, 2), 4095);
    expect("the height of the last tower", heights[2], 12);
    expect("the ways to place eight queens", queens(0, 0, 0), 92);
}
