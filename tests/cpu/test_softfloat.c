/* Addition, subtraction, multiplication, division, square root and fma: every result and every flag
 * against the host's FPU in its four rounding modes; RMM, which no host has, by directed cases and
 * against exact sums in double; float16 against exact results in double.
 * Conversions are in test_softfloat_convert.c, comparisons in test_softfloat_compare.c. */
#include <check.h>
#include "tests/cpu/host_float.h"

#define RANDOM_OPERANDS 1000000 /* per operation and format */
#define BATCH           256     /* fesetround() is slower than the operations */

typedef u64 host_operation(u64 a, u64 b, u64 c);
typedef u64 soft_operation(const struct float_format *format, const u64 *value,
                           enum rounding rounding, u8 *flags);

#define HOST(name, cell, result_expression)                                                        \
    static __attribute__((noinline)) u64 name(u64 a_, u64 b_, u64 c_)                              \
    {                                                                                              \
        cell a, b, c, result;                                                                      \
        a.bits = (__typeof__(a.bits))a_;                                                           \
        b.bits = (__typeof__(b.bits))b_;                                                           \
        c.bits = (__typeof__(c.bits))c_;                                                           \
        result.value = (result_expression);                                                        \
        return result.bits;                                                                        \
    }

#define SOFT(name, call)                                                                           \
    static u64 name(const struct float_format *format, const u64 *value, enum rounding rounding,   \
                    u8 *flags)                                                                     \
    {                                                                                              \
        return call;                                                                               \
    }

HOST(single_add, host_single, a.value + b.value)
HOST(single_sub, host_single, a.value - b.value)
HOST(single_mul, host_single, (a.value * b.value))
HOST(single_div, host_single, a.value / b.value)
HOST(single_sqrt, host_single, sqrtf(a.value))
HOST(single_fma, host_single, fmaf(a.value, b.value, c.value))
HOST(double_add, host_double, a.value + b.value)
HOST(double_sub, host_double, a.value - b.value)
HOST(double_mul, host_double, (a.value * b.value))
HOST(double_div, host_double, a.value / b.value)
HOST(double_sqrt, host_double, sqrt(a.value))
HOST(double_fma, host_double, fma(a.value, b.value, c.value))
SOFT(add, soft_add(format, value[0], value[1], rounding, flags))
SOFT(sub, soft_sub(format, value[0], value[1], rounding, flags))
SOFT(mul, soft_mul(format, value[0], value[1], rounding, flags))
SOFT(divide, soft_div(format, value[0], value[1], rounding, flags))
SOFT(root, soft_sqrt(format, value[0], rounding, flags))
SOFT(fused, soft_fma(format, value[0], value[1], value[2], rounding, flags))
#undef HOST
#undef SOFT

static const struct operation {
    const char *name;
    unsigned operands;
    soft_operation *soft;
    host_operation *single, *wide;
} operations[] = {
    {"add", 2, add, single_add, double_add},     {"sub", 2, sub, single_sub, double_sub},
    {"mul", 2, mul, single_mul, double_mul},     {"div", 2, divide, single_div, double_div},
    {"sqrt", 1, root, single_sqrt, double_sqrt}, {"fma", 3, fused, single_fma, double_fma},
};
#define OPERATIONS ((int)(sizeof operations / sizeof *operations))

static const struct float_format *format_of(int i)
{
    return i % 2 ? &float64 : &float32;
}

/* infinity * 0 + quiet NaN: RISC-V raises NV, x86 does not, IEEE 754 allows both. */
static u8 required_flags(const struct operation *operation, const struct float_format *format,
                         const u64 *value)
{
    u64 a = value[0] & (sign_of(format) - 1), b = value[1] & (sign_of(format) - 1);
    bool is_undefined =
        (a == 0 && b == infinity_of(format)) || (b == 0 && a == infinity_of(format));
    return operation->operands == 3 && is_undefined ? FLAG_NV : 0;
}

/* The host's rounding mode has been set. */
static void agree(const struct operation *operation, const struct float_format *format,
                  const u64 *value, enum rounding rounding)
{
    feclearexcept(FE_ALL_EXCEPT);
    host_operation *host = format == &float32 ? operation->single : operation->wide;
    u64 expected = host(value[0], value[1], value[2]);
    u8 expected_flags = host_flags() | required_flags(operation, format, value), flags = 0;
    expected = canonical(format, expected);
    u64 result = operation->soft(format, value, rounding, &flags);
    if (result == expected && !((flags ^ expected_flags) & COMPARED_FLAGS))
        return;
    ck_abort_msg("%s(%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 ") rounding %d: %#" PRIx64
                 " flags %#x, host says %#" PRIx64 " flags %#x",
                 operation->name, value[0], value[1], value[2], rounding, result, flags, expected,
                 expected_flags);
}

static void agree_on_specials(const struct operation *operation, const struct float_format *format,
                              enum rounding rounding)
{
    u64 values[SPECIAL_MOST];
    unsigned count = specials(format, values);
    unsigned seconds = operation->operands >= 2 ? count : 1;
    unsigned thirds = operation->operands >= 3 ? count : 1;
    for (unsigned i = 0; i < count; i++) {
        for (unsigned j = 0; j < seconds; j++) {
            for (unsigned k = 0; k < thirds; k++) {
                u64 value[3] = {values[i], values[j], values[k]};
                agree(operation, format, value, rounding);
            }
        }
    }
}

START_TEST(special_values_agree_with_the_host)
{
    const struct operation *operation = &operations[_i / 2];
    for (int mode = 0; mode < HOST_ROUNDINGS; mode++) {
        fesetround(host_rounding[mode]);
        agree_on_specials(operation, format_of(_i), all_roundings[mode]);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

/* A second operand that makes the operation interesting: close to the first, or such that the
 * product or the quotient comes near 1, the subnormals or the infinities. */
static u64 random_second(const struct float_format *format, u64 a, u64 *state)
{
    i64 bias = ((i64)1 << (format->exponent_bits - 1)) - 1;
    i64 first = exponent_field(format, a);
    switch (next_random(state) >> 60) {
    case 0:
        return random_any(format, state);
    case 1:
        return random_near(format, bias - first, format->fraction_bits, state);
    case 2:
        return random_near(format, 3 * bias - first, 2, state);
    case 3:
        return random_near(format, bias + first, format->fraction_bits, state);
    case 4:
        return random_near(format, 2 * bias - first, 2, state);
    default:
        return random_near(format, first, format->fraction_bits + 4, state);
    }
}

/* An addend near the product, or its opposite but for the last two bits. */
static u64 random_third(const struct float_format *format, u64 a, u64 b, u64 *state)
{
    u8 ignored = 0;
    u64 product = soft_mul(format, a, b, ROUND_RNE, &ignored);
    u64 random = next_random(state);
    switch (random >> 61) {
    case 0:
        return random_any(format, state);
    case 1:
        return product ^ sign_of(format) ^ (random & 3);
    default:
        return random_near(format, exponent_field(format, product), 2 * format->fraction_bits + 6,
                           state);
    }
}

START_TEST(random_values_agree_with_the_host)
{
    const struct operation *operation = &operations[_i / 2];
    const struct float_format *format = format_of(_i);
    u64 state = 0x9e3779b97f4a7c15u + (u64)_i;
    for (int i = 0; i < RANDOM_OPERANDS; i++) {
        int mode = i / BATCH % HOST_ROUNDINGS;
        if (i % BATCH == 0)
            fesetround(host_rounding[mode]);
        u64 value[3] = {random_any(format, &state)};
        value[1] = random_second(format, value[0], &state);
        if (operation->operands == 3)
            value[2] = random_third(format, value[0], value[1], &state);
        agree(operation, format, value, all_roundings[mode]);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

static double widen(const struct float_format *format, u64 bits)
{
    u8 ignored = 0;
    host_double cell;
    cell.bits = soft_convert(&float64, format, bits, ROUND_RNE, &ignored);
    return cell.value;
}

static double exactly(const struct operation *operation, const struct float_format *format,
                      const u64 *value)
{
    u64 wide[3];
    host_double result;
    for (int i = 0; i < 3; i++)
        wide[i] = double_bits(widen(format, value[i]));
    result.bits = operation->wide(wide[0], wide[1], wide[2]);
    return result.value;
}

/* add, sub, mul and fma, wherever the host's double computes them without rounding. */
START_TEST(all_five_roundings_of_exact_doubles_are_right)
{
    const struct operation *operation = &operations[(const int[]){0, 1, 2, 5}[_i / 2]];
    const struct float_format *format = _i % 2 ? &float16 : &float32;
    u64 state = 77 + (u64)_i;
    unsigned exact_count = 0;
    for (int i = 0; i < 100000; i++) {
        u64 value[3] = {random_any(format, &state)};
        value[1] = random_second(format, value[0], &state);
        value[2] = random_third(format, value[0], value[1], &state);
        enum rounding rounding = all_roundings[i % 5];
        feclearexcept(FE_ALL_EXCEPT);
        double exact = exactly(operation, format, value);
        if (fetestexcept(FE_INEXACT) || !isfinite(exact) || exact == 0)
            continue;
        exact_count++;
        u8 expected_flags = 0, flags = 0;
        u64 expected = double_bits(narrow(format, exact, rounding, &expected_flags));
        u64 result = operation->soft(format, value, rounding, &flags);
        if (double_bits(widen(format, result)) != expected || flags != expected_flags)
            ck_abort_msg("%s(%#" PRIx64 ", %#" PRIx64 ", %#" PRIx64 ") rounding %d: %#" PRIx64
                         " flags %#x instead of %a flags %#x",
                         operation->name, value[0], value[1], value[2], rounding, result, flags,
                         narrow(format, exact, rounding, &flags), expected_flags);
    }
    ck_assert_uint_gt(exact_count, 10000);
}
END_TEST

/* A root is never a tie, nor is a quotient that is a normal number. */
START_TEST(rmm_differs_from_rne_only_in_ties)
{
    u64 state = 5;
    for (int i = 0; i < 100000; i++) {
        u8 flags = 0;
        u64 a = random_any(&float64, &state), b = random_near(&float64, 1023, 2, &state);
        u64 quotient = soft_div(&float64, a, b, ROUND_RMM, &flags);
        if (exponent_field(&float64, quotient) != 0 &&
            quotient != soft_div(&float64, a, b, ROUND_RNE, &flags))
            ck_abort_msg("%#" PRIx64 " / %#" PRIx64, a, b);
        if (soft_sqrt(&float64, a, ROUND_RMM, &flags) != soft_sqrt(&float64, a, ROUND_RNE, &flags))
            ck_abort_msg("sqrt(%#" PRIx64 ")", a);
    }
}
END_TEST

START_TEST(rmm_rounds_a_tie_away_from_zero)
{
    static const struct tie {
        double a, b;
        u64 even, away;
    } sums[] = {
        {1, 0x1p-53, 0x3ff0000000000000, 0x3ff0000000000001},
        {-1, -0x1p-53, 0xbff0000000000000, 0xbff0000000000001},
        {0x1.0000000000001p0, 0x1p-53, 0x3ff0000000000002, 0x3ff0000000000002},
        {0x1p53, 1, 0x4340000000000000, 0x4340000000000001},
    };
    for (unsigned i = 0; i < sizeof sums / sizeof *sums; i++) {
        u64 a = double_bits(sums[i].a), b = double_bits(sums[i].b);
        u8 flags = 0;
        ck_assert_uint_eq(soft_add(&float64, a, b, ROUND_RNE, &flags), sums[i].even);
        ck_assert_uint_eq(soft_add(&float64, a, b, ROUND_RMM, &flags), sums[i].away);
        ck_assert_uint_eq(flags, FLAG_NX);
    }
}
END_TEST

START_TEST(rmm_rounds_half_of_the_smallest_subnormal_up)
{
    u64 two = double_bits(2);
    u8 flags = 0;
    ck_assert_uint_eq(soft_div(&float64, 1, two, ROUND_RNE, &flags), 0);
    ck_assert_uint_eq(soft_div(&float64, 1, two, ROUND_RMM, &flags), 1);
    ck_assert_uint_eq(soft_div(&float64, 5, two, ROUND_RNE, &flags), 2);
    ck_assert_uint_eq(soft_div(&float64, 5, two, ROUND_RMM, &flags), 3);
    ck_assert_uint_eq(flags, FLAG_NX | FLAG_UF);
}
END_TEST

START_TEST(rmm_overflows_to_infinity)
{
    u8 flags = 0;
    u64 largest = infinity_of(&float32) - 1;
    ck_assert_uint_eq(soft_add(&float32, largest, largest, ROUND_RMM, &flags),
                      infinity_of(&float32));
    ck_assert_uint_eq(flags, FLAG_OF | FLAG_NX);
}
END_TEST

START_TEST(flags_are_added_and_never_removed)
{
    u8 flags = FLAG_DZ;
    u64 one = double_bits(1);
    ck_assert_uint_eq(soft_add(&float64, one, one, ROUND_RNE, &flags), double_bits(2));
    ck_assert_uint_eq(flags, FLAG_DZ);
    soft_div(&float64, one, double_bits(3), ROUND_RNE, &flags);
    ck_assert_uint_eq(flags, FLAG_DZ | FLAG_NX);
}
END_TEST

START_TEST(infinity_times_zero_plus_quiet_nan_is_invalid)
{
    u64 infinity = infinity_of(&float64), quiet = infinity | (u64)1 << 51;
    u8 flags = 0;
    ck_assert_uint_eq(soft_fma(&float64, infinity, 0, quiet | 7, ROUND_RNE, &flags), quiet);
    ck_assert_uint_eq(flags, FLAG_NV);
}
END_TEST

/* The two numbers in the drawing above is_tiny(), 1/8 and 3/8 of the last place below the smallest
 * normal, and half a place below it, which is exact at full length. */
START_TEST(tininess_is_detected_after_rounding)
{
    static const struct {
        u64 eighths;
        u8 flags;
    } below[] = {{1, FLAG_NX}, {2, FLAG_NX}, {3, FLAG_NX | FLAG_UF}, {4, FLAG_NX | FLAG_UF}};
    u64 minimum = 0x00800000, eighth = power_of_two(&float32, -3);
    for (unsigned i = 0; i < sizeof below / sizeof *below; i++) {
        u64 places = sign_of(&float32) | below[i].eighths;
        u8 flags = 0;
        ck_assert_uint_eq(soft_fma(&float32, places, eighth, minimum, ROUND_RNE, &flags), minimum);
        ck_assert_uint_eq(flags, below[i].flags);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("softfloat");
    TCase *against_host = tcase_create("host"), *directed = tcase_create("directed");
    tcase_set_timeout(against_host, 250);
    tcase_add_loop_test(against_host, special_values_agree_with_the_host, 0, 2 * OPERATIONS);
    tcase_add_loop_test(against_host, random_values_agree_with_the_host, 0, 2 * OPERATIONS);
    tcase_add_loop_test(against_host, all_five_roundings_of_exact_doubles_are_right, 0, 8);
    tcase_add_test(against_host, rmm_differs_from_rne_only_in_ties);
    tcase_add_test(directed, rmm_rounds_a_tie_away_from_zero);
    tcase_add_test(directed, rmm_rounds_half_of_the_smallest_subnormal_up);
    tcase_add_test(directed, rmm_overflows_to_infinity);
    tcase_add_test(directed, flags_are_added_and_never_removed);
    tcase_add_test(directed, infinity_times_zero_plus_quiet_nan_is_invalid);
    tcase_add_test(directed, tininess_is_detected_after_rounding);
    suite_add_tcase(suite, against_host);
    suite_add_tcase(suite, directed);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
