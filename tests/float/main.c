/* Draws samples for every operation (samples.h) and compares the soft-float with this program's
 * judge: bits and flags, in each rounding mode that the judge knows.
 *
 *   float_JUDGE [--samples N] [--seed N] [--only NAME] [--every-half] [--plant FAULT]
 *
 * --every-half takes each of the 65536 halves instead of samples, for operations on one of them.
 * --plant puts a fault of fault.h into the soft-float's answers, which then has to be found.
 * Exit code 0: no difference (with --plant: there was one). 1: the opposite, or an operation or a
 * flag that was never tried. 2: bad usage. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/float/fault.h"
#include "tests/float/judge.h"
#include "tests/float/samples.h"

#define BATCH       256 /* operands per change of the rounding mode */
#define DIFFERENCES 10  /* printed */
#define HALVES      0x10000u

struct run {
    u64 samples, seed;
    const char *only;
    bool takes_every_half;
    const struct fault *fault;
    /* What has been seen. */
    u64 compared, shared, differences;
    bool is_hollow; /* something was never tried */
    u64 by_flag[5];
};

static void report(const struct operation *operation, const struct sample *sample,
                   struct outcome soft, struct outcome expected)
{
    static const char *const modes[] = {"rne", "rtz", "rdn", "rup", "rmm"};

    printf("%s", operation->name);
    for (unsigned i = 0; i < operation_arity(operation); i++)
        printf(" %#" PRIx64, sample->operand[i]);
    printf(" %s: soft-float %#" PRIx64 " flags %#x, %s %#" PRIx64 " flags %#x\n",
           modes[sample->rounding], soft.bits, soft.flags, judge.name, expected.bits,
           expected.flags);
}

static void compare(struct run *run, const struct operation *operation, const struct sample *sample)
{
    struct outcome soft = operation_soft(operation, sample), expected = {0};
    enum opinion opinion = judge.opine(operation, sample, &expected);

    if (run->fault)
        run->fault->spoil(operation, sample, &soft);
    run->compared++;
    run->shared += opinion == OPINION_SHARED;
    for (unsigned i = 0; i < 5; i++)
        run->by_flag[i] += soft.flags >> i & 1;
    if (soft.bits == expected.bits && soft.flags == expected.flags)
        return;
    if (run->differences++ < DIFFERENCES)
        report(operation, sample, soft, expected);
}

/* The same operands in every mode. */
static void compare_batch(struct run *run, const struct operation *operation,
                          struct sample *samples, unsigned count)
{
    unsigned modes = judge.roundings(operation);

    if (!operation_rounds(operation))
        modes &= 1 << ROUND_RNE;
    for (enum rounding rounding = ROUND_RNE; rounding <= ROUND_RMM; rounding++) {
        if (!(modes >> rounding & 1))
            continue;
        judge.turn_to(rounding);
        for (unsigned i = 0; i < count; i++) {
            samples[i].rounding = rounding;
            compare(run, operation, &samples[i]);
        }
        judge.turn_to(ROUND_RNE);
    }
}

static void compare_samples(struct run *run, const struct operation *operation, u64 share,
                            struct random *random)
{
    struct sample samples[BATCH];
    u64 until = run->compared + share;

    do {
        for (unsigned i = 0; i < BATCH; i++)
            sample_draw(operation, random, samples[i].operand);
        compare_batch(run, operation, samples, BATCH);
    } while (run->compared < until);
}

static void compare_halves(struct run *run, const struct operation *operation)
{
    if (operation->format != &float16 || operation_arity(operation) != 1 ||
        operation->action == ACTION_FROM_INT)
        return;
    for (u64 half = 0; half < HALVES; half++) {
        struct sample sample = {.operand = {half}};
        compare_batch(run, operation, &sample, 1);
    }
}

static bool is_wanted(const struct run *run, const struct operation *operation)
{
    return judge.roundings(operation) && (!run->only || strcmp(run->only, operation->name) == 0);
}

/* Arithmetic on two or three operands has the most room for mistakes, so it gets the most samples.
 */
static unsigned weight(const struct operation *operation)
{
    return operation_rounds(operation) && operation_arity(operation) > 1 ? 8 : 1;
}

static void compare_all(struct run *run)
{
    unsigned wanted = 0;

    for (unsigned i = 0; i < operation_count; i++)
        wanted += is_wanted(run, &operations[i]) ? weight(&operations[i]) : 0;
    for (unsigned i = 0; i < operation_count; i++) {
        /* Each operation has its own sequence, so that --only meets the same samples. */
        struct random random = {.state = run->seed * 1000 + i};
        if (!is_wanted(run, &operations[i]))
            continue;
        u64 shared = run->shared, compared = run->compared;
        if (run->takes_every_half)
            compare_halves(run, &operations[i]);
        else
            compare_samples(run, &operations[i], run->samples / wanted * weight(&operations[i]),
                            &random);
        if (run->compared > compared && run->compared - compared == run->shared - shared) {
            printf("%s has no opinion of its own on %s\n", judge.name, operations[i].name);
            run->is_hollow = true;
        }
    }
}

static bool parse(struct run *run, int count, char **words)
{
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? words[i + 1] : NULL;
        if (strcmp(words[i], "--every-half") == 0) {
            run->takes_every_half = true;
            continue;
        }
        if (!value)
            return false;
        if (strcmp(words[i], "--samples") == 0)
            run->samples = strtoull(value, NULL, 10);
        else if (strcmp(words[i], "--seed") == 0)
            run->seed = strtoull(value, NULL, 10);
        else if (strcmp(words[i], "--only") == 0)
            run->only = value;
        else if (strcmp(words[i], "--plant") != 0 || !(run->fault = fault_find(value)))
            return false;
        i++;
    }
    return true;
}

/* Samples that never meet a flag show nothing about it. */
static bool has_met_every_flag(const struct run *run)
{
    for (unsigned i = 0; i < 5; i++)
        if (run->by_flag[i] == 0)
            return false;
    return true;
}

int main(int count, char **words)
{
    struct run run = {.samples = 1000000, .seed = 1};

    if (!parse(&run, count, words)) {
        fprintf(stderr,
                "usage: %s [--samples N] [--seed N] [--only NAME] [--every-half]"
                " [--plant FAULT]\n",
                words[0]);
        return 2;
    }
    compare_all(&run);
    if (!run.only && !run.takes_every_half && !has_met_every_flag(&run)) {
        printf("the samples leave out a flag\n");
        run.is_hollow = true;
    }
    printf("%s, seed %" PRIu64 ": %" PRIu64 " compared (%" PRIu64 " of them flags only), %" PRIu64
           " differ; NX %" PRIu64 ", UF %" PRIu64 ", OF %" PRIu64 ", DZ %" PRIu64 ", NV %" PRIu64
           "\n",
           judge.name, run.seed, run.compared, run.shared, run.differences, run.by_flag[0],
           run.by_flag[1], run.by_flag[2], run.by_flag[3], run.by_flag[4]);
    return run.compared == 0 || run.is_hollow || (run.differences == 0) != (run.fault == NULL);
}
