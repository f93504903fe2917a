/* Into and out of an IEEE binary format: the heart of the soft-float, because the one place that
 * rounds. Implements rounding, overflow and underflow of IEEE 754 with what the RISC-V manual's F
 * chapter chooses: "NaN Generation and Propagation" (always the canonical NaN) and "Subnormal
 * Arithmetic" (tininess after rounding). Leaves out traps on exceptions: RISC-V has none. */
#include "cpu/softfloat_number.h"

const struct float_format float16 = {.exponent_bits = 5, .fraction_bits = 10};
const struct float_format float32 = {.exponent_bits = 8, .fraction_bits = 23};
const struct float_format float64 = {.exponent_bits = 11, .fraction_bits = 52};

struct number number_unpack(const struct float_format *format, u64 bits)
{
    u64 magnitude = format_magnitude(format, bits);
    u64 leading_one = (u64)1 << format->fraction_bits;
    i32 exponent = (i32)(magnitude >> format->fraction_bits);
    u64 fraction = magnitude & (leading_one - 1);
    struct number number = {.sign = (bits & format_sign_bit(format)) != 0};

    if (magnitude == format_infinity(format))
        number.kind = NUMBER_INFINITE;
    else if (magnitude > format_infinity(format))
        number.kind = is_signalling(format, bits) ? NUMBER_SIGNALLING_NAN : NUMBER_QUIET_NAN;
    /* Exponent 0 means the same power of two as exponent 1, but without a leading one. */
    number.significand = exponent ? leading_one | fraction : fraction;
    number.exponent =
        format_min_exponent(format) + (exponent ? exponent - 1 : 0) - (i32)format->fraction_bits;
    return number;
}

/* Rounding looks at four things: the sign and, around the place where the number is cut,
 *
 *      1 0 1 1 0 . . . 1 0 1 | 1   0 0 1 0 1 1
 *                          ^   ^   '----v----'
 *                        odd guard    sticky: is any of these one?
 *
 * Guard and sticky together are the part cut off, in quarters of the last bit that is kept: 0 is
 * exact, 1 is less than half, 2 is exactly half (a tie), 3 is more than half. The number arrives
 * counted in such quarters; the answer is what to add after the cut: 0 or 1. */
static u32 increment(enum rounding rounding, u32 sign, u32 quarters)
{
    u32 odd = quarters >> 2 & 1, guard = quarters >> 1 & 1, sticky = quarters & 1;
    switch (rounding) {
    case ROUND_RNE:
        return guard & (sticky | odd);
    case ROUND_RTZ:
        return 0;
    case ROUND_RDN:
        return sign & (guard | sticky);
    case ROUND_RUP:
        return (sign ^ 1) & (guard | sticky);
    case ROUND_RMM:
        return guard;
    }
    return 0;
}

struct rounded number_round(const struct number *number, i32 unit, enum rounding rounding)
{
    u128 quarters = shift_sticky(number->significand, unit - 2 - number->exponent);
    return (struct rounded){
        .integer = (quarters >> 2) + increment(rounding, number->sign, (u32)quarters & 7),
        .is_inexact = (quarters & 3) != 0,
    };
}

/* Tiny after rounding: below the smallest normal, 2^min, even when rounded to the format's full
 * number of bits, as if exponents went down for ever. With four bits after the point, to nearest:
 *
 *      the number              as a subnormal            at full length
 *      0.1111 111  * 2^min     0.1111|111  -> 2^min      1.1111|11 * 2^(min-1)  -> 2^min: not tiny
 *      0.1111 101  * 2^min     0.1111|101  -> 2^min      1.1111|01 * 2^(min-1)  -> less:  tiny
 *
 * Both have the smallest normal as their result, but only the second sets UF. */
static bool is_tiny(const struct float_format *format, const struct number *number, i32 exponent,
                    enum rounding rounding)
{
    i32 min = format_min_exponent(format), fraction_bits = (i32)format->fraction_bits;
    if (exponent != min - 1)
        return exponent < min;
    struct rounded full = number_round(number, exponent - fraction_bits, rounding);
    return full.integer >> (fraction_bits + 1) == 0;
}

u64 number_pack(const struct float_format *format, const struct number *number,
                enum rounding rounding, u8 *flags)
{
    u64 sign_bit = number->sign ? format_sign_bit(format) : 0;
    if (number->kind == NUMBER_INFINITE)
        return sign_bit | format_infinity(format);
    if (number->kind != NUMBER_FINITE)
        return format_canonical_nan(format);
    if (number->significand == 0)
        return sign_bit;

    /* The number lies in [2^exponent, 2^(exponent + 1)). A subnormal is cut where the smallest
     * normal would be. */
    i32 exponent = number->exponent + top_bit(number->significand);
    i32 min = format_min_exponent(format), place = exponent > min ? exponent : min;
    struct rounded rounded = number_round(number, place - (i32)format->fraction_bits, rounding);

    /* Added, not ORed: the leading one counts the exponent field up by one, from 0 for subnormals,
     * which have none; so does a carry out of the fraction, and at the end of the range it makes
     * exactly infinity. No operation leaves the range by as much as u64 has room for. */
    u64 magnitude = ((u64)(place - min) << format->fraction_bits) + (u64)rounded.integer;
    if (magnitude >= format_infinity(format)) {
        *flags |= FLAG_OF | FLAG_NX;
        /* As if the part cut off had been more than half, above the largest number. */
        return sign_bit | (format_infinity(format) - 1 + increment(rounding, number->sign, 3));
    }
    if (rounded.is_inexact) {
        *flags |= FLAG_NX;
        if (is_tiny(format, number, exponent, rounding))
            *flags |= FLAG_UF;
    }
    return sign_bit | magnitude;
}
