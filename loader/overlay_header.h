/* The first page of an overlay: what it is, and which base it belongs to. Written once, when the
 * overlay is made, and never again.
 *
 *     0        the header, a page; sum covers everything before it
 *     4096     the map (overlay_map.h)
 *     data_at  the disk: its byte n at data_at + n; where the map says no, the base has it      */
#ifndef LOADER_OVERLAY_HEADER_H
#define LOADER_OVERLAY_HEADER_H

#include "loader/disk.h"
#include "loader/disk_file.h"

#define OVERLAY_MAP_AT PAGE_SIZE

struct overlay_header {
    char magic[16];
    u32 version; /* OVERLAY_VERSION */
    u32 sector_size;
    struct disk_identity base;
    u64 data_at; /* a multiple of 1 MiB, so that what is aligned in the base is so here */
    u64 sum;
};

#define OVERLAY_VERSION 1u

/* Where the data of a disk of this size begins. */
u64 overlay_data_at(u64 disk_size);
/* Checks the header of the overlay called path against its base, or makes one when the file is new:
 * empty, or no more than a page of zeroes, which is what an interrupted making can leave. False and
 * one sentence otherwise. */
bool overlay_header_check(struct disk_file *file, const char *path, enum disk_mode mode,
                          struct host_disk *base, char *message, size_t message_size);

#endif
