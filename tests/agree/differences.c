/* Says in which registers, CSRs, devices and bytes two machines differ (see pair.h). */
#include "tests/agree/pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The architectural state of struct hart beside x and f; each is a u64. */
#define MEMBER(name)                                                                               \
    {                                                                                              \
#name, offsetof(struct hart, name)                                                         \
    }
static const struct {
    const char *name;
    size_t at;
} members[] = {
    MEMBER(pc),
    MEMBER(privilege),
    MEMBER(mstatus),
    MEMBER(misa),
    MEMBER(mtvec),
    MEMBER(mscratch),
    MEMBER(mepc),
    MEMBER(mcause),
    MEMBER(mtval),
    MEMBER(medeleg),
    MEMBER(mideleg),
    MEMBER(mie),
    MEMBER(mip_soft),
    MEMBER(mip_lines),
    MEMBER(mcounteren),
    MEMBER(mcountinhibit),
    MEMBER(menvcfg),
    MEMBER(stvec),
    MEMBER(sscratch),
    MEMBER(sepc),
    MEMBER(scause),
    MEMBER(stval),
    MEMBER(scounteren),
    MEMBER(senvcfg),
    MEMBER(satp),
    MEMBER(stimecmp),
    MEMBER(tselect),
    MEMBER(counter[0].base),
    MEMBER(counter[0].event),
    MEMBER(counter[2].base),
    MEMBER(counter[2].event),
    MEMBER(counter[3].base),
    MEMBER(counter[3].event),
    MEMBER(counter[3].seen),
    MEMBER(counters_watched),
    MEMBER(fflags),
    MEMBER(frm),
    MEMBER(waiting),
    MEMBER(reservation),
    MEMBER(reservation_size),
    MEMBER(reservation_dma),
    MEMBER(reservation_value),
    MEMBER(traps),
    MEMBER(interrupts),
    MEMBER(device_accesses),
    MEMBER(step_end),
};
#undef MEMBER

static void print_pair(const char *name, u64 plain, u64 fast)
{
    if (plain != fast)
        printf("  %-18s plain %016" PRIx64 "  fast %016" PRIx64 "\n", name, plain, fast);
}

static u64 member(const struct hart *hart, size_t at)
{
    u64 value;

    memcpy(&value, (const u8 *)hart + at, sizeof value);
    return value;
}

static void print_hart(const struct hart *plain, const struct hart *fast)
{
    char name[16];

    printf("hart %u: pc plain %016" PRIx64 "  fast %016" PRIx64 "\n", plain->id, plain->pc,
           fast->pc);
    for (unsigned i = 0; i < sizeof members / sizeof members[0]; i++)
        print_pair(members[i].name, member(plain, members[i].at), member(fast, members[i].at));
    for (unsigned i = 0; i < 32; i++) {
        snprintf(name, sizeof name, "x%u", i);
        print_pair(name, plain->x[i], fast->x[i]);
    }
    for (unsigned i = 0; i < 32; i++) {
        snprintf(name, sizeof name, "f%u", i);
        print_pair(name, plain->f[i], fast->f[i]);
    }
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        snprintf(name, sizeof name, "pmpcfg entry %u", i);
        print_pair(name, plain->pmpcfg[i], fast->pmpcfg[i]);
        snprintf(name, sizeof name, "pmpaddr%u", i);
        print_pair(name, plain->pmpaddr[i], fast->pmpaddr[i]);
    }
    for (unsigned i = 0; i < TRIGGERS; i++) {
        snprintf(name, sizeof name, "tdata1 of %u", i);
        print_pair(name, plain->tdata1[i], fast->tdata1[i]);
        snprintf(name, sizeof name, "tdata2 of %u", i);
        print_pair(name, plain->tdata2[i], fast->tdata2[i]);
    }
}

static void print_devices(const struct machine *plain, const struct machine *fast)
{
    for (unsigned i = 0; i < plain->device_count; i++) {
        const struct device *one = &plain->devices[i], *other = &fast->devices[i];
        if (memcmp(one->state, other->state, one->type->state_size))
            printf("  device %u, %s, differs\n", i, one->type->name);
    }
}

static void print_ram(const struct machine *plain, const struct machine *fast)
{
    u64 pages = plain->ram.size >> PAGE_BITS, differing = 0, at = 0;

    for (u64 page = pages; page-- > 0;) {
        const u8 *one = plain->ram.bytes + (page << PAGE_BITS);
        const u8 *other = fast->ram.bytes + (page << PAGE_BITS);
        if (!memcmp(one, other, PAGE_SIZE))
            continue;
        differing++;
        for (at = 0; one[at] == other[at];)
            at++;
        at += page << PAGE_BITS;
    }
    if (differing)
        printf("  RAM differs in %" PRIu64 " pages, first at %016" PRIx64
               ": plain %02x  fast %02x\n",
               differing, plain->ram.base + at, plain->ram.bytes[at], fast->ram.bytes[at]);
    for (u64 page = 0, told = 0; page < pages && told < 8; page++) {
        if (ram_is_dirty(&plain->ram, page) == ram_is_dirty(&fast->ram, page))
            continue;
        printf("  page %016" PRIx64 " counts as written on one side only\n",
               plain->ram.base + (page << PAGE_BITS));
        told++;
    }
}

void pair_print_differences(const struct pair *pair)
{
    print_pair("steps", clock_steps(&pair->plain->clock), clock_steps(&pair->fast->clock));
    print_pair("time", clock_ticks(&pair->plain->clock), clock_ticks(&pair->fast->clock));
    for (unsigned i = 0; i < pair->plain->config.harts; i++)
        print_hart(pair->plain->harts[i], pair->fast->harts[i]);
    print_devices(pair->plain, pair->fast);
    print_ram(pair->plain, pair->fast);
}
