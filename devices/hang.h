/* Guests that hang silently: noticed between slices, told once in a life of the machine to whoever
 * listens. The machine goes on; that a hart will never get anywhere is for people to know. */
#ifndef DEVICES_HANG_H
#define DEVICES_HANG_H

#include "devices/machine.h"

/* So many traps of a hart in one slice, and not one return: its handler cannot even begin. */
#define HANG_TRAPS 1000

/* This hart has run a slice that began at this step of its own and took so many traps. */
void hang_after_slice(struct machine *machine, struct hart *hart, u64 own_step, u64 traps);
/* Every hart waits. next is the tick of the next deadline, CLOCK_NEVER when there is none. */
void hang_while_waiting(struct machine *machine, u64 next);
/* Could anything ever end this hart's WFI, while all other harts wait, too? */
bool hang_can_end(struct machine *machine, const struct hart *hart, u64 next);

#endif
