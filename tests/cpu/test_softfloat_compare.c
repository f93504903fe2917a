/* feq, flt, fle, fmin, fmax, Zfa's variants of them and fclass against the host's comparisons and
 * fpclassify(). The flags follow from the operands alone, and so are worked out here: compilers
 * disagree on which C comparison is quiet. */
#include <check.h>
#include "tests/cpu/host_float.h"

#define RANDOM_OPERANDS 1000000

#define FORMATS 3

static const struct float_format *const formats[FORMATS] = {&float32, &float64, &float16};

static double value_of(const struct float_format *format, u64 bits)
{
    host_single narrow_cell;
    host_double wide_cell;
    if (format == &float16)
        return meaning(format, bits);
    narrow_cell.bits = (u32)bits;
    wide_cell.bits = bits;
    return format == &float32 ? narrow_cell.value : wide_cell.value;
}

static u64 lesser(const struct float_format *format, u64 a, u64 b)
{
    double left = value_of(format, a), right = value_of(format, b);
    if (is_any_nan(format, a))
        return canonical(format, b);
    if (is_any_nan(format, b))
        return a;
    if (left == 0 && right == 0)
        return a | b; /* -0 if one of them is */
    return left < right ? a : b;
}

static u64 opposite(const struct float_format *format, u64 bits)
{
    return is_any_nan(format, bits) ? bits : bits ^ sign_of(format);
}

static void compares_like_the_host(const struct float_format *format, u64 a, u64 b)
{
    double left = value_of(format, a), right = value_of(format, b);
    bool has_nan = is_any_nan(format, a) || is_any_nan(format, b);
    bool has_signalling = is_signalling_nan(format, a) || is_signalling_nan(format, b);
    u64 nan = canonical(format, sign_of(format) - 1), least = lesser(format, a, b);
    /* max(a, b) is -min(-a, -b) */
    u64 greatest = opposite(format, lesser(format, opposite(format, a), opposite(format, b)));
    u8 quiet = has_signalling ? FLAG_NV : 0, loud = has_nan ? FLAG_NV : 0, flags[9] = {0};
    u64 result[9] = {
        soft_eq(format, a, b, &flags[0]),   soft_lt(format, a, b, &flags[1]),
        soft_le(format, a, b, &flags[2]),   soft_min(format, a, b, &flags[3]),
        soft_max(format, a, b, &flags[4]),  soft_ltq(format, a, b, &flags[5]),
        soft_leq(format, a, b, &flags[6]),  soft_minm(format, a, b, &flags[7]),
        soft_maxm(format, a, b, &flags[8]),
    };
    u64 expected[9] = {
        !has_nan && left == right,
        !has_nan && left < right,
        !has_nan && left <= right,
        least,
        greatest,
        !has_nan && left < right,
        !has_nan && left <= right,
        has_nan ? nan : least,
        has_nan ? nan : greatest,
    };
    u8 expected_flags[9] = {quiet, loud, loud, quiet, quiet, quiet, quiet, quiet, quiet};
    static const char *const names[] = {"eq",  "lt",  "le",   "min", "max",
                                        "ltq", "leq", "minm", "maxm"};
    for (int i = 0; i < 9; i++) {
        if (result[i] != expected[i] || flags[i] != expected_flags[i])
            ck_abort_msg("%s(%#" PRIx64 ", %#" PRIx64 "): %#" PRIx64
                         " flags %#x instead of %#" PRIx64 " flags %#x",
                         names[i], a, b, result[i], flags[i], expected[i], expected_flags[i]);
    }
}

START_TEST(special_values_compare_like_the_host)
{
    u64 values[SPECIAL_MOST];
    unsigned count = specials(formats[_i], values);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned j = 0; j < count; j++)
            compares_like_the_host(formats[_i], values[i], values[j]);
    }
}
END_TEST

START_TEST(random_values_compare_like_the_host)
{
    const struct float_format *format = formats[_i];
    u64 state = 21;
    for (int i = 0; i < RANDOM_OPERANDS; i++) {
        u64 a = random_any(format, &state);
        compares_like_the_host(format, a,
                               random_near(format, exponent_field(format, a), 1, &state));
    }
}
END_TEST

START_TEST(two_nans_give_the_canonical_one)
{
    u8 flags = 0;
    ck_assert_uint_eq(soft_min(&float32, 0xffc00001, 0x7fc00002, &flags), 0x7fc00000);
    ck_assert_uint_eq(soft_max(&float32, 0xffc00001, 0x7fc00002, &flags), 0x7fc00000);
    ck_assert_uint_eq(flags, 0);
    ck_assert_uint_eq(soft_min(&float32, 0x7f800001, 0x3f800000, &flags), 0x3f800000);
    ck_assert_uint_eq(flags, FLAG_NV);
}
END_TEST

static u64 class_by_host(const struct float_format *format, u64 bits)
{
    bool is_negative = bits & sign_of(format);
    if (is_any_nan(format, bits))
        return is_signalling_nan(format, bits) ? 1 << 8 : 1 << 9;
    /* A subnormal single is a normal double: ask about the single. */
    float narrow_value = (float)value_of(format, bits);
    if (format == &float16)
        narrow_value = ldexpf(narrow_value, -112); /* its subnormals become those of float32 */
    switch (format != &float64 ? fpclassify(narrow_value) : fpclassify(value_of(format, bits))) {
    case FP_INFINITE:
        return is_negative ? 1 << 0 : 1 << 7;
    case FP_NORMAL:
        return is_negative ? 1 << 1 : 1 << 6;
    case FP_SUBNORMAL:
        return is_negative ? 1 << 2 : 1 << 5;
    default:
        return is_negative ? 1 << 3 : 1 << 4;
    }
}

START_TEST(values_classify_like_the_host)
{
    const struct float_format *format = formats[_i];
    u64 values[SPECIAL_MOST], state = 22;
    unsigned count = specials(format, values);
    for (unsigned i = 0; i < 100000; i++) {
        u64 bits = i < count ? values[i] : random_any(format, &state);
        if (soft_class(format, bits) != class_by_host(format, bits))
            ck_abort_msg("%#" PRIx64 " is %#" PRIx64 " instead of %#" PRIx64, bits,
                         soft_class(format, bits), class_by_host(format, bits));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("softfloat_compare");
    TCase *compare = tcase_create("compare");
    tcase_set_timeout(compare, 120);
    tcase_add_loop_test(compare, special_values_compare_like_the_host, 0, FORMATS);
    tcase_add_loop_test(compare, random_values_compare_like_the_host, 0, FORMATS);
    tcase_add_test(compare, two_nans_give_the_canonical_one);
    tcase_add_loop_test(compare, values_classify_like_the_host, 0, FORMATS);
    suite_add_tcase(suite, compare);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
