/* The operands of the assembler's instructions: how each word of the print templates is read. Words
 * are those of cpu/disasm.c, names and numbers those of the manual and the psABI. */
#include "cpu/assemble_parts.h"
#include "cpu/csr.h"
#include "cpu/softfloat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum outcome name_field(struct wanted *wanted, enum field field, i64 value)
{
    wanted->named |= 1u << field;
    wanted->value[field] = value;
    return OUTCOME_DONE;
}

static enum outcome name_register(struct wanted *wanted, enum field field, int number)
{
    return number < 0 ? OUTCOME_MISMATCH : name_field(wanted, field, number);
}

static enum outcome read_rd(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RD, assembler_register(as));
}

static enum outcome read_rs1(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RS1, assembler_register(as));
}

static enum outcome read_rs2(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RS2, assembler_register(as));
}

static enum outcome read_frd(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RD, assembler_float_register(as));
}

static enum outcome read_frs1(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RS1, assembler_float_register(as));
}

static enum outcome read_frs2(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RS2, assembler_float_register(as));
}

static enum outcome read_frs3(struct assembler *as, struct wanted *wanted)
{
    return name_register(wanted, FIELD_RS3, assembler_float_register(as));
}

static enum outcome read_sp(struct assembler *as, struct wanted *wanted)
{
    (void)wanted;
    return assembler_register(as) == 2 ? OUTCOME_DONE : OUTCOME_MISMATCH;
}

/* Is a register next, perhaps in parentheses? Then no number is. */
static bool is_at_register(struct assembler *as)
{
    const char *before = as->at, *word;
    size_t length;
    bool is_register;

    assembler_take(as, '(');
    length = assembler_word(as, &word);
    is_register = assembler_is_register(word, length);
    as->at = before;
    return is_register;
}

static enum outcome read_number(struct assembler *as, struct wanted *wanted, enum field field)
{
    struct value value;

    if (is_at_register(as))
        return OUTCOME_MISMATCH;
    if (!assembler_operand(as, &value))
        return OUTCOME_FAILED;
    if (!value.is_known)
        wanted->blame = value;
    return name_field(wanted, field, value.is_known ? assembler_signed(as, value.number) : 0);
}

/* In front of a base register a zero may be left out: lw a0, (a1). */
static enum outcome read_imm(struct assembler *as, struct wanted *wanted)
{
    if (strstr(wanted->row->operands, "imm(") && !assembler_is_end(as) && *as->at == '(' &&
        is_at_register(as))
        return name_field(wanted, FIELD_IMM, 0);
    return read_number(as, wanted, FIELD_IMM);
}

static enum outcome read_uimm(struct assembler *as, struct wanted *wanted)
{
    return read_number(as, wanted, FIELD_RS1);
}

static enum outcome read_shamt(struct assembler *as, struct wanted *wanted)
{
    enum outcome outcome = read_number(as, wanted, FIELD_IMM);
    i64 amount = wanted->value[FIELD_IMM];

    if (outcome != OUTCOME_DONE || (amount >= 0 && amount < (i64)as->isa->xlen))
        return outcome;
    assembler_fail(as, "registers have %u bits; they cannot be shifted by %" PRId64 ".",
                   as->isa->xlen, amount);
    return OUTCOME_FAILED;
}

static enum outcome read_hi(struct assembler *as, struct wanted *wanted)
{
    enum outcome outcome = read_number(as, wanted, FIELD_IMM);
    i64 *upper = &wanted->value[FIELD_IMM];

    wanted->scale = 12;
    if (outcome == OUTCOME_DONE && *upper >= 0 && *upper <= 0xfffff)
        *upper = (i32)((u32)*upper << 12);
    else if (outcome == OUTCOME_DONE) {
        assembler_fail(as, "%.9s takes the upper 20 bits, from 0 to 0xfffff.", wanted->row->name);
        return OUTCOME_FAILED;
    }
    return outcome;
}

static enum outcome read_target(struct assembler *as, struct wanted *wanted)
{
    enum outcome outcome = read_number(as, wanted, FIELD_IMM);
    u64 here = assembler_here(as);
    i64 *distance = &wanted->value[FIELD_IMM];

    wanted->is_target = true;
    *distance =
        as->isa->xlen == 32 ? (i32)((u32)*distance - (u32)here) : (i64)((u64)*distance - here);
    return outcome;
}

static enum outcome read_csr(struct assembler *as, struct wanted *wanted)
{
    const char *before = as->at, *word;
    size_t length = assembler_word(as, &word);
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++)
        if (strlen(rows[i].name) == length && !strncmp(rows[i].name, word, length))
            return name_field(wanted, FIELD_IMM, rows[i].number);
    as->at = before;
    return read_number(as, wanted, FIELD_IMM);
}

/* The two sets share the immediate. */
static enum outcome add_to_imm(struct wanted *wanted, u64 bits)
{
    return name_field(wanted, FIELD_IMM, wanted->value[FIELD_IMM] | (i64)bits);
}

static enum outcome read_fence_set(struct assembler *as, struct wanted *wanted, unsigned shift)
{
    static const char letters[] = "wroi"; /* bit 0, 1, 2, 3 */
    const char *word, *letter;
    size_t length = assembler_word(as, &word);
    u64 set = 0;

    if (length == 0) /* a number stands for the set's bits */
        return *as->at >= '0' && *as->at <= '9' && assembler_number(as, &set) && set <= 15
                   ? add_to_imm(wanted, set << shift)
                   : OUTCOME_MISMATCH;
    for (size_t i = 0; i < length; i++) {
        if (!(letter = strchr(letters, word[i])))
            return OUTCOME_MISMATCH;
        set |= 1u << (letter - letters);
    }
    return add_to_imm(wanted, set << shift);
}

static enum outcome read_pred(struct assembler *as, struct wanted *wanted)
{
    return read_fence_set(as, wanted, 4);
}

static enum outcome read_succ(struct assembler *as, struct wanted *wanted)
{
    return read_fence_set(as, wanted, 0);
}

static enum outcome read_rm(struct assembler *as, struct wanted *wanted)
{
    static const char *const modes[8] = {"rne", "rtz", "rdn", "rup", "rmm", NULL, NULL, "dyn"};
    const char *word;
    size_t length = assembler_word(as, &word);

    for (unsigned i = 0; i < 8; i++)
        if (modes[i] && strlen(modes[i]) == length && !strncmp(modes[i], word, length))
            return name_field(wanted, FIELD_RM, i);
    return OUTCOME_MISMATCH;
}

static enum outcome default_rm(struct wanted *wanted)
{
    return name_field(wanted, FIELD_RM, 7);
}

static enum outcome default_exact(struct wanted *wanted)
{
    return name_field(wanted, FIELD_RM, 0);
}

/* The number that fli loads, as the disassembler writes it: its value, or min, inf, nan. */
static enum outcome read_constant(struct assembler *as, struct wanted *wanted)
{
    static const char *const names[32] = {[1] = "min", [30] = "inf", [31] = "nan"};
    const char *word;
    size_t length = assembler_word(as, &word);
    char *end;
    double value = strtod(word, &end);

    for (unsigned i = 0; i < 32; i++) {
        u64 bits = soft_constant(&float64, i);
        if (names[i] ? strlen(names[i]) == length && !strncmp(names[i], word, length)
                     : end != word && !memcmp(&bits, &value, sizeof value)) {
            as->at = names[i] ? as->at : end;
            return name_field(wanted, FIELD_RS1, i);
        }
    }
    return OUTCOME_MISMATCH;
}

/* The words of the templates, and what an operand that may be left out is then. */
static const struct {
    const char *name;
    enum outcome (*read)(struct assembler *as, struct wanted *wanted);
    enum outcome (*leave_out)(struct wanted *wanted);
} operand_words[] = {
    {"rd", read_rd, NULL},
    {"rs1", read_rs1, NULL},
    {"rs2", read_rs2, NULL},
    {"sp", read_sp, NULL},
    {"frd", read_frd, NULL},
    {"frs1", read_frs1, NULL},
    {"frs2", read_frs2, NULL},
    {"frs3", read_frs3, NULL},
    {"imm", read_imm, NULL},
    {"uimm", read_uimm, NULL},
    {"hi", read_hi, NULL},
    {"shamt", read_shamt, NULL},
    {"target", read_target, NULL},
    {"csr", read_csr, NULL},
    {"pred", read_pred, NULL},
    {"succ", read_succ, NULL},
    {"rm", read_rm, default_rm},
    {"exact", read_rm, default_exact},
    {"constant", read_constant, NULL},
};

/* Not an operand: taken as it stands, such as the rtz of fcvtmod.w.d. */
static enum outcome read_literal(struct assembler *as, const char *word, size_t length)
{
    const char *found;
    size_t found_length = assembler_word(as, &found);

    return found_length == length && !strncmp(found, word, length) ? OUTCOME_DONE
                                                                   : OUTCOME_MISMATCH;
}

enum outcome assembler_read_word(struct assembler *as, struct wanted *wanted, const char *word,
                                 size_t length)
{
    for (size_t i = 0; i < sizeof operand_words / sizeof operand_words[0]; i++)
        if (strlen(operand_words[i].name) == length &&
            !strncmp(operand_words[i].name, word, length))
            return operand_words[i].read(as, wanted);
    return read_literal(as, word, length);
}

enum outcome assembler_leave_out_word(struct wanted *wanted, const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof operand_words / sizeof operand_words[0]; i++)
        if (operand_words[i].leave_out && strlen(operand_words[i].name) == length &&
            !strncmp(operand_words[i].name, word, length))
            return operand_words[i].leave_out(wanted);
    return OUTCOME_MISMATCH;
}
