# A program that prints through the SBI, started without firmware.
# says: There is no firmware: the program runs in M-mode itself, and its `ecall` at _start+0x
# unasked: traps again and again
        .text
        .globl _start
_start: li      a7, 1                   # SBI: print a character
        li      a0, 'x'
        ecall
1:      j       1b
