/* Status, configuration and interrupt registers (see csr_parts.h): what a write may change and what
 * follows from it ("Machine-Level CSRs", "Supervisor CSRs"). */
#include "cpu/csr_parts.h"

#include "cpu/mmu.h"

#define MSTATUS_SD(hart) ((u64)1 << ((hart)->xlen - 1))
#define MSTATUS_WRITABLE                                                                           \
    (MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPP |         \
     MSTATUS_FS | MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW |            \
     MSTATUS_TSR)
#define SSTATUS_WRITABLE                                                                           \
    (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM | MSTATUS_MXR)

#define SENVCFG (ENVCFG_FIOM | ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE)
#define MENVCFG (SENVCFG | ENVCFG_ADUE | ENVCFG_PBMTE | ENVCFG_STCE)

bool csr_stce(const struct hart *hart)
{
    return hart->menvcfg & ENVCFG_STCE;
}

void csr_fp_changed(struct hart *hart)
{
    hart->mstatus |= MSTATUS_FS; /* Dirty */
    hart_mode_changed(hart);
}

/* CY, TM and IR stay writable without Zicntr, because firmware that emulates the counters (OpenSBI)
 * asks there whether it may. */
u64 csr_counters(const struct hart *hart)
{
    return 7 | (csr_has(hart, EXT_ZIHPM) ? 0xfffffff8 : 0);
}

bool csr_counter_is_on(const struct hart *hart, unsigned number)
{
    return (hart->privilege == PRIV_M || hart->mcounteren >> number & 1) &&
           (hart->privilege >= PRIV_S || hart->scounteren >> number & 1);
}

u64 csr_mstatus(const struct hart *hart)
{
    u64 status =
        hart->mstatus | ((hart->mstatus & MSTATUS_FS) == MSTATUS_FS ? MSTATUS_SD(hart) : 0);

    if (hart->xlen == 64)
        status |= (u64)2 << 32 | (u64)2 << 34; /* UXL and SXL: 64, and not to be changed */
    return hart->xlen == 32 ? (u32)status : status;
}

void csr_write_mstatus(struct hart *hart, u64 value)
{
    u64 writable = MSTATUS_WRITABLE & ~(csr_has(hart, EXT_F) ? 0 : MSTATUS_FS);
    u64 old = hart->mstatus;

    if ((value & MSTATUS_MPP) >> 11 == 2) /* no such mode: MPP keeps its value */
        writable &= ~MSTATUS_MPP;
    hart->mstatus = (old & ~writable) | (value & writable);
    if ((old ^ hart->mstatus) & MSTATUS_MXR)
        mmu_flush(hart);
    hart_mode_changed(hart);
}

u64 csr_sstatus(const struct hart *hart)
{
    u64 uxl = hart->xlen == 64 ? MSTATUS_UXL : 0;

    return csr_mstatus(hart) & (SSTATUS_WRITABLE | MSTATUS_SD(hart) | uxl);
}

void csr_write_sstatus(struct hart *hart, u64 value)
{
    csr_write_mstatus(hart, (hart->mstatus & ~SSTATUS_WRITABLE) | (value & SSTATUS_WRITABLE));
}

static void note_write(const struct hart *hart, struct write_seen *seen, u64 written, u64 kept)
{
    *seen = (struct write_seen){written, kept, hart->pc, clock_steps(hart->clock), true};
}

/* Direct or vectored; the reserved modes become direct. */
void csr_write_tvec(struct hart *hart, u64 *tvec, struct write_seen *seen, u64 value)
{
    *tvec = value & 2 ? value & ~(u64)3 : value;
    note_write(hart, seen, value, *tvec);
}

u64 csr_pc_mask(const struct hart *hart)
{
    return csr_has(hart, EXT_C) ? ~(u64)1 : ~(u64)3;
}

/* CBIE = 2 and PMM = 1 are reserved: the field keeps its value. Fields of extensions that are off
 * read zero. */
static u64 write_envcfg(const struct hart *hart, u64 old, u64 value, u64 writable)
{
    if ((value & ENVCFG_PMM) == (u64)1 << 32)
        writable &= ~ENVCFG_PMM;
    if ((value & ENVCFG_CBIE) == (u64)2 << 4)
        writable &= ~ENVCFG_CBIE;
    if (!csr_has(hart, EXT_ZICBOM))
        writable &= ~(ENVCFG_CBIE | ENVCFG_CBCFE);
    if (!csr_has(hart, EXT_ZICBOZ))
        writable &= ~ENVCFG_CBZE;
    if (!csr_has(hart, EXT_SVADU))
        writable &= ~ENVCFG_ADUE;
    if (!csr_has(hart, EXT_SVPBMT))
        writable &= ~ENVCFG_PBMTE;
    if (!csr_has(hart, EXT_SSTC))
        writable &= ~ENVCFG_STCE;
    return (old & ~writable) | (value & writable);
}

void csr_write_senvcfg(struct hart *hart, u64 value)
{
    u64 old = hart->senvcfg, masking = csr_has(hart, EXT_SSNPM) ? ENVCFG_PMM : 0;

    hart->senvcfg = write_envcfg(hart, old, value, SENVCFG | masking);
    if ((old ^ hart->senvcfg) & ENVCFG_PMM)
        mmu_flush(hart);
}

void csr_write_menvcfg(struct hart *hart, u64 value)
{
    u64 old = hart->menvcfg, masking = csr_has(hart, EXT_SMNPM) ? ENVCFG_PMM : 0;

    hart->menvcfg = write_envcfg(hart, old, value, MENVCFG | masking);
    if ((old ^ hart->menvcfg) & (ENVCFG_ADUE | ENVCFG_PBMTE | ENVCFG_PMM))
        mmu_flush(hart);
    if ((old ^ hart->menvcfg) & ENVCFG_STCE) {
        /* STIP passes from software to stimecmp, or back. */
        hart->mip_soft &= ~IRQ_BIT(IRQ_STI);
        hart->mip_lines &= ~IRQ_BIT(IRQ_STI);
        hart_update_timer(hart);
        hart->events |= EVENT_INTERRUPT | EVENT_LEAVE;
    }
}

void csr_write_stimecmp(struct hart *hart, u64 value)
{
    hart->stimecmp = value;
    hart_update_timer(hart);
    hart->events |= EVENT_LEAVE; /* the next deadline has moved */
}

static u64 overflow_interrupt(const struct hart *hart)
{
    return csr_has(hart, EXT_SSCOFPMF) ? IRQ_BIT(IRQ_LCOFI) : 0;
}

u64 csr_s_interrupts(const struct hart *hart)
{
    return IRQ_BIT(IRQ_SSI) | IRQ_BIT(IRQ_STI) | IRQ_BIT(IRQ_SEI) | overflow_interrupt(hart);
}

u64 csr_sip_writable(const struct hart *hart)
{
    return hart->mideleg & (IRQ_BIT(IRQ_SSI) | overflow_interrupt(hart));
}

u64 csr_mip(const struct hart *hart)
{
    return hart->mip_lines | hart->mip_soft;
}

/* With Sstc switched on, STIP is stimecmp's alone. */
u64 csr_mip_writable(const struct hart *hart)
{
    return csr_s_interrupts(hart) & ~(csr_stce(hart) ? IRQ_BIT(IRQ_STI) : (u64)0);
}

/* A csrrs that reads SEIP high because of the PLIC's line must not latch it: set and clear work on
 * the software bit alone (csr_access gives us the whole new value, so the line is taken out where
 * it alone is high). */
void csr_write_mip(struct hart *hart, u64 value, u64 writable)
{
    hart->mip_soft = (hart->mip_soft & ~writable) | (value & writable);
    hart->events |= EVENT_INTERRUPT;
}

void csr_write_satp(struct hart *hart, u64 value)
{
    u64 mode = hart->xlen == 32 ? value >> 31 & 1 : value >> 60;
    bool supported = hart->xlen == 32 || mode == 0 || (mode >= 8 && mode <= 10);

    note_write(hart, &hart->witness.satp, value, supported ? value : hart->satp);
    if (!supported || value == hart->satp)
        return; /* an unsupported mode: the whole write has no effect */
    hart->satp = value;
    mmu_enter_space(hart);
}
