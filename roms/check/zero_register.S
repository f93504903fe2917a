/* x0 as destination: the value goes, the effects stay. And the hints, encodings with x0 that do
 * nothing. (Unprivileged manual, RV32I, HINT Instructions.) */
#include "check.h"

    BEGIN
    la      s0, area
    li      s1, HOLE

    CHECK   1                       /* a load still faults */
    TRY
    lw      x0, 0(s1)
    CAUGHT  LOAD_ACCESS
    TRY
    lb      x0, 0(s1)
    CAUGHT  LOAD_ACCESS

    CHECK   2                       /* and whatever is loaded, x0 stays 0 */
    li      t0, -1
    sw      t0, 0(s0)
    lw      x0, 0(s0)
    mv      t1, x0
    bnez    t1, fail
    lui     x0, 1
    auipc   x0, 1
    addi    x0, t0, 5
    add     x0, t0, t0
    mul     x0, t0, t0
    csrr    x0, misa
    fmv.x.w x0, fa0
    fclass.s x0, fa0
    mv      t1, x0
    bnez    t1, fail

    CHECK   3                       /* csrrw x0 and csrrs x0 write */
    CSR_WRITE mscratch, 0x30
    li      t0, 0x0c
    csrrs   x0, mscratch, t0
    csrr    t1, mscratch
    EQ      t1, 0x3c
    csrrw   x0, mscratch, t0
    csrr    t1, mscratch
    EQ      t1, 0x0c

    CHECK   4                       /* jal and jalr with x0 jump, and link nothing */
    jal     x0, 1f
    j       fail
1:  la      t0, 1f
    jalr    x0, t0
    j       fail
1:  mv      t1, x0
    bnez    t1, fail

    CHECK   5                       /* lr with x0 reserves */
    lr.w    x0, (s0)
    li      t0, 7
    sc.w    t1, t0, (s0)
    bnez    t1, fail
    lw      t1, 0(s0)
    EQ      t1, 7

    CHECK   6                       /* hints: each goes by without effect, also on its operands */
    li      a0, 0x55
    .option push
    .option norvc
    slti    x0, a0, 1
    srai    x0, a0, 3
    sub     x0, a0, a0
    slt     x0, x0, x0
    .insn   0x0100000f              /* pause: a fence with nothing before it */
    .insn   0x0ff00f8f              /* fence with rd set: reserved, means a plain fence */
    .insn   0x0ff5000f              /* and with rs1 set */
    .insn   0x8330000f              /* fence.tso */
    .insn   0x00056013              /* prefetch.i: ori x0, a0, 0 */
    .option pop
    .2byte  0x0005                  /* c.nop 1 */
    .2byte  0x4005                  /* c.li x0, 1 */
    .2byte  0x6005                  /* c.lui x0, 1 */
    .2byte  0x0006                  /* c.slli x0, 1 */
    .2byte  0x802a                  /* c.mv x0, a0 */
    .2byte  0x902a                  /* c.add x0, a0 */
    .2byte  0x0501                  /* c.addi a0, 0 */
    mv      t1, x0
    bnez    t1, fail
    EQ      a0, 0x55
    j       pass

    .data
    .balign 8
area:
    .skip   8
    .text
    END
