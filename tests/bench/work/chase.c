/* A walk through 64 MiB in random order, each step's address read at the step before: one great
 * cycle through a million nodes of 64 bytes. No TLB reaches that far, so nearly every step is a
 * miss. After as many steps as there are nodes the walk must be back, and not before. */
#include "work.h"

enum { NODES = 1 << 20, STRIDE = 64 };

static uint32_t *node(uint32_t number)
{
    return (uint32_t *)(heap() + (size_t)number * STRIDE);
}

/* Sattolo's shuffle: exchanging with an earlier place, never the same, leaves a single cycle. */
void work_prepare(void)
{
    uint32_t seed = 2026;
    for (uint32_t i = 0; i < NODES; i++)
        *node(i) = i;
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t other = (uint32_t)((uint64_t)random_next(&seed) * i >> 32);
        uint32_t kept = *node(i);
        *node(i) = *node(other);
        *node(other) = kept;
    }
}

void work_round(void)
{
    uint32_t at = 0, steps = 0;
    do {
        at = *node(at);
        steps++;
    } while (at != 0);
    expect("the length of the cycle", steps, NODES);
}
