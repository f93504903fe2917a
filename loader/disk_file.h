/* A file below a disk: whole transfers or an error, and flushes that never lie. All answers are 0
 * or a negative errno. For disk.c and disk_overlay.c. */
#ifndef LOADER_DISK_FILE_H
#define LOADER_DISK_FILE_H

#include "devices/host.h"

enum disk_mode { DISK_READ_WRITE, DISK_READ_ONLY };

struct disk_file {
    int fd;          /* -1: not open */
    int flush_error; /* what the first fdatasync that failed said; 0 so far */
    bool cannot_punch, cannot_zero;
};

/* Opens a regular file or a block device, and locks it before anything is read: one writer or many
 * readers. With DISK_READ_WRITE and create_flags O_CREAT a missing file is made. False and one
 * sentence otherwise. */
bool disk_file_open(struct disk_file *file, const char *path, enum disk_mode mode, int create_flags,
                    char *message, size_t message_size);
/* A file without a name, in $TMPDIR or /var/tmp. */
bool disk_file_open_temporary(struct disk_file *file, char *message, size_t message_size);
void disk_file_close(struct disk_file *file);

/* Its size in bytes, or a negative errno. */
i64 disk_file_size(const struct disk_file *file);
/* Bytes beyond the end are -EIO: somebody has cut the file. */
int disk_file_read(const struct disk_file *file, u64 offset, void *to, size_t size);
int disk_file_write(const struct disk_file *file, u64 offset, const void *from, size_t size);
/* All that was written, and what it takes to find it, is on stable storage. Once this has failed it
 * fails for good, since the host may have dropped the data and answer the next call with success.
 */
int disk_file_flush(struct disk_file *file);
/* Gives the space back; then the bytes read as zero. -EOPNOTSUPP where the host cannot. */
int disk_file_punch(struct disk_file *file, u64 offset, u64 size);
/* The bytes read as zero, by whatever means. */
int disk_file_zero(struct disk_file *file, u64 offset, u64 size, enum host_zero how);

#endif
