/* The counters: exactly what is counted, who may read them, how they are written and stopped.
 * (Privileged manual, Hardware Performance Monitor, Counter-Enable and Counter-Inhibit Registers;
 * unprivileged manual, Zicsr: what one instruction writes to instret the next one reads.) QEMU
 * counts host time here, or with -icount 0 instructions, ecall like any other. */
#include "check.h"

    .macro  IN mode, cause, instruction:vararg
    TRY
    GO      \mode
    \instruction
    ecall
    CAUGHT  \cause
    .endm

    BEGIN
    CHECK   1                       /* everything off: S and U may read nothing */
    csrw    mcounteren, zero
    CSR_WRITE scounteren, -1
    .irp    counter, cycle, time, instret, hpmcounter3, hpmcounter31
    IN      MODE_S, ILLEGAL, csrr t0, \counter
    IN      MODE_U, ILLEGAL, csrr t0, \counter
    .endr

    CHECK   2                       /* mcounteren alone: S may, U may not */
    CSR_WRITE mcounteren, 7
    csrw    scounteren, zero
    .irp    counter, cycle, time, instret
    IN      MODE_S, ECALL_S, csrr t0, \counter
    IN      MODE_U, ILLEGAL, csrr t0, \counter
    .endr

    CHECK   3                       /* both: both may; each bit is for its own counter */
    CSR_WRITE scounteren, 5
    IN      MODE_U, ECALL_U, csrr t0, cycle
    IN      MODE_U, ILLEGAL, csrr t0, time
    IN      MODE_U, ECALL_U, csrr t0, instret
    CSR_WRITE scounteren, 2
    IN      MODE_U, ILLEGAL, csrr t0, cycle
    IN      MODE_U, ECALL_U, csrr t0, time

    CHECK   4                       /* M needs no leave; the plain names cannot be written */
    csrw    mcounteren, zero
    csrr    t0, cycle
    csrr    t0, time
    csrr    t0, instret
    csrr    t0, hpmcounter3
    TRY
    csrw    cycle, zero
    CAUGHT  ILLEGAL
    TRY
    csrw    time, zero
    CAUGHT  ILLEGAL

    CHECK   5                       /* time is mtime */
    li      t0, CLINT + 0xbff8
    lw      t1, 0(t0)
    csrr    t2, time
    lw      t3, 0(t0)
    sub     t4, t2, t1
    sub     t3, t3, t1
    slli    t4, t4, XLEN - 32
    slli    t3, t3, XLEN - 32
    bltu    t3, t4, fail

    CHECK   6  /* mcountinhibit: bit 1 (time) does not exist (QEMU 7.2 fails) */
    CSR_WRITE mcountinhibit, 7
    csrr    t0, mcountinhibit
    EQ      t0, 5
    csrw    mcountinhibit, zero

    CHECK   7                       /* a stopped counter stands, and can be written */
    CSR_WRITE mcountinhibit, 5
    CSR_WRITE minstret, 1000
    CSR_WRITE mcycle, 2000
    nop
    csrr    t0, minstret
    EQ      t0, 1000
    csrr    t0, mcycle
    EQ      t0, 2000
    csrw    mcountinhibit, zero

    CHECK   90                      /* one per instruction */
    csrr    t0, minstret
    csrr    t1, minstret
    sub     t1, t1, t0
    EQ      t1, 1
    csrr    t0, minstret
    nop
    nop
    j       1f
1:  csrr    t1, minstret
    sub     t1, t1, t0
    EQ      t1, 4

    CHECK   91                      /* what is written is what the next instruction reads */
    CSR_WRITE minstret, 5000
    csrr    t0, minstret
    csrr    t1, minstret
    EQ      t0, 5000
    EQ      t1, 5001

    CHECK   92  /* instructions that trap do not retire; neither do ecall, ebreak */
    la      t0, count_after_trap
    csrw    mtvec, t0
    csrr    t0, minstret
    ecall
    csrr    t0, minstret
    ebreak
    csrr    t0, minstret
    csrr    t2, 0x8ff
    csrr    t0, minstret
    lw      t2, 0(zero)
    j       1f

    .balign 4
count_after_trap:                   /* one, for the csrr itself */
    csrr    t1, minstret
    sub     t1, t1, t0
    EQ      t1, 1
    csrr    t1, mepc
    lhu     t2, 0(t1)
    andi    t2, t2, 3
    addi    t1, t1, 2
    addi    t2, t2, -3
    bnez    t2, 2f
    addi    t1, t1, 2
2:  csrw    mepc, t1
    CSR_SET mstatus, MSTATUS_MPP
    mret
1:  la      t0, trap
    csrw    mtvec, t0

    CHECK   93                      /* all 64 bits count */
#if XLEN == 64
    CSR_WRITE minstret, -2
    nop
    nop
    csrr    t0, minstret
    EQ      t0, 0
#else
    CSR_WRITE minstreth, 7
    CSR_WRITE minstret, -2
    nop
    nop
    csrr    t0, minstret
    csrr    t1, minstreth
    EQ      t0, 0
    EQ      t1, 8
    csrr    t2, instreth
    EQ      t2, 8
#endif

    CHECK   94                      /* stopping takes effect after the instruction that stops */
    CSR_WRITE mcountinhibit, 4
    csrr    t0, minstret
    nop
    csrr    t1, minstret
    bne     t0, t1, fail
    csrw    mcountinhibit, zero
    nop
    csrr    t2, minstret
    sub     t2, t2, t1
    EQ      t2, 1

    CHECK   95                      /* 3 to 31 all exist, be they 0 for ever (QEMU: not all) */
    csrw    mhpmcounter3, zero
    csrr    t0, mhpmcounter3
    csrw    mhpmcounter31, zero
    csrr    t0, mhpmcounter31
    csrw    mhpmevent3, zero
    csrr    t0, mhpmevent3
    csrw    mhpmevent31, zero
    END
