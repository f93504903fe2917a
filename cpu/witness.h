/* What a hart remembers of its own past, for people who ask why: the last trap of each kind, the
 * walk of the last fault of each kind as it was at that moment, the last return, and the last
 * writes to registers that make what is written legal.
 *
 * Nothing that the guest can see depends on it: it is neither hashed nor saved. Written at the slow
 * places that exist anyway: the trap door (trap.c), the end of a translation that failed
 * (translate.c), and three rows of csr.def. */
#ifndef CPU_WITNESS_H
#define CPU_WITNESS_H

#include "memory/paging.h"
#include "memory/types.h"

/* Exceptions by their cause, interrupts by 32 plus their number. */
#define WITNESS_KINDS     48
#define WITNESS_INTERRUPT 32u
/* Of each kind two are kept: the last that came after a return, and the last that came while the
 * handler of another (or of itself) was still at work. */
#define WITNESS_NESTED 48u
#define WITNESS_TRAPS  96u

/* So many traps of one kind at one pc, and not one instruction retired between return and trap, are
 * a hang, whatever the handler hopes for. */
#define WITNESS_STUCK 10000

/* Kept short: a trap costs some hundred host instructions, and this is paid by each. */
struct trap_seen {
    vaddr pc; /* of the instruction, as xepc got it */
    u64 tval;
    u64 own_step;  /* hart_steps() when it was taken */
    u64 ahead;     /* clock_steps() was so much more: what other harts had done, and other lives */
    u64 mstatus;   /* before */
    vaddr handler; /* where it went */
    u64 count;     /* such traps since the reset; 0: the rest holds nothing */
    u8 from, to;   /* enum privilege */
    u32 repeats;   /* so many before it had the same pc and tval, and nothing retired before them */
};

_Static_assert(sizeof(struct trap_seen) == 64, "found by a shift");

/* The last trap or return, whichever came later. */
struct edge_seen {
    u64 own_step;        /* what hart_steps() is if nothing was retired since */
    vaddr returned_from; /* the pc of the last return; 0: none yet */
    u32 nested;          /* WITNESS_NESTED from a trap to the next return, else 0 */
    u32 returned_to;     /* enum privilege */
    u64 ahead;           /* as in struct trap_seen, in this slice */
};

/* What refused an access. */
enum refused_by {
    REFUSED_BY_WALK,    /* a page fault: walk.end says why */
    REFUSED_BY_PTE,     /* the walk could not read a PTE, or not set A or D in it */
    REFUSED_BY_PMP,     /* no rule allows it */
    REFUSED_BY_THE_BUS, /* nothing is there, or it does not take such an access */
};

struct fault_seen {
    vaddr va;
    u8 rights;  /* enum tlb_mode */
    u8 mode;    /* enum paging_mode */
    u8 by;      /* enum refused_by */
    u8 pmp;     /* access faults: the first entry that matches; PMP_ENTRIES: none does */
    u64 root;   /* physical page number of the root table */
    paddr at;   /* access faults: the physical address that was refused, of the data or of a PTE */
    u64 caller; /* x1: for a fetch, where the jump may have come from */
    struct walk walk;
};

struct write_seen {
    u64 written, kept;
    vaddr pc;
    u64 step;
    bool any;
};

struct witness {
    struct trap_seen traps[WITNESS_TRAPS];
    u64 began[WITNESS_TRAPS];             /* where repeats is not 0: own_step of the first */
    struct fault_seen page[3], access[3]; /* by enum access */
    struct write_seen stvec, mtvec, satp;
    u64 walks[3];   /* page walks, by enum access: what the TLB did not have */
    unsigned stuck; /* 1 + the index of the trap that repeats; 0: none */
};

/* The place of a trap in time, as clock_steps() counts it. */
static inline u64 trap_step(const struct trap_seen *seen)
{
    return seen->own_step + seen->ahead;
}

/* The last trap of all; NULL when there was none. */
const struct trap_seen *witness_last(const struct witness *witness);

#endif
