/* Floating point from and to integers and other formats: fcvt ("Single-Precision Floating-Point
 * Conversion and Move Instructions" of the RISC-V manual). fcvtmod, of Zfa, is in softfloat_zfa.c.
 */
#include "cpu/softfloat_number.h"

struct integer_range {
    u64 most;     /* the largest value */
    u64 least;    /* the smallest value, as the magnitude of a negative number */
    bool is_wide; /* 64 bits */
};

static const struct integer_range ranges[] = {
    [INTEGER_I32] = {.most = INT32_MAX, .least = (u64)1 << 31},
    [INTEGER_U32] = {.most = UINT32_MAX, .least = 0},
    [INTEGER_I64] = {.most = INT64_MAX, .least = (u64)1 << 63, .is_wide = true},
    [INTEGER_U64] = {.most = UINT64_MAX, .least = 0, .is_wide = true},
};

static u64 extend(const struct integer_range *range, u64 value)
{
    return range->is_wide ? value : (u64)(i64)(i32)(u32)value;
}

static u64 saturate(const struct integer_range *range, const struct number *number, u8 *flags)
{
    bool is_low = number->sign && number->kind <= NUMBER_INFINITE;
    *flags |= FLAG_NV;
    return extend(range, is_low ? -range->least : range->most);
}

u64 soft_to_int(const struct float_format *format, u64 a, enum integer_kind kind,
                enum rounding rounding, u8 *flags)
{
    const struct integer_range *range = &ranges[kind];
    struct number number = number_unpack(format, a);
    if (is_zero(&number))
        return 0;
    /* From 2^64 on nothing fits, whatever the rounding. */
    if (number.kind != NUMBER_FINITE || number.exponent + top_bit(number.significand) >= 64)
        return saturate(range, &number, flags);

    struct rounded magnitude = number_round(&number, 0, rounding);
    if (magnitude.integer > (number.sign ? range->least : range->most))
        return saturate(range, &number, flags);
    if (magnitude.is_inexact)
        *flags |= FLAG_NX;
    return extend(range, number.sign ? -(u64)magnitude.integer : (u64)magnitude.integer);
}

u64 soft_from_int(const struct float_format *format, u64 value, enum integer_kind kind,
                  enum rounding rounding, u8 *flags)
{
    const struct integer_range *range = &ranges[kind];
    bool is_signed = range->least != 0;
    u64 wide = range->is_wide ? value : is_signed ? extend(range, value) : (u32)value;
    bool is_negative = is_signed && wide >> 63;
    struct number number = {.sign = is_negative, .significand = is_negative ? -wide : wide};
    return number_pack(format, &number, rounding, flags);
}

u64 soft_convert(const struct float_format *to, const struct float_format *from, u64 a,
                 enum rounding rounding, u8 *flags)
{
    struct number number = number_unpack(from, a);
    if (number.kind == NUMBER_SIGNALLING_NAN)
        *flags |= FLAG_NV;
    return number_pack(to, &number, rounding, flags);
}
