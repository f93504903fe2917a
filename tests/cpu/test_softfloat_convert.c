/* fcvt: to integers against libm's rounding functions, from integers and between float32 and
 * float64 against the host's FPU, to float16 against the textbook in double (see host_float.h). */
#include <check.h>
#include "tests/cpu/host_float.h"

#define RANDOM_OPERANDS 500000

static const struct float_format *const formats[] = {&float16, &float32, &float64};

static u64 integer_by_libm(double x, enum integer_kind kind, enum rounding rounding, u8 *flags)
{
    static const double least[] = {-0x1p31, 0, -0x1p63, 0};
    static const double limit[] = {0x1p31, 0x1p32, 0x1p63, 0x1p64};
    static const u64 lowest[] = {0xffffffff80000000, 0, 0x8000000000000000, 0};
    static const u64 highest[] = {0x7fffffff, 0xffffffffffffffff, 0x7fffffffffffffff,
                                  0xffffffffffffffff};
    double integer = round_integer(x, rounding);
    *flags = FLAG_NV;
    if (isnan(x) || integer >= limit[kind])
        return highest[kind];
    if (integer < least[kind])
        return lowest[kind];
    *flags = integer != x ? FLAG_NX : 0;
    u64 result = integer < 0 ? (u64)(i64)integer : (u64)integer;
    return kind == INTEGER_U32 ? (u64)(i64)(i32)(u32)result : result;
}

static void to_int_agrees(const struct float_format *format, u64 bits)
{
    for (int kind = INTEGER_I32; kind <= INTEGER_U64; kind++) {
        for (int mode = 0; mode < 5; mode++) {
            u8 flags = 0, expected_flags = 0;
            u64 expected = integer_by_libm(meaning(format, bits), (enum integer_kind)kind,
                                           all_roundings[mode], &expected_flags);
            u64 result =
                soft_to_int(format, bits, (enum integer_kind)kind, all_roundings[mode], &flags);
            if (result != expected || flags != expected_flags)
                ck_abort_msg("%#" PRIx64 " to kind %d rounding %d: %#" PRIx64
                             " flags %#x instead of %#" PRIx64 " flags %#x",
                             bits, kind, mode, result, flags, expected, expected_flags);
        }
    }
}

START_TEST(conversions_to_integers_agree_with_libm)
{
    const struct float_format *format = formats[_i];
    u64 values[SPECIAL_MOST], state = 1 + (u64)_i;
    i64 bias = ((i64)1 << (format->exponent_bits - 1)) - 1;
    unsigned count = specials(format, values);
    for (unsigned i = 0; i < count; i++)
        to_int_agrees(format, values[i]);
    for (int i = 0; i < RANDOM_OPERANDS / 10; i++)
        to_int_agrees(format, random_near(format, bias + 31, 38, &state));
}
END_TEST

START_TEST(what_does_not_fit_is_invalid_and_saturates)
{
    u64 nan = 0x7ff8000000000000, minus_nan = 0xfff8000000000001, infinity = 0x7ff0000000000000;
    static const u64 highest[] = {0x7fffffff, ~(u64)0, 0x7fffffffffffffff, ~(u64)0};
    static const u64 lowest[] = {0xffffffff80000000, 0, 0x8000000000000000, 0};
    for (int kind = INTEGER_I32; kind <= INTEGER_U64; kind++) {
        enum integer_kind to = (enum integer_kind)kind;
        u8 flags = 0;
        ck_assert_uint_eq(soft_to_int(&float64, nan, to, ROUND_RNE, &flags), highest[kind]);
        ck_assert_uint_eq(soft_to_int(&float64, minus_nan, to, ROUND_RNE, &flags), highest[kind]);
        ck_assert_uint_eq(soft_to_int(&float64, infinity, to, ROUND_RNE, &flags), highest[kind]);
        ck_assert_uint_eq(soft_to_int(&float64, infinity | 1ull << 63, to, ROUND_RNE, &flags),
                          lowest[kind]);
        ck_assert_uint_eq(flags, FLAG_NV);
    }
}
END_TEST

START_TEST(an_unsigned_conversion_takes_what_rounds_to_zero)
{
    u64 minus_half = double_bits(-0.5), minus_one = double_bits(-1);
    u8 flags = 0;
    ck_assert_uint_eq(soft_to_int(&float64, minus_half, INTEGER_U64, ROUND_RNE, &flags), 0);
    ck_assert_uint_eq(flags, FLAG_NX);
    flags = 0;
    ck_assert_uint_eq(soft_to_int(&float64, minus_half, INTEGER_U64, ROUND_RMM, &flags), 0);
    ck_assert_uint_eq(flags, FLAG_NV);
    flags = 0;
    ck_assert_uint_eq(soft_to_int(&float64, minus_one, INTEGER_U32, ROUND_RTZ, &flags), 0);
    ck_assert_uint_eq(flags, FLAG_NV);
}
END_TEST

/* Compilers turn u64 to floating point into sequences that are right in one rounding mode only: so
 * a large one is halved, without losing a one, and the result doubled. */
static __attribute__((noinline)) u64 host_single_from(u64 magnitude_or_i64, u32 is_large)
{
    volatile i64 integer = (i64)magnitude_or_i64;
    host_single result;
    result.value = (float)integer;
    if (is_large)
        result.value = result.value * 2;
    return result.bits;
}

static __attribute__((noinline)) u64 host_double_from(u64 magnitude_or_i64, u32 is_large)
{
    volatile i64 integer = (i64)magnitude_or_i64;
    host_double result;
    result.value = (double)integer;
    if (is_large)
        result.value = result.value * 2;
    return result.bits;
}

static u64 host_from(const struct float_format *format, u64 value, enum integer_kind kind)
{
    u32 is_large = kind == INTEGER_U64 && value >> 63;
    u64 integer = kind == INTEGER_I32   ? (u64)(i64)(i32)(u32)value
                  : kind == INTEGER_U32 ? (u64)(u32)value
                  : is_large            ? value >> 1 | (value & 1)
                                        : value;
    return format == &float32 ? host_single_from(integer, is_large)
                              : host_double_from(integer, is_large);
}

static void from_int_agrees(const struct float_format *format, u64 value, int mode)
{
    for (int kind = INTEGER_I32; kind <= INTEGER_U64; kind++) {
        feclearexcept(FE_ALL_EXCEPT);
        u64 expected = host_from(format, value, (enum integer_kind)kind);
        u8 expected_flags = host_flags(), flags = 0;
        u64 result =
            soft_from_int(format, value, (enum integer_kind)kind, all_roundings[mode], &flags);
        if (result != expected || flags != expected_flags)
            ck_abort_msg("%#" PRIx64 " as kind %d rounding %d: %#" PRIx64
                         " flags %#x instead of %#" PRIx64 " flags %#x",
                         value, kind, mode, result, flags, expected, expected_flags);
    }
}

START_TEST(conversions_from_integers_agree_with_the_host)
{
    const struct float_format *format = formats[1 + _i];
    u64 state = 3;
    for (int mode = 0; mode < HOST_ROUNDINGS; mode++) {
        fesetround(host_rounding[mode]);
        for (unsigned bit = 0; bit < 64; bit++) {
            for (u64 step = 0; step < 5; step++) {
                from_int_agrees(format, ((u64)1 << bit) + step - 2, mode);
                from_int_agrees(format, -((u64)1 << bit) + step - 2, mode);
            }
        }
        for (int i = 0; i < RANDOM_OPERANDS / 4; i++)
            from_int_agrees(format, random_near(&float64, 1023, 1023, &state) >> (i & 63), mode);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

START_TEST(rmm_from_an_integer_rounds_a_tie_away)
{
    u8 flags = 0;
    u64 tie = ((u64)1 << 53) + 1;
    ck_assert_uint_eq(soft_from_int(&float64, tie, INTEGER_I64, ROUND_RNE, &flags),
                      double_bits(0x1p53));
    ck_assert_uint_eq(soft_from_int(&float64, tie, INTEGER_I64, ROUND_RMM, &flags),
                      double_bits(0x1p53 + 2));
    ck_assert_uint_eq(soft_from_int(&float64, -tie, INTEGER_I64, ROUND_RMM, &flags),
                      double_bits(-0x1p53 - 2));
    ck_assert_uint_eq(flags, FLAG_NX);
}
END_TEST

static __attribute__((noinline)) u64 host_narrow(u64 bits)
{
    host_double from;
    host_single to;
    from.bits = bits;
    to.value = (float)from.value;
    return to.bits;
}

static __attribute__((noinline)) u64 host_widen(u64 bits)
{
    host_single from;
    host_double to;
    from.bits = (u32)bits;
    to.value = from.value;
    return to.bits;
}

static void convert_agrees(const struct float_format *to, const struct float_format *from, u64 bits,
                           int mode)
{
    feclearexcept(FE_ALL_EXCEPT);
    u64 expected = to == &float32 ? host_narrow(bits) : host_widen(bits);
    u8 expected_flags = host_flags(), flags = 0;
    u64 result = soft_convert(to, from, bits, all_roundings[mode], &flags);
    if (result != canonical(to, expected) || ((flags ^ expected_flags) & COMPARED_FLAGS))
        ck_abort_msg("%#" PRIx64 " rounding %d: %#" PRIx64 " flags %#x instead of %#" PRIx64
                     " flags %#x",
                     bits, mode, result, flags, expected, expected_flags);
}

START_TEST(single_and_double_convert_like_the_host)
{
    const struct float_format *from = formats[1 + _i], *to = formats[2 - _i];
    u64 values[SPECIAL_MOST], state = 11;
    unsigned count = specials(from, values);
    i64 bias = ((i64)1 << (from->exponent_bits - 1)) - 1;
    for (int mode = 0; mode < HOST_ROUNDINGS; mode++) {
        fesetround(host_rounding[mode]);
        for (unsigned i = 0; i < count; i++)
            convert_agrees(to, from, values[i], mode);
        for (int i = 0; i < RANDOM_OPERANDS; i++)
            convert_agrees(to, from, random_near(from, bias, 160, &state), mode);
    }
    fesetround(FE_TONEAREST);
}
END_TEST

/* Ties, which are few in a random double, are made by cutting it off behind a few bits. */
START_TEST(double_narrows_by_the_textbook_in_all_five_roundings)
{
    const struct float_format *to = formats[_i];
    u64 state = 13;
    for (int i = 0; i < RANDOM_OPERANDS; i++) {
        u64 bits = random_near(&float64, 1023, (1u << (to->exponent_bits - 1)) + 12, &state);
        bits &= ~(u64)0 << (i % 53);
        double value = meaning(&float64, bits);
        enum rounding rounding = all_roundings[i % 5];
        u8 expected_flags = 0, flags = 0;
        double expected = narrow(to, value, rounding, &expected_flags);
        u64 result = soft_convert(to, &float64, bits, rounding, &flags);
        if (double_bits(meaning(to, result)) != double_bits(expected) || flags != expected_flags)
            ck_abort_msg("%a rounding %d: %#" PRIx64 " flags %#x instead of %a flags %#x", value,
                         rounding, result, flags, expected, expected_flags);
    }
}
END_TEST

START_TEST(every_half_survives_the_way_to_wider_formats_and_back)
{
    const struct float_format *wide = formats[1 + _i];
    for (u64 half = 0; half < 0x10000; half++) {
        u8 flags = 0;
        u64 there = soft_convert(wide, &float16, half, ROUND_RNE, &flags);
        u64 back = soft_convert(&float16, wide, there, ROUND_RTZ, &flags);
        bool is_signalling = is_any_nan(&float16, half) && !(half & 0x200);
        if (back != canonical(&float16, half) || flags != (is_signalling ? FLAG_NV : 0))
            ck_abort_msg("%#" PRIx64 " came back as %#" PRIx64 " flags %#x", half, back, flags);
        if (!is_any_nan(&float16, half) &&
            double_bits(meaning(&float16, half)) != double_bits(meaning(wide, there)))
            ck_abort_msg("%#" PRIx64 " became %#" PRIx64, half, there);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("softfloat_convert");
    TCase *integers = tcase_create("integers"), *between = tcase_create("formats");
    tcase_set_timeout(integers, 120);
    tcase_set_timeout(between, 120);
    tcase_add_loop_test(integers, conversions_to_integers_agree_with_libm, 0, 3);
    tcase_add_test(integers, what_does_not_fit_is_invalid_and_saturates);
    tcase_add_test(integers, an_unsigned_conversion_takes_what_rounds_to_zero);
    tcase_add_loop_test(integers, conversions_from_integers_agree_with_the_host, 0, 2);
    tcase_add_test(integers, rmm_from_an_integer_rounds_a_tie_away);
    tcase_add_loop_test(between, single_and_double_convert_like_the_host, 0, 2);
    tcase_add_loop_test(between, double_narrows_by_the_textbook_in_all_five_roundings, 0, 2);
    tcase_add_loop_test(between, every_half_survives_the_way_to_wider_formats_and_back, 0, 2);
    suite_add_tcase(suite, integers);
    suite_add_tcase(suite, between);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
