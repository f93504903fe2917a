/* Samples as text: the regressions in the folder of that name, one sample each.
 *
 *   # comment                    cpu rv64imafdc_...       loops 8     start 0x800     data 17
 *   tables 5                     fcsr 0x20                x 10 0x1234      f 3 0xffffffff3f800000
 *   where 0 mstatus 0x1800       body 00b50533 # add a0, a0, a1
 *
 * A line for each thing that is not zero; a body line for each instruction, in order. */
#ifndef TESTS_RANDOM_REGRESSION_H
#define TESTS_RANDOM_REGRESSION_H

#include "tests/random/sample.h"

#include <stdio.h>

void regression_write(FILE *file, const struct isa *isa, const char *cpu,
                      const struct sample *sample);
/* cpu has room for 512. False and a sentence when it is not such a text. */
bool regression_read(FILE *file, struct sample *sample, char *cpu, char *message,
                     size_t message_size);

#endif
