/* Fuzzer: any words decoded and written as text. The first byte is the register width, the next
 * eight are the extensions that are on. */
#include "cpu/disasm.h"

#include "tests/fuzz/fuzz.h"

static void check_row(const struct insn *insn, u32 bits)
{
    const struct row_info *rows, *row;
    unsigned count;
    u32 mask, match;

    rows = isa_rows(&count);
    fuzz_check(insn->length == (is_wide((u16)bits) ? 4 : 2), "a wrong length");
    fuzz_check(insn->row <= ROW_COUNT, "there is no such row");
    if (insn->row == ROW_illegal)
        return;
    fuzz_check(insn->spelling < count, "there is no such spelling");
    row = &rows[insn->spelling];
    row_bits(row, &mask, &match);
    fuzz_check((insn->bits & mask) == match, "the row's bits are not the word's");
    fuzz_check(row->row == insn->row && row->length == insn->length, "the spelling is another's");
    fuzz_check(insn->rd < 32 && insn->rs1 < 32 && insn->rs2 < 32 && insn->rs3 < 32,
               "there is no such register");
}

static void check_text(const struct decoder *decoder, const struct insn *insn, vaddr pc)
{
    char text[DISASM_SIZE], cut[8];

    for (int style = DISASM_ABI; style <= DISASM_NUMERIC; style++) {
        disasm(decoder, insn, pc, (enum disasm_style)style, text, sizeof text);
        fuzz_check(text[0] && memchr(text, 0, sizeof text), "a line without words or end");
        fuzz_check(strlen(text) + 1 < sizeof text, "a line fills all of its room: is it cut?");
        disasm(decoder, insn, pc, (enum disasm_style)style, cut, sizeof cut);
        fuzz_check(!strncmp(text, cut, sizeof cut - 1) && memchr(cut, 0, sizeof cut),
                   "a line is not cut where it should be");
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct decoder *decoder = malloc(sizeof *decoder);
    struct isa isa = {.xlen = fuzz_take(&fuzz, 1) & 1 ? 32 : 64};

    fuzz_check(decoder != NULL, "no memory");
    isa.extensions = fuzz_take(&fuzz, 8) | 1u << EXT_I;
    isa.extensions &= ((u64)1 << EXT_COUNT) - 1;
    decoder_init(decoder, &isa);
    for (vaddr pc = 0; fuzz.left; pc += 0x7fffffffffff) {
        u32 bits = (u32)fuzz_take(&fuzz, 4);
        struct insn insn = decode(decoder, bits), again = decode(decoder, bits);
        fuzz_check(insn.row == again.row && insn.bits == again.bits && insn.imm == again.imm &&
                       insn.rd == again.rd && insn.rs1 == again.rs1 && insn.rs2 == again.rs2,
                   "the memo remembers something else");
        check_row(&insn, bits);
        check_text(decoder, &insn, pc);
    }
    free(decoder);
    return 0;
}
