/* The handler of traps.c, and the loops that call it. A call adds 1 to a0 and goes on behind itself;
 * from U-mode a call with a1 = 0 goes back to M-mode, to ra. */
    .globl  trap_entry, calls_from_machine, calls_from_user
    .balign 4
trap_entry:
    csrw    mscratch, t0
    csrr    t0, mcause
    addi    t0, t0, -11             /* ecall from M-mode? */
    bnez    t0, 2f
1:  csrr    t0, mepc
    addi    t0, t0, 4
    csrw    mepc, t0
    csrr    t0, mscratch
    addi    a0, a0, 1
    mret
2:  addi    t0, t0, 3               /* ecall from U-mode? */
    bnez    t0, 3f
    bnez    a1, 1b
    li      t0, 0x1800              /* MPP = M */
    csrs    mstatus, t0
    csrw    mepc, ra
    mret
3:  tail    stray_trap

calls_from_machine:
    mv      a1, a0
    li      a0, 0
1:  ecall
    addi    a1, a1, -1
    bnez    a1, 1b
    ret

calls_from_user:
    mv      a1, a0
    li      a0, 0
    li      t0, 0x1800              /* MPP = U */
    csrc    mstatus, t0
    la      t0, 1f
    csrw    mepc, t0
    mret
1:  ecall
    addi    a1, a1, -1
    bnez    a1, 1b
    ecall
