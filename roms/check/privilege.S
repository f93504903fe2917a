/* Modes: who may return, sleep and touch translation, and what mret and sret leave behind.
 * (Privileged manual, Trap-Return Instructions, Wait for Interrupt, Virtualization Support in
 * mstatus.) */
#include "check.h"
#include "pages.h"

    BEGIN
    CHECK   1                       /* returns are for the mode they are named after, or above */
    TRY
    GO      MODE_S
    mret
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_U
    mret
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_U
    sret
    CAUGHT  ILLEGAL

    CHECK   2                       /* TSR: sret traps in S, not in M */
    CSR_SET mstatus, MSTATUS_TSR
    TRY
    GO      MODE_S
    sret
    CAUGHT  ILLEGAL
    CSR_SET mstatus, MSTATUS_SPP
    la      t0, 1f
    csrw    sepc, t0
    TRY
    sret
1:  ecall
    CAUGHT  ECALL_S
    CSR_CLEAR mstatus, MSTATUS_TSR

    CHECK   3  /* sret: to SPP's mode; SPP becomes U, SPIE 1, SIE what SPIE was */
    CSR_SET mstatus, (MSTATUS_SPP | MSTATUS_SPIE)
    CSR_CLEAR mstatus, MSTATUS_SIE
    la      t0, 1f
    csrw    sepc, t0
    TRY
    GO      MODE_S
    sret
1:  csrr    t0, sstatus             /* still S */
    mv      t1, t0
    ALL_SET t0, (MSTATUS_SIE | MSTATUS_SPIE)
    ALL_CLEAR t1, MSTATUS_SPP
    ecall
    CAUGHT  ECALL_S
    CSR_CLEAR mstatus, (MSTATUS_SIE | MSTATUS_SPIE)
    la      t0, 1f
    csrw    sepc, t0
    TRY
    GO      MODE_S
    sret
1:  ecall                           /* SPP was U */
    CAUGHT  ECALL_U
    ALL_CLEAR s6, MSTATUS_SIE

    CHECK   4  /* MPRV: gone when mret goes down, kept when it stays in M (QEMU 7.2 fails) */
    CSR_SET mstatus, (MSTATUS_MPRV | MSTATUS_MPP)
    la      t0, 1f
    csrw    mepc, t0
    mret
1:  csrr    t0, mstatus
    CSR_CLEAR mstatus, MSTATUS_MPRV
    ALL_SET t0, MSTATUS_MPRV
    TRY
    CSR_SET mstatus, MSTATUS_MPRV
    GO      MODE_S
    ecall
    CAUGHT  ECALL_S
    ALL_CLEAR s6, MSTATUS_MPRV

    CHECK   5                       /* and when sret goes down */
    la      t0, 1f
    csrw    sepc, t0
    CSR_CLEAR mstatus, MSTATUS_SPP
    TRY
    CSR_SET mstatus, MSTATUS_MPRV | MSTATUS_MPP
    sret
1:  ecall
    CAUGHT  ECALL_U
    ALL_CLEAR s6, MSTATUS_MPRV

    CHECK   6                       /* TVM: satp and sfence.vma trap in S, not in M */
    CSR_SET mstatus, MSTATUS_TVM
    TRY
    GO      MODE_S
    csrr    t0, satp
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_S
    csrw    satp, zero
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_S
    sfence.vma
    CAUGHT  ILLEGAL
    csrr    t0, satp
    sfence.vma
    CSR_CLEAR mstatus, MSTATUS_TVM
    TRY
    GO      MODE_S
    csrr    t0, satp
    sfence.vma
    sfence.vma t0, zero
    sfence.vma t0, t0
    ecall
    CAUGHT  ECALL_S

    CHECK   7                       /* U-mode has neither */
    TRY
    GO      MODE_U
    csrr    t0, satp
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_U
    sfence.vma
    CAUGHT  ILLEGAL

    CHECK   8                       /* TW: wfi in S traps */
    CSR_SET mstatus, MSTATUS_TW
    TRY
    GO      MODE_S
    wfi
    CAUGHT  ILLEGAL
    TRY
    GO      MODE_U
    wfi
    CAUGHT  ILLEGAL
    CSR_CLEAR mstatus, MSTATUS_TW

    CHECK   9  /* without TW, U's wfi may trap or go on, but not sleep for ever */
    TRY
    GO      MODE_U
    wfi
    ecall
    CAUGHT_EITHER ILLEGAL, ECALL_U

    CHECK   10  /* ecall and ebreak: epc is theirs; tval 0, for ebreak perhaps pc */
    TRY
1:  ecall
    CAUGHT  11
    EQ_LABEL s10, 1b
    EQ      s9, 0
    TRY
    .option push
    .option norvc
2:  ebreak
    .option pop
    CAUGHT  BREAKPOINT
    EQ_LABEL s10, 2b
    beqz    s9, 3f
    bne     s9, s10, fail
3:
    END
