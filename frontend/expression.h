/* Numbers as people write them for the monitor: 0x80000000, 4096, sp, sp+8, schedule+0x1c,
 * (a0-8)*2. */
#ifndef FRONTEND_EXPRESSION_H
#define FRONTEND_EXPRESSION_H

#include "memory/types.h"

/* What names stand for. False when there is no such name. */
struct expression_names {
    void *context;
    bool (*find)(void *context, const char *name, u64 *value);
};

#define EXPRESSION_NAME 256 /* bytes of a name, with its end */

/* Sums, differences and products of numbers and names, with parentheses; arithmetic is modulo 2^64.
 * A number is decimal, or hexadecimal with 0x. A name may begin with $. False and one sentence when
 * it cannot be read. */
bool expression_read(const char *text, const struct expression_names *names, u64 *value,
                     char *message, size_t message_size);

#endif
