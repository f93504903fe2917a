# S-mode is entered, but PMP was never set: where no entry matches, only M-mode may do anything.
# says: No PMP entry is on, and then S-mode may do nothing: the fetch of kernel
# unasked: traps again and again
        .text
        .globl _start
_start: la      t0, panic
        csrw    mtvec, t0
        li      t0, 0xb1ff              # exceptions of S- and U-mode go to S-mode
        csrw    medeleg, t0
        la      t0, kernel
        csrw    mepc, t0
        li      t0, 3 << 11             # MPP: S
        csrc    mstatus, t0
        li      t0, 1 << 11
        csrs    mstatus, t0
        mret

kernel: j       kernel

panic:  j       panic
