/* What Zfa adds, for singles and doubles: rounding to an integer against the host's rint() and
 * round() with flags, the conversion modulo 2^32 against libm's exact fmod(), and the constants
 * against the manual's table. Halves are in test_softfloat_half.c, comparisons in
 * test_softfloat_compare.c. */
#include "tests/cpu/host_float.h"
#include "tests/suite.h"

#define RANDOM_OPERANDS 1000000

static const struct float_format *const formats[] = {&float32, &float64};

typedef float single_function(float value);
typedef double double_function(double value);

/* Called through volatile pointers: what gcc expands in place is right in one rounding mode only.
 */
static u64 call(const struct float_format *format, u64 bits, single_function *of_single,
                double_function *of_double)
{
    single_function *volatile call_single = of_single;
    double_function *volatile call_double = of_double;
    host_single narrow_cell;
    host_double wide_cell;

    if (format == &float32) {
        narrow_cell.bits = (u32)bits;
        narrow_cell.value = call_single(narrow_cell.value);
        return narrow_cell.bits;
    }
    wide_cell.bits = bits;
    wide_cell.value = call_double(wide_cell.value);
    return wide_cell.bits;
}

/* libm may or may not raise inexact in round(): whether it is follows from the result. */
static void rounds_like_the_host(const struct float_format *format, u64 bits,
                                 enum rounding rounding)
{
    u8 expected_flags, flags = 0, flags_nx = 0;
    u64 expected, result, result_nx;

    feclearexcept(FE_ALL_EXCEPT);
    expected =
        rounding == ROUND_RMM ? call(format, bits, roundf, round) : call(format, bits, rintf, rint);
    expected_flags = host_flags();
    if (rounding == ROUND_RMM)
        expected_flags = (expected_flags & FLAG_NV) |
                         (expected != bits && !is_any_nan(format, bits) ? FLAG_NX : 0);
    expected = canonical(format, expected);
    result = soft_integral(format, bits, rounding, &flags);
    result_nx = soft_integral_nx(format, bits, rounding, &flags_nx);
    if (result != expected || result_nx != expected || flags_nx != expected_flags ||
        flags != (expected_flags & ~FLAG_NX))
        ck_abort_msg("%#" PRIx64 " rounding %d: %#" PRIx64 " flags %#x and %#x instead of %#" PRIx64
                     " flags %#x",
                     bits, rounding, result, flags_nx, flags, expected, expected_flags);
}

START_TEST(integers_are_rounded_to_like_the_host_does)
{
    const struct float_format *format = formats[_i % 2];
    i64 bias = ((i64)1 << (format->exponent_bits - 1)) - 1;
    u64 values[SPECIAL_MOST], state = 31 + (u64)_i;
    unsigned count = specials(format, values);
    int mode = _i / 2;

    if (mode < HOST_ROUNDINGS)
        fesetround(host_rounding[mode]);
    for (unsigned i = 0; i < count; i++)
        rounds_like_the_host(format, values[i], all_roundings[mode]);
    for (int i = 0; i < RANDOM_OPERANDS; i++) {
        u64 bits = random_near(format, bias + format->fraction_bits / 2,
                               format->fraction_bits / 2 + 4, &state);
        bits &= ~(u64)0 << (unsigned)i % (format->fraction_bits + 1); /* ties are few otherwise */
        rounds_like_the_host(format, bits, all_roundings[mode]);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

START_TEST(singles_of_every_exponent_round_like_the_host)
{
    for (u64 bits = 0; bits < (u64)1 << 32; bits += 997)
        rounds_like_the_host(&float32, bits, ROUND_RNE);
}
END_TEST

static void is_modular(double value)
{
    double remainder = fmod(trunc(value), 0x1p32); /* exact, with value's sign */
    u64 expected = isfinite(value) ? (u64)(i64)(i32)(u32)(i64)remainder : 0;
    u8 expected_flags = !(value > -0x1.00000002p31 && value < 0x1p31) ? FLAG_NV
                        : trunc(value) != value                       ? FLAG_NX
                                                                      : 0;
    u8 flags = 0;
    u64 result = soft_to_int_modular(&float64, double_bits(value), &flags);

    if (result != expected || flags != expected_flags)
        ck_abort_msg("%a: %#" PRIx64 " flags %#x instead of %#" PRIx64 " flags %#x", value, result,
                     flags, expected, expected_flags);
}

START_TEST(modular_conversion_keeps_the_lowest_32_bits)
{
    u64 values[SPECIAL_MOST], state = 41;
    unsigned count = specials(&float64, values);

    for (unsigned i = 0; i < count; i++)
        is_modular(meaning(&float64, values[i]));
    for (int power = -2; power < 90; power++)
        for (int step = -5; step <= 5; step++) {
            is_modular(ldexp(1, power) + step * 0.25);
            is_modular(-ldexp(1, power) + step * 0.25);
        }
    for (int i = 0; i < RANDOM_OPERANDS; i++)
        is_modular(meaning(&float64, random_near(&float64, 1023 + 45, 60, &state)));
}
END_TEST

START_TEST(constants_are_those_of_the_manual)
{
    static const double table[32] = {
        [0] = -1,     [2] = 0x1p-16, [3] = 0x1p-15, [4] = 0x1p-8, [5] = 0x1p-7,  [6] = 0.0625,
        [7] = 0.125,  [8] = 0.25,    [9] = 0.3125,  [10] = 0.375, [11] = 0.4375, [12] = 0.5,
        [13] = 0.625, [14] = 0.75,   [15] = 0.875,  [16] = 1,     [17] = 1.25,   [18] = 1.5,
        [19] = 1.75,  [20] = 2,      [21] = 2.5,    [22] = 3,     [23] = 4,      [24] = 8,
        [25] = 16,    [26] = 128,    [27] = 256,    [28] = 32768, [29] = 65536,  [30] = INFINITY,
    };

    for (unsigned i = 0; i < 31; i++) {
        double of_half = i == 1 ? 0x1p-14 : i == 29 ? INFINITY : table[i];
        ck_assert_double_eq(meaning(&float32, soft_constant(&float32, i)),
                            i == 1 ? 0x1p-126 : table[i]);
        ck_assert_double_eq(meaning(&float64, soft_constant(&float64, i)),
                            i == 1 ? 0x1p-1022 : table[i]);
        ck_assert_double_eq(meaning(&float16, soft_constant(&float16, i)), of_half);
    }
    ck_assert_uint_eq(soft_constant(&float16, 31), 0x7e00);
    ck_assert_uint_eq(soft_constant(&float32, 31), 0x7fc00000);
    ck_assert_uint_eq(soft_constant(&float64, 31), 0x7ff8000000000000);
}
END_TEST

int main(void)
{
    const TTest *const by_rounding[] = {integers_are_rounded_to_like_the_host_does};
    const TTest *const once[] = {singles_of_every_exponent_round_like_the_host,
                                 modular_conversion_keeps_the_lowest_32_bits,
                                 constants_are_those_of_the_manual};
    int failed = SUITE_RUN("Zfa, by rounding mode and format", by_rounding, 10);

    return SUITE_RUN("Zfa", once, 1) || failed;
}
