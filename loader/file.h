/* A file of the user's that is loaded into the guest: opened and measured once, read again at every
 * reset of the machine. It is read, never mapped: a mapped file that somebody truncates would kill
 * us with SIGBUS. */
#ifndef LOADER_FILE_H
#define LOADER_FILE_H

#include "memory/types.h"

#include <time.h>

struct file {
    char *path; /* NULL: not open */
    int fd;
    u64 size;                /* bytes, when it was opened; never 0 */
    struct timespec changed; /* when it was last written before it was opened */
};

/* Opens a regular file that is not empty. False and one sentence otherwise. */
bool file_open(struct file *file, const char *path, char *message, size_t message_size);
/* Harmless on a file that is not open. */
void file_close(struct file *file);
/* Reads exactly size bytes. False and one sentence when they are not there. */
bool file_read(const struct file *file, u64 offset, void *to, u64 size, char *message,
               size_t message_size);
/* False and one sentence when the file was written to since it was opened: what was checked then
 * need not hold now. */
bool file_is_unchanged(const struct file *file, char *message, size_t message_size);
/* The path without its folders. */
const char *file_name(const char *path);

#endif
