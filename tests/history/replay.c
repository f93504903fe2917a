/* Debian's kernel from reset to power off, recorded and played back with nothing behind the door:
 * both must end alike, to the last bit.
 *
 *   history_replay CLOCK HARTS TIMES FOLDER KERNEL INITRD FIRMWARE DISK
 *
 * CLOCK is virtual or live. A scripted person types, reads a disk and writes to it. TIMES: how
 * often it is recorded and played. Prints what recording costs in CPU time. Exit code 0: they ended
 * alike each time; 1: not so. */
#include "frontend/script.h"
#include "loader/disk.h"
#include "loader/loader.h"
#include "loader/record.h"
#include "tests/history/same.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STEPS_MOST 6000000000u
#define PIECE      20000000u
#define RAM_SIZE   ((u64)256 << 20)

static const struct script_step typed[] = {
    {"# ", "uname -a; dd if=/dev/vda of=/dev/null bs=64k count=200; cat /proc/interrupts\n"},
    {"# ", "dd if=/dev/vda of=/root/copy bs=4k count=300; sync; cat /root/copy | md5sum\n"},
    {"# ", "poweroff\n"},
};

struct boot {
    const struct image_set *images;
    unsigned harts;
    enum clock_kind clock;
    char disk_path[4096], path[4096], message[512];
};

static u64 now_ns(void *context)
{
    struct timespec at;

    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (u64)at.tv_sec * 1000000000u + (u64)at.tv_nsec;
}

static u64 sleep_ns(void *context, u64 ns)
{
    struct timespec piece = {.tv_nsec = ns < 5000000 ? (long)ns : 5000000};

    (void)context;
    nanosleep(&piece, NULL);
    return (u64)piece.tv_nsec;
}

static void fill_random(void *context, void *to, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++)
        ((u8 *)to)[i] = (u8)rand();
}

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static struct machine *create(struct boot *boot, const struct host *host)
{
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = RAM_SIZE,
                                    .harts = boot->harts,
                                    .engine = ENGINE_FAST,
                                    .clock = boot->clock};

    if (!isa_parse("max", &config.isa, boot->message, sizeof boot->message))
        return NULL;
    return machine_create(&config, host, boot->message, sizeof boot->message);
}

static enum stop run(struct machine *machine)
{
    enum stop stop;

    do {
        stop = machine_run(machine, clock_steps(&machine->clock) + PIECE);
    } while (stop == STOP_LIMIT && clock_steps(&machine->clock) < STEPS_MOST);
    return stop;
}

static struct host host_of(const struct boot *boot, struct script *script, struct host_disk *disk)
{
    struct host host = {.console = script_host(script), .random = fill_random};

    if (boot->clock == CLOCK_LIVE) {
        host.monotonic_ns = host.wall_ns = now_ns;
        host.wait = sleep_ns;
    }
    host_plug(&host, PLUG_DISK, disk);
    host_plug(&host, PLUG_ENTROPY, NULL);
    return host;
}

/* One machine, and all that it is made with. */
struct life {
    struct script script;
    struct host_disk *disk;
    struct door *door; /* NULL: there is none */
    struct record *record;
    struct machine *machine;
};

enum how { ALONE, RECORDED };

static bool start(struct boot *boot, struct life *life, enum how how)
{
    struct loaded loaded;
    bool records = how == RECORDED;

    *life = (struct life){.door = NULL};
    script_init(&life->script, typed, sizeof typed / sizeof typed[0]);
    life->disk = disk_open(boot->disk_path, DISK_READ_ONLY, boot->message, sizeof boot->message);
    if (life->disk)
        life->disk = disk_open_throw_away(life->disk, boot->message, sizeof boot->message);
    if (!life->disk)
        return false;
    struct host host = host_of(boot, &life->script, life->disk);
    life->door = records ? door_create(&host) : NULL;
    life->machine = create(boot, &host);
    if (!life->machine)
        return false;
    if (records)
        door_attach(life->door, life->machine);
    machine_reset(life->machine);
    if (!loader_place(boot->images, life->machine, &loaded, boot->message, sizeof boot->message))
        return false;
    if (records)
        life->record = record_create(boot->path, life->door, boot->message, sizeof boot->message);
    if (life->record)
        record_begin_life(life->record, life->machine);
    return !records || life->record;
}

static void end(struct life *life)
{
    machine_destroy(life->machine);
    door_destroy(life->door);
    disk_close(life->disk);
    script_release(&life->script);
}

/* To its end, with the CPU time it took. */
static bool finish(struct boot *boot, struct life *life, double *seconds)
{
    double begin = cpu_seconds();
    bool good = run(life->machine) == STOP_POWEROFF;

    if (!good)
        printf("The guest did not come to its end. It printed:\n%s\n",
               script_output(&life->script));
    if (life->record) {
        record_end_life(life->record);
        good &= record_finish(life->record, boot->message, sizeof boot->message);
    }
    *seconds = cpu_seconds() - begin;
    return good;
}

static bool play(struct boot *boot, const struct machine *recorded)
{
    struct playback *playback = playback_open(boot->path, boot->message, sizeof boot->message);
    struct machine_config config;
    struct host host = {.context = NULL};
    bool good = false;

    if (!playback || !playback_machine(playback, &config, boot->message, sizeof boot->message)) {
        playback_close(playback);
        return false;
    }
    struct door *door = door_create_empty(&host, playback_config(playback));
    struct machine *machine =
        door ? machine_create(&config, &host, boot->message, sizeof boot->message) : NULL;
    if (machine) {
        door_attach(door, machine);
        if (playback_next(playback, machine, door, boot->message, sizeof boot->message) ==
            PLAYBACK_READY) {
            enum stop stop = run(machine);
            if (door_divergence(door))
                printf("%s\n", door_divergence(door));
            good = same_machines(recorded, machine, "played back") && stop == STOP_POWEROFF &&
                   !door_divergence(door);
        }
    }
    machine_destroy(machine);
    door_destroy(door);
    playback_close(playback);
    return good;
}

static bool record_and_play(struct boot *boot)
{
    struct life plain, life;
    double alone = 0, recording = 0;
    bool good = start(boot, &plain, ALONE) && finish(boot, &plain, &alone);

    end(&plain);
    good = good && start(boot, &life, RECORDED) && finish(boot, &life, &recording);
    good = good && play(boot, life.machine);
    printf("%.2f s, recorded %.2f s: %+.1f %%; %s\n", alone, recording,
           100 * (recording / alone - 1), good ? "played back alike" : boot->message);
    end(&life);
    unlink(boot->path);
    return good;
}

int main(int argc, char **argv)
{
    static struct boot boot;
    struct load_plan plan;
    bool good;

    if (argc != 9) {
        fprintf(stderr, "usage: %s CLOCK HARTS TIMES FOLDER KERNEL INITRD FIRMWARE DISK\n",
                argv[0]);
        return 2;
    }
    boot.clock = strcmp(argv[1], "live") ? CLOCK_VIRTUAL : CLOCK_LIVE;
    boot.harts = (unsigned)strtoul(argv[2], NULL, 10);
    snprintf(boot.path, sizeof boot.path, "%s/replay-%s.record", argv[4], argv[1]);
    snprintf(boot.disk_path, sizeof boot.disk_path, "%s", argv[8]);
    plan = (struct load_plan){
        .kernel = argv[5], .initrd = argv[6], .firmware = argv[7], .append = "console=ttyS0"};
    struct image_set *images = loader_open(&plan, boot.message, sizeof boot.message);
    boot.images = images;
    good = images != NULL;
    for (unsigned long i = strtoul(argv[3], NULL, 10); good && i > 0; i--)
        good = record_and_play(&boot);
    if (!good)
        printf("FAILED. %s\n", boot.message);
    loader_close(images);
    return !good;
}
