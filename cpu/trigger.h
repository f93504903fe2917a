/* Address triggers: breakpoints and watchpoints that the guest sets for itself (The RISC-V Debug
 * Specification 1.0, "Sdtrig").
 *
 * A page that an armed trigger watches never stands in the TLB, so that its accesses take the slow
 * doors in cpu/mmu.c and cpu/mmu_atomic.c, which ask here; code in it is stepped by the plain
 * engine. Everything else runs as if there were no triggers. Triggers of type 6 (mcontrol6) with
 * action 0 on addresses; not here: data values, chains, type 2, contexts (tdata3), debug mode. */
#ifndef CPU_TRIGGER_H
#define CPU_TRIGGER_H

#include "cpu/hart.h"

/* What a trigger may watch, as the low bits of tdata1 have it. */
#define TRIGGER_LOAD    1u
#define TRIGGER_STORE   2u
#define TRIGGER_EXECUTE 4u

/* tinfo: version 1.0; types 6 and 15 (disabled). */
#define TRIGGER_INFO ((u64)1 << 24 | 1u << 6 | 1u << 15)

void trigger_reset(struct hart *hart);
/* hart->watched anew: what the triggers watch, and the debugger. */
void trigger_sum(struct hart *hart);
/* Writes to tdata1 and tdata2 of the selected trigger, made legal. */
void trigger_write_config(struct hart *hart, u64 value);
void trigger_write_address(struct hart *hart, u64 value);

/* All triggers are others now: works out what they watch. Translations are for the caller to drop.
 */
void trigger_restored(struct hart *hart);

/* Does a trigger keep the page of this address (after pointer masking) out of the TLB, for such
 * accesses? Not while hart->watched is 0. */
bool trigger_covers(const struct hart *hart, vaddr va, enum access why);

/* The slow half of trigger_passes(). */
bool trigger_ask(struct hart *hart, vaddr va, unsigned size, unsigned accesses);

/* Asked before anything else is done for an access of size bytes at va (after pointer masking) that
 * the TLB does not know. Executing asks twice: with size 0 before the fetch, and with the
 * instruction's size once that is known. False: a trigger fires, a breakpoint is noted. */
static inline bool trigger_passes(struct hart *hart, vaddr va, unsigned size, unsigned accesses)
{
    return likely(!(hart->watched & accesses)) || trigger_ask(hart, va, size, accesses);
}

#endif
