/* The counters (see counters.h). */
#include "cpu/counters.h"

static bool has(const struct hart *hart, enum extension extension)
{
    return isa_has(&hart->decoder->isa, extension);
}

static enum counted event(const struct hart *hart, unsigned number)
{
    return (enum counted)(hart->counter[number].event & COUNTER_EVENT);
}

/* How often the event has happened so far. */
static u64 total(const struct hart *hart, enum counted what)
{
    switch (what) {
    case COUNT_NOTHING:
    case COUNTED:
        break;
    case COUNT_CYCLES:
        return hart_steps(hart);
    case COUNT_RETIRED:
        return hart_retired(hart);
    case COUNT_TRAPS:
        return hart->traps;
    case COUNT_INTERRUPTS:
        return hart->interrupts;
    case COUNT_DEVICE:
        return hart->device_accesses;
    }
    return 0;
}

/* The same when the present step, which is still to be counted, is done. */
static u64 total_after(const struct hart *hart, enum counted what)
{
    return total(hart, what) + (what == COUNT_CYCLES || what == COUNT_RETIRED);
}

static bool must_stop(const struct hart *hart, unsigned number)
{
    static const u64 filters[] = {
        [PRIV_U] = COUNTER_UINH, [PRIV_S] = COUNTER_SINH, [PRIV_M] = COUNTER_MINH};

    return hart->mcountinhibit >> number & 1 ||
           hart->counter[number].event & filters[hart->privilege];
}

/* It has this value when the present step is done. */
static void settle(struct hart *hart, unsigned number, u64 value)
{
    struct counter *counter = &hart->counter[number];

    counter->stopped = must_stop(hart, number);
    counter->base = value - (counter->stopped ? 0 : total_after(hart, event(hart, number)));
}

/* Leaves the slice when an overflow has come into it. */
static void reconsider(struct hart *hart)
{
    if (hart->counters_watched && counters_until_overflow(hart) < (u64)hart->budget)
        hart->events |= EVENT_LEAVE;
}

void counters_reset(struct hart *hart)
{
    hart->counter[0].event = COUNT_CYCLES;
    hart->counter[2].event = COUNT_RETIRED;
}

u64 counter_read(const struct hart *hart, unsigned number)
{
    const struct counter *counter = &hart->counter[number];

    return counter->base + (counter->stopped ? 0 : total(hart, event(hart, number)));
}

void counter_write(struct hart *hart, unsigned number, u64 value)
{
    if (number >= 3 && !has(hart, EXT_ZIHPM))
        return;
    settle(hart, number, value);
    hart->counter[number].seen = value;
    reconsider(hart);
}

u64 counter_config(const struct hart *hart, unsigned number)
{
    return hart->counter[number].event & (number < 3 ? ~COUNTER_EVENT : ~(u64)0);
}

/* An event that does not exist is none at all. */
static u64 legal(const struct hart *hart, unsigned number, u64 value)
{
    u64 selected = value & (((u64)1 << 56) - 1), kept;

    if (number < 3)
        return (value & COUNTER_INH) | event(hart, number);
    kept = has(hart, EXT_SSCOFPMF) ? value & (COUNTER_OF | COUNTER_INH) : 0;
    return kept | (selected < COUNTED ? selected : COUNT_NOTHING);
}

static void watch(struct hart *hart, unsigned number)
{
    u64 bit = (u64)1 << number;
    bool can_interrupt = number >= 3 && has(hart, EXT_SSCOFPMF) && event(hart, number) &&
                         !(hart->counter[number].event & COUNTER_OF);

    hart->counters_filtered =
        (hart->counters_filtered & ~bit) | (hart->counter[number].event & COUNTER_INH ? bit : 0);
    hart->counters_watched = (hart->counters_watched & ~bit) | (can_interrupt ? bit : 0);
}

void counter_configure(struct hart *hart, unsigned number, u64 value)
{
    struct counter *counter = &hart->counter[number];
    enum counted before = event(hart, number);
    u64 now = counter_read(hart, number);

    if (number >= 3 && !has(hart, EXT_ZIHPM))
        return;
    counter->event = legal(hart, number, value);
    counter->seen = now;
    if (event(hart, number) != before || must_stop(hart, number) != counter->stopped)
        settle(hart, number, now);
    watch(hart, number);
    reconsider(hart);
}

void counters_inhibit(struct hart *hart, u64 value)
{
    u64 changed;

    value &= 5 | (has(hart, EXT_ZIHPM) ? 0xfffffff8 : 0);
    changed = value ^ hart->mcountinhibit;
    for (unsigned i = 0; i < 32; i++) {
        u64 now = counter_read(hart, i);
        hart->mcountinhibit = (hart->mcountinhibit & ~((u64)1 << i)) | (value & (u64)1 << i);
        if (changed >> i & 1 && must_stop(hart, i) != hart->counter[i].stopped)
            settle(hart, i, now);
    }
    reconsider(hart);
}

u64 counters_overflowed(const struct hart *hart)
{
    u64 bits = 0;

    for (unsigned i = 3; i < 32; i++)
        bits |= hart->counter[i].event >> 63 << i;
    return hart->privilege == PRIV_M ? bits : bits & hart->mcounteren;
}

void counters_stop_by_mode(struct hart *hart)
{
    for (unsigned i = 0; i < 32; i++) {
        struct counter *counter = &hart->counter[i];
        u64 after;
        if (!(counter->event & COUNTER_INH) || must_stop(hart, i) == counter->stopped)
            continue;
        after = total_after(hart, event(hart, i));
        counter->base += counter->stopped ? -after : after;
        counter->stopped = !counter->stopped;
    }
    reconsider(hart);
}

u64 counters_until_overflow(const struct hart *hart)
{
    u64 least = UINT64_MAX;

    for (unsigned i = 3; i < 32 && hart->counters_watched >> i; i++) {
        enum counted what = event(hart, i);
        u64 left = 0 - counter_read(hart, i);
        if (hart->counters_watched >> i & 1 && !hart->counter[i].stopped && left && left < least &&
            (what == COUNT_CYCLES || what == COUNT_RETIRED))
            least = left;
    }
    return least;
}

void counters_look(struct hart *hart)
{
    for (unsigned i = 3; i < 32 && hart->counters_watched >> i; i++) {
        struct counter *counter = &hart->counter[i];
        u64 now = counter_read(hart, i);
        if (!(hart->counters_watched >> i & 1))
            continue;
        if (now < counter->seen) {
            counter->event |= COUNTER_OF;
            watch(hart, i);
            hart->mip_soft |= IRQ_BIT(IRQ_LCOFI);
            hart->events |= EVENT_INTERRUPT;
        }
        counter->seen = now;
    }
}
