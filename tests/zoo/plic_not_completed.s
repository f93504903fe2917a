# The handler claims the UART's interrupt, does its work, and never tells the PLIC.
# says: An interrupt was never completed: source 10 of the PLIC (uart) was claimed
# unasked: waits for an interrupt that cannot come
        .equ UART, 0x10000000
        .equ PLIC, 0x0c000000

        .text
        .globl _start
_start: la      t0, trap
        csrw    mtvec, t0
        li      t0, PLIC
        li      t1, 1
        sw      t1, 40(t0)              # priority of source 10
        li      t0, PLIC + 0x2000
        li      t1, 1 << 10
        sw      t1, 0(t0)               # enabled for M-mode
        li      t0, UART
        li      t1, 2
        sb      t1, 1(t0)               # tell when a byte has been sent
        li      t1, 1 << 11
        csrw    mie, t1
        csrsi   mstatus, 8
next:   li      t0, UART
        li      t1, '.'
        sb      t1, 0(t0)
1:      wfi
        beq     s0, s1, 1b              # until one more has been sent
        addi    s1, s1, 1
        j       next

        .balign 4
trap:   li      t0, PLIC + 0x200004
        lw      t1, 0(t0)               # claim
        li      t0, UART
        lbu     t1, 2(t0)               # IIR: the UART is content
        addi    s0, s0, 1
        mret                            # and where is the completion?
