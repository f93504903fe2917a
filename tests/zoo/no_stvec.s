# A kernel that enters U-mode and never set stvec.
# says: stvec was never set: the environment call from U-mode at user
# unasked: traps again and again
        .equ MPP, 3 << 11

        .text
        .globl _start
_start: la      t0, panic
        csrw    mtvec, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        li      t0, 0xb1ff              # everything is S-mode's
        csrw    medeleg, t0
        la      t0, user
        csrw    mepc, t0
        li      t0, MPP
        csrc    mstatus, t0
        mret

user:   li      a7, 1
        ecall
1:      j       1b

panic:  j       panic
