# A picture of 320 by 200 pixels, the upper half red and the lower one blue, which stays until somebody ends the run.
# Shows it on the framebuffer of the board (devices/framebuffer.h), then sleeps.
        .equ    CHIP, 0x10200000
        .equ    PIXELS, 0x80100000
        .equ    HALF, 320 * 100

_start: li      t0, CHIP
        li      t1, PIXELS
        sw      t1, 8(t0)
        sw      zero, 12(t0)
        li      t2, 320
        sw      t2, 16(t0)
        li      t2, 200
        sw      t2, 20(t0)
        li      t2, 4 * 320
        sw      t2, 24(t0)
        li      t2, 1
        sw      t2, 4(t0)
        li      t2, 0xff0000
        li      t3, HALF
1:      sw      t2, 0(t1)
        addi    t1, t1, 4
        addi    t3, t3, -1
        bnez    t3, 1b
        li      t2, 0x0000ff
        li      t3, HALF
2:      sw      t2, 0(t1)
        addi    t1, t1, 4
        addi    t3, t3, -1
        bnez    t3, 2b
3:      wfi
        j       3b
