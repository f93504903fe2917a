/* One hart: its registers, its control registers, and the caches that are its own.
 *
 * Two engines run it: hart_step() (cpu/plain.c, one instruction, the one to read first) and
 * hart_run() with ENGINE_FAST (cpu/exec.c). Both execute the same rows of isa.def, and between any
 * two instructions the state below means the same to both. */
#ifndef CPU_HART_H
#define CPU_HART_H

#include "cpu/clock.h"
#include "cpu/isa.h"
#include "cpu/tlb.h"
#include "cpu/witness.h"
#include "memory/bus.h"
#include "memory/types.h"

enum privilege { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

/* Exception causes ("Machine Cause Register"). */
enum cause {
    CAUSE_MISALIGNED_FETCH = 0,
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_MISALIGNED_LOAD = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_MISALIGNED_STORE = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL_U = 8,
    CAUSE_ECALL_S = 9,
    CAUSE_ECALL_M = 11,
    CAUSE_FETCH_PAGE = 12,
    CAUSE_LOAD_PAGE = 13,
    CAUSE_STORE_PAGE = 15,
    CAUSE_NONE = 64, /* no exception */
};

/* Interrupt numbers: bits of mip and mie. */
enum interrupt {
    IRQ_SSI = 1,
    IRQ_MSI = 3,
    IRQ_STI = 5,
    IRQ_MTI = 7,
    IRQ_SEI = 9,
    IRQ_MEI = 11,
    IRQ_LCOFI = 13
};
#define IRQ_BIT(number) ((u64)1 << (number))

/* mstatus, in its RV64 shape also on RV32 (mstatush is its upper half). */
#define MSTATUS_SIE  ((u64)1 << 1)
#define MSTATUS_MIE  ((u64)1 << 3)
#define MSTATUS_SPIE ((u64)1 << 5)
#define MSTATUS_MPIE ((u64)1 << 7)
#define MSTATUS_SPP  ((u64)1 << 8)
#define MSTATUS_MPP  ((u64)3 << 11)
#define MSTATUS_FS   ((u64)3 << 13)
#define MSTATUS_MPRV ((u64)1 << 17)
#define MSTATUS_SUM  ((u64)1 << 18)
#define MSTATUS_MXR  ((u64)1 << 19)
#define MSTATUS_TVM  ((u64)1 << 20)
#define MSTATUS_TW   ((u64)1 << 21)
#define MSTATUS_TSR  ((u64)1 << 22)
#define MSTATUS_UXL  ((u64)3 << 32)
#define MSTATUS_SXL  ((u64)3 << 34)

/* menvcfg; the first four and PMM also senvcfg. */
#define ENVCFG_FIOM  ((u64)1 << 0)
#define ENVCFG_CBIE  ((u64)3 << 4)
#define ENVCFG_CBCFE ((u64)1 << 6)
#define ENVCFG_CBZE  ((u64)1 << 7)
#define ENVCFG_PMM   ((u64)3 << 32) /* 0 none, 2 masks 7 bits, 3 masks 16 */
#define ENVCFG_ADUE  ((u64)1 << 61)
#define ENVCFG_PBMTE ((u64)1 << 62)
#define ENVCFG_STCE  ((u64)1 << 63)

/* mstateen0; bit 63 is in all four. */
#define STATEEN_ENVCFG ((u64)1 << 62)
#define STATEEN_SE     ((u64)1 << 63)

/* mseccfg (Smepmp). */
#define MSECCFG_MML  ((u64)1 << 0)
#define MSECCFG_MMWP ((u64)1 << 1)
#define MSECCFG_RLB  ((u64)1 << 2)

#define PMP_ENTRIES 16
#define TRIGGERS    4 /* a power of two: every value of tselect is one */

/* A counter that can be stopped: base + count while it runs, base while it does not (see
 * cpu/counters.h). */
struct counter {
    u64 base;
    u64 stopped; /* 1: by mcountinhibit, or in this mode */
    u64 event;   /* as mhpmevent has it */
    u64 seen;    /* its value when overflow was last looked for */
};

/* Why the engine must come back before its budget is used up. */
enum event {
    EVENT_INTERRUPT = 1, /* an interrupt may have become takeable: look */
    EVENT_LEAVE =
        2, /* the slice ends: WFI, MMIO write, a deadline moved, a pause with other harts waiting */
    EVENT_DEBUG = 4, /* a debugger wants to stop here; the turn goes on (cpu/debug.h) */
};

struct hart {
    /* Architectural state: all that a snapshot keeps and a hash covers, up to 'budget'. */
    u64 x[33]; /* RV32 keeps them sign-extended; x[32] is where the fast engine writes x0 */
    u64 f[32]; /* singles are NaN-boxed */
    u64 pc;
    u64 mstatus, misa, mtvec, mscratch, mepc, mcause, mtval, medeleg, mideleg, mie;
    u64 mip_soft;  /* bits of mip that software wrote */
    u64 mip_lines; /* bits of mip that hardware holds high */
    u64 mcounteren, mcountinhibit, menvcfg;
    u64 mstateen[4], mseccfg;
    u64 stvec, sscratch, sepc, scause, stval, scounteren, senvcfg, satp, stimecmp;
    u64 pmpcfg[PMP_ENTRIES], pmpaddr[PMP_ENTRIES];
    u64 tselect, tdata1[TRIGGERS], tdata2[TRIGGERS];
    struct counter counter[32]; /* 0 mcycle, 2 minstret, from 3 on mhpmcounter */
    u64 counters_watched;       /* a bit for each whose overflow would interrupt */
    u64 counters_filtered;      /* and for each that stands still in some mode */
    u64 fflags, frm;
    u64 privilege;                     /* enum privilege */
    u64 waiting;                       /* 1: in WFI */
    u64 reservation, reservation_size; /* physical address and bytes; size 0: none */
    u64 reservation_dma;               /* ram->dma_writes when it was made */
    u64 reservation_value;             /* what LR read */
    u64 traps;                         /* taken, exceptions and interrupts */
    u64 interrupts;                    /* taken */
    u64 device_accesses;               /* loads and stores outside RAM */
    u64 step_end; /* steps (retired + traps) done when budget reaches 0; see hart_steps() */

    /* Working state: derived, or alive only inside a slice. */
    i64 budget; /* steps left. Stale while the fast engine runs: it keeps it in a register */
    u8 events;  /* a sum of enum event */
    u8 fp_fast; /* FS is Dirty and frm is RNE: the fast engine may use the host's FPU as it stands
                 */
    u64 pc_misaligned; /* bits of pc that must be zero: none with C, bit 1 without */
    u64 pc_bias;       /* fast engine: pc = (address of op >> 3) + pc_bias */
    u64 cause, tval;   /* of the exception that a helper returning false has found */
    u64 next_pc;       /* of a SYSTEM row in the fast engine */
    u64 forgotten;     /* counts what may have changed where the next instruction is fetched from */
    struct edge_seen edge;
    struct tlb *data;  /* tables of the effective privilege of loads and stores */
    struct tlb *fetch; /* tables of the privilege */
    struct {
        u64 low, high; /* bytes, inclusive; low > high matches nothing */
        u8 config;     /* L, X, W, R */
    } pmp[PMP_ENTRIES];
    unsigned pmp_active; /* entries that are not OFF */
    struct watch {
        u64 low, high;     /* bytes, inclusive */
        u8 accesses, size; /* a sum of TRIGGER_ (cpu/trigger.h); in bytes, 0 for any */
    } watch[TRIGGERS];
    u8 watched; /* all their accesses: 0 while no trigger is armed */
    /* Builds without tail calls: the handler that the last one chose, and its operands. */
    struct op *(*next_run)(struct op *op, struct hart *hart, i64 budget, u64 word);
    u64 next_word;

    unsigned id; /* mhartid */
    unsigned xlen;
    unsigned hart_count;
    struct decoder *decoder;
    struct bus *bus;
    struct clock *clock;
    struct code *code; /* decoded code, the fast engine's */
    struct tlb tlb[TLBS];
    u64 spaces[TLB_SPACES]; /* the satp of each address space that has tables */
    unsigned space;         /* the present one */
    unsigned next_space;    /* the one to forget next, less one */

    struct debug *debug; /* where to stop (cpu/debug.h); NULL: nowhere */
    struct hit {
        u8 kind;            /* enum debug_kind */
        u64 at;             /* the address or number that it is about */
        vaddr pc;           /* of the instruction */
        u64 steps, traps;   /* of the hart, when it was noted */
    } hit;                  /* what it has met there */
    struct witness witness; /* for people: nothing else depends on it */
};

/* Makes a hart that listens to the bus's RAM. NULL when memory is short. decoder, bus and clock
 * outlive it. */
struct hart *hart_create(unsigned id, unsigned hart_count, struct decoder *decoder, struct bus *bus,
                         struct clock *clock);
void hart_destroy(struct hart *hart);
/* "Reset": M mode, MIE and MPRV clear, PMP off, pc where the board says. */
void hart_reset(struct hart *hart, vaddr pc);

/* Runs one instruction, or takes one trap that it raises, with the plain engine. Takes one from
 * budget. */
void hart_step(struct hart *hart);
/* Runs at most budget steps (1 or more), taking interrupts; returns earlier on EVENT_LEAVE. */
void hart_run_plain(struct hart *hart, u64 budget);
void hart_run_fast(struct hart *hart, u64 budget);

/* The line of an interrupt changes: MSI, MTI, SEI, MEI, and STI under Sstc. */
void hart_set_interrupt(struct hart *hart, enum interrupt number, bool level);
/* Compares stimecmp with the clock; the machine calls it between slices. Returns the tick at which
 * to call again. */
u64 hart_update_timer(struct hart *hart);
/* Is an enabled interrupt pending, so that WFI ends? Global enables and delegation do not matter.
 */
static inline bool hart_can_wake(const struct hart *hart)
{
    return (hart->mip_lines | hart->mip_soft) & hart->mie;
}

/* Steps done by this hart: instructions retired plus traps taken. Exact inside hart_step() and
 * between slices. */
static inline u64 hart_steps(const struct hart *hart)
{
    return hart->step_end - (u64)hart->budget;
}

static inline u64 hart_retired(const struct hart *hart)
{
    return hart_steps(hart) - hart->traps;
}

/* Called by rows of isa.def. Those that return bool have left cause and tval when they return
 * false. */
bool hart_wfi(struct hart *hart);
void hart_pause(struct hart *hart);
/* Something about privilege, mstatus or frm changed: choose the TLB tables anew, look for
 * interrupts. */
void hart_mode_changed(struct hart *hart);
/* How many fused sequences the fast engine for this XLEN was built with (see fuse.h). */
unsigned hart_fused_sequences(unsigned xlen);
/* A hash of the architectural state. */
u64 hart_hash(const struct hart *hart, u64 hash);

/* The bytes at the start of struct hart that are its state. */
#define HART_STATE_SIZE offsetof(struct hart, budget)

/* Could these HART_STATE_SIZE bytes be the state of this hart? No engine trusts others. */
bool hart_accepts(const struct hart *hart, const void *state);
/* Goes on from this state, which hart_accepts(), between slices. Translations are forgotten;
 * decoded code stays, since it knows what RAM holds as long as RAM is written through its gate. */
void hart_restore(struct hart *hart, const void *state);

/* The engines, one pair per XLEN (compiled from the same files). */
void hart_step_rv32(struct hart *hart);
void hart_step_rv64(struct hart *hart);
void hart_exec_rv32(struct hart *hart);
void hart_exec_rv64(struct hart *hart);

#endif
