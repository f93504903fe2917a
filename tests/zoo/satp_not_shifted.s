# satp gets the address of the root table, not its page number.
# says: satp holds the address of the root table, 0x8000
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

kernel:
        la      t0, trap
        csrw    stvec, t0
        la      t0, root
        li      t1, 8 << 60             # Sv39
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
1:      j       1b

trap:   j       trap                    # S-mode's handler: it has given up
panic:  j       panic                   # M-mode's

        .data
        .balign 4096
root:   .dword  (level1 >> 12 << 10) | 1
        .dword  0
        .dword  (0x80000000 >> 12 << 10) | 0xcf # the kernel, as it is
        .zero   4096 - 24
level1: .zero   16
        .dword  (level0 >> 12 << 10) | 1        # from 0x400000 on
        .zero   4096 - 24
level0:  .dword  0
        .zero   4096 - 8
