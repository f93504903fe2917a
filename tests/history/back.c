/* Debian's kernel from reset to power off with history, and back to random steps of it: each must
 * be what it was on the way, registers, chips and memory.
 *
 *   history_back HARTS STEPS FOLDER KERNEL INITRD FIRMWARE
 *
 * Prints what history costs in CPU time, and how long it takes to go one step back and to look for
 * a breakpoint that is far away. Exit code 0: all was as it had been; 1: not so. */
#include "devices/debug.h"
#include "frontend/script.h"
#include "loader/history.h"
#include "loader/loader.h"
#include "tests/agree/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LONG     1000000000u
#define RAM_SIZE ((u64)256 << 20)
#define NOTES    1000
#define BYTES    ((u64)1 << 30)
#define NOWHERE  0xffffffff00000010u /* no code of Linux */

static const struct script_step typed[] = {
    {"to leave.", ""},
    {"# ", "uname -a; nproc; ls -l /proc | wc -l\n"},
    {"GNU/Linux", ""},
    {"# ", "poweroff\n"},
};

struct back {
    struct script script;
    struct machine *machine;
    struct door *door;
    struct history *history;
    char message[512];
};

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static u64 sum_of(const struct machine *machine)
{
    u64 sum = clock_steps(&machine->clock), word;

    for (unsigned i = 0; i < machine->config.harts; i++)
        sum = hart_hash(machine->harts[i], sum);
    for (u64 at = 0; at < machine->ram.size; at += sizeof word) {
        word = *(const u64 *)(const void *)(machine->ram.bytes + at);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15 + (sum >> 29);
    }
    return sum;
}

static bool start(struct back *back, const struct image_set *images, unsigned harts)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = RAM_SIZE, .harts = harts, .clock = CLOCK_VIRTUAL};
    struct loaded loaded;

    script_init(&back->script, typed, sizeof typed / sizeof typed[0]);
    struct host host = {.console = script_host(&back->script)};
    back->door = door_create(&host);
    if (!back->door || !isa_parse("max", &config.isa, back->message, sizeof back->message))
        return false;
    back->machine = machine_create(&config, &host, back->message, sizeof back->message);
    if (!back->machine)
        return false;
    door_attach(back->door, back->machine);
    machine_reset(back->machine);
    return loader_place(images, back->machine, &loaded, back->message, sizeof back->message);
}

static void end(struct back *back)
{
    history_destroy(back->history);
    machine_destroy(back->machine);
    door_destroy(back->door);
    script_release(&back->script);
}

/* How long the boot takes by itself. */
static double boot_alone(const struct image_set *images, unsigned harts)
{
    static struct back back;
    double begin = 0;

    if (start(&back, images, harts)) {
        begin = seconds();
        machine_run(back.machine, 6 * (u64)LONG);
        begin = seconds() - begin;
    }
    end(&back);
    return begin;
}

static bool go_back(struct back *back, const u64 *steps, const u64 *sums, unsigned count)
{
    struct random random = {count};
    double begin;

    for (unsigned i = 0; i < count; i++) {
        unsigned number = random_below(&random, count);
        if (!history_go(back->history, steps[number], back->message, sizeof back->message))
            return false;
        if (sum_of(back->machine) != sums[number]) {
            printf("step %" PRIu64 " is not what it was\n", steps[number]);
            return false;
        }
    }
    u64 present = history_present(back->history);
    begin = seconds();
    for (unsigned i = 1; i <= 10; i++)
        if (!history_go(back->history, present - i, back->message, sizeof back->message))
            return false;
    printf("one step back: %.0f ms; ", 100 * (seconds() - begin));
    debug_insert(back->machine, DEBUG_BREAK, NOWHERE, 1);
    begin = seconds();
    if (history_find_back(back->history, back->message, sizeof back->message) != HISTORY_NOTHING)
        return false;
    printf("back over %" PRIu64 " steps: %.2f s\n", present, seconds() - begin);
    return true;
}

static bool boot_and_go_back(struct back *back, unsigned count, double alone)
{
    u64 steps[NOTES], sums[NOTES], last = 0, bytes;
    struct random random = {7};
    double begin, noting = 0;
    enum stop stop = STOP_LIMIT;

    back->history =
        history_create(back->machine, back->door, BYTES, back->message, sizeof back->message);
    if (!back->history)
        return false;
    begin = seconds();
    for (unsigned i = 0; i < count && stop == STOP_LIMIT; i++) {
        last += random_next(&random) % (LONG / count) + 1;
        stop = history_run(back->history, last);
        steps[i] = last;
        noting -= seconds();
        sums[i] = sum_of(back->machine);
        noting += seconds();
    }
    stop = history_run(back->history, 6 * (u64)LONG);
    begin = seconds() - begin - noting;
    unsigned points = history_points(back->history, &bytes);
    printf("%" PRIu64 " steps; %.2f s alone, %.2f s with history: %+.1f %%; %u points, %" PRIu64
           " MiB; ",
           clock_steps(&back->machine->clock), alone, begin, 100 * (begin / alone - 1), points,
           bytes >> 20);
    if (stop != STOP_POWEROFF)
        printf("the guest did not come to its end (stop %d)\n", (int)stop);
    return stop == STOP_POWEROFF && go_back(back, steps, sums, count);
}

int main(int argc, char **argv)
{
    static struct back back;
    struct load_plan plan;
    struct image_set *images;
    unsigned harts, count;
    bool good = false;

    if (argc != 7 || strtoul(argv[2], NULL, 10) > NOTES) {
        fprintf(stderr, "usage: %s HARTS STEPS FOLDER KERNEL INITRD FIRMWARE\n", argv[0]);
        return 2;
    }
    harts = (unsigned)strtoul(argv[1], NULL, 10);
    count = (unsigned)strtoul(argv[2], NULL, 10);
    plan = (struct load_plan){
        .kernel = argv[4], .initrd = argv[5], .firmware = argv[6], .append = "console=ttyS0"};
    images = loader_open(&plan, back.message, sizeof back.message);
    if (images) {
        double alone = boot_alone(images, harts);
        good = start(&back, images, harts) && boot_and_go_back(&back, count, alone);
        end(&back);
    }
    printf("%s\n", good ? "All was as it had been." : back.message);
    loader_close(images);
    return !good;
}
