/* The clock (see clock.h). */
#include "cpu/clock.h"

#define LIVE_STEPS_PER_TICK 30 /* a guess (300 MIPS) that only decides how soon we look again */
#define LIVE_LEAST_STEPS    2000
#define LATE_NS             20000000u /* a healthy host wakes us no later than that */

void clock_init(struct clock *clock, enum clock_kind kind, u64 steps_per_tick)
{
    *clock = (struct clock){.kind = kind, .steps_per_tick = steps_per_tick ? steps_per_tick : 100};
}

/* Nanoseconds of guest time: what the host's clock says, or what the steps done so far have earned.
 */
static u64 live_ns(const struct clock *clock)
{
    u64 host = clock->host_ns(clock->host_context) - clock->base_ns;
    u64 earned = clock->slice_ns + (clock_steps(clock) - clock->slice_from) * 1000 / CLOCK_MIN_MIPS;

    return host < earned ? host : earned;
}

static u64 raw_ticks(const struct clock *clock)
{
    if (clock->kind == CLOCK_VIRTUAL)
        return clock_steps(clock) / clock->steps_per_tick;
    u64 ticks = (clock->slice_left ? live_ns(clock) : clock->slice_ns) / CLOCK_NS;

    return clock->sample ? clock->sample(clock->sample_context, ticks) : ticks;
}

u64 clock_ticks(const struct clock *clock)
{
    return raw_ticks(clock) + clock->offset;
}

void clock_set(struct clock *clock, u64 ticks)
{
    clock->offset = ticks - raw_ticks(clock);
}

void clock_begin(struct clock *clock, u64 budget, const i64 *left)
{
    clock->slice_from = clock->slice_end;
    clock->slice_end += budget;
    clock->slice_left = left;
    if (clock->kind == CLOCK_LIVE && !clock->base_ns)
        clock->base_ns = clock->host_ns(clock->host_context);
}

void clock_end(struct clock *clock)
{
    if (clock->kind == CLOCK_LIVE) {
        u64 now = live_ns(clock);
        clock->base_ns = clock->host_ns(clock->host_context) - now;
        clock->slice_ns = now;
    }
    clock->slice_end -= (u64)*clock->slice_left;
    clock->slice_left = NULL;
}

void clock_skip_to(struct clock *clock, u64 ticks)
{
    if (ticks > clock_ticks(clock))
        clock_set(clock, ticks);
}

void clock_slept(struct clock *clock, u64 asked_ns)
{
    u64 most = clock->slice_ns + asked_ns + LATE_NS, now;

    if (clock->kind != CLOCK_LIVE)
        return;
    if (!clock->base_ns) { /* restored, and nobody has run since: from now on, then */
        clock->base_ns = clock->host_ns(clock->host_context) - clock->slice_ns;
        return;
    }
    now = clock->host_ns(clock->host_context) - clock->base_ns;
    if (now > most) {
        clock->base_ns += now - most;
        now = most;
    }
    clock->slice_ns = now;
}

u64 clock_steps_until(const struct clock *clock, u64 ticks)
{
    u64 now = clock_ticks(clock), steps;
    u64 left = ticks > now ? ticks - now : 0;

    if (left > (u64)1 << 40)
        return (u64)1 << 62;
    if (clock->kind == CLOCK_LIVE) {
        steps = left * LIVE_STEPS_PER_TICK;
        return steps > LIVE_LEAST_STEPS ? steps : LIVE_LEAST_STEPS;
    }
    /* The tick begins with the first step whose count is a multiple of steps_per_tick. */
    steps = left * clock->steps_per_tick - clock_steps(clock) % clock->steps_per_tick;
    return left ? steps : 1;
}

void clock_restore(struct clock *clock, u64 steps, u64 ticks)
{
    clock->slice_end = clock->slice_from = steps;
    clock->slice_left = NULL;
    clock->base_ns = clock->slice_ns = 0; /* live: host time is looked at anew */
    clock_set(clock, ticks);
}
