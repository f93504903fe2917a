/* A statement by the rows of the tables. The operands are read along the row's print template; then
 * the word is made by turning the decoder round: each bit that the row leaves free is tried alone,
 * and what it does to the decoded operands says what it is for. So a new row, and even a new
 * format, needs nothing here; a new word in a template needs a line in cpu/assemble_operand.c. */
#include "cpu/assemble_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static u32 field_of(const struct insn *insn, enum field field)
{
    switch (field) {
    case FIELD_RD:
        return insn->rd;
    case FIELD_RS1:
        return insn->rs1;
    case FIELD_RS2:
        return insn->rs2;
    case FIELD_RS3:
        return insn->rs3;
    case FIELD_RM:
        return insn->rm;
    case FIELD_IMM:
        return (u32)insn->imm;
    case FIELD_NAME:
        return insn->bits >> 7 & 31;
    case FIELDS:
        break;
    }
    return 0;
}

/* What bit of the word adds to the field: 0 when it lies elsewhere. Only the sign of an immediate
 * adds more than one bit. */
static u32 effect(const struct wanted *wanted, u32 match, unsigned bit, enum field field)
{
    struct insn without = decode_as(wanted->spelling, match);
    struct insn with = decode_as(wanted->spelling, match | (u32)1 << bit);

    return field_of(&without, field) ^ field_of(&with, field);
}

/* What an immediate can be, from the bits that make it. */
static bool refuse_number(struct assembler *as, const struct wanted *wanted, u32 mask, u32 match)
{
    i64 unit = (i64)1 << wanted->scale, lowest = 0, highest = 0, step = INT32_MAX;

    for (unsigned bit = 0; bit < wanted->row->length * 8u; bit++) {
        i64 adds = mask >> bit & 1 ? 0 : (i32)effect(wanted, match, bit, FIELD_IMM);
        lowest += adds < 0 ? adds : 0;
        highest += adds > 0 ? adds : 0;
        if (adds != 0 && (adds & -adds) < step)
            step = adds & -adds;
    }
    return assembler_fail(as,
                          "%s %" PRId64 " does not fit: it can be %" PRId64 " to %" PRId64
                          ", in steps of %" PRId64 ".",
                          wanted->is_target ? "the distance" : "the number",
                          wanted->value[FIELD_IMM] / unit, lowest / unit, highest / unit,
                          step / unit);
}

static bool refuse_field(struct assembler *as, const struct wanted *wanted, enum field field,
                         u32 mask, u32 match)
{
    if (field == FIELD_IMM)
        return refuse_number(as, wanted, mask, match);
    if (field == FIELD_NAME || field == FIELD_RM)
        return assembler_fail(as, "there is no such variant of this instruction.");
    return assembler_fail(as,
                          "%" PRId64 " is no register (or number) that this instruction can "
                          "name in this place.",
                          wanted->value[field]);
}

/* The bits of the word that make the field what is wanted. */
static bool encode_field(struct assembler *as, const struct wanted *wanted, enum field field,
                         u32 *bits)
{
    u32 mask, match, missing;
    struct insn insn;

    row_bits(wanted->row, &mask, &match);
    insn = decode_as(wanted->spelling, match);
    missing = (u32)wanted->value[field] ^ field_of(&insn, field);
    for (unsigned bit = 0; bit < wanted->row->length * 8u; bit++) {
        u32 adds = mask >> bit & 1 ? 0 : effect(wanted, match, bit, field);
        if (missing & adds & -adds)
            *bits |= (u32)1 << bit;
    }
    insn = decode_as(wanted->spelling, *bits);
    if (wanted->value[field] == (i32)wanted->value[field] &&
        field_of(&insn, field) == (u32)wanted->value[field])
        return true;
    return refuse_field(as, wanted, field, mask, match);
}

/* A compressed word that has become another instruction is not what was meant (c.mv a0, zero is
 * c.jr); of the others only hints do that, which are what was meant all the same. */
static bool check_meaning(struct assembler *as, const struct wanted *wanted, u32 bits)
{
    struct insn insn = decode(as->decoder, bits);

    if (insn.row == wanted->row->row || (insn.row != ROW_illegal && wanted->row->length == 4))
        return true;
    return assembler_fail(as, "this instruction with these operands is reserved.");
}

static bool encode(struct assembler *as, const struct wanted *wanted)
{
    u64 unit = isa_has(as->isa, EXT_C) ? 2 : 4;
    u32 mask, bits;

    if (assembler_here(as) % unit != 0)
        return assembler_fail(as,
                              "an instruction must lie at a multiple of %" PRIu64
                              " bytes; put .align 2 in front of it.",
                              unit);
    row_bits(wanted->row, &mask, &bits);
    if (as->pass == PASS_OUTPUT) {
        for (unsigned field = 0; field < FIELDS; field++)
            if (wanted->named >> field & 1 && !encode_field(as, wanted, (enum field)field, &bits))
                return false;
        if (!check_meaning(as, wanted, bits))
            return false;
    }
    return assembler_emit(as, bits, wanted->row->length);
}

/* What stands between the words. A base register that wants no number may have a zero all the same:
 * amoadd.w a0, a1, 0(a2). */
static bool take_literals(struct assembler *as, const char *operands, const char *literals,
                          size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (literals[i] == ' ')
            continue;
        if (literals[i] == '(' && (length > 1 || literals == operands) && !assembler_is_end(as) &&
            *as->at == '0')
            as->at++;
        if (!assembler_take(as, literals[i]))
            return false;
    }
    return true;
}

/* "a, b, c" along "rd, rs1, imm". */
static enum outcome read_operands(struct assembler *as, struct wanted *wanted)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const char *template = wanted->row->operands;
    enum outcome outcome = OUTCOME_DONE;

    while (*template && outcome == OUTCOME_DONE) {
        size_t between = strcspn(template, letters);
        const char *word = template + between;
        size_t length = strspn(word, letters);
        if (assembler_is_end(as)) {
            outcome = assembler_leave_out_word(wanted, word, length);
        } else {
            if (!take_literals(as, wanted->row->operands, template, between))
                return OUTCOME_MISMATCH;
            if (length)
                outcome = assembler_read_word(as, wanted, word, length);
        }
        template = word + length;
    }
    return outcome == OUTCOME_DONE && !assembler_is_end(as) ? OUTCOME_MISMATCH : outcome;
}

static bool read_orders(struct wanted *wanted, const char *suffix, size_t length)
{
    static const char *const orders[4] = {"", ".rl", ".aq", ".aqrl"};

    for (unsigned i = 0; i < 4; i++) {
        if (strlen(orders[i]) == length && !strncmp(orders[i], suffix, length)) {
            wanted->named |= 1u << FIELD_RM;
            wanted->value[FIELD_RM] = i;
            return true;
        }
    }
    return false;
}

static bool has_numbers(enum format format)
{
    return format == FORMAT_MOP_R || format == FORMAT_MOP_RR || format == FORMAT_C_MOP;
}

/* ".7" of mop.r.7. */
static bool read_name_number(struct wanted *wanted, const char *suffix, size_t length)
{
    enum field field = wanted->row->format == FORMAT_C_MOP ? FIELD_NAME : FIELD_IMM;
    i64 number = 0;

    if (length < 2 || length > 3 || suffix[0] != '.')
        return false;
    for (size_t i = 1; i < length; i++) {
        if (!isdigit((unsigned char)suffix[i]))
            return false;
        number = number * 10 + suffix[i] - '0';
    }
    wanted->named |= 1u << field;
    wanted->value[field] = number;
    return true;
}

/* Is this the row's name? What follows it in some formats is noted. */
static bool matches_name(struct wanted *wanted, const char *name, size_t length)
{
    const char *row = wanted->row->name;
    size_t row_length = strlen(row);

    if (row_length > 5 && !strcmp(row + row_length - 5, "_rv32"))
        row_length -= 5;
    if (length < row_length)
        return false;
    for (size_t i = 0; i < row_length; i++)
        if (name[i] != (row[i] == '_' ? '.' : row[i]))
            return false;
    if (wanted->row->format == FORMAT_AMO)
        return read_orders(wanted, name + row_length, length - row_length);
    if (has_numbers(wanted->row->format))
        return read_name_number(wanted, name + row_length, length - row_length);
    return length == row_length;
}

static enum outcome try_row(struct assembler *as, struct wanted *wanted)
{
    enum outcome outcome = read_operands(as, wanted);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (as->pass == PASS_OUTPUT && wanted->blame.unknown[0] &&
        !assembler_check_known(as, &wanted->blame))
        return OUTCOME_FAILED;
    return encode(as, wanted) ? OUTCOME_DONE : OUTCOME_FAILED;
}

enum outcome assembler_insn(struct assembler *as, const char *name, size_t length)
{
    const char *before = as->at;
    unsigned count;
    const struct row_info *rows = isa_rows(&count);

    for (unsigned i = 0; i < count; i++) {
        struct wanted wanted = {.row = &rows[i], .spelling = i};
        enum outcome outcome;
        if (!as->is_on[i] || rows[i].row == ROW_illegal || !matches_name(&wanted, name, length))
            continue;
        outcome = try_row(as, &wanted);
        if (outcome != OUTCOME_MISMATCH)
            return outcome;
        as->at = before;
    }
    return OUTCOME_MISMATCH;
}

/* The line of the tables with this name, one that is on if there is one. */
static const struct row_info *find_row(const struct assembler *as, const char *name, size_t length,
                                       bool *is_on)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count), *found = NULL;

    for (unsigned i = 0; i < count; i++) {
        struct wanted wanted = {.row = &rows[i]};
        if (rows[i].row == ROW_illegal || !matches_name(&wanted, name, length))
            continue;
        found = &rows[i];
        if ((*is_on = as->is_on[i]))
            return found;
    }
    return found;
}

bool assembler_refuse(struct assembler *as, const char *name, size_t length)
{
    int shown = (int)(length < 40 ? length : 40);
    bool is_on = false;
    const struct row_info *row = find_row(as, name, length, &is_on);
    const char *operands = row ? row->operands : assembler_pseudo_operands(name, length);
    char isa[512];

    if (row && !is_on)
        return assembler_fail(as,
                              "%.*s is an instruction that this processor, %.200s, does not "
                              "have.",
                              shown, name, isa_string(as->isa, isa, sizeof isa));
    if (!operands)
        return assembler_fail(as, "there is no instruction %.*s.", shown, name);
    return assembler_fail(as, "these are not the operands of %.*s: it is %.*s%s%s.", shown, name,
                          shown, name, operands[0] ? " " : "", operands);
}
