/* Operands that are worth trying. Uniform bit patterns would hardly ever be subnormal, tie, cancel
 * or overflow: so exponents, fractions and the relation between operands are each drawn from a list
 * of kinds, in which the uniform choice is one among others. */
#ifndef TESTS_FLOAT_SAMPLES_H
#define TESTS_FLOAT_SAMPLES_H

#include "tests/agree/random.h"
#include "tests/float/operation.h"

/* Sets the operands; the rounding mode is the caller's. */
void sample_draw(const struct operation *operation, struct random *random, u64 operand[3]);

#endif
