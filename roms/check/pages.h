/* Page tables for the checks: Sv39 on RV64, Sv32 on RV32. Memory and devices below 4 GiB are where
 * they are, for S-mode. The same again stands at ALIAS above RAM's address, for U-mode: code there
 * is reached by GO_USER. From WINDOW on, each 4 KiB page is what SET_PAGE makes of it. */
#ifndef ROMS_PAGES_H
#define ROMS_PAGES_H

#define PTE_V 0x01
#define PTE_R 0x02
#define PTE_W 0x04
#define PTE_X 0x08
#define PTE_U 0x10
#define PTE_G 0x20
#define PTE_A 0x40
#define PTE_D 0x80
#define PTE_AD (PTE_V | PTE_A | PTE_D)
#define PTE_RW (PTE_AD | PTE_R | PTE_W)
#define PTE_RWX (PTE_RW | PTE_X)

#define PAGE   4096
#define WINDOW 0x40000000
#define ALIAS  0x40000000

#if XLEN == 64
#define SATP_MODE (8 << 60)
#define SUPERPAGE_SHIFT 30          /* of a leaf in the root */
#else
#define SATP_MODE (1 << 31)
#define SUPERPAGE_SHIFT 22
#endif

/* register = PTE for the page at label, flags below 0x400 */
    .macro MAKE_PTE register, label, flags
    la      \register, \label
    srli    \register, \register, 12
    slli    \register, \register, 10
    ori     \register, \register, \flags
    .endm

/* Page NUMBER of the window becomes the page at label; flags 0 unmaps it. */
    .macro SET_PAGE number, label, flags
    MAKE_PTE t5, \label, \flags
    SET_PTE \number, t5
    .endm

    .macro SET_PTE number, register
    la      t6, page_leaves
    STORE   \register, (\number * WORD_BYTES)(t6)
    sfence.vma
    .endm

    .macro GET_PTE register, number
    la      t6, page_leaves
    LOAD    \register, (\number * WORD_BYTES)(t6)
    .endm

/* As GO MODE_U, but in the alias, whose pages U-mode may use. */
    .macro GO_USER
    CSR_CLEAR mstatus, MSTATUS_MPP
    la      t6, 98f
    li      t5, ALIAS
    add     t6, t6, t5
    csrw    mepc, t6
    mret
98:
    .endm

/* Makes the tables and switches them on; M-mode does not notice. */
    .macro PAGING_ON
    la      t0, page_root
    li      t1, 0                   /* virtual address, in superpages */
    li      t2, (PTE_RWX)
1:  STORE   t2, 0(t0)
    addi    t0, t0, WORD_BYTES
    addi    t1, t1, 1
    slli    t2, t1, (SUPERPAGE_SHIFT - 2)
    ori     t2, t2, PTE_RWX
    li      t3, 1 << (32 - SUPERPAGE_SHIFT)
    bne     t1, t3, 1b
    la      t0, page_root           /* the alias */
    li      t1, (ALIAS + 0x80000000) >> SUPERPAGE_SHIFT << (WORD_BYTES / 4 + 1)
    add     t0, t0, t1
    li      t1, (0x80000000 >> 2) | PTE_RWX | PTE_U
    STORE   t1, 0(t0)
    la      t0, page_root           /* the window */
    li      t1, WINDOW >> SUPERPAGE_SHIFT << (WORD_BYTES / 4 + 1)
    add     t0, t0, t1
#if XLEN == 64
    MAKE_PTE t1, page_middle, PTE_V
    STORE   t1, 0(t0)
    la      t0, page_middle
#endif
    MAKE_PTE t1, page_leaves, PTE_V
    STORE   t1, 0(t0)
    la      t0, page_root
    srli    t0, t0, 12
    li      t1, SATP_MODE
    or      t0, t0, t1
    csrw    satp, t0
    sfence.vma
    .endm

/* Room for them, and three pages to map. */
    .macro PAGES
    .bss
    .balign PAGE
page_root:   .skip PAGE
page_middle: .skip PAGE
page_leaves: .skip PAGE
page_a:      .skip PAGE
page_gap:    .skip PAGE             /* so that a and b are not neighbours */
page_b:      .skip PAGE
    .endm

#endif
