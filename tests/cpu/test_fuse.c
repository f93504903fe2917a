/* Finding fused sequences (cpu/fuse.c): what a token says, that its text can be read again, and
 * that a run is divided with the fewest jumps. The sequences that were built in are
 * tests/cpu/test_fused.c's. */
#include "cpu/assemble.h"
#include "cpu/fuse.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct isa everything = {.xlen = 64, .extensions = ~(u64)0};

/* The last instruction of a source text. */
static struct insn insn_of(const char *source)
{
    struct decoder *decoder = malloc(sizeof *decoder);
    struct assembled program;
    struct isa isa = everything;
    char message[200] = "";
    struct insn insn;
    u32 bits = 0;

    ck_assert_ptr_nonnull(decoder);
    isa.extensions &= isa_all(64);
    decoder_init(decoder, &isa);
    ck_assert_msg(
        assemble(&isa, source, strlen(source), "test", 0, &program, message, sizeof message), "%s",
        message);
    memcpy(&bits, program.bytes, program.size < 4 ? program.size : 4);
    insn = decode(decoder, bits);
    assembled_free(&program);
    free(decoder);
    return insn;
}

/* Somewhere in the middle of a page. */
static u16 token_of(const char *source, const char *before)
{
    struct insn insn = insn_of(source), first = insn_of(before ? before : source);

    return fuse_token(&insn, PAGE_OPS / 2, before ? &first : NULL);
}

static const struct link {
    const char *before, *source;
    u16 facts;
} links[] = {
    {"addi a0, a1, 1", "add a2, a0, a3", FUSE_SOURCE_1},
    {"addi a0, a1, 1", "add a2, a3, a0", FUSE_SOURCE_2},
    {"addi a0, a1, 1", "add a0, a0, a0", FUSE_SOURCE_1 | FUSE_SOURCE_2},
    {"addi a0, a1, 1", "add a0, a2, a3", 0},
    {"addi a0, a1, 1", "addi a1, a2, 10", 0}, /* 10 is an immediate, not a0 */
    {"lui a0, 1", "jalr ra, 0(a0)", FUSE_SOURCE_1},
    {"addi a0, a1, 1", "sd a0, 0(a0)", FUSE_SOURCE_1 | FUSE_SOURCE_2},
    {"addi a0, a1, 1", "beq a0, a1, .", FUSE_SOURCE_1},
    {"addi zero, a1, 1", "add a2, zero, zero", 0}, /* x0 is never written */
    {"sd a0, 10(a1)", "add a2, a0, a0", 0},        /* where rd would be, a store has its offset */
    {"beq a0, a1, . + 10", "add a2, a0, a0", 0},
    {"fence rw, rw", "add a2, a0, a0", 0},
    {"fadd.d fa0, fa1, fa2", "fmul.d fa1, fa0, fa2", FUSE_SOURCE_1},
    {"fadd.d fa0, fa1, fa2", "fmadd.d fa1, fa2, fa0, fa3", FUSE_SOURCE_2},
    {"fadd.d fa0, fa1, fa2", "fmadd.d fa1, fa2, fa3, fa0", 0}, /* of a third nobody asks */
    {"fadd.d ft0, fa1, fa2", "fmul.d fa1, ft0, ft0", FUSE_SOURCE_1 | FUSE_SOURCE_2},
    {"fadd.d fa0, fa1, fa2", "fsd fa0, 0(a0)", FUSE_SOURCE_2},
    {"addi a0, a1, 1", "fsd fa0, 0(a0)", FUSE_SOURCE_1},
    {"fadd.d fa0, fa1, fa2", "add a1, a0, a0", 0}, /* another file of registers */
    {"addi a0, a1, 1", "fadd.d fa1, fa0, fa0", 0},
    {"feq.d a0, fa0, fa1", "fadd.d fa1, fa0, fa0", 0},
    {"feq.d a0, fa0, fa1", "fcvt.d.l fa1, a0", FUSE_SOURCE_1},
    {"fadd.d fa0, fa1, fa2", "fcvt.l.d a1, fa0, rtz", FUSE_SOURCE_1},
};

START_TEST(a_source_is_linked_to_the_instruction_just_before_that_wrote_it)
{
    for (size_t i = 0; i < COUNT(links); i++) {
        u16 facts = token_of(links[i].source, links[i].before) & FUSE_FACTS;
        ck_assert_msg(facts == links[i].facts, "%s; %s: %#x instead of %#x", links[i].before,
                      links[i].source, facts, links[i].facts);
    }
}
END_TEST

static const struct link nears[] = {
    {"ld a0, 0(sp)", "ld a1, 8(sp)", FUSE_NEAR},
    {"ld a0, 0(sp)", "lbu a1, -8(sp)", FUSE_NEAR},
    {"ld a0, 0(sp)", "fld fa1, 8(sp)", FUSE_NEAR},
    {"fld ft2, 0(sp)", "ld a1, 8(sp)", FUSE_NEAR}, /* ft2 has the number of sp */
    {"sd a0, 0(sp)", "sw a1, 8(sp)", FUSE_NEAR},
    {"sd a0, 2(sp)", "fsd fa1, 8(sp)", FUSE_NEAR}, /* 2 is the number of sp */
    {"ld a0, 0(zero)", "ld a0, 8(zero)", FUSE_NEAR},
    {"ld zero, 0(zero)", "ld a0, 8(zero)", FUSE_NEAR},
    {"ld a0, 0(sp)", "ld a1, 8(s0)", 0},
    {"ld a0, 0(sp)", "sd a1, 8(sp)", 0},
    {"sd a0, 0(sp)", "ld a1, 8(sp)", 0},
    {"lw a0, 0(sp)", "sw a0, 0(sp)", FUSE_SOURCE_2},
    {"ld sp, 0(sp)", "ld a1, 8(sp)", FUSE_SOURCE_1}, /* another address by now */
    {"ld a0, 0(sp)", "jalr ra, 0(sp)", 0},           /* looks like a load, is none */
    {"ld a0, 0(sp)", "addi a1, sp, 8", 0},
    {"addi a0, sp, 8", "ld a1, 8(sp)", 0},
    {"amoadd.d a0, a1, (sp)", "ld a1, 8(sp)", 0},
    {"ld a0, 8(sp)", "amoadd.d a1, a2, (sp)", 0},
    {"sd a0, 8(sp)", "amoadd.d a1, a2, (sp)", 0},
};

START_TEST(near_are_loads_behind_loads_and_stores_behind_stores_of_one_base)
{
    for (size_t i = 0; i < COUNT(nears); i++) {
        u16 facts = token_of(nears[i].source, nears[i].before) & FUSE_FACTS;
        ck_assert_msg(facts == nears[i].facts, "%s; %s: %#x instead of %#x", nears[i].before,
                      nears[i].source, facts, nears[i].facts);
    }
}
END_TEST

START_TEST(only_jumps_to_x0_have_no_rd)
{
    ck_assert_uint_eq(token_of("jal zero, .", NULL) & FUSE_FACTS, FUSE_NO_RD);
    ck_assert_uint_eq(token_of("jalr zero, 0(ra)", NULL) & FUSE_FACTS, FUSE_NO_RD);
    ck_assert_uint_eq(token_of("jalr zero, 0(ra)", "addi ra, ra, 2") & FUSE_FACTS,
                      FUSE_NO_RD | FUSE_SOURCE_1);
    ck_assert_uint_eq(token_of("jal ra, .", NULL) & FUSE_FACTS, 0);
    ck_assert_uint_eq(token_of("jalr ra, 0(ra)", NULL) & FUSE_FACTS, 0);
    ck_assert_uint_eq(token_of("addi zero, zero, 1", NULL) & FUSE_FACTS, 0);
    ck_assert_uint_eq(token_of("beq a0, a1, .", NULL) & FUSE_FACTS, 0);
}
END_TEST

START_TEST(far_is_what_leaves_the_page)
{
    static const struct {
        u16 row, slot;
        i32 imm;
        u16 far;
    } jumps[] = {
        {ROW_beq, 0, -2, FUSE_FAR},
        {ROW_beq, 0, 4094, 0},
        {ROW_beq, 1, 4094, FUSE_FAR},
        {ROW_beq, 1, -2, 0},
        {ROW_beq, 2046, 2, 0},
        {ROW_beq, 2046, 4, FUSE_FAR},
        {ROW_jal, 0, -1048576, FUSE_FAR},
        {ROW_jal, 2000, 1048574, FUSE_FAR},
        {ROW_jal, 2000, 94, 0},
        {ROW_jalr, 2000, 2047, 0},
        {ROW_addi, 2000, 2047, 0},
    };

    for (size_t i = 0; i < COUNT(jumps); i++) {
        struct insn insn = {.row = jumps[i].row, .length = 4, .imm = jumps[i].imm, .rd = 1};
        u16 token = fuse_token(&insn, jumps[i].slot, NULL);
        ck_assert_msg((token & FUSE_FAR) == jumps[i].far, "%zu: slot %u, offset %d: token %#x", i,
                      jumps[i].slot, jumps[i].imm, token);
        ck_assert_uint_eq(FUSE_ROW(token), jumps[i].row);
        ck_assert_uint_eq(token & FUSE_WIDE, FUSE_WIDE);
        insn.length = 2;
        ck_assert_uint_eq(fuse_token(&insn, jumps[i].slot, NULL), token & ~FUSE_WIDE);
    }
}
END_TEST

START_TEST(system_rows_and_illegal_words_are_no_part_of_a_sequence)
{
    static const char *const sources[] = {"ecall",   "csrrs a0, cycle, zero", "fence.i",
                                          ".word 0", "lr.d a0, (a1)",         "wfi"};

    for (size_t i = 0; i < COUNT(sources); i++)
        ck_assert_msg(token_of(sources[i], NULL) == FUSE_NONE, "%s", sources[i]);
}
END_TEST

START_TEST(the_text_of_every_token_is_read_again)
{
    char text[FUSE_TOKEN_CHARS], longer[FUSE_TOKEN_CHARS + 1];

    for (unsigned token = 0; token < ROW_COUNT << 6; token++) {
        fuse_print((u16)token, text);
        ck_assert_msg(strlen(text) + 1 < FUSE_TOKEN_CHARS, "%s: is it cut?", text);
        ck_assert_msg(fuse_read(text) == token, "%s: %#x is read as %#x", text, token,
                      fuse_read(text));
        if (token % 61 == 0) {
            snprintf(longer, sizeof longer, "%s<", text);
            ck_assert_msg(fuse_read(longer) == FUSE_NONE, "%s", longer);
        }
    }
}
END_TEST

START_TEST(the_text_of_no_token_is_refused)
{
    static const char *const texts[] = {"",        ":",         "addi",       "addi:",   "addi:3",
                                        "add:4<3", "addi:4=0",  "add:4<12<1", "ADDI:4",  "addi :4",
                                        "addi:4 ", "c_addi:2",  "4",          "addi:42", "addi:4<",
                                        "nop:4",   "illegal:4", "add:4<21",   "ad:4",    "addii:4"};

    for (size_t i = 0; i < COUNT(texts); i++)
        ck_assert_msg(fuse_read(texts[i]) == FUSE_NONE, "\"%s\" is %#x", texts[i],
                      fuse_read(texts[i]));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_source_is_linked_to_the_instruction_just_before_that_wrote_it,
        near_are_loads_behind_loads_and_stores_behind_stores_of_one_base,
        only_jumps_to_x0_have_no_rd,
        far_is_what_leaves_the_page,
        system_rows_and_illegal_words_are_no_part_of_a_sequence,
        the_text_of_every_token_is_read_again,
        the_text_of_no_token_is_refused,
    };

    return SUITE_RUN("fuse", tests, 1);
}
