/* Page permissions and the bits that bend them: U pages and SUM, X pages and MXR, MPRV. (Privileged
 * manual, Memory Privilege in mstatus; Virtual Address Translation Process, steps 5 to 8.) */
#include "check.h"
#include "pages.h"

    .macro  PAGE_IS flags
    SET_PAGE 0, page_a, \flags
    .endm

/* One access to the page, in S or U; it must end with this cause (ecall: it went well). */
    .macro  IN_S cause, instruction:vararg
    TRY
    GO      MODE_S
    \instruction
    ecall
    CAUGHT  \cause
    .endm

    .macro  IN_U cause, instruction:vararg
    TRY
    GO_USER
    \instruction
    ecall
    CAUGHT  \cause
    .endm

    BEGIN
    PAGING_ON
    li      s0, WINDOW
    la      s1, page_a
    li      t0, 0x12345678
    sw      t0, 0(s1)

    CHECK   1                       /* an S page: S may, U may not */
    PAGE_IS PTE_RW
    IN_S    ECALL_S, lw t0, 0(s0)
    EQ      t0, 0x12345678
    IN_U    LOAD_PAGE, lw t0, 0(s0)
    bne     s9, s0, fail
    IN_U    STORE_PAGE, sw t0, 0(s0)
    bne     s9, s0, fail

    CHECK   2                       /* a U page: U may, S may not... */
    PAGE_IS (PTE_RW | PTE_U)
    IN_U    ECALL_U, lw t0, 0(s0)
    IN_U    ECALL_U, sw t0, 0(s0)
    IN_S    LOAD_PAGE, lw t0, 0(s0)
    IN_S    STORE_PAGE, sw t0, 0(s0)

    CHECK   3                       /* ...unless SUM says so, from the very next access */
    CSR_SET mstatus, MSTATUS_SUM
    IN_S    ECALL_S, lw t0, 0(s0)
    IN_S    ECALL_S, sw t0, 0(s0)
    CSR_CLEAR mstatus, MSTATUS_SUM
    IN_S    LOAD_PAGE, lw t0, 0(s0)
    TRY
    GO      MODE_S
    CSR_SET sstatus, MSTATUS_SUM
    lw      t0, 0(s0)
    CSR_CLEAR sstatus, MSTATUS_SUM
1:  lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    EQ_LABEL s10, 1b

    CHECK   4                       /* read-only */
    PAGE_IS (PTE_AD | PTE_R)
    IN_S    ECALL_S, lw t0, 0(s0)
    IN_S    STORE_PAGE, sb t0, 3(s0)
    addi    t0, s0, 3
    bne     s9, t0, fail

    CHECK   5                       /* execute-only: a load needs MXR */
    PAGE_IS (PTE_AD | PTE_X)
    IN_S    LOAD_PAGE, lw t0, 0(s0)
    CSR_SET mstatus, MSTATUS_MXR
    IN_S    ECALL_S, lw t0, 0(s0)
    IN_S    STORE_PAGE, sw t0, 0(s0)
    CSR_CLEAR mstatus, MSTATUS_MXR
    IN_S    LOAD_PAGE, lw t0, 0(s0)

    CHECK   6                       /* MXR also for U-mode */
    PAGE_IS (PTE_AD | PTE_X | PTE_U)
    IN_U    LOAD_PAGE, lw t0, 0(s0)
    CSR_SET mstatus, MSTATUS_MXR
    IN_U    ECALL_U, lw t0, 0(s0)
    CSR_CLEAR mstatus, MSTATUS_MXR

    CHECK   7                       /* MPRV: M's loads and stores as if in MPP's mode */
    PAGE_IS PTE_RW
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, ((MODE_S << 11) | MSTATUS_MPRV)
    lw      t0, 0(s0)
    CSR_CLEAR mstatus, MSTATUS_MPRV

    CHECK   8                       /* MPP = U: an S page is out of reach */
    CSR_CLEAR mstatus, MSTATUS_MPP
    TRY
    CSR_SET mstatus, MSTATUS_MPRV
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    CSR_CLEAR mstatus, MSTATUS_MPP
    TRY
    CSR_SET mstatus, MSTATUS_MPRV
    sw      t0, 0(s0)
    CAUGHT  STORE_PAGE

    CHECK   9                       /* SUM counts when MPRV pretends to be S */
    PAGE_IS (PTE_RW | PTE_U)
    CSR_CLEAR mstatus, MSTATUS_MPP
    TRY
    CSR_SET mstatus, ((MODE_S << 11) | MSTATUS_MPRV)
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, ((MODE_S << 11) | MSTATUS_MPRV | MSTATUS_SUM)
    lw      t0, 0(s0)
    CSR_CLEAR mstatus, (MSTATUS_MPRV | MSTATUS_SUM)

    CHECK   10                      /* MPRV does not touch fetches: no page needed to run on */
    csrw    satp, zero
    la      t0, page_leaves         /* tables in which nothing is valid */
    srli    t0, t0, 12
    li      t1, SATP_MODE
    or      t0, t0, t1
    csrw    satp, t0
    SET_PAGE 0, page_a, 0
    sfence.vma
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, ((MODE_S << 11) | MSTATUS_MPRV)
    nop
    CSR_CLEAR mstatus, MSTATUS_MPRV

    CHECK   11                      /* MPRV with MPP = M changes nothing */
    CSR_SET mstatus, (MSTATUS_MPP | MSTATUS_MPRV)
    lw      t0, 0(s1)
    CSR_CLEAR mstatus, MSTATUS_MPRV
    EQ      t0, 0x12345678
    END
    PAGES
