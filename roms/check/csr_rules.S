/* Control registers: which bits exist, what becomes of values that are not legal (WARL), who may
 * read and write, and floating-point state. (Privileged manual, Machine-Level and Supervisor-Level
 * CSRs; unprivileged manual, Zicsr.) */
#include "check.h"
#include "pages.h"

    BEGIN
    CHECK   1  /* mstatus.MPP never holds the mode that is none (QEMU 7.2 fails) */
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, (2 << 11)
    csrr    t0, mstatus
    srli    t0, t0, 11
    andi    t0, t0, 3
    li      t1, 2
    beq     t0, t1, fail

    CHECK   2                       /* mret: MPP becomes U, MPIE 1, MIE what MPIE was */
    CSR_CLEAR mstatus, (MSTATUS_MIE | MSTATUS_MPIE)
    CSR_SET mstatus, MSTATUS_MPP
    la      t0, 1f
    csrw    mepc, t0
    mret
1:  csrr    t0, mstatus
    andi    t1, t0, MSTATUS_MIE
    bnez    t1, fail
    andi    t1, t0, MSTATUS_MPIE
    beqz    t1, fail
    ALL_CLEAR t0, MSTATUS_MPP
    CSR_SET mstatus, (MSTATUS_MPP | MSTATUS_MPIE)
    la      t0, 1f
    csrw    mepc, t0
    mret
1:  csrr    t0, mstatus
    CSR_CLEAR mstatus, MSTATUS_MIE
    ALL_SET t0, MSTATUS_MIE

    CHECK   3                       /* a trap: MPIE what MIE was, MIE 0, MPP where we were */
    CSR_SET mstatus, MSTATUS_MIE
    TRY
    ecall
    CAUGHT  11
    ALL_SET s6, (MSTATUS_MPIE | MSTATUS_MPP)
    TRY
    GO      MODE_U
    ecall
    CAUGHT  ECALL_U
    EQ      s9, 0
    ALL_CLEAR s6, (MSTATUS_MIE | MSTATUS_MPP)

    CHECK   4                       /* mtvec and stvec: the mode is 0 or 1 */
    csrr    t2, mtvec
    ori     t0, t2, 2
    csrw    mtvec, t0
    csrr    t1, mtvec
    csrw    mtvec, t2
    ALL_CLEAR t1, 2
    csrr    t2, stvec
    ori     t0, t2, 3
    csrw    stvec, t0
    csrr    t1, stvec
    csrw    stvec, t2
    ALL_CLEAR t1, 2

    CHECK   6                       /* scratch registers hold anything */
    CSR_WRITE mscratch, -1
    csrr    t0, mscratch
    EQ      t0, -1
    CSR_WRITE sscratch, (1 << (XLEN - 1))
    csrr    t0, sscratch
    EQ      t0, (1 << (XLEN - 1))

    CHECK   7                       /* mcause, mtval, scause, stval */
    CSR_WRITE mcause, INTERRUPT(11)
    csrr    t0, mcause
    EQ      t0, INTERRUPT(11)
    CSR_WRITE scause, 15
    csrr    t0, scause
    EQ      t0, 15
    CSR_WRITE mtval, 0x12345678
    csrr    t0, mtval
    EQ      t0, 0x12345678
    CSR_WRITE stval, 0x12345678
    csrr    t0, stval
    EQ      t0, 0x12345678

    CHECK   8  /* satp: a mode that is not there leaves all of it unchanged */
#if XLEN == 64
    csrw    satp, zero
    CSR_WRITE satp, ((5 << 60) | 0x12345)
    csrr    t0, satp
    EQ      t0, 0
    la      t0, page_root
    srli    t0, t0, 12
    li      t1, SATP_MODE
    or      t0, t0, t1
    csrw    satp, t0
    csrr    t1, satp
    bne     t0, t1, fail
    CSR_WRITE satp, ((15 << 60) | 0x12345)
    csrr    t1, satp
    bne     t0, t1, fail
    csrw    satp, zero
#endif

    CHECK   9                       /* misa: the width and IMAFDCSU */
    csrr    t0, misa
    srli    t1, t0, XLEN - 2
    EQ      t1, (XLEN / 32)
    ALL_SET t0, 0x14112d            /* U S M I F D C A */

    CHECK   10                      /* SD and FS: SD says "dirty" and cannot be written */
    CSR_CLEAR mstatus, MSTATUS_FS
    csrr    t0, mstatus
    bltz    t0, fail
    CSR_SET mstatus, (1 << (XLEN - 1))
    csrr    t0, mstatus
    bltz    t0, fail
    CSR_SET mstatus, MSTATUS_FS
    csrr    t0, mstatus
    bgez    t0, fail
    csrr    t0, sstatus
    bgez    t0, fail

    CHECK   11                      /* FS off: everything floating is illegal */
    CSR_CLEAR mstatus, MSTATUS_FS
    TRY
    fadd.s  fa0, fa0, fa0
    CAUGHT  ILLEGAL
    TRY
    flw     fa0, 0(sp)
    CAUGHT  ILLEGAL
    TRY
    c.fldsp fa0, 0(sp)
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, fcsr
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, fflags
    CAUGHT  ILLEGAL
    TRY
    csrwi   frm, 1
    CAUGHT  ILLEGAL

    .macro  DIRTIES instruction:vararg
    CSR_CLEAR mstatus, MSTATUS_FS
    CSR_SET mstatus, (1 << 13)
    \instruction
    csrr    t0, mstatus
    bgez    t0, fail
    ALL_SET t0, MSTATUS_FS
    .endm
    CHECK   12                      /* a written register or fcsr makes the state dirty */
    DIRTIES fmv.w.x fa0, zero
    DIRTIES fcvt.d.w fa0, zero
    DIRTIES csrwi fcsr, 0
    DIRTIES csrwi frm, 0
    DIRTIES csrsi fflags, 1
    csrwi   fcsr, 0

    CHECK   13                      /* sstatus shows S-mode's part of mstatus, and only that */
    CSR_WRITE mstatus, (MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_FS | MSTATUS_SUM | MSTATUS_SPP)
    csrr    t0, sstatus
    mv      t1, t0
    ALL_SET t0, (MSTATUS_FS | MSTATUS_SUM | MSTATUS_SPP)
    ALL_CLEAR t1, (MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_MIE | MSTATUS_MPRV | MSTATUS_TVM)
    csrw    sstatus, zero
    csrr    t0, mstatus
    mv      t1, t0
    ALL_SET t0, (MSTATUS_MPP | MSTATUS_MPIE)
    ALL_CLEAR t1, (MSTATUS_FS | MSTATUS_SUM | MSTATUS_SPP)
    CSR_SET sstatus, (MSTATUS_TVM | MSTATUS_MPRV | MSTATUS_MIE)
    csrr    t0, mstatus
    ALL_CLEAR t0, (MSTATUS_TVM | MSTATUS_MPRV | MSTATUS_MIE)
    CSR_SET mstatus, MSTATUS_FS

#if XLEN == 64
    CHECK   14                      /* UXL and SXL: 64 bits */
    csrr    t0, mstatus
    srli    t0, t0, 32
    andi    t0, t0, 15
    EQ      t0, 10
    csrr    t0, sstatus
    srli    t0, t0, 32
    andi    t0, t0, 15
    EQ      t0, 2
#endif

    CHECK   15                      /* mie: the six interrupts, and none for a user mode */
    CSR_WRITE mie, -1
    csrr    t0, mie
    csrw    mie, zero
    mv      t1, t0
    ALL_SET t0, 0xaaa
    ALL_CLEAR t1, 0x111

    CHECK   16                      /* mip: S's bits can be written, M's cannot */
    csrw    mip, zero
    CSR_SET mip, -1
    csrr    t0, mip
    csrw    mip, zero
    mv      t1, t0
    ALL_SET t0, 0x222
    ALL_CLEAR t1, ((1 << MSI) | (1 << MEI))
    csrr    t0, mip
    ALL_CLEAR t0, 0x222

    CHECK   17                      /* read-only registers: a write attempt is what counts */
    csrr    t0, mhartid
    EQ      t0, 0
    csrr    t0, mvendorid
    csrr    t0, marchid
    csrr    t0, mimpid
    csrrsi  t0, mhartid, 0
    csrrci  t0, mhartid, 0
    TRY
    csrw    mhartid, zero
    CAUGHT  ILLEGAL
    li      t1, 0
    TRY
    csrrs   t0, mhartid, t1         /* not x0, so it writes, be it 0 */
    CAUGHT  ILLEGAL
    TRY
    csrrwi  t0, mhartid, 0
    CAUGHT  ILLEGAL
    TRY
    csrrci  t0, mhartid, 1
    CAUGHT  ILLEGAL

    CHECK   18                      /* a register of a higher mode, and one that is not there */
    TRY
    GO      MODE_U
    csrr    t0, sscratch
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_S
    csrr    t0, mscratch
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, 0x8ff
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_S
    csrr    t0, 0x5ff
    CAUGHT  ILLEGAL

    CHECK   19                      /* an illegal access leaves rd alone */
    li      t0, 5
    TRY
    csrrs   t0, 0x8ff, zero
    CAUGHT  ILLEGAL
    EQ      t0, 5

    CHECK   20                      /* upper halves exist on RV32 alone */
#if XLEN == 64
    TRY
    csrr    t0, 0x310               /* mstatush */
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, 0xc81               /* timeh */
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, 0xb80               /* mcycleh */
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, 0x3a1               /* pmpcfg1 */
    CAUGHT  ILLEGAL
    TRY
    csrr    t0, CSR_MENVCFGH
    CAUGHT  ILLEGAL
#else
    csrr    t0, 0x310
    csrr    t0, 0xc81
    csrr    t0, 0xb80
    csrr    t0, 0x3a1
    csrr    t0, CSR_MENVCFGH
#endif

    CHECK   21  /* set and clear return the old value; x0 reads, does not write */
    CSR_WRITE mscratch, 0xf0
    li      t1, 0x3c
    csrrs   t0, mscratch, t1
    EQ      t0, 0xf0
    csrrc   t0, mscratch, t1
    EQ      t0, 0xfc
    csrrw   t0, mscratch, t0
    EQ      t0, 0xc0
    csrrwi  t0, mscratch, 0
    EQ      t0, 0xfc
    csrr    t0, mscratch
    EQ      t0, 0

    CHECK   22                      /* counter enables: cycle, time, instret can be switched */
    CSR_WRITE mcounteren, 7
    csrr    t0, mcounteren
    EQ      t0, 7
    csrw    mcounteren, zero
    csrr    t0, mcounteren
    EQ      t0, 0
    CSR_WRITE scounteren, 7
    csrr    t0, scounteren
    EQ      t0, 7

    CHECK   23                      /* fcsr is fflags and frm; upper bits are not there */
    CSR_WRITE fcsr, -1
    csrr    t0, fcsr
    EQ      t0, 0xff
    csrr    t0, frm
    EQ      t0, 7
    csrr    t0, fflags
    EQ      t0, 31
    csrwi   fcsr, 0

    /* QEMU 10.0 keeps the bit in the register. */
    CHECK   90                      /* mepc and sepc: bit 0 is 0 */
    CSR_WRITE mepc, 0x80001235
    csrr    t0, mepc
    EQ      t0, 0x80001234
    CSR_WRITE sepc, 0x80001237
    csrr    t0, sepc
    EQ      t0, 0x80001236
    END
    PAGES
