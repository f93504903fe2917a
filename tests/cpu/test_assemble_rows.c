/* The assembler and the disassembler, one against the other: what the one writes comes back from
 * the other as the same word, for every row of the tables, on both register widths. */
#include "cpu/assemble.h"
#include "cpu/disasm.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x80000000u

static struct isa isa_named(const char *name)
{
    struct isa isa;
    char message[256] = "";

    ck_assert_msg(isa_parse(name, &isa, message, sizeof message), "%s", message);
    return isa;
}

static u64 next_random(u64 *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A random word that decodes as this line of the tables, but for the bits that are not allowed.
 * False when there is none. */
static bool make_word(struct decoder *decoder, unsigned spelling, u32 allowed, u64 *random,
                      struct insn *insn)
{
    unsigned count;
    u32 mask, match;

    row_bits(&isa_rows(&count)[spelling], &mask, &match);
    for (unsigned tries = 0; tries < 50; tries++) {
        *insn = decode(decoder, match | ((u32)next_random(random) & ~mask & allowed));
        if (insn->spelling == spelling && insn->row != ROW_illegal)
            return true;
    }
    return false;
}

/* The bits that the text of an instruction shows: not those of fence.i's unused fields. */
static u32 shown_bits(struct decoder *decoder, unsigned spelling, u64 *random)
{
    struct insn insn, other;
    char text[DISASM_SIZE], changed[DISASM_SIZE];
    u32 shown = UINT32_MAX;

    if (!make_word(decoder, spelling, UINT32_MAX, random, &insn))
        return 0;
    disasm(decoder, &insn, 0, DISASM_ABI, text, sizeof text);
    for (unsigned bit = 0; bit < 8u * insn.length; bit++) {
        other = decode(decoder, insn.bits ^ (u32)1 << bit);
        disasm(decoder, &other, 0, DISASM_ABI, changed, sizeof changed);
        if (!strcmp(text, changed) && other.spelling == spelling)
            shown &= ~((u32)1 << bit);
    }
    return shown;
}

struct listing {
    char *text;
    size_t used;
    u32 *words;
    u8 *lengths;
    unsigned count;
    vaddr pc;
};

static void list(struct listing *listing, struct decoder *decoder, unsigned each,
                 enum disasm_style style)
{
    unsigned rows;
    u64 random = 0x2024112020241120;

    isa_rows(&rows);
    listing->text = malloc(rows * each * (size_t)(DISASM_SIZE + 1) + 1);
    listing->words = calloc(rows * each, sizeof *listing->words);
    listing->lengths = calloc(rows * each, 1);
    listing->pc = BASE;
    ck_assert(listing->text && listing->words && listing->lengths);
    for (unsigned i = 0, shown = 0; i < rows * each; i++) {
        struct insn insn;
        char line[DISASM_SIZE];
        if (i % each == 0)
            shown = shown_bits(decoder, i / each, &random);
        if (!shown || !make_word(decoder, i / each, shown, &random, &insn))
            continue;
        disasm(decoder, &insn, listing->pc, style, line, sizeof line);
        listing->used += (size_t)sprintf(listing->text + listing->used, "%s\n", line);
        listing->words[listing->count] = insn.bits;
        listing->lengths[listing->count++] = insn.length;
        listing->pc += insn.length;
    }
}

static void check_round_trip(const char *isa_name, unsigned each, enum disasm_style style)
{
    struct isa isa = isa_named(isa_name);
    struct decoder *decoder = malloc(sizeof *decoder);
    struct listing listing = {0};
    struct assembled program;
    char message[256] = "";
    u64 at = 0;

    ck_assert_ptr_nonnull(decoder);
    decoder_init(decoder, &isa);
    list(&listing, decoder, each, style);
    ck_assert_uint_gt(listing.count, 150 * each);
    ck_assert_msg(assemble(&isa, listing.text, listing.used, "round.s", BASE, &program, message,
                           sizeof message),
                  "%s: %s", isa_name, message);
    ck_assert_uint_eq(program.size, listing.pc - BASE);
    for (unsigned i = 0; i < listing.count; at += listing.lengths[i++]) {
        u32 word = 0;
        memcpy(&word, program.bytes + at, listing.lengths[i]);
        ck_assert_msg(word == listing.words[i], "%s, line %u: %08x became %08x", isa_name, i + 1,
                      listing.words[i], word);
    }
    assembled_free(&program);
    free(listing.text);
    free(listing.words);
    free(listing.lengths);
    free(decoder);
}

START_TEST(every_row_comes_back_from_its_text)
{
    check_round_trip(_i & 1 ? "max32" : "max", 80, _i & 2 ? DISASM_ABI : DISASM_NUMERIC);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_row_comes_back_from_its_text};

    return SUITE_RUN("assemble: rows", tests, 4);
}
