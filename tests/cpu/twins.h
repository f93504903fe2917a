/* Two rigs with the same program, one for each engine, and the claim that they are the same. */
#ifndef TESTS_CPU_TWINS_H
#define TESTS_CPU_TWINS_H

#include "tests/cpu/rig.h"

#define TWINS_LOW ((u64)0x40000) /* bytes of RAM that every comparison looks at */

struct twins {
    struct rig plain, fast;
};

typedef void twins_setup(struct rig *rig);

static inline void twins_open(struct twins *twins, twins_setup *setup)
{
    setup(&twins->plain);
    setup(&twins->fast);
}

static inline void twins_close(struct twins *twins)
{
    rig_close(&twins->plain);
    rig_close(&twins->fast);
}

/* Runs every hart to this many steps exactly, in slices of at most that many: a slice may end early
 * (a device, a WFI). */
static inline void twins_run_rig(struct rig *rig, int engine, u64 steps, u64 slice)
{
    for (u64 to = slice; to < steps + slice; to += slice) {
        u64 goal = to < steps ? to : steps;
        for (unsigned i = 0; i < rig->hart_count; i++)
            while (hart_steps(rig->harts[i]) < goal)
                rig_engines[engine](rig->harts[i], goal - hart_steps(rig->harts[i]));
    }
}

static inline void twins_compare(const struct twins *twins, u64 limit, u64 when)
{
    const struct rig *plain = &twins->plain, *fast = &twins->fast;

    for (unsigned i = 0; i < plain->hart_count; i++) {
        const struct hart *a = plain->harts[i], *b = fast->harts[i];
        ck_assert_msg(hart_steps(a) == hart_steps(b), "hart %u after %llu: %llu steps, fast %llu",
                      i, (unsigned long long)when, (unsigned long long)hart_steps(a),
                      (unsigned long long)hart_steps(b));
        ck_assert_msg(a->pc == b->pc, "hart %u after %llu: pc %#llx, fast %#llx", i,
                      (unsigned long long)when, (unsigned long long)a->pc,
                      (unsigned long long)b->pc);
        for (unsigned x = 0; x < 32; x++)
            ck_assert_msg(a->x[x] == b->x[x], "hart %u after %llu: x%u %#llx, fast %#llx", i,
                          (unsigned long long)when, x, (unsigned long long)a->x[x],
                          (unsigned long long)b->x[x]);
        ck_assert_msg(hart_hash(a, 0) == hart_hash(b, 0), "hart %u after %llu differs", i,
                      (unsigned long long)when);
    }
    ck_assert_msg(!memcmp(plain->ram.bytes, fast->ram.bytes, limit), "RAM after %llu differs",
                  (unsigned long long)when);
}

static inline void twins_agree(twins_setup *setup, u64 steps, u64 slice)
{
    struct twins twins;

    twins_open(&twins, setup);
    twins_run_rig(&twins.plain, RIG_PLAIN, steps, slice);
    twins_run_rig(&twins.fast, RIG_FAST, steps, slice);
    twins_compare(&twins, TWINS_LOW, steps);
    twins_close(&twins);
}

#endif
