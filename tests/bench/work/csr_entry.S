/* The timer interrupt of csr.c: mscratch counts, and the deadline goes to the end of time.. */
    .globl  timer_entry
    .balign 4
timer_entry:
    addi    sp, sp, -16
    .if __riscv_xlen == 64
    sd      t0, 0(sp)
    sd      t1, 8(sp)
    .else
    sw      t0, 0(sp)
    sw      t1, 4(sp)
    .endif
    csrr    t0, mcause
    bgez    t0, 1f                  /* an exception: nobody expects one */
    csrr    t0, mscratch
    addi    t0, t0, 1
    csrw    mscratch, t0
    li      t0, 0x02004000          /* mtimecmp */
    li      t1, -1
    sw      t1, 4(t0)
    .if __riscv_xlen == 64
    ld      t0, 0(sp)
    ld      t1, 8(sp)
    .else
    lw      t0, 0(sp)
    lw      t1, 4(sp)
    .endif
    addi    sp, sp, 16
    mret
1:  tail    stray_trap
