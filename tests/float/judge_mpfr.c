/* MPFR's opinion, on every operation in all five rounding modes. MPFR computes with any precision
 * and exponents without bounds, correctly rounded; mpfr_check_range() and mpfr_subnormalize() then
 * bring the result into the format without rounding twice. What MPFR leaves to us:
 * - RMM: to nearest, but away from zero when the exact value is in the middle of two neighbours;
 * - UF: inexact, and tiny after rounding ("Subnormal Arithmetic" of the manual's F chapter), that
 *   is, below the smallest normal when rounded to the format's precision without bounds;
 * - NV for signalling NaNs and for infinity * 0 + NaN, since MPFR has but one NaN. */
#include "tests/float/judge_mpfr.h"

static const mpfr_rnd_t mpfr_rounding[] = {
    [ROUND_RNE] = MPFR_RNDN, [ROUND_RTZ] = MPFR_RNDZ, [ROUND_RDN] = MPFR_RNDD,
    [ROUND_RUP] = MPFR_RNDU, [ROUND_RMM] = MPFR_RNDA, /* for ties; else MPFR_RNDN */
};

void mpfr_from_bits(mpfr_t value, const struct float_format *format, u64 bits)
{
    u64 field = format_field(format, bits);
    u64 leading = field ? (u64)1 << format->fraction_bits : 0;
    mpfr_exp_t unit =
        (mpfr_exp_t)(field ? field : 1) - format_bias(format) - (int)format->fraction_bits;

    if (holds_nan(format, bits))
        mpfr_set_nan(value);
    else if (field == format_last_field(format))
        mpfr_set_inf(value, 1);
    else
        mpfr_set_uj_2exp(value, leading | format_fraction(format, bits), unit, MPFR_RNDN);
    mpfr_setsign(value, value, (bits & format_top(format)) != 0, MPFR_RNDN);
}

u64 mpfr_to_bits(mpfr_t value, const struct float_format *format)
{
    u64 sign = mpfr_signbit(value) ? format_top(format) : 0;
    u64 leading = (u64)1 << format->fraction_bits;
    mpfr_exp_t least = 1 - format_bias(format), place;
    NUMBER(scaled, 64);

    if (mpfr_nan_p(value))
        return the_nan(format);
    if (mpfr_inf_p(value))
        return sign | format_last_field(format) << format->fraction_bits;
    if (mpfr_zero_p(value))
        return sign;
    place = mpfr_get_exp(value) - 1; /* MPFR's significands begin behind the point */
    place = place < least ? least : place;
    mpfr_mul_2si(scaled, value, (long)format->fraction_bits - place, MPFR_RNDN);
    mpfr_abs(scaled, scaled, MPFR_RNDN);
    u64 significand = mpfr_get_uj(scaled, MPFR_RNDN);
    if (significand < leading)
        return sign | significand;
    return sign | (u64)(place - least + 1) << format->fraction_bits | (significand - leading);
}

/* The operation with the precision of the result and no bounds to its exponent. Returns MPFR's
 * ternary value: 0 when exact, else the sign of the error. */
static int compute(mpfr_t result, enum action action, mpfr_t operand[3], mpfr_rnd_t rounding)
{
    if (action == ACTION_ADD)
        return mpfr_add(result, operand[0], operand[1], rounding);
    if (action == ACTION_SUB)
        return mpfr_sub(result, operand[0], operand[1], rounding);
    if (action == ACTION_MUL)
        return mpfr_mul(result, operand[0], operand[1], rounding);
    if (action == ACTION_DIV)
        return mpfr_div(result, operand[0], operand[1], rounding);
    if (action == ACTION_SQRT)
        return mpfr_sqrt(result, operand[0], rounding);
    if (action == ACTION_FMA)
        return mpfr_fma(result, operand[0], operand[1], operand[2], rounding);
    return mpfr_set(result, operand[0], rounding); /* a conversion */
}

/* Brings a computed result into the format's range. Returns the ternary value. */
static int confine(mpfr_t result, int ternary, const struct float_format *format,
                   mpfr_rnd_t rounding)
{
    mpfr_exp_t emin = mpfr_get_emin(), emax = mpfr_get_emax();

    mpfr_set_emin(2 - format_bias(format) - (int)format->fraction_bits);
    mpfr_set_emax(format_bias(format) + 1);
    ternary = mpfr_check_range(result, ternary, rounding);
    ternary = mpfr_subnormalize(result, ternary, rounding);
    mpfr_set_emin(emin);
    mpfr_set_emax(emax);
    return ternary;
}

/* Whether the exact value is the middle of two neighbours in the format. */
static bool is_tie(enum action action, mpfr_t operand[3], const struct float_format *format)
{
    mpfr_prec_t precision = (mpfr_prec_t)format->fraction_bits + 1;
    NUMBER(exact, precision + 1);
    NUMBER(inner, precision);
    NUMBER(outer, precision);
    NUMBER(sum, precision + 2);

    if (compute(exact, action, operand, MPFR_RNDN) != 0)
        return false;
    confine(inner, compute(inner, action, operand, MPFR_RNDZ), format, MPFR_RNDZ);
    confine(outer, compute(outer, action, operand, MPFR_RNDA), format, MPFR_RNDA);
    if (!mpfr_number_p(outer))
        return false; /* what goes to infinity from the middle does so by RNE, too */
    mpfr_add(sum, inner, outer, MPFR_RNDN);
    mpfr_mul_2ui(exact, exact, 1, MPFR_RNDN);
    return mpfr_equal_p(sum, exact);
}

static bool is_tiny(mpfr_t full, const struct float_format *format)
{
    return mpfr_regular_p(full) && mpfr_get_exp(full) - 1 < 1 - format_bias(format);
}

static void opine_on_arithmetic(const struct operation *operation, enum rounding rounding,
                                mpfr_t operand[3], struct outcome *expected)
{
    const struct float_format *format = operation_result(operation);
    mpfr_rnd_t mode = mpfr_rounding[rounding];
    NUMBER(result, (mpfr_prec_t)format->fraction_bits + 1);

    if (rounding == ROUND_RMM && !is_tie(operation->action, operand, format))
        mode = MPFR_RNDN;
    mpfr_clear_flags();
    int ternary = compute(result, operation->action, operand, mode);
    bool tiny = is_tiny(result, format);
    ternary = confine(result, ternary, format, mode);
    expected->flags = (mpfr_nanflag_p() ? FLAG_NV : 0) | (mpfr_divby0_p() ? FLAG_DZ : 0) |
                      (mpfr_overflow_p() ? FLAG_OF : 0) | (ternary ? FLAG_NX : 0) |
                      (ternary && tiny ? FLAG_UF : 0);
    expected->bits = mpfr_to_bits(result, format);
}

static void from_integer(mpfr_t value, enum integer_kind kind, u64 integer)
{
    switch (kind) {
    case INTEGER_I32:
        mpfr_set_si(value, (i32)(u32)integer, MPFR_RNDN);
        return;
    case INTEGER_U32:
        mpfr_set_ui(value, (u32)integer, MPFR_RNDN);
        return;
    case INTEGER_I64:
        mpfr_set_sj(value, (intmax_t)integer, MPFR_RNDN);
        return;
    case INTEGER_U64:
        mpfr_set_uj(value, (uintmax_t)integer, MPFR_RNDN);
        return;
    }
}

/* Which NaNs among the operands are invalid: flt and fle take none; the rest, the signalling. */
static u8 flags_of_nans(const struct operation *operation, const struct sample *sample,
                        mpfr_t operand[3])
{
    bool is_invalid = operation->action == ACTION_LT || operation->action == ACTION_LE;

    for (unsigned i = 0; i < operation_arity(operation); i++)
        is_invalid |= holds_signalling_nan(operation->format, sample->operand[i]);
    if (operation->action == ACTION_FMA)
        is_invalid |= (mpfr_inf_p(operand[0]) && mpfr_zero_p(operand[1])) ||
                      (mpfr_zero_p(operand[0]) && mpfr_inf_p(operand[1]));
    is_invalid |= operation->action == ACTION_TO_INT || operation->action == ACTION_MODULAR;
    return is_invalid && operation->action != ACTION_CLASS ? FLAG_NV : 0;
}

static bool is_arithmetic(enum action action)
{
    return action <= ACTION_FMA || action == ACTION_CONVERT || action == ACTION_FROM_INT;
}

static enum opinion opine(const struct operation *operation, const struct sample *sample,
                          struct outcome *expected)
{
    mp_limb_t limbs[3][64 / 8 / sizeof(mp_limb_t)];
    mpfr_t operand[3];
    bool has_nan = false;

    *expected = (struct outcome){0};
    if (operation->action == ACTION_CONSTANT) {
        expected->bits = mpfr_constant(operation->format, (unsigned)sample->operand[0]);
        return OPINION_OWN;
    }
    for (unsigned i = 0; i < 3; i++) {
        mpfr_custom_init_set(operand[i], MPFR_NAN_KIND, 0, 64, limbs[i]);
        if (operation->action == ACTION_FROM_INT)
            from_integer(operand[i], operation->integer, sample->operand[i]);
        else
            mpfr_from_bits(operand[i], operation->format, sample->operand[i]);
        has_nan |= mpfr_nan_p(operand[i]);
    }
    if (is_arithmetic(operation->action))
        opine_on_arithmetic(operation, sample->rounding, operand, expected);
    else
        mpfr_opine_plainly(operation, sample->rounding, operand, expected);
    if (has_nan)
        expected->flags = flags_of_nans(operation, sample, operand);
    if (operation->action == ACTION_CLASS && has_nan)
        expected->bits = holds_signalling_nan(operation->format, sample->operand[0])
                             ? CLASS_SIGNALLING_NAN
                             : CLASS_QUIET_NAN;
    return OPINION_OWN;
}

static unsigned roundings(const struct operation *operation)
{
    (void)operation;
    return EVERY_ROUNDING;
}

static void turn_to(enum rounding rounding)
{
    (void)rounding;
}

const struct judge judge = {"MPFR", roundings, turn_to, opine};
