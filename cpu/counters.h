/* A hart's counters ("Hardware Performance Monitor", Sscofpmf, Smcntrpmf). Number 0 is mcycle, 2 is
 * minstret, 3 to 31 are mhpmcounter3 to 31; 1 is time, and elsewhere (cpu/clock.h).
 *
 * Nothing is stepped: a counter is a base and what the hart has counted of its event since. An
 * overflow that interrupts ends the slice at the very step, so that both engines see it there. */
#ifndef CPU_COUNTERS_H
#define CPU_COUNTERS_H

#include "cpu/hart.h"

/* What mhpmevent selects, in its low byte. */
enum counted {
    COUNT_NOTHING,
    COUNT_CYCLES,     /* steps */
    COUNT_RETIRED,    /* instructions */
    COUNT_TRAPS,      /* taken, exceptions and interrupts */
    COUNT_INTERRUPTS, /* taken */
    COUNT_DEVICE,     /* loads and stores outside RAM */
    COUNTED
};

/* | OF 63 | MINH 62 | SINH 61 | UINH 60 | 0 | event 7..0 | */
#define COUNTER_OF    ((u64)1 << 63)
#define COUNTER_MINH  ((u64)1 << 62)
#define COUNTER_SINH  ((u64)1 << 61)
#define COUNTER_UINH  ((u64)1 << 60)
#define COUNTER_INH   (COUNTER_MINH | COUNTER_SINH | COUNTER_UINH)
#define COUNTER_EVENT ((u64)0xff)

void counters_reset(struct hart *hart);
u64 counter_read(const struct hart *hart, unsigned number);
/* The new value counts from the next instruction on. */
void counter_write(struct hart *hart, unsigned number, u64 value);
/* mhpmevent, or mcyclecfg and minstretcfg, which have filters alone. */
u64 counter_config(const struct hart *hart, unsigned number);
void counter_configure(struct hart *hart, unsigned number, u64 value);
/* mcountinhibit. */
void counters_inhibit(struct hart *hart, u64 value);
/* scountovf, as the present mode sees it. */
u64 counters_overflowed(const struct hart *hart);

/* A trap or a return has changed the mode: those that count in one of the two only stop or go on.
 * The trap or return itself counts in the mode it came from. */
void counters_stop_by_mode(struct hart *hart);
static inline void counters_mode_changed(struct hart *hart)
{
    if (unlikely(hart->counters_filtered))
        counters_stop_by_mode(hart);
}
/* Steps, at least, until one that would interrupt overflows. */
u64 counters_until_overflow(const struct hart *hart);
/* Something other than steps was counted, or a slice has ended: has one overflowed? */
void counters_look(struct hart *hart);

#endif
