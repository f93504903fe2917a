/* The view `explain`: instructions from the rows of isa.def and rvc.def, control registers from
 * csr.def and csr_fields.def, devices from their register tables, places from the symbols. Nothing
 * here knows an instruction or a register by itself. */
#include "frontend/view_explain.h"

#include "cpu/csr.h"
#include "cpu/disasm.h"
#include "frontend/registers.h"
#include "frontend/view_paging.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The chapters of the unprivileged manual that are not called by the extension's name alone. */
static const char *const chapters[EXT_COUNT] = {
    [EXT_I] = "RV32I and RV64I Base Integer Instruction Sets",
    [EXT_M] = "\"M\" Extension for Integer Multiplication and Division",
    [EXT_A] = "\"A\" Extension for Atomic Instructions",
    [EXT_F] = "\"F\" Extension for Single-Precision Floating-Point",
    [EXT_D] = "\"D\" Extension for Double-Precision Floating-Point",
    [EXT_C] = "\"C\" Extension for Compressed Instructions",
    [EXT_ZICOND] = "\"Zicond\" Extension for Integer Conditional Operations",
    [EXT_ZBA] = "\"B\" Extension for Bit Manipulation",
    [EXT_ZBB] = "\"B\" Extension for Bit Manipulation",
    [EXT_ZBC] = "\"B\" Extension for Bit Manipulation",
    [EXT_ZBS] = "\"B\" Extension for Bit Manipulation",
};

static const char *chapter_of(const struct row_info *row, char text[64])
{
    enum extension extension = (enum extension)(row->need & 0xff);

    if (extension == EXT_I && row->kind == KIND_SYSTEM)
        return "Privileged Architecture: Machine-Mode and Supervisor-Mode Privileged Instructions";
    if (chapters[extension])
        return chapters[extension];
    snprintf(text, 64, "the chapter of \"%c%s\"", toupper(*extension_name(extension)),
             extension_name(extension) + 1);
    return text;
}

/* The word's bits, cut as the row's are. */
static void print_bits(const struct view *view, const struct row_info *row, u32 bits)
{
    unsigned left = row->length * 8u;

    fputs("  bits     ", view->out);
    for (const char *c = row->bits; *c; c++)
        fputc(*c == ' ' ? ' ' : '0' + (int)(bits >> --left & 1), view->out);
    fprintf(view->out, "\n  row      %s   (a dot belongs to an operand)\n", row->bits);
}

/* One word of the print template, if it is a register or a number. */
static bool print_operand(const struct view *view, const struct insn *insn, const char *word,
                          size_t length, const char *before)
{
    const struct {
        const char *name;
        unsigned number;
    } registers[] = {{"rd", insn->rd}, {"rs1", insn->rs1}, {"rs2", insn->rs2}, {"rs3", insn->rs3}};
    bool is_float = *word == 'f' && length > 2;

    for (unsigned i = 0; i < 4; i++) {
        if (length - is_float != strlen(registers[i].name) ||
            strncmp(word + is_float, registers[i].name, length - is_float))
            continue;
        fprintf(view->out, "%s%.*s = %s", before, (int)length, word,
                is_float ? disasm_float_register(registers[i].number, DISASM_ABI)
                         : disasm_register(registers[i].number, DISASM_ABI));
        return true;
    }
    if ((length != 3 || strncmp(word, "imm", 3)) && (length != 5 || strncmp(word, "shamt", 5)))
        return false;
    fprintf(view->out, "%s%.*s = %" PRId32, before, (int)length, word, insn->imm);
    return true;
}

static void print_operands(const struct view *view, const struct insn *insn, const char *template)
{
    const char *before = "  operands ";

    while (*template) {
        size_t length = 0;
        while (isalnum((unsigned char)template[length]))
            length++;
        if (length && print_operand(view, insn, template, length, before))
            before = ", ";
        template += length ? length : 1;
    }
    if (*before == ',')
        fputc('\n', view->out);
}

static void explain_row(struct view *view, const struct row_info *row)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count);
    enum extension extension = (enum extension)(row->need & 0xff);
    unsigned width = row->need >> 8 & 0xff;
    char text[64];

    if (row->row < ROW_COUNT)
        fprintf(view->out, "  meaning  %s\n", rows[row->row].meaning);
    fprintf(
        view->out, "  from     %s: %s%s", extension_name(extension), extension_meaning(extension),
        isa_has(&view_hart(view)->decoder->isa, extension) ? "" : ", which this processor lacks");
    if (width)
        fprintf(view->out, "; RV%u alone", width);
    fprintf(view->out, "\n  manual   %s\n", chapter_of(row, text));
}

static void explain_word(struct view *view, u32 bits)
{
    struct insn insn = decode(view_hart(view)->decoder, bits);
    unsigned count;
    const struct row_info *row = &isa_rows(&count)[insn.spelling];
    char text[DISASM_SIZE];

    if (insn.row == ROW_illegal)
        return;
    disasm(view_hart(view)->decoder, &insn, view_hart(view)->pc, DISASM_ABI, text, sizeof text);
    fprintf(view->out, "%#0*x as an instruction: %s\n", insn.length * 2 + 2, insn.bits, text);
    print_bits(view, row, insn.bits);
    print_operands(view, &insn, row->operands);
    explain_row(view, row);
}

static bool explain_mnemonic(struct view *view, const char *name)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count);
    bool any = false;
    char dotted[64];

    for (unsigned i = 0; i < count; i++) {
        size_t length = strlen(rows[i].name);
        snprintf(dotted, sizeof dotted, "%s", rows[i].name);
        if (length > 5 && !strcmp(dotted + length - 5, "_rv32"))
            dotted[length - 5] = 0;
        for (char *c = dotted; *c; c++)
            if (*c == '_')
                *c = '.';
        if (strcmp(dotted, name))
            continue;
        any = true;
        fprintf(view->out, "%s %s\n  row      %s   (a dot belongs to an operand)\n", dotted,
                rows[i].operands, rows[i].bits);
        explain_row(view, &rows[i]);
    }
    return any;
}

static bool explain_csr(struct view *view, const char *name)
{
    static const char *const rights[] = {"U-mode", "S-mode", "nobody here", "M-mode"};
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    u64 value;

    for (unsigned i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) || !csr_peek(view_hart(view), rows[i].number, &value))
            continue;
        fprintf(view->out,
                "%s is control register %#x, for %s and above, %s; it holds %#" PRIx64 ".\n", name,
                rows[i].number, rights[rows[i].number >> 8 & 3],
                rows[i].number >> 10 == 3 ? "read-only" : "read and written", value);
        view_fields(view, rows[i].number, value);
        return true;
    }
    return false;
}

/* What the calling convention says of x0 to x31 (psABI, "Integer Register Convention"). */
static const struct {
    unsigned last;
    const char *role;
} roles[] = {
    {0, "always 0"},
    {1, "the return address; a call may change it"},
    {2, "the stack pointer; the same after a call"},
    {3, "the global pointer; nobody changes it"},
    {4, "the thread pointer; nobody changes it"},
    {7, "for what no call needs to keep: a call may change it"},
    {9, "kept: the same after a call"},
    {11, "an argument, and a result; a call may change it"},
    {17, "an argument; a call may change it"},
    {27, "kept: the same after a call"},
    {31, "for what no call needs to keep: a call may change it"},
};

static bool explain_register(struct view *view, const char *name)
{
    char place[VIEW_PLACE];
    unsigned number, role = 0;

    if (!register_find(view->machine, view->hart, name, &number) || number > 31)
        return false;
    while (roles[role].last < number)
        role++;
    u64 value = view_hart(view)->x[number];
    if (view_hart(view)->xlen == 32)
        value = (u32)value;
    fprintf(view->out, "%s is x%u, %s. It holds 0x%" PRIx64, disasm_register(number, DISASM_ABI),
            number, roles[role].role, value);
    if (*view_name(view, value, place))
        fprintf(view->out, ", %s", place);
    fputs(".\n", view->out);
    return true;
}

static bool explain_extension(struct view *view, const char *name)
{
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        enum extension extension = (enum extension)i;
        if (strcmp(extension_name(extension), name))
            continue;
        fprintf(view->out, "%s is the extension \"%s\"; this processor %s it.\n", name,
                extension_meaning(extension),
                isa_has(&view_hart(view)->decoder->isa, extension) ? "has" : "lacks");
        return true;
    }
    return false;
}

/* The register of a device that holds this address, or comes before it. */
static void explain_device(struct view *view, const struct slot *slot, paddr at)
{
    const struct reg_info *found = NULL;
    u64 offset = at - slot->base;

    for (const struct reg_info *reg = slot->type->regs; reg && reg->name; reg++)
        if (reg->offset <= offset && (!found || reg->offset >= found->offset))
            found = reg;
    fprintf(view->out, "  physical: the device %s (%s), offset %#" PRIx64, slot->type->name,
            slot->type->compatible, offset);
    if (found && offset < found->offset + found->width)
        fprintf(view->out, ": %s, %u bytes, %s: %s", found->name, found->width,
                found->access == REG_R   ? "read"
                : found->access == REG_W ? "written"
                                         : "read and written",
                found->meaning);
    else if (found)
        fprintf(view->out, ", behind %s: %s", found->name, found->meaning);
    fputs(".\n", view->out);
}

static bool explain_physical(struct view *view, paddr at)
{
    const struct board *board = view->machine->config.board;
    const char *name = view_physical(view, at);

    for (unsigned i = 0; i < board->slot_count; i++) {
        const struct slot *slot = &board->slots[i];
        if (at < slot->base || at - slot->base >= slot->size)
            continue;
        explain_device(view, slot, at);
        return true;
    }
    if (name)
        fprintf(view->out, "  physical: %s.\n", name);
    return name;
}

/* Says whether there was anything to say. */
static bool explain_address(struct view *view, u64 at)
{
    char place[VIEW_PLACE];
    struct walk walk;
    u64 offset;
    bool is_translated = debug_translate(view->machine, view->hart, at, ACCESS_LOAD, &walk);
    bool leads = is_translated && walk.step_count && walk.end != WALK_PTE_UNREADABLE &&
                 walk.end != WALK_INVALID && walk.end == WALK_OK;
    bool is_named = view->symbols && symbols_find_name(view->symbols, at, &offset);
    bool is_physical = view_physical(view, at);

    if (!leads && !is_named && !is_physical)
        return false;
    fprintf(view->out, "%#" PRIx64 " as an address:\n", at);
    if (is_named)
        fprintf(view->out, "  named: %s.\n", view_place(view, at, place));
    if (leads)
        fprintf(view->out, "  virtual: leads to %#" PRIx64 " (%s).\n", walk.pa,
                view_physical(view, walk.pa) ? view_physical(view, walk.pa) : "nothing is there");
    if (is_physical)
        explain_physical(view, at);
    return true;
}

static void explain(struct view *view, const char *what)
{
    char *end;
    u64 number = strtoull(what, &end, 0);
    vaddr at;

    if (isdigit((unsigned char)*what) && !*end) {
        struct insn insn = decode(view_hart(view)->decoder, (u32)number);
        bool is_word =
            number >> 32 == 0 && (insn.length == 4 || number >> 16 == 0) && insn.row != ROW_illegal;
        if (is_word)
            explain_word(view, (u32)number);
        if (!explain_address(view, number) && !is_word)
            view_refuse(view, "%.40s is no instruction of this processor, and nothing is there.",
                        what);
        return;
    }
    if (explain_csr(view, what) || explain_register(view, what) || explain_mnemonic(view, what) ||
        explain_extension(view, what))
        return;
    if (view->symbols && symbols_find_address(view->symbols, what, &at)) {
        explain_address(view, at);
        return;
    }
    view_refuse(view, "There is no control register, instruction, extension or symbol \"%.60s\".",
                what);
}

void view_explain(struct view *view, const char *what)
{
    FILE *out = view->out;
    struct json json = {.out = out};
    char *text = NULL;
    size_t size;

    if (!view->json) {
        explain(view, what);
        return;
    }
    view->out = open_memstream(&text, &size);
    if (view->out) {
        explain(view, what);
        fclose(view->out);
    }
    view->out = out;
    if (!view->refused) {
        json_object(&json, NULL);
        json_text(&json, "what", what);
        json_text(&json, "text", text ? text : "");
        json_end_object(&json);
        fputc('\n', out);
    }
    free(text);
}
