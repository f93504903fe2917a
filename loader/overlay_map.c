/* The map of an overlay (see overlay_map.h). */
#include "loader/overlay_map.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BITS    64u
#define PAGE_WORDS   (PAGE_SIZE / sizeof(u64))
#define PAGE_SECTORS (PAGE_SIZE * 8) /* sectors that a page of the map stands for */

u64 overlay_map_size(u64 sectors)
{
    return (sectors / PAGE_SECTORS + (sectors % PAGE_SECTORS != 0)) * PAGE_SIZE;
}

bool overlay_map_init(struct overlay_map *map, u64 sectors)
{
    map->sectors = sectors;
    map->pages = overlay_map_size(sectors) / PAGE_SIZE;
    map->words = calloc(map->pages, PAGE_SIZE);
    map->dirty = calloc(map->pages, 1);
    return map->words && map->dirty;
}

void overlay_map_free(struct overlay_map *map)
{
    free(map->words);
    free(map->dirty);
    *map = (struct overlay_map){0};
}

u64 overlay_map_run(const struct overlay_map *map, u64 sector, u64 end, bool *is_ours)
{
    u64 at = sector;

    *is_ours = map->words[at / WORD_BITS] >> at % WORD_BITS & 1;
    while (at < end) {
        u64 word = map->words[at / WORD_BITS];
        u64 others = (*is_ours ? ~word : word) >> at % WORD_BITS;
        if (others) {
            at += (u64)__builtin_ctzll(others);
            break;
        }
        at += WORD_BITS - at % WORD_BITS;
    }
    return (at < end ? at : end) - sector;
}

void overlay_map_mark(struct overlay_map *map, u64 sector, u64 count)
{
    for (u64 end = sector + count; sector < end;) {
        u64 first = sector % WORD_BITS, some = WORD_BITS - first;
        if (some > end - sector)
            some = end - sector;
        u64 bits = (some == WORD_BITS ? UINT64_MAX : ((u64)1 << some) - 1) << first;
        u64 *word = &map->words[sector / WORD_BITS];
        if ((*word & bits) != bits) {
            *word |= bits;
            map->dirty[sector / PAGE_SECTORS] = 1;
        }
        sector += some;
    }
}

bool overlay_map_is_dirty(const struct overlay_map *map)
{
    return memchr(map->dirty, 1, map->pages) != NULL;
}

int overlay_map_load(struct overlay_map *map, const struct disk_file *file, u64 offset)
{
    static const u64 nothing[PAGE_WORDS];
    u64 page[PAGE_WORDS];

    for (u64 i = 0; i < map->pages; i++) {
        int error = disk_file_read(file, offset + i * PAGE_SIZE, page, sizeof page);
        if (error)
            return error;
        /* Pages that stay untouched cost no memory. */
        if (memcmp(page, nothing, sizeof page))
            memcpy(map->words + i * PAGE_WORDS, page, sizeof page);
    }
    return 0;
}

int overlay_map_store(struct overlay_map *map, const struct disk_file *file, u64 offset)
{
    u8 *found, *end = map->dirty + map->pages;

    for (u8 *at = map->dirty; (found = memchr(at, 1, (size_t)(end - at))); at = found) {
        u64 page = (u64)(found - map->dirty);
        int error = disk_file_write(file, offset + page * PAGE_SIZE, map->words + page * PAGE_WORDS,
                                    PAGE_SIZE);
        if (error)
            return error;
        *found = 0;
    }
    return 0;
}

void overlay_map_clear(struct overlay_map *map)
{
    static const u64 nothing[PAGE_WORDS];

    for (u64 i = 0; i < map->pages; i++) {
        u64 *page = map->words + i * PAGE_WORDS;
        if (!memcmp(page, nothing, sizeof nothing))
            continue;
        memset(page, 0, PAGE_SIZE);
        map->dirty[i] = 1;
    }
}
