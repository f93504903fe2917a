/* A hart: its life, its interrupt lines, and the loop around both engines (see hart.h). */
#include "cpu/hart.h"

#include "cpu/code.h"
#include "cpu/counters.h"
#include "cpu/csr.h"
#include "cpu/debug.h"
#include "cpu/engine.h"
#include "cpu/fuse.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"

#include <stdlib.h>
#include <string.h>

static void page_noted(void *who, paddr page)
{
    struct hart *hart = who;

    for (unsigned i = 0; i < TLBS; i++) {
        if (page == RAM_EVERY_PAGE)
            tlb_flush(&hart->tlb[i]), hart->forgotten++;
        else
            tlb_drop_writes(&hart->tlb[i], ram_host(hart->bus->ram, page));
    }
}

static void written(void *who, paddr at, u64 size, u8 notes)
{
    struct hart *hart = who;

    if (notes & NOTE_CODE)
        code_written(hart->code, at, size);
}

struct hart *hart_create(unsigned id, unsigned hart_count, struct decoder *decoder, struct bus *bus,
                         struct clock *clock)
{
    struct hart *hart = calloc(1, sizeof *hart);

    if (!hart)
        return NULL;
    hart->id = id;
    hart->hart_count = hart_count;
    hart->decoder = decoder;
    hart->xlen = decoder->isa.xlen;
    hart->bus = bus;
    hart->clock = clock;
    hart->code = hart->xlen == 32 ? exec_code_rv32(hart) : exec_code_rv64(hart);
    if (!hart->code) {
        free(hart);
        return NULL;
    }
    for (unsigned i = 0; i < TLBS; i++)
        hart->tlb[i].used = true; /* so that the first flush empties it */
    ram_listen(bus->ram, (struct ram_listener){hart, page_noted, written});
    return hart;
}

void hart_destroy(struct hart *hart)
{
    if (!hart)
        return;
    code_destroy(hart->code);
    free(hart);
}

void hart_reset(struct hart *hart, vaddr pc)
{
    memset(hart, 0, offsetof(struct hart, budget));
    memset(hart->pmp, 0, sizeof hart->pmp);
    hart->pmp_active = 0;
    hart->budget = 0;
    hart->events = 0;
    hart->hit = (struct hit){.kind = DEBUG_NOTHING};
    hart->edge = (struct edge_seen){.nested = 0};
    hart->witness = (struct witness){.stuck = 0};
    hart->pc = pc;
    hart->privilege = PRIV_M;
    hart->pc_misaligned = isa_has(&hart->decoder->isa, EXT_C) ? 0 : 2;
    csr_reset(hart);
    memset(hart->spaces, 0, sizeof hart->spaces); /* satp is 0 now, whatever space this was */
    hart->space = hart->next_space = 0;
    mmu_flush(hart);
    code_clear(hart->code);
    hart_mode_changed(hart);
}

void hart_step(struct hart *hart)
{
    if (hart->xlen == 32)
        hart_step_rv32(hart);
    else
        hart_step_rv64(hart);
}

static void step(struct hart *hart)
{
    if (!debug_stops(hart))
        hart_step(hart);
}

/* The fast engine comes back when the next straight run does not fit: what is left is stepped. */
static void exec_or_step(struct hart *hart)
{
    if (hart->xlen == 32)
        hart_exec_rv32(hart);
    else
        hart_exec_rv64(hart);
    if (hart->budget > 0 && !hart->events)
        step(hart);
}

/* The one place that looks at interrupts. */
static void run(struct hart *hart, u64 budget, void (*engine)(struct hart *))
{
    if (hart->counters_watched && counters_until_overflow(hart) < budget)
        budget = counters_until_overflow(hart);
    hart->budget = (i64)budget;
    hart->step_end += budget;
    clock_begin(hart->clock, budget, &hart->budget);
    hart->edge.ahead = hart->clock->slice_end - hart->step_end;
    hart->events = EVENT_INTERRUPT;
    while (hart->budget > 0 && !(hart->events & (EVENT_LEAVE | EVENT_DEBUG))) {
        if (hart->events & EVENT_INTERRUPT) {
            hart->events = 0;
            if (trap_take_interrupt(hart)) {
                hart->budget--;
                continue;
            }
        }
        engine(hart);
        if (unlikely(hart->events & EVENT_DEBUG))
            debug_confirm(hart);
    }
    clock_end(hart->clock);
    hart->step_end -= (u64)hart->budget;
    hart->budget = 0;
    if (hart->counters_watched)
        counters_look(hart);
}

void hart_run_plain(struct hart *hart, u64 budget)
{
    run(hart, budget, step);
}

void hart_run_fast(struct hart *hart, u64 budget)
{
    run(hart, budget, exec_or_step);
}

void hart_set_interrupt(struct hart *hart, enum interrupt number, bool level)
{
    u64 lines = (hart->mip_lines & ~IRQ_BIT(number)) | (level ? IRQ_BIT(number) : 0);

    if (lines == hart->mip_lines)
        return;
    hart->mip_lines = lines;
    hart->events |= EVENT_INTERRUPT;
}

u64 hart_update_timer(struct hart *hart)
{
    u64 now;

    if (!(hart->menvcfg & ENVCFG_STCE))
        return CLOCK_NEVER;
    now = clock_ticks(hart->clock);
    hart_set_interrupt(hart, IRQ_STI, now >= hart->stimecmp);
    return now >= hart->stimecmp ? CLOCK_NEVER : hart->stimecmp;
}

bool hart_wfi(struct hart *hart)
{
    if (hart->privilege == PRIV_U || (hart->privilege == PRIV_S && hart->mstatus & MSTATUS_TW))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    if (!hart_can_wake(hart)) {
        hart->waiting = 1;
        hart->events |= EVENT_LEAVE;
    }
    return true;
}

void hart_pause(struct hart *hart)
{
    if (hart->hart_count > 1)
        hart->events |= EVENT_LEAVE; /* it waits for another hart: let that one run */
}

void hart_mode_changed(struct hart *hart)
{
    u64 status = hart->mstatus;
    u64 effective = hart->privilege;

    if (status & MSTATUS_MPRV && hart->privilege == PRIV_M)
        effective = (status & MSTATUS_MPP) >> 11;
    enum tlb_mode fetch = hart->privilege == PRIV_M   ? TLB_M
                          : hart->privilege == PRIV_S ? TLB_S
                                                      : TLB_U;
    enum tlb_mode data = effective == PRIV_U    ? TLB_U
                         : effective == PRIV_M  ? TLB_M
                         : status & MSTATUS_SUM ? TLB_S_SUM
                                                : TLB_S;
    hart->fetch = &hart->tlb[TLB_IN_SPACE(fetch, hart->space)];
    hart->data = &hart->tlb[TLB_IN_SPACE(data, hart->space)];
    hart->fp_fast = (status & MSTATUS_FS) == MSTATUS_FS && hart->frm == 0;
    if (hart_can_wake(hart))
        hart->events |= EVENT_INTERRUPT;
}

unsigned hart_fused_sequences(unsigned xlen)
{
    return xlen == 32 ? exec_handlers_rv32.fused->count : exec_handlers_rv64.fused->count;
}

u64 hart_hash(const struct hart *hart, u64 hash)
{
    const u64 *words = (const u64 *)(const void *)hart;

    for (size_t i = 0; i < offsetof(struct hart, budget) / 8; i++)
        if (i != 32) /* x[32] is the fast engine's dustbin */
            hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15 + (hash >> 29);
    return hash;
}
