/* The promises as data (see promises.h). */
#include "cpu/promises.h"

#include <string.h>

enum { UNLISTED, TREE };

static const struct promise promises[] = {
#define PROMISE(name, needs, listed, meaning) {name, meaning, needs, listed},
#include "cpu/promises.def"
#undef PROMISE
};

const struct promise *promises_all(unsigned *count)
{
    *count = sizeof promises / sizeof promises[0];
    return promises;
}

bool promise_holds(const struct promise *promise, const struct isa *isa)
{
    unsigned xlen = promise->need >> 8 & 0xff;

    return isa_has(isa, promise->need & 0xff) && (!xlen || xlen == isa->xlen);
}

const struct promise *promise_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof promises / sizeof promises[0]; i++)
        if (strlen(promises[i].name) == length && !strncmp(promises[i].name, name, length))
            return &promises[i];
    return NULL;
}
