/* Time: where mtime, rdtime and every deadline come from. One clock for the whole machine.
 *
 * Virtual: time counts steps (instructions retired plus traps taken, summed over the harts one
 * after another); steps_per_tick of them are one tick. A run is then a pure function of its inputs.
 * Live: time follows the host's monotonic clock, but never runs ahead of what a slow guest
 * deserves.
 *
 * A tick is 1 / CLOCK_HZ s = 100 ns, in both. */
#ifndef CPU_CLOCK_H
#define CPU_CLOCK_H

#include "memory/types.h"

#define CLOCK_HZ       10000000u
#define CLOCK_NS       100u /* nanoseconds in a tick */
#define CLOCK_NEVER    UINT64_MAX
#define CLOCK_MIN_MIPS 100u /* live: a guest is given no more time than this speed would need */

enum clock_kind { CLOCK_VIRTUAL, CLOCK_LIVE };

struct clock {
    enum clock_kind kind;
    u64 steps_per_tick; /* virtual; 100 = a hart of 1000 MIPS */
    u64 offset;         /* ticks: what writes to mtime and skipped idle time have added (wraps) */

    /* Steps done by all harts: exact between slices; during one, slice_end - *slice_left. */
    u64 slice_end;
    const i64 *slice_left; /* the running hart's budget; NULL between slices */

    /* Live only. */
    u64 (*host_ns)(void *context); /* monotonic */
    void *host_context;
    u64 base_ns;    /* host time that is tick 0, moved forward whenever the guest was too slow */
    u64 slice_ns;   /* guest time at the start of the slice, in ns since base_ns */
    u64 slice_from; /* steps at the start of the slice */
    /* What the guest is told instead of these ticks, when somebody writes them down or plays them
     * back; NULL: these. */
    u64 (*sample)(void *context, u64 ticks);
    void *sample_context;
};

/* Steps that the machine has done, to the very step, also when asked from inside an instruction. */
static inline u64 clock_steps(const struct clock *clock)
{
    return clock->slice_left ? clock->slice_end - (u64)*clock->slice_left : clock->slice_end;
}

void clock_init(struct clock *clock, enum clock_kind kind, u64 steps_per_tick);
/* Now, in ticks: what mtime shows. Never goes back but by clock_set(). */
u64 clock_ticks(const struct clock *clock);
/* A guest wrote mtime. */
void clock_set(struct clock *clock, u64 ticks);
/* A hart is about to run at most budget steps; *left counts them down. */
void clock_begin(struct clock *clock, u64 budget, const i64 *left);
void clock_end(struct clock *clock);
/* Virtual, all harts waiting: jump straight to this tick. */
void clock_skip_to(struct clock *clock, u64 ticks);
/* Live, all harts waiting and the host has slept as long as it was asked to, or less: time passed
 * that the guest need not earn. Had a busy host no turn for us when the sleep was over, or was the
 * process stopped, then what came on top is not given. */
void clock_slept(struct clock *clock, u64 asked_ns);
/* How many steps may be run before this tick is due: exact for virtual, an estimate for live; at
 * least 1. */
u64 clock_steps_until(const struct clock *clock, u64 ticks);
/* Between slices: so many steps have been done, and it is now this tick, whatever it was before. */
void clock_restore(struct clock *clock, u64 steps, u64 ticks);

#endif
