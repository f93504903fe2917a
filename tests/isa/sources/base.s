# What RV32 and RV64 share: the base instructions, pseudo-instructions, labels and expressions.
    .equ LENGTH, 3 + 4
_start:
    lui   a0, 0xfffff
    lui   t6, %hi(0x12345fff)
    addi  t6, t6, %lo(0x12345fff)
    auipc gp, 0
    lb    a0, -2048(sp)
    lbu   a1, 2047(x31)
    lh    a2, (a3)
    lhu   s11, 4 * 4 - 1(s10)
    lw    t3, +4(tp)
    sb    zero, 0(fp)
    sh    ra, -1(s0)
    sw    x5, 'a'(x6)
    addi  a0, a0, -1
    slti  a0, a1, 1 << 3 | 2
    sltiu a0, a1, 5 - 3 * 2
    xori  a0, a1, ~0x55
    ori   a0, a1, 0b101
    andi  a0, a1, 0377
    slli  a0, a1, 31
    srli  a0, a1, 1
    srai  a0, a1, 0x1f
    add   a0, a1, a2
    sub   s1, s2, s3
    sll   s4, s5, s6
    slt   s7, s8, s9
    sltu  t0, t1, t2
    xor   t3, t4, t5
    srl   a3, a4, a5
    sra   a6, a7, zero
    or    a0, a0, a0
    and   sp, sp, sp
    fence
    fence rw, w
    fence i, o
    fence iorw, r
    fence.tso
    fence.i
    ecall
    ebreak
    mret
    sret
    wfi
    sfence.vma
    sfence.vma a0
    sfence.vma zero, a1

    # control and status registers
    csrrw  a0, mstatus, a1
    csrrs  a0, mtvec, zero
    csrrc  zero, mie, t0
    csrrwi a0, 0x340, 31
    csrrsi zero, mstatus, 8
    csrrci a0, satp, 0
    csrr   a0, mhartid
    csrw   mepc, ra
    csrs   mip, a0
    csrc   sstatus, a0
    csrwi  mscratch, 3
    csrsi  mstatus, 1 << 3
    csrci  mstatus, 8
    csrw   mscratch, 7
    csrrw  a0, mscratch, 9
    rdcycle   a0
    rdtime    a1
    rdinstret a2
    csrr   a0, pmpaddr15
    csrr   a0, pmpcfg0
    csrr   a0, mhpmcounter31
    csrr   a0, stimecmp

1:  beq   a0, a1, 1b
    bne   a0, a1, 1f
    blt   a0, a1, 2f
    bge   a0, a1, 1b + 4
1:  bltu  a0, a1, 1b
    bgeu  a0, a1, .
2:  beqz  a0, 1b
    bnez  a0, _start
    blez  a0, 2b
    bgez  a0, 2b
    bltz  a0, 2b
    bgtz  a0, 2b
    bgt   a0, a1, 2b
    ble   a0, a1, 2b
    bgtu  a0, a1, 2b
    bleu  a0, a1, 2b
    j     _start
    j     . + 8
    jal   far
    jal   t0, far
    jalr  a0
    jalr  t0, a0
    jalr  t0, 8(a0)
    jalr  t0, a0, -4
    jr    a0
    jr    -4(a0)
    ret
    call  far
    call  t0, far
    tail  _start
    jump  far, t2
    la    a0, table
    la    a1, table + 8
    lla   s3, _start
    lb    a0, table
    lhu   a1, table + 2
    lw    a2, table
    sb    a0, table, t0
    sw    a1, table + 4, t1
3:  auipc s0, %pcrel_hi(table + 4)
    lw    s1, %pcrel_lo(3b)(s0)
    sw    s1, %pcrel_lo(3b)(s0)

    nop
    mv    a0, a1
    not   a0, a1
    neg   a0, a1
    zext.b a0, a1
    seqz  a0, a1
    snez  a0, a1
    sltz  a0, a1
    sgtz  a0, a1
    sgt   a0, a1, a2
    sgtu  a0, a1, a2
    add   a0, a1, 5
    and   a0, a1, -5
    or    a0, a1, 1
    xor   a0, a1, 2
    slt   a0, a1, 3
    sltu  a0, a1, 4
    sll   a0, a1, 5
    srl   a0, a1, 6
    sra   a0, a1, 7
    unimp
    li    a0, 0
    li    a0, -2048
    li    a0, 2047
    li    a0, 2048
    li    a0, -2049
    li    a0, 0x12345678
    li    a0, 0x7fffffff
    li    a0, -0x80000000
    li    a0, 0x12345800
    li    a0, LENGTH * 2

    .balign 16
far: ret
    .p2align 3
    .set HALF, LENGTH / 2
    LATER = table - far
table:
    .byte 1, 'b', '\n', -1, 0xff, LENGTH, ' ', '#'
    .half 0x1234, -2
    .short 5, 6
    .word table, far - table, 0xdeadbeef, HALF, LATER
    .4byte 1 + 2 | 4, 10 - 2 - 3, 7 & 3 * 2, 1 << 4 >> 2, 100 % 7, -7 / 2, 6 ^ 3
    .2byte 7, 8
    .ascii "no end", "; # /* // "
    .asciz "tab\t quote\" back\\ octal\101 hex\x42"
    .string "done\r\n"
    .zero 5
    .space 3, 0xaa
    .skip 2
    .balign 16
