# A recursion without an end, above a guard page; the handler pushes onto the same stack.
# says: The stack has overflowed: the store of 0x400f
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
        srli    t0, t0, 12
        li      t1, 8 << 60             # Sv39
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
        li      sp, 0x402000
recurse:
        addi    sp, sp, -64
        sd      ra, 0(sp)
        call    recurse
        ld      ra, 0(sp)
        addi    sp, sp, 64
        ret

        .balign 4
trap:   addi    sp, sp, -256
        sd      ra, 0(sp)
        sd      t0, 8(sp)
1:      j       1b

panic:  j       panic

        .balign 4096
stack:  .zero   4096

        .data
        .balign 4096
root:   .dword  (level1 >> 12 << 10) | 1
        .dword  0
        .dword  (0x80000000 >> 12 << 10) | 0xcf # the kernel, as it is
        .zero   4096 - 24
level1: .zero   16
        .dword  (level0 >> 12 << 10) | 1        # from 0x400000 on
        .zero   4096 - 24
level0:  .dword  0 # the guard page
        .dword  (stack >> 12 << 10) | 0xc7
        .zero   4096 - 16
