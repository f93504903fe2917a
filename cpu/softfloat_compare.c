/* Comparing and classifying: feq, flt, fle, fmin, fmax, fclass ("Single-Precision Floating-Point
 * Compare Instructions" and "Classify Instruction" of the RISC-V manual; minimum and maximum as
 * IEEE 754-2019's minimumNumber and maximumNumber). Nothing is unpacked: the order of the bit
 * patterns is the order of the numbers. Also fltq, fleq, fminm and fmaxm of Zfa. */
#include "cpu/softfloat_number.h"

/* A key in the order of the numbers. Both zeroes have the key 0. Not for NaNs. */
static i64 order(const struct float_format *format, u64 bits)
{
    i64 magnitude = (i64)format_magnitude(format, bits);
    return bits & format_sign_bit(format) ? -magnitude : magnitude;
}

static bool is_either_nan(const struct float_format *format, u64 a, u64 b)
{
    return is_nan(format, a) || is_nan(format, b);
}

static void flag_signalling(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    if (is_signalling(format, a) || is_signalling(format, b))
        *flags |= FLAG_NV;
}

/* At least one is a NaN: the result of fmin and fmax alike. */
static u64 the_other(const struct float_format *format, u64 a, u64 b)
{
    if (!is_nan(format, a))
        return a;
    return is_nan(format, b) ? format_canonical_nan(format) : b;
}

/* fmin's order, in which -0 comes before +0. */
static bool is_before(const struct float_format *format, u64 a, u64 b)
{
    i64 left = order(format, a), right = order(format, b);
    return left < right || (left == right && (a & format_sign_bit(format)));
}

u64 soft_min(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    flag_signalling(format, a, b, flags);
    if (is_either_nan(format, a, b))
        return the_other(format, a, b);
    return is_before(format, a, b) ? a : b;
}

u64 soft_max(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    flag_signalling(format, a, b, flags);
    if (is_either_nan(format, a, b))
        return the_other(format, a, b);
    return is_before(format, a, b) ? b : a;
}

bool soft_eq(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    flag_signalling(format, a, b, flags);
    return !is_either_nan(format, a, b) && order(format, a) == order(format, b);
}

bool soft_lt(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    if (is_either_nan(format, a, b)) {
        *flags |= FLAG_NV;
        return false;
    }
    return order(format, a) < order(format, b);
}

bool soft_le(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    if (is_either_nan(format, a, b)) {
        *flags |= FLAG_NV;
        return false;
    }
    return order(format, a) <= order(format, b);
}

u64 soft_minm(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    u64 least = soft_min(format, a, b, flags);
    return is_either_nan(format, a, b) ? format_canonical_nan(format) : least;
}

u64 soft_maxm(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    u64 greatest = soft_max(format, a, b, flags);
    return is_either_nan(format, a, b) ? format_canonical_nan(format) : greatest;
}

bool soft_ltq(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    flag_signalling(format, a, b, flags);
    return !is_either_nan(format, a, b) && order(format, a) < order(format, b);
}

bool soft_leq(const struct float_format *format, u64 a, u64 b, u8 *flags)
{
    flag_signalling(format, a, b, flags);
    return !is_either_nan(format, a, b) && order(format, a) <= order(format, b);
}

u64 soft_class(const struct float_format *format, u64 a)
{
    u64 magnitude = format_magnitude(format, a);
    bool is_negative = a & format_sign_bit(format);
    if (is_nan(format, a))
        return is_signalling(format, a) ? CLASS_SIGNALLING_NAN : CLASS_QUIET_NAN;
    if (magnitude == format_infinity(format))
        return is_negative ? CLASS_MINUS_INFINITY : CLASS_PLUS_INFINITY;
    if (magnitude == 0)
        return is_negative ? CLASS_MINUS_ZERO : CLASS_PLUS_ZERO;
    if (magnitude >> format->fraction_bits == 0)
        return is_negative ? CLASS_MINUS_SUBNORMAL : CLASS_PLUS_SUBNORMAL;
    return is_negative ? CLASS_MINUS_NORMAL : CLASS_PLUS_NORMAL;
}
