/* The assembler's expressions: 64-bit numbers without a sign, except where * / % divide. The order
 * of operators is the GNU assembler's, not C's (GNU as, "Infix Operators"): * / % << >> first, then
 * | & ^, then + and -. An address is a number that is only known in the second pass; but two of one
 * section always lie as far apart, so their difference is known at once. */
#include "cpu/assemble_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 64 /* parentheses and signs within one another */

static bool expression(struct assembler *as, struct value *value);

static void blame(struct value *value, const char *name, size_t length)
{
    value->is_known = false;
    value->section = NO_SECTION;
    snprintf(value->unknown, sizeof value->unknown, "%.*s", (int)(length < 60 ? length : 60), name);
}

/* 1f and 1b: the next and the last "1:". */
static bool numeric_label(struct assembler *as, u64 number, struct value *value)
{
    bool is_forward = *as->at++ == 'f';
    char name[32];
    const struct symbol *symbol;

    if (number >= NUMERIC_LABELS)
        return assembler_fail(as, "numeric labels go from 0 to %d.", NUMERIC_LABELS - 1);
    assembler_numeric_name((unsigned)number, as->passed[number] + is_forward, name);
    symbol = assembler_find(as, name, strlen(name));
    if (!symbol) {
        snprintf(name, sizeof name, "%" PRIu64 "%c", number, is_forward ? 'f' : 'b');
        blame(value, name, strlen(name));
        return true;
    }
    value->section = symbol->section;
    value->number = symbol->value + as->sections[symbol->section].base;
    return true;
}

static bool number_or_label(struct assembler *as, struct value *value)
{
    if (!assembler_number(as, &value->number))
        return false;
    if ((*as->at == 'f' || *as->at == 'b') && !isalnum((unsigned char)as->at[1]))
        return numeric_label(as, value->number, value);
    if (isalnum((unsigned char)*as->at) || *as->at == '_')
        return assembler_fail(as, "a number with a letter in it.");
    return true;
}

static bool name(struct assembler *as, struct value *value)
{
    const char *word;
    size_t length = assembler_word(as, &word);
    const struct symbol *symbol;

    if (length == 0)
        return assembler_fail(as, "a number or a name is missing.");
    if (length == 1 && *word == '.') {
        value->section = (int)as->section;
        value->number = assembler_here(as);
        return true;
    }
    symbol = assembler_find(as, word, length);
    if (!symbol || !symbol->is_known) {
        blame(value, word, length);
        return true;
    }
    value->section = symbol->section;
    value->number = symbol->value;
    if (symbol->section != NO_SECTION)
        value->number += as->sections[symbol->section].base;
    return true;
}

/* What cannot be computed before the sections have their places is unknown until then. */
static void forget_section(const struct assembler *as, struct value *value)
{
    value->section = NO_SECTION;
    if (as->pass == PASS_LAYOUT)
        blame(value, "an address", 10);
}

static void combine_sections(const struct assembler *as, struct value *left, char sign,
                             const struct value *right)
{
    if (sign == '+' && (left->section == NO_SECTION || right->section == NO_SECTION))
        left->section = left->section == NO_SECTION ? right->section : left->section;
    else if (sign == '-' && right->section == left->section)
        left->section = NO_SECTION;
    else if (!(sign == '-' && right->section == NO_SECTION) &&
             (left->section != NO_SECTION || right->section != NO_SECTION))
        forget_section(as, left);
}

static bool divide(struct assembler *as, u64 *left, char sign, u64 right)
{
    if (right == 0)
        return assembler_fail(as, "a division by zero.");
    if (right == UINT64_MAX) /* by -1: the smallest number has no positive twin */
        *left = sign == '/' ? 0 - *left : 0;
    else
        *left = (u64)(sign == '/' ? (i64)*left / (i64)right : (i64)*left % (i64)right);
    return true;
}

static bool combine(struct assembler *as, struct value *left, char sign, const struct value *right)
{
    if (!left->is_known)
        return true;
    if (!right->is_known) {
        *left = *right;
        return true;
    }
    combine_sections(as, left, sign, right);
    /* clang-format off */
    switch (sign) {
    case '+': left->number += right->number; break;
    case '-': left->number -= right->number; break;
    case '*': left->number *= right->number; break;
    case '<': left->number = right->number < 64 ? left->number << right->number : 0; break;
    case '>': left->number = right->number < 64 ? left->number >> right->number : 0; break;
    case '&': left->number &= right->number; break;
    case '|': left->number |= right->number; break;
    case '^': left->number ^= right->number; break;
    default:
        if (left->is_known)
            return divide(as, &left->number, sign, right->number);
    }
    /* clang-format on */
    return true;
}

static bool character_constant(struct assembler *as, struct value *value)
{
    u8 character;

    if (!assembler_character(as, &character))
        return false;
    if (*as->at == '\'')
        as->at++;
    value->number = character;
    return true;
}

static bool unary(struct assembler *as, struct value *value);

static bool operand(struct assembler *as, struct value *value)
{
    struct value left = {.section = NO_SECTION, .is_known = true};

    *value = left;
    if (assembler_take(as, '('))
        return expression(as, value) &&
               (assembler_take(as, ')') || assembler_fail(as, "a closing parenthesis is missing."));
    if (assembler_take(as, '+'))
        return unary(as, value);
    if (assembler_take(as, '\''))
        return character_constant(as, value);
    if (*as->at == '-' || *as->at == '~') {
        char sign = *as->at++ == '-' ? '-' : '^';
        left.number = sign == '-' ? 0 : UINT64_MAX;
        if (!unary(as, value) || !combine(as, &left, sign, value))
            return false;
        *value = left;
        return true;
    }
    return isdigit((unsigned char)*as->at) ? number_or_label(as, value) : name(as, value);
}

static bool unary(struct assembler *as, struct value *value)
{
    bool is_good;

    if (as->depth >= DEEPEST)
        return assembler_fail(as, "parentheses or signs nest too deeply.");
    as->depth++;
    is_good = operand(as, value);
    as->depth--;
    return is_good;
}

/* The sign of this level that comes next, or 0. Level 0 binds most tightly. */
static char take_operator(struct assembler *as, unsigned level)
{
    static const char *const levels[] = {"*/%<>", "|&^", "+-"};
    bool is_end = assembler_is_end(as);
    char sign = *as->at;

    if (is_end || !strchr(levels[level], sign))
        return 0;
    if (sign == '<' || sign == '>') {
        if (as->at[1] != sign)
            return 0;
        as->at++;
    }
    as->at++;
    return sign;
}

static bool binary(struct assembler *as, struct value *value, unsigned level)
{
    char sign;
    struct value right;

    if (!(level == 0 ? unary(as, value) : binary(as, value, level - 1)))
        return false;
    while ((sign = take_operator(as, level))) {
        if (!(level == 0 ? unary(as, &right) : binary(as, &right, level - 1)) ||
            !combine(as, value, sign, &right))
            return false;
    }
    return true;
}

static bool expression(struct assembler *as, struct value *value)
{
    return binary(as, value, 2);
}

bool assembler_value(struct assembler *as, struct value *value)
{
    return expression(as, value);
}

bool assembler_check_known(struct assembler *as, const struct value *value)
{
    return value->is_known || assembler_fail(as, "%s is not defined.", value->unknown);
}

bool assembler_constant(struct assembler *as, u64 *number)
{
    struct value value;

    if (!assembler_value(as, &value))
        return false;
    if (!value.is_known || (value.section != NO_SECTION && as->pass == PASS_LAYOUT))
        return assembler_fail(as, "%s is not a number that is known here.",
                              value.is_known ? "an address" : value.unknown);
    *number = value.number;
    return true;
}

i64 assembler_signed(const struct assembler *as, u64 number)
{
    return as->isa->xlen == 32 && number >> 32 == 0 ? (i32)(u32)number : (i64)number;
}

static i64 low_part(i64 value)
{
    return ((value & 0xfff) ^ 0x800) - 0x800;
}

/* The upper 20 bits of what lui or auipc must add, so that the signed lower 12 make it whole. */
static bool high_part(struct assembler *as, i64 value, u64 *number)
{
    if (as->isa->xlen == 64 && (value < INT32_MIN || value > INT32_MAX - 0x800))
        return assembler_fail(as, "0x%" PRIx64 " is more than lui or auipc can make.", (u64)value);
    *number = ((u64)value + 0x800) >> 12 & 0xfffff;
    return true;
}

static bool pcrel_high(struct assembler *as, u64 *number)
{
    i64 distance = assembler_signed(as, *number - assembler_here(as));

    if (as->high_count == as->high_room) {
        size_t room = as->high_room ? 2 * as->high_room : 64;
        struct high_part *grown = realloc(as->highs, room * sizeof *grown);
        if (!grown)
            return assembler_fail(as, "there is no memory left.");
        as->highs = grown;
        as->high_room = room;
    }
    as->highs[as->high_count++] = (struct high_part){assembler_here(as), distance};
    return high_part(as, distance, number);
}

/* The manual's surprise: %pcrel_lo takes the address of the auipc, not of what is meant. */
static bool pcrel_low(struct assembler *as, u64 *number)
{
    for (size_t i = as->high_count; i > 0; i--) {
        if (as->highs[i - 1].at == *number) {
            *number = (u64)low_part(as->highs[i - 1].distance);
            return true;
        }
    }
    return assembler_fail(as, "%%pcrel_lo wants the label of an earlier %%pcrel_hi.");
}

static bool low(struct assembler *as, u64 *number)
{
    (void)as;
    *number = (u64)low_part((i64)*number);
    return true;
}

static bool high(struct assembler *as, u64 *number)
{
    return high_part(as, assembler_signed(as, *number), number);
}

static const struct {
    const char *name;
    bool (*apply)(struct assembler *as, u64 *number);
} modifiers[] = {{"hi", high}, {"lo", low}, {"pcrel_hi", pcrel_high}, {"pcrel_lo", pcrel_low}};

bool assembler_operand(struct assembler *as, struct value *value)
{
    const char *word;
    size_t length;

    if (!assembler_take(as, '%'))
        return assembler_value(as, value);
    length = assembler_word(as, &word);
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        if (strlen(modifiers[i].name) != length || strncmp(modifiers[i].name, word, length))
            continue;
        if (!assembler_take(as, '('))
            return assembler_fail(as, "%%%s wants parentheses.", modifiers[i].name);
        if (!assembler_value(as, value))
            return false;
        if (!assembler_take(as, ')'))
            return assembler_fail(as, "a closing parenthesis is missing.");
        value->section = NO_SECTION;
        if (as->pass == PASS_LAYOUT)
            blame(value, "an address", 10);
        return !value->is_known || modifiers[i].apply(as, &value->number);
    }
    return assembler_fail(as,
                          "there is no %%%.*s here; there are %%hi, %%lo, %%pcrel_hi and "
                          "%%pcrel_lo.",
                          (int)(length < 40 ? length : 40), word);
}
