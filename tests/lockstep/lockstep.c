/* The same image on QEMU and on Vitrine, compared before every instruction.
 *
 *   lockstep --qemu FILE --plugin FILE [options] IMAGE
 *
 * Exit code 0: they agree to the end, or to --insns. 1: they differ, and it is printed how. 2: it
 * was called wrongly. 4: something could not be opened or started. README.md has the options. */
#include "loader/devicetree.h"
#include "loader/loader.h"
#include "tests/lockstep/accepted.h"
#include "tests/lockstep/compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_CPU                                                                                \
    "imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_zifencei_zihintpause_zihpm_zba_zbb_zbs_sstc_" \
    "svade_svadu"

struct lockstep {
    struct feed_plan plan;
    struct feed feed;
    struct ours ours;
    struct history history;
    const char *cpu, *qemu32;
    u64 insns; /* the most to compare */
    u64 plant; /* before this instruction one bit of ours is turned round; 0: never */
    u64 accepted[ACCEPTED_ROWS];
    char tree_path[64];
    char message[512];
};

static int fail(const struct lockstep *lockstep)
{
    fprintf(stderr, "lockstep: %s\n", lockstep->message);
    return 4;
}

static bool create_machine(struct lockstep *lockstep)
{
    struct machine_config config = {.board = &board_virt,
                                    .isa = lockstep->plan.isa,
                                    .ram_size = lockstep->plan.ram_size,
                                    .harts = 1,
                                    .engine = ENGINE_PLAIN,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.context = NULL};
    struct machine *machine =
        machine_create(&config, &host, lockstep->message, sizeof lockstep->message);

    if (!machine)
        return false;
    machine_reset(machine);
    lockstep->ours.accepted = lockstep->accepted;
    ours_connect(&lockstep->ours, machine);
    lockstep->plan.rom_base = board_virt.rom_base;
    lockstep->plan.rom_size = board_virt.rom_size;
    lockstep->plan.ram_base = board_virt.ram_base;
    return true;
}

/* Our board's own tree, for QEMU: the guest then touches nothing that we do not have. */
static bool write_tree(struct lockstep *lockstep)
{
    size_t size;
    void *tree = devicetree_build(lockstep->ours.machine, &size, lockstep->message,
                                  sizeof lockstep->message);
    int fd;
    bool done;

    if (!tree)
        return false;
    snprintf(lockstep->tree_path, sizeof lockstep->tree_path, "/tmp/lockstep-XXXXXX");
    fd = mkstemp(lockstep->tree_path);
    done = fd >= 0 && write(fd, tree, size) == (ssize_t)size;
    if (fd >= 0)
        close(fd);
    free(tree);
    if (!done)
        snprintf(lockstep->message, sizeof lockstep->message, "%s cannot be written",
                 lockstep->tree_path);
    lockstep->plan.tree = lockstep->tree_path;
    return done;
}

static int differ(struct lockstep *lockstep, const char *what)
{
    printf("%s after %" PRIu64 " instructions; the last ones:\n", what, lockstep->history.count);
    history_print(&lockstep->history, lockstep->ours.machine->decoder);
    compare_print(&lockstep->ours, &lockstep->feed.now);
    return 1;
}

static int agree(struct lockstep *lockstep, const char *why)
{
    const struct ours *ours = &lockstep->ours;
    unsigned count;
    const struct accepted_row *rows = accepted_rows(&count);

    printf("%" PRIu64 " instructions agree; %s.\n", lockstep->history.count, why);
    printf("Imposed: %" PRIu64 " interrupts, %" PRIu64 " device reads", ours->interrupts,
           ours->device_reads);
    for (unsigned i = 0; i < count; i++)
        if (lockstep->accepted[i])
            printf(", %" PRIu64 " x %s", lockstep->accepted[i], rows[i].name);
    printf(".\n");
    return 0;
}

static int end_with_guest(struct lockstep *lockstep)
{
    char why[96];

    snprintf(why, sizeof why, "the guest ended (the test device was told 0x%" PRIx32 ")",
             lockstep->ours.finisher);
    return agree(lockstep, why);
}

static int end_with_qemu(struct lockstep *lockstep)
{
    hart_step(lockstep->ours.hart); /* the store that ended it */
    if (!lockstep->ours.finisher)
        return differ(lockstep, "QEMU ended, Vitrine goes on");
    return end_with_guest(lockstep);
}

static int run(struct lockstep *lockstep)
{
    struct feed *feed = &lockstep->feed;
    struct ours *ours = &lockstep->ours;

    if (!feed_next(feed)) {
        snprintf(lockstep->message, sizeof lockstep->message, "QEMU did not start");
        return fail(lockstep);
    }
    ours_begin(ours, &feed->now);
    if (!compare_state(ours, &feed->now))
        return differ(lockstep, "They differ at reset,");
    while (lockstep->history.count < lockstep->insns) {
        history_add(&lockstep->history, &feed->now);
        if (!feed_next(feed))
            return end_with_qemu(lockstep);
        ours_follow(ours, &feed->now);
        if (lockstep->history.count == lockstep->plant)
            ours->hart->x[10] ^= 1;
        if (!compare_stores(ours, &feed->now) || !compare_state(ours, &feed->now))
            return differ(lockstep, "They differ");
        if (ours->finisher) /* QEMU needs a while to end: what it runs meanwhile is chance */
            return end_with_guest(lockstep);
    }
    return agree(lockstep, "that is the limit");
}

static int usage(void)
{
    fputs("usage: lockstep [--qemu FILE] [--qemu32 FILE] --plugin FILE [--cpu ISA] [-m MIB] "
          "[--firmware FILE]\n"
          "                [-i INITRD] [-a APPEND] [--dtb FILE] [--insns N] IMAGE\n",
          stderr);
    return 2;
}

/* Where the value of this option goes; NULL: there is no such option. */
static const char **place_of(struct lockstep *lockstep, const char *option, const char **number)
{
    struct feed_plan *plan = &lockstep->plan;
    const struct {
        const char *name, **value;
    } options[] = {
        {"--qemu", &plan->qemu},   {"--qemu32", &lockstep->qemu32}, {"--plugin", &plan->plugin},
        {"--cpu", &lockstep->cpu}, {"--firmware", &plan->firmware}, {"-i", &plan->initrd},
        {"-a", &plan->append},     {"--dtb", &plan->tree},          {"--console", &plan->console},
        {"-m", &number[0]},        {"--insns", &number[1]},         {"--plant", &number[2]}};

    for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++)
        if (!strcmp(option, options[i].name))
            return options[i].value;
    return NULL;
}

static bool read_options(struct lockstep *lockstep, int argc, char **argv)
{
    const char *numbers[3] = {"256", "1000000000000", "0"};

    for (int i = 1; i < argc; i++) {
        const char **place = place_of(lockstep, argv[i], numbers);
        if (place && i + 1 < argc)
            *place = argv[++i];
        else if (argv[i][0] != '-' && !lockstep->plan.kernel)
            lockstep->plan.kernel = argv[i];
        else
            return false;
    }
    lockstep->plan.ram_size = strtoull(numbers[0], NULL, 10) << 20;
    lockstep->insns = strtoull(numbers[1], NULL, 10);
    lockstep->plant = strtoull(numbers[2], NULL, 10);
    return lockstep->plan.kernel && lockstep->plan.plugin && lockstep->plan.ram_size;
}

/* --cpu, or everything that both know at the image's width. */
static bool choose_isa(struct lockstep *lockstep)
{
    enum image_kind kind;
    unsigned xlen;
    char text[sizeof DEFAULT_CPU + 4];

    if (!loader_inspect(lockstep->plan.kernel, &kind, &xlen, lockstep->message,
                        sizeof lockstep->message))
        return false;
    snprintf(text, sizeof text, "rv%u" DEFAULT_CPU, xlen == 32 ? 32 : 64);
    if (!isa_parse(lockstep->cpu ? lockstep->cpu : text, &lockstep->plan.isa, lockstep->message,
                   sizeof lockstep->message))
        return false;
    if (lockstep->plan.isa.xlen == 32)
        lockstep->plan.qemu = lockstep->qemu32;
    if (!lockstep->plan.qemu)
        snprintf(lockstep->message, sizeof lockstep->message, "which QEMU? say --qemu or --qemu32");
    return lockstep->plan.qemu;
}

int main(int argc, char **argv)
{
    struct lockstep *lockstep = calloc(1, sizeof *lockstep);
    int code;

    if (!lockstep || !read_options(lockstep, argc, argv))
        return usage();
    if (!choose_isa(lockstep) || !create_machine(lockstep) ||
        (!lockstep->plan.tree && !write_tree(lockstep)))
        return fail(lockstep);
    lockstep->feed.on_page = ours_place_page;
    lockstep->feed.context = &lockstep->ours;
    if (!feed_open(&lockstep->feed, &lockstep->plan)) {
        snprintf(lockstep->message, sizeof lockstep->message, "no room for another process");
        return fail(lockstep);
    }
    code = run(lockstep);
    feed_close(&lockstep->feed);
    if (lockstep->tree_path[0])
        unlink(lockstep->tree_path);
    machine_destroy(lockstep->ours.machine);
    free(lockstep);
    return code;
}
