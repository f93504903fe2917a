/* The floating-point operations under test: what operations.def lists. cpu/softfloat.h computes
 * them here, through the words of isa.def as the plain engine understands them; each judge does it
 * in its own way. */
#ifndef TESTS_FLOAT_OPERATION_H
#define TESTS_FLOAT_OPERATION_H

#include "cpu/softfloat.h"

enum action {
    ACTION_ADD,
    ACTION_SUB,
    ACTION_MUL,
    ACTION_DIV,
    ACTION_SQRT,
    ACTION_FMA,
    ACTION_MIN,
    ACTION_MAX,
    ACTION_MINM,
    ACTION_MAXM,
    ACTION_EQ,
    ACTION_LT,
    ACTION_LE,
    ACTION_LTQ,
    ACTION_LEQ,
    ACTION_CLASS,
    ACTION_INTEGRAL,
    ACTION_INTEGRAL_NX,
    ACTION_CONVERT,
    ACTION_TO_INT,
    ACTION_FROM_INT,
    ACTION_MODULAR,
    ACTION_CONSTANT,
};

struct operation {
    const char *name; /* the manual's */
    enum action action;
    const struct float_format *format; /* of the operands; of the result where these are integers */
    const struct float_format *to;     /* of the result, where that is no integer */
    enum integer_kind integer;         /* ACTION_TO_INT, ACTION_FROM_INT */
    u64 (*soft)(const u64 *operand, enum rounding rounding, u8 *flags);
};

extern const struct operation operations[];
extern const unsigned operation_count;

struct sample {
    u64 operand[3]; /* bit patterns, an integer, or the number of a constant */
    enum rounding rounding;
};

struct outcome {
    u64 bits;
    u8 flags;
};

/* 0 for constants, to 3. */
unsigned operation_arity(const struct operation *operation);
/* Whether the rounding mode matters to the result or the flags of any sample. */
bool operation_rounds(const struct operation *operation);
/* The format of the result, or NULL: an integer. */
const struct float_format *operation_result(const struct operation *operation);

struct outcome operation_soft(const struct operation *operation, const struct sample *sample);

/* What the manual's layout says, in words of this folder's own: the judges share nothing with the
 * soft-float. */
static inline u64 format_top(const struct float_format *format)
{
    return (u64)1 << (format->exponent_bits + format->fraction_bits);
}

/* The exponent field of infinities and NaNs: all ones. */
static inline u64 format_last_field(const struct float_format *format)
{
    return ((u64)1 << format->exponent_bits) - 1;
}

static inline int format_bias(const struct float_format *format)
{
    return (1 << (format->exponent_bits - 1)) - 1;
}

static inline u64 format_fraction(const struct float_format *format, u64 bits)
{
    return bits & (((u64)1 << format->fraction_bits) - 1);
}

static inline u64 format_field(const struct float_format *format, u64 bits)
{
    return bits >> format->fraction_bits & format_last_field(format);
}

static inline bool holds_nan(const struct float_format *format, u64 bits)
{
    return format_field(format, bits) == format_last_field(format) && format_fraction(format, bits);
}

static inline bool holds_signalling_nan(const struct float_format *format, u64 bits)
{
    return holds_nan(format, bits) && !(bits >> (format->fraction_bits - 1) & 1);
}

static inline u64 the_nan(const struct float_format *format)
{
    return (format_last_field(format) << 1 | 1) << (format->fraction_bits - 1);
}

#endif
