/* Two machines with one program, one for each engine, for the tests of fused sequences. Pages of
 * all kinds lie at low addresses, because most numbers of these programs are small: two of code,
 * data of which there are three pages only, the code again, a device, read-only pages and holes.
 * Between two runs the machines are put back, but what the engines have cached stays. */
#ifndef TESTS_CPU_FUSED_PAIR_H
#define TESTS_CPU_FUSED_PAIR_H

#include "tests/cpu/rig.h"
#include "tests/cpu/sequences.h"

#include <stddef.h>

#define HANDLER   (RIG_RAM + 0x2000) /* behind the two pages of code */
#define DATA      (RIG_RAM + 0x3000) /* three pages */
#define LOW       ((u64)0x6000)      /* bytes of RAM that are compared */
#define CODE      ((vaddr)0x10000)   /* where code and data are mapped */
#define LOW_PAGES 0x50u
#define ALIAS     13u /* what pages with these last four bits of their number are */
#define DEVICE    11u
#define READ_ONLY 9u
#define HOLE      7u

struct twin {
    struct rig rig;
    struct hart start; /* how its hart was before the program */
};

struct pair {
    struct twin twins[RIG_ENGINES];
    struct drawer drawer;
    u8 ram[LOW];    /* how each RAM was before the program */
    vaddr pc;       /* of the program */
    char text[256]; /* the sequence and the variant, for messages */
};

static inline void map_pages(struct rig *rig)
{
    const u64 most = PTE_R | PTE_X | PTE_A | PTE_D;
    vaddr top = rig->hart->xlen == 32 ? (vaddr)1 << 32 : 0;

    for (unsigned page = 0; page < LOW_PAGES + 16; page++) {
        unsigned kind = page & 15;
        vaddr va = page < LOW_PAGES ? (vaddr)page << PAGE_BITS
                                    : top - ((vaddr)(LOW_PAGES + 16 - page) << PAGE_BITS);
        paddr pa = DATA + (page % 3 << PAGE_BITS);
        if (kind == ALIAS)
            pa = RIG_RAM;
        if (kind == DEVICE)
            pa = RIG_DEVICE;
        if (va == CODE || va == CODE + PAGE_SIZE)
            pa = RIG_RAM + (va - CODE);
        if (kind != HOLE)
            rig_map(rig, va, pa, 0, kind == READ_ONLY ? most : most | PTE_W);
    }
}

static inline void open_rig(struct rig *rig, const char *isa)
{
    rig_open(rig, isa);
    rig_put_at(rig, HANDLER, insn_jal(ZERO, 0)); /* a trap ends there */
    map_pages(rig);
    rig_page(rig);
    rig_set_csr(rig->hart, 0x305, HANDLER);
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_FS);
    rig_enter(rig->hart, PRIV_S, CODE);
}

static inline struct pair *pair_open(const char *isa)
{
    struct pair *pair = calloc(1, sizeof *pair);

    ck_assert_ptr_nonnull(pair);
    for (unsigned i = 0; i < RIG_ENGINES; i++) {
        open_rig(&pair->twins[i].rig, isa);
        pair->twins[i].start = *pair->twins[i].rig.hart;
    }
    pair->drawer.decoder = &pair->twins[0].rig.decoder;
    narrow_words_init(&pair->drawer.narrow, pair->drawer.decoder);
    return pair;
}

static inline void pair_close(struct pair *pair)
{
    for (unsigned i = 0; i < RIG_ENGINES; i++)
        rig_close(&pair->twins[i].rig);
    free(pair);
}

/* As before the program, but for what the engines have cached: the next run finds it warm. */
static inline void restore(const struct pair *pair, struct twin *twin)
{
    struct hart *hart = twin->rig.hart;

    for (u64 page = 0; page < LOW; page += PAGE_SIZE)
        if (memcmp(twin->rig.ram.bytes + page, pair->ram + page, PAGE_SIZE))
            memcpy(ram_writable(&twin->rig.ram, RIG_RAM + page, PAGE_SIZE), pair->ram + page,
                   PAGE_SIZE);
    memcpy(hart, &twin->start, offsetof(struct hart, budget));
    hart->budget = twin->start.budget;
    hart->events = 0;
    hart_mode_changed(hart);
    twin->rig.device_writes = 0;
}

static inline bool is_same(const struct rig *plain, const struct rig *fast)
{
    return hart_steps(plain->hart) == hart_steps(fast->hart) &&
           hart_hash(plain->hart, 0) == hart_hash(fast->hart, 0) &&
           plain->device_writes == fast->device_writes &&
           !memcmp(plain->ram.bytes, fast->ram.bytes, LOW);
}

/* Fails with what is not the same. */
static inline void explain(const struct pair *pair, u64 steps)
{
    const struct hart *a = pair->twins[RIG_PLAIN].rig.hart, *b = pair->twins[RIG_FAST].rig.hart;

    for (unsigned i = 0; i < 32; i++) {
        ck_assert_msg(a->x[i] == b->x[i], "%s, %d steps: x%u is %#llx, fast %#llx", pair->text,
                      (int)steps, i, (unsigned long long)a->x[i], (unsigned long long)b->x[i]);
        ck_assert_msg(a->f[i] == b->f[i], "%s, %d steps: f%u is %#llx, fast %#llx", pair->text,
                      (int)steps, i, (unsigned long long)a->f[i], (unsigned long long)b->f[i]);
    }
    ck_abort_msg("%s, %d steps: pc %#llx, cause %d, %d steps, fast pc %#llx, cause %d, %d steps; "
                 "or memory differs",
                 pair->text, (int)steps, (unsigned long long)a->pc, (int)a->mcause,
                 (int)hart_steps(a), (unsigned long long)b->pc, (int)b->mcause, (int)hart_steps(b));
}

/* Both run the program for so many steps, and are the same then. */
static inline void run_and_compare(struct pair *pair, u64 steps)
{
    for (unsigned i = 0; i < RIG_ENGINES; i++) {
        struct hart *hart = pair->twins[i].rig.hart;
        u64 goal = hart_steps(&pair->twins[i].start) + steps;
        restore(pair, &pair->twins[i]);
        while (hart_steps(hart) < goal)
            rig_engines[i](hart, goal - hart_steps(hart));
    }
    if (!is_same(&pair->twins[RIG_PLAIN].rig, &pair->twins[RIG_FAST].rig))
        explain(pair, steps);
}

#endif
