/* Our side of the lock-step: a machine of ours that begins with QEMU's bytes and takes QEMU's
 * instructions, with the plain engine. What comes from outside the hart comes from QEMU: what
 * device registers and clocks read, and at which instruction an interrupt arrives. All the rest is
 * our own work and is compared. */
#ifndef TESTS_LOCKSTEP_OURS_H
#define TESTS_LOCKSTEP_OURS_H

#include "devices/machine.h"
#include "tests/lockstep/feed.h"

#include <stddef.h>

struct ours {
    struct machine *machine;
    struct hart *hart;
    bool device_was_read, device_was_written;
    u64 written; /* to the device */
    /* What the stores of the instruction left in memory; false: it cannot be read there. */
    struct {
        bool is_there;
        u64 value;
    } stored[FEED_STORES];
    /* The hart before this instruction: what undoes it. */
    struct {
        u64 words[offsetof(struct hart, budget) / 8];
    } before;
    u64 pc_before;
    u32 finisher;                       /* what the guest wrote to the test device; 0: nothing */
    u64 interrupts, device_reads;       /* imposed */
    unsigned numbers[STREAM_CSR_COUNT]; /* CSR numbers; 0: a machine of this width has none */
    u64 *accepted;                      /* a count per row of accepted.c */
};

/* Disconnects every device of a machine that was just reset. */
void ours_connect(struct ours *ours, struct machine *machine);
/* A page of the state at reset. */
void ours_place_page(void *ours, paddr at, const void *bytes);
/* The registers at reset that are the board's choice, not the hart's. */
void ours_begin(struct ours *ours, const struct theirs *theirs);
/* Runs the instruction that led QEMU to this state, and takes the interrupt that it took. */
void ours_follow(struct ours *ours, const struct theirs *theirs);
/* Keeps the hart's state for a rule to go back to. */
void ours_remember(struct ours *ours);
void ours_undo(struct ours *ours);
/* The cause of the interrupt that we would take now; 0: none. Known only where CSRs were read. */
u64 ours_due_interrupt(struct ours *ours);
/* The CSR of that name; false when our machine has none. */
bool ours_csr(const struct ours *ours, enum stream_csr which, u64 *value);
const char *stream_csr_name(enum stream_csr which);

#endif
