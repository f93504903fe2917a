/* The faults. */
#include "tests/float/fault.h"

#include <string.h>

/* Tininess before rounding, as IEEE 754 allows and RISC-V does not. */
static void spoil_tininess(const struct operation *operation, const struct sample *sample,
                           struct outcome *outcome)
{
    const struct float_format *result = operation_result(operation);

    (void)sample;
    if (result && (outcome->bits & (format_top(result) - 1)) == (u64)1 << result->fraction_bits &&
        outcome->flags & FLAG_NX && operation->action != ACTION_INTEGRAL_NX)
        outcome->flags |= FLAG_UF;
}

/* RMM taken for RNE. */
static void spoil_ties(const struct operation *operation, const struct sample *sample,
                       struct outcome *outcome)
{
    struct sample other = *sample;

    if (sample->rounding != ROUND_RMM)
        return;
    other.rounding = ROUND_RNE;
    *outcome = operation_soft(operation, &other);
}

/* The sign of a NaN operand shows in the result. */
static void spoil_nans(const struct operation *operation, const struct sample *sample,
                       struct outcome *outcome)
{
    const struct float_format *result = operation_result(operation);

    if (result && result == operation->format && holds_nan(result, outcome->bits) &&
        operation->action != ACTION_CONSTANT)
        outcome->bits |= sample->operand[0] & format_top(result);
}

/* One inexact result in 2^12 has its last bit wrong. */
static void spoil_last_bit(const struct operation *operation, const struct sample *sample,
                           struct outcome *outcome)
{
    u64 mixed = sample->operand[0] * 0x9e3779b97f4a7c15;

    if (operation_result(operation) && outcome->flags & FLAG_NX && mixed >> 52 == 0)
        outcome->bits ^= 1;
}

static const struct fault faults[] = {
    {"tininess", spoil_tininess},
    {"ties", spoil_ties},
    {"nans", spoil_nans},
    {"last-bit", spoil_last_bit},
};

const struct fault *fault_find(const char *name)
{
    for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}
