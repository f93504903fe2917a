/* The host's FPU as the judge of the soft-float tests: operands worth trying, the four rounding
 * modes that a host has, and its flags in RISC-V's encoding.
 *
 * gcc ignores FENV_ACCESS and would move arithmetic across fesetround() and fetestexcept(). So
 * every host operation is a function that is not inlined, reads its operands from volatile objects
 * and leaves its result in one. */
#ifndef TESTS_CPU_HOST_FLOAT_H
#define TESTS_CPU_HOST_FLOAT_H

#include <fenv.h>
#include <inttypes.h>
#include <math.h>
#include "cpu/softfloat.h"

/* IEEE 754 lets a host choose when it detects tininess. x86 and RISC-V do it after rounding; on
 * others UF can rightly differ beside the smallest normal. */
#if defined(__x86_64__) || defined(__riscv)
#define COMPARED_FLAGS 31
#else
#define COMPARED_FLAGS (31 & ~FLAG_UF)
#endif

#define SPECIAL_MOST   128
#define HOST_ROUNDINGS 4 /* ROUND_RNE to ROUND_RUP */

static const int host_rounding[HOST_ROUNDINGS] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD,
                                                  FE_UPWARD};
static const enum rounding all_roundings[] = {ROUND_RNE, ROUND_RTZ, ROUND_RDN, ROUND_RUP,
                                              ROUND_RMM};

typedef volatile union {
    u32 bits;
    float value;
} host_single;

typedef volatile union {
    u64 bits;
    double value;
} host_double;

static inline u8 host_flags(void)
{
    int raised = fetestexcept(FE_ALL_EXCEPT);
    return (u8)((raised & FE_INEXACT ? FLAG_NX : 0) | (raised & FE_UNDERFLOW ? FLAG_UF : 0) |
                (raised & FE_OVERFLOW ? FLAG_OF : 0) | (raised & FE_DIVBYZERO ? FLAG_DZ : 0) |
                (raised & FE_INVALID ? FLAG_NV : 0));
}

static inline u64 infinity_of(const struct float_format *format)
{
    return (((u64)1 << format->exponent_bits) - 1) << format->fraction_bits;
}

static inline u64 sign_of(const struct float_format *format)
{
    return (u64)1 << (format->exponent_bits + format->fraction_bits);
}

static inline bool is_any_nan(const struct float_format *format, u64 bits)
{
    return (bits & (sign_of(format) - 1)) > infinity_of(format);
}

/* RISC-V never lets a payload through; the host does. */
static inline u64 canonical(const struct float_format *format, u64 bits)
{
    u64 quiet = infinity_of(format) | (u64)1 << (format->fraction_bits - 1);
    return is_any_nan(format, bits) ? quiet : bits;
}

/* 2^exponent as a bit pattern. */
static inline u64 power_of_two(const struct float_format *format, int exponent)
{
    int bias = (1 << (format->exponent_bits - 1)) - 1;
    return (u64)(exponent + bias) << format->fraction_bits;
}

/* Zero, the borders of the subnormals, the normals and the infinities, NaNs with payload, powers of
 * two with their neighbours, halves, the borders of the integers: each with both signs. */
static inline unsigned specials(const struct float_format *format, u64 *values)
{
    static const int powers[] = {-2, -1, 0, 1, 2, 31, 32, 63, 64};
    u64 one = power_of_two(format, 0), infinity = infinity_of(format);
    u64 leading = (u64)1 << format->fraction_bits, quiet = leading >> 1;
    u64 fixed[] = {0,
                   1,
                   2,
                   leading - 1,
                   leading,
                   leading + 1,
                   infinity,
                   infinity - 1,
                   infinity | quiet,
                   infinity | quiet | 3,
                   infinity | 1,
                   infinity | (quiet - 1),
                   leading << 1,
                   one + quiet,
                   power_of_two(format, 1) + (quiet >> 1),
                   power_of_two(format, 2) + (quiet >> 2)};
    unsigned count = 0;
    for (unsigned i = 0; i < sizeof fixed / sizeof *fixed; i++)
        values[count++] = fixed[i];
    for (unsigned i = 0; i < sizeof powers / sizeof *powers; i++) {
        if (powers[i] >= 1 << (format->exponent_bits - 1))
            continue;
        for (int step = -1; step <= 1; step++)
            values[count++] = power_of_two(format, powers[i]) + (u64)step;
    }
    for (unsigned i = 0; i < count; i++)
        values[count + i] = values[i] | sign_of(format);
    return 2 * count;
}

/* xorshift64*: the same operands in every run. */
static inline u64 next_random(u64 *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

/* Few fractions of a uniform choice are ties, carries or short: half are made of runs instead. */
static inline u64 random_fraction(const struct float_format *format, u64 *state)
{
    u64 mask = ((u64)1 << format->fraction_bits) - 1, random = next_random(state);
    unsigned from = random >> 8 & 63, to = random >> 16 & 63;
    switch (random & 7) {
    case 0:
        return (u64)1 << from & mask;
    case 1:
        return (~(u64)0 << from) & mask;
    case 2:
        return (((u64)1 << from) - 1) & mask;
    case 3:
        return ((~(u64)0 << from) ^ (u64)1 << to) & mask;
    default:
        return next_random(state) & mask;
    }
}

/* Any sign, a fraction as above, an exponent field within spread of the given one. */
static inline u64 random_near(const struct float_format *format, i64 exponent, unsigned spread,
                              u64 *state)
{
    u64 random = next_random(state);
    i64 most = (i64)1 << format->exponent_bits;
    i64 field = exponent + (i64)((random >> 1) % (2 * spread + 1)) - (i64)spread;
    field = field < 0 ? 0 : field >= most ? most - 1 : field;
    return (random & 1 ? sign_of(format) : 0) | (u64)field << format->fraction_bits |
           random_fraction(format, state);
}

static inline u64 random_any(const struct float_format *format, u64 *state)
{
    return random_near(format, (i64)1 << (format->exponent_bits - 1),
                       1u << (format->exponent_bits - 1), state);
}

static inline i64 exponent_field(const struct float_format *format, u64 bits)
{
    return (i64)((bits & (sign_of(format) - 1)) >> format->fraction_bits);
}

static inline u64 double_bits(double value)
{
    host_double cell;
    cell.value = value;
    return cell.bits;
}

static inline bool is_signalling_nan(const struct float_format *format, u64 bits)
{
    return is_any_nan(format, bits) && !(bits >> (format->fraction_bits - 1) & 1);
}

/* What a bit pattern means, by its definition. */
static inline double meaning(const struct float_format *format, u64 bits)
{
    u64 fraction = bits & (((u64)1 << format->fraction_bits) - 1);
    int field = (int)exponent_field(format, bits);
    int bias = (1 << (format->exponent_bits - 1)) - 1, places = (int)format->fraction_bits;
    double sign = bits & sign_of(format) ? -1 : 1;
    if (is_any_nan(format, bits))
        return NAN;
    if (field == 2 * bias + 1)
        return sign * INFINITY;
    if (field == 0)
        return sign * ldexp((double)fraction, 1 - bias - places);
    return sign * ldexp((double)(fraction | (u64)1 << places), field - bias - places);
}

/* A double, exact, rounded to a narrower format by the textbook: scaled until the last bit that is
 * kept counts one, rounded to an integer by libm, and scaled back. */
static inline double round_integer(double x, enum rounding rounding)
{
    switch (rounding) {
    case ROUND_RNE:
        return nearbyint(x);
    case ROUND_RTZ:
        return trunc(x);
    case ROUND_RDN:
        return floor(x);
    case ROUND_RUP:
        return ceil(x);
    case ROUND_RMM:
        return round(x);
    }
    return 0;
}

static inline double narrow(const struct float_format *format, double exact, enum rounding rounding,
                            u8 *flags)
{
    int most = (1 << (format->exponent_bits - 1)) - 1, bits = (int)format->fraction_bits;
    if (exact == 0)
        return exact;
    int exponent = ilogb(exact), least = 1 - most;
    int place = (exponent < least ? least : exponent) - bits;
    double result = ldexp(round_integer(ldexp(exact, -place), rounding), place);
    double full = ldexp(round_integer(ldexp(exact, bits - exponent), rounding), exponent - bits);
    *flags |= result != exact ? FLAG_NX : 0;
    *flags |= result != exact && fabs(full) < ldexp(1, least) ? FLAG_UF : 0;
    if (fabs(result) < ldexp(1, most + 1))
        return result;
    *flags |= FLAG_OF | FLAG_NX;
    double largest = ldexp(2 - ldexp(1, -bits), most);
    bool is_infinite = rounding == ROUND_RNE || rounding == ROUND_RMM ||
                       (exact > 0 ? rounding == ROUND_RUP : rounding == ROUND_RDN);
    return copysign(is_infinite ? INFINITY : largest, exact);
}

#endif
