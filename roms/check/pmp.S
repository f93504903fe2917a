/* Physical memory protection: matching, priority, partial matches, locks, and what it guards beside
 * plain loads. Granularity is taken to be 4 bytes (NA4 exists). Entry 15 lets S and U do everything;
 * these checks put others before it. (Privileged manual, Physical Memory Protection.) */
#include "check.h"
#include "pages.h"

#define P_R   1
#define P_W   2
#define P_X   4
#define TOR   0x08
#define NA4   0x10
#define NAPOT 0x18
#define P_L   0x80

/* Configures entries 0 to 3. */
    .macro  ENTRIES zero, one=0, two=0, three=0
    li      t6, (\zero) | (\one) << 8 | (\two) << 16 | (\three) << 24
    csrw    pmpcfg0, t6
    sfence.vma
    .endm

/* pmpaddrN = address of label + offset; for NAPOT, of size bytes. (The assembler's true is -1.) */
    .macro  ADDRESS entry, label, offset=0, size=4
    la      t6, \label + (\offset)
    srli    t6, t6, 2
    ori     t6, t6, (\size) / 8 + ((\size) >= 8)
    csrw    pmpaddr\entry, t6
    .endm

    .macro  IN_U cause, instruction:vararg
    TRY
    GO      MODE_U
    \instruction
    ecall
    CAUGHT  \cause
    .endm

    BEGIN
    la      s0, area

    CHECK   1                       /* NA4 without permissions: four bytes, and only they */
    ADDRESS 0, area
    ENTRIES NA4
    IN_U    LOAD_ACCESS, lw t0, 0(s0)
    bne     s9, s0, fail
    IN_U    STORE_ACCESS, sb t0, 3(s0)
    IN_U    ECALL_U, lw t0, 4(s0)
    IN_U    ECALL_U, lw t0, -4(s0)
    lw      t0, 0(s0)               /* M may: the entry is not locked */
    sw      t0, 0(s0)

    CHECK   2                       /* permissions one by one */
    ENTRIES NA4 | P_R
    IN_U    ECALL_U, lw t0, 0(s0)
    IN_U    STORE_ACCESS, sw t0, 0(s0)
    IN_U    FETCH_ACCESS, jalr s0
    bne     s9, s0, fail
    bne     s10, s0, fail
    li      t0, 0x8082              /* c.jr ra */
    sh      t0, 0(s0)
    fence.i
    ENTRIES NA4 | P_X
    IN_U    ECALL_U, jalr s0
    IN_U    LOAD_ACCESS, lw t0, 0(s0)
    ENTRIES NA4 | P_R | P_W
    IN_U    ECALL_U, sw zero, 0(s0)
    IN_U    FETCH_ACCESS, jalr s0

    CHECK   3  /* an AMO needs both read and write; it is a store that fails */
    ENTRIES NA4 | P_R
    IN_U    STORE_ACCESS, amoadd.w t0, t0, (s0)

    CHECK   4                       /* NAPOT: sizes 8 and 64 */
    ADDRESS 0, area, 0, 8
    ENTRIES NAPOT
    IN_U    LOAD_ACCESS, lb t0, 7(s0)
    IN_U    ECALL_U, lb t0, 8(s0)
    ADDRESS 0, area, 0, 64
    IN_U    LOAD_ACCESS, lb t0, 63(s0)
    IN_U    ECALL_U, lb t0, 64(s0)
    IN_U    ECALL_U, lb t0, -1(s0)

    CHECK   5                       /* the lowest number decides */
    ADDRESS 1, area, 0, 64
    ENTRIES NAPOT, NAPOT | P_R | P_W
    IN_U    LOAD_ACCESS, lw t0, 0(s0)
    ENTRIES NAPOT | P_R, NAPOT
    IN_U    ECALL_U, lw t0, 0(s0)

    CHECK   6                       /* TOR: from the address before to just below */
    ADDRESS 0, area
    ADDRESS 1, area, 64
    ENTRIES 0, TOR
    IN_U    LOAD_ACCESS, lw t0, 0(s0)
    IN_U    LOAD_ACCESS, lw t0, 60(s0)
    IN_U    ECALL_U, lw t0, 64(s0)
    IN_U    ECALL_U, lw t0, -4(s0)

    CHECK   7                       /* TOR with nothing between matches nothing */
    ADDRESS 0, area, 64
    ADDRESS 1, area
    ENTRIES 0, TOR
    IN_U    ECALL_U, lw t0, 0(s0)
    ADDRESS 0, area
    IN_U    ECALL_U, lw t0, 0(s0)

    CHECK   8                       /* entry 0 as TOR begins at 0 */
    CSR_WRITE pmpaddr0, (0x80000000 >> 2)
    ENTRIES TOR
    li      s1, UART
    IN_U    LOAD_ACCESS, lb t0, 5(s1)
    IN_U    ECALL_U, lw t0, 0(s0)

    CHECK   9                       /* an access must lie wholly inside, or it fails */
    ADDRESS 0, area, 0, 64
    ENTRIES NAPOT
    IN_U    LOAD_ACCESS, lw t0, 62(s0)
    IN_U    STORE_ACCESS, sw t0, -2(s0)
#if XLEN == 64
    ADDRESS 0, area
    ENTRIES NA4 | P_R | P_W
    IN_U    LOAD_ACCESS, ld t0, 0(s0)
    TRY
    ld      t0, 0(s0)               /* also in M-mode, lock or not */
    CAUGHT  LOAD_ACCESS
#endif

    CHECK   10                      /* no entry matches: M may, U may not */
    ENTRIES 0
    csrr    s1, pmpaddr15
    CSR_WRITE pmpaddr15, (HOLE >> 2)
    sfence.vma
    lw      t0, 0(s0)
    TRY
    GO      MODE_U
1:  nop
    ecall
    CAUGHT  FETCH_ACCESS
    EQ_LABEL s10, 1b
    bne     s9, s10, fail
    csrw    pmpaddr15, s1
    sfence.vma

    CHECK   11                      /* MPRV: M as U */
    ADDRESS 0, area
    ENTRIES NA4
    CSR_CLEAR mstatus, MSTATUS_MPP
    TRY
    CSR_SET mstatus, MSTATUS_MPRV
    lw      t0, 0(s0)
    CAUGHT  LOAD_ACCESS
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, MSTATUS_MPRV
    lw      t0, 4(s0)
    CSR_CLEAR mstatus, MSTATUS_MPRV

    CHECK   12  /* page tables are read as S: a fault of the access's own kind */
    PAGING_ON
    SET_PAGE 0, page_a, PTE_RW
    ADDRESS 0, page_leaves, 0, 4096
    ENTRIES NAPOT
    li      s1, WINDOW
    TRY
    GO      MODE_S
    lw      t0, 0(s1)
    CAUGHT  LOAD_ACCESS
    bne     s9, s1, fail
    TRY
    GO      MODE_S
    sw      t0, 0(s1)
    CAUGHT  STORE_ACCESS
    TRY
    GO      MODE_S
    jalr    s1
    CAUGHT  FETCH_ACCESS

    CHECK   13                      /* a small entry inside a mapped page guards just its bytes */
    ADDRESS 0, page_a, 16
    ENTRIES NA4
    TRY
    GO      MODE_S
    lw      t0, 12(s1)
    lw      t0, 20(s1)
    lw      t0, 16(s1)
    CAUGHT  LOAD_ACCESS
    addi    t0, s1, 16
    bne     s9, t0, fail
    ENTRIES 0
    TRY
    GO      MODE_S
    lw      t0, 16(s1)
    ecall
    CAUGHT  ECALL_S
    csrw    satp, zero

    CHECK   14                      /* S and U cannot see the registers */
    TRY
    GO      MODE_S
    csrr    t0, pmpcfg0
    CAUGHT  ILLEGAL

    /* From here on entries are locked, until reset. */
    CHECK   30                      /* L: M has to obey */
    ADDRESS 1, area
    ENTRIES 0, (NA4 | P_L | P_R)
    lw      t0, 0(s0)
    TRY
    sw      t0, 0(s0)
    CAUGHT  STORE_ACCESS
    sw      t0, 4(s0)

    CHECK   31                      /* and neither cfg nor address can be changed */
    csrr    t1, pmpaddr1
    csrw    pmpaddr1, zero
    csrr    t2, pmpaddr1
    bne     t1, t2, fail
    ENTRIES NA4 | P_R
    csrr    t0, pmpcfg0
    EQ      t0, (NA4 | P_R | (NA4 | P_L | P_R) << 8)

    CHECK   32                      /* a locked TOR also locks the address before it */
    ADDRESS 2, area, 128
    ADDRESS 3, area, 192
    ENTRIES 0, 0, 0, (TOR | P_L)
    csrr    t1, pmpaddr2
    csrw    pmpaddr2, zero
    csrr    t2, pmpaddr2
    bne     t1, t2, fail
    TRY
    lw      t0, 128(s0)
    CAUGHT  LOAD_ACCESS
    TRY
    lw      t0, 188(s0)
    CAUGHT  LOAD_ACCESS
    lw      t0, 192(s0)

    CHECK   90                      /* the two reserved bits of a cfg read 0 (QEMU keeps them) */
    ENTRIES 0x60
    csrr    t0, pmpcfg0
    andi    t0, t0, 0x60
    bnez    t0, fail

    CHECK   91                      /* W without R is reserved: it is not what can be read back */
    ENTRIES P_W
    csrr    t0, pmpcfg0
    andi    t0, t0, P_R | P_W
    li      t6, P_W
    beq     t0, t6, fail
    j       pass

    .data
    .balign 4096
    .skip   64
    .balign 64
area:
    .skip   256
    .text
    END
    PAGES
