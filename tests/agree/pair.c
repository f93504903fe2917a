/* Two machines side by side (see pair.h): running, comparing, and finding the first step at which
 * they differ. What differs is printed by differences.c. */
#include "tests/agree/pair.h"

#include "cpu/mmu.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS_TOLD 20

u64 pair_steps(const struct pair *pair)
{
    return clock_steps(&pair->plain->clock);
}

static bool harts_agree(const struct pair *pair)
{
    for (unsigned i = 0; i < pair->plain->config.harts; i++)
        if (hart_hash(pair->plain->harts[i], 0) != hart_hash(pair->fast->harts[i], 0))
            return false;
    return pair_steps(pair) == clock_steps(&pair->fast->clock);
}

/* Mostly short ones, for the edges; now and then a long one, in which caches grow old. */
static u64 slice_length(struct pair *pair)
{
    u32 longest = pair->longest_slice;

    if (longest == 0)
        return UINT64_MAX;
    switch (random_below(&pair->slices, 4)) {
    case 0:
        return 1 + random_below(&pair->slices, longest < 12 ? longest : 12);
    case 1:
        return 1 + random_below(&pair->slices, longest < 400 ? longest : 400);
    default:
        return 1 + random_below(&pair->slices, longest);
    }
}

static bool run_slices(struct pair *pair, u64 steps)
{
    pair->stop = STOP_LIMIT;
    while (pair->stop == STOP_LIMIT && pair_steps(pair) < steps) {
        u64 length = slice_length(pair), left = steps - pair_steps(pair);
        u64 to = length < left ? pair_steps(pair) + length : steps;
        pair->stop = machine_run(pair->plain, to);
        if (machine_run(pair->fast, to) != pair->stop || !harts_agree(pair))
            return false;
    }
    return true;
}

/* Up to the comparison at the end, which is left to the caller. */
static bool run_stretches(struct pair *pair, u64 steps)
{
    for (;;) {
        u64 next = pair_steps(pair) / pair->stretch * pair->stretch + pair->stretch;
        if (!run_slices(pair, next < steps ? next : steps))
            return false;
        if (pair->stop != STOP_LIMIT || pair_steps(pair) >= steps)
            return true;
        if (machine_hash(pair->plain) != machine_hash(pair->fast))
            return false;
    }
}

static bool run_and_compare(struct pair *pair, u64 steps)
{
    return run_stretches(pair, steps) && machine_hash(pair->plain) == machine_hash(pair->fast);
}

/* In a child of its own: do the two differ at this step? */
static bool differs_at(struct pair *pair, u64 steps)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(!run_and_compare(pair, steps));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        puts("a try of the search died: the step below is where it was when that happened");
        return true;
    }
    return WEXITSTATUS(status) != 0;
}

static void print_instruction(const struct hart *hart, u32 bits)
{
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count);
    struct insn insn = decode(hart->decoder, bits);

    printf("  hart %u at pc %016" PRIx64 " in mode %" PRIu64 ": %0*" PRIx32 " %s\n", hart->id,
           hart->pc, hart->privilege, 2 * insn.length, insn.bits,
           insn.row == ROW_illegal ? "(illegal)" : rows[insn.spelling].name);
}

/* The instruction that the plain engine runs next, told by a child so that nothing here moves. */
static void tell_instruction(struct pair *pair, u64 before)
{
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        struct hart *hart;
        u32 bits = 0;
        run_stretches(pair, before);
        hart = pair->plain->harts[pair->plain->running];
        if (mmu_fetch(hart, hart->pc, &bits))
            print_instruction(hart, bits);
        else
            printf("  hart %u at pc %016" PRIx64 " in mode %" PRIu64 ": cannot be fetched\n",
                   hart->id, hart->pc, hart->privilege);
        fflush(stdout);
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

/* Here both agree, and at `different` they do not. The fast engine takes a straight run as a whole
 * and leaves what no longer fits to the plain one, so what is wrong may lie some steps back. */
static void find_difference(struct pair *pair, u64 different)
{
    u64 same = pair_steps(pair);

    while (different - same > 1) {
        u64 middle = same + (different - same) / 2;
        if (differs_at(pair, middle))
            different = middle;
        else
            same = middle;
    }
    printf("The engines agree after %" PRIu64 " steps and differ after %" PRIu64
           ". The last of them:\n",
           same, different);
    for (u64 step = same - pair_steps(pair) > STEPS_TOLD ? same - STEPS_TOLD : pair_steps(pair);
         step <= same; step++)
        tell_instruction(pair, step);
    run_stretches(pair, different);
    pair_print_differences(pair);
    fflush(stdout);
}

struct keeper {
    pid_t process;
    int order; /* write end of the pipe on which the keeper waits for the differing step */
};

/* A child that keeps both machines as they are now. In the child it does not return. */
static struct keeper keep(struct pair *pair)
{
    struct keeper keeper = {.process = -1, .order = -1};
    int ends[2];
    u64 different;

    if (pipe(ends) != 0)
        return keeper;
    fflush(stdout);
    keeper.process = fork();
    if (keeper.process == 0) {
        close(ends[1]);
        if (read(ends[0], &different, sizeof different) == sizeof different)
            find_difference(pair, different);
        _exit(0);
    }
    close(ends[0]);
    keeper.order = ends[1];
    return keeper;
}

bool pair_run(struct pair *pair, u64 steps)
{
    struct keeper keeper = keep(pair);
    bool agree = run_and_compare(pair, steps);
    u64 different = pair_steps(pair);

    if (!agree && clock_steps(&pair->fast->clock) > different)
        different = clock_steps(&pair->fast->clock);
    if (!agree && write(keeper.order, &different, sizeof different) != sizeof different)
        puts("The engines differ, and the search for the step failed.");
    close(keeper.order);
    if (keeper.process > 0)
        waitpid(keeper.process, NULL, 0);
    return agree;
}
