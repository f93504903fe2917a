/* Instruction fetch: across two pages that are no neighbours, into a page that is not there, from
 * one that may not be executed, from a hole; and code that changes under our feet. Code is put
 * together in pages a and b and run through the window. */
#include "check.h"
#include "pages.h"

#define C_LI_A0_1 0x4505            /* c.li a0, 1 */
#define C_JR_RA   0x8082            /* c.jr ra */
#define ADDI_A0_42 0x02a00513       /* addi a0, x0, 42: two halves */

    BEGIN
    PAGING_ON
    la      s2, page_a
    la      s3, page_b
    li      s4, WINDOW + PAGE - 2   /* the last halfword of the first page */
    li      s5, WINDOW + PAGE
    li      t0, PAGE - 2
    add     s2, s2, t0
    SET_PAGE 0, page_a, (PTE_AD | PTE_X)
    SET_PAGE 1, page_b, (PTE_AD | PTE_X)

    CHECK   1                       /* the two halves come from two pages */
    li      t0, ADDI_A0_42 & 0xffff
    sh      t0, 0(s2)
    li      t0, ADDI_A0_42 >> 16
    sh      t0, 0(s3)
    li      t0, C_JR_RA
    sh      t0, 2(s3)
    fence.i
    TRY
    GO      MODE_S
    li      a0, 0
    jalr    s4
    EQ      a0, 42
    ecall
    CAUGHT  ECALL_S

    CHECK   2  /* second half missing: epc is the instruction, tval the second page */
    SET_PAGE 1, page_b, 0
    TRY
    GO      MODE_S
    jalr    s4
    CAUGHT  FETCH_PAGE
    bne     s10, s4, fail
    bne     s9, s5, fail

    CHECK   3                       /* second half not executable */
    SET_PAGE 1, page_b, PTE_RW
    TRY
    GO      MODE_S
    jalr    s4
    CAUGHT  FETCH_PAGE
    bne     s10, s4, fail
    bne     s9, s5, fail

    CHECK   4                       /* second half in a hole */
    li      t0, (HOLE >> 2) | PTE_RWX
    SET_PTE 1, t0
    TRY
    GO      MODE_S
    jalr    s4
    CAUGHT  FETCH_ACCESS
    bne     s10, s4, fail
    bne     s9, s5, fail

    CHECK   5                       /* a compressed one there does not touch the next page */
    SET_PAGE 1, page_b, 0
    li      t0, C_JR_RA
    sh      t0, 0(s2)
    fence.i
    TRY
    GO      MODE_S
    jalr    s4
    ecall
    CAUGHT  ECALL_S

    CHECK   6                       /* and the one after it faults where it would be */
    li      t0, C_LI_A0_1
    sh      t0, 0(s2)
    fence.i
    TRY
    GO      MODE_S
    li      a0, 0
    jalr    s4
    CAUGHT  FETCH_PAGE
    bne     s10, s5, fail
    bne     s9, s5, fail
    EQ      a0, 1

    CHECK   7                       /* once the page is there, the same jump works */
    SET_PAGE 1, page_b, (PTE_AD | PTE_X)
    li      t0, C_JR_RA
    sh      t0, 0(s3)
    fence.i
    TRY
    GO      MODE_S
    li      a0, 0
    jalr    s4
    EQ      a0, 1
    ecall
    CAUGHT  ECALL_S

    CHECK   8                       /* the first page is not executable */
    SET_PAGE 0, page_a, PTE_RW
    TRY
    GO      MODE_S
    jalr    s4
    CAUGHT  FETCH_PAGE
    bne     s10, s4, fail
    bne     s9, s4, fail

    CHECK   9                       /* S-mode does not run U pages, SUM or not */
    SET_PAGE 0, page_a, (PTE_RWX | PTE_U)
    CSR_SET mstatus, MSTATUS_SUM
    TRY
    GO      MODE_S
    jalr    s4
    CAUGHT  FETCH_PAGE
    CSR_CLEAR mstatus, MSTATUS_SUM

    CHECK   10                      /* nor U-mode S pages */
    SET_PAGE 0, page_a, PTE_RWX
    TRY
    GO_USER
    jalr    s4
    CAUGHT  FETCH_PAGE
    bne     s10, s4, fail

    CHECK   11                      /* a hole, in M-mode */
    li      t0, HOLE
    TRY
    jalr    t0
    CAUGHT  FETCH_ACCESS
    EQ      s9, HOLE
    EQ      s10, HOLE

    CHECK   12                      /* new code through another address, after fence.i */
    SET_PAGE 1, page_b, PTE_RWX
    li      t0, C_LI_A0_1
    sh      t0, 0(s3)
    li      t0, C_JR_RA
    sh      t0, 2(s3)
    fence.i
    TRY
    GO      MODE_S
    jalr    s5
    EQ      a0, 1
    li      t0, 0x4509              /* c.li a0, 2 */
    sh      t0, 0(s3)
    fence.i
    jalr    s5
    EQ      a0, 2
    li      t0, 0x450d              /* c.li a0, 3 */
    sh      t0, 0(s5)
    fence.i
    jalr    s3
    EQ      a0, 3
    jalr    s5
    EQ      a0, 3
    ecall
    CAUGHT  ECALL_S

    CHECK   13                      /* another page at the same address, after sfence.vma */
    la      s2, page_a
    li      t0, C_LI_A0_1
    sh      t0, 0(s2)
    li      t0, C_JR_RA
    sh      t0, 2(s2)
    fence.i
    SET_PAGE 1, page_a, PTE_RWX
    TRY
    GO      MODE_S
    jalr    s5
    EQ      a0, 1
    ecall
    CAUGHT  ECALL_S

    CHECK   14                      /* jalr clears bit 0 of its target */
    la      t0, 1f
    ori     t0, t0, 1
    li      a0, 0
    jalr    t1, t0
2:
    j       fail
1:  EQ_LABEL t1, 2b
    END
    PAGES
