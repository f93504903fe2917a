/* The counters (see csr_parts.h): "Hardware Performance Monitor" and "Machine Counter-Inhibit
 * Register". They are not stepped: each is a base and what hart_steps() has counted since. */
#include "cpu/csr_parts.h"

static u64 count(const struct counter *counter, u64 now)
{
    return counter->base + (counter->stopped ? 0 : now);
}

u64 csr_cycle(const struct hart *hart)
{
    return count(&hart->cycle, hart_steps(hart));
}

u64 csr_instret(const struct hart *hart)
{
    return count(&hart->instret, hart_retired(hart));
}

/* The writing instruction itself, which is still to be counted, does not count. */
static void set(struct counter *counter, u64 now, u64 value)
{
    counter->base = value - (counter->stopped ? 0 : now + 1);
}

void csr_set_cycle(struct hart *hart, u64 value)
{
    set(&hart->cycle, hart_steps(hart), value);
}

void csr_set_instret(struct hart *hart, u64 value)
{
    set(&hart->instret, hart_retired(hart), value);
}

static void inhibit(struct counter *counter, u64 now, bool stop)
{
    u64 value = count(counter, now);

    if (counter->stopped == stop)
        return;
    counter->stopped = stop;
    counter->base = value - (stop ? 0 : now + 1);
}

void csr_write_mcountinhibit(struct hart *hart, u64 value)
{
    hart->mcountinhibit = value & 5; /* CY and IR; the others count nothing anyway */
    inhibit(&hart->cycle, hart_steps(hart), value & 1);
    inhibit(&hart->instret, hart_retired(hart), value >> 2 & 1);
}

/* The writable bits of mcounteren and scounteren. CY, TM and IR stay writable without Zicntr,
 * because firmware that emulates the counters (OpenSBI) asks there whether it may. */
u64 csr_counters(const struct hart *hart)
{
    return 7 | (csr_has(hart, EXT_ZIHPM) ? 0xfffffff8 : 0);
}

bool csr_counter_is_on(const struct hart *hart, unsigned number)
{
    return (hart->privilege == PRIV_M || hart->mcounteren >> number & 1) &&
           (hart->privilege >= PRIV_S || hart->scounteren >> number & 1);
}
