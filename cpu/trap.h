/* Traps: raising, taking and returning from them ("Machine-Level CSRs", "Trap-Return
 * Instructions"). */
#ifndef CPU_TRAP_H
#define CPU_TRAP_H

#include "cpu/hart.h"

/* Notes an exception for the engine to take. Always returns false, so that callers can return it.
 */
static inline bool trap_raise(struct hart *hart, enum cause cause, u64 tval)
{
    hart->cause = cause;
    hart->tval = tval;
    return false;
}

bool trap_ecall(struct hart *hart);
/* xRET: next gets the address to go on at. False: illegal in this mode. */
bool trap_mret(struct hart *hart, vaddr *next);
bool trap_sret(struct hart *hart, vaddr *next);
/* Takes the exception noted in cause and tval: hart->pc is the instruction that raised it, and then
 * the handler. */
void trap_take_exception(struct hart *hart);
/* Takes the interrupt that is due, if any. */
bool trap_take_interrupt(struct hart *hart);

#endif
