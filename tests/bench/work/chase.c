/* A walk in random order through pages that are spread over 64 MiB, each step's address read at the
 * step before: one great cycle through NODES pointers, one in each page. No TLB reaches that far,
 * so nearly every step is a miss, while the lines themselves, 1 MiB, fit the host's caches: it is
 * translation that is measured, not the host's memory. After as many steps as there are nodes the
 * walk must be back, and not before. */
#include "work.h"

enum { PAGES = 64 << 8, PAGE = 4096, LINES = PAGE / 64, NODES = PAGES, WALKS = 16 };

struct node {
    struct node *next;
};

/* Which line of its page a node has depends on the page, or they would all fall into the same few
 * sets of a cache. */
static struct node *node(uint32_t page)
{
    return (struct node *)(heap() + (size_t)page * PAGE + page % LINES * 64);
}

/* Sattolo's shuffle: exchanging with an earlier place, never the same, leaves a single cycle. */
void work_prepare(void)
{
    uint32_t seed = 2026;
    for (uint32_t i = 0; i < NODES; i++)
        node(i)->next = node(i);
    for (uint32_t i = NODES - 1; i > 0; i--) {
        struct node *one = node(i),
                    *other = node((uint32_t)((uint64_t)random_next(&seed) * i >> 32));
        struct node *kept = one->next;
        one->next = other->next;
        other->next = kept;
    }
}

void work_round(void)
{
    const struct node *at = node(0);
    uint32_t steps = 0;
    for (int walk = 0; walk < WALKS; walk++)
        do {
            at = at->next;
            steps++;
        } while (at != node(0));
    expect("the length of the cycle", steps, WALKS * NODES);
}
