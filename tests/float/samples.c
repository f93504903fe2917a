/* Draws operands, stratified. The soft-float itself finds out where a product lies; were it wrong,
 * only the aim would be worse, and a judge would say so. */
#include "tests/float/samples.h"

/* From -reach to reach. */
static i64 around(struct random *random, unsigned reach)
{
    return (i64)random_below(random, 2 * reach + 1) - (i64)reach;
}

/* Runs of ones, single ones, few leading bits: these carry, tie, and multiply to something short.
 */
static u64 fraction(const struct float_format *format, struct random *random)
{
    u64 any = random_next(random);
    unsigned from = random_below(random, format->fraction_bits);
    unsigned to = random_below(random, format->fraction_bits);

    switch (random_below(random, 10)) {
    case 0:
        return 0;
    case 1:
        return ~(u64)0;
    case 2:
        return (u64)1 << from;
    case 3:
        return ~(u64)0 << from;
    case 4:
        return ((u64)1 << from) - 1;
    case 5:
        return (u64)1 << from ^ (u64)1 << to;
    case 6:
        return ~((u64)1 << from);
    case 7:
        return any << from;
    default:
        return any;
    }
}

/* Any sign and a fraction as above; the exponent field is brought into the format's range. */
static u64 with_field(const struct float_format *format, i64 exponent, struct random *random)
{
    i64 last = (i64)format_last_field(format);
    u64 sign = random_one_in(random, 2) ? format_top(format) : 0;

    exponent = exponent < 0 ? 0 : exponent > last ? last : exponent;
    return sign | (u64)exponent << format->fraction_bits |
           format_fraction(format, fraction(format, random));
}

/* Subnormals, the normals beside them, infinities and NaNs, the largest, about 1, where fractions
 * end at the point, where the last bit passes 2^32 and 2^64, the borders of the integers; and any.
 */
static i64 field(const struct float_format *format, struct random *random)
{
    static const u8 powers[] = {7, 8, 15, 16, 31, 32, 63, 64};
    i64 last = (i64)format_last_field(format), bias = format_bias(format);

    switch (random_below(random, 11)) {
    case 0:
        return 0;
    case 1:
        return random_below(random, 4);
    case 2:
        return random_below(random, format->fraction_bits + 3);
    case 3:
        return last;
    case 4:
        return last - 1 - random_below(random, 3);
    case 5:
        return bias + around(random, 1);
    case 6:
        return bias + random_below(random, format->fraction_bits + 3);
    case 7:
        return bias + random_below(random, format->fraction_bits + 67);
    case 8:
        return bias + powers[random_below(random, sizeof powers)] + around(random, 1);
    default:
        return random_below(random, (u32)last + 1);
    }
}

static u64 number(const struct float_format *format, struct random *random)
{
    i64 exponent = field(format, random);
    u64 bits = with_field(format, exponent, random);

    /* Zeroes, infinities, powers of two. */
    return random_one_in(random, 16) ? bits - format_fraction(format, bits) : bits;
}

/* The same or a few patterns up or down, either sign: sums of such neighbours cancel. */
static u64 neighbour(const struct float_format *format, u64 bits, struct random *random)
{
    i64 distance = random_one_in(random, 2) ? around(random, 4) : 0;
    u64 magnitude = (bits + (u64)distance) & (format_top(format) - 1);

    return magnitude | (random_one_in(random, 2) ? format_top(format) : 0);
}

/* What goes with a: close to it, far enough to be cut off in the sum, or such that the product or
 * the quotient comes near the smallest normal or the largest number. */
static u64 partner(const struct float_format *format, u64 a, struct random *random)
{
    i64 first = (i64)format_field(format, a), bias = format_bias(format);
    i64 last = (i64)format_last_field(format), second;
    unsigned bits = format->fraction_bits;

    switch (random_below(random, 8)) {
    case 0:
        return neighbour(format, a, random);
    case 1:
        second = first + around(random, bits + 3);
        break;
    case 2:
        second = bias + 1 - first + around(random, bits + 3);
        break;
    case 3:
        second = last + bias - first + around(random, 2);
        break;
    case 4:
        second = first + bias - 1 + around(random, bits + 3);
        break;
    case 5:
        second = first + bias - last + around(random, 2);
        break;
    default:
        return number(format, random);
    }
    return with_field(format, second, random);
}

/* What is added to a product: nearly its opposite, of its size, a tie's half unit, very little. */
static u64 addend(const struct float_format *format, u64 a, u64 b, struct random *random)
{
    u8 ignored = 0;
    u64 product = soft_mul(format, a, b, (enum rounding)random_below(random, 5), &ignored);
    i64 first = (i64)format_field(format, product), reach = (i64)format->fraction_bits;

    switch (random_below(random, 6)) {
    case 0:
        return neighbour(format, product, random);
    case 1:
        return with_field(format, first + around(random, 2 * (u32)reach + 5), random);
    case 2:
        return with_field(format, first - reach - 1 + around(random, 1), random);
    case 3:
        return with_field(format, 0, random);
    default:
        return number(format, random);
    }
}

/* Operands of a root: squares and their neighbours among others. */
static u64 radicand(const struct float_format *format, struct random *random)
{
    u64 root = number(format, random);
    u8 ignored = 0;

    if (!random_one_in(random, 4))
        return root;
    u64 square = soft_mul(format, root, root, ROUND_RNE, &ignored);
    return (square + (u64)around(random, 1)) & (format_top(format) - 1);
}

/* Half of the operands of a narrowing conversion are numbers of the narrow format with some bits
 * below its last one: ties, and what is next to them; down to below its subnormals. */
static u64 convertible(const struct operation *operation, struct random *random)
{
    const struct float_format *from = operation->format, *to = operation->to;
    u64 below;
    u8 ignored = 0;

    if (to->fraction_bits >= from->fraction_bits || random_one_in(random, 2))
        return number(from, random);
    if (random_one_in(random, 4)) {
        i64 least = format_bias(from) - format_bias(to) - (i64)to->fraction_bits;
        return with_field(from, least + around(random, to->fraction_bits + 3), random);
    }
    below = format_fraction(from, fraction(from, random)) >> to->fraction_bits;
    u64 narrow = number(to, random);
    return soft_convert(from, to, narrow, ROUND_RNE, &ignored) ^ below;
}

/* Powers of two and their neighbours, runs, and numbers of any length with any zeroes behind. */
static u64 integer(struct random *random)
{
    u64 any = random_next(random), sign = any & 1 ? ~(u64)0 : 0;
    unsigned from = random_below(random, 64), to = random_below(random, 64);

    switch (random_below(random, 6)) {
    case 0:
        return sign ^ (((u64)1 << from) + (u64)around(random, 2));
    case 1:
        return sign ^ ((~(u64)0 << from) ^ (u64)1 << to);
    case 2:
        return sign ^ ((u64)1 << from ^ (u64)1 << to);
    case 3:
        return sign ^ (any >> from << to);
    case 4:
        return sign ^ any >> from;
    default:
        return any;
    }
}

void sample_draw(const struct operation *operation, struct random *random, u64 operand[3])
{
    const struct float_format *format = operation->format;

    operand[0] = operand[1] = operand[2] = 0;
    if (operation->action == ACTION_CONSTANT)
        operand[0] = random_below(random, 32);
    else if (operation->action == ACTION_FROM_INT)
        operand[0] = integer(random);
    else if (operation->action == ACTION_SQRT)
        operand[0] = radicand(format, random);
    else if (operation->action == ACTION_CONVERT)
        operand[0] = convertible(operation, random);
    else
        operand[0] = number(format, random);
    if (operation_arity(operation) > 1)
        operand[1] = partner(format, operand[0], random);
    if (operation_arity(operation) > 2)
        operand[2] = addend(format, operand[0], operand[1], random);
}
