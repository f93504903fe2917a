/* A disk that loses its power: takes the place of the host's calls (loader/disk_calls.h), writes
 * down what reaches the one file that is written to, and makes of that what a power cut can leave:
 * everything up to the last fdatasync, and of the rest any part, whatever the order it was written
 * in: each sector of it is there or not. Of two writes to one sector the later is put over the
 * earlier; a disk that swaps them leaves the earlier, and so do we when the later is not there. */
#ifndef TESTS_LOADER_DISK_LOG_H
#define TESTS_LOADER_DISK_LOG_H

#include "loader/disk_calls.h"
#include "memory/types.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum event_kind { EVENT_WRITE, EVENT_ZERO, EVENT_RESIZE, EVENT_SYNC };

struct disk_event {
    enum event_kind kind;
    u64 offset, size;
    u8 *bytes;   /* of a write */
    u64 witness; /* what the witness said just before it */
};

static struct disk_log {
    bool is_on;
    /* Bytes of a write, from this one on, that are there together or not at all. NULL: up to the
     * sector's end. */
    u64 (*piece)(const struct disk_event *event, u64 from);
    struct disk_event *events;
    size_t count, room;
    u64 (*witness)(void); /* may be NULL: 0 */
} disk_log;

static inline void disk_log_add(enum event_kind kind, u64 offset, u64 size, const void *bytes)
{
    if (!disk_log.is_on)
        return;
    if (disk_log.count == disk_log.room) {
        disk_log.room = disk_log.room * 2 + 1024;
        disk_log.events = realloc(disk_log.events, disk_log.room * sizeof *disk_log.events);
    }
    struct disk_event *event = &disk_log.events[disk_log.count++];
    *event = (struct disk_event){kind, offset, size, NULL, 0};
    if (bytes) {
        event->bytes = malloc(size);
        memcpy(event->bytes, bytes, size);
    }
    event->witness = disk_log.witness ? disk_log.witness() : 0;
}

/* Disks write sectors wholly or not at all. */
static inline u64 disk_log_sector(const struct disk_event *event, u64 from)
{
    return 512 - (event->offset + from) % 512;
}

static inline void disk_log_clear(void)
{
    for (size_t i = 0; i < disk_log.count; i++)
        free(disk_log.events[i].bytes);
    free(disk_log.events);
    disk_log = (struct disk_log){0};
}

static int log_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

static ssize_t log_pwrite(int fd, const void *from, size_t size, off_t offset)
{
    disk_log_add(EVENT_WRITE, (u64)offset, size, from);
    return pwrite(fd, from, size, offset);
}

static int log_ftruncate(int fd, off_t size)
{
    disk_log_add(EVENT_RESIZE, 0, (u64)size, NULL);
    return ftruncate(fd, size);
}

/* The true disk need not be bothered: its power stays on. */
static int log_sync(int fd)
{
    (void)fd;
    disk_log_add(EVENT_SYNC, 0, 0, NULL);
    return 0;
}

static int log_sync_folder(int fd)
{
    (void)fd;
    return 0;
}

static int log_zero(int fd, off_t offset, off_t size)
{
    u8 *zeroes = calloc(1, (size_t)size);
    ssize_t done = pwrite(fd, zeroes, (size_t)size, offset);

    free(zeroes);
    disk_log_add(EVENT_ZERO, (u64)offset, (u64)size, NULL);
    return done == size ? 0 : -1;
}

const struct disk_calls disk_calls = {
    .open = log_open,
    .make_temporary = mkstemp,
    .pread = pread,
    .pwrite = log_pwrite,
    .ftruncate = log_ftruncate,
    .fdatasync = log_sync,
    .fsync = log_sync_folder,
    .punch = log_zero,
    .zero = log_zero,
};

/* The content of a file, in memory. */
struct disk_content {
    u8 *bytes;
    u64 size, room;
};

static inline void content_resize(struct disk_content *content, u64 size)
{
    if (size > content->room) {
        content->bytes = realloc(content->bytes, size);
        content->room = size;
    }
    if (size > content->size)
        memset(content->bytes + content->size, 0, size - content->size);
    content->size = size;
}

static inline void content_copy(struct disk_content *to, const struct disk_content *from)
{
    content_resize(to, from->size);
    if (from->size)
        memcpy(to->bytes, from->bytes, from->size);
}

static inline u64 disk_log_roll(u64 *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static inline void content_put(struct disk_content *content, const struct disk_event *event,
                               u64 from, u64 size)
{
    u64 end = event->offset + from + size;

    if (event->kind == EVENT_WRITE && end > content->size)
        content_resize(content, end);
    if (event->kind == EVENT_WRITE)
        memcpy(content->bytes + event->offset + from, event->bytes + from, size);
    else if (event->offset + from < content->size)
        memset(content->bytes + event->offset + from, 0,
               end < content->size ? size : content->size - event->offset - from);
}

static inline void content_apply(struct disk_content *content, const struct disk_event *event)
{
    if (event->kind == EVENT_RESIZE)
        content_resize(content, event->size);
    else if (event->kind != EVENT_SYNC)
        content_put(content, event, 0, event->size);
}

/* What may have become of an event that no flush has followed. */
static inline void content_apply_perhaps(struct disk_content *content,
                                         const struct disk_event *event, u64 *seed)
{
    u64 choice = disk_log_roll(seed) >> 20 & 3;

    if (choice == 0)
        return;
    if (choice != 1 || event->kind == EVENT_RESIZE) {
        content_apply(content, event);
        return;
    }
    for (u64 from = 0, next; from < event->size; from = next) {
        next = from + (disk_log.piece ? disk_log.piece(event, from) : disk_log_sector(event, from));
        if (next > event->size)
            next = event->size;
        if (disk_log_roll(seed) >> 20 & 1)
            content_put(content, event, from, next - from);
    }
}

/* What a power cut after so many events can leave. stable holds what was there at the last SYNC
 * among them, whose index plus one is stable_end. */
static inline void disk_log_crash(struct disk_content *crashed, const struct disk_content *stable,
                                  size_t stable_end, size_t events, u64 *seed)
{
    content_copy(crashed, stable);
    for (size_t i = stable_end; i < events; i++)
        content_apply_perhaps(crashed, &disk_log.events[i], seed);
}

/* Writes it to a file, holes for pages of zeroes. False when the host cannot. */
static inline bool content_save(const struct disk_content *content, const char *path)
{
    static const u8 zeroes[PAGE_SIZE];
    /* A new file each time: to cut and fill an old one makes some file systems write it out. */
    int fd = unlink(path) == 0 || errno == ENOENT ? open(path, O_RDWR | O_CREAT, 0600) : -1;
    bool is_saved = fd >= 0 && ftruncate(fd, (off_t)content->size) == 0;

    for (u64 at = 0; is_saved && at < content->size; at += PAGE_SIZE) {
        u64 size = content->size - at < PAGE_SIZE ? content->size - at : PAGE_SIZE;
        if (memcmp(content->bytes + at, zeroes, size))
            is_saved = pwrite(fd, content->bytes + at, size, (off_t)at) == (ssize_t)size;
    }
    if (fd >= 0)
        close(fd);
    return is_saved;
}

#endif
