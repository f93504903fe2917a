# A system call's handler that forgets to step over the ecall.
# says: sepc was not advanced: the handler at trap
# unasked: traps again and again
        .text
        .globl _start
_start: la      t0, panic
        csrw    mtvec, t0
        li      t0, -1                  # PMP: S- and U-mode may do everything
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        li      t0, 0xb1ff              # exceptions of S- and U-mode go to S-mode
        csrw    medeleg, t0
        la      t0, kernel
        csrw    mepc, t0
        li      t0, 3 << 11             # MPP: S
        csrc    mstatus, t0
        li      t0, 1 << 11
        csrs    mstatus, t0
        mret

kernel: la      t0, trap
        csrw    stvec, t0
        la      t0, user
        csrw    sepc, t0
        li      t0, 1 << 8              # SPP: U
        csrc    sstatus, t0
        sret

trap:   addi    s0, s0, 1               # so many calls were made
        sret

user:   li      a7, 1
        ecall
1:      j       1b

panic:  j       panic
