/* What devices have in bulk (pixels) at the points of a history: whole pages, shared between all
 * points at which they are the same. Nobody notes writes to them, so each is compared.
 */
#ifndef LOADER_HISTORY_BULK_H
#define LOADER_HISTORY_BULK_H

#include "devices/machine.h"

struct bulk_page; /* NULL: all zero */

struct bulk {
    u32 count;
    struct bulk_page *pages[];
};

/* Copies what is not as in the point before (NULL: there is none). *bytes of memory more are used.
 * NULL: no memory. */
struct bulk *bulk_take(const struct machine *machine, const struct bulk *before, u64 *bytes);
void bulk_restore(struct machine *machine, const struct bulk *bulk);
/* NULL is harmless. *bytes of memory less are used. */
void bulk_free(struct bulk *bulk, u64 *bytes);

#endif
