/* The first instructions of a guest that starts in M-mode (--firmware none). Every hart arrives here
 * at once, with its number in a0 and the device tree's address in a1. A hart needs a stack before
 * it can run C; hart 0 then runs main(), the others secondary_main(), which a guest may define.
 * .bss needs no clearing: whoever loads an ELF file has done that. */
    .section .text.start, "ax"
    .globl _start
_start:
    csrw    mie, zero
    li      t0, 4
    bgeu    a0, t0, park            /* the linker script has stacks for four harts */
    la      sp, stacks_end
    slli    t0, a0, 13              /* 8 KiB each, downwards */
    sub     sp, sp, t0
    bnez    a0, 1f
    call    main
1:  call    secondary_main
park:
    wfi
    j       park

    .weak   secondary_main
secondary_main:
    j       park
