/* The ring of frames (see frames.h). Each lies in one piece, its length in front of it:
 *
 *     | ... frame n | unused |                          round the end: frame n + 1 at the start
 *                   ^ end */
#include "frontend/frames.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH sizeof(u32)

bool frames_init(struct frames *frames, size_t capacity)
{
    *frames = (struct frames){.bytes = malloc(capacity), .capacity = capacity};
    return frames->bytes != NULL;
}

void frames_release(struct frames *frames)
{
    free(frames->bytes);
    *frames = (struct frames){0};
}

/* Where the next frame begins: behind the latest, or at the start when only there is room. Once it
 * has gone round the end, the room ends at the oldest. */
static bool find_room(struct frames *frames, size_t size, size_t *at)
{
    *at = frames->next;
    if (frames->used && frames->next <= frames->first)
        return size <= frames->first - frames->next;
    if (size <= frames->capacity - frames->next)
        return true;
    if (size > frames->first)
        return false;
    frames->end = frames->next;
    *at = 0;
    return true;
}

bool frames_add(struct frames *frames, const void *frame, size_t size)
{
    u32 length = (u32)size;
    size_t at;

    assert(size > 0 && size <= UINT32_MAX - LENGTH);
    if (!find_room(frames, LENGTH + size, &at))
        return false;
    memcpy(frames->bytes + at, &length, LENGTH);
    memcpy(frames->bytes + at + LENGTH, frame, size);
    frames->next = at + LENGTH + size;
    frames->used += LENGTH + size;
    return true;
}

const u8 *frames_first(const struct frames *frames, size_t *size)
{
    u32 length;

    if (!frames->used)
        return NULL;
    memcpy(&length, frames->bytes + frames->first, LENGTH);
    *size = length;
    return frames->bytes + frames->first + LENGTH;
}

void frames_drop(struct frames *frames)
{
    size_t size = 0;

    if (!frames_first(frames, &size))
        return;
    frames->first += LENGTH + size;
    frames->used -= LENGTH + size;
    if (frames->used && frames->first != frames->end)
        return;
    frames->first = frames->end = 0;
    if (!frames->used)
        frames->next = 0;
}

size_t frames_used(const struct frames *frames)
{
    return frames->used;
}
