# What only RV64 has.
    .option norelax
_start:
    ld    a0, 8(sp)
    lwu   a0, -8(sp)
    sd    s0, 2047(sp)
    slli  a0, a1, 63
    srli  a0, a1, 32
    srai  a0, a1, 0x21
    addiw a0, a1, -1
    slliw a0, a1, 31
    srliw a0, a1, 1
    sraiw a0, a1, 5
    addw  a0, a1, a2
    subw  a0, a1, a2
    sllw  a0, a1, a2
    srlw  a0, a1, a2
    sraw  a0, a1, a2
    mulw  a0, a1, a2
    divw  a0, a1, a2
    divuw a0, a1, a2
    remw  a0, a1, a2
    remuw a0, a1, a2
    negw  a0, a1
    sext.w a0, a1
    addw  a0, a1, 5
    sllw  a0, a1, 5
    srlw  a0, a1, 5
    sraw  a0, a1, 5
    ld    a0, data
    lwu   a0, data
    sd    a0, data, t0
    lr.d      a0, (a1)
    sc.d.rl   a0, a2, (a1)
    amoadd.d.aqrl a0, a2, (a1)
    amomaxu.d a0, a2, (a1)
    fcvt.l.d  a0, fa0, rtz
    fcvt.lu.s a0, fa0
    fcvt.d.l  fa0, a0
    fcvt.s.lu fa0, a0, rup
    fmv.x.d   a0, fa0
    fmv.d.x   fa0, a0
    li    a0, 0xffffffff
    li    a0, 0x80000000
    li    a0, 0x100000000
    li    a0, 0x123456789abcdef0
    li    a0, 0x7fffffffffffffff
    li    a0, 0x8000000000000000
    li    a0, 0xdeadbeefcafebabe
    li    a0, 0xfffffffffffff7ff
    li    a0, -0x80000001
    li    a0, 0xaaaaaaaaaaaaaaaa
    li    a0, 1 << 63
    li    a0, 0x0000ffff0000ffff
    li    a0, 0x7ffff7ff
    li    a0, 0x800000000000
    .balign 16
data:
    .dword 0x1122334455667788, -1
    .quad data, _start - data
    .8byte 'x'
    .balign 16
