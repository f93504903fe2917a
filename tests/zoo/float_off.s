# Floating point is used before mstatus.FS is set.
# says: Floating point is off (mstatus.FS is 0): `fadd.d fa0, fa1, fa2` at kernel
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
        fadd.d  fa0, fa1, fa2
1:      j       1b

trap:   j       trap                    # S-mode's handler: it has given up
panic:  j       panic                   # M-mode's
