/* MPFR's numbers for the judge: on the stack, made from bit patterns and turned into them again. */
#ifndef TESTS_FLOAT_JUDGE_MPFR_H
#define TESTS_FLOAT_JUDGE_MPFR_H

#include <stdint.h>
#include <mpfr.h>
#include "tests/float/judge.h"

/* Declares a variable of so many bits (at most 128), without malloc(). */
#define NUMBER(name, precision)                                                                    \
    mp_limb_t name##_limbs[128 / 8 / sizeof(mp_limb_t)];                                           \
    mpfr_t name;                                                                                   \
    mpfr_custom_init_set(name, MPFR_NAN_KIND, 0, (precision), name##_limbs)

/* Exact: value has 64 bits. */
void mpfr_from_bits(mpfr_t value, const struct float_format *format, u64 bits);
/* The value is one of the format's. */
u64 mpfr_to_bits(mpfr_t value, const struct float_format *format);

/* What is not rounded to a format's precision: comparisons, classes, integers and constants. For
 * NaNs, flags are for the caller to add. */
void mpfr_opine_plainly(const struct operation *operation, enum rounding rounding,
                        mpfr_t operand[3], struct outcome *expected);
u64 mpfr_constant(const struct float_format *format, unsigned number);

#endif
