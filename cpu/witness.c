/* Reading what a hart remembers (see witness.h). */
#include "cpu/witness.h"

#include <stddef.h>

const struct trap_seen *witness_last(const struct witness *witness)
{
    const struct trap_seen *last = NULL;

    for (unsigned i = 0; i < WITNESS_TRAPS; i++) {
        const struct trap_seen *seen = &witness->traps[i];
        if (seen->count && (!last || seen->own_step > last->own_step))
            last = seen;
    }
    return last;
}
