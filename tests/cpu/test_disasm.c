/* Instructions as text: one word of every format, with its extreme immediates. The texts are what
 * the GNU assembler reads, and it made the words. tests/isa compares a million more. */
#include "cpu/disasm.h"

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

static void check(const char *isa, u32 word, vaddr pc, enum disasm_style style,
                  const char *expected)
{
    struct decoder *decoder = decoder_create(isa);
    struct insn insn = decode(decoder, word);
    char text[DISASM_SIZE];

    ck_assert_ptr_eq(disasm(decoder, &insn, pc, style, text, sizeof text), text);
    ck_assert_msg(!strcmp(text, expected), "%08x at %llx: '%s' instead of '%s'", word,
                  (unsigned long long)pc, text, expected);
    free(decoder);
}

static const struct {
    u32 word;
    const char *text;
} words[] = {
    {0x757d, "c.lui a0, 0xfffff"},
    {0x12345d97, "auipc s11, 0x12345"},
    {0x80018fe7, "jalr t6, -2048(gp)"},
    {0x7ff12783, "lw a5, 2047(sp)"},
    {0xfff44203, "lbu tp, -1(s0)"},
    {0x8093b023, "sd s1, -2048(t2)"},
    {0x7e008fa3, "sb zero, 2047(ra)"},
    {0xff010513, "addi a0, sp, -16"},
    {0xfff5b513, "sltiu a0, a1, -1"},
    {0x43f8d813, "srai a6, a7, 0x3f"},
    {0x01f8981b, "slliw a6, a7, 0x1f"},
    {0x01498933, "add s2, s3, s4"},
    {0x0310000f, "fence rw, w"},
    {0x0ff0000f, "fence iorw, iorw"},
    {0x8330000f, "fence.tso"},
    {0x0000100f, "fence.i"},
    {0x0100000f, "pause"},
    {0x00000073, "ecall"},
    {0x9002, "c.ebreak"},
    {0x30200073, "mret"},
    {0x10500073, "wfi"},
    {0x12b50073, "sfence.vma a0, a1"},
    {0x300312f3, "csrrw t0, mstatus, t1"},
    {0x7c0ff2f3, "csrrci t0, 0x7c0, 31"},
    {0xc0002073, "csrrs zero, cycle, zero"},
    {0x03eeae33, "mulhsu t3, t4, t5"},
    {0x1005a52f, "lr.w a0, (a1)"},
    {0x1605b52f, "lr.d.aqrl a0, (a1)"},
    {0x1ac5a52f, "sc.w.rl a0, a2, (a1)"},
    {0xe56bbaaf, "amomaxu.d.aq s5, s6, (s7)"},
    {0x019d2c2f, "amoadd.w s8, s9, (s10)"},
    {0xffc52007, "flw ft0, -4(a0)"},
    {0xa422, "c.fsdsp fs0, 8(sp)"},
    {0x68c5f543, "fmadd.s fa0, fa1, fa2, fa3"},
    {0xfbee9e4b, "fnmsub.d ft8, ft9, ft10, ft11, rtz"},
    {0x0349c953, "fadd.d fs2, fs3, fs4, rmm"},
    {0x5807f753, "fsqrt.s fa4, fa5"},
    {0xd2088853, "fcvt.d.w fa6, a7"},
    {0x42088853, "fcvt.d.s fa6, fa7"},
    {0xc2051553, "fcvt.w.d a0, fa0, rtz"},
    {0xd034b4d3, "fcvt.s.lu fs1, s1, rup"},
    {0xa3bd2553, "feq.d a0, fs10, fs11"},
    {0xe0009553, "fclass.s a0, ft1"},
    {0xe20a8553, "fmv.x.d a0, fs5"},
    {0x238b9b53, "fsgnjn.d fs6, fs7, fs8"},
    {0x20c5e53b, "sh3add.uw a0, a1, a2"},
    {0x0bf5951b, "slli.uw a0, a1, 0x3f"},
    {0x0805c53b, "zext.h a0, a1"},
    {0x6b85d513, "rev8 a0, a1"},
    {0x2875d513, "orc.b a0, a1"},
    {0x6115d513, "rori a0, a1, 0x11"},
    {0x4a15d513, "bexti a0, a1, 0x21"},
    {0x0045200f, "cbo.zero (a0)"},
    {0x0002a00f, "cbo.inval (t0)"},
    {0x80356013, "prefetch.w -2048(a0)"},
    {0x7e046013, "prefetch.i 2016(s0)"},
    {0x0001, "c.nop"},
    {0x1501, "c.addi a0, -32"},
    {0x1fe8, "c.addi4spn a0, sp, 1020"},
    {0x7101, "c.addi16sp sp, -512"},
    {0x7585, "c.lui a1, 0xfffe1"},
    {0x42fd, "c.li t0, 31"},
    {0x2401, "c.addiw s0, 0"},
    {0x907d, "c.srli s0, 0x3f"},
    {0x9bfd, "c.andi a5, -1"},
    {0x9c89, "c.subw s1, a0"},
    {0x8dfe, "c.mv s11, t6"},
    {0x908a, "c.add ra, sp"},
    {0x8082, "c.jr ra"},
    {0x9302, "c.jalr t1"},
    {0x9002, "c.ebreak"},
    {0x53fe, "c.lwsp t2, 252(sp)"},
    {0x73fe, "c.ldsp t2, 504(sp)"},
    {0xdf9e, "c.swsp t2, 252(sp)"},
    {0xff9e, "c.sdsp t2, 504(sp)"},
    {0x307e, "c.fldsp ft0, 504(sp)"},
    {0xa06e, "c.fsdsp fs11, 0(sp)"},
    {0x5fe0, "c.lw s0, 124(a5)"},
    {0x7de8, "c.ld a0, 248(a1)"},
    {0xc044, "c.sw s1, 4(s0)"},
    {0xe3b8, "c.sd a4, 64(a5)"},
    {0x249c, "c.fld fa5, 8(s1)"},
    {0xa100, "c.fsd fs0, 0(a0)"},
    {0x1486, "c.slli s1, 0x21"},
    {0xffe51007, "flh ft0, -2(a0)"},
    {0x04c5f553, "fadd.h fa0, fa1, fa2"},
    {0x40258553, "fcvt.s.h fa0, fa1"},
    /* what the assembler of Debian 12 does not know */
    {0xf0100553, "fli.s fa0, -1.0"},
    {0xf2108553, "fli.d fa0, min"},
    {0xf4110553, "fli.h fa0, 1.52587890625e-05"},
    {0xf01f8553, "fli.s fa0, nan"},
    {0x4045c553, "fround.s fa0, fa1, rmm"},
    {0xc2859553, "fcvtmod.w.d a0, fa1, rtz"},
    {0x0ec5d533, "czero.eqz a0, a1, a2"},
    {0x0ec5f533, "czero.nez a0, a1, a2"},
    {0xd2089853, "fcvt.d.w fa6, a7, rtz"},
    {0xd208f853, "fcvt.d.w fa6, a7, dyn"},
    {0x0000000f, "fence 0, 0"},
    {0x0080000f, "fence 0, i"},
    {0x0001, "c.nop"},
    {0x107d, "c.nop -1"},
};

START_TEST(words_are_written_as_the_assembler_reads_them)
{
    for (size_t i = 0; i < COUNT(words); i++)
        check("max", words[i].word, 0x80000000, DISASM_ABI, words[i].text);
}
END_TEST

START_TEST(targets_are_absolute_addresses)
{
    static const struct {
        const char *isa;
        u32 word;
        vaddr pc;
        const char *text;
    } jumps[] = {
        {"max", 0x7ffff0ef, 0x80000000, "jal ra, 0x800ffffe"},
        {"max", 0x8000006f, 0x80000000, "jal zero, 0x7ff00000"},
        {"max", 0x8000006f, 0, "jal zero, 0xfffffffffff00000"},
        {"max", 0x7eb50fe3, 0x80000000, "beq a0, a1, 0x80000ffe"},
        {"max", 0x8002f063, 0xffffffff80001000, "bgeu t0, zero, 0xffffffff80000000"},
        {"max", 0xd001, 0x80000100, "c.beqz s0, 0x80000000"},
        {"max", 0xeffd, 0x80000000, "c.bnez a5, 0x800000fe"},
        {"max", 0xb001, 0x80000800, "c.j 0x80000000"},
        {"max", 0x7ffff0ef, 0xfffffffffffffffe, "jal ra, 0xffffc"},
        /* RV32 addresses wrap at 2^32; a pc kept sign-extended does not show */
        {"max32", 0x7ffff0ef, 0xfffffffe, "jal ra, 0xffffc"},
        {"max32", 0x8000006f, 0, "jal zero, 0xfff00000"},
        {"max32", 0x7eb50fe3, 0xffffffff80000000, "beq a0, a1, 0x80000ffe"},
        {"max32", 0x3001, 0x80000800, "c.jal 0x80000000"},
    };

    for (size_t i = 0; i < COUNT(jumps); i++)
        check(jumps[i].isa, jumps[i].word, jumps[i].pc, DISASM_ABI, jumps[i].text);
}
END_TEST

START_TEST(one_word_has_two_meanings_on_two_register_widths)
{
    check("max", 0x2405, 0, DISASM_ABI, "c.addiw s0, 1");
    check("max32", 0x2405, 0, DISASM_ABI, "c.jal 0x220");
    check("max", 0x6100, 0, DISASM_ABI, "c.ld s0, 0(a0)");
    check("max32", 0x6100, 0, DISASM_ABI, "c.flw fs0, 0(a0)");
    check("max", 0x0805c53b, 0, DISASM_ABI, "zext.h a0, a1");
    check("max32", 0x0805c533, 0, DISASM_ABI, "zext.h a0, a1");
    check("max", 0x6b85d513, 0, DISASM_ABI, "rev8 a0, a1");
    check("max32", 0x6985d513, 0, DISASM_ABI, "rev8 a0, a1");
}
END_TEST

START_TEST(numeric_style_numbers_every_register)
{
    check("max", 0x01498933, 0, DISASM_NUMERIC, "add x18, x19, x20");
    check("max", 0xfbee9e4b, 0, DISASM_NUMERIC, "fnmsub.d f28, f29, f30, f31, rtz");
    check("max", 0x53fe, 0, DISASM_NUMERIC, "c.lwsp x7, 252(x2)");
    check("max", 0x1fe8, 0, DISASM_NUMERIC, "c.addi4spn x10, x2, 1020");
    check("max", 0x1605b52f, 0, DISASM_NUMERIC, "lr.d.aqrl x10, (x11)");
    check("max", 0x300312f3, 0, DISASM_NUMERIC, "csrrw x5, mstatus, x6");
}
END_TEST

START_TEST(illegal_words_are_data_of_their_length)
{
    check("max", 0x00000000, 0, DISASM_ABI, ".2byte 0x0000");
    check("max", 0xffffffff, 0, DISASM_ABI, ".4byte 0xffffffff");
    check("max", 0x12349c79, 0, DISASM_ABI, ".2byte 0x9c79"); /* the upper half is the next one's */
    check("max", 0x0000700b, 0, DISASM_ABI, ".4byte 0x0000700b");
    check("rv64i", 0x02b50533, 0, DISASM_ABI, ".4byte 0x02b50533");
    check("max32", 0x43f8d813, 0, DISASM_ABI, ".4byte 0x43f8d813");
}
END_TEST

START_TEST(a_hint_without_its_extension_is_what_else_it_is)
{
    check("max", 0x0100000f, 0, DISASM_ABI, "pause");
    check("rv64i", 0x0100000f, 0, DISASM_ABI, "fence w, 0");
    check("max", 0x7e046013, 0, DISASM_ABI, "prefetch.i 2016(s0)");
    check("rv64i", 0x7e046013, 0, DISASM_ABI, "ori zero, s0, 2016");
}
END_TEST

START_TEST(registers_have_two_names)
{
    ck_assert_str_eq(disasm_register(0, DISASM_ABI), "zero");
    ck_assert_str_eq(disasm_register(8, DISASM_ABI), "s0");
    ck_assert_str_eq(disasm_register(31, DISASM_ABI), "t6");
    ck_assert_str_eq(disasm_register(31, DISASM_NUMERIC), "x31");
    ck_assert_str_eq(disasm_float_register(0, DISASM_ABI), "ft0");
    ck_assert_str_eq(disasm_float_register(18, DISASM_ABI), "fs2");
    ck_assert_str_eq(disasm_float_register(31, DISASM_ABI), "ft11");
    ck_assert_str_eq(disasm_float_register(9, DISASM_NUMERIC), "f9");
}
END_TEST

START_TEST(text_is_cut_to_the_room_there_is)
{
    static const char whole[] = "fnmsub.d ft8, ft9, ft10, ft11, rtz";
    struct decoder *decoder = decoder_create("max");
    struct insn insn = decode(decoder, 0xfbee9e4b);

    for (size_t size = 1; size <= sizeof whole + 1; size++) {
        char text[sizeof whole + 2];
        memset(text, '#', sizeof text);
        disasm(decoder, &insn, 0, DISASM_ABI, text, size);
        ck_assert_uint_eq(strlen(text), size <= sizeof whole ? size - 1 : sizeof whole - 1);
        ck_assert_int_eq(strncmp(text, whole, size - 1), 0);
        ck_assert_int_eq(text[size], '#');
    }
    free(decoder);
}
END_TEST

/* With the longest operands there are: in every row all operand bits 1, and the same but rounding
 * mode rmm. */
START_TEST(no_line_is_longer_than_the_room_promised)
{
    struct decoder *decoder = decoder_create(_i ? "max" : "max32");
    unsigned count;
    const struct row_info *rows = isa_rows(&count);

    for (unsigned i = 0; i < 2 * count; i++) {
        u32 mask, match;
        struct insn insn;
        char text[2 * DISASM_SIZE];
        row_bits(&rows[i / 2], &mask, &match);
        insn = decode(decoder, i % 2 ? match | (~mask & ~0x3000u) : match | ~mask);
        disasm(decoder, &insn, 0x8000000000000000, DISASM_ABI, text, sizeof text);
        ck_assert_msg(strlen(text) < DISASM_SIZE && !strchr(text, '?'), "'%s'", text);
    }
    free(decoder);
}
END_TEST

int main(void)
{
    const TTest *const once[] = {words_are_written_as_the_assembler_reads_them,
                                 targets_are_absolute_addresses,
                                 one_word_has_two_meanings_on_two_register_widths,
                                 numeric_style_numbers_every_register,
                                 illegal_words_are_data_of_their_length,
                                 a_hint_without_its_extension_is_what_else_it_is,
                                 registers_have_two_names,
                                 text_is_cut_to_the_room_there_is};
    const TTest *const twice[] = {no_line_is_longer_than_the_room_promised};
    int failed = SUITE_RUN("disasm", once, 1);

    return SUITE_RUN("disasm for each register width", twice, 2) || failed;
}
