/* How the loader says no: one sentence for the user, and false for the caller to hand on. */
#ifndef LOADER_REFUSE_H
#define LOADER_REFUSE_H

#include "memory/types.h"

/* Writes the sentence, cut to size bytes, and returns false. */
__attribute__((format(printf, 3, 4))) bool refuse(char *message, size_t size, const char *format,
                                                  ...);

#endif
