/* Making a sample that differs as small as it can be. */
#ifndef TESTS_RANDOM_SHRINK_H
#define TESTS_RANDOM_SHRINK_H

#include "tests/random/judge.h"

/* Instructions become nops, iterations fewer, registers zero, wheres alike, for as long as the two
 * sides still differ. False when they could not be asked. */
bool shrink(struct judge *judge, struct sample *sample);
/* Instructions of the body that are not nops. */
unsigned shrink_size(const struct sample *sample);

#endif
