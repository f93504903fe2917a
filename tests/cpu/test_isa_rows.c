/* What the rows of isa.def compute, on both engines (case 0 plain, case 1 fast): one line is one
 * instruction, its operands, and what it must leave, worked out by hand from the manual. The two
 * engines share the rows, so that only something from outside can tell when one is wrong. The
 * smaller extensions have tests of their own (test_extensions.c, test_float_extensions.c). */
#include "cpu/assemble.h"

#include "tests/cpu/rig.h"

#include <math.h>
#include <stdio.h>

#define WORD (RIG_RAM + 0x1000)
#define ONES UINT64_MAX
#define TOP  ((u64)1 << 63)
/* A word whose bit 31 is set, as registers hold it. */
#define NEG(low) (0xffffffff00000000 | (low))

/* One instruction at the bottom of RAM, with a0 = 0x77. */
static void open_row(struct rig *rig, const char *isa, const char *text)
{
    struct assembled program;
    char message[200];
    u32 bits = 0;

    rig_open(rig, isa);
    ck_assert_msg(assemble(&rig->decoder.isa, text, strlen(text), "row", RIG_RAM, &program, message,
                           sizeof message),
                  "%s: %s", text, message);
    ck_assert_msg(program.size == 2 || program.size == 4, "%s: not one instruction", text);
    memcpy(&bits, program.bytes, program.size);
    rig_put(rig, bits);
    assembled_free(&program);
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_FS);
    rig->hart->x[A0] = 0x77;
}

static void run_row(struct rig *rig, int engine, const char *text)
{
    rig_run(rig, engine, 1);
    ck_assert_msg(rig->hart->traps == 0, "%s trapped", text);
}

struct line {
    const char *text; /* a0 from a1 and a2 */
    u64 a1, a2, a0;
};

static const struct line rows_64[] = {
    {"add a0, a1, a2", 1, ONES, 0},
    {"sub a0, a1, a2", 0, 1, ONES},
    {"sll a0, a1, a2", 1, 63, TOP},
    {"sll a0, a1, a2", 5, 64, 5},
    {"srl a0, a1, a2", TOP, 63, 1},
    {"sra a0, a1, a2", TOP, 63, ONES},
    {"sra a0, a1, a2", TOP, 64, TOP},
    {"slt a0, a1, a2", ONES, 1, 1},
    {"sltu a0, a1, a2", ONES, 1, 0},
    {"xor a0, a1, a2", 0xff, 0x0f, 0xf0},
    {"or a0, a1, a2", 0xf0, 0x0f, 0xff},
    {"and a0, a1, a2", 0xff, 0x1f0, 0xf0},
    {"slti a0, a1, -1", (u64)-2, 0, 1},
    {"sltiu a0, a1, -1", 5, 0, 1},
    {"xori a0, a1, -1", 5, 0, ~(u64)5},
    {"ori a0, a1, -16", 5, 0, (u64)-11},
    {"andi a0, a1, -16", 0x1234, 0, 0x1230},
    {"slli a0, a1, 63", 1, 0, TOP},
    {"srli a0, a1, 63", TOP, 0, 1},
    {"srai a0, a1, 63", TOP, 0, ONES},
    {"addw a0, a1, a2", 0x7fffffff, 1, NEG(0x80000000)},
    {"subw a0, a1, a2", 0x100000000, 1, ONES},
    {"sllw a0, a1, a2", 1, 31, NEG(0x80000000)},
    {"sllw a0, a1, a2", 1, 32, 1},
    {"srlw a0, a1, a2", NEG(0x80000000), 31, 1},
    {"srlw a0, a1, a2", 0x80000000, 32, NEG(0x80000000)},
    {"sraw a0, a1, a2", 0x80000000, 31, ONES},
    {"addiw a0, a1, -1", 0x100000000, 0, ONES},
    {"slliw a0, a1, 31", 1, 0, NEG(0x80000000)},
    {"srliw a0, a1, 4", 0xf0000000f0000000, 0, 0x0f000000},
    {"sraiw a0, a1, 4", 0xf0000000, 0, NEG(0xff000000)},
    {"mul a0, a1, a2", 7, (u64)-3, (u64)-21},
    {"mulh a0, a1, a2", ONES, ONES, 0},
    {"mulh a0, a1, a2", TOP, 2, ONES},
    {"mulhu a0, a1, a2", ONES, ONES, ONES - 1},
    {"mulhsu a0, a1, a2", ONES, ONES, ONES},
    {"mulhsu a0, a1, a2", 1, ONES, 0},
    {"mulw a0, a1, a2", 0x10000, 0x8000, NEG(0x80000000)},
    {"div a0, a1, a2", (u64)-7, 2, (u64)-3},
    {"div a0, a1, a2", 7, 0, ONES},
    {"div a0, a1, a2", TOP, ONES, TOP},
    {"divu a0, a1, a2", ONES, 2, ONES >> 1},
    {"divu a0, a1, a2", 7, 0, ONES},
    {"rem a0, a1, a2", (u64)-7, 2, ONES},
    {"rem a0, a1, a2", 7, 0, 7},
    {"rem a0, a1, a2", TOP, ONES, 0},
    {"remu a0, a1, a2", ONES, 16, 15},
    {"remu a0, a1, a2", 7, 0, 7},
    {"divw a0, a1, a2", 0x80000000, ONES, NEG(0x80000000)},
    {"divuw a0, a1, a2", 0xffffffff, 1, ONES},
    {"remw a0, a1, a2", 0x80000000, ONES, 0},
    {"remuw a0, a1, a2", 0x80000000, 0, NEG(0x80000000)},
    {"sh1add a0, a1, a2", 1, 10, 12},
    {"sh2add a0, a1, a2", 1, 10, 14},
    {"sh3add a0, a1, a2", 1, 10, 18},
    {"add.uw a0, a1, a2", NEG(1), 10, 11},
    {"sh1add.uw a0, a1, a2", NEG(0x80000001), 10, 0x10000000c},
    {"sh2add.uw a0, a1, a2", NEG(0x80000001), 10, 0x20000000e},
    {"sh3add.uw a0, a1, a2", NEG(0x80000001), 10, 0x400000012},
    {"slli.uw a0, a1, 4", NEG(0x80000001), 0, 0x800000010},
    {"andn a0, a1, a2", 0xff, 0x0f, 0xf0},
    {"orn a0, a1, a2", 0xf0, 0x0f, (u64)-16},
    {"xnor a0, a1, a2", 0xff, 0x0f, ~(u64)0xf0},
    {"clz a0, a1", 1, 0, 63},
    {"clz a0, a1", 0, 0, 64},
    {"ctz a0, a1", TOP, 0, 63},
    {"ctz a0, a1", 0, 0, 64},
    {"cpop a0, a1", ONES, 0, 64},
    {"clzw a0, a1", NEG(1), 0, 31},
    {"clzw a0, a1", NEG(0), 0, 32},
    {"ctzw a0, a1", NEG(0), 0, 32},
    {"cpopw a0, a1", ONES, 0, 32},
    {"max a0, a1, a2", ONES, 1, 1},
    {"maxu a0, a1, a2", ONES, 1, ONES},
    {"min a0, a1, a2", ONES, 1, ONES},
    {"minu a0, a1, a2", ONES, 1, 1},
    {"sext.b a0, a1", 0x180, 0, (u64)-128},
    {"sext.h a0, a1", 0x18000, 0, (u64)-32768},
    {"zext.h a0, a1", ONES, 0, 0xffff},
    {"rol a0, a1, a2", TOP | 1, 1, 3},
    {"ror a0, a1, a2", 1, 1, TOP},
    {"ror a0, a1, a2", 9, 64, 9},
    {"rori a0, a1, 63", 1, 0, 2},
    {"rolw a0, a1, a2", NEG(0x80000001), 1, 3},
    {"rorw a0, a1, a2", 1, 1, NEG(0x80000000)},
    {"roriw a0, a1, 31", NEG(1), 0, 2},
    {"orc.b a0, a1", 0x0100000000001000, 0, 0xff0000000000ff00},
    {"rev8 a0, a1", 0x0102030405060708, 0, 0x0807060504030201},
    {"bclr a0, a1, a2", ONES, 63, ONES >> 1},
    {"bclr a0, a1, a2", ONES, 64, ONES - 1},
    {"bext a0, a1, a2", TOP, 63, 1},
    {"binv a0, a1, a2", 0, 5, 32},
    {"bset a0, a1, a2", 0, 63, TOP},
    {"bclri a0, a1, 3", 0xff, 0, 0xf7},
    {"bexti a0, a1, 3", 8, 0, 1},
    {"binvi a0, a1, 3", 8, 0, 0},
    {"bseti a0, a1, 63", 0, 0, TOP},
    {"czero.eqz a0, a1, a2", 5, 0, 0},
    {"czero.eqz a0, a1, a2", 5, TOP, 5},
    {"czero.nez a0, a1, a2", 5, 0, 5},
    {"czero.nez a0, a1, a2", 5, TOP, 0},
};

static const struct line rows_32[] = {
    {"sll a0, a1, a2", 1, 31, NEG(0x80000000)},
    {"sll a0, a1, a2", 1, 32, 1},
    {"srl a0, a1, a2", NEG(0x80000000), 31, 1},
    {"sra a0, a1, a2", NEG(0x80000000), 31, ONES},
    {"sltu a0, a1, a2", 1, ONES, 1},
    {"mul a0, a1, a2", 0x10000, 0x8000, NEG(0x80000000)},
    {"mulh a0, a1, a2", NEG(0x80000000), NEG(0x80000000), 0x40000000},
    {"mulhu a0, a1, a2", ONES, ONES, NEG(0xfffffffe)},
    {"mulhsu a0, a1, a2", ONES, ONES, ONES},
    {"div a0, a1, a2", NEG(0x80000000), ONES, NEG(0x80000000)},
    {"divu a0, a1, a2", ONES, 1, ONES},
    {"rem a0, a1, a2", NEG(0x80000000), ONES, 0},
    {"remu a0, a1, a2", ONES, 0, ONES},
    {"clz a0, a1", 0, 0, 32},
    {"ctz a0, a1", NEG(0x80000000), 0, 31},
    {"cpop a0, a1", ONES, 0, 32},
    {"zext.h a0, a1", ONES, 0, 0xffff},
    {"rol a0, a1, a2", NEG(0x80000001), 1, 3},
    {"ror a0, a1, a2", 1, 1, NEG(0x80000000)},
    {"orc.b a0, a1", 0x00010000, 0, 0x00ff0000},
    {"rev8 a0, a1", 0x01020384, 0, NEG(0x84030201)},
    {"bext a0, a1, a2", NEG(0x80000000), 31, 1},
    {"bset a0, a1, a2", 0, 31, NEG(0x80000000)},
};

static void check_rows(const char *isa, const struct line *rows, size_t count, int engine)
{
    for (size_t i = 0; i < count; i++) {
        struct rig rig;
        open_row(&rig, isa, rows[i].text);
        rig.hart->x[A1] = rows[i].a1;
        rig.hart->x[A2] = rows[i].a2;
        run_row(&rig, engine, rows[i].text);
        ck_assert_msg(rig.hart->x[A0] == rows[i].a0, "%s: %#llx", rows[i].text,
                      (unsigned long long)rig.hart->x[A0]);
        rig_close(&rig);
    }
}

START_TEST(integer_instructions_give_what_the_manual_says)
{
    check_rows("max", rows_64, sizeof rows_64 / sizeof *rows_64, _i);
    check_rows("max32", rows_32, sizeof rows_32 / sizeof *rows_32, _i);
}
END_TEST

START_TEST(atomics_leave_the_old_value_and_store_the_new_one)
{
    static const struct {
        const char *text; /* with WORD in a1 */
        u64 before, a2, after, a0;
    } rows[] = {
        {"amoswap.d a0, a2, (a1)", 5, 9, 9, 5},
        {"amoadd.d a0, a2, (a1)", ONES, 2, 1, ONES},
        {"amoxor.d a0, a2, (a1)", 0xff, 0x0f, 0xf0, 0xff},
        {"amoand.d a0, a2, (a1)", 0xff, 0x10f, 0x0f, 0xff},
        {"amoor.d a0, a2, (a1)", 0xf0, 0x0f, 0xff, 0xf0},
        {"amomin.d a0, a2, (a1)", 1, ONES, ONES, 1},
        {"amomax.d a0, a2, (a1)", 1, ONES, 1, 1},
        {"amominu.d a0, a2, (a1)", 1, ONES, 1, 1},
        {"amomaxu.d a0, a2, (a1)", 1, ONES, ONES, 1},
        {"amoswap.w a0, a2, (a1)", 0x1180000000, ONES, 0x11ffffffff, NEG(0x80000000)},
        {"amoadd.w a0, a2, (a1)", 0x11ffffffff, 2, 0x1100000001, ONES},
        {"amoxor.w a0, a2, (a1)", 0x11000000ff, 0x0f, 0x11000000f0, 0xff},
        {"amoand.w a0, a2, (a1)", 0x11000000ff, 0x10f, 0x110000000f, 0xff},
        {"amoor.w a0, a2, (a1)", 0x11000000f0, 0x0f, 0x11000000ff, 0xf0},
        {"amomin.w a0, a2, (a1)", 0x1100000001, ONES, 0x11ffffffff, 1},
        {"amomax.w a0, a2, (a1)", 0x1100000001, ONES, 0x1100000001, 1},
        {"amominu.w a0, a2, (a1)", 0x1100000001, ONES, 0x1100000001, 1},
        {"amomaxu.w a0, a2, (a1)", 0x1100000001, 0x2ffffffff, 0x11ffffffff, 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        open_row(&rig, "rv64ia", rows[i].text);
        rig_write(&rig, WORD, 8, rows[i].before);
        rig.hart->x[A1] = WORD;
        rig.hart->x[A2] = rows[i].a2;
        run_row(&rig, _i, rows[i].text);
        ck_assert_msg(rig.hart->x[A0] == rows[i].a0 && rig_read(&rig, WORD, 8) == rows[i].after,
                      "%s: %#llx, and %#llx in memory", rows[i].text,
                      (unsigned long long)rig.hart->x[A0],
                      (unsigned long long)rig_read(&rig, WORD, 8));
        rig_close(&rig);
    }
}
END_TEST

/* A number as the register holds it: width is the letter of the instruction's suffix. */
static u64 float_bits(double number, char width)
{
    float single = (float)number;
    u32 low;
    u64 bits;

    memcpy(&low, &single, 4);
    memcpy(&bits, &number, 8);
    return width == 's' ? NEG(low) : bits;
}

/* %c is s and then d. The sources are fa1, fa2 and fa3. */
START_TEST(float_instructions_give_what_the_manual_says)
{
    static const struct {
        const char *text;
        double fa1, fa2, fa3, fa0;
    } rows[] = {
        {"fadd.%c fa0, fa1, fa2", 1.5, 2.25, 0, 3.75},
        {"fsub.%c fa0, fa1, fa2", 1.5, 2.25, 0, -0.75},
        {"fmul.%c fa0, fa1, fa2", 1.5, -2.5, 0, -3.75},
        {"fdiv.%c fa0, fa1, fa2", -1.5, 0.5, 0, -3},
        {"fsqrt.%c fa0, fa1", 2.25, 0, 0, 1.5},
        {"fmadd.%c fa0, fa1, fa2, fa3", 2, 3, 1, 7},
        {"fmsub.%c fa0, fa1, fa2, fa3", 2, 3, 1, 5},
        {"fnmsub.%c fa0, fa1, fa2, fa3", 2, 3, 1, -5},
        {"fnmadd.%c fa0, fa1, fa2, fa3", 2, 3, 1, -7},
        {"fsgnj.%c fa0, fa1, fa2", 1.5, -2, 0, -1.5},
        {"fsgnjn.%c fa0, fa1, fa2", 1.5, -2, 0, 1.5},
        {"fsgnjx.%c fa0, fa1, fa2", -1.5, -2, 0, 1.5},
        {"fmin.%c fa0, fa1, fa2", 0.0, -0.0, 0, -0.0},
        {"fmax.%c fa0, fa1, fa2", -0.0, 0.0, 0, 0.0},
        {"fmin.%c fa0, fa1, fa2", NAN, 3, 0, 3},
    };

    for (size_t i = 0; i < 2 * (sizeof rows / sizeof *rows); i++) {
        char width = "sd"[i % 2], text[64];
        struct rig rig;
        snprintf(text, sizeof text, rows[i / 2].text, width);
        open_row(&rig, "max", text);
        rig.hart->f[FA1] = float_bits(rows[i / 2].fa1, width);
        rig.hart->f[FA2] = float_bits(rows[i / 2].fa2, width);
        rig.hart->f[FA3] = float_bits(rows[i / 2].fa3, width);
        run_row(&rig, _i, text);
        ck_assert_msg(rig.hart->f[FA0] == float_bits(rows[i / 2].fa0, width), "%s: %#llx", text,
                      (unsigned long long)rig.hart->f[FA0]);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(floats_are_compared_classified_and_become_integers)
{
    static const struct {
        const char *text;
        double fa1, fa2;
        u64 a0;
    } rows[] = {
        {"feq.%c a0, fa1, fa2", 0.0, -0.0, 1},
        {"flt.%c a0, fa1, fa2", -1, 1, 1},
        {"fle.%c a0, fa1, fa2", 1, 1, 1},
        {"fle.%c a0, fa1, fa2", NAN, 1, 0},
        {"fclass.%c a0, fa1", -INFINITY, 0, 1},
        {"fclass.%c a0, fa1", 1.5, 0, 1 << 6},
        {"fcvt.w.%c a0, fa1, rtz", -1.75, 0, ONES},
        {"fcvt.w.%c a0, fa1, rdn", -1.75, 0, (u64)-2},
        {"fcvt.wu.%c a0, fa1, rtz", 4294967040.0, 0, NEG(0xffffff00)},
        {"fcvt.wu.%c a0, fa1, rtz", -3, 0, 0},
        {"fcvt.l.%c a0, fa1, rne", 2.5, 0, 2},
        {"fcvt.lu.%c a0, fa1, rup", 2.25, 0, 3},
        {"fcvt.lu.%c a0, fa1, rtz", INFINITY, 0, ONES},
    };

    for (size_t i = 0; i < 2 * (sizeof rows / sizeof *rows); i++) {
        char width = "sd"[i % 2], text[64];
        struct rig rig;
        snprintf(text, sizeof text, rows[i / 2].text, width);
        open_row(&rig, "max", text);
        rig.hart->f[FA1] = float_bits(rows[i / 2].fa1, width);
        rig.hart->f[FA2] = float_bits(rows[i / 2].fa2, width);
        run_row(&rig, _i, text);
        ck_assert_msg(rig.hart->x[A0] == rows[i / 2].a0, "%s: %#llx", text,
                      (unsigned long long)rig.hart->x[A0]);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(integers_become_floats_and_floats_change_their_width)
{
    static const struct {
        const char *text;
        u64 a1;
        double fa1, fa0;
        char width; /* of the result */
    } rows[] = {
        {"fcvt.s.w fa0, a1", NEG(0x80000000), 0, -2147483648.0, 's'},
        {"fcvt.s.wu fa0, a1", ONES, 0, 4294967296.0, 's'},
        {"fcvt.s.l fa0, a1", TOP, 0, -9223372036854775808.0, 's'},
        {"fcvt.s.lu fa0, a1", TOP, 0, 9223372036854775808.0, 's'},
        {"fcvt.d.w fa0, a1", 0xffffffff, 0, -1, 'd'},
        {"fcvt.d.wu fa0, a1", ONES, 0, 4294967295.0, 'd'},
        {"fcvt.d.l fa0, a1", TOP, 0, -9223372036854775808.0, 'd'},
        {"fcvt.d.lu fa0, a1", TOP, 0, 9223372036854775808.0, 'd'},
        {"fcvt.s.d fa0, fa1", 0, 0.1, 0.1, 's'},
        {"fmv.d.x fa0, a1", 0x3ff8000000000000, 0, 1.5, 'd'},
        {"fmv.w.x fa0, a1", 0x773fc00000, 0, 1.5, 's'},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        open_row(&rig, "max", rows[i].text);
        rig.hart->x[A1] = rows[i].a1;
        rig.hart->f[FA1] = float_bits(rows[i].fa1, 'd');
        run_row(&rig, _i, rows[i].text);
        ck_assert_msg(rig.hart->f[FA0] == float_bits(rows[i].fa0, rows[i].width), "%s: %#llx",
                      rows[i].text, (unsigned long long)rig.hart->f[FA0]);
        rig_close(&rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {integer_instructions_give_what_the_manual_says,
                                  atomics_leave_the_old_value_and_store_the_new_one,
                                  float_instructions_give_what_the_manual_says,
                                  floats_are_compared_classified_and_become_integers,
                                  integers_become_floats_and_floats_change_their_width};

    return SUITE_RUN("rows of the table", tests, RIG_ENGINES);
}
