/* Misaligned loads and stores, which this machine does in hardware: inside a page, across a page,
 * across two pages that are no neighbours in memory, and into a page that is not there. (Privileged
 * manual, stval: the address of the part of the access that caused the fault.) */
#include "check.h"
#include "pages.h"

    BEGIN
    PAGING_ON
    SET_PAGE 0, page_a, PTE_RW
    SET_PAGE 1, page_b, PTE_RW
    la      a0, page_a
    la      a1, page_b
    li      a4, WINDOW + PAGE       /* the boundary */

    li      t1, PAGE
    add     a3, a0, t1              /* end of page a */

    li      t0, 0x83828180
    sw      t0, -8(a3)
    li      t0, 0x87868584
    sw      t0, -4(a3)
    li      t0, 0x8b8a8988
    sw      t0, 0(a1)
    li      t0, 0x8f8e8d8c
    sw      t0, 4(a1)

    CHECK   1                       /* inside a page, M-mode */
    lh      t0, -7(a3)
    EQ      t0, 0xffffffffffff8281
    lhu     t0, -7(a3)
    EQ      t0, 0x8281
    lw      t0, -7(a3)
    EQ      t0, 0xffffffff84838281
    lw      t0, -6(a3)
    EQ      t0, 0xffffffff85848382
    lw      t0, -5(a3)
    EQ      t0, 0xffffffff86858483
#if XLEN == 64
    lwu     t0, -7(a3)
    EQ      t0, 0x84838281
#endif
    sh      zero, -5(a3)
    lw      t0, -8(a3)
    EQ      t0, 0x00828180
    lw      t0, -4(a3)
    EQ      t0, 0xffffffff87868500
    li      t0, 0x8483
    sh      t0, -5(a3)

    CHECK   2                       /* across pages that are no neighbours */
    TRY
    GO      MODE_S
    lh      t0, -1(a4)
    EQ      t0, 0xffffffffffff8887
    lhu     t0, -1(a4)
    EQ      t0, 0x8887
    lw      t0, -1(a4)
    EQ      t0, 0xffffffff8a898887
    lw      t0, -2(a4)
    EQ      t0, 0xffffffff89888786
    lw      t0, -3(a4)
    EQ      t0, 0xffffffff88878685
#if XLEN == 64
    ld      t0, -1(a4)
    EQ      t0, 0x8e8d8c8b8a898887
    ld      t0, -5(a4)
    EQ      t0, 0x8a89888786858483
#endif
    fld     fa0, -3(a4)
    fsd     fa0, 64(a4)
    lw      t0, 64(a4)
    EQ      t0, 0xffffffff88878685
    lw      t0, 68(a4)
    EQ      t0, 0xffffffff8c8b8a89
    ecall
    CAUGHT  ECALL_S

    CHECK   3                       /* a store puts its bytes into both */
    TRY
    GO      MODE_S
    li      t0, 0x44332211
    sw      t0, -1(a4)
    ecall
    CAUGHT  ECALL_S
    lw      t0, -4(a3)
    EQ      t0, 0x11868584
    lw      t0, 0(a1)
    EQ      t0, 0xffffffff8b443322
    la      t0, page_gap            /* and none into the page that lies behind a in memory */
    lw      t0, 0(t0)
    EQ      t0, 0

    CHECK   4                       /* the second page missing: tval is where it begins */
    SET_PAGE 1, page_b, 0
    TRY
    GO      MODE_S
    lw      t0, -3(a4)
    CAUGHT  LOAD_PAGE
    bne     s9, a4, fail

    CHECK   5
    TRY
    GO      MODE_S
    sw      t0, -3(a4)
    CAUGHT  STORE_PAGE
    bne     s9, a4, fail

    CHECK   6                       /* read-only is missing enough for a store */
    SET_PAGE 1, page_b, (PTE_AD | PTE_R)
    TRY
    GO      MODE_S
    sh      t0, -1(a4)
    CAUGHT  STORE_PAGE
    bne     s9, a4, fail
    TRY
    GO      MODE_S
    lh      t0, -1(a4)
    ecall
    CAUGHT  ECALL_S

    CHECK   7                       /* the first page missing: tval is where the access begins */
    SET_PAGE 0, page_a, 0
    TRY
    GO      MODE_S
    lw      t0, -3(a4)
    CAUGHT  LOAD_PAGE
    addi    t0, a4, -3
    bne     s9, t0, fail

    CHECK   8                       /* half of the access falls into a hole */
    SET_PAGE 0, page_a, PTE_RW
    li      t0, (HOLE >> 2) | PTE_RW
    SET_PTE 1, t0
    TRY
    GO      MODE_S
    lw      t0, -2(a4)
    CAUGHT  LOAD_ACCESS
    bne     s9, a4, fail
    TRY
    GO      MODE_S
    sw      t0, -2(a4)
    CAUGHT  STORE_ACCESS
    bne     s9, a4, fail
    END
    PAGES
