# A page is given another place, and the kernel reads it without sfence.vma in between.
# says: sfence.vma is missing: the page of 0x400000 was given another place
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
        srli    t0, t0, 12
        li      t1, 8 << 60             # Sv39
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
        li      a1, 0x400000
        ld      a2, 0(a1)               # 1
        la      t0, second
        srli    t0, t0, 2
        ori     t0, t0, 0xc7
        la      t1, level0
        sd      t0, 0(t1)
        ld      a2, 0(a1)               # 2, one should think
        li      t0, 2
        beq     a2, t0, done
        li      t0, 0x13333             # the test device: failure 1
        la      t1, finish
        sw      t0, 0(t1)
1:      j       1b
done:   li      t0, 0x5555
        la      t1, finish
        sw      t0, 0(t1)
        j       1b

trap:   j       trap                    # S-mode's handler: it has given up
panic:  j       panic                   # M-mode's

        .balign 4096
first:  .dword  1
        .zero   4088
second: .dword  2
        .zero   4088

        .data
        .balign 4096
root:   .dword  (level1 >> 12 << 10) | 1
        .dword  0
        .dword  (0x80000000 >> 12 << 10) | 0xcf # the kernel, as it is
        .zero   4096 - 24
level1: .zero   16
        .dword  (level0 >> 12 << 10) | 1        # from 0x400000 on
        .zero   4096 - 24
level0:  .dword  (first >> 12 << 10) | 0xc7
        .dword  (0x100000 >> 12 << 10) | 0xc7
        .zero   4096 - 16
        .equ finish, 0x401000
