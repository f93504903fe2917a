# The handler does not begin at a multiple of four, so that its address is not what stvec keeps.
# says: The handler is misaligned: stvec, written at kernel+0x8
# also: traps go to
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
        ebreak
1:      j       1b

panic:  j       panic

        .balign 4
        c.nop
trap:   csrr    t0, scause
1:      j       1b
