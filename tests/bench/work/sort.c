/* A sieve of Eratosthenes over bytes, then the same numbers sorted three ways: quicksort, heap sort
 * and shell sort. Byte stores with a stride; branches decided by data. The number of primes is
 * known, and sorted numbers can be seen to be sorted. */
#include "work.h"

enum { LIMIT = 200000, PRIMES = 17984, COUNT = 12000 };

static unsigned char composite[LIMIT];
static uint32_t numbers[COUNT];

static uint32_t sieve(void)
{
    uint32_t primes = 0;
    memset(composite, 0, sizeof composite);
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        primes++;
        for (uint64_t multiple = (uint64_t)i * i; multiple < LIMIT; multiple += i)
            composite[multiple] = 1;
    }
    return primes;
}

static void swap(uint32_t *one, uint32_t *other)
{
    uint32_t kept = *one;
    *one = *other;
    *other = kept;
}

static void quick_sort(uint32_t *from, uint32_t *to)
{
    while (to - from > 1) {
        uint32_t pivot = from[(to - from) / 2], *low = from, *high = to - 1;
        while (low <= high) {
            while (*low < pivot)
                low++;
            while (*high > pivot)
                high--;
            if (low <= high)
                swap(low++, high--);
        }
        quick_sort(low, to);
        to = high + 1;
    }
}

static void sink(uint32_t *heap_root, unsigned parent, unsigned count)
{
    for (unsigned child = 2 * parent + 1; child < count; parent = child, child = 2 * parent + 1) {
        if (child + 1 < count && heap_root[child] < heap_root[child + 1])
            child++;
        if (heap_root[parent] >= heap_root[child])
            return;
        swap(&heap_root[parent], &heap_root[child]);
    }
}

static void heap_sort(uint32_t *values, unsigned count)
{
    for (unsigned i = count / 2; i-- > 0;)
        sink(values, i, count);
    for (unsigned last = count; last-- > 1;) {
        swap(&values[0], &values[last]);
        sink(values, 0, last);
    }
}

static void shell_sort(uint32_t *values, unsigned count)
{
    for (unsigned gap = 3280; gap > 0; gap /= 3)
        for (unsigned i = gap; i < count; i++) {
            uint32_t value = values[i];
            unsigned place = i;
            for (; place >= gap && values[place - gap] > value; place -= gap)
                values[place] = values[place - gap];
            values[place] = value;
        }
}

static uint32_t fill(uint32_t seed)
{
    uint32_t sum = 0;
    for (int i = 0; i < COUNT; i++)
        sum += numbers[i] = random_next(&seed);
    return sum;
}

static void expect_sorted(uint32_t sum)
{
    for (int i = 0; i < COUNT; i++) {
        sum -= numbers[i];
        if (i > 0 && numbers[i] < numbers[i - 1])
            expect("the order at a place", (uint64_t)i, 0);
    }
    expect("what is left of the sum", sum, 0);
}

void work_round(void)
{
    expect("the number of primes", sieve(), PRIMES);
    uint32_t sum = fill(1);
    quick_sort(numbers, numbers + COUNT);
    expect_sorted(sum);
    sum = fill(2);
    heap_sort(numbers, COUNT);
    expect_sorted(sum);
    sum = fill(3);
    shell_sort(numbers, COUNT);
    expect_sorted(sum);
}
