/* The assembler where something is long, deep or many: what it still takes, and the sentence with
 * which it refuses the rest. */
#include "cpu/assemble.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x80000000u

struct text {
    char bytes[64 * 1024];
    size_t length;
    const char *isa; /* NULL: max */
};

static void add(struct text *text, const char *what, unsigned times)
{
    size_t length = strlen(what);

    ck_assert_uint_lt(text->length + times * length, sizeof text->bytes);
    for (; times; times--, text->length += length)
        memcpy(text->bytes + text->length, what, length);
}

static bool try(const struct text *text, struct assembled *program, char *message, size_t size)
{
    struct isa isa;

    ck_assert(isa_parse(text->isa ? text->isa : "max", &isa, message, size));
    return assemble(&isa, text->bytes, text->length, "x.s", BASE, program, message, size);
}

static void refuses(const struct text *text, const char *sentence)
{
    struct assembled program;
    char message[400] = "";

    ck_assert(!try(text, &program, message, sizeof message));
    ck_assert_str_eq(message, sentence);
}

static struct assembled takes(const struct text *text)
{
    struct assembled program;
    char message[400] = "";

    ck_assert_msg(try(text, &program, message, sizeof message), "%s", message);
    return program;
}

START_TEST(a_thousand_names_keep_their_values)
{
    struct text text = {.length = 0};
    struct assembled program;
    char line[64];

    for (unsigned i = 0; i < 1000; i++) {
        snprintf(line, sizeof line, "name%u: .word name%u\n", i, 999 - i);
        add(&text, line, 1);
    }
    program = takes(&text);
    ck_assert_uint_eq(program.symbol_count, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        u32 word;
        ck_assert_uint_eq(program.symbols[i].value, BASE + 4 * i);
        memcpy(&word, program.bytes + 4 * i, 4);
        ck_assert_uint_eq(word, BASE + 4 * (999 - i));
    }
    assembled_free(&program);
}
END_TEST

START_TEST(a_name_has_255_characters_at_most)
{
    struct text good = {.length = 0}, bad = {.length = 0};
    struct assembled program;

    add(&good, "n", 255);
    add(&good, ": nop", 1);
    program = takes(&good);
    assembled_free(&program);
    add(&bad, "n", 256);
    add(&bad, ": nop", 1);
    refuses(&bad, "x.s:1: a name of more than 255 characters.");
}
END_TEST

START_TEST(parentheses_and_signs_nest_so_deep_and_no_deeper)
{
    struct text good = {.length = 0}, bad = {.length = 0};
    struct assembled program;

    add(&good, ".byte ", 1);
    add(&good, "(", 50);
    add(&good, "7", 1);
    add(&good, ")", 50);
    program = takes(&good);
    ck_assert_uint_eq(program.bytes[0], 7);
    assembled_free(&program);
    add(&bad, ".byte ", 1);
    add(&bad, "-", 100);
    add(&bad, "7", 1);
    refuses(&bad, "x.s:1: parentheses or signs nest too deeply.");
}
END_TEST

START_TEST(a_program_has_sixteen_sections_at_most)
{
    struct text text = {.length = 0};
    char line[64];

    for (unsigned i = 0; i < 20; i++) {
        snprintf(line, sizeof line, ".section .s%u\n", i);
        add(&text, line, 1);
    }
    refuses(&text, "x.s:16: more than 16 sections.");
}
END_TEST

START_TEST(what_is_too_long_is_refused_with_its_limit)
{
    struct text section = {.length = 0}, statement = {.length = 0};

    add(&section, ".section .", 1);
    add(&section, "s", 200);
    refuses(&section, "x.s:1: a section's name of more than 31 characters.");
    add(&statement, "j 1", 1);
    add(&statement, " + 1", 600);
    refuses(&statement, "x.s:1: the operands of j are too long.");
}
END_TEST

START_TEST(a_program_of_more_than_64_mib_is_refused)
{
    struct text text = {.length = 0};

    add(&text, ".zero 0x4000001\n", 1);
    refuses(&text, "x.s:1: the program is larger than 64 MiB.");
    text.length = 0;
    add(&text, ".zero 0x3000000\n.data\n.zero 0x3000000", 1);
    refuses(&text, "x.s:3: the program is larger than 64 MiB.");
}
END_TEST

START_TEST(a_number_fits_or_is_refused)
{
    static const struct {
        const char *source, *sentence; /* NULL: it fits */
    } rows[] = {
        {".byte 255, -128", NULL},
        {".byte 256", "x.s:1: 256 does not fit into 1 byte."},
        {".half -32769", "x.s:1: -32769 does not fit into 2 bytes."},
        {"x: .data\n.org x", "x.s:2: .org goes to another section."},
        {".byte 1 / 0", "x.s:1: a division by zero."},
        {".word nowhere", "x.s:1: nowhere is not defined."},
        {".byte", "x.s:1: a number or a name is missing."},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text text = {.length = 0};
        struct assembled program;
        add(&text, rows[i].source, 1);
        if (rows[i].sentence) {
            refuses(&text, rows[i].sentence);
            continue;
        }
        program = takes(&text);
        assembled_free(&program);
    }
}
END_TEST

/* What is computed in 64 bits may be longer than a word there. */
START_TEST(on_rv32_a_word_is_cut_to_32_bits)
{
    struct text text = {.isa = "max32"};
    struct assembled program;
    u32 word;

    add(&text, ".word 0xffffffff << 4", 1);
    program = takes(&text);
    memcpy(&word, program.bytes, sizeof word);
    ck_assert_uint_eq(word, 0xfffffff0);
    assembled_free(&program);
    text.isa = NULL;
    refuses(&text, "x.s:1: 68719476720 does not fit into 4 bytes.");
}
END_TEST

START_TEST(divisions_by_minus_one_wrap_like_everything_else)
{
    struct text text = {.length = 0};
    struct assembled program;
    u64 values[2];

    add(&text, ".dword 0x8000000000000000 / -1, 7 % -1", 1);
    program = takes(&text);
    memcpy(values, program.bytes, sizeof values);
    ck_assert_uint_eq(values[0], (u64)1 << 63);
    ck_assert_uint_eq(values[1], 0);
    assembled_free(&program);
}
END_TEST

START_TEST(an_alignment_that_would_skip_too_much_skips_nothing)
{
    static const struct {
        const char *source;
        u64 size;
    } rows[] = {{"nop; .balign 16, 0, 12; nop", 20}, {"nop; .balign 16, 0, 11; nop", 8}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text text = {.length = 0};
        struct assembled program;
        add(&text, rows[i].source, 1);
        program = takes(&text);
        ck_assert_uint_eq(program.size, rows[i].size);
        assembled_free(&program);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_thousand_names_keep_their_values,
                                  a_name_has_255_characters_at_most,
                                  parentheses_and_signs_nest_so_deep_and_no_deeper,
                                  a_program_has_sixteen_sections_at_most,
                                  what_is_too_long_is_refused_with_its_limit,
                                  a_program_of_more_than_64_mib_is_refused,
                                  a_number_fits_or_is_refused,
                                  on_rv32_a_word_is_cut_to_32_bits,
                                  divisions_by_minus_one_wrap_like_everything_else,
                                  an_alignment_that_would_skip_too_much_skips_nothing};

    return SUITE_RUN("assembler's limits", tests, 1);
}
