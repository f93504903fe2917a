/* The five operations and the fused multiply-add, on exact numbers ("Single-Precision
 * Floating-Point Computational Instructions" of the RISC-V manual, for every format).
 *
 * The static functions compute on struct number and know no format. They leave one sticky bit at
 * most, always far below the last bit that any format keeps. Signalling NaNs raise NV here. */
#include "cpu/softfloat_number.h"

/* Where normalise() puts the highest one: the carry of an addition still fits above it. */
#define NORMAL_TOP 126

static struct number nan_of(const struct number *a, const struct number *b, u8 *flags)
{
    if (a->kind == NUMBER_SIGNALLING_NAN || b->kind == NUMBER_SIGNALLING_NAN)
        *flags |= FLAG_NV;
    return (struct number){.kind = NUMBER_QUIET_NAN};
}

static struct number invalid(u8 *flags)
{
    *flags |= FLAG_NV;
    return (struct number){.kind = NUMBER_QUIET_NAN};
}

static bool has_nan(const struct number *a, const struct number *b)
{
    return a->kind >= NUMBER_QUIET_NAN || b->kind >= NUMBER_QUIET_NAN;
}

/* The same number, its highest one at NORMAL_TOP. Not for zero. */
static void normalise(struct number *number)
{
    i32 distance = NORMAL_TOP - top_bit(number->significand);
    number->significand <<= distance;
    number->exponent -= distance;
}

/* Both finite and not zero. Alignment may push bits of the smaller number out on the right, into
 * its sticky bit. The sum is then still right in all but that bit: bits fall out only when the
 * exponents differ by more than the 126 - 105 places that even a product leaves free, and a
 * difference of two or more means that at most one leading bit can cancel. */
static struct number add_aligned(struct number a, struct number b, enum rounding rounding)
{
    normalise(&a);
    normalise(&b);
    bool is_a_larger =
        a.exponent > b.exponent || (a.exponent == b.exponent && a.significand >= b.significand);
    struct number sum = is_a_larger ? a : b;
    const struct number *smaller = is_a_larger ? &b : &a;

    u128 aligned = shift_sticky(smaller->significand, sum.exponent - smaller->exponent);
    if (a.sign == b.sign) {
        sum.significand += aligned;
        return sum;
    }
    sum.significand -= aligned;
    if (sum.significand == 0)
        sum.sign = rounding == ROUND_RDN;
    return sum;
}

static struct number add(const struct number *a, const struct number *b, enum rounding rounding,
                         u8 *flags)
{
    if (has_nan(a, b))
        return nan_of(a, b, flags);
    if (a->kind == NUMBER_INFINITE && b->kind == NUMBER_INFINITE && a->sign != b->sign)
        return invalid(flags);
    if (a->kind == NUMBER_INFINITE || b->kind == NUMBER_INFINITE)
        return a->kind == NUMBER_INFINITE ? *a : *b;
    /* A zero that is an exact sum of opposites is +0, but -0 when rounding down. */
    if (is_zero(a) && is_zero(b) && a->sign != b->sign)
        return (struct number){.sign = rounding == ROUND_RDN};
    if (is_zero(a) || is_zero(b))
        return is_zero(a) ? *b : *a;
    return add_aligned(*a, *b, rounding);
}

/* Exact: two significands of at most 53 bits make one of at most 106. */
static struct number multiply(const struct number *a, const struct number *b, u8 *flags)
{
    struct number product = {.sign = a->sign ^ b->sign};
    if (has_nan(a, b))
        return nan_of(a, b, flags);
    if (a->kind == NUMBER_INFINITE || b->kind == NUMBER_INFINITE) {
        if (is_zero(a) || is_zero(b))
            return invalid(flags);
        product.kind = NUMBER_INFINITE;
        return product;
    }
    product.significand = (u128)(u64)a->significand * (u64)b->significand;
    product.exponent = a->exponent + b->exponent;
    return product;
}

static struct number divide(struct number a, const struct number *b, u8 *flags)
{
    struct number quotient = {.sign = a.sign ^ b->sign};
    if (has_nan(&a, b))
        return nan_of(&a, b, flags);
    if (a.kind == b->kind && (a.kind == NUMBER_INFINITE || (is_zero(&a) && is_zero(b))))
        return invalid(flags);
    if (b->kind == NUMBER_INFINITE || is_zero(&a))
        return quotient;
    if (a.kind == NUMBER_INFINITE || is_zero(b)) {
        if (is_zero(b) && a.kind == NUMBER_FINITE)
            *flags |= FLAG_DZ;
        quotient.kind = NUMBER_INFINITE;
        return quotient;
    }
    /* 127 bits by at most 53 leave at least 74; the remainder becomes the sticky bit. */
    normalise(&a);
    quotient.significand = a.significand / b->significand;
    quotient.exponent = a.exponent - b->exponent;
    quotient.significand |= quotient.significand * b->significand != a.significand;
    return quotient;
}

/* The largest integer whose square is not above the radicand, tried bit by bit from the top. */
static u64 integer_root(u128 radicand)
{
    u64 root = 0;
    for (u64 bit = (u64)1 << 63; bit; bit >>= 1) {
        u64 candidate = root | bit;
        if ((u128)candidate * candidate <= radicand)
            root = candidate;
    }
    return root;
}

static struct number square_root(struct number a, u8 *flags)
{
    if (has_nan(&a, &a))
        return nan_of(&a, &a, flags);
    if (is_zero(&a))
        return a; /* -0 too */
    if (a.sign)
        return invalid(flags);
    if (a.kind == NUMBER_INFINITE)
        return a;
    normalise(&a);
    if (a.exponent & 1) { /* the root of an odd power of two is no power of two */
        a.exponent++;
        a.significand >>= 1; /* a zero: normalise() has put dozens of them there */
    }
    /* At least 125 bits give a root of 63. */
    u64 root = integer_root(a.significand);
    return (struct number){
        .exponent = a.exponent / 2,
        .significand = root | ((u128)root * root != a.significand),
    };
}

u64 soft_add(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags)
{
    struct number left = number_unpack(format, a), right = number_unpack(format, b);
    struct number sum = add(&left, &right, rounding, flags);
    return number_pack(format, &sum, rounding, flags);
}

u64 soft_sub(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags)
{
    return soft_add(format, a, b ^ format_sign_bit(format), rounding, flags);
}

u64 soft_mul(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags)
{
    struct number left = number_unpack(format, a), right = number_unpack(format, b);
    struct number product = multiply(&left, &right, flags);
    return number_pack(format, &product, rounding, flags);
}

u64 soft_div(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags)
{
    struct number left = number_unpack(format, a), right = number_unpack(format, b);
    struct number quotient = divide(left, &right, flags);
    return number_pack(format, &quotient, rounding, flags);
}

u64 soft_sqrt(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags)
{
    struct number root = square_root(number_unpack(format, a), flags);
    return number_pack(format, &root, rounding, flags);
}

/* infinity * 0 + a quiet NaN sets NV: RISC-V wants it, and here it comes by itself. */
u64 soft_fma(const struct float_format *format, u64 a, u64 b, u64 c, enum rounding rounding,
             u8 *flags)
{
    struct number left = number_unpack(format, a), right = number_unpack(format, b);
    struct number addend = number_unpack(format, c);
    struct number product = multiply(&left, &right, flags);
    struct number sum = add(&product, &addend, rounding, flags);
    return number_pack(format, &sum, rounding, flags);
}
