/* The tape's blocks (see tape.h). */
#include "loader/tape.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BITS 18
#define BLOCK_SIZE ((u64)1 << BLOCK_BITS)

void tape_init(struct tape *tape)
{
    *tape = (struct tape){.blocks = NULL};
}

void tape_free(struct tape *tape)
{
    for (u64 i = 0; i < tape->count; i++)
        free(tape->blocks[i]);
    free(tape->blocks);
    tape_init(tape);
}

static bool add_block(struct tape *tape)
{
    if (tape->count == tape->room) {
        u64 room = tape->room ? 2 * tape->room : 64;
        u8 **blocks = realloc(tape->blocks, room * sizeof *blocks);
        if (!blocks)
            return false;
        tape->blocks = blocks;
        tape->room = room;
    }
    u8 *block = malloc(BLOCK_SIZE);
    if (block)
        tape->blocks[tape->count++] = block;
    return block != NULL;
}

void tape_append(struct tape *tape, const void *bytes, size_t size)
{
    const u8 *from = bytes;

    while (size && !tape->has_failed) {
        u64 block = (tape->end >> BLOCK_BITS) - tape->first, at = tape->end & (BLOCK_SIZE - 1);
        if (block == tape->count && !add_block(tape)) {
            tape->has_failed = true;
            return;
        }
        size_t piece = BLOCK_SIZE - at < size ? BLOCK_SIZE - at : size;
        memcpy(tape->blocks[block] + at, from, piece);
        tape->end += piece;
        from += piece;
        size -= piece;
    }
}

void tape_put(struct tape *tape, const struct tape_event *event, const void *bytes, size_t size,
              const void *more, size_t more_size)
{
    struct tape_event whole = *event;

    whole.size = (u32)(size + more_size);
    tape_append(tape, &whole, sizeof whole);
    tape_append(tape, bytes, size);
    tape_append(tape, more, more_size);
}

bool tape_get(const struct tape *tape, u64 at, void *to, size_t size)
{
    u8 *into = to;

    if (at < tape->begin || at > tape->end || size > tape->end - at)
        return false;
    while (size) {
        u64 inside = at & (BLOCK_SIZE - 1);
        size_t piece = BLOCK_SIZE - inside < size ? BLOCK_SIZE - inside : size;
        memcpy(into, tape->blocks[(at >> BLOCK_BITS) - tape->first] + inside, piece);
        at += piece;
        into += piece;
        size -= piece;
    }
    return true;
}

bool tape_event(const struct tape *tape, u64 *at, struct tape_event *event)
{
    if (!tape_get(tape, *at, event, sizeof *event) || event->size > TAPE_EVENT_MOST ||
        event->size > tape->end - *at - sizeof *event)
        return false;
    *at += sizeof *event;
    return true;
}

void tape_drop(struct tape *tape, u64 before)
{
    u64 blocks = (before >> BLOCK_BITS) - tape->first;

    if (before <= tape->begin)
        return;
    tape->begin = before;
    for (u64 i = 0; i < blocks; i++)
        free(tape->blocks[i]);
    if (blocks)
        memmove(tape->blocks, tape->blocks + blocks, (tape->count - blocks) * sizeof *tape->blocks);
    tape->first += blocks;
    tape->count -= blocks;
}

void tape_cut(struct tape *tape, u64 end)
{
    u64 keep = ((end + BLOCK_SIZE - 1) >> BLOCK_BITS) - tape->first;

    while (tape->count > keep)
        free(tape->blocks[--tape->count]);
    tape->end = end;
}

u64 tape_bytes(const struct tape *tape)
{
    return tape->count * BLOCK_SIZE;
}
