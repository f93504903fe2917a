# A table of functions has an entry that nobody filled in.
# says: The program jumped to address 0, a null function pointer perhaps; ra says that it was called before kernel+
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
        la      a0, table
        ld      a1, 8(a0)
        jalr    a1
1:      j       1b

trap:   j       trap                    # S-mode's handler: it has given up
panic:  j       panic                   # M-mode's

        .data
        .balign 8
table:  .dword  kernel
        .dword  0
