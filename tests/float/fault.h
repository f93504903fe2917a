/* Faults to be planted in the soft-float's answers, so that each judge can show that it notices:
 * the ones that emulators really have had. */
#ifndef TESTS_FLOAT_FAULT_H
#define TESTS_FLOAT_FAULT_H

#include "tests/float/operation.h"

struct fault {
    const char *name;
    void (*spoil)(const struct operation *operation, const struct sample *sample,
                  struct outcome *outcome);
};

/* NULL: there is no such fault. */
const struct fault *fault_find(const char *name);

#endif
