/* MPFR's opinion on what is not rounded to a format's precision: minimum and maximum, comparisons,
 * classes, rounding to integers, conversions to integers, and Zfa's constants. */
#include "tests/float/judge_mpfr.h"

/* To an integer that is still a floating-point number. */
static void round_to_integer(mpfr_t whole, mpfr_t value, enum rounding rounding)
{
    switch (rounding) {
    case ROUND_RNE:
        mpfr_rint(whole, value, MPFR_RNDN);
        return;
    case ROUND_RTZ:
        mpfr_trunc(whole, value);
        return;
    case ROUND_RDN:
        mpfr_floor(whole, value);
        return;
    case ROUND_RUP:
        mpfr_ceil(whole, value);
        return;
    case ROUND_RMM:
        mpfr_round(whole, value);
        return;
    }
}

static void opine_on_integral(const struct operation *operation, enum rounding rounding,
                              mpfr_t value, struct outcome *expected)
{
    NUMBER(whole, 64);

    round_to_integer(whole, value, rounding);
    expected->bits = mpfr_to_bits(whole, operation->format);
    if (operation->action == ACTION_INTEGRAL_NX && !mpfr_equal_p(whole, value))
        expected->flags = FLAG_NX;
}

static void opine_on_integer(enum integer_kind kind, enum rounding rounding, mpfr_t value,
                             struct outcome *expected)
{
    static const intmax_t least[] = {INT32_MIN, 0, INT64_MIN, 0};
    static const uintmax_t most[] = {INT32_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
    bool is_narrow = kind == INTEGER_I32 || kind == INTEGER_U32;
    NUMBER(whole, 64);
    NUMBER(bound, 64);

    round_to_integer(whole, value, rounding);
    mpfr_set_uj(bound, most[kind], MPFR_RNDN);
    expected->flags = mpfr_equal_p(whole, value) ? 0 : FLAG_NX;
    if (mpfr_nan_p(value) || mpfr_greater_p(whole, bound)) {
        expected->bits = most[kind];
        expected->flags = FLAG_NV;
    } else if (mpfr_set_sj(bound, least[kind], MPFR_RNDN), mpfr_less_p(whole, bound)) {
        expected->bits = (u64)least[kind];
        expected->flags = FLAG_NV;
    } else {
        expected->bits = mpfr_sgn(whole) < 0 ? (u64)mpfr_get_sj(whole, MPFR_RNDN)
                                             : mpfr_get_uj(whole, MPFR_RNDN);
    }
    if (is_narrow)
        expected->bits = (u64)(i64)(i32)(u32)expected->bits;
}

static void opine_on_modular(mpfr_t value, struct outcome *expected)
{
    NUMBER(whole, 64);
    NUMBER(rest, 64);
    NUMBER(modulus, 64);

    opine_on_integer(INTEGER_I32, ROUND_RTZ, value, expected);
    expected->bits = 0;
    if (!mpfr_number_p(value))
        return;
    mpfr_set_ui_2exp(modulus, 1, 32, MPFR_RNDN);
    mpfr_trunc(whole, value);
    mpfr_fmod(rest, whole, modulus, MPFR_RNDN);
    expected->bits = (u64)(i64)(i32)(u32)mpfr_get_sj(rest, MPFR_RNDN);
}

static u64 class_of(mpfr_t value, const struct float_format *format)
{
    bool is_negative = mpfr_signbit(value);

    if (mpfr_inf_p(value))
        return is_negative ? CLASS_MINUS_INFINITY : CLASS_PLUS_INFINITY;
    if (mpfr_zero_p(value))
        return is_negative ? CLASS_MINUS_ZERO : CLASS_PLUS_ZERO;
    if (mpfr_regular_p(value) && mpfr_get_exp(value) - 1 < 1 - format_bias(format))
        return is_negative ? CLASS_MINUS_SUBNORMAL : CLASS_PLUS_SUBNORMAL;
    return is_negative ? CLASS_MINUS_NORMAL : CLASS_PLUS_NORMAL;
}

/* mpfr_min() and mpfr_max() are like fmin and fmax: -0 is less than +0, a number goes before NaN.
 */
static u64 extreme(const struct operation *operation, mpfr_t a, mpfr_t b)
{
    bool is_strict = operation->action == ACTION_MINM || operation->action == ACTION_MAXM;
    NUMBER(result, 64);

    if (operation->action == ACTION_MIN || operation->action == ACTION_MINM)
        mpfr_min(result, a, b, MPFR_RNDN);
    else
        mpfr_max(result, a, b, MPFR_RNDN);
    if (is_strict && mpfr_unordered_p(a, b))
        return the_nan(operation->format);
    return mpfr_to_bits(result, operation->format);
}

void mpfr_opine_plainly(const struct operation *operation, enum rounding rounding,
                        mpfr_t operand[3], struct outcome *expected)
{
    enum action action = operation->action;

    if (action >= ACTION_MIN && action <= ACTION_MAXM)
        expected->bits = extreme(operation, operand[0], operand[1]);
    else if (action == ACTION_EQ)
        expected->bits = mpfr_equal_p(operand[0], operand[1]) != 0;
    else if (action == ACTION_LT || action == ACTION_LTQ)
        expected->bits = mpfr_less_p(operand[0], operand[1]) != 0;
    else if (action == ACTION_LE || action == ACTION_LEQ)
        expected->bits = mpfr_lessequal_p(operand[0], operand[1]) != 0;
    else if (action == ACTION_CLASS)
        expected->bits = class_of(operand[0], operation->format);
    else if (action == ACTION_MODULAR)
        opine_on_modular(operand[0], expected);
    else if (action == ACTION_TO_INT)
        opine_on_integer(operation->integer, rounding, operand[0], expected);
    else
        opine_on_integral(operation, rounding, operand[0], expected);
}

/* The table of "Load-Immediate Instructions", as it is printed there. */
u64 mpfr_constant(const struct float_format *format, unsigned number)
{
    static const char *const printed[32] = {
        "-1",   "",       "0x1p-16", "0x1p-15", "0x1p-8", "0x1p-7", "0.0625", "0.125",
        "0.25", "0.3125", "0.375",   "0.4375",  "0.5",    "0.625",  "0.75",   "0.875",
        "1",    "1.25",   "1.5",     "1.75",    "2",      "2.5",    "3",      "4",
        "8",    "16",     "128",     "256",     "0x1p15", "0x1p16", "inf",    "nan",
    };
    NUMBER(value, 64);

    if (number == 1)
        mpfr_set_ui_2exp(value, 1, 1 - format_bias(format), MPFR_RNDN);
    else
        mpfr_set_str(value, printed[number], 0, MPFR_RNDN);
    if (mpfr_number_p(value) && mpfr_get_exp(value) - 1 > format_bias(format))
        mpfr_set_inf(value, 1); /* 2^16 as a half */
    return mpfr_to_bits(value, format);
}
