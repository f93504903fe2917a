# mret without MPP: the kernel finds itself in U-mode.
# says: mstatus.MPP was 0 at the mret at _start+
# also: needs S-mode
        .text
        .globl _start
_start: la      t0, panic
        csrw    mtvec, t0
        li      t0, -1                  # PMP: S- and U-mode may do everything
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        la      t0, kernel
        csrw    mepc, t0
        mret                            # to the mode in MPP, which nobody set

kernel: la      t0, trap
        csrw    stvec, t0
1:      j       1b

trap:   j       trap                    # S-mode's handler: it has given up
panic:  j       panic                   # M-mode's
