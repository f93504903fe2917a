/* Every call of the host that disks make: one table, so that a test that links a table of its own
 * can let each of them fail, be slow, or be written down. Nothing else in loader/ uses it.
 * disk_calls_linux.c or disk_calls_posix.c; CMake chooses. */
#ifndef LOADER_DISK_CALLS_H
#define LOADER_DISK_CALLS_H

#include <sys/types.h>

/* Each behaves as the call of its name: -1 and errno when it fails. */
struct disk_calls {
    int (*open)(const char *path, int flags, mode_t mode);
    int (*make_temporary)(char *template); /* mkstemp(3), closed on exec */
    ssize_t (*pread)(int fd, void *to, size_t size, off_t offset);
    ssize_t (*pwrite)(int fd, const void *from, size_t size, off_t offset);
    int (*ftruncate)(int fd, off_t size);
    int (*fdatasync)(int fd);
    int (*fsync)(int fd); /* of a folder: the names in it are on stable storage */
    /* These bytes read as zero, and their space is given back (punch) or kept (zero). Fails with
     * EOPNOTSUPP where the host cannot. The file keeps its size. */
    int (*punch)(int fd, off_t offset, off_t size);
    int (*zero)(int fd, off_t offset, off_t size);
};

extern const struct disk_calls disk_calls;

#endif
