/* The assembler: labels, sections, expressions, pseudo-instructions and mistakes by hand; sources
 * that chance has changed. Rows: test_assemble_rows.c; tests/isa compares with the GNU assembler.
 */
#include "cpu/assemble.h"

#include "tests/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define BASE         0x80000000u

static struct isa isa_named(const char *name)
{
    struct isa isa;
    char message[256] = "";

    ck_assert_msg(isa_parse(name, &isa, message, sizeof message), "%s", message);
    return isa;
}

static struct assembled assemble_good(const char *isa_name, const char *source)
{
    struct isa isa = isa_named(isa_name);
    struct assembled program;
    char message[256] = "";

    ck_assert_msg(
        assemble(&isa, source, strlen(source), "x.s", BASE, &program, message, sizeof message),
        "%s\n%s", message, source);
    return program;
}

static u64 read_number(const struct assembled *program, u64 at, unsigned size)
{
    u64 number = 0;

    ck_assert_uint_le(at + size, program->size);
    memcpy(&number, program->bytes + at, size);
    return number;
}

static u64 value_of(const struct assembled *program, const char *name)
{
    for (size_t i = 0; i < program->symbol_count; i++)
        if (!strcmp(program->symbols[i].name, name))
            return program->symbols[i].value;
    ck_abort_msg("there is no symbol %s", name);
    return 0;
}

static u64 next_random(u64 *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Statement against statement: what each is short for. */
static const struct {
    const char *isa, *source, *same;
} pairs[] = {
    {"max", "li a0, 0", "addi a0, zero, 0"},
    {"max", "li a0, -2048", "addi a0, zero, -2048"},
    {"max", "li a0, 0x800", "lui a0, 1; addiw a0, a0, -2048"},
    {"max", "li a0, 0x7fffffff", "lui a0, 0x80000; addiw a0, a0, -1"},
    {"max", "li a0, 1 << 63", "addiw a0, zero, -1; slli a0, a0, 63"},
    {"max", "li a0, 0xfffffffff", "addiw a0, zero, 1; slli a0, a0, 36; addi a0, a0, -1"},
    {"max32", "li a0, 0xffffffff", "addi a0, zero, -1"},
    {"max32", "li a0, 0x80000001", "lui a0, 0x80000; addi a0, a0, 1"},
    {"max", "fence", "fence iorw, iorw"},
    {"max", "fence 3, r", "fence rw, r"},
    {"max", "lw fp, (sp)", "lw s0, 0(x2)"},
    {"max", "lw a0, (4 + 4)(sp)", "lw a0, 8(sp)"},
    {"max", "amoadd.w a0, a1, 0(a2)", "amoadd.w a0, a1, (a2)"},
    {"max", "add a0, a1, 5", "addi a0, a1, 5"},
    {"max", "jalr a0", "jalr ra, 0(a0)"},
    {"max", "jalr t0, a0", "jalr t0, 0(a0)"},
    {"max", "jr a0", "jalr zero, 0(a0)"},
    {"max", "csrw mscratch, 5", "csrrwi zero, 0x340, 5"},
    {"max", "csrr a0, mhartid", "csrrs a0, 0xf14, zero"},
    {"max", "fadd.d fa0, fa1, fa2", "fadd.d fa0, fa1, fa2, dyn"},
    {"max", "fcvt.d.w fa0, a0", "fcvt.d.w fa0, a0, rne"},
    {"max", "zext.w a0, a1", "add.uw a0, a1, zero"},
    {"rv64gc", "zext.w a0, a1", "slli a0, a1, 32; srli a0, a0, 32"},
    {"max", "j .", "jal zero, 0x80000000"},
    {"max", "1: beqz a0, 1f; j 1b; 1: nop", "beq a0, zero, . + 8; jal zero, . - 4; nop"},
    {"max", "0: j 0b", "j ."},
    {"max", "call there; there:", "auipc ra, 0; jalr ra, 8(ra)"},
    {"max", "x: la a0, x - 1; nop", "auipc a0, 0; addi a0, a0, -1; nop"},
    {"max", "1: auipc a0, %pcrel_hi(b); ld a0, %pcrel_lo(1b)(a0); b:", "auipc a0,0; ld a0,8(a0)"},
    {"max", "lui a0, %hi(0x12345fff); addi a0, a0, %lo(0x12345fff)",
     "lui a0, 0x12346; addi a0, a0, -1"},
    {"max", ".equ N, 3 /* three */; addi a0, a0, N * (N - 1) << 1 # twelve", "addi a0, a0, 12"},
    {"max", "N = 'A' + 1 // sixty-six\n addi a0, a0, N", "addi a0, a0, 66"},
    {"max", ".byte 1 + 2 | 4, -1, ~0 & 15, '\\n', '#, ';'", ".byte 7, 255, 15, 10, 35, 59"},
    {"max", ".byte -7 / 2, -7 % 4, 7 >> 1, 5 ^ 1", ".byte -3, -3, 3, 4"},
    {"max", ".half 0x1234; .word 0b11, 010; .dword -1", ".byte 52, 18, 3,0,0,0, 8,0,0,0; .quad ~0"},
    {"max", ".asciz \"a;#\\n\\x41\\102\\\"\", \"//\"", ".byte 97,59,35,10,65,66,34,0,47,47,0"},
    {"max", ".float 1.5; .double -2", ".word 0x3fc00000; .dword 0xc000000000000000"},
    {"max", "nop; .p2align 3; nop", "nop; nop; nop"},
    {"max", "c.nop; .align 2; nop", "c.nop; c.nop; nop"},
    {"max", "nop; .balign 16, 7; .zero 2; .space 2, 1",
     "nop; .byte 7,7,7,7,7,7,7,7,7,7,7,7,0,0,1,1"},
    {"max", "a: nop; .org a + 8; nop; .org 16", "nop; .word 0; nop; .word 0"},
    {"max", "a: nop; b: li a0, b - a; .set c, b; .word c - a", "nop; li a0, 4; .word 4"},
    {"max", ".data; .word 5; .text; nop; .section .text.more; nop; .data; .word 6; .text; nop",
     "nop; nop; nop; .word 0; .word 5; .word 6"},
    {"max", ".globl x; .option norvc; .type x, @function; x: .size x, .-x; nop", "nop"},
};

START_TEST(a_statement_is_what_it_is_short_for)
{
    struct assembled one = assemble_good(pairs[_i].isa, pairs[_i].source);
    struct assembled other = assemble_good(pairs[_i].isa, pairs[_i].same);

    ck_assert_msg(one.size == other.size && !memcmp(one.bytes, other.bytes, one.size),
                  "not the same: %s (%u bytes) and %s (%u bytes)", pairs[_i].source,
                  (unsigned)one.size, pairs[_i].same, (unsigned)other.size);
    assembled_free(&one);
    assembled_free(&other);
}
END_TEST

static const struct {
    const char *name, *operands;
    u32 need;
} pseudos[] = {
#define PSEUDO(name, operands, need, stands_for) {#name, operands, need},
#include "cpu/pseudo.def"
#undef PSEUDO
};

/* Something that fits this word of a pseudo-instruction's operands. */
static const char *example(const char *word, size_t length, bool is_float)
{
    static const char *const examples[][2] = {{"rd", "a0"},   {"rs", "a1"},    {"frd", "fa0"},
                                              {"frs", "fa1"}, {"target", "x"}, {"place", "x"},
                                              {"temp", "t0"}, {"imm", "3"},    {"shamt", "3"},
                                              {"uimm", "3"},  {"csr", "frm"}};

    for (size_t i = 0; i < COUNT(examples); i++)
        if (strlen(examples[i][0]) == length && !strncmp(examples[i][0], word, length))
            return examples[i][1];
    return is_float ? "fa2" : "a2"; /* left and right */
}

START_TEST(every_pseudo_instruction_stands_for_something_that_exists)
{
    char source[256], *to = source;
    unsigned xlen = pseudos[_i].need >> 8 & 0xff;
    struct assembled program;

    to += sprintf(to, "x: ");
    for (const char *c = pseudos[_i].name; *c; c++)
        *to++ = *c == '_' ? '.' : *c;
    *to++ = ' ';
    for (const char *at = pseudos[_i].operands; *at;) {
        size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz");
        to += sprintf(to, "%s%.1s", example(at, length, pseudos[_i].name[0] == 'f'),
                      at[length] ? "," : "");
        at += length + strspn(at + length, ", ");
    }
    *to = '\0';
    program = assemble_good(xlen == 32 ? "rv32gc" : "rv64gc_zba", source);
    ck_assert_uint_ge(program.size, 4);
    ck_assert_uint_le(program.size, 8);
    assembled_free(&program);
}
END_TEST

START_TEST(sections_lie_behind_text_and_start_is_the_entry)
{
    struct assembled program = assemble_good(
        "max", ".data\nd: .word e\ne: .byte 1\n.equ five, 5\n.text\nnop\n1: _start: la a0, d\n"
               ".bss\nb: .zero 64\n");

    ck_assert_uint_eq(program.entry, BASE + 4);
    ck_assert_uint_eq(value_of(&program, "_start"), BASE + 4);
    ck_assert_uint_eq(value_of(&program, "d"), BASE + 16);
    ck_assert_uint_eq(value_of(&program, "b"), BASE + 32);
    ck_assert_uint_eq(value_of(&program, "five"), 5);
    ck_assert_uint_eq(program.symbol_count, 5); /* numeric labels are nobody's business */
    ck_assert_uint_eq(read_number(&program, 16, 4), BASE + 20);
    ck_assert_uint_eq(program.size, 32 + 64);
    assembled_free(&program);
    program = assemble_good("max", "");
    ck_assert_uint_eq(program.size, 0);
    ck_assert_uint_eq(program.entry, BASE);
    assembled_free(&program);
}
END_TEST

static const struct {
    const char *isa, *source, *message;
} mistakes[] = {
    {"max", "nop\nfoo a0", "x.s:2: there is no instruction foo."},
    {"rv64i", "mul a0, a1, a2",
     "x.s:1: mul is an instruction that this processor, rv64i, does not "
     "have."},
    {"max", "/* two\nlines */ lw a0",
     "x.s:2: these are not the operands of lw: it is lw rd, "
     "imm(rs1)."},
    {"max", "beqz a0", "x.s:1: these are not the operands of beqz: it is beqz rs, target."},
    {"max", "addi a0, a1, 2048",
     "x.s:1: the number 2048 does not fit: it can be -2048 to 2047, "
     "in steps of 1."},
    {"max", "c.lw a0, 2(a1)",
     "x.s:1: the number 2 does not fit: it can be 0 to 124, in steps of "
     "4."},
    {"max", "c.lui a0, 0x40",
     "x.s:1: the number 64 does not fit: it can be -32 to 31, in steps of "
     "1."},
    {"max", "c.sub t0, a0",
     "x.s:1: 5 is no register (or number) that this instruction can name in "
     "this place."},
    {"max", "c.mv a0, zero", "x.s:1: this instruction with these operands is reserved."},
    {"max", "beq a0, a1, . + 4096",
     "x.s:1: the distance 4096 does not fit: it can be -4096 to "
     "4094, in steps of 2."},
    {"max", "csrwi mscratch, 32",
     "x.s:1: 32 is no register (or number) that this instruction can "
     "name in this place."},
    {"max", "lui a0, 0x100000", "x.s:1: lui takes the upper 20 bits, from 0 to 0xfffff."},
    {"max32", "slli a0, a0, 32", "x.s:1: registers have 32 bits; they cannot be shifted by 32."},
    {"max", "slliw a0, a0, 32",
     "x.s:1: the number 32 does not fit: it can be 0 to 31, in steps of "
     "1."},
    {"max", "lui a0, %hi(x)\nx:", "x.s:1: 0x80000004 is more than lui or auipc can make."},
    {"max", "addi a0, a0, %pcrel_lo(x)\nx:",
     "x.s:1: %pcrel_lo wants the label of an earlier "
     "%pcrel_hi."},
    {"max", "addi a0, a0, %high(5)",
     "x.s:1: there is no %high here; there are %hi, %lo, %pcrel_hi "
     "and %pcrel_lo."},
    {"max", "j nowhere", "x.s:1: nowhere is not defined."},
    {"max", "la a0, nowhere", "x.s:1: nowhere is not defined."},
    {"max", ".word 1f\n1:\n.word 1f", "x.s:3: 1f is not defined."},
    {"max", "a:\na:", "x.s:2: a is defined twice."},
    {"max", "a:\n.equ a, 5", "x.s:2: a is defined twice."},
    {"max", "100: nop", "x.s:1: numeric labels go from 0 to 99."},
    {"max", "li a0, x\nx:", "x.s:1: x is not a number that is known here."},
    {"max", "x: li a0, x", "x.s:1: an address is not a number that is known here."},
    {"max32", "li a0, 1 << 32", "x.s:1: 4294967296 does not fit into a register of 32 bits."},
    {"max", ".byte 256", "x.s:1: 256 does not fit into 1 byte."},
    {"max", ".byte 1/0", "x.s:1: a division by zero."},
    {"max", ".byte (1", "x.s:1: a closing parenthesis is missing."},
    {"max", ".byte 5x", "x.s:1: a number with a letter in it."},
    {"max", ".byte 1,", "x.s:1: a number or a name is missing."},
    {"max", ".dword 0x10000000000000000", "x.s:1: a number of more than 64 bits."},
    {"max", ".ascii \"abc", "x.s:1: a quoted text does not end on its line."},
    {"max", ".ascii \"\\q\"", "x.s:1: there is no escape \\q in a text."},
    {"max", ".ascii 5", "x.s:1: a text in quotes is missing."},
    {"max", ".macro x", "x.s:1: there is no directive .macro."},
    {"max", ".align 30", "x.s:1: .align takes a power of two, up to 16."},
    {"max", ".balign 3", "x.s:1: .balign takes 1, 2, 4, 8 and so on, up to 65536."},
    {"max", "nop; .org 2", "x.s:1: .org goes back, from 4 to 2."},
    {"max", ".zero 0x4000001", "x.s:1: the program is larger than 64 MiB."},
    {"max", ".zero -1", "x.s:1: the program is larger than 64 MiB."},
    {"max", ".byte 1; nop",
     "x.s:1: an instruction must lie at a multiple of 2 bytes; put .align 2 "
     "in front of it."},
    {"max", "nop nop", "x.s:1: these are not the operands of nop: it is nop."},
    {"max", ".byte 1 2", "x.s:1: the statement should end before \"2\"."},
    {"max", "nop\n, nop", "x.s:2: a statement cannot begin with this character."},
    {"max", "nop /* never", "x.s:1: these are not the operands of nop: it is nop."},
};

START_TEST(a_mistake_is_told_with_its_line)
{
    struct isa isa = isa_named(mistakes[_i].isa);
    struct assembled program;
    char message[256] = "";

    ck_assert_msg(!assemble(&isa, mistakes[_i].source, strlen(mistakes[_i].source), "x.s", BASE,
                            &program, message, sizeof message),
                  "assembled: %s", mistakes[_i].source);
    ck_assert_str_eq(message, mistakes[_i].message);
    ck_assert_ptr_null(program.bytes);
    ck_assert_uint_eq(program.symbol_count, 0);
}
END_TEST

/* One change: a byte replaced, or a part removed, doubled or overwritten by another part. */
static size_t mutate(char *text, size_t length, size_t room, u64 *random)
{
    static const char bytes[] = "(),%:.;\"'\\#/*-+~0189afx \n\t\0\xff<>=";
    size_t at = next_random(random) % length, from = next_random(random) % length;
    size_t size = 1 + next_random(random) % 12;

    size = at + size > length ? length - at : size;
    size = from + size > length ? length - from : size;
    switch (next_random(random) % 4) {
    case 0:
        text[at] = bytes[next_random(random) % sizeof bytes];
        return length;
    case 1:
        memmove(text + at, text + at + size, length - at - size);
        return length - size;
    case 2:
        memmove(text + at, text + from, size);
        return length;
    default:
        if (length + size > room)
            return length;
        memmove(text + at + size, text + at, length - at);
        return length + size;
    }
}

START_TEST(no_source_makes_it_stumble)
{
    struct isa isa = isa_named(_i ? "max32" : "max");
    u64 random = 0x9e3779b97f4a7c15 + (u64)_i;
    unsigned good = 0, bad = 0;

    for (unsigned round = 0; round < 4000; round++) {
        char text[512], message[100] = "";
        struct assembled program;
        size_t length = 0;
        for (unsigned i = 0; i < 3; i++) {
            const char *part = pairs[next_random(&random) % COUNT(pairs)].source;
            length += (size_t)snprintf(text + length, sizeof text - length, "%s\n", part);
        }
        for (u64 changes = next_random(&random) % 6; changes > 0 && length > 12; changes--)
            length = mutate(text, length, sizeof text, &random);
        if (assemble(&isa, text, length, "x.s", BASE, &program, message, sizeof message)) {
            good++;
            ck_assert_ptr_nonnull(program.bytes);
        } else {
            bad++;
            ck_assert_msg(!strncmp(message, "x.s:", 4), "'%s'", message);
        }
        assembled_free(&program);
    }
    ck_assert_uint_gt(good, 200); /* else it never gets far */
    ck_assert_uint_gt(bad, 200);
}
END_TEST

int main(void)
{
    const TTest *const short_for[] = {a_statement_is_what_it_is_short_for};
    const TTest *const lines[] = {every_pseudo_instruction_stands_for_something_that_exists};
    const TTest *const once[] = {sections_lie_behind_text_and_start_is_the_entry};
    const TTest *const wrong[] = {a_mistake_is_told_with_its_line};
    const TTest *const twice[] = {no_source_makes_it_stumble};
    int failed = SUITE_RUN("assemble: pairs", short_for, (int)COUNT(pairs));

    failed |= SUITE_RUN("assemble: pseudo-instructions", lines, (int)COUNT(pseudos));
    failed |= SUITE_RUN("assemble: programs", once, 1);
    failed |= SUITE_RUN("assemble: mistakes", wrong, (int)COUNT(mistakes));
    return SUITE_RUN("assemble: changed by chance", twice, 2) || failed;
}
