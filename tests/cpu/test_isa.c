/* The tables prove themselves: every bit of every row is fixed or belongs to an operand that the
 * row prints, no word is left undecided between two rows, and every row decodes to itself, unless
 * its extension is off or its register width another. */
#include "cpu/isa.h"

#include "tests/agree/random.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define RD           0xf80
#define RS1          0xf8000
#define RS2          0x1f00000
#define LOW          0x1c  /* rd' or rs2' */
#define HIGH         0x380 /* rd' or rs1' */

/* Where the operands of each format lie ("Instruction Formats", "Compressed Instruction Formats").
 */
static const struct place {
    u32 rd, rs1, rs2, imm, rs3, rm;
} places[] = {
    [FORMAT_NONE] = {0},
    [FORMAT_R] = {.rd = RD, .rs1 = RS1, .rs2 = RS2},
    [FORMAT_R4] = {.rd = RD, .rs1 = RS1, .rs2 = RS2, .rs3 = 0xf8000000, .rm = 0x7000},
    [FORMAT_RM] = {.rd = RD, .rs1 = RS1, .rs2 = RS2, .rm = 0x7000},
    [FORMAT_I] = {.rd = RD, .rs1 = RS1, .imm = 0xfff00000},
    [FORMAT_SHIFT] = {.rd = RD, .rs1 = RS1, .imm = 0x3f00000},
    [FORMAT_S] = {.rs1 = RS1, .rs2 = RS2, .imm = 0xfe000f80},
    [FORMAT_B] = {.rs1 = RS1, .rs2 = RS2, .imm = 0xfe000f80},
    [FORMAT_U] = {.rd = RD, .imm = 0xfffff000},
    [FORMAT_J] = {.rd = RD, .imm = 0xfffff000},
    [FORMAT_CSR] = {.rd = RD, .rs1 = RS1, .imm = 0xfff00000},
    [FORMAT_AMO] = {.rd = RD, .rs1 = RS1, .rs2 = RS2},
    [FORMAT_MOP_R] = {.rd = RD, .rs1 = RS1, .imm = 0x4c300000},
    [FORMAT_MOP_RR] = {.rd = RD, .rs1 = RS1, .rs2 = RS2, .imm = 0x4c000000},
    [FORMAT_FENCE] = {0},
    [FORMAT_CR_MV] = {.rd = RD, .rs2 = 0x7c},
    [FORMAT_CR_ADD] = {.rd = RD, .rs2 = 0x7c},
    [FORMAT_CR_JR] = {.rs1 = RD},
    [FORMAT_CR_JALR] = {.rs1 = RD},
    [FORMAT_CI] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CI_LI] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CI_LUI] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CI_16SP] = {.imm = 0x107c},
    [FORMAT_CI_SHIFT] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CI_SPW] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CI_SPD] = {.rd = RD, .imm = 0x107c},
    [FORMAT_CSS_W] = {.rs2 = 0x7c, .imm = 0x1f80},
    [FORMAT_CSS_D] = {.rs2 = 0x7c, .imm = 0x1f80},
    [FORMAT_CIW] = {.rd = LOW, .imm = 0x1fe0},
    [FORMAT_CL_W] = {.rd = LOW, .rs1 = HIGH, .imm = 0x1c60},
    [FORMAT_CL_D] = {.rd = LOW, .rs1 = HIGH, .imm = 0x1c60},
    [FORMAT_CS_W] = {.rs1 = HIGH, .rs2 = LOW, .imm = 0x1c60},
    [FORMAT_CS_D] = {.rs1 = HIGH, .rs2 = LOW, .imm = 0x1c60},
    [FORMAT_CA] = {.rd = HIGH, .rs2 = LOW},
    [FORMAT_CB] = {.rs1 = HIGH, .imm = 0x1c7c},
    [FORMAT_CB_SHIFT] = {.rd = HIGH, .imm = 0x107c},
    [FORMAT_CB_IMM] = {.rd = HIGH, .imm = 0x107c},
    [FORMAT_C_MOP] = {.imm = 0x700},
    [FORMAT_CL_B] = {.rd = LOW, .rs1 = HIGH, .imm = 0x60},
    [FORMAT_CL_H] = {.rd = LOW, .rs1 = HIGH, .imm = 0x20},
    [FORMAT_CS_B] = {.rs1 = HIGH, .rs2 = LOW, .imm = 0x60},
    [FORMAT_CS_H] = {.rs1 = HIGH, .rs2 = LOW, .imm = 0x20},
    [FORMAT_CU] = {.rd = HIGH},
    [FORMAT_CU_255] = {.rd = HIGH},
    [FORMAT_CU_NOT] = {.rd = HIGH},
    [FORMAT_CJ] = {.imm = 0x1ffc},
    [FORMAT_CJ_RA] = {.imm = 0x1ffc},
};

struct table {
    const struct row_info *rows;
    unsigned count, xlen;
    u32 mask[512], match[512];
    struct random random;
    struct decoder decoder;
};

static struct table *table_create(unsigned xlen)
{
    struct table *table = calloc(1, sizeof *table);
    struct isa isa = {.xlen = xlen, .extensions = isa_all(xlen)};

    ck_assert_ptr_nonnull(table);
    table->rows = isa_rows(&table->count);
    table->xlen = xlen;
    table->random.state = xlen;
    ck_assert_uint_le(table->count, COUNT(table->mask));
    for (unsigned i = 0; i < table->count; i++)
        row_bits(&table->rows[i], &table->mask[i], &table->match[i]);
    decoder_init(&table->decoder, &isa);
    return table;
}

/* The bits that this word of a template prints. */
static u32 bits_of_word(const struct place *place, const char *word)
{
    const struct {
        const char *word;
        u32 bits;
    } words[] = {
        {"rd", place->rd},    {"rs1", place->rs1},      {"rs2", place->rs2},  {"frd", place->rd},
        {"frs1", place->rs1}, {"frs2", place->rs2},     {"frs3", place->rs3}, {"rm", place->rm},
        {"exact", place->rm}, {"imm", place->imm},      {"hi", place->imm},   {"shamt", place->imm},
        {"csr", place->imm},  {"target", place->imm},   {"uimm", place->rs1}, {"pred", 0xf000000},
        {"succ", 0xf00000},   {"constant", place->rs1},
    };

    for (size_t i = 0; i < COUNT(words); i++)
        if (!strcmp(words[i].word, word))
            return words[i].bits;
    return 0;
}

/* The bits of the operands that the row prints, each once. */
static u32 bits_of_operands(const struct row_info *row)
{
    char text[64], *rest = text, *word;
    u32 bits = 0;

    ck_assert_uint_lt(strlen(row->operands), sizeof text);
    strcpy(text, row->operands);
    while ((word = strsep(&rest, ", ()"))) {
        u32 more = bits_of_word(&places[row->format], word);
        if (!*word || !strcmp(word, "sp") || !strcmp(word, "rtz"))
            continue;
        ck_assert_msg(more, "%s: its format has no %s", row->name, word);
        ck_assert_msg(!(bits & more), "%s: bits %08x are printed twice", row->name, bits & more);
        bits |= more;
    }
    return bits;
}

/* Bits that are neither fixed nor an operand: aq and rl and the number of a may-be operation belong
 * to the mnemonic, and what a fence reserves is to be ignored (all of a fence.i; all but the name
 * of a fence.tso). */
static u32 bits_beside_operands(const struct row_info *row)
{
    if (row->format == FORMAT_AMO)
        return 0x6000000;
    if (row->format == FORMAT_MOP_R || row->format == FORMAT_MOP_RR || row->format == FORMAT_C_MOP)
        return places[row->format].imm;
    if (row->format == FORMAT_FENCE)
        return *row->operands ? 0xf00f8f80 : 0xffff8f80;
    return 0;
}

/* Operand bits that some rows fix at 0 all the same: the sixth bit of a shift amount of 32-bit
 * words, the low half of a prefetch's offset, which is a multiple of 32, and bit 0 of registers
 * that come in pairs. */
static u32 may_be_fixed(const struct row_info *row)
{
    if (row->format == FORMAT_SHIFT && row->name[strlen(row->name) - 1] == 'w')
        return 0x2000000;
    if (row->kind == KIND_SYSTEM && !strncmp(row->name, "amocas", 6))
        return 0x100080;
    return !strncmp(row->name, "prefetch", 8) ? 0xf80 : 0;
}

static bool is_on(const struct table *table, unsigned row)
{
    unsigned xlen = table->rows[row].need >> 8 & 0xff;

    return xlen == 0 || xlen == table->xlen;
}

/* Some word of this row. */
static u32 pick_word(struct table *table, unsigned row)
{
    u32 word = ((u32)random_next(&table->random) & ~table->mask[row]) | table->match[row];

    return table->rows[row].length == 2 ? word & 0xffff : word;
}

/* Does a row that fixes more bits claim this word, too? */
static bool is_claimed(const struct table *table, unsigned row, u32 word)
{
    for (unsigned i = 0; i < table->count; i++)
        if ((word & table->mask[i]) == table->match[i] && is_on(table, i) &&
            __builtin_popcount(table->mask[i]) > __builtin_popcount(table->mask[row]))
            return true;
    return false;
}

/* Has the word an operand that is reserved: rounding mode 5 or 6; on RV32, a sixth bit of shift
 * amount? */
static bool is_reserved(const struct table *table, unsigned row, u32 word)
{
    enum format format = table->rows[row].format;

    if (ROUNDS(format))
        return (word >> 12 & 7) == 5 || (word >> 12 & 7) == 6;
    if (table->xlen == 64)
        return false;
    if (format == FORMAT_CI_SHIFT || format == FORMAT_CB_SHIFT)
        return word >> 12 & 1;
    return format == FORMAT_SHIFT && word >> 25 & 1;
}

START_TEST(every_bit_string_is_as_long_as_its_instruction)
{
    struct table *table = table_create(64);

    ck_assert_uint_gt(table->count, ROW_COUNT);
    for (unsigned i = 0; i < table->count; i++) {
        const struct row_info *row = &table->rows[i];
        unsigned bits = 0;
        for (const char *c = row->bits; *c; c++) {
            ck_assert_msg(strchr("01. ", *c), "%s has a '%c'", row->name, *c);
            bits += *c != ' ';
        }
        ck_assert_msg(bits == row->length * 8u, "%s has %u bits", row->name, bits);
        ck_assert_msg((table->mask[i] & 3) == 3 &&
                          is_wide((u16)table->match[i]) == (row->length == 4) &&
                          (table->match[i] & 0x1f) != 0x1f,
                      "%s: its low bits tell another length", row->name);
    }
    free(table);
}
END_TEST

START_TEST(every_bit_is_fixed_or_of_an_operand_that_is_printed)
{
    struct table *table = table_create(64);

    for (unsigned i = 0; i < table->count; i++) {
        const struct row_info *row = &table->rows[i];
        u32 operands = bits_of_operands(row), beside = bits_beside_operands(row);
        u32 fixed = table->mask[i], free_bits = (row->length == 2 ? 0xffff : 0xffffffff) & ~fixed;
        if (row->row == ROW_illegal) /* a reserved word prints nothing */
            continue;
        ck_assert_msg(!(free_bits & ~operands & ~beside),
                      "%s: bits %08x are neither fixed nor printed", row->name,
                      free_bits & ~operands & ~beside);
        ck_assert_msg(!(fixed & operands & ~may_be_fixed(row)),
                      "%s: bits %08x are printed and yet fixed", row->name, fixed & operands);
        ck_assert_msg(!(table->match[i] & operands), "%s: bits %08x are fixed at 1", row->name,
                      table->match[i] & operands);
    }
    free(table);
}
END_TEST

START_TEST(rows_have_a_meaning_and_spellings_that_of_a_row)
{
    struct table *table = table_create(64);

    for (unsigned i = 0; i < table->count; i++) {
        const struct row_info *row = &table->rows[i];
        if (i < ROW_COUNT) {
            ck_assert_uint_eq(row->row, i);
            ck_assert_msg(row->meaning && *row->meaning, "%s", row->name);
        } else {
            ck_assert_ptr_null(row->meaning);
            ck_assert_uint_le(row->row, ROW_illegal);
        }
    }
    free(table);
}
END_TEST

/* Is there a row for just these words? */
static bool has_row(const struct table *table, u32 mask, u32 match)
{
    for (unsigned i = 0; i < table->count; i++)
        if (is_on(table, i) && table->mask[i] == mask && table->match[i] == match)
            return true;
    return false;
}

/* Of two rows that share words one fixes all that the other does and more; or the words they share
 * have a row of their own. */
START_TEST(no_word_is_left_undecided_between_two_rows)
{
    struct table *table = table_create(_i ? 64 : 32);
    const u32 *mask = table->mask, *match = table->match;

    for (unsigned i = 0; i < table->count; i++) {
        for (unsigned j = 0; j < i; j++) {
            u32 both = mask[i] & mask[j];
            if (!is_on(table, i) || !is_on(table, j) || ((match[i] ^ match[j]) & both))
                continue;
            ck_assert_msg(mask[i] != mask[j], "%s and %s are the same words", table->rows[i].name,
                          table->rows[j].name);
            ck_assert_msg(both == mask[i] || both == mask[j] ||
                              has_row(table, mask[i] | mask[j], match[i] | match[j]),
                          "%s and %s share words and neither is the more specific",
                          table->rows[i].name, table->rows[j].name);
        }
    }
    free(table);
}
END_TEST

START_TEST(every_row_decodes_to_itself)
{
    struct table *table = table_create(_i ? 64 : 32);

    for (unsigned i = 0; i < table->count; i++) {
        const struct row_info *row = &table->rows[i];
        unsigned found = 0;
        for (unsigned attempt = 0; attempt < 200 && is_on(table, i); attempt++) {
            u32 word = pick_word(table, i);
            struct insn insn = decode(&table->decoder, word);
            if (is_claimed(table, i, word))
                continue;
            found++;
            ck_assert_msg(insn.spelling == i, "%08x of %s is taken for %s", word, row->name,
                          table->rows[insn.spelling].name);
            ck_assert_msg(insn.row == (is_reserved(table, i, word) ? ROW_illegal : row->row),
                          "%08x of %s runs as row %u", word, row->name, insn.row);
            ck_assert_uint_eq(insn.length, row->length);
            ck_assert_uint_eq(insn.bits, word);
        }
        ck_assert_msg(found || !is_on(table, i), "%s: no word is its own", row->name);
    }
    free(table);
}
END_TEST

/* Its words are then illegal, or belong to a wider row: pause is a fence. */
START_TEST(rows_of_an_extension_that_is_off_are_not_found)
{
    struct table *table = table_create(_i ? 64 : 32);
    struct isa isa = table->decoder.isa;

    for (unsigned off = 0; off < EXT_COUNT; off++) {
        struct isa without = {isa.xlen, isa.extensions & ~((u64)1 << off)};
        decoder_init(&table->decoder, &without);
        for (unsigned i = 0; i < table->count; i++) {
            const struct row_info *row = &table->rows[i];
            bool is_off = (row->need & 0xff) == off || row->need >> 16 == off + 1 ||
                          (row->row < ROW_COUNT && (table->rows[row->row].need & 0xff) == off);
            struct insn insn = decode(&table->decoder, pick_word(table, i));
            if (is_off && is_on(table, i))
                ck_assert_msg(insn.row == ROW_illegal || insn.spelling != i,
                              "%s is found without %s", row->name, extension_name(off));
        }
    }
    free(table);
}
END_TEST

START_TEST(rows_of_the_other_register_width_are_not_found)
{
    struct table *table = table_create(_i ? 64 : 32);

    for (unsigned i = 0; i < table->count; i++) {
        struct insn insn = decode(&table->decoder, pick_word(table, i));
        if (!is_on(table, i))
            ck_assert_msg(insn.row == ROW_illegal || insn.spelling != i, "%s is found",
                          table->rows[i].name);
    }
    free(table);
}
END_TEST

int main(void)
{
    const TTest *const once[] = {every_bit_string_is_as_long_as_its_instruction,
                                 every_bit_is_fixed_or_of_an_operand_that_is_printed,
                                 rows_have_a_meaning_and_spellings_that_of_a_row};
    const TTest *const twice[] = {no_word_is_left_undecided_between_two_rows,
                                  every_row_decodes_to_itself,
                                  rows_of_an_extension_that_is_off_are_not_found,
                                  rows_of_the_other_register_width_are_not_found};
    int failed = SUITE_RUN("rows", once, 1);

    return SUITE_RUN("rows for each register width", twice, 2) || failed;
}
