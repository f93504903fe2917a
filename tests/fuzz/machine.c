/* Fuzzer: any bytes as a program, on a small machine of each engine. The two must agree at the end
 * of every slice: registers, CSRs, clock, and at last devices, RAM, disk and console.
 *
 *     flags     1 RV32, 2 two harts, 4 every slice is one instruction      1 byte
 *     where the lengths of the slices start                                1 byte
 *     steps in a tick                                                      1 byte
 *     the program                                                          the rest
 *
 * What RAM and the registers hold at the start is in program.h. */
#include "tests/fuzz/program.h"

#include "tests/fuzz/fuzz.h"

#define STEPS   3000
#define LOOKS   100000 /* of the run loop: a guest that sleeps while a disk is busy for ever */
#define SECTORS 16

enum { RV32 = 1, TWO_HARTS = 2, ONE_BY_ONE = 4 };

struct side {
    struct machine *machine;
    struct host_disk disk;
    u64 typed, printed, looks;
    enum stop stop;
    u8 image[SECTORS * 512];
};

static int type(void *context)
{
    struct side *side = context;

    return side->typed < 64 ? (int)side->typed++ : -1;
}

static void print(void *context, u8 byte)
{
    struct side *side = context;

    side->printed = side->printed * 31 + byte + 1;
}

static bool looks_enough(void *context)
{
    struct side *side = context;

    return ++side->looks > LOOKS;
}

static int read_disk(void *context, u64 offset, void *to, size_t size)
{
    memcpy(to, ((struct side *)context)->image + offset, size);
    return 0;
}

static int write_disk(void *context, u64 offset, const void *from, size_t size)
{
    memcpy(((struct side *)context)->image + offset, from, size);
    return 0;
}

static int flush_disk(void *context)
{
    (void)context;
    return 0;
}

static void open_side(struct side *side, struct machine_config config, enum engine engine)
{
    char message[200];

    *side = (struct side){.stop = STOP_LIMIT};
    side->disk = (struct host_disk){.context = side,
                                    .size = sizeof side->image,
                                    .read = read_disk,
                                    .write = write_disk,
                                    .flush = flush_disk};
    struct host host = {.console = {.context = side, .read = type, .write = print},
                        .plugs = {{PLUG_DISK, &side->disk},
                                  [HOST_PLUG_ENTROPY] = {PLUG_ENTROPY, NULL}},
                        .context = side,
                        .wants_stop = looks_enough};
    config.engine = engine;
    side->machine = machine_create(&config, &host, message, sizeof message);
    fuzz_check(side->machine != NULL, "no memory");
    machine_reset(side->machine);
}

/* Registers by number: of what is architectural, what starts at that 8-byte word of struct hart. */
static void print_difference(const u64 *plain, const u64 *fast)
{
    for (size_t i = 0; i < offsetof(struct hart, budget) / 8; i++)
        if (plain[i] != fast[i] && i != 32) /* the fast engine writes x0 there */
            fprintf(stderr, "word %zu (%s): %#llx, fast %#llx\n", i,
                    i < 32   ? "x"
                    : i < 65 ? "f"
                             : "a control register",
                    (unsigned long long)plain[i], (unsigned long long)fast[i]);
}

static void compare_harts(const struct side *plain, const struct side *fast)
{
    fuzz_check(plain->stop == fast->stop, "the engines stop for different reasons");
    fuzz_check(clock_steps(&plain->machine->clock) == clock_steps(&fast->machine->clock),
               "the engines stop at different steps");
    for (unsigned i = 0; i < plain->machine->config.harts; i++) {
        const struct hart *a = plain->machine->harts[i], *b = fast->machine->harts[i];
        if (hart_hash(a, 0) == hart_hash(b, 0))
            continue;
        fprintf(stderr, "hart %u after %llu steps: pc %#llx, fast %#llx\n", i,
                (unsigned long long)clock_steps(&plain->machine->clock), (unsigned long long)a->pc,
                (unsigned long long)b->pc);
        print_difference((const u64 *)a, (const u64 *)b);
        fuzz_check(false, "the engines differ");
    }
}

static void compare_outside(const struct side *plain, const struct side *fast)
{
    fuzz_check(machine_hash(plain->machine) == machine_hash(fast->machine),
               "devices or RAM differ");
    fuzz_check(plain->typed == fast->typed && plain->printed == fast->printed,
               "the consoles differ");
    fuzz_check(!memcmp(plain->image, fast->image, sizeof plain->image), "the disks differ");
}

/* 1 to 400 steps, most of them few. */
static u64 slice_length(u32 *random, u64 flags)
{
    *random = *random * 1664525 + 1013904223;
    return flags & ONE_BY_ONE ? 1 : 1 + (*random >> 8) % (*random >> 30 ? 12 : 400);
}

static void run(struct side sides[2], u32 random, u64 flags)
{
    u64 at = 0, end = flags & ONE_BY_ONE ? STEPS / 4 : STEPS;

    while (at < end && sides[0].stop == STOP_LIMIT) {
        u64 length = slice_length(&random, flags);
        at = at + length < end ? at + length : end;
        for (int i = 0; i < 2; i++) {
            sides[i].looks = 0;
            sides[i].stop = machine_run(sides[i].machine, at);
        }
        compare_harts(&sides[0], &sides[1]);
    }
}

/* Freed memory is used again sooner than ASan likes: machines are large. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=8";
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    u64 flags = fuzz_take(&fuzz, 1), random = fuzz_take(&fuzz, 1);
    struct machine_config config = {.board = &board_virt,
                                    .ram_size = PROGRAM_RAM,
                                    .harts = flags & TWO_HARTS ? 2 : 1,
                                    .clock = CLOCK_VIRTUAL,
                                    .steps_per_tick = 1 + fuzz_take(&fuzz, 1)};
    struct side *sides = calloc(2, sizeof *sides);
    char message[200];

    fuzz_check(sides &&
                   isa_parse(flags & RV32 ? "max32" : "max", &config.isa, message, sizeof message),
               "no memory");
    for (int i = 0; i < 2; i++) {
        open_side(&sides[i], config, i ? ENGINE_FAST : ENGINE_PLAIN);
        program_place(sides[i].machine, fuzz.at, fuzz.left);
    }
    run(sides, (u32)random, flags);
    compare_outside(&sides[0], &sides[1]);
    for (int i = 0; i < 2; i++)
        machine_destroy(sides[i].machine);
    free(sides);
    return 0;
}
