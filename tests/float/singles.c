/* Every single there is, 2^32 of them, through every operation on one single, against the host's
 * FPU in one rounding mode: bits and flags.
 *
 *   float_singles rne|rtz|rdn|rup [FIRST LAST]      bit patterns in hexadecimal, both included
 *
 * Exit code 0: no difference. 1: the first one is printed. 2: bad usage. x86-64 only. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <emmintrin.h>
#include "tests/float/judge_host.h"

#define MXCSR_FLAGS 0x3fu
#define MXCSR_MODE  13 /* its place; everything is masked below */

static const struct mode {
    const char *name;
    enum rounding rounding;
    u32 mxcsr;
} modes[] = {
    {"rne", ROUND_RNE, 0x1f80},
    {"rtz", ROUND_RTZ, 0x1f80 | 3 << MXCSR_MODE},
    {"rdn", ROUND_RDN, 0x1f80 | 1 << MXCSR_MODE},
    {"rup", ROUND_RUP, 0x1f80 | 2 << MXCSR_MODE},
};

/* The operations on one single, as operations.def names them. */
enum { INTEGRAL, INTEGRAL_NX, TO_W, TO_WU, TO_L, TO_LU, ROOT, TO_HALF, TO_DOUBLE, CLASS, WORDS };

static const char *const names[WORDS] = {"fround.s", "froundnx.s", "fcvt.w.s", "fcvt.wu.s",
                                         "fcvt.l.s", "fcvt.lu.s",  "fsqrt.s",  "fcvt.h.s",
                                         "fcvt.d.s", "fclass.s"};

struct run {
    const struct mode *mode;
    const struct operation *words[WORDS];
    u64 compared;
    bool has_half;
};

typedef volatile union {
    u32 bits;
    float value;
} single;

typedef volatile union {
    u64 bits;
    double value;
} wide;

/* Noinline, and through volatile objects: the compiler must not move these past the flags. */
static __attribute__((noinline)) u32 host_rint(u32 bits)
{
    single from = {.bits = bits}, to;

    to.value = rintf(from.value);
    return to.bits;
}

static __attribute__((noinline)) u32 host_root(u32 bits)
{
    single from = {.bits = bits}, to;

    to.value = sqrtf(from.value);
    return to.bits;
}

static __attribute__((noinline)) u64 host_double(u32 bits)
{
    single from = {.bits = bits};
    wide to;

    to.value = (double)from.value;
    return to.bits;
}

static u64 host_class(u32 bits)
{
    single value = {.bits = bits};
    bool is_negative = bits >> 31;

    switch (fpclassify(value.value)) {
    case FP_NAN:
        return bits & 0x400000 ? CLASS_QUIET_NAN : CLASS_SIGNALLING_NAN;
    case FP_INFINITE:
        return is_negative ? CLASS_MINUS_INFINITY : CLASS_PLUS_INFINITY;
    case FP_ZERO:
        return is_negative ? CLASS_MINUS_ZERO : CLASS_PLUS_ZERO;
    case FP_SUBNORMAL:
        return is_negative ? CLASS_MINUS_SUBNORMAL : CLASS_PLUS_SUBNORMAL;
    }
    return is_negative ? CLASS_MINUS_NORMAL : CLASS_PLUS_NORMAL;
}

/* The flags raised since the last call. */
static u8 take_flags(const struct run *run)
{
    u32 raised = _mm_getcsr() & MXCSR_FLAGS;

    if (raised)
        _mm_setcsr(run->mode->mxcsr);
    return (u8)((raised & 0x01 ? FLAG_NV : 0) | (raised & 0x08 ? FLAG_OF : 0) |
                (raised & 0x10 ? FLAG_UF : 0) | (raised & 0x20 ? FLAG_NX : 0));
}

static void expect(struct run *run, unsigned word, u32 bits, u64 expected, u8 expected_flags)
{
    const struct operation *operation = run->words[word];
    const struct float_format *result = operation_result(operation);
    u64 operand[3] = {bits};
    u8 flags = 0;

    if (result && holds_nan(result, expected))
        expected = the_nan(result);
    u64 soft = operation->soft(operand, run->mode->rounding, &flags);
    run->compared++;
    if (soft == expected && flags == expected_flags)
        return;
    printf("%s %#x %s: soft-float %#" PRIx64 " flags %#x, the host %#" PRIx64 " flags %#x\n",
           operation->name, bits, run->mode->name, soft, flags, expected, expected_flags);
    exit(1);
}

static void compare_integers(struct run *run, u32 bits)
{
    u32 whole = host_rint(bits);
    u8 flags = take_flags(run);
    wide value = {.bits = host_double(whole)};

    expect(run, INTEGRAL, bits, whole, flags & ~FLAG_NX);
    expect(run, INTEGRAL_NX, bits, whole, flags);
    for (unsigned word = TO_W; word <= TO_LU; word++) {
        u8 of_integer = flags;
        u64 integer = host_to_integer(value.value, run->words[word]->integer, &of_integer);
        expect(run, word, bits, integer, of_integer);
    }
    take_flags(run);
}

static void compare_single(struct run *run, u32 bits)
{
    compare_integers(run, bits);
    u64 root = host_root(bits);
    expect(run, ROOT, bits, root, take_flags(run));
    if (run->has_half) {
        u64 half = host_single_to_half(bits);
        expect(run, TO_HALF, bits, half, take_flags(run));
    }
    if (run->mode->rounding != ROUND_RNE)
        return; /* what follows does not round */
    u64 as_double = host_double(bits);
    expect(run, TO_DOUBLE, bits, as_double, take_flags(run));
    expect(run, CLASS, bits, host_class(bits), 0);
    take_flags(run);
}

static const struct mode *find_mode(const char *name)
{
    for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].name, name) == 0)
            return &modes[i];
    return NULL;
}

static void find_words(struct run *run)
{
    for (unsigned i = 0; i < WORDS; i++)
        for (unsigned j = 0; j < operation_count; j++)
            if (strcmp(names[i], operations[j].name) == 0)
                run->words[i] = &operations[j];
    run->has_half = host_knows_half(run->words[TO_HALF]);
}

int main(int count, char **words)
{
    struct run run = {.mode = count > 1 ? find_mode(words[1]) : NULL};
    u64 first = count > 3 ? strtoull(words[2], NULL, 16) : 0;
    u64 last = count > 3 ? strtoull(words[3], NULL, 16) : UINT32_MAX;

    if (!run.mode || first > last || last > UINT32_MAX) {
        fprintf(stderr, "usage: %s rne|rtz|rdn|rup [FIRST LAST]\n", words[0]);
        return 2;
    }
    find_words(&run);
    _mm_setcsr(run.mode->mxcsr);
    for (u64 bits = first; bits <= last; bits++)
        compare_single(&run, (u32)bits);
    printf("%s: %" PRIu64 " results of %#" PRIx64 " to %#" PRIx64 " compared, none differs%s\n",
           run.mode->name, run.compared, first, last,
           run.has_half ? "" : " (this host has no halves)");
    return 0;
}
