/* A mutation for files that a library reads for us: it is not instrumented, so libFuzzer has to
 * guess what it compares with. Numbers of a file's headers are replaced by those that matter. */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include "memory/types.h"

#include <stddef.h>

enum mutate_order { MUTATE_LITTLE_ENDIAN, MUTATE_BIG_ENDIAN };

/* libFuzzer's: its own mutations, and what it calls instead when a fuzzer has it. */
size_t LLVMFuzzerMutate(u8 *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(u8 *bytes, size_t size, size_t most, unsigned seed);

static inline unsigned mutate_random(unsigned *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 8;
}

/* Replaces an aligned number of 4 or 8 bytes by a small one, one near the size of the file, one
 * near another in the file, or a power of two. */
static inline void mutate_number(u8 *bytes, size_t size, unsigned *random, enum mutate_order order)
{
    size_t width = mutate_random(random) % 2 ? 4 : 8, at;
    u64 value = 0;

    if (size < width)
        return;
    at = mutate_random(random) % (size / 4) * 4;
    if (mutate_random(random) % 4 == 0) /* a file within a file may start anywhere */
        at += mutate_random(random) % 4;
    if (at + width > size)
        at = size - width;
    switch (mutate_random(random) % 4) {
    case 0:
        value = mutate_random(random) % 10;
        break;
    case 1:
        value = size + mutate_random(random) % 16 - 8;
        break;
    case 2:
        value = mutate_random(random) % size;
        break;
    case 3:
        value = ((u64)1 << mutate_random(random) % 64) - mutate_random(random) % 2;
        break;
    }
    for (size_t i = 0; i < width; i++)
        bytes[at + i] = (u8)(value >> 8 * (order == MUTATE_BIG_ENDIAN ? width - 1 - i : i));
}

/* What a fuzzer's LLVMFuzzerCustomMutator() returns. */
static inline size_t mutate_file(u8 *bytes, size_t size, size_t most, unsigned seed,
                                 enum mutate_order order)
{
    unsigned random = seed;

    if (mutate_random(&random) % 2)
        return LLVMFuzzerMutate(bytes, size, most);
    for (unsigned i = mutate_random(&random) % 4; i < 4; i++)
        mutate_number(bytes, size, &random, order);
    return size;
}

#endif
