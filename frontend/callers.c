/* Frame records, and the registers that Linux's handler of traps saves (see callers.h). */
#include "frontend/callers.h"

#include <string.h>

#define FRAME_MOST 0x10000 /* bytes from one frame to the next */

/* Where Linux keeps them, in registers' widths from the lower end of its record. */
enum saved { SAVED_EPC = 0, SAVED_S0 = 8, SAVED_STATUS = 32, SAVED_CAUSE = 34 };

vaddr callers_function(const struct view *view, vaddr at)
{
    u64 offset;

    if (view_hart(view)->xlen == 32)
        at = (u32)at;
    if (!view->symbols || !symbols_find_name(view->symbols, at, &offset))
        return 0;
    return at - offset;
}

static bool read_word(const struct view *view, vaddr at, u64 *value)
{
    unsigned width = view_hart(view)->xlen / 8;

    *value = 0;
    return at % width == 0 &&
           debug_read(view->machine, view->hart, DEBUG_VIRTUAL, at, value, width) == width;
}

/* The record in front of where s0 points: the return address, and before it the caller's s0. */
static bool read_frame(const struct view *view, u64 frame, u64 *next, vaddr *back)
{
    unsigned width = view_hart(view)->xlen / 8;

    return frame >= 2 * width && read_word(view, frame - width, back) &&
           read_word(view, frame - 2 * width, next);
}

static bool is_named(const struct view *view, vaddr at, const char *expected)
{
    u64 offset;
    const char *name = view->symbols ? symbols_find_name(view->symbols, at, &offset) : NULL;

    return name && !strcmp(name, expected);
}

/* A frame lies above the one before, unless an interrupt changed stacks. */
static bool next_frame(const struct view *view, u64 *frame, vaddr *back)
{
    u64 next;

    if (!read_frame(view, *frame, &next, back) || ((next <= *frame || next - *frame > FRAME_MOST) &&
                                                   !is_named(view, *back, "call_on_irq_stack")))
        return false;
    *frame = next;
    return true;
}

/* A function that calls none keeps no record: s0 is its caller's still, and ra alone says who that
 * is. In other functions ra leads into themselves, or says the same as the record. Returns how many
 * places it found: 0 or 1. */
static unsigned find_caller_of_leaf(const struct view *view, u64 frame, vaddr *caller)
{
    vaddr back = 0, function;
    u64 next;

    *caller = view_hart(view)->x[1];
    function = callers_function(view, *caller);
    if (!function || function == callers_function(view, view_hart(view)->pc))
        return 0;
    return !read_frame(view, frame, &next, &back) || function != callers_function(view, back);
}

/* In Linux's handler of traps, between its first instruction and its last. */
static bool is_handler(const struct view *view, vaddr at)
{
    return is_named(view, at, "handle_exception") || is_named(view, at, "ret_from_exception");
}

/* Where somebody returns to. */
static struct caller returning(vaddr at)
{
    return (struct caller){.at = at, .inside = at - 1};
}

/* Whom the trap interrupted whose registers are saved here. */
static bool read_saved(const struct view *view, u64 at, struct caller *who, u64 *frame)
{
    unsigned width = view_hart(view)->xlen / 8;
    u64 status;

    *who = (struct caller){.is_trapped = true};
    if (!read_word(view, at + SAVED_EPC * width, &who->at) ||
        !read_word(view, at + SAVED_S0 * width, frame) ||
        !read_word(view, at + SAVED_STATUS * width, &status) ||
        !read_word(view, at + SAVED_CAUSE * width, &who->cause))
        return false;
    who->inside = who->at;
    who->is_user = !(status & MSTATUS_SPP);
    return true;
}

/* The same while the handler has only begun: the registers are still where the trap left them. */
static struct caller read_registers(const struct hart *hart)
{
    return (struct caller){.at = hart->sepc,
                           .inside = hart->sepc,
                           .is_trapped = true,
                           .cause = hart->scause,
                           .is_user = !(hart->mstatus & MSTATUS_SPP)};
}

/* From one place to the next. False: nobody is known to be there. */
static bool next_place(const struct view *view, const struct caller *from, u64 *frame,
                       struct caller *to)
{
    u64 next;
    vaddr back;

    if (is_handler(view, from->at) && !from->is_trapped)
        return read_saved(view, *frame, to, frame);
    /* The handler leaves s0 to whoever was interrupted. Its stack pointer is where the registers
     * are saved, and where the frame of what it calls begins. */
    if (!read_frame(view, *frame, &next, &back) ||
        (!is_handler(view, back) && !next_frame(view, frame, &back)))
        return false;
    *to = returning(back);
    return callers_function(view, to->inside);
}

unsigned callers_find(const struct view *view, struct caller *places, unsigned most)
{
    const struct hart *hart = view_hart(view);
    u64 frame = hart->x[8];
    unsigned count = 0;
    vaddr back;

    places[count++] = (struct caller){.at = hart->pc, .inside = hart->pc};
    if (most > 1 && is_handler(view, hart->pc))
        places[count++] = read_registers(hart);
    else if (most > 1 && find_caller_of_leaf(view, frame, &back))
        places[count++] = returning(back);
    while (count < most && !places[count - 1].is_user &&
           next_place(view, &places[count - 1], &frame, &places[count]))
        count++;
    return count;
}
