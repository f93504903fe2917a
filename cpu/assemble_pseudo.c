/* Pseudo-instructions: statements that stand for others. Their lines are in pseudo.def; their
 * operands are passed on as text. li, whose length depends on its number, is written here. */
#include "cpu/assemble_parts.h"
#include "cpu/disasm.h"

#include <stdarg.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OPERANDS_MOST 3
#define DEEPEST       4    /* a line may stand for another line; no circle */
#define LONGEST       1024 /* bytes of text that a statement may become */

static const struct pseudo {
    const char *name, *operands;
    u32 need;
    const char *stands_for;
} pseudos[] = {
#define PSEUDO(name, operands, need, stands_for) {#name, operands, need, stands_for},
#include "cpu/pseudo.def"
#undef PSEUDO
};

/* Parts of a text, not terminated. */
struct pieces {
    const char *start[OPERANDS_MOST];
    size_t length[OPERANDS_MOST];
    unsigned count;
};

/* To the comma that ends this operand, or the end of the statement. */
static const char *find_end(const char *at)
{
    unsigned depth = 0;

    while (*at && *at != '\n' && *at != '\f' && (depth > 0 || *at != ',')) {
        if (at[0] == '\'' && at[1] && at[1] != '\n') {
            at += at[1] == '\\' && at[2] && at[2] != '\n' ? 3 : 2;
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')' && depth > 0;
        at++;
    }
    return at;
}

/* False: there are more than any line has. */
static bool split(const char *at, struct pieces *pieces)
{
    pieces->count = 0;
    at += strspn(at, " \t");
    if (!*at || *at == '\n' || *at == '\f')
        return true;
    for (;;) {
        const char *end = find_end(at);
        if (pieces->count == OPERANDS_MOST)
            return false;
        at += strspn(at, " \t");
        pieces->start[pieces->count] = at;
        pieces->length[pieces->count++] = end > at ? (size_t)(end - at) : 0;
        if (*end != ',')
            return true;
        at = end + 1;
    }
}

static bool is_met(const struct isa *isa, u32 need)
{
    unsigned xlen = need >> 8 & 0xff;

    return isa_has(isa, need & 0xff) && (xlen == 0 || xlen == isa->xlen);
}

static bool has_name(const struct pseudo *pseudo, const char *name, size_t length)
{
    if (strlen(pseudo->name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] != (pseudo->name[i] == '_' ? '.' : pseudo->name[i]))
            return false;
    return true;
}

/* Where the words of the line's own operands stand in what it stands for, the source's are put. */
static bool substitute(struct assembler *as, const struct pseudo *pseudo,
                       const struct pieces *words, const struct pieces *pieces, char *text)
{
    size_t used = 0;

    for (const char *at = pseudo->stands_for; *at;) {
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        const char *from = *at == ';' ? "\f" : at;
        size_t size = length ? length : 1;
        at += size;
        for (unsigned i = 0; i < words->count && length; i++) {
            if (words->length[i] == length && !strncmp(words->start[i], from, length)) {
                from = pieces->start[i];
                size = pieces->length[i];
                break;
            }
        }
        if (used + size >= LONGEST)
            return assembler_fail(as, "the operands of %s are too long.", pseudo->name);
        memcpy(text + used, from, size);
        used += size;
    }
    text[used] = '\0';
    return true;
}

/* Runs the text in place of the statement, and goes to the statement's end. */
static enum outcome run_instead(struct assembler *as, const char *text)
{
    bool is_good;

    if (as->depth >= DEEPEST) {
        assembler_fail(as, "pseudo-instructions stand for one another without end.");
        return OUTCOME_FAILED;
    }
    as->depth++;
    is_good = assembler_run(as, text);
    as->depth--;
    while (!assembler_is_end(as))
        as->at++;
    return is_good ? OUTCOME_DONE : OUTCOME_FAILED;
}

struct constant {
    char text[512];
    size_t used;
    const char *rd;
    unsigned xlen;
};

__attribute__((format(printf, 2, 3))) static void put(struct constant *constant, const char *format,
                                                      ...)
{
    va_list arguments;

    va_start(arguments, format);
    constant->used += (size_t)vsnprintf(constant->text + constant->used,
                                        sizeof constant->text - constant->used, format, arguments);
    va_end(arguments);
}

/* 32 bits are lui and addiw, for lui may go below -2^31; of more, the upper part is made first, as
 * small as its trailing zeros let it be, then shifted up. At most eight instructions. */
static void put_constant(struct constant *constant, i64 value)
{
    const char *rd = constant->rd;
    i64 low = ((value & 0xfff) ^ 0x800) - 0x800;
    u64 rest = (u64)value - (u64)low;

    if (value == (i32)value) {
        u32 upper = (u32)rest >> 12;
        if (upper)
            put(constant, "lui %s, 0x%" PRIx32 "\f", rd, upper);
        if (low || !upper)
            put(constant, "%s %s, %s, %" PRId64 "\f", constant->xlen == 64 ? "addiw" : "addi", rd,
                upper ? rd : "zero", low);
        return;
    }
    unsigned shift = (unsigned)__builtin_ctzll(rest);
    put_constant(constant, (i64)rest >> shift);
    put(constant, "slli %s, %s, %u\f", rd, rd, shift);
    if (low)
        put(constant, "addi %s, %s, %" PRId64 "\f", rd, rd, low);
}

static enum outcome load_immediate(struct assembler *as)
{
    int rd = assembler_register(as);
    struct constant constant = {.xlen = as->isa->xlen};
    i64 value;
    u64 number;

    if (rd < 0 || !assembler_take(as, ','))
        return OUTCOME_MISMATCH;
    if (!assembler_constant(as, &number))
        return OUTCOME_FAILED;
    if (!assembler_is_end(as))
        return OUTCOME_MISMATCH;
    value = assembler_signed(as, number);
    if (as->isa->xlen == 32 && value != (i32)value) {
        assembler_fail(as, "%" PRId64 " does not fit into a register of 32 bits.", value);
        return OUTCOME_FAILED;
    }
    constant.rd = disasm_register((unsigned)rd, DISASM_ABI);
    if (value >= -2048 && value <= 2047)
        put(&constant, "addi %s, zero, %" PRId64, constant.rd, value);
    else
        put_constant(&constant, value);
    return run_instead(as, constant.text);
}

enum outcome assembler_pseudo(struct assembler *as, const char *name, size_t length)
{
    struct pieces pieces, words;
    char text[LONGEST];

    if (length == 2 && !strncmp(name, "li", 2))
        return load_immediate(as);
    if (!split(as->at, &pieces))
        return OUTCOME_MISMATCH;
    for (size_t i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++) {
        const struct pseudo *pseudo = &pseudos[i];
        if (!has_name(pseudo, name, length) || !is_met(as->isa, pseudo->need) ||
            !split(pseudo->operands, &words) || words.count != pieces.count)
            continue;
        return substitute(as, pseudo, &words, &pieces, text) ? run_instead(as, text)
                                                             : OUTCOME_FAILED;
    }
    return OUTCOME_MISMATCH;
}

const char *assembler_pseudo_operands(const char *name, size_t length)
{
    if (length == 2 && !strncmp(name, "li", 2))
        return "rd, number";
    for (size_t i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++)
        if (has_name(&pseudos[i], name, length))
            return pseudos[i].operands;
    return NULL;
}
