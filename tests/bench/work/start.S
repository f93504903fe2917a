/* The first instructions of a workload, in M-mode on hart 0 (the others sleep): a stack of a
 * megabyte above the program, floating point on, memory open to all modes, and into begin(), which
 * is bare.c's or sv39.c's. A trap that nobody expects ends the run as failed. */
    .section .text.start, "ax"
    .globl _start
_start:
    csrw    mie, zero
    bnez    a0, park
    la      t0, stray_trap
    csrw    mtvec, t0
    li      t0, 0x6000              /* mstatus.FS: dirty */
    csrs    mstatus, t0
    csrw    fcsr, zero
    li      t0, -1                  /* one PMP entry: S- and U-mode may touch everything */
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      sp, 0x80800000          /* up to the heap; nothing else is there */
    call    begin
park:
    wfi
    j       park

    .globl  stray_trap
    .balign 4
stray_trap:
    li      a0, 2
    tail    test_fail
