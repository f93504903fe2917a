/* Starting QEMU and reading what its plugin tells (see feed.h). QEMU gets the same extensions as
 * our machine, all others off; instructions are its clock, so that a run can be repeated. */
#include "tests/lockstep/feed.h"

#include "tests/lockstep/qemu_cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT      1024
#define ARGUMENTS 48
#define PLUGIN_FD 9 /* in QEMU */

static void add(const char **arguments, const char *option, const char *value)
{
    unsigned count = 0;

    if (!value)
        return;
    while (arguments[count])
        count++;
    arguments[count] = option;
    arguments[count + 1] = value;
}

/* In the child. */
static void run_qemu(const struct feed_plan *plan)
{
    const char *arguments[ARGUMENTS] = {plan->qemu, "-no-reboot"};
    char cpu[QEMU_CPU_SIZE], plugin[TEXT], memory[32], serial[TEXT];

    qemu_cpu_describe(&plan->isa, cpu, sizeof cpu);
    snprintf(memory, sizeof memory, "%" PRIu64 "M", plan->ram_size >> 20);
    snprintf(serial, sizeof serial, "%s%s", plan->console ? "file:" : "null",
             plan->console ? plan->console : "");
    snprintf(plugin, sizeof plugin,
             "%s,fd=%d,rom=0x%" PRIx64 ":0x%" PRIx64 ",ram=0x%" PRIx64 ":0x%" PRIx64, plan->plugin,
             PLUGIN_FD, plan->rom_base, plan->rom_size, plan->ram_base, plan->ram_size);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    add(arguments, "-machine", "virt");
    add(arguments, "-smp", "1");
    add(arguments, "-icount", "shift=0,sleep=off");
    add(arguments, "-rtc", "base=2026-01-01,clock=vm");
    add(arguments, "-seed", "1");
    add(arguments, "-display", "none");
    add(arguments, "-monitor", "none");
    add(arguments, "-serial", serial);
    add(arguments, "-cpu", cpu);
    add(arguments, "-m", memory);
    add(arguments, "-plugin", plugin);
    add(arguments, "-bios", plan->firmware ? plan->firmware : "none");
    add(arguments, "-kernel", plan->kernel);
    add(arguments, "-initrd", plan->initrd);
    add(arguments, "-append", plan->append);
    add(arguments, "-dtb", plan->tree);
    execv(plan->qemu, (char *const *)arguments);
    fprintf(stderr, "lockstep: %s cannot be started: %s\n", plan->qemu, strerror(errno));
    _exit(4);
}

bool feed_open(struct feed *feed, const struct feed_plan *plan)
{
    int ends[2];

    feed->xlen = plan->isa.xlen;
    feed->first = feed->last = 0;
    memset(&feed->now, 0, sizeof feed->now);
    if (pipe(ends) < 0)
        return false;
    fflush(NULL);
    feed->child = fork();
    if (feed->child == 0) {
        dup2(ends[1], PLUGIN_FD);
        close(ends[0]);
        close(ends[1]);
        run_qemu(plan);
    }
    close(ends[1]);
    feed->fd = ends[0];
    fcntl(feed->fd, F_SETFD, FD_CLOEXEC);
    return feed->child > 0;
}

/* False at the end of the stream. */
static bool take(struct feed *feed, void *to, size_t size)
{
    while (size) {
        size_t part = feed->last - feed->first;
        if (part == 0) {
            ssize_t got = read(feed->fd, feed->buffer, sizeof feed->buffer);
            if (got <= 0)
                return false;
            feed->first = 0;
            feed->last = (size_t)got;
            continue;
        }
        part = part < size ? part : size;
        memcpy(to, feed->buffer + feed->first, part);
        feed->first += part;
        to = (u8 *)to + part;
        size -= part;
    }
    return true;
}

static u64 widen(const struct feed *feed, u64 value)
{
    return feed->xlen == 32 ? (u64)(i64)(i32)value : value;
}

static bool note_store(struct feed *feed, const struct item *where)
{
    struct theirs *now = &feed->now;
    struct item what;

    if (!take(feed, &what, sizeof what))
        return false;
    if (now->store_count < FEED_STORES) {
        now->stores[now->store_count].va = where->value;
        now->stores[now->store_count].size = where->number;
        now->stores[now->store_count++].value = what.value;
    }
    return true;
}

static bool take_page(struct feed *feed, paddr at)
{
    u8 page[STREAM_PAGE];

    if (!take(feed, page, sizeof page))
        return false;
    feed->on_page(feed->context, at, page);
    return true;
}

bool feed_next(struct feed *feed)
{
    struct theirs *now = &feed->now;
    struct item item;

    now->store_count = 0;
    while (take(feed, &item, sizeof item)) {
        switch ((enum item_kind)item.kind) {
        case ITEM_PAGE:
            if (!take_page(feed, item.value))
                return false;
            break;
        case ITEM_X:
            now->x[item.number & 31] = widen(feed, item.value);
            break;
        case ITEM_F:
            now->f[item.number & 31] = item.value;
            break;
        case ITEM_CSR:
            if (item.number < STREAM_CSR_COUNT)
                now->csrs[item.number] = item.value;
            break;
        case ITEM_PRIVILEGE:
            now->privilege = item.value;
            break;
        case ITEM_STORE:
            if (!note_store(feed, &item))
                return false;
            break;
        case ITEM_STORED:
            break;
        case ITEM_PC:
            now->pc = item.value;
            now->bits = item.word;
            now->read = item.number;
            return true;
        }
    }
    return false;
}

void feed_close(struct feed *feed)
{
    close(feed->fd);
    kill(feed->child, SIGKILL); /* harmless when it has ended: it is still ours to wait for */
    waitpid(feed->child, NULL, 0);
}
