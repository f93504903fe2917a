/* Frame records (see callers.h). */
#include "frontend/callers.h"

#define FRAME_MOST 0x10000 /* bytes from one frame to the next */

vaddr callers_function(const struct view *view, vaddr at)
{
    u64 offset;

    if (view_hart(view)->xlen == 32)
        at = (u32)at;
    if (!view->symbols || !symbols_find_name(view->symbols, at, &offset))
        return 0;
    return at - offset;
}

/* The RISC-V calling convention's frame record: in front of where s0 points are the return address,
 * and before it the caller's s0. A frame lies above the one before. */
static bool next_frame(const struct view *view, u64 *frame, vaddr *back)
{
    const struct hart *hart = view_hart(view);
    unsigned width = hart->xlen / 8;
    u64 record[2] = {0};

    if (*frame % width || *frame < 2 * width ||
        debug_read(view->machine, view->hart, DEBUG_VIRTUAL, *frame - width, &record[1], width) !=
            width ||
        debug_read(view->machine, view->hart, DEBUG_VIRTUAL, *frame - 2 * width, &record[0],
                   width) != width ||
        record[0] <= *frame || record[0] - *frame > FRAME_MOST)
        return false;
    *frame = record[0];
    *back = record[1];
    return true;
}

/* A function that calls none keeps no record: s0 is its caller's still, and ra alone says who that
 * is. In other functions ra leads into themselves, or says the same as the record. Returns how many
 * places it found: 0 or 1. */
static unsigned find_caller_of_leaf(const struct view *view, u64 frame, vaddr *caller)
{
    vaddr back = 0, function;

    *caller = view_hart(view)->x[1];
    function = callers_function(view, *caller);
    if (!function || function == callers_function(view, view_hart(view)->pc))
        return 0;
    return !next_frame(view, &frame, &back) || function != callers_function(view, back);
}

unsigned callers_find(const struct view *view, vaddr *places, unsigned most)
{
    const struct hart *hart = view_hart(view);
    u64 frame = hart->x[8];
    vaddr back;
    unsigned count = 0;

    places[count++] = hart->pc;
    if (count < most)
        count += find_caller_of_leaf(view, frame, &places[count]);
    while (count < most && next_frame(view, &frame, &back) && callers_function(view, back))
        places[count++] = back;
    return count;
}
