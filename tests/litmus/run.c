/* Runs the litmus tests of table.def and counts their outcomes:
 *
 *   litmus CPU fast|plain ROUNDS [NAME [SEED]]
 *
 * Each test is a program for as many harts as it has columns. The harts meet, wait a random while,
 * run their few instructions, note what they saw, and go on to the next round with four fresh words
 * of memory. From outside come slices of random length, so that the harts' turns end anywhere.
 * Exit code 1: a forbidden outcome was seen, or one that nothing can give; or only one outcome
 * where there should be several, so that nothing was tested.
 *
 * Nothing here relies on turns: with a thread per hart the slices matter less and the meeting and
 * waiting more, and the weak outcomes may appear. */
#include "cpu/assemble.h"
#include "devices/machine.h"
#include "tests/agree/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE          ((paddr)0x80000000)
#define ARRIVED       (CODE + 0x1000)
#define WORDS         (CODE + 0x10000)
#define RESULTS       (CODE + 0x80000)
#define RAM_SIZE      ((u64)0x100000)
#define BLOCK         64          /* bytes between two words */
#define WORDS_STRIDE  (4 * BLOCK) /* bytes between two rounds */
#define RESULT_STRIDE 16          /* bytes between two harts */
#define BATCH         1000        /* rounds for which the memory above has room */
#define PATIENCE      2000        /* steps for each hart's round after which something hangs */
#define OUTCOMES      256         /* different ones of a test, at most */

enum { T0 = 5, T1 = 6, S0 = 8, S1 = 9, S2 = 18 }; /* s2 to s11 are x18 to x27 */

/* s4 the count of arrivals, s5 harts, s6 the count that lets all go, s7 random, s8 the hart's code,
 * s9 its results, s10 rounds left. */
static const char frame[] = "round: li a0, 0; li a1, 0; li a2, 0\n"
                            "amoadd.w.aqrl zero, t0, (s4); add s6, s6, s5\n"
                            "1: lw t2, (s4); bgeu t2, s6, 2f; pause; j 1b\n"
                            "2: fence rw, rw; li t2, 1103515245; mul s7, s7, t2; addi s7, s7, 123\n"
                            "srli t2, s7, 16; andi t2, t2, 7\n"
                            "3: addi t2, t2, -1; bgez t2, 3b\n"
                            "jalr ra, (s8)\n"
                            "sw a0, 0(s9); sw a1, 4(s9); sw a2, 8(s9)\n"
                            "addi s0, s0, 256; addi s1, s1, 256; addi s2, s2, 256\n"
                            "addi s3, s3, 256; addi s9, s9, 64; addi s10, s10, -1\n"
                            "bnez s10, round\n"
                            "done: wfi; j done\n";

#define HARTS  4 /* that a test has, at most */
#define VALUES 6 /* that an outcome has, at most */

/* A row of the table. */
struct litmus {
    const char *name, *observed, *forbidden, *turns, *weak, *why, *code[HARTS];
    bool is_planted; /* run by name alone */
};

#define FORBIDDEN(outcomes) outcomes
#define TURNS(outcomes)     outcomes
#define WEAK(outcomes)      outcomes
#define ROW(planted, name, observed, forbidden, turns, weak, why, ...)                             \
    {name, observed, forbidden, turns, weak, why, {__VA_ARGS__}, planted},
#define LITMUS(...)  ROW(false, __VA_ARGS__)
#define PLANTED(...) ROW(true, __VA_ARGS__)
static const struct litmus tests[] = {
#include "tests/litmus/table.def"
};

struct outcome {
    char values[VALUES + 1];
    u64 count;
};

struct run {
    const struct litmus *test;
    unsigned harts;
    struct machine *machine;
    struct assembled program;
    struct random random;
    struct outcome outcomes[OUTCOMES];
    unsigned outcome_count;
};

static unsigned count_harts(const struct litmus *test)
{
    unsigned harts = 0;

    while (harts < HARTS && test->code[harts])
        harts++;
    return harts;
}

static bool open_machine(struct run *run, const struct isa *isa, enum engine engine)
{
    struct machine_config config = {.board = &board_virt,
                                    .isa = *isa,
                                    .ram_size = RAM_SIZE,
                                    .harts = run->harts,
                                    .engine = engine,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};
    char message[256], source[4096];
    size_t used = (size_t)snprintf(source, sizeof source, "%s", frame);

    for (unsigned i = 0; i < run->harts && used < sizeof source; i++)
        used += (size_t)snprintf(source + used, sizeof source - used, "hart%u: %s\nret\n", i,
                                 run->test->code[i]);
    if (used >= sizeof source) {
        printf("%s: its code is too long\n", run->test->name);
        return false;
    }
    run->machine = machine_create(&config, &host, message, sizeof message);
    if (run->machine &&
        assemble(isa, source, used, run->test->name, CODE, &run->program, message, sizeof message))
        return true;
    printf("%s\n", message);
    return false;
}

static vaddr find_label(const struct run *run, unsigned hart)
{
    char name[16];

    snprintf(name, sizeof name, "hart%u", hart);
    for (size_t i = 0; i < run->program.symbol_count; i++)
        if (!strcmp(run->program.symbols[i].name, name))
            return run->program.symbols[i].value;
    abort(); /* we wrote it ourselves */
}

static void put_register(struct hart *hart, unsigned reg, u64 value)
{
    hart->x[reg] = hart->xlen == 32 ? (u64)(i64)(i32)(u32)value : value;
}

static void start_batch(struct run *run, u64 rounds)
{
    struct machine *machine = run->machine;

    machine_reset(machine);
    memcpy(ram_host(&machine->ram, CODE), run->program.bytes, run->program.size);
    for (unsigned i = 0; i < run->harts; i++) {
        struct hart *hart = machine->harts[i];
        const u64 saved[] = {WORDS + 2 * BLOCK, /* s2 and on */
                             WORDS + 3 * BLOCK,
                             ARRIVED,
                             run->harts,
                             0,
                             random_next(&run->random),
                             find_label(run, i),
                             RESULTS + i * RESULT_STRIDE,
                             rounds};
        hart->pc = CODE;
        put_register(hart, T0, 1);
        put_register(hart, T1, 2);
        put_register(hart, S0, WORDS);
        put_register(hart, S1, WORDS + BLOCK);
        for (unsigned reg = 0; reg < sizeof saved / sizeof saved[0]; reg++)
            put_register(hart, S2 + reg, saved[reg]);
    }
}

/* Runs until every hart waits for ever. */
static bool run_batch(struct run *run, u64 rounds)
{
    static const u32 lengths[] = {4, 8, 20, 60, 300}; /* an LR/SC loop must fit */
    struct machine *machine = run->machine;
    u32 longest = lengths[random_below(&run->random, 5)];
    u64 now = clock_steps(&machine->clock), limit = now + rounds * run->harts * PATIENCE;
    enum stop stop = STOP_LIMIT;

    while (stop == STOP_LIMIT && now < limit) {
        machine->slice_left = 0; /* a turn as long as we say */
        machine->turn_left = 1 + random_below(&run->random, longest);
        stop = machine_run(machine, now + machine->turn_left);
        now = clock_steps(&machine->clock);
    }
    if (stop != STOP_HUNG)
        printf("%s: the harts did not come to an end\n", run->test->name);
    return stop == STOP_HUNG;
}

static u32 read_word(const struct run *run, paddr at)
{
    u32 word;

    memcpy(&word, ram_host(&run->machine->ram, at), sizeof word);
    return word;
}

/* One name of "observed": "1a0" or "x". */
static u32 observe(const struct run *run, const char *name, u64 round)
{
    unsigned word = *name == 'w' ? 3 : (unsigned)(*name - 'x');

    if (*name >= 'w')
        return read_word(run, WORDS + round * WORDS_STRIDE + word * BLOCK);
    return read_word(run, RESULTS + (round * HARTS + (unsigned)(name[0] - '0')) * RESULT_STRIDE +
                              4 * (unsigned)(name[2] - '0'));
}

static bool count_round(struct run *run, u64 round)
{
    char values[VALUES + 1] = "";
    size_t count = 0;
    unsigned i = 0;

    for (const char *name = run->test->observed; *name; name += strspn(name, " ")) {
        u32 value = observe(run, name, round);
        values[count++] = value < 10 ? (char)('0' + value) : '#';
        name += strcspn(name, " ");
    }
    while (i < run->outcome_count && strcmp(run->outcomes[i].values, values))
        i++;
    if (i == OUTCOMES)
        return false;
    if (i == run->outcome_count) {
        memcpy(run->outcomes[i].values, values, sizeof values);
        run->outcome_count++;
    }
    run->outcomes[i].count++;
    return true;
}

/* Is this outcome in the list? '?' in the list is any digit. */
static bool is_in(const char *list, const char *values)
{
    size_t length = strlen(values);

    for (; *list; list += strspn(list, " ")) {
        size_t i = 0;
        while (i < length && (list[i] == values[i] || list[i] == '?'))
            i++;
        if (i == length)
            return true;
        list += strcspn(list, " ");
    }
    return false;
}

/* Prints the histogram; a star marks what only harts at the same time can give. */
static bool judge(const struct run *run)
{
    const struct litmus *test = run->test;
    unsigned several = strchr(test->turns, ' ') ? 2 : 1;
    bool is_good = run->outcome_count >= several;

    printf("%-28s", test->name);
    for (unsigned i = 0; i < run->outcome_count; i++) {
        const struct outcome *outcome = &run->outcomes[i];
        printf(" %s%s:%" PRIu64, outcome->values, is_in(test->weak, outcome->values) ? "*" : "",
               outcome->count);
    }
    printf("\n");
    if (!is_good)
        printf("  FAILED: there should be different outcomes; the harts never met\n");
    for (unsigned i = 0; i < run->outcome_count; i++) {
        const char *values = run->outcomes[i].values;
        bool is_forbidden = is_in(test->forbidden, values);
        if (!is_forbidden && (is_in(test->turns, values) || is_in(test->weak, values)))
            continue;
        printf("  FAILED: %s of %s is %s (%s)\n", values, test->observed,
               is_forbidden ? "forbidden" : "impossible", test->why);
        is_good = false;
    }
    return is_good;
}

static bool run_test(const struct litmus *test, const struct isa *isa, enum engine engine,
                     u64 rounds, u64 seed)
{
    struct run *run = calloc(1, sizeof *run);
    bool is_good;

    if (!run)
        return false;
    *run = (struct run){.test = test, .harts = count_harts(test), .random = {seed}};
    is_good = open_machine(run, isa, engine);
    for (u64 done = 0; is_good && done < rounds; done += BATCH) {
        u64 batch = rounds - done < BATCH ? rounds - done : BATCH;
        start_batch(run, batch);
        is_good = run_batch(run, batch);
        for (u64 round = 0; is_good && round < batch; round++)
            is_good = count_round(run, round);
    }
    is_good = is_good && judge(run);
    assembled_free(&run->program);
    machine_destroy(run->machine);
    free(run);
    return is_good;
}

int main(int argc, char **argv)
{
    char message[256] = "usage: litmus CPU fast|plain ROUNDS [NAME [SEED]]";
    const char *name = argc > 4 ? argv[4] : "";
    u64 seed = argc > 5 ? strtoull(argv[5], NULL, 0) : 1, rounds;
    unsigned count = 0, failures = 0;
    enum engine engine;
    struct isa isa;

    if (argc < 4 || !isa_parse(argv[1], &isa, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return 2;
    }
    engine = strcmp(argv[2], "plain") ? ENGINE_FAST : ENGINE_PLAIN;
    rounds = strtoull(argv[3], NULL, 0);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (*name ? strcmp(name, tests[i].name) : tests[i].is_planted)
            continue;
        count++;
        failures += !run_test(&tests[i], &isa, engine, rounds, seed);
    }
    printf("%u litmus tests of %" PRIu64 " rounds, seed %" PRIu64 ": %u failed\n", count, rounds,
           seed, failures);
    return failures || !count ? 1 : 0;
}
