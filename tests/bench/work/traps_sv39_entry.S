/* The first instructions of traps_sv39.c's handler, and the user that calls it. sscratch is not needed:
 * S-mode's own stack serves for faults, and the user does not touch sp. */
    .globl  trap_entry, calls_from_user, user_page
    .balign 4
trap_entry:
    addi    sp, sp, -128
    sd      ra, 0(sp)
    sd      t0, 8(sp)
    sd      t1, 16(sp)
    sd      t2, 24(sp)
    sd      t3, 32(sp)
    sd      t4, 40(sp)
    sd      t5, 48(sp)
    sd      t6, 56(sp)
    sd      a0, 64(sp)
    sd      a1, 72(sp)
    sd      a2, 80(sp)
    sd      a3, 88(sp)
    sd      a4, 96(sp)
    sd      a5, 104(sp)
    sd      a6, 112(sp)
    sd      a7, 120(sp)
    csrr    t0, scause
    li      t1, 8                   /* ecall from U-mode */
    beq     t0, t1, 1f
    mv      a0, t0
    csrr    a1, stval
    call    fault_serve
    j       2f
1:  beqz    a1, 3f
    addi    a0, a0, 1
    sd      a0, 64(sp)
    csrr    t0, sepc
    addi    t0, t0, 4
    csrw    sepc, t0
2:  ld      ra, 0(sp)
    ld      t0, 8(sp)
    ld      t1, 16(sp)
    ld      t2, 24(sp)
    ld      t3, 32(sp)
    ld      t4, 40(sp)
    ld      t5, 48(sp)
    ld      t6, 56(sp)
    ld      a0, 64(sp)
    ld      a1, 72(sp)
    ld      a2, 80(sp)
    ld      a3, 88(sp)
    ld      a4, 96(sp)
    ld      a5, 104(sp)
    ld      a6, 112(sp)
    ld      a7, 120(sp)
    addi    sp, sp, 128
    sret
3:  li      t0, 0x100               /* the user has ended: SPP = S, to ra */
    csrs    sstatus, t0
    csrw    sepc, ra
    j       2b

calls_from_user:
    mv      a1, a0
    li      a0, 0
    li      t0, 0x100               /* SPP = U */
    csrc    sstatus, t0
    la      t0, user_page
    csrw    sepc, t0
    sret

    .section .text.user, "ax"
    .balign 4096
user_page:
    ecall
    addi    a1, a1, -1
    bnez    a1, user_page
    ecall
    .balign 4096
