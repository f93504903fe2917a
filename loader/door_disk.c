/* The door before disks (see door.h): what was asked and what was answered is noted, with the data
 * that was read; played back, no disk is touched. */
#include "loader/door_parts.h"

#include "loader/snapshot_stream.h"

#include <errno.h>

enum disk_call { DISK_READ = 1, DISK_WRITE, DISK_FLUSH, DISK_DISCARD, DISK_ZERO };

static u64 sum_call(enum disk_call call, u64 offset, u64 size, const void *bytes)
{
    u64 asked[] = {call, offset, size};

    return snapshot_sum(snapshot_sum(0, asked, sizeof asked), bytes, bytes ? size : 0);
}

/* What the disk answered then; bytes for what it read. */
static int replay_disk(struct door_slot *slot, u64 sum, void *to, size_t size)
{
    struct tape_disk answer = {.error = -EIO};
    u32 there;
    u64 at;

    if (!door_must_have(slot->door, TAPE_DISK, slot->number, &at, &there))
        return -EIO;
    if (!tape_get(&slot->door->tape, at, &answer, sizeof answer) || answer.sum != sum ||
        there != sizeof answer + (answer.error ? 0 : size)) {
        door_diverge(slot->door, "something else is asked of a disk");
        return -EIO;
    }
    if (!answer.error)
        tape_get(&slot->door->tape, at + sizeof answer, to, size);
    return answer.error;
}

static int note_disk(struct door_slot *slot, u64 sum, int error, const void *bytes, size_t size)
{
    struct tape_disk answer = {.sum = sum, .error = error};

    door_note(slot->door, TAPE_DISK, slot->number, &answer, sizeof answer, bytes, error ? 0 : size);
    return error;
}

static int read_disk(void *context, u64 offset, void *to, size_t size)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;
    u64 sum = sum_call(DISK_READ, offset, size, NULL);

    if (door_plays(slot->door))
        return replay_disk(slot, sum, to, size);
    return note_disk(slot, sum, real->read(real->context, offset, to, size), to, size);
}

static int write_disk(void *context, u64 offset, const void *from, size_t size)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;
    u64 sum = sum_call(DISK_WRITE, offset, size, from);

    if (door_plays(slot->door))
        return replay_disk(slot, sum, NULL, 0);
    return note_disk(slot, sum, real->write(real->context, offset, from, size), NULL, 0);
}

static int flush_disk(void *context)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;
    u64 sum = sum_call(DISK_FLUSH, 0, 0, NULL);

    if (door_plays(slot->door))
        return replay_disk(slot, sum, NULL, 0);
    return note_disk(slot, sum, real->flush(real->context), NULL, 0);
}

static int discard_disk(void *context, u64 offset, u64 size)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;
    u64 sum = sum_call(DISK_DISCARD, offset, size, NULL);

    if (door_plays(slot->door))
        return replay_disk(slot, sum, NULL, 0);
    return note_disk(slot, sum, real->discard(real->context, offset, size), NULL, 0);
}

static int zero_disk(void *context, u64 offset, u64 size, enum host_zero how)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;
    u64 sum = sum_call(DISK_ZERO, offset, size, NULL) + how;

    if (door_plays(slot->door))
        return replay_disk(slot, sum, NULL, 0);
    return note_disk(slot, sum, real->zero(real->context, offset, size, how), NULL, 0);
}

/* A snapshot is of what is behind the door, and not while the past is played. */
static int identify_disk(void *context, u64 words[HOST_IDENTITY])
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;

    return door_plays(slot->door) ? -EBUSY : real->identify(real->context, words);
}

static bool next_change(void *context, u64 *at, u64 *size)
{
    const struct host_disk *real = ((struct door_slot *)context)->real;

    return real->next_change(real->context, at, size);
}

static int revert_disk(void *context)
{
    struct door_slot *slot = context;
    const struct host_disk *real = slot->real;

    return door_plays(slot->door) ? -EBUSY : real->revert(real->context);
}

const void *door_wrap_disk(struct door_slot *slot, const struct host_disk *real)
{
    struct host_disk *disk = &slot->face.disk;

    *disk = *real;
    disk->context = slot;
    disk->read = read_disk;
    disk->write = write_disk;
    disk->flush = flush_disk;
    disk->discard = real->discard ? discard_disk : NULL;
    disk->zero = real->zero ? zero_disk : NULL;
    disk->identify = real->identify ? identify_disk : NULL;
    disk->next_change = real->next_change ? next_change : NULL;
    disk->revert = real->revert ? revert_disk : NULL;
    return disk;
}
