/* The A and D bits of a page-table entry. Where menvcfg.ADUE exists and is set (Svadu), hardware
 * sets them, D only for a store that really happens; otherwise (Svade) an access that would need to
 * set one is a page fault. (Privileged manual, Virtual Address Translation Process, step 9.)
 * QEMU 7.2 has no ADUE and sets the bits all the same, which its manual allowed: it fails at 1. */
#include "check.h"
#include "pages.h"

#if XLEN == 64
#define ADUE_CSR CSR_MENVCFG
#define ADUE     (1 << 61)
#else
#define ADUE_CSR CSR_MENVCFGH
#define ADUE     (1 << 29)
#endif

    .macro  ACCESS cause, instruction:vararg
    TRY
    GO      MODE_S
    \instruction
    ecall
    CAUGHT  \cause
    .endm

/* Fails unless the window's entry has just these of A and D. */
    .macro  BITS_ARE bits
    GET_PTE t0, 0
    andi    t0, t0, PTE_A | PTE_D
    EQ      t0, (\bits)
    .endm

    BEGIN
    PAGING_ON
    li      s0, WINDOW
    CSR_CLEAR ADUE_CSR, ADUE

    CHECK   1                       /* Svade: A clear, and nothing is set on the way */
    SET_PAGE 0, page_a, (PTE_V | PTE_R | PTE_W | PTE_X)
    ACCESS  LOAD_PAGE, lw t0, 0(s0)
    ACCESS  STORE_PAGE, sw t0, 0(s0)
    ACCESS  FETCH_PAGE, jalr s0
    BITS_ARE 0

    CHECK   2                       /* A set, D clear: loads pass, stores and AMOs do not */
    SET_PAGE 0, page_a, (PTE_V | PTE_R | PTE_W | PTE_A)
    ACCESS  ECALL_S, lw t0, 0(s0)
    ACCESS  STORE_PAGE, sw t0, 0(s0)
    ACCESS  STORE_PAGE, amoadd.w t0, t0, (s0)
    BITS_ARE PTE_A

    CSR_SET ADUE_CSR, ADUE
    csrr    t0, ADUE_CSR
    CSR_CLEAR ADUE_CSR, ADUE
    li      t6, ADUE
    and     t0, t0, t6
    beqz    t0, pass                /* no Svadu here */
    CSR_SET ADUE_CSR, ADUE
    sfence.vma

    CHECK   3                       /* Svadu: a load sets A */
    SET_PAGE 0, page_a, (PTE_V | PTE_R | PTE_W)
    ACCESS  ECALL_S, lw t0, 0(s0)
    BITS_ARE PTE_A

    CHECK   4  /* then a store to the same page D, though the page is cached */
    ACCESS  ECALL_S, sw t0, 0(s0)
    BITS_ARE (PTE_A | PTE_D)

    CHECK   5                       /* a store sets both at once */
    SET_PAGE 0, page_a, (PTE_V | PTE_R | PTE_W)
    ACCESS  ECALL_S, sw t0, 0(s0)
    BITS_ARE (PTE_A | PTE_D)

    CHECK   6                       /* a store that faults sets no D */
    SET_PAGE 0, page_a, (PTE_V | PTE_R)
    ACCESS  STORE_PAGE, sw t0, 0(s0)
    GET_PTE t0, 0
    ALL_CLEAR t0, PTE_D

    CHECK   7                       /* a fetch sets A */
    la      t0, page_a
    li      t1, 0x8082              /* c.jr ra */
    sh      t1, 0(t0)
    fence.i
    SET_PAGE 0, page_a, (PTE_V | PTE_X)
    ACCESS  ECALL_S, jalr s0
    BITS_ARE PTE_A

    CHECK   8                       /* ADUE off again: faults again */
    CSR_CLEAR ADUE_CSR, ADUE
    SET_PAGE 0, page_a, (PTE_V | PTE_R | PTE_W)
    ACCESS  LOAD_PAGE, lw t0, 0(s0)
    BITS_ARE 0
    END
    PAGES
