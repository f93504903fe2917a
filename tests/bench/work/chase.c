/* A walk in random order through pages that are spread over 64 MiB, each step's address read at the
 * step before: one great cycle through NODES pointers, a few in each page and each in a line of its
 * own. No TLB reaches that far, so nearly every step is a miss, while the lines themselves fit the
 * host's caches: it is translation that is measured, not the host's memory. After as many steps as
 * there are nodes the walk must be back, and not before. */
#include "work.h"

enum {
    PAGES = 64 << 8,
    PAGE = 4096,
    LINES = PAGE / 64,
    PER_PAGE = 4,
    NODES = PAGES * PER_PAGE,
    WALKS = 4
};

struct node {
    struct node *next;
};

/* Node 0 of each page first, then all nodes 1; which line of its page a node has depends on the
 * page, or they would all fall into the same few sets of a cache. */
static struct node *node(uint32_t number)
{
    uint32_t page = number % PAGES, line = (number / PAGES * (LINES / PER_PAGE) + page) % LINES;
    return (struct node *)(heap() + (size_t)page * PAGE + line * 64);
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
