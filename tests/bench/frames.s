# Full-screen updates: fills 1024 by 768 pixels of the framebuffer again and again, each time with another colour, and
# prints a dot for each picture. Eight stores of two pixels to a turn, as a guest's memset() would do it.
        .equ    CHIP, 0x10200000
        .equ    UART, 0x10000000
        .equ    PIXELS, 0x80400000
        .equ    SIZE, 4 * 1024 * 768

_start: li      t0, CHIP
        li      t1, PIXELS
        sw      t1, 8(t0)
        sw      zero, 12(t0)
        li      t2, 1024
        sw      t2, 16(t0)
        li      t2, 768
        sw      t2, 20(t0)
        li      t2, 4 * 1024
        sw      t2, 24(t0)
        li      t2, 1
        sw      t2, 4(t0)
        li      s0, 0                   # the colour, in both halves
        li      s1, 0x0001020300010203
        li      s2, 0x00ffffff00ffffff
        li      s3, UART
        li      s4, '.'
1:      add     s0, s0, s1
        and     s0, s0, s2
        li      t1, PIXELS
        li      t2, PIXELS + SIZE
2:      sd      s0, 0(t1)
        sd      s0, 8(t1)
        sd      s0, 16(t1)
        sd      s0, 24(t1)
        sd      s0, 32(t1)
        sd      s0, 40(t1)
        sd      s0, 48(t1)
        sd      s0, 56(t1)
        addi    t1, t1, 64
        bltu    t1, t2, 2b
        sb      s4, 0(s3)
        j       1b
