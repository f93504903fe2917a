/* What the host's opinion on halves, and the exhaustive test of singles, share with judge_host.c.
 */
#ifndef TESTS_FLOAT_JUDGE_HOST_H
#define TESTS_FLOAT_JUDGE_HOST_H

#include "tests/float/judge.h"

/* x86's F16C converts between halves and singles, and that is all that it knows of halves. */
bool host_knows_half(const struct operation *operation);
/* By the host's rounding mode, raising its flags. */
u64 host_convert_half(const struct operation *operation, u64 bits);
u64 host_single_to_half(u64 bits);

/* whole: what the host has rounded to an integer, or a NaN or an infinity. Where it does not fit,
 * *flags becomes NV and the result what the manual says ("Single-Precision Floating-Point
 * Conversion and Move Instructions"). */
u64 host_to_integer(double whole, enum integer_kind kind, u8 *flags);

#endif
