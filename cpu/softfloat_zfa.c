/* What Zfa adds to the formats: rounding to an integer that stays floating point, the conversion
 * modulo 2^32, and a table of constants ("Round-to-Integer Instructions", "Modular
 * Convert-to-Integer Instruction" and "Load-Immediate Instructions" of the RISC-V manual). Its
 * comparisons are in softfloat_compare.c; those of Q are nowhere. */
#include "cpu/softfloat_number.h"

u64 soft_integral_nx(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags)
{
    struct number number = number_unpack(format, a);
    if (number.kind == NUMBER_SIGNALLING_NAN)
        *flags |= FLAG_NV;
    if (number.kind == NUMBER_FINITE && number.exponent < 0) {
        struct rounded rounded = number_round(&number, 0, rounding);
        number.significand = rounded.integer;
        number.exponent = 0;
        if (rounded.is_inexact)
            *flags |= FLAG_NX;
    }
    return number_pack(format, &number, rounding, flags); /* exact: it has become shorter */
}

u64 soft_integral(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags)
{
    u8 raised = 0;
    u64 result = soft_integral_nx(format, a, rounding, &raised);
    *flags |= raised & ~FLAG_NX;
    return result;
}

u64 soft_to_int_modular(const struct float_format *format, u64 a, u8 *flags)
{
    struct number number = number_unpack(format, a);
    soft_to_int(format, a, INTEGER_I32, ROUND_RTZ, flags);
    if (number.kind != NUMBER_FINITE || number.exponent >= 32 || number.exponent <= -64)
        return 0;
    u64 significand = (u64)number.significand;
    u64 magnitude =
        number.exponent < 0 ? significand >> -number.exponent : significand << number.exponent;
    return (u64)(i64)(i32)(u32)(number.sign ? -magnitude : magnitude);
}

u64 soft_constant(const struct float_format *format, unsigned index)
{
    /* The upper halves of doubles, whose lower halves are zero. */
    static const u32 doubles[32] = {
        0xbff00000, 0x00000000, 0x3ef00000, 0x3f000000, /* -1, below, 2^-16, 2^-15 */
        0x3f700000, 0x3f800000, 0x3fb00000, 0x3fc00000, /* 2^-8, 2^-7, 0.0625, 0.125 */
        0x3fd00000, 0x3fd40000, 0x3fd80000, 0x3fdc0000, /* 0.25 to 0.4375 */
        0x3fe00000, 0x3fe40000, 0x3fe80000, 0x3fec0000, /* 0.5 to 0.875 */
        0x3ff00000, 0x3ff40000, 0x3ff80000, 0x3ffc0000, /* 1 to 1.75 */
        0x40000000, 0x40040000, 0x40080000, 0x40100000, /* 2, 2.5, 3, 4 */
        0x40200000, 0x40300000, 0x40600000, 0x40700000, /* 8, 16, 128, 256 */
        0x40e00000, 0x40f00000, 0x7ff00000, 0x7ff80000, /* 2^15, 2^16, infinity, NaN */
    };
    u8 ignored = 0;
    if (index == 1)
        return (u64)1 << format->fraction_bits;
    return soft_convert(format, &float64, (u64)doubles[index] << 32, ROUND_RNE, &ignored);
}
