/* Delegation and vectors: which traps S-mode may be given, that none goes down to a lower mode than
 * it came from, what sip and sie show, and where trap vectors lead. (Privileged manual, Machine Trap
 * Delegation Registers, mtvec, sip and sie.) */
#include "check.h"

    BEGIN
    CHECK   1                       /* medeleg: everything below M-mode */
    CSR_WRITE medeleg, -1
    csrr    t0, medeleg
    csrw    medeleg, zero
    ALL_SET t0, 0xb3ff

    CHECK   2                       /* mideleg: S's interrupts, not M's */
    CSR_WRITE mideleg, -1
    csrr    t0, mideleg
    csrw    mideleg, zero
    mv      t1, t0
    ALL_SET t0, 0x222
    ALL_CLEAR t1, 0x888

    CHECK   3                       /* delegated, from U: S-mode takes it */
    CSR_WRITE medeleg, (1 << ECALL_U | 1 << ILLEGAL)
    CSR_SET mstatus, MSTATUS_SPP
    TRY
    GO      MODE_U
1:  ecall
    CAUGHT_BY MODE_S, ECALL_U
    EQ_LABEL s10, 1b
    EQ      s9, 0
    ALL_CLEAR s6, MSTATUS_SPP

    CHECK   4                       /* delegated, from S: S-mode as well */
    TRY
    GO      MODE_S
    csrr    t0, mscratch
    CAUGHT_BY MODE_S, ILLEGAL
    ALL_SET s6, MSTATUS_SPP

    CHECK   5                       /* delegated, from M: stays in M */
    TRY
    csrr    t0, 0x8ff
    CAUGHT_BY MODE_M, ILLEGAL

    CHECK   6                       /* not delegated */
    csrw    medeleg, zero
    TRY
    GO      MODE_U
    ecall
    CAUGHT_BY MODE_M, ECALL_U
    TRY
    GO      MODE_S
    ebreak
    CAUGHT_BY MODE_M, BREAKPOINT

    CHECK   7                       /* a trap into S: SPIE what SIE was, SIE 0 */
    CSR_WRITE medeleg, (1 << BREAKPOINT)
    CSR_SET mstatus, MSTATUS_SIE
    TRY
    GO      MODE_S
    ebreak
    CAUGHT_BY MODE_S, BREAKPOINT
    mv      t0, s6
    ALL_SET t0, MSTATUS_SPIE
    ALL_CLEAR s6, MSTATUS_SIE
    csrw    medeleg, zero

    CHECK   8                       /* sie and sip show what is delegated, and nothing else */
    CSR_SET mie, 0x222
    csrr    t0, sie
    EQ      t0, 0
    CSR_WRITE sie, -1
    csrw    sie, zero
    csrr    t0, mie
    ALL_SET t0, 0x222
    CSR_SET mip, (1 << SSI)
    csrr    t0, sip
    ALL_CLEAR t0, (1 << SSI)
    csrw    sip, zero
    csrr    t0, mip
    ALL_SET t0, (1 << SSI)
    CSR_WRITE mideleg, (1 << SSI)
    csrr    t0, sie
    EQ      t0, (1 << SSI)
    csrr    t0, sip
    ALL_SET t0, (1 << SSI)
    CSR_CLEAR sip, (1 << SSI)       /* the one that S-mode may clear itself */
    csrr    t0, mip
    ALL_CLEAR t0, (1 << SSI)
    CSR_WRITE mideleg, (1 << STI)
    CSR_WRITE sip, (1 << STI)       /* and one that it may not set */
    csrr    t0, mip
    ALL_CLEAR t0, (1 << STI)

    CHECK   9                       /* delegated interrupt: not in M, not in S with SIE off */
    csrw    mip, zero
    CSR_WRITE mideleg, (1 << SSI)
    CSR_WRITE mie, (1 << SSI)
    CSR_SET mip, (1 << SSI)
    CSR_SET mstatus, MSTATUS_MIE
    nop
    nop
    CSR_CLEAR mstatus, (MSTATUS_MIE | MSTATUS_SIE)
    TRY
    GO      MODE_S
    nop
    ecall
    CAUGHT_BY MODE_M, ECALL_S

    CHECK   10                      /* in S with SIE on: at once */
    CSR_CLEAR mstatus, MSTATUS_SIE
    TRY
    GO      MODE_S
    CSR_SET sstatus, MSTATUS_SIE
1:  ecall
    CAUGHT_BY MODE_S, INTERRUPT(SSI)
    EQ_LABEL s10, 1b
    EQ      s9, 0

    CHECK   11                      /* in U whatever SIE is */
    CSR_CLEAR mstatus, MSTATUS_SIE
    TRY
    GO      MODE_U
1:  ecall
    CAUGHT_BY MODE_S, INTERRUPT(SSI)
    EQ_LABEL s10, 1b

    CHECK   12                      /* not delegated: M takes it from S, also with MIE off */
    csrw    mideleg, zero
    CSR_CLEAR mstatus, (MSTATUS_MIE | MSTATUS_MPIE)
    TRY
    GO      MODE_S
    ecall
    CAUGHT_BY MODE_M, INTERRUPT(SSI)

    CHECK   13  /* mtvec vectored: interrupt N at base + 4 N, exceptions at base */
    la      t0, vectors
    ori     t0, t0, 1
    csrw    mtvec, t0
    li      a0, 0
    CSR_SET mstatus, MSTATUS_MIE    /* SSI is still pending: 1 */
    nop
    EQ      a0, 1
    CSR_CLEAR mip, (1 << SSI)
    CSR_CLEAR mstatus, MSTATUS_MIE
    li      a0, 0
    ebreak
    EQ      a0, 100
    la      t0, trap
    csrw    mtvec, t0

    CHECK   14                      /* stvec vectored */
    la      t0, vectors_supervisor
    ori     t0, t0, 1
    csrw    stvec, t0
    CSR_WRITE mideleg, (1 << STI)
    CSR_WRITE medeleg, (1 << BREAKPOINT)
    CSR_WRITE mie, (1 << STI)
    CSR_SET mip, (1 << STI)
    CSR_SET mstatus, MSTATUS_SIE
    li      a0, 0
    TRY
    GO      MODE_S
    nop
    ecall
    CAUGHT  ECALL_S
    EQ      a0, 5
    csrw    mip, zero
    TRY
    GO      MODE_S
    ebreak
    CAUGHT  ECALL_S
    EQ      a0, 100

    CHECK   90                      /* medeleg: M-mode's own ecall never (QEMU lets it) */
    CSR_WRITE medeleg, -1
    csrr    t0, medeleg
    ALL_CLEAR t0, (1 << 11)
    j       pass

    .balign 64
    .option push
    .option norvc
vectors:
    j       vector_exception
    j       vector_one
    .rept   14
    j       fail
    .endr
vectors_supervisor:
    j       vector_exception_supervisor
    .rept   4
    j       fail
    .endr
    j       vector_five
    .rept   10
    j       fail
    .endr
    .option pop

vector_one:
    li      a0, 1
    CSR_CLEAR mstatus, MSTATUS_MPIE
    mret
vector_exception:
    li      a0, 100
    csrr    t0, mepc
    addi    t0, t0, 2               /* a compressed ebreak */
    csrw    mepc, t0
    mret
vector_five:
    li      a0, 5
    ecall
vector_exception_supervisor:
    li      a0, 100
    ecall
    END
