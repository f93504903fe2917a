# The shortest way from reset to text, without a compiler: vitrine roms/hello.s
# Characters go to the UART one by one, then the test device switches the machine off. The addresses are those
# of QEMU's virt board. Runs on RV64 and, with --cpu rv32gc, on RV32.

        .equ UART, 0x10000000           # transmit register; line status is 5 bytes further
        .equ LSR, 5
        .equ LSR_THRE, 0x20             # the transmitter is empty
        .equ TEST, 0x00100000           # the test device
        .equ TEST_PASS, 0x5555

        .text
        .globl _start
_start: csrr    a0, mhartid
        bnez    a0, sleep               # only hart 0 speaks
        la      s0, text
        li      s1, UART
next:   lbu     a0, 0(s0)
        beqz    a0, done                # the text ends with a zero
1:      lbu     a1, LSR(s1)
        andi    a1, a1, LSR_THRE
        beqz    a1, 1b
        sb      a0, 0(s1)
        addi    s0, s0, 1
        j       next

done:   li      a0, TEST_PASS
        li      a1, TEST
        sw      a0, 0(a1)
sleep:  wfi
        j       sleep

        .section .rodata
text:   .asciz  "Hello from hello.s\n"
