/* From words to fields: where each format keeps the bits of its immediate, which registers a
 * compressed instruction means, what is illegal, and that the decoder's memo changes nothing. That
 * every row is found is tests/cpu/test_isa.c's business. */
#include "cpu/isa.h"

#include "tests/agree/random.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct decoder *decoder_create(const char *name)
{
    struct decoder *decoder = malloc(sizeof *decoder);
    char message[256] = "";
    struct isa isa;

    ck_assert_ptr_nonnull(decoder);
    ck_assert_msg(isa_parse(name, &isa, message, sizeof message), "%s", message);
    decoder_init(decoder, &isa);
    return decoder;
}

static struct insn decode_once(const char *isa, u32 word)
{
    struct decoder *decoder = decoder_create(isa);
    struct insn insn = decode(decoder, word);

    free(decoder);
    return insn;
}

/* The manual's drawings: from bit `high` of the word downwards, these bits of the immediate. */
static const struct drawing {
    enum row row;
    const char *isa;
    u32 word; /* with an immediate of 0 */
    unsigned sign;
    struct {
        unsigned high;
        const char *bits;
    } pieces[2];
} drawings[] = {
    {ROW_addi, "max", 0x00000013, 11, {{31, "11 10 9 8 7 6 5 4 3 2 1 0"}}},
    {ROW_sw, "max", 0x00002023, 11, {{31, "11 10 9 8 7 6 5"}, {11, "4 3 2 1 0"}}},
    {ROW_beq, "max", 0x00000063, 12, {{31, "12 10 9 8 7 6 5"}, {11, "4 3 2 1 11"}}},
    {ROW_lui,
     "max",
     0x00000037,
     31,
     {{31, "31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 15 14 13 12"}}},
    {ROW_jal, "max", 0x0000006f, 20, {{31, "20 10 9 8 7 6 5 4 3 2 1 11 19 18 17 16 15 14 13 12"}}},
    {ROW_slli, "max", 0x00001013, 0, {{25, "5 4 3 2 1 0"}}},
    {ROW_csrrw, "max", 0x00001073, 0, {{31, "11 10 9 8 7 6 5 4 3 2 1 0"}}},
    {ROW_addi, "max", 0x0501, 5, {{12, "5"}, {6, "4 3 2 1 0"}}},       /* c.addi */
    {ROW_addi, "max", 0x4501, 5, {{12, "5"}, {6, "4 3 2 1 0"}}},       /* c.li */
    {ROW_lui, "max", 0x6501, 17, {{12, "17"}, {6, "16 15 14 13 12"}}}, /* c.lui */
    {ROW_addi, "max", 0x6101, 9, {{12, "9"}, {6, "4 6 8 7 5"}}},       /* c.addi16sp */
    {ROW_addi, "max", 0x0000, 0, {{12, "5 4 9 8 7 6 2 3"}}},           /* c.addi4spn */
    {ROW_slli, "max", 0x0502, 0, {{12, "5"}, {6, "4 3 2 1 0"}}},       /* c.slli */
    {ROW_srli, "max", 0x8101, 0, {{12, "5"}, {6, "4 3 2 1 0"}}},       /* c.srli */
    {ROW_andi, "max", 0x8901, 5, {{12, "5"}, {6, "4 3 2 1 0"}}},       /* c.andi */
    {ROW_lw, "max", 0x4502, 0, {{12, "5"}, {6, "4 3 2 7 6"}}},         /* c.lwsp */
    {ROW_ld, "max", 0x6502, 0, {{12, "5"}, {6, "4 3 8 7 6"}}},         /* c.ldsp */
    {ROW_fld, "max", 0x2502, 0, {{12, "5"}, {6, "4 3 8 7 6"}}},        /* c.fldsp */
    {ROW_flw, "max32", 0x6502, 0, {{12, "5"}, {6, "4 3 2 7 6"}}},      /* c.flwsp */
    {ROW_sw, "max", 0xc002, 0, {{12, "5 4 3 2 7 6"}}},                 /* c.swsp */
    {ROW_sd, "max", 0xe002, 0, {{12, "5 4 3 8 7 6"}}},                 /* c.sdsp */
    {ROW_fsd, "max", 0xa002, 0, {{12, "5 4 3 8 7 6"}}},                /* c.fsdsp */
    {ROW_fsw, "max32", 0xe002, 0, {{12, "5 4 3 2 7 6"}}},              /* c.fswsp */
    {ROW_lw, "max", 0x4000, 0, {{12, "5 4 3"}, {6, "2 6"}}},           /* c.lw */
    {ROW_ld, "max", 0x6000, 0, {{12, "5 4 3"}, {6, "7 6"}}},           /* c.ld */
    {ROW_fld, "max", 0x2000, 0, {{12, "5 4 3"}, {6, "7 6"}}},          /* c.fld */
    {ROW_flw, "max32", 0x6000, 0, {{12, "5 4 3"}, {6, "2 6"}}},        /* c.flw */
    {ROW_sw, "max", 0xc000, 0, {{12, "5 4 3"}, {6, "2 6"}}},           /* c.sw */
    {ROW_sd, "max", 0xe000, 0, {{12, "5 4 3"}, {6, "7 6"}}},           /* c.sd */
    {ROW_fsd, "max", 0xa000, 0, {{12, "5 4 3"}, {6, "7 6"}}},          /* c.fsd */
    {ROW_fsw, "max32", 0xe000, 0, {{12, "5 4 3"}, {6, "2 6"}}},        /* c.fsw */
    {ROW_jal, "max", 0xa001, 11, {{12, "11 4 9 8 10 6 7 3 2 1 5"}}},   /* c.j */
    {ROW_jal, "max32", 0x2001, 11, {{12, "11 4 9 8 10 6 7 3 2 1 5"}}}, /* c.jal */
    {ROW_beq, "max", 0xc001, 8, {{12, "8 4 3"}, {6, "7 6 2 1 5"}}},    /* c.beqz */
    {ROW_bne, "max", 0xe001, 8, {{12, "8 4 3"}, {6, "7 6 2 1 5"}}},    /* c.bnez */
};

START_TEST(each_bit_of_an_immediate_comes_from_its_place)
{
    for (size_t i = 0; i < COUNT(drawings); i++) {
        const struct drawing *drawing = &drawings[i];
        struct decoder *decoder = decoder_create(drawing->isa);
        for (unsigned piece = 0; piece < 2 && drawing->pieces[piece].bits; piece++) {
            unsigned place = drawing->pieces[piece].high;
            for (const char *at = drawing->pieces[piece].bits; *at; place--) {
                unsigned bit = (unsigned)strtoul(at, (char **)&at, 10);
                u32 expected = (u32)1 << bit;
                struct insn insn = decode(decoder, drawing->word | (u32)1 << place);
                if (drawing->sign && bit == drawing->sign)
                    expected = -expected;
                ck_assert_msg(insn.row == drawing->row && (u32)insn.imm == expected,
                              "%x with bit %u: row %u imm %x instead of %x", drawing->word, place,
                              insn.row, (u32)insn.imm, expected);
            }
        }
        free(decoder);
    }
}
END_TEST

/* Compressed instructions mean registers that no field of theirs holds. */
START_TEST(compressed_instructions_name_their_registers)
{
    enum { NONE = 99 };
    static const struct {
        const char *isa;
        u32 word;
        enum row row;
        unsigned rd, rs1, rs2;
    } cases[] = {
        {"max", 0x0001, ROW_addi, 0, 0, NONE},         /* c.nop */
        {"max", 0x0f85, ROW_addi, 31, 31, NONE},       /* c.addi t6, 1 */
        {"max", 0x2f85, ROW_addiw, 31, 31, NONE},      /* c.addiw t6, 1 */
        {"max", 0x4f85, ROW_addi, 31, 0, NONE},        /* c.li t6, 1 */
        {"max", 0x6105, ROW_addi, 2, 2, NONE},         /* c.addi16sp sp, 32 */
        {"max", 0x6f85, ROW_lui, 31, NONE, NONE},      /* c.lui t6, 1 */
        {"max", 0x105c, ROW_addi, 15, 2, NONE},        /* c.addi4spn a5, sp, 36 */
        {"max", 0x4388, ROW_lw, 10, 15, NONE},         /* c.lw a0, 0(a5) */
        {"max", 0x238c, ROW_fld, 11, 15, NONE},        /* c.fld fa1, 0(a5) */
        {"max", 0xc388, ROW_sw, NONE, 15, 10},         /* c.sw a0, 0(a5) */
        {"max", 0xa38c, ROW_fsd, NONE, 15, 11},        /* c.fsd fa1, 0(a5) */
        {"max", 0x4f82, ROW_lw, 31, 2, NONE},          /* c.lwsp t6, 0(sp) */
        {"max", 0xc07e, ROW_sw, NONE, 2, 31},          /* c.swsp t6, 0(sp) */
        {"max", 0xa07e, ROW_fsd, NONE, 2, 31},         /* c.fsdsp ft11, 0(sp) */
        {"max", 0x8385, ROW_srli, 15, 15, NONE},       /* c.srli a5, 1 */
        {"max", 0x8785, ROW_srai, 15, 15, NONE},       /* c.srai a5, 1 */
        {"max", 0x8b85, ROW_andi, 15, 15, NONE},       /* c.andi a5, 1 */
        {"max", 0x0f86, ROW_slli, 31, 31, NONE},       /* c.slli t6, 1 */
        {"max", 0x8f89, ROW_sub, 15, 15, 10},          /* c.sub a5, a0 */
        {"max", 0x8fa9, ROW_xor, 15, 15, 10},          /* c.xor a5, a0 */
        {"max", 0x8fc9, ROW_or, 15, 15, 10},           /* c.or a5, a0 */
        {"max", 0x8fe9, ROW_and, 15, 15, 10},          /* c.and a5, a0 */
        {"max", 0x9f89, ROW_subw, 15, 15, 10},         /* c.subw a5, a0 */
        {"max", 0x9fa9, ROW_addw, 15, 15, 10},         /* c.addw a5, a0 */
        {"max", 0x8faa, ROW_add, 31, 0, 10},           /* c.mv t6, a0 */
        {"max", 0x9faa, ROW_add, 31, 31, 10},          /* c.add t6, a0 */
        {"max", 0x8f82, ROW_jalr, 0, 31, NONE},        /* c.jr t6 */
        {"max", 0x9f82, ROW_jalr, 1, 31, NONE},        /* c.jalr t6 */
        {"max", 0xa001, ROW_jal, 0, NONE, NONE},       /* c.j */
        {"max32", 0x2001, ROW_jal, 1, NONE, NONE},     /* c.jal */
        {"max", 0xc381, ROW_beq, NONE, 15, 0},         /* c.beqz a5 */
        {"max", 0xe381, ROW_bne, NONE, 15, 0},         /* c.bnez a5 */
        {"max", 0x9002, ROW_ebreak, NONE, NONE, NONE}, /* c.ebreak */
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct insn insn = decode_once(cases[i].isa, cases[i].word);
        ck_assert_msg(insn.row == cases[i].row, "%04x is row %u", cases[i].word, insn.row);
        ck_assert_msg(cases[i].rd == NONE || insn.rd == cases[i].rd, "%04x: rd is %u",
                      cases[i].word, insn.rd);
        ck_assert_msg(cases[i].rs1 == NONE || insn.rs1 == cases[i].rs1, "%04x: rs1 is %u",
                      cases[i].word, insn.rs1);
        ck_assert_msg(cases[i].rs2 == NONE || insn.rs2 == cases[i].rs2, "%04x: rs2 is %u",
                      cases[i].word, insn.rs2);
    }
}
END_TEST

START_TEST(wide_instructions_have_their_fields)
{
    struct insn insn = decode_once("max", 0xfbee9e4b); /* fnmsub.d ft8, ft9, ft10, ft11, rtz */

    ck_assert_uint_eq(insn.row, ROW_fnmsub_d);
    ck_assert_uint_eq(insn.rd, 28);
    ck_assert_uint_eq(insn.rs1, 29);
    ck_assert_uint_eq(insn.rs2, 30);
    ck_assert_uint_eq(insn.rs3, 31);
    ck_assert_uint_eq(insn.rm, 1);
    ck_assert_uint_eq(decode_once("max", 0x1605b52f).rm, 3);     /* lr.d.aqrl */
    ck_assert_uint_eq(decode_once("max", 0xe56bbaaf).rm, 2);     /* amomaxu.d.aq */
    ck_assert_uint_eq(decode_once("max", 0x1ac5a52f).rm, 1);     /* sc.w.rl */
    ck_assert_int_eq(decode_once("max", 0x80356013).imm, -2048); /* prefetch.w -2048(a0) */
    ck_assert_int_eq(decode_once("max", 0xc0002073).imm, 0xc00); /* csrr zero, cycle */
}
END_TEST

START_TEST(reserved_words_are_illegal)
{
    static const struct {
        const char *isa;
        u32 word;
    } cases[] = {
        {"max", 0x0000},     /* by definition */
        {"max", 0xffffffff}, /* by definition */
        {"max", 0x001c},     /* c.addi4spn a5, sp, 0 */
        {"rv64gc", 0x8000},  /* quadrant 0, funct3 100 */
        {"max", 0x2001},     /* c.addiw zero, 0 */
        {"max", 0x6101},     /* c.addi16sp sp, 0 */
        {"max", 0x6501},     /* c.lui a0, 0 */
        {"max", 0x6001},     /* c.lui zero, 0 */
        {"rv64gc", 0x9c41},  /* c.subw's third and fourth neighbour */
        {"rv64gc", 0x9c61},
        {"max32", 0x9c01},             /* c.subw on RV32 */
        {"max", 0x4002},               /* c.lwsp zero */
        {"max", 0x6002},               /* c.ldsp zero */
        {"max", 0x8002},               /* c.jr zero */
        {"max32", 0x1502},             /* c.slli a0, 32 on RV32 */
        {"max32", 0x9101},             /* c.srli a0, 32 on RV32 */
        {"max32", 0x9501},             /* c.srai a0, 32 on RV32 */
        {"max32", 0x02051513},         /* slli a0, a0, 32 on RV32 */
        {"max32", 0x62055513},         /* rori a0, a0, 32 on RV32 */
        {"max32", 0x00053503},         /* ld on RV32 */
        {"max", 0x0205151b},           /* slliw a0, a0, 32 */
        {"max", 0x04051513},           /* slli with bit 26 */
        {"max", 0x0005a53b},           /* addw with funct3 010 */
        {"max", 0x00005053},           /* fadd.s with rounding mode 5 */
        {"max", 0x00006053},           /* and 6 */
        {"max", 0x5000d043},           /* fmadd.s with rounding mode 5 */
        {"max", 0x1015a52f},           /* lr.w with rs2 */
        {"rv64gc", 0x2800252f},        /* no such AMO */
        {"max", 0x000000f3},           /* ecall with rd */
        {"max", 0x30208073},           /* mret with rs1 */
        {"max", 0x00200073},           /* uret: there is no extension N */
        {"max", 0x00004073},           /* SYSTEM with funct3 100 */
        {"max", 0x0030200f},           /* CBO with rs2 3 */
        {"max", 0x00057003},           /* LOAD with funct3 111 */
        {"rv64gc", 0x04000053},        /* fadd.h: no half precision */
        {"rv64gc_zfhmin", 0x04000053}, /* fadd.h with Zfhmin only */
        {"max", 0x06000053},           /* fadd.q: no quad precision */
        {"max", 0x00000057},           /* a vector instruction */
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct insn insn = decode_once(cases[i].isa, cases[i].word);
        ck_assert_msg(insn.row == ROW_illegal, "%08x on %s is row %u", cases[i].word, cases[i].isa,
                      insn.row);
        ck_assert_uint_eq(insn.length, is_wide((u16)cases[i].word) ? 4 : 2);
        ck_assert_uint_eq(insn.bits, cases[i].word);
    }
}
END_TEST

/* Hints run as the row they spell: they change nothing because rd is x0. */
START_TEST(hints_are_legal)
{
    static const u32 words[] = {
        0x0081,     /* c.addi ra, 0 */
        0x0005,     /* c.nop 1 */
        0x4001,     /* c.li zero, 0 */
        0x6005,     /* c.lui zero, 1 */
        0x0002,     /* c.slli zero, 0 */
        0x8101,     /* c.srli a0, 0 */
        0x800a,     /* c.mv zero, sp */
        0x900a,     /* c.add zero, sp */
        0x00000013, /* addi zero, zero, 0 */
        0x0ff0000f, /* fence iorw, iorw */
        0xfff0000f, /* fence with a reserved fm */
        0x0fff8f8f, /* fence with rd and rs1 */
        0xffff9f8f, /* fence.i with everything reserved set */
    };

    for (size_t i = 0; i < COUNT(words); i++)
        ck_assert_msg(decode_once("max", words[i]).row < ROW_COUNT, "%08x is illegal", words[i]);
}
END_TEST

/* 48 bits and more: nothing of the kind exists here, so they are illegal, whatever else is on. */
START_TEST(words_longer_than_32_bits_are_illegal)
{
    struct decoder *decoder = decoder_create("max");
    struct random random = {.state = 5};

    for (unsigned i = 0; i < 100000; i++) {
        u32 word = (u32)random_next(&random) | 0x1f;
        struct insn insn = decode(decoder, word);
        ck_assert_uint_eq(insn.row, ROW_illegal);
        ck_assert_uint_eq(insn.length, 4);
    }
    free(decoder);
}
END_TEST

START_TEST(the_half_word_behind_a_compressed_one_does_not_matter)
{
    struct insn alone = decode_once("max", 0x0505), followed = decode_once("max", 0xabcd0505);

    ck_assert_uint_eq(followed.row, ROW_addi);
    ck_assert_uint_eq(followed.bits, 0x0505);
    ck_assert_int_eq(memcmp(&alone, &followed, sizeof alone), 0);
}
END_TEST

START_TEST(without_compressed_instructions_every_half_word_is_illegal)
{
    struct decoder *decoder = decoder_create("rv64imafd");

    for (u32 word = 0; word < 0x10000; word++)
        if (!is_wide((u16)word))
            ck_assert_uint_eq(decode(decoder, word).row, ROW_illegal);
    free(decoder);
}
END_TEST

static void check_equal(const struct insn *left, const struct insn *right)
{
    ck_assert_uint_eq(left->bits, right->bits);
    ck_assert_uint_eq(left->row, right->row);
    ck_assert_uint_eq(left->spelling, right->spelling);
    ck_assert_uint_eq(left->length, right->length);
    ck_assert_uint_eq(left->rd, right->rd);
    ck_assert_uint_eq(left->rs1, right->rs1);
    ck_assert_uint_eq(left->rs2, right->rs2);
    ck_assert_uint_eq(left->rs3, right->rs3);
    ck_assert_uint_eq(left->rm, right->rm);
    ck_assert_int_eq(left->imm, right->imm);
}

/* Few enough words that the memo answers often, and more than it holds, so that they push each
 * other out; against a decoder that has just been made. */
START_TEST(the_memo_changes_nothing)
{
    struct decoder *decoder = decoder_create("max"), *fresh = decoder_create("max");
    struct random random = {.state = 6};

    for (unsigned i = 0; i < 20000; i++) {
        struct random seed = {.state = random_below(&random, 3 * DECODER_MEMO)};
        u32 word = (u32)random_next(&seed);
        struct insn remembered = decode(decoder, word), found;
        memset(fresh->memo, 0, sizeof fresh->memo);
        found = decode(fresh, word);
        check_equal(&remembered, &found);
    }
    free(decoder);
    free(fresh);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_bit_of_an_immediate_comes_from_its_place,
                                  compressed_instructions_name_their_registers,
                                  wide_instructions_have_their_fields,
                                  reserved_words_are_illegal,
                                  hints_are_legal,
                                  words_longer_than_32_bits_are_illegal,
                                  the_half_word_behind_a_compressed_one_does_not_matter,
                                  without_compressed_instructions_every_half_word_is_illegal,
                                  the_memo_changes_nothing};

    return SUITE_RUN("decode", tests, 1);
}
