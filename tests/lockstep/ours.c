/* Following QEMU, instruction by instruction (see ours.h). */
#include "tests/lockstep/ours.h"

#include "cpu/csr.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"
#include "tests/lockstep/accepted.h"

#include <string.h>

#define FINISHER     0x100000u
#define MENVCFG_STCE ((u64)1 << 63)

static const char *const csr_names[] = {
#define CSR(name) #name,
    STREAM_CSRS(CSR)
#undef CSR
};

const char *stream_csr_name(enum stream_csr which)
{
    return csr_names[which];
}

static unsigned csr_number(const struct hart *hart, const char *name)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    u64 ignored;

    for (unsigned i = 0; i < count; i++)
        if (!strcmp(rows[i].name, name) && csr_peek((struct hart *)hart, rows[i].number, &ignored))
            return rows[i].number;
    return 0;
}

static u64 read_device(void *owner, u64 offset, unsigned size)
{
    struct ours *ours = owner;

    (void)offset;
    (void)size;
    ours->device_was_read = true;
    return 0;
}

static void write_device(void *owner, u64 offset, unsigned size, u64 value)
{
    struct ours *ours = owner;

    (void)offset;
    ours->device_was_written = true;
    ours->written = size == 8 ? value : value & (((u64)1 << 8 * size) - 1);
}

static void write_finisher(void *owner, u64 offset, unsigned size, u64 value)
{
    struct ours *ours = owner;

    write_device(owner, offset, size, value);
    ours->finisher = (u32)value;
}

void ours_connect(struct ours *ours, struct machine *machine)
{
    ours->machine = machine;
    ours->hart = machine->harts[0];
    for (unsigned i = 0; i < machine->bus.count; i++) {
        struct region *region = &machine->bus.regions[i];
        if (region->host)
            continue;
        region->owner = ours;
        region->read = read_device;
        region->write = region->base == FINISHER ? write_finisher : write_device;
    }
    for (unsigned i = 0; i < STREAM_CSR_COUNT; i++)
        ours->numbers[i] = csr_number(ours->hart, csr_names[i]);
}

void ours_place_page(void *context, paddr at, const void *bytes)
{
    struct ours *ours = context;
    const struct region *region = bus_find(&ours->machine->bus, at);

    if (region && region->host)
        memcpy(region->host + (at - region->base), bytes, STREAM_PAGE);
}

bool ours_csr(const struct ours *ours, enum stream_csr which, u64 *value)
{
    return ours->numbers[which] && csr_peek(ours->hart, ours->numbers[which], value);
}

/* The interrupt lines as QEMU's devices hold them. */
static void connect_lines(struct ours *ours, const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    u64 lines = IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_MTI) | IRQ_BIT(IRQ_MEI);

    if (!(theirs->read & READ_CSRS))
        return;
    if (hart->menvcfg & MENVCFG_STCE)
        lines |= IRQ_BIT(IRQ_STI);
    if (!(hart->mip_soft & IRQ_BIT(IRQ_SEI)))
        lines |= IRQ_BIT(IRQ_SEI);
    hart->mip_lines = theirs->csrs[STREAM_mip] & lines;
}

void ours_begin(struct ours *ours, const struct theirs *theirs)
{
    memcpy(ours->hart->x, theirs->x, sizeof theirs->x);
    ours->hart->pc = theirs->pc;
    ours->hart->stimecmp = 0;                           /* at reset it is anything: QEMU's is 0 */
    ours->hart->menvcfg = theirs->csrs[STREAM_menvcfg]; /* so is this: QEMU has PBMTE on */
    connect_lines(ours, theirs);
}

/* Has QEMU come to this state by an interrupt that was taken when the next instruction would have
 * been the one at pc? */
static bool was_interrupted(const struct ours *ours, const struct theirs *theirs, u64 pc)
{
    bool machine = theirs->privilege == PRIV_M;
    u64 cause = theirs->csrs[machine ? STREAM_mcause : STREAM_scause];
    u64 handler = theirs->csrs[machine ? STREAM_mtvec : STREAM_stvec];
    u64 interrupt = (u64)1 << (ours->hart->xlen - 1);

    if (!(theirs->read & READ_CSRS) || !(cause & interrupt) || theirs->privilege == PRIV_U ||
        theirs->csrs[machine ? STREAM_mepc : STREAM_sepc] != pc)
        return false;
    handler = handler & 1 ? handler - 1 + 4 * (cause & ~interrupt) : handler;
    return theirs->pc == handler;
}

void ours_remember(struct ours *ours)
{
    memcpy(ours->before.words, ours->hart, sizeof ours->before.words);
    ours->pc_before = ours->hart->pc;
}

void ours_undo(struct ours *ours)
{
    memcpy(ours->hart, ours->before.words, sizeof ours->before.words);
    hart_mode_changed(ours->hart);
}

u64 ours_due_interrupt(struct ours *ours)
{
    struct hart *hart = ours->hart;
    u64 cause = 0;

    ours_remember(ours);
    if (trap_take_interrupt(hart)) {
        cause = hart->privilege == PRIV_M ? hart->mcause : hart->scause;
        ours_undo(ours);
    }
    return cause;
}

/* Pending are this one, and those that were before and still are: QEMU's timer may have gone off
 * since. */
static void interrupt(struct ours *ours, const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    bool machine = theirs->privilege == PRIV_M;
    u64 number = theirs->csrs[machine ? STREAM_mcause : STREAM_scause] & 63;
    u64 lines = hart->mip_lines | IRQ_BIT(number);

    connect_lines(ours, theirs);
    hart->mip_lines &= lines;
    rules_interrupt(ours, theirs, number);
}

static void impose_device_read(struct ours *ours, const struct insn *insn,
                               const struct theirs *theirs)
{
    unsigned count;
    const char *operands = isa_rows(&count)[insn->row].operands;

    ours->device_reads++;
    if (WRITES_FRD(operands))
        ours->hart->f[insn->rd] = theirs->f[insn->rd];
    else if (WRITES_RD(operands) && insn->rd)
        ours->hart->x[insn->rd] = theirs->x[insn->rd];
}

static void step(struct ours *ours, const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    u64 traps = hart->traps;
    struct insn insn = {.row = ROW_illegal};
    u32 bits = 0;

    ours->device_was_read = ours->device_was_written = false;
    ours_remember(ours);
    if (mmu_fetch(hart, hart->pc, &bits))
        insn = decode(hart->decoder, bits);
    hart_step(hart);
    hart->waiting = 0;
    if (hart->traps != traps) {
        rules_after_trap(ours, &insn, theirs);
        return;
    }
    if (ours->device_was_read)
        impose_device_read(ours, &insn, theirs);
    accepted_read(ours, &insn, theirs);
}

/* What is now where QEMU stored: so SC and AMO are checked, too. At once, because an interrupt
 * changes the privilege with which this is read. We look, not the guest: no trigger may fire, and
 * what it keeps out of the TLB must be out again. */
static void read_back(struct ours *ours, const struct theirs *theirs)
{
    u8 watched = ours->hart->watched;

    ours->hart->watched = 0;
    for (unsigned i = 0; i < theirs->store_count; i++) {
        u64 *value = &ours->stored[i].value;
        *value = ours->written;
        ours->stored[i].is_there =
            ours->device_was_written ||
            mmu_load(ours->hart, theirs->stores[i].va, theirs->stores[i].size, value);
    }
    ours->hart->watched = watched;
    if (watched)
        mmu_flush(ours->hart);
}

void ours_follow(struct ours *ours, const struct theirs *theirs)
{
    struct hart *hart = ours->hart;
    u32 bits;

    memset(ours->stored, 0, sizeof ours->stored);
    if (was_interrupted(ours, theirs, hart->pc)) {
        interrupt(ours, theirs);
        return;
    }
    step(ours, theirs);
    read_back(ours, theirs);
    /* QEMU tells of instructions. Between two of them may lie an interrupt, and traps of fetches
     * that came to nothing. */
    for (unsigned i = 0; i < 3; i++) {
        if (hart->pc == theirs->pc && hart->privilege == theirs->privilege)
            break;
        if (was_interrupted(ours, theirs, hart->pc))
            interrupt(ours, theirs);
        else if (!mmu_fetch(hart, hart->pc, &bits))
            step(ours, theirs);
        else
            break;
    }
    connect_lines(ours, theirs);
}
