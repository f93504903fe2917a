/* Somebody who knows the answer without the soft-float. Each program of this folder is main.c with
 * one judge: MPFR, the host's FPU, or Vitrine's own fast path, which uses the host's. */
#ifndef TESTS_FLOAT_JUDGE_H
#define TESTS_FLOAT_JUDGE_H

#include "tests/float/operation.h"

enum opinion {
    OPINION_OWN,    /* *expected is what the judge has computed */
    OPINION_SHARED, /* the bits are the soft-float's: all that counts are flags beyond its */
};

struct judge {
    const char *name;
    /* The rounding modes in which it knows the operation, 1 << ROUND_RNE and so on; 0: not at all.
     * Of an operation that does not round, only 1 << ROUND_RNE is asked. */
    unsigned (*roundings)(const struct operation *operation);
    /* Called before the opinions in this mode. */
    void (*turn_to)(enum rounding rounding);
    enum opinion (*opine)(const struct operation *operation, const struct sample *sample,
                          struct outcome *expected);
};

extern const struct judge judge;

#define EVERY_ROUNDING 31u

#endif
