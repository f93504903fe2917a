/* Where a debugger wants a machine to stop: breakpoints, watchpoints, and events of a hart. One
 * list for all harts of a machine; the protocols are elsewhere (devices/debug.h, frontend/).
 *
 * None of it costs a hart anything while the list is empty. A breakpoint makes one op of the fast
 * engine one that the plain engine does, wherever the page turns up (cpu/fill.c, cpu/code.c), and
 * what hands instructions to the plain engine asks here. A watched page stays out of the TLB, as
 * with the guest's own triggers (cpu/trigger.h). Not here: conditions, counts, the values that a
 * write changes; DMA and the page walk are no accesses. */
#ifndef CPU_DEBUG_H
#define CPU_DEBUG_H

#include "cpu/hart.h"

struct shadow; /* cpu/code.h */

enum debug_kind {
    DEBUG_NOTHING,
    DEBUG_BREAK,      /* at a virtual address: before the instruction there, if it can be fetched */
    DEBUG_WATCH_READ, /* of virtual addresses: after the instruction that reads ... */
    DEBUG_WATCH_WRITE,  /* writes ... */
    DEBUG_WATCH_ACCESS, /* or does either */
    DEBUG_EXCEPTION,    /* after an exception of this number was taken */
    DEBUG_INTERRUPT,    /* after an interrupt of this number was taken */
    DEBUG_MODE,         /* after the privilege has become this one */
    DEBUG_CSR,          /* after an instruction that writes the CSR of this number */
    DEBUG_DEVICE,       /* after an access of a hart to these physical addresses outside RAM */
    DEBUG_KINDS
};

struct debug_point {
    enum debug_kind kind;
    u64 low, high; /* inclusive */
};

struct debug {
    vaddr *breaks; /* in order of address; one that was added twice is here twice */
    size_t break_count, break_room;
    struct debug_point *points; /* all others */
    size_t point_count, point_room;
    struct hart *harts[64];
    unsigned hart_count;
};

/* An empty list for these harts, which outlive it. NULL when memory is short. */
struct debug *debug_create(struct hart *const *harts, unsigned hart_count);
void debug_destroy(struct debug *debug);
/* Between slices only. size is in bytes, 1 or more; of numbers it is 1. False: no memory (add), or
 * there is none like it (drop). */
bool debug_add(struct debug *debug, enum debug_kind kind, u64 at, u64 size);
bool debug_drop(struct debug *debug, enum debug_kind kind, u64 at, u64 size);

/* The hart goes on from where it is, breakpoint or not. */
void debug_pass(struct hart *hart);

/* The rest is asked by the engines. hart->debug is NULL while the list is empty. */

/* Is there a breakpoint at pc that was not yet told of? Notes it. */
bool debug_ask(struct hart *hart);
static inline bool debug_stops(struct hart *hart)
{
    return unlikely(hart->debug != NULL) && debug_ask(hart);
}
/* Makes the ops at breakpoints in the virtual page of pc plain; the shadow is what is there now.
 * False when memory is short. */
bool debug_arm(struct hart *hart, struct shadow *shadow, vaddr pc);
/* Is the page of this address watched for any of these accesses (a sum of TRIGGER_)? */
bool debug_covers(const struct hart *hart, vaddr va, unsigned accesses);
/* What of TRIGGER_LOAD and TRIGGER_STORE is watched anywhere. */
unsigned debug_watched(const struct hart *hart);
/* An access is about to be made. */
void debug_accessed(struct hart *hart, vaddr va, unsigned size, unsigned accesses);
/* An event of this kind has happened, with this number or address. */
void debug_happened(struct hart *hart, enum debug_kind kind, u64 number);
/* Must accesses to this CSR be seen? */
bool debug_wants_csr(const struct hart *hart, unsigned number);
/* After the engine: what was noted of an access that then trapped did not happen. */
void debug_confirm(struct hart *hart);

#endif
