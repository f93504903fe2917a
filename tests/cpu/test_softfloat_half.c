/* Half precision. Every half is rooted, rounded and converted, in all five rounding modes, and
 * millions of pairs and triples are computed with; the judge is the host's double, whose 53 bits
 * hold sums and products of halves exactly, and roots and quotients so nearly that rounding once
 * more is right in every mode. Comparisons are in test_softfloat_compare.c. */
#include "tests/cpu/host_float.h"
#include "tests/suite.h"

#include "tests/agree/random.h"

#define HALVES  0x10000u
#define PAIRS   2000000 /* per operation */
#define TRIPLES 2000000

/* The exact result, or all that matters of it, rounded to a half. */
static void expect(const char *what, u64 a, u64 b, enum rounding rounding, double exact,
                   u8 expected_flags, u64 result, u8 flags)
{
    double expected = exact;
    if (isfinite(exact))
        expected = narrow(&float16, exact, rounding, &expected_flags);
    if (isnan(exact) ? result == 0x7e00
                     : double_bits(meaning(&float16, result)) == double_bits(expected))
        if (flags == expected_flags)
            return;
    ck_abort_msg("%s(%#" PRIx64 ", %#" PRIx64 ") rounding %d: %#" PRIx64
                 " flags %#x instead of %a flags %#x",
                 what, a, b, rounding, result, flags, expected, expected_flags);
}

START_TEST(every_root_of_a_half_is_right)
{
    enum rounding rounding = all_roundings[_i];

    for (u64 half = 0; half < HALVES; half++) {
        double value = meaning(&float16, half);
        bool is_invalid = is_signalling_nan(&float16, half) || value < 0;
        u8 flags = 0;
        u64 result = soft_sqrt(&float16, half, rounding, &flags);
        expect("sqrt", half, 0, rounding, value < 0 ? NAN : sqrt(value), is_invalid ? FLAG_NV : 0,
               result, flags);
    }
}
END_TEST

START_TEST(every_half_rounds_to_an_integer)
{
    enum rounding rounding = all_roundings[_i];

    for (u64 half = 0; half < HALVES; half++) {
        double value = meaning(&float16, half);
        double integer = isfinite(value) ? round_integer(value, rounding) : value;
        u8 invalid = is_signalling_nan(&float16, half) ? FLAG_NV : 0, flags = 0, flags_nx = 0;
        u64 result = soft_integral(&float16, half, rounding, &flags);
        u64 result_nx = soft_integral_nx(&float16, half, rounding, &flags_nx);
        expect("fround", half, 0, rounding, integer, invalid, result, flags);
        if (isfinite(value) && integer != value)
            invalid |= FLAG_NX;
        ck_assert_uint_eq(result_nx, result);
        ck_assert_msg(flags_nx == invalid, "froundnx(%#llx): flags %#x", (unsigned long long)half,
                      flags_nx);
    }
}
END_TEST

START_TEST(every_half_converts_to_integers)
{
    static const double least[] = {-0x1p31, 0, -0x1p63, 0};
    static const u64 lowest[] = {0xffffffff80000000, 0, 0x8000000000000000, 0};
    static const u64 highest[] = {0x7fffffff, UINT64_MAX, 0x7fffffffffffffff, UINT64_MAX};
    enum rounding rounding = all_roundings[_i];

    for (u64 half = 0; half < HALVES; half++) {
        double value = meaning(&float16, half), integer = round_integer(value, rounding);
        for (int kind = INTEGER_I32; kind <= INTEGER_U64; kind++) {
            u64 expected = (u64)(i64)integer; /* no half but infinity is too large */
            u8 expected_flags = integer != value ? FLAG_NX : 0, flags = 0;
            u64 result = soft_to_int(&float16, half, (enum integer_kind)kind, rounding, &flags);
            if (!isfinite(value) || integer < least[kind]) {
                expected = value < 0 ? lowest[kind] : highest[kind];
                expected_flags = FLAG_NV;
            }
            if (result != expected || flags != expected_flags)
                ck_abort_msg("%#" PRIx64 " to kind %d rounding %d: %#" PRIx64 " flags %#x", half,
                             kind, rounding, result, flags);
        }
    }
}
END_TEST

START_TEST(integers_convert_to_halves)
{
    enum rounding rounding = all_roundings[_i];
    struct random random = {.state = 61 + (u64)_i};

    for (unsigned i = 0; i < 400000; i++) {
        u64 integer = i < 140000 ? i - 70000u : random_next(&random) >> random_below(&random, 64);
        double values[] = {(double)(i32)(u32)integer, (double)(u32)integer,
                           (double)((i64)integer >> 11), (double)(integer >> 11)};
        for (int kind = INTEGER_I32; kind <= INTEGER_U64; kind++) {
            u64 from = kind == INTEGER_I64   ? (u64)((i64)integer >> 11)
                       : kind == INTEGER_U64 ? integer >> 11
                                             : integer;
            u8 flags = 0;
            u64 result = soft_from_int(&float16, from, (enum integer_kind)kind, rounding, &flags);
            expect("from int", from, (u64)kind, rounding, values[kind], 0, result, flags);
        }
    }
}
END_TEST

/* 2^32 singles are too many; a step that is prime to 2^32 meets every exponent. */
START_TEST(singles_convert_to_halves)
{
    enum rounding rounding = all_roundings[_i];

    for (u64 single = 0; single < (u64)1 << 32; single += 4093) {
        u8 flags = 0;
        u64 result = soft_convert(&float16, &float32, single, rounding, &flags);
        expect("fcvt.h.s", single, 0, rounding, meaning(&float32, single),
               is_signalling_nan(&float32, single) ? FLAG_NV : 0, result, flags);
    }
}
END_TEST

typedef u64 soft_binary(const struct float_format *format, u64 a, u64 b, enum rounding rounding,
                        u8 *flags);

static const struct {
    const char *name;
    soft_binary *soft;
} operations[] = {{"add", soft_add}, {"sub", soft_sub}, {"mul", soft_mul}, {"div", soft_div}};

static __attribute__((noinline)) double in_doubles(int operation, double left, double right)
{
    volatile double a = left, b = right, result;

    switch (operation) {
    case 0:
        result = a + b;
        break;
    case 1:
        result = a - b;
        break;
    case 2:
        result = a * b;
        break;
    default:
        result = a / b;
        break;
    }
    return result;
}

static void pair_is_right(int operation, u64 a, u64 b, enum rounding rounding)
{
    double left = meaning(&float16, a), right = meaning(&float16, b), exact;
    u8 expected_flags = 0, flags = 0;

    feclearexcept(FE_ALL_EXCEPT);
    exact = in_doubles(operation, left, right);
    if (fetestexcept(FE_INVALID) || is_signalling_nan(&float16, a) ||
        is_signalling_nan(&float16, b))
        expected_flags |= FLAG_NV;
    if (fetestexcept(FE_DIVBYZERO))
        expected_flags |= FLAG_DZ;
    /* A zero that is the sum of opposites is -0 when rounding down. */
    if (operation < 2 && rounding == ROUND_RDN && exact == 0 &&
        !signbit(left) != !signbit(operation ? -right : right))
        exact = -0.0;
    u64 result = operations[operation].soft(&float16, a, b, rounding, &flags);
    expect(operations[operation].name, a, b, rounding, exact, expected_flags, result, flags);
}

START_TEST(pairs_of_halves_compute_like_doubles)
{
    struct random random = {.state = 71 + (u64)_i};
    u64 values[SPECIAL_MOST];
    unsigned count = specials(&float16, values);

    for (unsigned i = 0; i < count * count * 5; i++)
        pair_is_right(_i, values[i / 5 % count], values[i / 5 / count], all_roundings[i % 5]);
    for (unsigned i = 0; i < PAIRS; i++) {
        u64 bits = random_next(&random), a = bits & 0xffff, b = bits >> 16 & 0xffff;
        /* Every other pair is of one size, so that sums cancel. */
        if (bits >> 63)
            b = (a & 0x7c00) | (b & 0x83ff);
        pair_is_right(_i, a, b, all_roundings[i % 5]);
    }
}
END_TEST

static __attribute__((noinline)) double fused_in_doubles(double a, double b, double c)
{
    volatile double product = a * b, sum = product + c; /* the product is exact */

    return sum;
}

START_TEST(triples_of_halves_compute_like_doubles)
{
    enum rounding rounding = all_roundings[_i];
    struct random random = {.state = 81 + (u64)_i};
    unsigned exact_count = 0;

    for (unsigned i = 0; i < TRIPLES / 5; i++) {
        u64 bits = random_next(&random), a = bits & 0xffff, b = bits >> 16 & 0xffff;
        u8 ignored = 0, flags = 0;
        u64 product = soft_mul(&float16, a, b, ROUND_RNE, &ignored);
        u64 c = bits >> 63 ? bits >> 32 & 0xffff : product ^ 0x8000 ^ (bits >> 32 & 0x3f);
        double sum;
        feclearexcept(FE_ALL_EXCEPT);
        sum = fused_in_doubles(meaning(&float16, a), meaning(&float16, b), meaning(&float16, c));
        if (!isfinite(sum) || sum == 0 || fetestexcept(FE_INEXACT))
            continue;
        exact_count++;
        u64 result = soft_fma(&float16, a, b, c, rounding, &flags);
        expect("fma", a << 16 | b, c, rounding, sum, 0, result, flags);
    }
    ck_assert_uint_gt(exact_count, TRIPLES / 5 / 2);
}
END_TEST

int main(void)
{
    const TTest *const by_rounding[] = {
        every_root_of_a_half_is_right,   every_half_rounds_to_an_integer,
        every_half_converts_to_integers, integers_convert_to_halves,
        singles_convert_to_halves,       triples_of_halves_compute_like_doubles};
    const TTest *const by_operation[] = {pairs_of_halves_compute_like_doubles};
    int failed = SUITE_RUN("half precision, by rounding mode", by_rounding, 5);

    return SUITE_RUN("half precision, by operation", by_operation, 4) || failed;
}
