/* A small generator of numbers that look random and are the same for the same seed everywhere
 * (SplitMix64: a counter and a mixing function). */
#ifndef TESTS_AGREE_RANDOM_H
#define TESTS_AGREE_RANDOM_H

#include "memory/types.h"

struct random {
    u64 state;
};

static inline u64 random_next(struct random *random)
{
    u64 mixed = random->state += 0x9e3779b97f4a7c15;

    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

/* 0..limit - 1 */
static inline u32 random_below(struct random *random, u32 limit)
{
    return (u32)((random_next(random) >> 32) * limit >> 32);
}

static inline bool random_one_in(struct random *random, u32 count)
{
    return random_below(random, count) == 0;
}

#endif
