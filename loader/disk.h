/* Disks for the machine: what devices/host.h wants of one, made of a raw image file or a block
 * device, with or without an overlay that takes the writes. A flush is fdatasync; once one has
 * failed all later ones fail. Every file is locked before the first read: one writer or many
 * readers. */
#ifndef LOADER_DISK_H
#define LOADER_DISK_H

#include "devices/host.h"
#include "loader/disk_file.h"

/* Opens and locks an image. NULL and one sentence when it is missing, in use, not whole sectors,
 * or an overlay. */
struct host_disk *disk_open(const char *path, enum disk_mode mode, char *message,
                            size_t message_size);
/* The same of a file of any size: the rest of the last sector reads as zeroes, and the file grows
 * when it is written. Course kernels take text files for disks, as QEMU lets them. */
struct host_disk *disk_open_any_size(const char *path, enum disk_mode mode, char *message,
                                     size_t message_size);
/* An overlay in the file at path over a base that disk_open() has opened read-only: what was
 * written comes from the overlay, everything else from the base. With DISK_READ_WRITE a file that
 * is missing or empty becomes a new overlay. NULL and one sentence when it is in use, is no
 * overlay, or is one over another base (which is told by its size, the time it was last changed,
 * and its beginning). The base then belongs to the overlay, and is closed in any case. */
struct host_disk *disk_open_overlay(struct host_disk *base, const char *path, enum disk_mode mode,
                                    char *message, size_t message_size);
/* The same in a temporary file that is gone when the disk is closed or we die. base may have an
 * overlay of its own. */
struct host_disk *disk_open_throw_away(struct host_disk *base, char *message, size_t message_size);
/* Closes it and gives up the locks. Without a flush, but for what an overlay still has to note
 * about its content. NULL is harmless. */
void disk_close(struct host_disk *disk);

/* For overlays only. */

/* What every disk begins with. */
struct disk {
    struct host_disk host; /* first: its users know only this */
    void (*close)(struct disk *);
};

/* What tells one base from another, and from itself after it was changed. */
struct disk_identity {
    u64 size;
    i64 changed_seconds; /* since 1970, and nanoseconds; 0 for a block device */
    u64 changed_nanoseconds;
    u64 sum; /* of the first 2 MiB: a file system notes there that it was mounted for writing */
};

/* Of a disk that disk_open() has opened. 0 or a negative errno. */
int disk_identify(struct host_disk *disk, struct disk_identity *identity);

#define DISK_SUM_START 0xcbf29ce484222325u

/* The FNV-1a hash of these bytes, going on from an earlier sum. */
u64 disk_sum(u64 sum, const void *bytes, size_t size);

#define DISK_OVERLAY_MAGIC "vitrine overlay\n" /* the first 16 bytes of an overlay */

#endif
