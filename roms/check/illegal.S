/* Encodings that mean nothing: each must raise illegal-instruction, with its bits (or 0) in mtval and
 * its address in mepc. They are tried one by one from a table, in M-mode; the check's number is
 * the row's. Encodings of extensions that a larger machine may have are not in it. */
#include "check.h"

    BEGIN
    la      s0, table
    la      s1, table_end
    la      s2, place
    li      gp, 0
next:
    addi    gp, gp, 1
    lw      t0, 0(s0)
    sh      t0, 0(s2)
    srli    t1, t0, 16
    sh      t1, 2(s2)
    fence.i
    TRY
    jr      s2
place_return:
    CAUGHT  ILLEGAL
    bne     s10, s2, fail
    beqz    s9, 1f
    lw      t0, 0(s0)
    andi    t1, t0, 3
    addi    t1, t1, -3
    slli    t0, t0, XLEN - 32       /* mtval is not sign-extended */
    srli    t0, t0, XLEN - 32
    beqz    t1, 2f
    slli    t0, t0, XLEN - 16
    srli    t0, t0, XLEN - 16
2:  bne     s9, t0, fail
1:  addi    s0, s0, 4
    bne     s0, s1, next

    CHECK   200                     /* dynamic rounding with a reserved frm */
    .irp    mode, 5, 6, 7
    csrwi   frm, \mode
    TRY
    fadd.s  fa0, fa0, fa0, dyn
    CAUGHT  ILLEGAL
    .endr

    CHECK   201                     /* which does not trouble what never rounds */
    csrwi   frm, 5
    fsgnj.s fa0, fa0, fa0
    fmin.s  fa0, fa0, fa0
    feq.s   t0, fa0, fa0
    fclass.s t0, fa0
    fadd.s  fa0, fa0, fa0, rne
    csrwi   frm, 0
    j       pass

    .data
    .balign 4
/* One word each; a compressed one stands in the lower half, and c.ebreak behind it. */
table:
    .word   0x90020000              /* 1  all zeros, the defined illegal instruction */
    .word   0xffffffff              /* 2  all ones */
    .word   0x90020004              /* 3  c.addi4spn with 0 */
    .word   0x90026101              /* 4  c.addi16sp with 0 */
    .word   0x90026201              /* 5  c.lui x4, 0 */
    .word   0x90028002              /* 6  c.jr x0 */
    .word   0x90024002              /* 7  c.lwsp x0 */
    .word   0x90028001 | 0x1c78     /* 8  a reserved place among the register operations */
    .word   0x00002063              /* 9  branch, funct3 2 */
    .word   0x00003063              /* 10 branch, funct3 3 */
    .word   0x00007003              /* 11 load, funct3 7 */
    .word   0x00007023              /* 12 store, funct3 7 */
    .word   0x00009067              /* 13 jalr, funct3 1 */
    .word   0xfe000033              /* 14 register operation, unknown funct7 */
    .word   0x0c001013              /* 15 slli with stray upper bits */
    .word   0x0000700f              /* 16 fence, funct3 7 */
    .word   0x000000f3              /* 17 ecall with rd */
    .word   0x00008073              /* 18 ecall with rs1 */
    .word   0x302000f3              /* 19 mret with rd */
    .word   0x00200073              /* 20 uret, which was dropped from the manual */
    .word   0x30300073              /* 21 next to mret */
    .word   0x120000f3              /* 22 sfence.vma with rd */
    .word   0x1010a0af              /* 23 lr.w with rs2 */
    .word   0x0000d02f              /* 24 atomic of a width that is none */
    .word   0xf800a0af              /* 25 atomic, unknown funct5 */
    .word   0x0000d053              /* 26 fadd.s, rounding mode 5 */
    .word   0x0000e053              /* 27 fadd.s, rounding mode 6 */
    .word   0x02005053              /* 28 fadd.d, rounding mode 5 */
    .word   0x06000053              /* 29 fadd.q */
    .word   0xc0400053              /* 30 fcvt to an integer that is none */
    .word   0x20003053              /* 31 fsgnj.s, funct3 3 */
    .word   0xe0002053              /* 32 fclass.s, funct3 2 */
    .word   0x58100053              /* 33 fsqrt.s with rs2 */
    .word   0x0000000b              /* 34 custom-0 */
    .word   0x0000006b              /* 35 a reserved opcode */
    .word   0x0000001f              /* 36 the prefix of a longer instruction */
#if XLEN == 64
    .word   0x0200909b              /* 37 slliw with shamt bit 5 */
    .word   0x90026002              /* 38 c.ldsp x0 */
    .word   0x90022001              /* 39 c.addiw x0 */
    .word   0x0000207b              /* 40 custom-3 */
    .word   0x0000403b              /* 41 a W operation that is none */
#else
    .word   0x02009093              /* 37 slli with shamt bit 5 */
    .word   0x90021086              /* 38 c.slli with shamt bit 5 */
    .word   0x90029001              /* 39 c.srli with shamt bit 5 */
    .word   0x0010009b              /* 40 addiw */
    .word   0x0020b0af              /* 41 amoadd.d */
    .word   0x00006003              /* 42 lwu */
    .word   0xd2200053              /* 43 fcvt.d.l */
    .word   0xe2000053              /* 44 fmv.x.d */
#endif
table_end:
    .balign 4
place:
    .word   0, 0x90029002
    .text
    END
