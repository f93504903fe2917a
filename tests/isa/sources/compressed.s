# Compressed instructions, spelled as themselves.
    .option norelax
start:
    c.addi4spn a0, sp, 16
    c.lw     a0, 4(a1)
    c.sw     a5, 124(s0)
    c.nop
    c.addi   a0, -1
    c.li     t6, 31
    c.lui    a0, 0xfffe1
    c.lui    a0, 31
    c.addi16sp sp, -512
    c.srli   s0, 5
    c.srai   a5, 31
    c.andi   a0, -32
    c.sub    a0, a1
    c.xor    a0, a1
    c.or     s1, a5
    c.and    s0, s1
    c.j      start
    c.beqz   a0, start
    c.bnez   a5, 1f
1:  c.slli   t0, 3
    c.lwsp   ra, 252(sp)
    c.swsp   ra, 0(sp)
    c.jr     ra
    c.jalr   t1
    c.mv     a0, t6
    c.add    a0, sp
    c.ebreak
    c.fld    fa0, 8(a0)
    c.fsd    fs1, 248(a5)
    c.fldsp  ft0, 504(sp)
    c.fsdsp  ft11, 8(sp)
    .balign 16
