/* Instructions as words, for short programs in tests: insn_add(A0, A1, A2) is add a0, a1, a2. */
#ifndef TESTS_CPU_ASSEMBLE_H
#define TESTS_CPU_ASSEMBLE_H

#include "memory/types.h"

enum { ZERO, RA, SP, GP, TP, T0, T1, T2, S0, S1, A0, A1, A2, A3, A4, A5, A6, A7 };
enum { FA0 = 10, FA1, FA2, FA3 };

static inline u32 insn_r(u32 match, unsigned rd, unsigned rs1, unsigned rs2)
{
    return match | rd << 7 | rs1 << 15 | rs2 << 20;
}

static inline u32 insn_i(u32 match, unsigned rd, unsigned rs1, i32 imm)
{
    return match | rd << 7 | rs1 << 15 | (u32)imm << 20;
}

static inline u32 insn_s(u32 match, unsigned rs2, unsigned rs1, i32 imm)
{
    return match | rs1 << 15 | rs2 << 20 | ((u32)imm & 31) << 7 | ((u32)imm >> 5) << 25;
}

static inline u32 insn_b(u32 match, unsigned rs1, unsigned rs2, i32 offset)
{
    u32 o = (u32)offset;

    return match | rs1 << 15 | rs2 << 20 | (o >> 12 & 1) << 31 | (o >> 5 & 63) << 25 |
           (o >> 1 & 15) << 8 | (o >> 11 & 1) << 7;
}

static inline u32 insn_jal(unsigned rd, i32 offset)
{
    u32 o = (u32)offset;

    return 0x6f | rd << 7 | (o >> 20 & 1) << 31 | (o >> 1 & 0x3ff) << 21 | (o >> 11 & 1) << 20 |
           (o >> 12 & 0xff) << 12;
}

/* rd = the upper 20 bits of value; add the lower 12 with insn_addi(). */
static inline u32 insn_lui(unsigned rd, u32 value)
{
    return 0x37 | rd << 7 | ((value + 0x800) & 0xfffff000);
}

static inline u32 insn_auipc(unsigned rd, u32 value)
{
    return 0x17 | rd << 7 | (value & 0xfffff000);
}

#define INSN_R(name, match)                                                                        \
    static inline u32 insn_##name(unsigned rd, unsigned rs1, unsigned rs2)                         \
    {                                                                                              \
        return insn_r(match, rd, rs1, rs2);                                                        \
    }
#define INSN_I(name, match)                                                                        \
    static inline u32 insn_##name(unsigned rd, unsigned rs1, i32 imm)                              \
    {                                                                                              \
        return insn_i(match, rd, rs1, imm);                                                        \
    }
#define INSN_S(name, match)                                                                        \
    static inline u32 insn_##name(unsigned rs2, unsigned rs1, i32 imm)                             \
    {                                                                                              \
        return insn_s(match, rs2, rs1, imm);                                                       \
    }
#define INSN_B(name, match)                                                                        \
    static inline u32 insn_##name(unsigned rs1, unsigned rs2, i32 offset)                          \
    {                                                                                              \
        return insn_b(match, rs1, rs2, offset);                                                    \
    }
/* rs1 is a register, or the immediate of the forms that end in i. */
#define INSN_CSR(name, match)                                                                      \
    static inline u32 insn_##name(unsigned rd, unsigned csr, unsigned rs1)                         \
    {                                                                                              \
        return insn_i(match, rd, rs1, (i32)csr);                                                   \
    }
#define INSN_0(name, match)                                                                        \
    static inline u32 insn_##name(void)                                                            \
    {                                                                                              \
        return match;                                                                              \
    }

INSN_I(addi, 0x00000013)
INSN_I(jalr, 0x00000067)
INSN_I(lb, 0x00000003)
INSN_I(lw, 0x00002003)
INSN_I(ld, 0x00003003)
INSN_S(sb, 0x00000023)
INSN_S(sh, 0x00001023)
INSN_S(sw, 0x00002023)
INSN_S(sd, 0x00003023)
INSN_R(add, 0x00000033)
INSN_R(sub, 0x40000033)
INSN_R(xor, 0x00004033)
INSN_R(mul, 0x02000033)
INSN_B(beq, 0x00000063)
INSN_B(bne, 0x00001063)
INSN_B(blt, 0x00004063)
INSN_CSR(csrrw, 0x00001073)
INSN_CSR(csrrs, 0x00002073)
INSN_CSR(csrrc, 0x00003073)
INSN_CSR(csrrwi, 0x00005073)
INSN_CSR(csrrsi, 0x00006073)
INSN_CSR(csrrci, 0x00007073)
INSN_0(ecall, 0x00000073)
INSN_0(ebreak, 0x00100073)
INSN_0(mret, 0x30200073)
INSN_0(sret, 0x10200073)
INSN_0(wfi, 0x10500073)
INSN_0(pause, 0x0100000f)
INSN_0(fence_i, 0x0000100f)
INSN_0(sfence_vma, 0x12000073) /* of everything */
INSN_0(c_nop, 0x0001)
INSN_0(c_illegal, 0x0000)
INSN_R(amoadd_w, 0x0000202f)
INSN_R(amoswap_d, 0x0800302f)
INSN_R(lr_w, 0x1000202f) /* rs2 = 0 */
INSN_R(sc_w, 0x1800202f)
INSN_R(sc_d, 0x1800302f)
INSN_R(fadd_d, 0x02007053) /* rounding mode: dynamic */
INSN_R(fdiv_d, 0x1a007053)
INSN_R(fmul_d, 0x12007053)
INSN_R(fcvt_d_w, 0xd2000053) /* rs2 = 0 */

#undef INSN_R
#undef INSN_I
#undef INSN_S
#undef INSN_B
#undef INSN_CSR
#undef INSN_0

/* c.addi rd, imm with -32 <= imm < 32. */
static inline u32 insn_c_addi(unsigned rd, i32 imm)
{
    return 0x0001 | rd << 7 | ((u32)imm & 31) << 2 | ((u32)imm >> 5 & 1) << 12;
}

#endif
