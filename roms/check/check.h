/* What the checks are made of. A check file is one guest that looks at one corner of the manual; it
 * prints nothing and ends through the test device: pass, or fail with the number of the check that
 * went wrong. All code stands in M-mode unless GO has left it; every trap comes back to M-mode.
 *
 * Registers that belong to this header:
 *   gp   number of the running check
 *   s11  where to go on after a trap; 0 = no trap is expected
 *   s7   which mode handled the last trap (3 or 1); 0 = none yet
 *   s8   its cause (NO_TRAP when there was none), s9 its tval, s10 its epc, s6 mstatus just after
 *   t5, t6  free for macros: lost at every macro and every trap */
#ifndef ROMS_CHECK_H
#define ROMS_CHECK_H

#define XLEN __riscv_xlen
#if XLEN == 64
#define LOAD       ld
#define STORE      sd
#define WORD_BYTES 8
#else
#define LOAD       lw
#define STORE      sw
#define WORD_BYTES 4
#endif

#define MODE_U 0
#define MODE_S 1
#define MODE_M 3

#define MSTATUS_SIE  (1 << 1)
#define MSTATUS_MIE  (1 << 3)
#define MSTATUS_SPIE (1 << 5)
#define MSTATUS_MPIE (1 << 7)
#define MSTATUS_SPP  (1 << 8)
#define MSTATUS_MPP  (3 << 11)
#define MSTATUS_FS   (3 << 13)
#define MSTATUS_MPRV (1 << 17)
#define MSTATUS_SUM  (1 << 18)
#define MSTATUS_MXR  (1 << 19)
#define MSTATUS_TVM  (1 << 20)
#define MSTATUS_TW   (1 << 21)
#define MSTATUS_TSR  (1 << 22)

/* Exceptions. */
#define NO_TRAP          -1
#define FETCH_ACCESS     1
#define ILLEGAL          2
#define BREAKPOINT       3
#define LOAD_MISALIGNED  4
#define LOAD_ACCESS      5
#define STORE_MISALIGNED 6
#define STORE_ACCESS     7
#define ECALL_U          8
#define ECALL_S          9
#define FETCH_PAGE       12
#define LOAD_PAGE        13
#define STORE_PAGE       15
/* Interrupts, by the number in mip. */
#define SSI 1
#define MSI 3
#define STI 5
#define MTI 7
#define SEI 9
#define MEI 11
#define INTERRUPT(number) ((1 << (XLEN - 1)) | (number))

#define CLINT 0x02000000
#define PLIC  0x0c000000
#define UART  0x10000000
/* An address where the board has nothing. */
#define HOLE  0x08000000

/* Control registers that binutils 2.40 does not know by name, or only with an extension on. */
#define CSR_STIMECMP  0x14d
#define CSR_STIMECMPH 0x15d
#define CSR_MENVCFG   0x30a
#define CSR_MENVCFGH  0x31a

/* Opens check NUMBER. The numbers of a file must rise. */
    .macro CHECK number
    .if \number <= last_check
    .error "the numbers of checks must rise"
    .endif
    .set last_check, \number
    li      gp, \number
    .endm
    .set last_check, 0

/* Fails unless the register holds the value. */
    .macro EQ register, value
    li      t6, \value
    bne     \register, t6, fail
    .endm

    .macro EQ_LABEL register, label
    la      t6, \label
    bne     \register, t6, fail
    .endm

/* Fails unless all of these bits are set, or clear. Uses the register up. */
    .macro ALL_SET register, bits
    li      t6, \bits
    and     \register, \register, t6
    bne     \register, t6, fail
    .endm

    .macro ALL_CLEAR register, bits
    li      t6, \bits
    and     \register, \register, t6
    bnez    \register, fail
    .endm

    .macro CSR_SET csr, bits
    li      t6, \bits
    csrs    \csr, t6
    .endm

    .macro CSR_CLEAR csr, bits
    li      t6, \bits
    csrc    \csr, t6
    .endm

    .macro CSR_WRITE csr, value
    li      t6, \value
    csrw    \csr, t6
    .endm

/* TRY ... CAUGHT cause: what stands between must trap, just so. */
    .macro TRY
    li      s7, 0
    li      s8, NO_TRAP
    la      s11, 99f
    .endm

    .macro CAUGHT cause
99: li      t6, \cause
    bne     s8, t6, fail
    .endm

    .macro CAUGHT_EITHER cause, other
99: li      t6, \cause
    beq     s8, t6, 97f
    li      t6, \other
    bne     s8, t6, fail
97:
    .endm

/* The same, and by which mode. */
    .macro CAUGHT_BY mode, cause
    CAUGHT  \cause
    li      t6, \mode
    bne     s7, t6, fail
    .endm

/* Goes on in a lower mode, with that mode's interrupts as mstatus has them. */
    .macro GO mode
    CSR_CLEAR mstatus, MSTATUS_MPP
    CSR_SET mstatus, (\mode << 11)
    la      t6, 98f
    csrw    mepc, t6
    mret
98:
    .endm

/* The start and the end of every check file. */
    .macro BEGIN
    .section .text.start, "ax"
    .globl  _start
_start:
    bnez    a0, park
    csrw    mie, zero
    la      t0, trap
    csrw    mtvec, t0
    la      t0, trap_supervisor
    csrw    stvec, t0
    csrw    satp, zero
    csrw    medeleg, zero
    csrw    mideleg, zero
    /* The last PMP entry lets S and U do everything; checks put others before it. */
    li      t0, -1
    csrw    pmpaddr15, t0
#if XLEN == 64
    li      t0, 0x1f << 56
    csrw    pmpcfg2, t0
#else
    li      t0, 0x1f << 24
    csrw    pmpcfg3, t0
#endif
    CSR_SET mstatus, MSTATUS_FS
    li      s7, 0
    li      s11, 0
    .endm

    .macro END
pass:
    li      t0, 0x100000
    li      t1, 0x5555
    sw      t1, 0(t0)
    j       .

fail:                               /* from any mode: outside M it traps, and comes back here */
    li      s11, 0
    CSR_CLEAR mstatus, MSTATUS_MPRV
    slli    t1, gp, 16
    li      t0, 0x3333
    or      t1, t1, t0
    li      t0, 0x100000
    sw      t1, 0(t0)
park:
    wfi
    j       park

    .balign 4
trap:
    bnez    s7, 1f                  /* S-mode has taken it, and calls us only to come back to M */
    csrr    s8, mcause
    csrr    s9, mtval
    csrr    s10, mepc
    li      s7, MODE_M
1:  csrr    s6, mstatus
    beqz    s11, fail
    CSR_CLEAR mstatus, (MSTATUS_MPRV | MSTATUS_MPIE)
    CSR_SET mstatus, MSTATUS_MPP
    csrw    mepc, s11
    li      s11, 0
    mret

    .balign 4
trap_supervisor:
    csrr    s8, scause
    csrr    s9, stval
    csrr    s10, sepc
    csrr    s6, sstatus
    li      s7, MODE_S
    ecall
    .endm

#endif
