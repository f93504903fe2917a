/* Frames that wait for the guest: a ring of bounded size. What does not fit is lost, as in the
 * queues of a real network. */
#ifndef FRONTEND_FRAMES_H
#define FRONTEND_FRAMES_H

#include "memory/types.h"

struct frames {
    u8 *bytes;
    size_t capacity;    /* bytes, counting four for the length of each frame */
    size_t used;        /* bytes of the frames that wait */
    size_t first, next; /* where the oldest begins; where the latest ends */
    size_t end;         /* once next has gone round the end, where the last before it ends; or 0 */
};

/* False when the host has no memory for it. Untouched memory costs nothing. */
bool frames_init(struct frames *frames, size_t capacity);
void frames_release(struct frames *frames);
/* False when there is no room. */
bool frames_add(struct frames *frames, const void *frame, size_t size);
/* The oldest frame, or NULL; it stays. */
const u8 *frames_first(const struct frames *frames, size_t *size);
/* The oldest goes. */
void frames_drop(struct frames *frames);
/* Bytes in use; 0 when empty. */
size_t frames_used(const struct frames *frames);

#endif
