/* The disassembler. It knows no instruction: it walks the operand template of the row (or of the
 * compressed spelling) that the decoder found, and prints each word of it from the decoded fields.
 * Names of registers are those of "Integer Register Convention" and "Floating-point Register
 * Convention" in the psABI. Left out: pseudo-instructions. */
#include "cpu/disasm.h"

#include "cpu/csr.h"
#include "cpu/softfloat.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The text so far, and what the printers of operands need to know. */
struct line {
    char *text;
    size_t size, used; /* used < size */
    const struct insn *insn;
    vaddr pc;
    unsigned xlen;
    enum disasm_style style;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
    size_t room = line->size - line->used;
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(line->text + line->used, room, format, arguments);
    va_end(arguments);
    line->used += (size_t)length < room ? (size_t)length : room - 1;
}

const char *disasm_register(unsigned number, enum disasm_style style)
{
    static const char *const names[2][32] = {
        [DISASM_ABI] = {"zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
                        "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
                        "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"},
        [DISASM_NUMERIC] = {"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
                            "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
                            "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
                            "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31"},
    };
    return names[style][number % 32];
}

const char *disasm_float_register(unsigned number, enum disasm_style style)
{
    static const char *const names[2][32] = {
        [DISASM_ABI] = {"ft0", "ft1", "ft2",  "ft3",  "ft4", "ft5", "ft6",  "ft7",
                        "fs0", "fs1", "fa0",  "fa1",  "fa2", "fa3", "fa4",  "fa5",
                        "fa6", "fa7", "fs2",  "fs3",  "fs4", "fs5", "fs6",  "fs7",
                        "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"},
        [DISASM_NUMERIC] = {"f0",  "f1",  "f2",  "f3",  "f4",  "f5",  "f6",  "f7",
                            "f8",  "f9",  "f10", "f11", "f12", "f13", "f14", "f15",
                            "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23",
                            "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31"},
    };
    return names[style][number % 32];
}

static void put_x(struct line *line, unsigned number)
{
    put(line, "%s", disasm_register(number, line->style));
}

static void put_f(struct line *line, unsigned number)
{
    put(line, "%s", disasm_float_register(number, line->style));
}

static void put_rd(struct line *line)
{
    put_x(line, line->insn->rd);
}

static void put_rs1(struct line *line)
{
    put_x(line, line->insn->rs1);
}

static void put_rs2(struct line *line)
{
    put_x(line, line->insn->rs2);
}

static void put_sp(struct line *line)
{
    put_x(line, 2);
}

static void put_frd(struct line *line)
{
    put_f(line, line->insn->rd);
}

static void put_frs1(struct line *line)
{
    put_f(line, line->insn->rs1);
}

static void put_frs2(struct line *line)
{
    put_f(line, line->insn->rs2);
}

static void put_frs3(struct line *line)
{
    put_f(line, line->insn->rs3);
}

static void put_imm(struct line *line)
{
    put(line, "%" PRId32, line->insn->imm);
}

/* The immediate of the CSR instructions lies where rs1 lies elsewhere. */
static void put_uimm(struct line *line)
{
    put(line, "%u", line->insn->rs1);
}

/* The upper 20 bits, as lui and auipc take them. */
static void put_hi(struct line *line)
{
    put(line, "0x%" PRIx32, (u32)line->insn->imm >> 12);
}

static void put_shamt(struct line *line)
{
    put(line, "0x%" PRIx32, (u32)line->insn->imm);
}

static void put_target(struct line *line)
{
    u64 target = line->pc + (u64)(i64)line->insn->imm;

    put(line, "0x%" PRIx64, line->xlen == 32 ? (u32)target : target);
}

static void put_csr(struct line *line)
{
    unsigned count, number = (unsigned)line->insn->imm;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++) {
        if (rows[i].number == number) {
            put(line, "%s", rows[i].name);
            return;
        }
    }
    put(line, "0x%x", number);
}

/* The sets of a fence: device input and output, memory reads and writes. */
static void put_fence_set(struct line *line, unsigned set)
{
    if (set == 0)
        put(line, "0");
    for (unsigned i = 0; i < 4; i++)
        if (set & 8u >> i)
            put(line, "%c", "iorw"[i]);
}

static void put_pred(struct line *line)
{
    put_fence_set(line, (unsigned)line->insn->imm >> 4 & 15);
}

static void put_succ(struct line *line)
{
    put_fence_set(line, (unsigned)line->insn->imm & 15);
}

/* Modes 5 and 6 are illegal, 7 is dynamic. */
static const char *const rounding_modes[8] = {"rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn"};

/* Nothing for the dynamic rounding mode: the assembler takes it for granted. */
static void put_rm(struct line *line)
{
    if (line->insn->rm != 7)
        put(line, "%s", rounding_modes[line->insn->rm]);
}

/* A conversion that is always exact has a rounding mode all the same; the assembler takes the first
 * for granted. */
static void put_exact(struct line *line)
{
    if (line->insn->rm)
        put(line, "%s", rounding_modes[line->insn->rm]);
}

/* What fcvtmod.w.d has instead of a choice. */
static void put_rtz(struct line *line)
{
    put(line, "rtz");
}

/* The number that fli loads; what depends on its format has a name. */
static void put_constant(struct line *line)
{
    static const char *const names[32] = {[1] = "min", [30] = "inf", [31] = "nan"};
    unsigned index = line->insn->rs1;
    u64 bits = soft_constant(&float64, index);
    double value;

    memcpy(&value, &bits, sizeof value);
    if (names[index])
        put(line, "%s", names[index]);
    else
        put(line, value == (int)value ? "%.1f" : "%.12g", value);
}

/* The words of the templates. */
static const struct {
    const char *name;
    void (*print)(struct line *line);
} operands[] = {
    {"rd", put_rd},         {"rs1", put_rs1},     {"rs2", put_rs2},   {"sp", put_sp},
    {"frd", put_frd},       {"frs1", put_frs1},   {"frs2", put_frs2}, {"frs3", put_frs3},
    {"imm", put_imm},       {"uimm", put_uimm},   {"hi", put_hi},     {"shamt", put_shamt},
    {"target", put_target}, {"csr", put_csr},     {"pred", put_pred}, {"succ", put_succ},
    {"rm", put_rm},         {"exact", put_exact}, {"rtz", put_rtz},   {"constant", put_constant},
};

static void put_operand(struct line *line, const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof operands / sizeof operands[0]; i++) {
        if (strlen(operands[i].name) == length && !strncmp(operands[i].name, word, length)) {
            operands[i].print(line);
            return;
        }
    }
    put(line, "?%.*s", (int)length, word); /* a template with a mistake; the tests look for it */
}

static void put_operands(struct line *line, const char *template)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    while (*template) {
        size_t between = strcspn(template, letters);
        size_t word = strspn(template + between, letters);
        size_t start = line->used, before;
        put(line, "%.*s", (int)between, template);
        before = line->used;
        if (word)
            put_operand(line, template + between, word);
        if (word && line->used == before && before + 1 < line->size) {
            /* Not shown, though there was room: then neither is its comma. */
            line->used = start;
            line->text[start] = '\0';
        }
        template += between + word;
    }
}

/* The mnemonic: "amoadd_w" is "amoadd.w", or "amoadd.w.aqrl"; "rev8_rv32" is "rev8". */
static void put_name(struct line *line, const struct row_info *row)
{
    static const char *const orders[4] = {"", ".rl", ".aq", ".aqrl"};
    size_t length = strlen(row->name);

    if (length > 5 && !strcmp(row->name + length - 5, "_rv32"))
        length -= 5;
    for (size_t i = 0; i < length; i++)
        put(line, "%c", row->name[i] == '_' ? '.' : row->name[i]);
    if (row->format == FORMAT_AMO)
        put(line, "%s", orders[line->insn->rm & 3]);
    if (row->format == FORMAT_MOP_R || row->format == FORMAT_MOP_RR)
        put(line, ".%d", line->insn->imm);
    if (row->format == FORMAT_C_MOP) /* its number is where rd would be */
        put(line, ".%d", (int)(line->insn->bits >> 7 & 31));
}

char *disasm(const struct decoder *decoder, const struct insn *insn, vaddr pc,
             enum disasm_style style, char *text, size_t size)
{
    struct line line = {text, size, 0, insn, pc, decoder->isa.xlen, style};
    unsigned count;
    const struct row_info *row = &isa_rows(&count)[insn->spelling];

    if (insn->row == ROW_illegal) {
        put(&line, insn->length == 2 ? ".2byte 0x%04" PRIx32 : ".4byte 0x%08" PRIx32, insn->bits);
        return text;
    }
    put_name(&line, row);
    if (row->operands[0])
        put(&line, " ");
    put_operands(&line, row->operands);
    return text;
}
