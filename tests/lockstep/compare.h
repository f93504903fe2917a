/* Comparing the two sides, and telling where they differ. */
#ifndef TESTS_LOCKSTEP_COMPARE_H
#define TESTS_LOCKSTEP_COMPARE_H

#include "tests/lockstep/ours.h"

#define HISTORY 20

/* The last instructions, a ring. */
struct history {
    struct {
        u64 pc, privilege;
        u32 bits;
    } last[HISTORY];
    u64 count;
};

void history_add(struct history *history, const struct theirs *theirs);
/* Prints them, the oldest first, with disassembly. */
void history_print(const struct history *history, struct decoder *decoder);

/* The stores of the instruction just run. */
bool compare_stores(struct ours *ours, const struct theirs *theirs);
/* Everything that was read in this state. False: something differs. */
bool compare_state(struct ours *ours, const struct theirs *theirs);
/* Prints what differs, both sides. */
void compare_print(struct ours *ours, const struct theirs *theirs);

#endif
