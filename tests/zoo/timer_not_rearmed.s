# The timer's handler counts, and leaves mtimecmp where it is.
# says: The timer was not rearmed: the machine timer interrupt comes again and again at
# unasked: traps again and again
        .equ MTIME, 0x0200bff8
        .equ MTIMECMP, 0x02004000

        .text
        .globl _start
_start: la      t0, trap
        csrw    mtvec, t0
        li      t0, MTIME
        ld      t1, 0(t0)
        addi    t1, t1, 100
        li      t0, MTIMECMP
        sd      t1, 0(t0)
        li      t0, 1 << 7
        csrw    mie, t0
        csrsi   mstatus, 8
1:      wfi
        j       1b

        .balign 4
trap:   addi    s0, s0, 1
        mret
