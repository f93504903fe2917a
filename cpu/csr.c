/* The control and status registers (see csr.h): csr.def, and the helpers that its lines name. */
#include "cpu/csr.h"

#include "cpu/mmu.h"
#include "cpu/pmp.h"
#include "cpu/trap.h"

#define CSR_S_INTERRUPTS (IRQ_BIT(IRQ_SSI) | IRQ_BIT(IRQ_STI) | IRQ_BIT(IRQ_SEI))
#define CSR_M_INTERRUPTS (IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_MTI) | IRQ_BIT(IRQ_MEI))
/* Causes that may be delegated: all that exist but ecall from M. */
#define CSR_DELEGABLE ((u64)0xb3ff)
/* With Sstc switched on, STIP is stimecmp's alone. */
#define CSR_MIP_WRITABLE(hart) (CSR_S_INTERRUPTS & ~(stce(hart) ? IRQ_BIT(IRQ_STI) : (u64)0))

#define MSTATUS_SD(hart) ((u64)1 << ((hart)->xlen - 1))
#define MSTATUS_WRITABLE                                                                           \
    (MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPP |         \
     MSTATUS_FS | MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW |            \
     MSTATUS_TSR)
#define SSTATUS_WRITABLE                                                                           \
    (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM | MSTATUS_MXR)

#define ENVCFG_FIOM  ((u64)1 << 0)
#define ENVCFG_CBIE  ((u64)3 << 4)
#define ENVCFG_CBCFE ((u64)1 << 6)
#define ENVCFG_CBZE  ((u64)1 << 7)
#define ENVCFG_ADUE  ((u64)1 << 61)
#define ENVCFG_STCE  ((u64)1 << 63)
#define CSR_SENVCFG  (ENVCFG_FIOM | ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE)

static bool stce(const struct hart *hart)
{
    return hart->menvcfg & ENVCFG_STCE;
}

static bool has(const struct hart *hart, enum extension extension)
{
    return isa_has(&hart->decoder->isa, extension);
}

static void csr_fp_changed(struct hart *hart)
{
    hart->mstatus |= MSTATUS_FS; /* Dirty */
    hart_mode_changed(hart);
}

static u64 csr_low(u64 old, u64 value)
{
    return (old & ~(u64)0xffffffff) | (u32)value;
}

static u64 count(const struct counter *counter, u64 now)
{
    return counter->base + (counter->stopped ? 0 : now);
}

static u64 csr_cycle(const struct hart *hart)
{
    return count(&hart->cycle, hart_steps(hart));
}

static u64 csr_instret(const struct hart *hart)
{
    return count(&hart->instret, hart_retired(hart));
}

/* The writing instruction itself, which is still to be counted, does not count. */
static void set(struct counter *counter, u64 now, u64 value)
{
    counter->base = value - (counter->stopped ? 0 : now + 1);
}

static void csr_set_cycle(struct hart *hart, u64 value)
{
    set(&hart->cycle, hart_steps(hart), value);
}

static void csr_set_instret(struct hart *hart, u64 value)
{
    set(&hart->instret, hart_retired(hart), value);
}

static void inhibit(struct counter *counter, u64 now, bool stop)
{
    u64 value = count(counter, now);

    if (counter->stopped == stop)
        return;
    counter->stopped = stop;
    counter->base = value - (stop ? 0 : now + 1);
}

static void csr_write_mcountinhibit(struct hart *hart, u64 value)
{
    hart->mcountinhibit = value & 5; /* CY and IR; the others count nothing anyway */
    inhibit(&hart->cycle, hart_steps(hart), value & 1);
    inhibit(&hart->instret, hart_retired(hart), value >> 2 & 1);
}

/* The writable bits of mcounteren and scounteren. CY, TM and IR stay writable without Zicntr,
 * because firmware that emulates the counters (OpenSBI) asks there whether it may. */
static u64 csr_counters(const struct hart *hart)
{
    return 7 | (has(hart, EXT_ZIHPM) ? 0xfffffff8 : 0);
}

static bool counter_is_on(const struct hart *hart, unsigned number)
{
    return (hart->privilege == PRIV_M || hart->mcounteren >> number & 1) &&
           (hart->privilege >= PRIV_S || hart->scounteren >> number & 1);
}

static u64 csr_mstatus(const struct hart *hart)
{
    u64 status =
        hart->mstatus | ((hart->mstatus & MSTATUS_FS) == MSTATUS_FS ? MSTATUS_SD(hart) : 0);

    if (hart->xlen == 64)
        status |= (u64)2 << 32 | (u64)2 << 34; /* UXL and SXL: 64, and not to be changed */
    return hart->xlen == 32 ? (u32)status : status;
}

static void csr_write_mstatus(struct hart *hart, u64 value)
{
    u64 writable = MSTATUS_WRITABLE & ~(has(hart, EXT_F) ? 0 : MSTATUS_FS);
    u64 old = hart->mstatus;

    if ((value & MSTATUS_MPP) >> 11 == 2) /* no such mode: MPP keeps its value */
        writable &= ~MSTATUS_MPP;
    hart->mstatus = (old & ~writable) | (value & writable);
    if ((old ^ hart->mstatus) & MSTATUS_MXR)
        mmu_flush(hart);
    hart_mode_changed(hart);
}

static u64 csr_sstatus(const struct hart *hart)
{
    u64 uxl = hart->xlen == 64 ? MSTATUS_UXL : 0;

    return csr_mstatus(hart) & (SSTATUS_WRITABLE | MSTATUS_SD(hart) | uxl);
}

static void csr_write_sstatus(struct hart *hart, u64 value)
{
    csr_write_mstatus(hart, (hart->mstatus & ~SSTATUS_WRITABLE) | (value & SSTATUS_WRITABLE));
}

/* Direct or vectored; the reserved modes become direct. */
static u64 csr_tvec(u64 value)
{
    return value & 2 ? value & ~(u64)3 : value;
}

static u64 csr_pc_mask(const struct hart *hart)
{
    return has(hart, EXT_C) ? ~(u64)1 : ~(u64)3;
}

/* CBIE = 2 is reserved: the field keeps its value. Fields of extensions that are off read zero. */
static u64 csr_envcfg(const struct hart *hart, u64 old, u64 value, u64 writable)
{
    if ((value & ENVCFG_CBIE) == (u64)2 << 4)
        writable &= ~ENVCFG_CBIE;
    if (!has(hart, EXT_ZICBOM))
        writable &= ~(ENVCFG_CBIE | ENVCFG_CBCFE);
    if (!has(hart, EXT_ZICBOZ))
        writable &= ~ENVCFG_CBZE;
    if (!has(hart, EXT_SVADU))
        writable &= ~ENVCFG_ADUE;
    if (!has(hart, EXT_SSTC))
        writable &= ~ENVCFG_STCE;
    return (old & ~writable) | (value & writable);
}

static void csr_write_menvcfg(struct hart *hart, u64 value)
{
    u64 old = hart->menvcfg;

    hart->menvcfg = csr_envcfg(hart, old, value, CSR_SENVCFG | ENVCFG_ADUE | ENVCFG_STCE);
    if ((old ^ hart->menvcfg) & ENVCFG_ADUE)
        mmu_flush(hart);
    if ((old ^ hart->menvcfg) & ENVCFG_STCE) {
        /* STIP passes from software to stimecmp, or back. */
        hart->mip_soft &= ~IRQ_BIT(IRQ_STI);
        hart->mip_lines &= ~IRQ_BIT(IRQ_STI);
        hart_update_timer(hart);
        hart->events |= EVENT_INTERRUPT | EVENT_LEAVE;
    }
}

static void csr_write_stimecmp(struct hart *hart, u64 value)
{
    hart->stimecmp = value;
    hart_update_timer(hart);
    hart->events |= EVENT_LEAVE; /* the next deadline has moved */
}

static u64 csr_mip(const struct hart *hart)
{
    return hart->mip_lines | hart->mip_soft;
}

/* A csrrs that reads SEIP high because of the PLIC's line must not latch it: set and clear work on
 * the software bit alone (csr_access gives us the whole new value, so the line is taken out where
 * it alone is high). */
static void csr_write_mip(struct hart *hart, u64 value, u64 writable)
{
    hart->mip_soft = (hart->mip_soft & ~writable) | (value & writable);
    hart->events |= EVENT_INTERRUPT;
}

static void csr_write_satp(struct hart *hart, u64 value)
{
    u64 mode = hart->xlen == 32 ? value >> 31 & 1 : value >> 60;
    bool supported = hart->xlen == 32 || mode == 0 || (mode >= 8 && mode <= 10);

    if (!supported || value == hart->satp)
        return; /* an unsupported mode: the whole write has no effect */
    hart->satp = value;
    mmu_flush(hart);
}

static u64 csr_pmpcfg(const struct hart *hart, unsigned first)
{
    u64 value = 0;

    for (unsigned i = 0; i < hart->xlen / 8; i++)
        value |= hart->pmpcfg[first + i] << (8 * i);
    return value;
}

static void csr_write_pmpcfg(struct hart *hart, unsigned first, u64 value)
{
    for (unsigned i = 0; i < hart->xlen / 8; i++)
        pmp_write_config(hart, first + i, (u8)(value >> (8 * i)));
}

#define H          hart
#define V          value
#define YES        true
#define FS_IS_ON   (hart->mstatus & MSTATUS_FS)
#define COUNTER(n) counter_is_on(hart, n)
#define SATP       (hart->privilege == PRIV_M || !(hart->mstatus & MSTATUS_TVM))
/* Without STCE it is M's alone; without mcounteren.TM, too. */
#define STIMECMP (hart->privilege == PRIV_M || (stce(hart) && hart->mcounteren & 2))

/* The lines of csr.def, as three functions that the compiler turns into one switch each. */

static bool exists(const struct hart *hart, unsigned need)
{
    return has(hart, need & 0xff) && (need >> 8 == 0 || need >> 8 == hart->xlen);
}

static bool is_allowed(const struct hart *hart, unsigned number)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        return exists(hart, needs) && (allowed);
#include "cpu/csr.def"
#undef CSR
    }
    return false;
}

static u64 read_row(const struct hart *hart, unsigned number)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        return read;
#include "cpu/csr.def"
#undef CSR
    }
    return 0;
}

static void write_row(struct hart *hart, unsigned number, u64 value)
{
    switch (number) {
#define CSR(n, name, needs, allowed, read, write)                                                  \
    case n:                                                                                        \
        write;                                                                                     \
        break;
#include "cpu/csr.def"
#undef CSR
    }
}

#undef H
#undef V
#undef YES
#undef FS_IS_ON
#undef COUNTER
#undef SATP
#undef STIMECMP

static const struct csr_info rows[] = {
#define CSR(number, name, needs, allowed, read, write) {number, needs, #name},
#include "cpu/csr.def"
#undef CSR
};

const struct csr_info *csr_rows(unsigned *row_count)
{
    *row_count = sizeof rows / sizeof rows[0];
    return rows;
}

static u64 narrow(const struct hart *hart, u64 value)
{
    return hart->xlen == 32 ? (u32)value : value;
}

bool csr_access(struct hart *hart, unsigned number, enum csr_operation operation, u64 operand,
                bool writes, u64 *old)
{
    u64 value, now;

    if ((number >> 8 & 3) > hart->privilege || (writes && number >> 10 == 3) ||
        !is_allowed(hart, number))
        return trap_raise(hart, CAUSE_ILLEGAL, 0);
    now = read_row(hart, number);
    *old = hart->xlen == 32 ? (u64)(i64)(i32)now : now;
    if (!writes)
        return true;
    /* Where a line and software share a bit of mip, set and clear see the software's only. */
    if (number == 0x344 || number == 0x144)
        now = hart->mip_soft;
    value = operation == CSR_EXCHANGE ? operand
            : operation == CSR_SET    ? now | operand
                                      : now & ~operand;
    write_row(hart, number, narrow(hart, value));
    return true;
}

bool csr_peek(struct hart *hart, unsigned number, u64 *value)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == number && exists(hart, rows[i].need)) {
            *value = narrow(hart, read_row(hart, number));
            return true;
        }
    }
    return false;
}

bool csr_poke(struct hart *hart, unsigned number, u64 value)
{
    u64 ignored;

    if (!csr_peek(hart, number, &ignored))
        return false;
    write_row(hart, number, narrow(hart, value));
    return true;
}

void csr_reset(struct hart *hart)
{
    hart->misa =
        (u64)(hart->xlen == 32 ? 1 : 2) << (hart->xlen - 2) | 1u << ('s' - 'a') | 1u << ('u' - 'a');
    for (enum extension i = 0; i < EXT_COUNT; i++)
        if (has(hart, i) && !extension_name(i)[1])
            hart->misa |= 1u << (extension_name(i)[0] - 'a');
    hart->stimecmp = UINT64_MAX;
}
