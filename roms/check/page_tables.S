/* Page-table entries that must not be believed, addresses that have no translation, and translations
 * that have changed. (Privileged manual, Virtual Address Translation Process; Sv32 and Sv39.) */
#include "check.h"
#include "pages.h"

/* The window's page 0 with these flags: a load must end with this cause. */
    .macro  LOADS flags, cause
    SET_PAGE 0, page_a, \flags
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    ecall
    CAUGHT  \cause
    .endm

    BEGIN
    PAGING_ON
    li      s0, WINDOW
    la      s1, page_a
    la      s2, page_b
    li      t0, 0xa
    sw      t0, 0(s1)
    sw      t0, 0x124(s1)
    li      t0, 0xb
    sw      t0, 0(s2)
    sw      t0, 0x124(s2)

    CHECK   1                       /* V clear: nothing else counts */
    LOADS   (PTE_RWX & ~PTE_V), LOAD_PAGE
    bne     s9, s0, fail

    CHECK   2                       /* writable but not readable is reserved */
    LOADS   (PTE_AD | PTE_W), LOAD_PAGE
    LOADS   (PTE_AD | PTE_W | PTE_X), LOAD_PAGE

    CHECK   3                       /* a pointer in the last level */
    LOADS   PTE_V, LOAD_PAGE

    CHECK   4                       /* G and the two software bits do not matter */
    LOADS   (PTE_RW | PTE_G | 0x300), ECALL_S

    CHECK   5                       /* a pointer with A, D or U set is reserved */
    la      s3, page_root
    li      t0, WINDOW >> SUPERPAGE_SHIFT << (WORD_BYTES / 4 + 1)
    add     s3, s3, t0
    LOAD    s4, 0(s3)
    .irp    bit, PTE_A, PTE_D, PTE_U
    ori     t0, s4, \bit
    STORE   t0, 0(s3)
    LOADS   PTE_RW, LOAD_PAGE
    .endr
    STORE   s4, 0(s3)
    LOADS   PTE_RW, ECALL_S

    CHECK   6                       /* a superpage must be aligned */
    li      t0, (0x80000000 >> 2) | PTE_RW
    STORE   t0, 0(s3)
    sfence.vma
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    ecall
    CAUGHT  ECALL_S
    li      t0, ((0x80000000 + PAGE) >> 2) | PTE_RW
    STORE   t0, 0(s3)
    sfence.vma
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    STORE   s4, 0(s3)
    sfence.vma

    CHECK   7  /* a page in a hole: an access fault, with the virtual address */
    li      t0, (HOLE >> 2) | PTE_RWX
    SET_PTE 0, t0
    TRY
    GO      MODE_S
    lw      t0, 4(s0)
    CAUGHT  LOAD_ACCESS
    addi    t0, s0, 4
    bne     s9, t0, fail
    TRY
    GO      MODE_S
    sw      t0, 4(s0)
    CAUGHT  STORE_ACCESS
    TRY
    GO      MODE_S
    jalr    s0
    CAUGHT  FETCH_ACCESS
    bne     s9, s0, fail

    CHECK   9  /* sfence.vma with an address drops that page: any byte of it */
    SET_PAGE 0, page_a, PTE_RW
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    EQ      t0, 0xa
    MAKE_PTE t1, page_b, PTE_RW
    la      t2, page_leaves
    STORE   t1, 0(t2)
    addi    t3, s0, 0x123
    sfence.vma t3
    lw      t0, 0(s0)
    EQ      t0, 0xb
    sw      t0, 8(s0)
    ecall
    CAUGHT  ECALL_S
    lw      t0, 8(s2)
    EQ      t0, 0xb
    lw      t0, 8(s1)
    EQ      t0, 0

    CHECK   10                      /* a superpage goes as a whole, whichever address is named */
    li      t0, (0x80000000 >> 2) | PTE_RW
    STORE   t0, 0(s3)
    sfence.vma
    li      t1, WINDOW - 0x80000000
    add     s5, s1, t1              /* page a as the superpage shows it */
    TRY
    GO      MODE_S
    lw      t0, 0(s5)
    EQ      t0, 0xa
    STORE   s4, 0(s3)
    li      t1, WINDOW + 0x200000
    sfence.vma t1
    lw      t0, 0(s5)               /* a window page that is not mapped */
    ecall
    CAUGHT  LOAD_PAGE
    sfence.vma

    CHECK   11                      /* a pte that becomes valid needs the fence at most once */
    SET_PAGE 3, page_a, 0
    li      s6, WINDOW + 3 * PAGE
    TRY
    GO      MODE_S
    lw      t0, 0(s6)
    CAUGHT  LOAD_PAGE
    SET_PAGE 3, page_a, PTE_RW
    li      s6, WINDOW + 3 * PAGE
    TRY
    GO      MODE_S
    lw      t0, 0(s6)
    EQ      t0, 0xa
    ecall
    CAUGHT  ECALL_S

    CHECK   12                      /* bare again: S-mode, too, sees physical addresses */
    csrr    s5, satp
    CSR_CLEAR mstatus, MSTATUS_MPP
    csrw    satp, zero
    CSR_SET mstatus, (MODE_S << 11)
    TRY
    CSR_SET mstatus, MSTATUS_MPRV
    lw      t0, 0(s1)               /* bare: physical addresses, also for S */
    EQ      t0, 0xa
    li      t1, HOLE
    lw      t0, 0(t1)
    CAUGHT  LOAD_ACCESS
    csrw    satp, s5
    sfence.vma

#if XLEN == 64
    CHECK   30                      /* bits 63..39 must repeat bit 38 */
    li      s5, 1 << 38
    TRY
    GO      MODE_S
    lw      t0, 0(s5)
    CAUGHT  LOAD_PAGE
    bne     s9, s5, fail
    TRY
    GO      MODE_S
    sw      t0, 0(s5)
    CAUGHT  STORE_PAGE
    TRY
    GO      MODE_S
    jalr    s5
    CAUGHT  FETCH_PAGE
    bne     s9, s5, fail
    li      s5, (1 << 63) | WINDOW  /* as mapped, but for the top bit */
    TRY
    GO      MODE_S
    lw      t0, 0(s5)
    CAUGHT  LOAD_PAGE
    bne     s9, s5, fail

    CHECK   31  /* reserved upper bits, and those of extensions in reserved ways */
    .irp    bit, 54, 57, 60
    MAKE_PTE t5, page_a, PTE_RW
    li      t0, 1 << \bit
    or      t5, t5, t0
    SET_PTE 0, t5
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    .endr
    MAKE_PTE t5, page_a, PTE_RW     /* PBMT = 3 */
    li      t0, 3 << 61
    or      t5, t5, t0
    SET_PTE 0, t5
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
    li      t5, (1 << 63) | (0x80007000 >> 2) | PTE_RW /* N, no such size */
    SET_PTE 0, t5
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    CAUGHT  LOAD_PAGE
#else
    CHECK   32                      /* Sv32 makes 34-bit addresses: this one is not page a */
    MAKE_PTE t5, page_a, PTE_RW
    li      t0, 1 << 30             /* bit 32 of the address */
    or      t5, t5, t0
    SET_PTE 0, t5
    TRY
    GO      MODE_S
    lw      t0, 0(s0)
    CAUGHT  LOAD_ACCESS
#endif

    /* The manual: a table where there is no memory is an access fault of the access's own kind.
     * QEMU makes it a page fault. */
    CHECK   90
    li      t0, (HOLE >> 2) | PTE_V
    STORE   t0, 0(s3)
    sfence.vma
    TRY
    GO      MODE_S
    lw      t0, 4(s0)
    CAUGHT  LOAD_ACCESS
    TRY
    GO      MODE_S
    sw      t0, 4(s0)
    CAUGHT  STORE_ACCESS
    TRY
    GO      MODE_S
    jalr    s0
    CAUGHT  FETCH_ACCESS
    END
    PAGES
