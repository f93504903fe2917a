/* What the benchmark's workloads share: the two functions that each of them defines, the check that
 * a result must pass, and small generators of numbers. A workload is freestanding C for RV64 and
 * RV32; results are of fixed width, so that both (and a host, see host.c) come to the same ones.
 * Expected results are known beforehand (test vectors, counts of primes) or were computed by the
 * host's build, never by the emulators that are measured. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "roms/rom.h"

/* What a workload defines. Rounds are alike: each begins anew and must come to the same result. The
 * preparation may be left out. */
void work_prepare(void);
void work_round(void);

/* Ends the run as failed, saying what, unless value is what it must be. */
void expect(const char *what, uint64_t value, uint64_t wanted);

/* Memory outside the ELF file, zero at the start: HEAP_BYTES of it. */
enum { HEAP_BYTES = 96 << 20 };
unsigned char *heap(void);

/* A generator of numbers that is good enough for data to work on (xorshift, Marsaglia 2003); the
 * state must not be 0. */
static inline uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Folds a value into a running sum that depends on the order of the values. */
static inline uint32_t fold(uint32_t sum, uint32_t value)
{
    return ((sum << 5 | sum >> 27) ^ value) * 0x9e3779b1u;
}

/* The routines that a compiler calls on its own account, and those of <string.h> that we use. */
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *one, const void *other, size_t size);
size_t strlen(const char *text);
int strcmp(const char *one, const char *other);
char *strchr(const char *text, int character);
char *strcpy(char *to, const char *from);

#endif
