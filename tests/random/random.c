/* Random programs on Vitrine and on QEMU: both must come to the same state.
 *
 *   random --qemu FILE [--qemu32 FILE] [options]            draw samples and compare
 *   random --qemu FILE [--qemu32 FILE] --replay FILE...     compare those in text files
 *
 * Exit code 0: they agree; 1: they differ, the shrunk sample is printed; 2: it was called wrongly.
 * README.md has the options. */
#include "tests/random/draw.h"
#include "tests/random/judge.h"
#include "tests/random/regression.h"
#include "tests/random/shrink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 250u /* samples in one image: they share page tables and mseccfg */

struct options {
    const char *qemu, *qemu32, *cpu, *kind, *engine, *plant, *keep, *write_image;
    const char *seed, *insns, *samples, *differences;
    const char *const *replay;
    unsigned replay_count;
};

struct run {
    const struct options *options;
    struct judge judge;
    struct generator generator;
    struct sample *samples; /* BATCH */
    enum verdict verdicts[BATCH];
    u64 count, endless, differing;
};

static int usage(void)
{
    fputs("usage: random --qemu FILE [--qemu32 FILE] [--cpu ISA] [--kind user|privileged]\n"
          "              [--engine fast|plain] [--seed N] [--samples N] [--insns N]\n"
          "              [--differences N] [--keep FOLDER] [--plant ROW=ROW]\n"
          "       random --qemu FILE [--qemu32 FILE] [--write-image FILE] --replay FILE...\n",
          stderr);
    return 2;
}

static bool read_options(struct options *options, int argc, char **argv)
{
    const struct {
        const char *name, **value;
    } table[] = {{"--qemu", &options->qemu},
                 {"--qemu32", &options->qemu32},
                 {"--cpu", &options->cpu},
                 {"--kind", &options->kind},
                 {"--engine", &options->engine},
                 {"--plant", &options->plant},
                 {"--keep", &options->keep},
                 {"--seed", &options->seed},
                 {"--insns", &options->insns},
                 {"--samples", &options->samples},
                 {"--differences", &options->differences},
                 {"--write-image", &options->write_image}};
    const unsigned count = sizeof table / sizeof table[0];

    for (int i = 1; i < argc; i++) {
        unsigned which = 0;
        if (!strcmp(argv[i], "--replay")) {
            options->replay = (const char *const *)&argv[i + 1];
            options->replay_count = (unsigned)(argc - i - 1);
            break;
        }
        while (which < count && strcmp(argv[i], table[which].name))
            which++;
        if (which == count || i + 1 == argc)
            return false;
        *table[which].value = argv[++i];
    }
    return options->qemu;
}

static u16 find_row(const char *name, size_t length)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count);

    for (u16 i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].name) == length && !strncmp(rows[i].name, name, length))
            return i;
    return ROW_illegal;
}

static bool open_judge(struct judge *judge, const struct options *options, const char *cpu)
{
    struct isa isa;

    *judge = (struct judge){.qemu = options->qemu};
    if (options->engine && !strcmp(options->engine, "plain"))
        judge->engine = ENGINE_PLAIN;
    if (options->plant && strchr(options->plant, '=')) {
        const char *equals = strchr(options->plant, '=');
        judge->planted = find_row(options->plant, (size_t)(equals - options->plant));
        judge->taken_for = find_row(equals + 1, strlen(equals + 1));
    }
    if (!isa_parse(cpu, &isa, judge->message, sizeof judge->message))
        return false;
    if (isa.xlen == 32)
        judge->qemu = options->qemu32;
    snprintf(judge->message, sizeof judge->message, "say --qemu32, too");
    return judge->qemu && driver_init(&judge->driver, &isa, judge->message, sizeof judge->message);
}

/* The shrunk sample goes to stdout, and into a file of its own when a folder for them was named. */
static bool tell(struct run *run, const char *cpu, struct sample *sample, u64 seed)
{
    char path[512];
    FILE *file;

    printf("seed %" PRIu64 ": they differ. Shrinking ...\n", seed);
    fflush(stdout);
    if (!shrink(&run->judge, sample))
        return false;
    printf("%u instructions are left:\n", shrink_size(sample));
    regression_write(stdout, &run->judge.driver.isa, cpu, sample);
    judge_print(&run->judge, sample);
    fflush(stdout);
    if (!run->options->keep)
        return true;
    snprintf(path, sizeof path, "%s/%s-%" PRIu64 ".txt", run->options->keep,
             run->options->kind ? run->options->kind : "user", seed);
    file = fopen(path, "w");
    if (!file)
        return false;
    regression_write(file, &run->judge.driver.isa, cpu, sample);
    return fclose(file) == 0;
}

/* The ELF that QEMU gets of these samples: for lock-step, or to look at. */
static bool write_image(const struct judge *judge, const char *path, const struct sample *samples,
                        unsigned count)
{
    struct image image;
    FILE *file = fopen(path, "wb");
    bool done = file && image_build(&image, &judge->driver, samples, count);

    if (done) {
        done = fwrite(image.bytes, image.size, 1, file) == 1;
        image_release(&image);
    }
    if (file && fclose(file))
        done = false;
    return done;
}

static bool run_batch(struct run *run, const char *cpu, enum sample_kind kind, u64 seed,
                      unsigned count)
{
    u64 most = run->options->differences ? strtoull(run->options->differences, NULL, 0) : 1;
    u64 tables = kind == SAMPLE_USER ? 0 : 1 + seed / BATCH;

    for (unsigned i = 0; i < count; i++)
        draw_sample(&run->generator, kind, seed + i, tables, &run->samples[i]);
    if (run->options->write_image &&
        !write_image(&run->judge, run->options->write_image, run->samples, count))
        return false;
    if (!judge_ask(&run->judge, run->samples, count, run->verdicts))
        return false;
    for (unsigned i = 0; i < count; i++) {
        run->count += run->verdicts[i] == VERDICT_AGREE || run->verdicts[i] == VERDICT_DIFFER;
        run->endless += run->verdicts[i] == VERDICT_ENDLESS;
        if (run->verdicts[i] != VERDICT_DIFFER)
            continue;
        if (++run->differing <= most && !tell(run, cpu, &run->samples[i], seed + i))
            return false;
    }
    return true;
}

static int draw_and_compare(struct run *run)
{
    const struct options *options = run->options;
    const char *cpu = options->cpu ? options->cpu : "max";
    bool is_privileged = options->kind && !strcmp(options->kind, "privileged");
    u64 seed = options->seed ? strtoull(options->seed, NULL, 0) : 1;
    u64 insns = options->insns ? strtoull(options->insns, NULL, 0) : 0;
    u64 left = options->samples ? strtoull(options->samples, NULL, 0) : insns ? UINT64_MAX : BATCH;
    bool fine = open_judge(&run->judge, options, cpu) &&
                generator_init(&run->generator, &run->judge.driver.isa);
    u64 executed = 0;

    while (fine && left && (!insns || executed < insns) && !run->differing) {
        unsigned in_batch = (unsigned)(BATCH - seed % BATCH); /* those have the same tables */
        unsigned count = left < in_batch ? (unsigned)left : in_batch;
        fine = run_batch(run, cpu, is_privileged ? SAMPLE_PRIVILEGED : SAMPLE_USER, seed, count);
        seed += count;
        left -= count;
        executed = run->judge.executed;
    }
    if (!fine) {
        fprintf(stderr, "random: %s\n", run->judge.message);
        return 4;
    }
    printf("%s, %s: %" PRIu64 " samples, %" PRIu64 " instructions of theirs", cpu,
           is_privileged ? "privileged" : "user", run->count, executed);
    printf("; %" PRIu64 " without an end left out; %" PRIu64 " differ\n", run->endless,
           run->differing);
    generator_release(&run->generator);
    return run->differing ? 1 : 0;
}

/* Returns whether they agree on the sample in this file. */
static bool replay(const struct options *options, const char *path)
{
    struct judge judge = {0};
    struct sample sample;
    enum verdict verdict = VERDICT_UNKNOWN;
    char cpu[512];
    FILE *file = fopen(path, "r");
    bool fine = file && regression_read(file, &sample, cpu, judge.message, sizeof judge.message) &&
                open_judge(&judge, options, cpu);

    if (file)
        fclose(file);
    if (fine && options->write_image)
        fine = write_image(&judge, options->write_image, &sample, 1);
    fine = fine && judge_ask(&judge, &sample, 1, &verdict);
    printf("%s: %s\n", path,
           !fine                       ? judge.message
           : verdict == VERDICT_AGREE  ? "they agree"
           : verdict == VERDICT_DIFFER ? "they differ"
                                       : "no answer");
    if (fine && verdict == VERDICT_DIFFER)
        judge_print(&judge, &sample);
    driver_release(&judge.driver);
    return fine && verdict == VERDICT_AGREE;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct run run = {.options = &options};
    int code = 0;

    if (!read_options(&options, argc, argv))
        return usage();
    for (unsigned i = 0; i < options.replay_count; i++)
        if (!replay(&options, options.replay[i]))
            code = 1;
    if (options.replay)
        return code;
    run.samples = malloc(BATCH * sizeof *run.samples);
    code = run.samples ? draw_and_compare(&run) : 4;
    driver_release(&run.judge.driver);
    free(run.samples);
    return code;
}
