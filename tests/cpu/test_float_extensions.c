/* Zfhmin, Zfh and Zfa on both engines (case 0 plain, case 1 fast): what an instruction leaves in
 * its register and in fflags, where it is illegal, and what it does to FS. That the arithmetic is
 * right is the business of test_softfloat_half.c and test_softfloat_zfa.c. */
#include "cpu/disasm.h"
#include "cpu/softfloat.h"
#include "tests/cpu/rig.h"

#define WORD (RIG_RAM + 0x1000)

/* Halves and singles in their boxes. */
#define H(bits) (0xffffffffffff0000u | (u64)(bits))
#define S(bits) (0xffffffff00000000u | (u64)(bits))

/* Registers 10 = operation(11, 12, 13). */
#define UNARY(word)      ((word) | FA0 << 7 | FA1 << 15)
#define BINARY(word)     (UNARY(word) | FA2 << 20)
#define FUSED(word)      (BINARY(word) | (u32)FA3 << 27)
#define FLI(word, index) ((word) | FA0 << 7 | (index) << 15)
#define RM(mode)         ((u32)(mode) << 12)

#define FLH      0x00001007u
#define FSH      0x00001027u
#define FADD_H   0x04000053u
#define FMV_X_H  0xe4000053u
#define FCVT_S_H 0x40200053u
#define FCVT_H_S 0x44000053u
#define FCVT_D_H 0x42200053u
#define FCVT_H_D 0x44100053u
#define FCVT_W_H 0xc4000053u
#define FCVT_L_H 0xc4200053u
#define FCVT_H_W 0xd4000053u
#define FROUND_S 0x40400053u
#define FROUND_D 0x42400053u
#define FROUND_H 0x44400053u
#define ROUND_NX 0x00100000u
#define FLI_S    0xf0100053u
#define FLI_D    0xf2100053u
#define FLI_H    0xf4100053u
#define FCVTMOD  0xc2801053u
#define FMVH_X_D 0xe2100053u
#define FMVP_D_X 0xb2000053u

enum result { TO_F, TO_X };

/* a, b and c are put both into fa1, fa2, fa3 and into a1, a2, a3. */
struct line {
    const char *what;
    u32 insn;
    u64 a, b, c;
    enum result to;
    u64 expected;
    u8 flags;
};

static void check_lines(const char *isa, const struct line *lines, size_t count, int engine)
{
    for (const struct line *line = lines; line < lines + count; line++) {
        const u64 operands[] = {line->a, line->b, line->c};
        char text[DISASM_SIZE];
        struct rig rig;
        struct insn insn;
        rig_open(&rig, isa);
        rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        insn = decode(&rig.decoder, line->insn);
        disasm(&rig.decoder, &insn, 0, DISASM_ABI, text, sizeof text);
        ck_assert_msg(!strncmp(text, line->what, strlen(line->what)), "%s is %s", line->what, text);
        rig_put(&rig, line->insn);
        for (unsigned i = 0; i < 3; i++)
            rig.hart->f[FA1 + i] = rig.hart->x[A1 + i] = operands[i];
        rig.hart->f[FA0] = rig.hart->x[A0] = 0x77;
        rig_run(&rig, engine, 1);
        ck_assert_msg(rig.hart->traps == 0, "%s %s traps", isa, text);
        ck_assert_msg(rig.hart->f[FA0] == (line->to == TO_F ? line->expected : 0x77) &&
                          rig.hart->x[A0] == (line->to == TO_X ? line->expected : 0x77),
                      "%s %s: f %#llx x %#llx", isa, text, (unsigned long long)rig.hart->f[FA0],
                      (unsigned long long)rig.hart->x[A0]);
        ck_assert_msg(rig.hart->fflags == line->flags, "%s %s: flags %#x", isa, text,
                      (unsigned)rig.hart->fflags);
        rig_close(&rig);
    }
}

/* On every processor with halves, with singles only and with doubles. */
START_TEST(halves_are_moved_and_converted)
{
    static const struct line lines[] = {
        {"fmv.x.h", UNARY(FMV_X_H), 0x8001, 0, 0, TO_X, 0xffffffffffff8001, 0}, /* boxed or not */
        {"fmv.x.h", UNARY(FMV_X_H), H(0x7fff), 0, 0, TO_X, 0x7fff, 0},
        {"fmv.h.x", UNARY(0xf4000053), 0x12345678, 0, 0, TO_F, H(0x5678), 0},
        {"fcvt.s.h", UNARY(FCVT_S_H), H(0x3c00), 0, 0, TO_F, S(0x3f800000), 0},
        {"fcvt.s.h", UNARY(FCVT_S_H), H(0x8001), 0, 0, TO_F, S(0xb3800000), 0},
        {"fcvt.s.h", UNARY(FCVT_S_H), H(0x7c01), 0, 0, TO_F, S(0x7fc00000), FLAG_NV},
        {"fcvt.s.h", UNARY(FCVT_S_H), S(0x3c00), 0, 0, TO_F, S(0x7fc00000), 0}, /* not boxed */
        {"fcvt.h.s", UNARY(FCVT_H_S | RM(7)), S(0x3f801000), 0, 0, TO_F, H(0x3c00), FLAG_NX},
        {"fcvt.h.s", UNARY(FCVT_H_S | RM(3)), S(0x3f801000), 0, 0, TO_F, H(0x3c01), FLAG_NX},
        {"fcvt.h.s", UNARY(FCVT_H_S | RM(1)), S(0x7f7fffff), 0, 0, TO_F, H(0x7bff),
         FLAG_OF | FLAG_NX},
        {"fcvt.h.s", UNARY(FCVT_H_S | RM(7)), S(0x00000001), 0, 0, TO_F, H(0), FLAG_UF | FLAG_NX},
        {"fcvt.h.s", UNARY(FCVT_H_S | RM(7)), H(0x3c00), 0, 0, TO_F, H(0x7e00), 0},
    };
    static const char *const isas[] = {"rv64if_zfhmin", "rv64ifd_zfhmin", "rv64ifd_zfh",
                                       "rv32if_zfhmin", "rv32ifd_zfh"};

    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
        check_lines(isas[i], lines, sizeof lines / sizeof *lines, _i);
}
END_TEST

START_TEST(halves_and_doubles_convert)
{
    static const struct line lines[] = {
        {"fcvt.d.h", UNARY(FCVT_D_H), H(0xbc00), 0, 0, TO_F, 0xbff0000000000000, 0},
        {"fcvt.d.h", UNARY(FCVT_D_H), H(0x7d00), 0, 0, TO_F, 0x7ff8000000000000, FLAG_NV},
        {"fcvt.d.h", UNARY(FCVT_D_H), 0x3c00, 0, 0, TO_F, 0x7ff8000000000000, 0},
        {"fcvt.h.d", UNARY(FCVT_H_D | RM(7)), 0x3ff0000000000001, 0, 0, TO_F, H(0x3c00), FLAG_NX},
        {"fcvt.h.d", UNARY(FCVT_H_D | RM(3)), 0x3ff0000000000001, 0, 0, TO_F, H(0x3c01), FLAG_NX},
        {"fcvt.h.d", UNARY(FCVT_H_D | RM(7)), H(0x3c00), 0, 0, TO_F, H(0x7e00), 0},
    };

    check_lines("rv64ifd_zfhmin", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv32ifd_zfhmin", lines, sizeof lines / sizeof *lines, _i);
}
END_TEST

START_TEST(halves_are_computed_with)
{
    static const struct line lines[] = {
        {"fadd.h", BINARY(FADD_H | RM(7)), H(0x3c00), H(0x3c00), 0, TO_F, H(0x4000), 0},
        {"fadd.h", BINARY(FADD_H | RM(7)), H(0x7bff), H(0x7bff), 0, TO_F, H(0x7c00),
         FLAG_OF | FLAG_NX},
        {"fadd.h", BINARY(FADD_H | RM(7)), H(0x3c00), S(0xffff3c00) ^ (u64)1 << 40, 0, TO_F,
         H(0x7e00), 0},
        {"fadd.h", BINARY(FADD_H | RM(3)), H(0x3c00), H(0x0001), 0, TO_F, H(0x3c01), FLAG_NX},
        {"fsub.h", BINARY(0x0c007053), H(0x7c01), H(0x3c00), 0, TO_F, H(0x7e00), FLAG_NV},
        {"fmul.h", BINARY(0x14007053), H(0x0001), H(0x3800), 0, TO_F, H(0), FLAG_UF | FLAG_NX},
        {"fdiv.h", BINARY(0x1c007053), H(0x3c00), H(0x8000), 0, TO_F, H(0xfc00), FLAG_DZ},
        {"fdiv.h", BINARY(0x1c007053), H(0x3c00), H(0x4200), 0, TO_F, H(0x3555), FLAG_NX},
        {"fsqrt.h", UNARY(0x5c007053), H(0x4000), 0, 0, TO_F, H(0x3da8), FLAG_NX},
        {"fsqrt.h", UNARY(0x5c007053), H(0xbc00), 0, 0, TO_F, H(0x7e00), FLAG_NV},
        {"fmadd.h", FUSED(0x04007043), H(0x4000), H(0x4200), H(0x3c00), TO_F, H(0x4700), 0},
        {"fmsub.h", FUSED(0x04007047), H(0x4000), H(0x4200), H(0x3c00), TO_F, H(0x4500), 0},
        {"fnmsub.h", FUSED(0x0400704b), H(0x4000), H(0x4200), H(0x3c00), TO_F, H(0xc500), 0},
        {"fnmadd.h", FUSED(0x0400704f), H(0x4000), H(0x4200), H(0x3c00), TO_F, H(0xc700), 0},
        {"fmadd.h", FUSED(0x04007043), H(0x7c00), H(0), H(0x7e00), TO_F, H(0x7e00), FLAG_NV},
        {"fsgnj.h", BINARY(0x24000053), H(0x3c00), H(0xc000), 0, TO_F, H(0xbc00), 0},
        {"fsgnj.h", BINARY(0x24000053), H(0xbc00), S(0x8000), 0, TO_F, H(0x3c00), 0},
        {"fsgnjx.h", BINARY(0x24002053), H(0xbc00), H(0xc000), 0, TO_F, H(0x3c00), 0},
        {"fmin.h", BINARY(0x2c000053), H(0), H(0x8000), 0, TO_F, H(0x8000), 0},
        {"fmin.h", BINARY(0x2c000053), H(0x7c01), H(0x3c00), 0, TO_F, H(0x3c00), FLAG_NV},
        {"fmax.h", BINARY(0x2c001053), H(0x8000), H(0), 0, TO_F, H(0), 0},
        {"feq.h", BINARY(0xa4002053), H(0x7e00), H(0x7e00), 0, TO_X, 0, 0},
        {"feq.h", BINARY(0xa4002053), H(0x8000), H(0), 0, TO_X, 1, 0},
        {"flt.h", BINARY(0xa4001053), H(0x7e00), H(0), 0, TO_X, 0, FLAG_NV},
        {"fclass.h", UNARY(0xe4001053), H(0x0001), 0, 0, TO_X, CLASS_PLUS_SUBNORMAL, 0},
        {"fclass.h", UNARY(0xe4001053), 0x3c00, 0, 0, TO_X, CLASS_QUIET_NAN, 0},
        {"fcvt.w.h", UNARY(FCVT_W_H | RM(7)), H(0x3e00), 0, 0, TO_X, 2, FLAG_NX},
        {"fcvt.w.h", UNARY(FCVT_W_H | RM(1)), H(0xbe00), 0, 0, TO_X, -(u64)1, FLAG_NX},
        {"fcvt.w.h", UNARY(FCVT_W_H | RM(1)), H(0x7c00), 0, 0, TO_X, 0x7fffffff, FLAG_NV},
        {"fcvt.wu.h", UNARY(0xc4101053), H(0xbc00), 0, 0, TO_X, 0, FLAG_NV},
        {"fcvt.wu.h", UNARY(0xc4101053), H(0x7e00), 0, 0, TO_X, UINT64_MAX, FLAG_NV},
        {"fcvt.h.w", UNARY(FCVT_H_W | RM(7)), 2049, 0, 0, TO_F, H(0x6800), FLAG_NX},
        {"fcvt.h.w", UNARY(FCVT_H_W | RM(3)), 2049, 0, 0, TO_F, H(0x6801), FLAG_NX},
        {"fcvt.h.wu", UNARY(0xd4107053), UINT64_MAX, 0, 0, TO_F, H(0x7c00), FLAG_OF | FLAG_NX},
    };
    static const struct line wide[] = {
        {"fcvt.l.h", UNARY(FCVT_L_H | RM(1)), H(0xfbff), 0, 0, TO_X, -(u64)65504, 0},
        {"fcvt.lu.h", UNARY(0xc4301053), H(0x7c00), 0, 0, TO_X, UINT64_MAX, FLAG_NV},
        {"fcvt.h.l", UNARY(0xd4207053), -(u64)3, 0, 0, TO_F, H(0xc200), 0},
        {"fcvt.h.lu", UNARY(0xd4307053), (u64)1 << 63, 0, 0, TO_F, H(0x7c00), FLAG_OF | FLAG_NX},
    };

    check_lines("rv64if_zfh", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv64ifd_zfh", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv32ifd_zfh", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv64ifd_zfh", wide, sizeof wide / sizeof *wide, _i);
}
END_TEST

START_TEST(zfa_does_what_the_manual_says)
{
    static const struct line lines[] = {
        {"fli.s fa0, -1.0", FLI(FLI_S, 0), 0, 0, 0, TO_F, S(0xbf800000), 0},
        {"fli.s fa0, min", FLI(FLI_S, 1), 0, 0, 0, TO_F, S(0x00800000), 0},
        {"fli.s fa0, nan", FLI(FLI_S, 31), 0, 0, 0, TO_F, S(0x7fc00000), 0},
        {"fli.d fa0, min", FLI(FLI_D, 1), 0, 0, 0, TO_F, 0x0010000000000000, 0},
        {"fli.d fa0, 0.3125", FLI(FLI_D, 9), 0, 0, 0, TO_F, 0x3fd4000000000000, 0},
        {"fli.h fa0, 1.52587890625e-05", FLI(FLI_H, 2), 0, 0, 0, TO_F, H(0x0100), 0},
        {"fli.h fa0, 65536.0", FLI(FLI_H, 29), 0, 0, 0, TO_F, H(0x7c00), 0},
        {"fminm.s", BINARY(0x28002053), S(0x7fc00000), S(0x3f800000), 0, TO_F, S(0x7fc00000), 0},
        {"fminm.s", BINARY(0x28002053), S(0), S(0x80000000), 0, TO_F, S(0x80000000), 0},
        {"fmaxm.s", BINARY(0x28003053), S(0x3f800000), S(0xff800001), 0, TO_F, S(0x7fc00000),
         FLAG_NV},
        {"fminm.d", BINARY(0x2a002053), 1, 0x7ff0000000000001, 0, TO_F, 0x7ff8000000000000,
         FLAG_NV},
        {"fmaxm.d", BINARY(0x2a003053), 1, (u64)1 << 63, 0, TO_F, 1, 0},
        {"fminm.h", BINARY(0x2c002053), H(0x3c00), H(0x7e01), 0, TO_F, H(0x7e00), 0},
        {"fround.s", UNARY(FROUND_S), S(0x40200000), 0, 0, TO_F, S(0x40000000), 0},
        {"fround.s", UNARY(FROUND_S | RM(4)), S(0x40200000), 0, 0, TO_F, S(0x40400000), 0},
        {"fround.s", UNARY(FROUND_S | RM(7)), S(0xbe800000), 0, 0, TO_F, S(0x80000000), 0},
        {"fround.s", UNARY(FROUND_S | RM(7)), S(0x7f800001), 0, 0, TO_F, S(0x7fc00000), FLAG_NV},
        {"fround.s", UNARY(FROUND_S | RM(7)), 0x3f800000, 0, 0, TO_F, S(0x7fc00000), 0},
        {"froundnx.s", UNARY(FROUND_S | ROUND_NX), S(0x40200000), 0, 0, TO_F, S(0x40000000),
         FLAG_NX},
        {"froundnx.s", UNARY(FROUND_S | ROUND_NX), S(0x40000000), 0, 0, TO_F, S(0x40000000), 0},
        {"fround.d", UNARY(FROUND_D | RM(7)), 0x3fe0000000000001, 0, 0, TO_F, 0x3ff0000000000000,
         0},
        {"fround.d", UNARY(FROUND_D | RM(7)), 0x7ff8000000000001, 0, 0, TO_F, 0x7ff8000000000000,
         0},
        {"froundnx.d", UNARY(FROUND_D | ROUND_NX | RM(2)), 0xbfe0000000000000, 0, 0, TO_F,
         0xbff0000000000000, FLAG_NX},
        {"froundnx.d", UNARY(FROUND_D | ROUND_NX | RM(7)), 0x7ff0000000000000, 0, 0, TO_F,
         0x7ff0000000000000, 0},
        {"fround.h", UNARY(FROUND_H | RM(7)), H(0x3e00), 0, 0, TO_F, H(0x4000), 0},
        {"froundnx.h", UNARY(FROUND_H | ROUND_NX | RM(7)), H(0x3e00), 0, 0, TO_F, H(0x4000),
         FLAG_NX},
        {"fleq.s", BINARY(0xa0004053), S(0x7fc00000), S(0), 0, TO_X, 0, 0},
        {"fleq.s", BINARY(0xa0004053), S(0), S(0x80000000), 0, TO_X, 1, 0},
        {"fltq.s", BINARY(0xa0005053), S(0x7f800001), S(0), 0, TO_X, 0, FLAG_NV},
        {"fltq.s", BINARY(0xa0005053), S(0x80000001), S(0), 0, TO_X, 1, 0},
        {"fleq.d", BINARY(0xa2004053), 0, 0x7ff8000000000000, 0, TO_X, 0, 0},
        {"fltq.d", BINARY(0xa2005053), 0, 1, 0, TO_X, 1, 0},
        {"fleq.h", BINARY(0xa4004053), H(0x7e00), H(0), 0, TO_X, 0, 0},
        {"fltq.h", BINARY(0xa4005053), H(0x7c01), H(0), 0, TO_X, 0, FLAG_NV},
        /* 2^32 + 3.5, -1.5, 2^31, infinity */
        {"fcvtmod.w.d", UNARY(FCVTMOD), 0x41f0000000380000, 0, 0, TO_X, 3, FLAG_NV},
        {"fcvtmod.w.d", UNARY(FCVTMOD), 0xbff8000000000000, 0, 0, TO_X, -(u64)1, FLAG_NX},
        {"fcvtmod.w.d", UNARY(FCVTMOD), 0x41e0000000000000, 0, 0, TO_X, 0xffffffff80000000,
         FLAG_NV},
        {"fcvtmod.w.d", UNARY(FCVTMOD), 0x7ff0000000000000, 0, 0, TO_X, 0, FLAG_NV},
    };
    static const struct line narrow[] = {
        {"fmvh.x.d", UNARY(FMVH_X_D), 0x8234567800000000, 0, 0, TO_X, 0xffffffff82345678, 0},
        {"fmvp.d.x", BINARY(FMVP_D_X), 0xffffffff89abcdef, 0x12345678, 0, TO_F, 0x1234567889abcdef,
         0},
    };

    check_lines("rv64ifd_zfa_zfh", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv32ifd_zfa_zfh", lines, sizeof lines / sizeof *lines, _i);
    check_lines("rv32ifd_zfa", narrow, sizeof narrow / sizeof *narrow, _i);
}
END_TEST

/* Runs one instruction. Was it legal? */
static bool is_legal(const char *isa, u32 insn, u64 frm, u64 fs, int engine)
{
    struct rig rig;
    bool is_legal;

    rig_open(&rig, isa);
    rig_set_csr(rig.hart, 0x305, RIG_RAM + 0x4000);
    rig_set_csr(rig.hart, 0x002, frm); /* makes FS Dirty */
    rig_set_csr(rig.hart, 0x300, fs << 13);
    rig_put(&rig, insn);
    rig.hart->x[A1] = rig.hart->xlen == 32 ? (u64)(i64)(i32)WORD : WORD;
    rig_run(&rig, engine, 1);
    is_legal = rig.hart->traps == 0;
    if (!is_legal) {
        ck_assert_uint_eq(rig_csr(rig.hart, 0x342), CAUSE_ILLEGAL);
        ck_assert_uint_eq(rig_csr(rig.hart, 0x343), insn);
    }
    rig_close(&rig);
    return is_legal;
}

START_TEST(what_an_extension_lacks_is_illegal)
{
    static const struct {
        const char *isa;
        u32 insn;
        bool is_legal;
    } cases[] = {
        {"rv64ifd", UNARY(FLH), false},
        {"rv64ifd", UNARY(FMV_X_H), false},
        {"rv64if_zfhmin", UNARY(FLH), true},
        {"rv64if_zfhmin", UNARY(FCVT_D_H), false}, /* without D */
        {"rv64if_zfhmin", UNARY(FCVT_H_D), false},
        {"rv64ifd_zfhmin", BINARY(FADD_H), false}, /* arithmetic takes Zfh */
        {"rv64ifd_zfhmin", UNARY(FCVT_W_H), false},
        {"rv32ifd_zfh", UNARY(FCVT_L_H), false},
        {"rv64ifd", FLI(FLI_S, 16), false},
        {"rv64if_zfa", FLI(FLI_S, 16), true},
        {"rv64if_zfa", FLI(FLI_D, 16), false},
        {"rv64if_zfa", UNARY(FROUND_D), false},
        {"rv64if_zfa", UNARY(FCVTMOD), false},
        {"rv64ifd_zfa_zfhmin", FLI(FLI_H, 16), false},
        {"rv64ifd_zfa_zfhmin", UNARY(FROUND_H), false},
        {"rv64ifd_zfa", UNARY(FCVTMOD ^ RM(1)), false}, /* towards zero only */
        {"rv64ifd_zfa", UNARY(FCVTMOD | RM(7)), false},
        {"rv64ifd_zfa", UNARY(FMVH_X_D), false}, /* RV32 only */
        {"rv64ifd_zfa", BINARY(FMVP_D_X), false},
        {"rv32if_zfa", UNARY(FMVH_X_D), false},
        {"rv32if_zfa", BINARY(FMVP_D_X), false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(is_legal(cases[i].isa, cases[i].insn, 0, 3, _i) == cases[i].is_legal,
                      "%08x on %s", cases[i].insn, cases[i].isa);
}
END_TEST

START_TEST(reserved_rounding_modes_are_illegal_where_something_rounds)
{
    static const u32 rounding[] = {BINARY(FADD_H),  FUSED(0x04000043u),        UNARY(FCVT_H_S),
                                   UNARY(FCVT_S_H), UNARY(FCVT_W_H),           UNARY(FCVT_H_W),
                                   UNARY(FROUND_S), UNARY(FROUND_D | ROUND_NX)};
    static const u32 other[] = {UNARY(FLH), UNARY(FMV_X_H), FLI(FLI_H, 3), UNARY(FCVTMOD),
                                BINARY(0x2c000053u)};

    for (size_t i = 0; i < sizeof rounding / sizeof *rounding; i++) {
        ck_assert(!is_legal("max", rounding[i] | RM(5), 0, 3, _i));
        ck_assert(!is_legal("max", rounding[i] | RM(6), 0, 3, _i));
        for (u64 frm = 0; frm < 8; frm++)
            ck_assert_msg(is_legal("max", rounding[i] | RM(7), frm, 3, _i) == (frm <= 4),
                          "%08x with frm %u", rounding[i], (unsigned)frm);
        ck_assert(is_legal("max", rounding[i] | RM(4), 5, 3, _i));
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        ck_assert_msg(is_legal("max", other[i], 5, 3, _i), "%08x", other[i]);
}
END_TEST

START_TEST(nothing_of_this_is_legal_while_fs_is_off)
{
    static const u32 words[] = {
        UNARY(FLH),     UNARY(FSH),          BINARY(FADD_H),    UNARY(FMV_X_H),  UNARY(FCVT_S_H),
        FLI(FLI_S, 0),  FLI(FLI_D, 0),       FLI(FLI_H, 0),     UNARY(FROUND_S), UNARY(FROUND_H),
        UNARY(FCVTMOD), BINARY(0xa0004053u), UNARY(0xe4001053u)};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ck_assert_msg(!is_legal("max", words[i], 0, 0, _i), "%08x", words[i]);
        ck_assert_msg(is_legal("max", words[i], 0, 1, _i), "%08x", words[i]);
    }
    ck_assert(!is_legal("max32", UNARY(FMVH_X_D), 0, 0, _i));
    ck_assert(!is_legal("max32", BINARY(FMVP_D_X), 0, 0, _i));
}
END_TEST

START_TEST(everything_but_a_store_makes_fs_dirty)
{
    static const struct {
        u32 insn;
        u64 fs; /* afterwards */
    } cases[] = {{UNARY(FSH), 2},      {UNARY(FLH), 3},     {FLI(FLI_S, 0), 3},
                 {UNARY(FMV_X_H), 3},  {BINARY(FADD_H), 3}, {BINARY(0xa4002053u), 3},
                 {UNARY(FROUND_D), 3}, {UNARY(FCVTMOD), 3}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig rig;
        rig_open(&rig, "max");
        rig_set_csr_bits(rig.hart, 0x300, (u64)2 << 13);
        rig_put(&rig, cases[i].insn);
        rig.hart->x[A1] = WORD;
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(rig.hart->traps, 0);
        ck_assert_msg((rig_csr(rig.hart, 0x300) >> 13 & 3) == cases[i].fs, "%08x", cases[i].insn);
        rig_close(&rig);
    }
}
END_TEST

/* Aligned, misaligned, and across a page; what is stored is not looked at. */
START_TEST(halves_are_loaded_into_a_box_and_stored_without)
{
    for (unsigned offset = 0; offset < 0x1000; offset += 0x333) {
        struct rig rig;
        paddr at = WORD + (offset > 0xc00 ? 0xfff : offset);
        rig_open(&rig, "rv64if_zfhmin");
        rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        rig_write(&rig, at - 2, 8, 0x1111222283451111);
        rig_put(&rig, insn_sw(ZERO, SP, 0)); /* so that the fast engine knows the page */
        rig_put(&rig, insn_i(FLH, FA0, A1, -2));
        rig_put(&rig, insn_s(FSH, FA1, A1, -2));
        rig.hart->x[SP] = WORD + 0x1800;
        rig.hart->x[A1] = at + 2;
        rig.hart->f[FA1] = 0x123456789abcdef0;
        rig_run(&rig, _i, 3);
        ck_assert_uint_eq(rig.hart->traps, 0);
        ck_assert_uint_eq(rig.hart->f[FA0], H(0x8345));
        ck_assert_uint_eq(rig_read(&rig, at - 2, 8), 0x11112222def01111);
        rig_close(&rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        halves_are_moved_and_converted,
        halves_and_doubles_convert,
        halves_are_computed_with,
        zfa_does_what_the_manual_says,
        what_an_extension_lacks_is_illegal,
        reserved_rounding_modes_are_illegal_where_something_rounds,
        nothing_of_this_is_legal_while_fs_is_off,
        everything_but_a_store_makes_fs_dirty,
        halves_are_loaded_into_a_box_and_stored_without,
    };
    return SUITE_RUN("float extensions", tests, 2);
}
