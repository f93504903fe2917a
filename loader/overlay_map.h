/* Which sectors of a disk an overlay holds: one bit each. The whole map is in memory; its file is
 * brought up to date page by page. Bits are set and never cleared, so a page that is torn while it
 * is written is still right: each bit is the old one or the new one. */
#ifndef LOADER_OVERLAY_MAP_H
#define LOADER_OVERLAY_MAP_H

#include "loader/disk_file.h"

#define OVERLAY_SECTOR 512u

struct overlay_map {
    u64 sectors;
    u64 *words; /* bit i of word w is sector 64 w + i */
    u8 *dirty;  /* per page of the map: its bits are not all in the file */
    u64 pages;
};

/* Bytes that the map of so many sectors takes in a file: whole pages. */
u64 overlay_map_size(u64 sectors);
/* A map of sectors that are all the base's. False when there is no memory. */
bool overlay_map_init(struct overlay_map *map, u64 sectors);
void overlay_map_free(struct overlay_map *map);
/* How many sectors from this one on, up to end, lie on the same side as it does: in the overlay
 * (*is_ours) or in the base. */
u64 overlay_map_run(const struct overlay_map *map, u64 sector, u64 end, bool *is_ours);
/* These sectors are the overlay's from now on. */
void overlay_map_mark(struct overlay_map *map, u64 sector, u64 count);
/* All are the base's again. Not while a disk can lose power in between: its bits only ever come. */
void overlay_map_clear(struct overlay_map *map);
bool overlay_map_is_dirty(const struct overlay_map *map);
/* From and to the file, where the map starts at offset. 0 or a negative errno; what could not be
 * stored stays dirty. */
int overlay_map_load(struct overlay_map *map, const struct disk_file *file, u64 offset);
int overlay_map_store(struct overlay_map *map, const struct disk_file *file, u64 offset);

#endif
