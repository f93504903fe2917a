/* A machine that is saved at a random step and restored in another process goes on as if nothing
 * had happened: random programs (tests/agree), on one hart or two, on either engine.
 *
 *   history_points CPU POINTS FOLDER [SEED]
 *
 * For each point, three machines run the same program: one in one go; one that is saved on the way
 * and goes on; and, in a child process, one that is restored and goes on. All must end alike, to
 * the last bit. Exit code 0: they do; 1: not, and the seed is told. */
#include "loader/snapshot.h"
#include "tests/agree/program.h"
#include "tests/history/same.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BEFORE_MOST 60000u
#define AFTER_MOST  40000u

struct point {
    struct generator *generator;
    const char *path;
    u64 seed, before, after, steps_per_tick;
    unsigned harts;
    enum engine engine;
};

static struct machine *create(const struct point *point)
{
    struct machine_config config = {.board = &board_virt,
                                    .isa = point->generator->isa,
                                    .ram_size = PROGRAM_RAM,
                                    .harts = point->harts,
                                    .engine = point->engine,
                                    .clock = CLOCK_VIRTUAL,
                                    .steps_per_tick = point->steps_per_tick};
    struct host host = {.context = NULL};
    char message[256];
    struct machine *machine = machine_create(&config, &host, message, sizeof message);

    if (!machine)
        printf("%s\n", message);
    else
        machine_reset(machine);
    return machine;
}

static bool restore_and_compare(const struct point *point, const struct machine *whole)
{
    struct machine *machine = create(point);
    char message[512] = "no memory";
    bool same = false;

    if (machine &&
        snapshot_restore(machine, point->path, message, sizeof message) == SNAPSHOT_RESTORED) {
        machine_run(machine, point->before + point->after);
        same = same_machines(whole, machine, "restored");
    } else {
        printf("%s\n", message);
    }
    machine_destroy(machine);
    return same;
}

static bool in_child(const struct point *point, const struct machine *whole)
{
    int status = 1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        bool same = restore_and_compare(point, whole);
        fflush(stdout);
        _exit(!same);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool try_point(const struct point *point)
{
    struct machine *whole = create(point), *saved = create(point);
    char message[512] = "no memory";
    bool good = false;

    if (whole && saved) {
        program_place(point->generator, whole, point->seed);
        program_place(point->generator, saved, point->seed);
        machine_run(whole, point->before + point->after);
        enum stop stop = machine_run(saved, point->before);
        good = snapshot_save(saved, point->path, message, sizeof message);
        if (!good)
            printf("%s\n", message);
        if (good && stop == STOP_LIMIT) { /* or it has ended before the point */
            machine_run(saved, point->before + point->after);
            good = same_machines(whole, saved, "saved") && in_child(point, whole);
        }
    }
    machine_destroy(whole);
    machine_destroy(saved);
    return good;
}

int main(int argc, char **argv)
{
    static const u64 ticks[] = {100, 10, 7, 1};
    struct generator generator;
    struct isa isa;
    char message[256], path[4096];
    bool good = true;

    if (argc < 4 || !isa_parse(argv[1], &isa, message, sizeof message)) {
        fprintf(stderr, "usage: %s CPU POINTS FOLDER [SEED]\n", argv[0]);
        return 2;
    }
    u64 points = strtoull(argv[2], NULL, 0), seed = argc > 4 ? strtoull(argv[4], NULL, 0) : 1;
    if (!generator_init(&generator, &isa))
        return 1;
    snprintf(path, sizeof path, "%s/points-%s.snapshot", argv[3], argv[1]);
    for (u64 i = 0; i < points && good; i++, seed++) {
        struct random random = {seed};
        struct point point = {.generator = &generator, .path = path, .seed = seed};
        point.harts = 1 + random_below(&random, PROGRAM_HARTS);
        point.engine = random_one_in(&random, 3) ? ENGINE_PLAIN : ENGINE_FAST;
        point.steps_per_tick = ticks[random_below(&random, 4)];
        point.before = 1 + random_below(&random, BEFORE_MOST);
        point.after = 1 + random_below(&random, AFTER_MOST);
        good = try_point(&point);
    }
    unlink(path);
    if (!good)
        printf("FAILED with seed %" PRIu64 "; again: %s %s 1 %s %" PRIu64 "\n", seed - 1, argv[0],
               argv[1], argv[3], seed - 1);
    else
        printf("%" PRIu64 " points: all go on alike.\n", points);
    generator_release(&generator);
    return !good;
}
