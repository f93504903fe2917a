/* The whole boot of Debian, from reset to power off, on both engines: after every million steps
 * registers, CSRs, device state and the pages written since the last time must be the same.
 *
 *   agree_boot HARTS KERNEL INITRD FIRMWARE
 *
 * A scripted person types, so the console's input is compared as well. Prints the first step at
 * which the engines differ. Exit code 0: they agree, and the guest came to its end; 1: not so. */
#include "frontend/script.h"
#include "loader/loader.h"
#include "tests/agree/pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRETCH    1000000u  /* steps between two comparisons */
#define KEEP       16000000u /* steps between two copies to go back to */
#define MOST_STEPS 6000000000u
#define RAM_SIZE   ((u64)256 << 20)

static const struct script_step typed[] = {
    {"to leave.", ""},
    {"# ", "uname -a; nproc; ls -l /proc | wc -l\n"},
    {"GNU/Linux", ""},
    {"# ", "poweroff\n"},
};

static struct machine *start(const struct image_set *images, enum engine engine, unsigned harts,
                             struct script *script)
{
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = RAM_SIZE,
                                    .harts = harts,
                                    .engine = engine,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};
    struct loaded loaded;
    struct machine *machine = NULL;
    char message[512];

    script_init(script, typed, sizeof typed / sizeof typed[0]);
    host.console = script_host(script);
    if (isa_parse("max", &config.isa, message, sizeof message))
        machine = machine_create(&config, &host, message, sizeof message);
    if (machine) {
        machine_reset(machine);
        if (loader_place(images, machine, &loaded, message, sizeof message))
            return machine;
        machine_destroy(machine);
    }
    printf("%s\n", message);
    return NULL;
}

static bool boot(struct pair *pair)
{
    do {
        u64 steps = pair_steps(pair);
        if (steps >= MOST_STEPS) {
            printf("The guest has not ended after %" PRIu64 " steps.\n", steps);
            return false;
        }
        if (!pair_run(pair, steps + KEEP))
            return false;
    } while (pair->stop == STOP_LIMIT);
    return true;
}

static bool judge(const struct pair *pair, const struct script *plain, const struct script *fast)
{
    printf("%" PRIu64 " steps on each engine, compared every %u.\n", pair_steps(pair), STRETCH);
    if (strcmp(script_output(plain), script_output(fast)))
        puts("The two printed different things.");
    else if (pair->stop != STOP_POWEROFF || !script_is_done(plain))
        printf("The guest did not come to its end (stop %d). It printed:\n%s\n", (int)pair->stop,
               script_output(plain));
    else
        return true;
    return false;
}

int main(int argc, char **argv)
{
    struct script plain_script, fast_script;
    struct pair pair = {.stretch = STRETCH};
    struct load_plan plan;
    struct image_set *images;
    char message[512];
    bool agree = false;
    unsigned harts;

    if (argc != 5) {
        fprintf(stderr, "usage: %s HARTS KERNEL INITRD FIRMWARE\n", argv[0]);
        return 2;
    }
    harts = (unsigned)strtoul(argv[1], NULL, 10);
    plan = (struct load_plan){
        .kernel = argv[2], .initrd = argv[3], .firmware = argv[4], .append = "console=ttyS0"};
    images = loader_open(&plan, message, sizeof message);
    if (!images) {
        printf("%s\n", message);
        return 1;
    }
    pair.plain = start(images, ENGINE_PLAIN, harts, &plain_script);
    pair.fast = start(images, ENGINE_FAST, harts, &fast_script);
    if (pair.plain && pair.fast)
        agree = boot(&pair) && judge(&pair, &plain_script, &fast_script);
    machine_destroy(pair.plain);
    machine_destroy(pair.fast);
    script_release(&plain_script);
    script_release(&fast_script);
    loader_close(images);
    return !agree;
}
