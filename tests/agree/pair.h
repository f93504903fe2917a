/* Two machines that must agree: the same guest on the plain and on the fast engine, under the
 * virtual clock. They run side by side to the same step and are compared there; where they differ,
 * the first differing step is found and both sides are printed.
 *
 * Going back is a fork(): before every pair_run() a child keeps both machines as they are, and it
 * is the child that looks for the step, by forking again for every try. */
#ifndef TESTS_AGREE_PAIR_H
#define TESTS_AGREE_PAIR_H

#include "devices/machine.h"
#include "tests/agree/random.h"

struct pair {
    struct machine *plain, *fast;
    struct random slices; /* draws the lengths of slices */
    u32 longest_slice;    /* steps; 0: a stretch is one slice */
    u32 stretch;          /* steps after which everything is compared */
    enum stop stop;       /* why the last slice ended, when both ended it alike */
};

/* Steps done so far, on both sides. */
u64 pair_steps(const struct pair *pair);
/* Runs both sides to this step (or to where both stop before it) in slices. Registers and CSRs are
 * compared after each slice; registers, CSRs, device state and the pages written since the last
 * time after each stretch and at the end. False: they differ, and it is told on stdout where. */
bool pair_run(struct pair *pair, u64 steps);

/* Prints every register, CSR, device and byte of RAM (the first one) that differs. */
void pair_print_differences(const struct pair *pair);

#endif
