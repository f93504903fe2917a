/* The first instructions of a guest that firmware starts in S-mode: one hart, its number in a0, the
 * device tree's address in a1. The other harts stay with the firmware until somebody asks it to
 * start them. */
    .section .text.start, "ax"
    .globl _start
_start:
    csrw    sie, zero
    la      sp, stacks_end
    call    main
1:  wfi
    j       1b
