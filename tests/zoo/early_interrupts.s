# Interrupts are enabled first, and the handler would be set afterwards.
# says: mtvec was never set: the machine timer interrupt at _start
# also: since interrupts were enabled before there was a handler
# unasked: traps again and again
        .equ MTIMECMP, 0x02004000

        .text
        .globl _start
_start: li      t0, MTIMECMP
        sd      zero, 0(t0)             # due at once
        li      t0, 1 << 7
        csrw    mie, t0
        csrsi   mstatus, 8
        nop
        la      t0, trap                # too late
        csrw    mtvec, t0
1:      wfi
        j       1b

trap:   li      t0, MTIMECMP
        li      t1, -1
        sd      t1, 0(t0)
        mret
