/* What the files behind csr.h share: the helpers that the lines of csr.def name. The
 * rules of status, configuration and interrupts are in csr_status.c. */
#ifndef CPU_CSR_PARTS_H
#define CPU_CSR_PARTS_H

#include "cpu/hart.h"

#define CSR_M_INTERRUPTS (IRQ_BIT(IRQ_MSI) | IRQ_BIT(IRQ_MTI) | IRQ_BIT(IRQ_MEI))
/* Causes that may be delegated: all that exist but ecall from M. */
#define CSR_DELEGABLE ((u64)0xb3ff)

static inline bool csr_has(const struct hart *hart, enum extension extension)
{
    return isa_has(&hart->decoder->isa, extension);
}

/* A register of 64 bits whose lower half RV32 writes by itself. */
static inline u64 csr_low(const struct hart *hart, u64 old, u64 value)
{
    return hart->xlen == 32 ? (old & ~(u64)0xffffffff) | (u32)value : value;
}

/* Who may touch what of the counters (csr_status.c; the counters are in cpu/counters.h). */
/* The bits of mcounteren and scounteren that can be written. */
u64 csr_counters(const struct hart *hart);
/* May the present mode read this counter through its unprivileged number? */
bool csr_counter_is_on(const struct hart *hart, unsigned number);

/* Status, configuration, interrupts (csr_status.c). */
void csr_fp_changed(struct hart *hart);
u64 csr_mstatus(const struct hart *hart);
void csr_write_mstatus(struct hart *hart, u64 value);
u64 csr_sstatus(const struct hart *hart);
void csr_write_sstatus(struct hart *hart, u64 value);
void csr_write_tvec(struct hart *hart, u64 *tvec, struct write_seen *seen, u64 value);
u64 csr_pc_mask(const struct hart *hart);
bool csr_stce(const struct hart *hart);
void csr_write_senvcfg(struct hart *hart, u64 value);
void csr_write_menvcfg(struct hart *hart, u64 value);
void csr_write_stimecmp(struct hart *hart, u64 value);
/* Interrupts that S-mode can have; those of them that it may raise and clear itself. */
u64 csr_s_interrupts(const struct hart *hart);
u64 csr_sip_writable(const struct hart *hart);
u64 csr_mip(const struct hart *hart);
/* The bits of mip that M-mode may write. */
u64 csr_mip_writable(const struct hart *hart);
void csr_write_mip(struct hart *hart, u64 value, u64 writable);
void csr_write_satp(struct hart *hart, u64 value);

#endif
