/* LR/SC and AMO: when SC must fail, what must trap, and with which cause. (Unprivileged manual,
 * "A" Extension for Atomic Instructions.) Leaves out what the manual leaves open: stores of one's
 * own between LR and SC, and LR and SC of different widths. */
#include "check.h"
#include "pages.h"

    BEGIN
    la      a0, page_a
    la      a1, page_b

    CHECK   1                       /* LR then SC: succeeds, stores; LR.W extends the sign */
    li      t0, 0x80000001
    sw      t0, 0(a0)
    li      t1, 77
    lr.w    t2, (a0)
    sc.w    t3, t1, (a0)
    EQ      t2, 0xffffffff80000001
    EQ      t3, 0
    lw      t4, 0(a0)
    EQ      t4, 77

    CHECK   2  /* a second SC has no reservation left: fails, stores nothing */
    li      t1, 78
    sc.w    t3, t1, (a0)
    beqz    t3, fail
    lw      t4, 0(a0)
    EQ      t4, 77

    CHECK   3                       /* SC elsewhere fails */
    sw      zero, 0(a1)
    lr.w    t2, (a0)
    sc.w    t3, t1, (a1)
    beqz    t3, fail
    lw      t4, 0(a1)
    EQ      t4, 0

    CHECK   4                       /* and that failed SC has spent the reservation */
    sc.w    t3, t1, (a0)
    beqz    t3, fail
    lw      t4, 0(a0)
    EQ      t4, 77

    CHECK   5                       /* a later LR moves the reservation */
    lr.w    t2, (a0)
    lr.w    t2, (a1)
    sc.w    t3, t1, (a0)
    beqz    t3, fail

    CHECK   6                       /* rd = x0 hides the verdict, not the store */
    li      t1, 79
    lr.w    t2, (a0)
    sc.w    x0, t1, (a0)
    lw      t4, 0(a0)
    EQ      t4, 79

    CHECK   7                       /* misaligned: a trap, never two halves */
    addi    a2, a0, 2
    TRY
    lr.w    t2, (a2)
    CAUGHT_EITHER LOAD_MISALIGNED, LOAD_ACCESS
    bne     s9, a2, fail

    CHECK   10                      /* in a hole: LR is a load, AMO a store (QEMU 7.2 fails) */
    li      a3, HOLE
    TRY
    lr.w    t2, (a3)
    CAUGHT  LOAD_ACCESS
    bne     s9, a3, fail
    TRY
    amoor.w t2, t1, (a3)
    CAUGHT  STORE_ACCESS
    bne     s9, a3, fail

    .macro  ATOMIC number, name, memory, operand, result
    CHECK   \number
    li      t0, \memory
    sw      t0, 0(a0)
    li      t1, \operand
    \name   t2, t1, (a0)
    EQ      t2, \memory
    lw      t3, 0(a0)
    EQ      t3, \result
    sw      t0, 0(a0)
    \name   t1, t1, (a0)            /* rd = rs2 */
    EQ      t1, \memory
    lw      t3, 0(a0)
    EQ      t3, \result
    sw      t0, 0(a0)
    li      t1, \operand
    \name   x0, t1, (a0)            /* rd = x0: memory changes all the same */
    lw      t3, 0(a0)
    EQ      t3, \result
    .endm
    ATOMIC  20, amoadd.w, 0x7fffffff, 1, 0xffffffff80000000
    ATOMIC  21, amoswap.w, -5, 6, 6
    ATOMIC  22, amoand.w, -16, 0x3c, 0x30
    ATOMIC  23, amoor.w, 0x30, 0x0f, 0x3f
    ATOMIC  24, amoxor.w, -1, 0x0f, -16
    ATOMIC  25, amomin.w, -1, 1, -1
    ATOMIC  26, amomax.w, -1, 1, 1
    ATOMIC  27, amominu.w, -1, 1, 1
    ATOMIC  28, amomaxu.w, -1, 1, -1

#if XLEN == 64
    CHECK   40                      /* W forms look at the lower halves of register and memory */
    li      t0, 0x1234567800000005
    sd      t0, 0(a0)
    li      t1, 0x7fffffff00000003
    amomax.w t2, t1, (a0)
    ld      t3, 0(a0)
    EQ      t3, 0x1234567800000005
    li      t1, 0x00000000ffffffff  /* -1 in 32 bits */
    amomin.w t2, t1, (a0)
    ld      t3, 0(a0)
    EQ      t3, 0x12345678ffffffff

    CHECK   41
    li      t0, 0x8000000000000000
    sd      t0, 0(a0)
    li      t1, 1
    amomaxu.d t2, t1, (a0)
    bne     t2, t0, fail
    amomax.d t2, t1, (a0)
    bne     t2, t0, fail
    ld      t3, 0(a0)
    EQ      t3, 1

    CHECK   42
    addi    a2, a0, 4
    TRY
    lr.d    t2, (a2)
    CAUGHT_EITHER LOAD_MISALIGNED, LOAD_ACCESS
#endif

    PAGING_ON
    li      a4, WINDOW
    CHECK   60  /* an AMO needs to write: a store fault also on a readable page */
    SET_PAGE 0, page_a, (PTE_AD | PTE_R)
    TRY
    GO      MODE_S
    amoadd.w t2, t1, (a4)
    CAUGHT  STORE_PAGE
    bne     s9, a4, fail

    CHECK   61                      /* an LR does not */
    TRY
    GO      MODE_S
    lr.w    t2, (a4)
    ecall
    CAUGHT  ECALL_S

    CHECK   62                      /* nothing there at all: load for LR, store for AMO */
    SET_PAGE 0, page_a, 0
    TRY
    GO      MODE_S
    lr.w    t2, (a4)
    CAUGHT  LOAD_PAGE
    TRY
    GO      MODE_S
    amoswap.w x0, x0, (a4)
    CAUGHT  STORE_PAGE

    CHECK   63                      /* SC with a reservation, on a page that became read-only */
    SET_PAGE 0, page_a, PTE_RW
    TRY
    GO      MODE_S
    lr.w    t2, (a4)
    ecall
    CAUGHT  ECALL_S
    SET_PAGE 0, page_a, (PTE_AD | PTE_R)
    TRY
    GO      MODE_S
    sc.w    t2, t1, (a4)
    ecall
    CAUGHT_EITHER STORE_PAGE, ECALL_S /* trap and return may have ended the reservation */

    /* QEMU (7.2 and 10) sees that the reservation is elsewhere and fails without a trap; the manual
     * wants a trap for every misaligned LR and SC. */
    CHECK   90
    addi    a2, a0, 2
    li      t0, 79
    sw      t0, 0(a0)
    TRY
    lr.w    t2, (a0)
    sc.w    t3, t1, (a2)
    CAUGHT_EITHER STORE_MISALIGNED, STORE_ACCESS
    bne     s9, a2, fail
    lw      t4, 0(a0)
    EQ      t4, 79

    /* QEMU calls a misaligned AMO a misaligned load; the manual has AMO raise the store causes. */
    /* Across 16 bytes, where Zama16b allows it no more than anything else does. */
    CHECK   91
    ori     a2, a0, 14
    TRY
    amoadd.w t2, t1, (a2)
    CAUGHT_EITHER STORE_MISALIGNED, STORE_ACCESS
    bne     s9, a2, fail
#if XLEN == 64
    ori     a2, a0, 12
    TRY
    amoswap.d t2, t1, (a2)
    CAUGHT_EITHER STORE_MISALIGNED, STORE_ACCESS
    bne     s9, a2, fail
#endif
    END
    PAGES
