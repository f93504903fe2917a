/* Extensions that only promise how the others behave; the rows are in promises.def. */
#ifndef CPU_PROMISES_H
#define CPU_PROMISES_H

#include "cpu/isa.h"

struct promise {
    const char *name, *meaning;
    u32 need;       /* enum need: what it is about */
    bool is_listed; /* Linux knows the name */
};

/* All of them, in the order of the table. */
const struct promise *promises_all(unsigned *count);
/* Has this processor what the promise is about? Then the promise is kept. */
bool promise_holds(const struct promise *promise, const struct isa *isa);
/* The promise whose name is the length bytes at name; NULL when there is none. */
const struct promise *promise_find(const char *name, size_t length);

#endif
