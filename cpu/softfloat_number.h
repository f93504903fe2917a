/* A floating-point number taken out of its format, where arithmetic is easy; private to softfloat*.
 *
 * Every operation has the same three steps. number_unpack() turns a bit pattern into a sign, an
 * integer and a power of two. The operation itself is then exact integer arithmetic, or exact but
 * for one bit that says "and something more" (the sticky bit). number_pack() rounds, once, and is
 * the only place that knows about rounding modes, subnormals, overflow and underflow.
 *
 * Implements the binary interchange formats of IEEE 754, with the canonical NaN of RISC-V. */
#ifndef CPU_SOFTFLOAT_NUMBER_H
#define CPU_SOFTFLOAT_NUMBER_H

#include "cpu/softfloat.h"

/* The layout, with the widths of float64:
 *
 *     63   62        52   51                                   0
 *    +---+--------------+---------------------------------------+
 *    | s |   exponent   |               fraction                |
 *    +---+--------------+---------------------------------------+
 *
 *    exponent      fraction     value (bias is half of the exponent's range: 1023)
 *    0             0            zero
 *    0             not 0        0.fraction * 2^(1 - bias), a subnormal
 *    in between    any          1.fraction * 2^(exponent - bias), a normal
 *    all ones      0            infinity
 *    all ones      0.......     a signalling NaN (something else than zero)
 *    all ones      1.......     a quiet NaN; 1000... with s = 0 is the canonical one
 *
 * Without the sign bit the patterns are in the order of their values, infinity comes right after
 * the largest number, and the NaNs lie above infinity. Much below rests on this. */
static inline u64 format_sign_bit(const struct float_format *format)
{
    return (u64)1 << (format->exponent_bits + format->fraction_bits);
}

static inline u64 format_infinity(const struct float_format *format)
{
    return (((u64)1 << format->exponent_bits) - 1) << format->fraction_bits;
}

static inline u64 format_quiet_bit(const struct float_format *format)
{
    return (u64)1 << (format->fraction_bits - 1);
}

static inline u64 format_canonical_nan(const struct float_format *format)
{
    return format_infinity(format) | format_quiet_bit(format);
}

/* The power of two of the smallest normal, 1 - bias: -1022. */
static inline i32 format_min_exponent(const struct float_format *format)
{
    return 2 - ((i32)1 << (format->exponent_bits - 1));
}

static inline u64 format_magnitude(const struct float_format *format, u64 bits)
{
    return bits & (format_sign_bit(format) - 1);
}

static inline bool is_nan(const struct float_format *format, u64 bits)
{
    return format_magnitude(format, bits) > format_infinity(format);
}

static inline bool is_signalling(const struct float_format *format, u64 bits)
{
    return is_nan(format, bits) && !(bits & format_quiet_bit(format));
}

enum number_kind { NUMBER_FINITE, NUMBER_INFINITE, NUMBER_QUIET_NAN, NUMBER_SIGNALLING_NAN };

/* A finite number is (-1)^sign * significand * 2^exponent; zero has the significand zero. */
struct number {
    enum number_kind kind;
    u32 sign; /* 0 or 1; without meaning in a NaN */
    i32 exponent;
    u128 significand;
};

static inline bool is_zero(const struct number *number)
{
    return number->kind == NUMBER_FINITE && number->significand == 0;
}

/* The position of the highest one of an integer that is not zero: 0 to 127. */
static inline i32 top_bit(u128 integer)
{
    u64 high = (u64)(integer >> 64);
    return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((u64)integer);
}

/* Divides by 2^distance, or multiplies when distance is negative; the caller then knows that the
 * product fits. Ones that fall out on the right are not forgotten: they make the lowest bit one.
 * That bit is now sticky: it says that the exact value lies strictly between two even integers,
 * which is all that rounding at a higher bit asks. */
static inline u128 shift_sticky(u128 integer, i32 distance)
{
    if (distance <= 0)
        return integer << -distance;
    if (distance > 127)
        return integer != 0;
    u128 shifted = integer >> distance;
    return shifted | (shifted << distance != integer);
}

/* An integer, and whether rounding was needed to make it one. */
struct rounded {
    u128 integer;
    bool is_inexact;
};

/* The magnitude of a finite number, rounded to a multiple of 2^unit and counted in these. The
 * caller knows that the count is below 2^120. */
struct rounded number_round(const struct number *number, i32 unit, enum rounding rounding);

struct number number_unpack(const struct float_format *format, u64 bits);
/* Rounds to the format. Sets NX, OF and UF; a NaN of either kind sets nothing here. */
u64 number_pack(const struct float_format *format, const struct number *number,
                enum rounding rounding, u8 *flags);

#endif
