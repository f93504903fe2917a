/* Debian's kernel from reset to power off, saved at random steps on the way; each snapshot is
 * restored in a process of its own, which then finishes the boot. All must end alike.
 *
 *   history_boot HARTS POINTS FOLDER KERNEL INITRD FIRMWARE
 *
 * A scripted person types; what he has said so far is outside the machine, and the child has it
 * from its parent. Exit code 0: all ended with the same hash; 1: not so. */
#include "frontend/script.h"
#include "loader/loader.h"
#include "loader/snapshot.h"
#include "tests/agree/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS_MOST  6000000000u
#define STEPS_LEAST 600000000u /* a boot is longer than that: where points lie */
#define RAM_SIZE    ((u64)256 << 20)
#define POINTS_MOST 1000

static const struct script_step typed[] = {
    {"to leave.", ""},
    {"# ", "uname -a; nproc; ls -l /proc | wc -l\n"},
    {"GNU/Linux", ""},
    {"# ", "poweroff\n"},
};

struct boot {
    const struct image_set *images;
    struct script script;
    unsigned harts;
    enum engine engine;
    char path[4096], message[512];
};

static struct machine *create(struct boot *boot)
{
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = RAM_SIZE,
                                    .harts = boot->harts,
                                    .engine = boot->engine,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.console = script_host(&boot->script)};
    struct machine *machine = NULL;

    if (isa_parse("max", &config.isa, boot->message, sizeof boot->message))
        machine = machine_create(&config, &host, boot->message, sizeof boot->message);
    if (machine)
        machine_reset(machine);
    return machine;
}

static u64 finish(struct machine *machine)
{
    enum stop stop = machine_run(machine, STEPS_MOST);

    if (stop != STOP_POWEROFF)
        printf("The guest did not come to its end (stop %d).\n", (int)stop);
    return machine_hash(machine);
}

/* In a process of its own: the hash at the end. */
static u64 restore_and_finish(struct boot *boot)
{
    struct machine *machine = create(boot);

    if (machine && snapshot_restore(machine, boot->path, boot->message, sizeof boot->message) ==
                       SNAPSHOT_RESTORED)
        return finish(machine);
    printf("%s\n", boot->message);
    return 0;
}

/* A child whose answer can be read from this descriptor; -1: none. */
static int start_child(struct boot *boot)
{
    int ends[2];

    fflush(stdout);
    if (pipe(ends) != 0)
        return -1;
    if (fork() == 0) {
        u64 hash = restore_and_finish(boot);
        fflush(stdout);
        _exit(write(ends[1], &hash, sizeof hash) != sizeof hash);
    }
    close(ends[1]);
    return ends[0];
}

static u64 answer_of(int child)
{
    u64 hash = 0;

    if (child < 0 || read(child, &hash, sizeof hash) != sizeof hash)
        puts("a child gave no answer");
    return hash;
}

static int compare_steps(const void *a, const void *b)
{
    u64 one = *(const u64 *)a, other = *(const u64 *)b;

    return one < other ? -1 : one > other;
}

static bool boot_with_points(struct boot *boot, struct machine *machine, unsigned count)
{
    u64 steps[POINTS_MOST], hashes[POINTS_MOST], whole;
    struct random random = {count + boot->harts};
    bool same = true;

    for (unsigned i = 0; i < count; i++)
        steps[i] = 1000 + random_next(&random) % STEPS_LEAST;
    qsort(steps, count, sizeof steps[0], compare_steps);
    for (unsigned i = 0; i < count; i++) {
        machine_run(machine, steps[i]);
        if (!snapshot_save(machine, boot->path, boot->message, sizeof boot->message)) {
            printf("%s\n", boot->message);
            return false;
        }
        int child = start_child(boot);
        hashes[i] = answer_of(child);
        close(child);
        wait(NULL);
    }
    whole = finish(machine);
    for (unsigned i = 0; i < count; i++) {
        same &= hashes[i] == whole;
        if (hashes[i] != whole)
            printf("restored at step %" PRIu64 " it ends otherwise\n", steps[i]);
    }
    printf("%u points on %u hart(s), %" PRIu64 " steps: %s\n", count, boot->harts,
           clock_steps(&machine->clock), same ? "all end alike." : "FAILED");
    return same && script_is_done(&boot->script);
}

int main(int argc, char **argv)
{
    static struct boot boot;
    struct load_plan plan;
    struct loaded loaded;
    struct image_set *images;
    bool good = false;

    if (argc != 7 || strtoul(argv[2], NULL, 10) > POINTS_MOST) {
        fprintf(stderr, "usage: %s HARTS POINTS FOLDER KERNEL INITRD FIRMWARE\n", argv[0]);
        return 2;
    }
    boot.harts = (unsigned)strtoul(argv[1], NULL, 10);
    boot.engine = ENGINE_FAST;
    snprintf(boot.path, sizeof boot.path, "%s/boot-%s.snapshot", argv[3], argv[1]);
    plan = (struct load_plan){
        .kernel = argv[4], .initrd = argv[5], .firmware = argv[6], .append = "console=ttyS0"};
    boot.images = images = loader_open(&plan, boot.message, sizeof boot.message);
    script_init(&boot.script, typed, sizeof typed / sizeof typed[0]);
    struct machine *machine = images ? create(&boot) : NULL;
    if (machine && loader_place(images, machine, &loaded, boot.message, sizeof boot.message))
        good = boot_with_points(&boot, machine, (unsigned)strtoul(argv[2], NULL, 10));
    else
        printf("%s\n", boot.message);
    machine_destroy(machine);
    script_release(&boot.script);
    loader_close(images);
    unlink(boot.path);
    return !good;
}
