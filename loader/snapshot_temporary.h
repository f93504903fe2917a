/* The file that a snapshot is written to before it gets its name: beside it, locked by whoever
 * writes it. Whoever died leaves one behind, which nobody holds; it goes when the same name is
 * saved to again. */
#ifndef LOADER_SNAPSHOT_TEMPORARY_H
#define LOADER_SNAPSHOT_TEMPORARY_H

#include "memory/types.h"

/* A new one for this path, for the owner alone; *name is to be freed. What others have left behind
 * is gone. A descriptor, or a negative errno and no name. */
int snapshot_temporary(const char *path, char **name);
/* Is that the name of one? */
bool snapshot_is_temporary(const char *name);

#endif
