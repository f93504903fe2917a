/* A disk made of a raw image file or a block device: what devices/host.h wants of one. A flush is
 * fdatasync; once one has failed all later ones fail, since the host may have dropped the data and
 * would answer the next one with success. Locked before the first read: one writer or many readers.
 */
#ifndef LOADER_DISK_H
#define LOADER_DISK_H

#include "devices/host.h"

enum disk_mode { DISK_READ_WRITE, DISK_READ_ONLY };

/* Opens and locks an image. NULL and one sentence when it is missing, in use, or not whole
 * sectors. */
struct host_disk *disk_open(const char *path, enum disk_mode mode, char *message,
                            size_t message_size);
/* Closes it without a flush and gives up the lock. NULL is harmless. */
void disk_close(struct host_disk *disk);

#endif
