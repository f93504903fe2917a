/* Random programs on both engines: the plain one and the fast one must agree after every slice, to
 * the step.
 *
 *   agree_random CPU INSTRUCTIONS [SEED [PROGRAMS]]
 *
 * CPU is what --cpu takes; INSTRUCTIONS, how many must be executed in all. Each program has a seed
 * of its own, counting up from SEED; a failure names it, and `agree_random CPU 0 SEED 1` runs it
 * again alone. Exit code 0: the engines agree; 1: they do not, and it is told where. */
#include "tests/agree/pair.h"
#include "tests/agree/program.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PROGRAM_STEPS 60000u
#define KEEP          20000u /* steps between two copies to go back to */
#define STRETCH       5000u  /* steps between two comparisons of everything */

struct totals {
    u64 programs, steps, retired, traps;
};

static struct machine *create(const struct isa *isa, enum engine engine, unsigned harts,
                              u64 steps_per_tick)
{
    struct machine_config config = {.board = &board_virt,
                                    .isa = *isa,
                                    .ram_size = PROGRAM_RAM,
                                    .harts = harts,
                                    .engine = engine,
                                    .clock = CLOCK_VIRTUAL,
                                    .steps_per_tick = steps_per_tick};
    struct host host = {.context = NULL};
    char message[256];
    struct machine *machine = machine_create(&config, &host, message, sizeof message);

    if (!machine)
        printf("%s\n", message);
    return machine;
}

static void count(const struct machine *machine, struct totals *totals)
{
    totals->programs++;
    for (unsigned i = 0; i < machine->config.harts; i++) {
        totals->steps += hart_steps(machine->harts[i]);
        totals->retired += hart_retired(machine->harts[i]);
        totals->traps += machine->harts[i]->traps;
    }
}

/* One program on a pair of machines. */
static bool run_program(struct generator *generator, struct pair *pair, u64 seed,
                        struct totals *totals)
{
    u64 first;

    machine_reset(pair->plain);
    machine_reset(pair->fast);
    program_place(generator, pair->plain, seed);
    program_place(generator, pair->fast, seed);
    pair->slices.state = seed;
    pair->longest_slice = random_one_in(&pair->slices, 2) ? 300 : 4000;
    first = pair_steps(pair);
    for (u64 steps = 0; steps < PROGRAM_STEPS; steps += KEEP) {
        if (!pair_run(pair, first + steps + KEEP))
            return false;
        if (pair->stop != STOP_LIMIT) /* it has switched the machine off, or waits for ever */
            break;
    }
    count(pair->plain, totals);
    return true;
}

/* A pair of machines for this seed: the number of harts and the speed of time change with it. */
static bool run_seed(struct generator *generator, u64 seed, struct totals *totals)
{
    static const u64 ticks[] = {100, 100, 10, 7, 1};
    struct random random = {seed};
    unsigned harts = random_one_in(&random, 4) ? PROGRAM_HARTS : 1;
    u64 steps_per_tick = ticks[random_below(&random, 5)];
    struct pair pair = {.stretch = STRETCH};
    bool agree = false;

    pair.plain = create(&generator->isa, ENGINE_PLAIN, harts, steps_per_tick);
    pair.fast = create(&generator->isa, ENGINE_FAST, harts, steps_per_tick);
    if (pair.plain && pair.fast)
        agree = run_program(generator, &pair, seed, totals);
    machine_destroy(pair.plain);
    machine_destroy(pair.fast);
    return agree;
}

int main(int argc, char **argv)
{
    u64 wanted, seed, programs;
    struct totals totals = {0};
    struct generator generator;
    struct isa isa;
    char message[256];

    if (argc < 3 || !isa_parse(argv[1], &isa, message, sizeof message)) {
        fprintf(stderr, "usage: %s CPU INSTRUCTIONS [SEED [PROGRAMS]]\n", argv[0]);
        return 2;
    }
    wanted = strtoull(argv[2], NULL, 0);
    seed = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
    programs = argc > 4 ? strtoull(argv[4], NULL, 0) : 0;
    if (!generator_init(&generator, &isa))
        return 1;
    printf("%s, seeds from %" PRIu64 "\n", argv[1], seed);
    while (totals.programs < programs || totals.retired < wanted) {
        if (!run_seed(&generator, seed, &totals)) {
            printf("FAILED with seed %" PRIu64 "; again: %s %s 0 %" PRIu64 " 1\n", seed, argv[0],
                   argv[1], seed);
            generator_release(&generator);
            return 1;
        }
        seed++;
    }
    printf("%" PRIu64 " programs, %" PRIu64 " instructions and %" PRIu64
           " traps on each engine: they agree.\n",
           totals.programs, totals.retired, totals.traps);
    generator_release(&generator);
    return 0;
}
