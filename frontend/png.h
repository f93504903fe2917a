/* A picture in a file: PNG, by libpng. */
#ifndef FRONTEND_PNG_H
#define FRONTEND_PNG_H

#include "memory/types.h"

/* Pixels as in struct host_screen, row after row. False and one sentence when the file cannot be
 * written; a file that was begun is removed. */
bool png_save(const char *path, const u32 *pixels, u32 width, u32 height, char *message,
              size_t message_size);

#endif
