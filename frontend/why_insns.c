/* Diagnoses of `why`: illegal instructions and misaligned accesses, by what the instruction wants
 * and the mode that it was met in ("Illegal Instruction Exception", "Privilege Levels"). */
#include "frontend/why_parts.h"

#include "cpu/csr.h"
#include "frontend/walk_words.h"

#include <inttypes.h>
#include <string.h>

static bool is_illegal(const struct question *question)
{
    return question->kind == CAUSE_ILLEGAL;
}

static const struct row_info *row_of(const struct question *question)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count);

    return question->insn.row < ROW_COUNT ? &rows[question->insn.row] : NULL;
}

static bool accesses_csr(const struct question *question)
{
    const struct row_info *row = row_of(question);

    return is_illegal(question) && row && row->format == FORMAT_CSR;
}

/* The mode that a CSR's number asks for. */
static unsigned needed_mode(const struct question *question)
{
    return (unsigned)question->insn.imm >> 8 & 3;
}

static const char *csr_name(const struct question *question)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);

    for (unsigned i = 0; i < count; i++)
        if (rows[i].number == (unsigned)question->insn.imm)
            return rows[i].name;
    return NULL;
}

static bool is_float_off(const struct question *question)
{
    const struct row_info *row = row_of(question);

    if (!is_illegal(question) || question->trap->mstatus & MSTATUS_FS)
        return false;
    return (row && IS_FLOAT(row->need)) ||
           (accesses_csr(question) && question->insn.imm >= 1 && question->insn.imm <= 3);
}

static void say_float_off(const struct question *question)
{
    fputs("Floating point is off (mstatus.FS is 0): ", question->out);
    why_say_who(question, question->trap);
    fputs(" needs it; set FS to 1 (Initial) first.", question->out);
}

/* A kernel that begins with a register of its own mode, right after an mret that led lower than it
 * was meant to. */
static bool returned_too_low(const struct question *question)
{
    const struct trap_seen *trap = question->trap;
    struct trap_seen at = {.pc = question->hart->edge.returned_from, .from = PRIV_M};
    struct insn insn;

    return accesses_csr(question) && needed_mode(question) == PRIV_S && trap->from == PRIV_U &&
           question->hart->edge.returned_from && question->hart->edge.returned_to == PRIV_U &&
           why_read_insn(question, &at, CAUSE_BREAKPOINT, &insn) && insn.row == ROW_mret;
}

static void say_too_low(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(question->out, "mstatus.MPP was 0 at the mret at %s, so it returned to U-mode: there ",
            why_place(question, question->hart->edge.returned_from, place));
    why_say_who(question, question->trap);
    fputs(", which needs S-mode, is illegal; set MPP to 1 (S) before the mret.", question->out);
}

static bool wants_higher_csr(const struct question *question)
{
    return accesses_csr(question) && needed_mode(question) > question->trap->from;
}

static void say_higher_csr(const struct question *question)
{
    const char *name = csr_name(question);

    fprintf(question->out, "%s belongs to %s-mode: ", name ? name : "That control register",
            view_privilege(needed_mode(question)));
    why_say_who(question, question->trap);
    fputs(" may not access it.", question->out);
}

static void say_csr(const struct question *question)
{
    const char *name = csr_name(question);
    unsigned number = (unsigned)question->insn.imm;
    u64 ignored;

    if (!name || !csr_peek(question->hart, number, &ignored))
        fprintf(question->out, "This processor has no control register %s%s%#x: ", name ? name : "",
                name ? ", " : "", number);
    else if (number >> 10 == 3 && question->insn.rs1)
        fprintf(question->out, "%s cannot be written: ", name);
    else if (number >= 0xc00 && number < 0xca0)
        fprintf(question->out, "%s is closed to this mode by %s: ", name,
                question->trap->from == PRIV_S ? "mcounteren" : "mcounteren or scounteren");
    else
        fprintf(question->out, "%s cannot be accessed now: ", name);
    why_say_who(question, question->trap);
    fputs(" is illegal.", question->out);
}

static bool is_zero(const struct question *question)
{
    return is_illegal(question) && (question->insn.bits & 0xffff) == 0;
}

static void say_zero(const struct question *question)
{
    char place[WHY_TEXT];

    fprintf(question->out,
            "There is no code at %s, only zeroes: the program ran or jumped there in "
            "%s-mode.",
            why_place(question, question->trap->pc, place), view_privilege(question->trap->from));
}

static bool is_of_another_mode(const struct question *question)
{
    const struct row_info *row = row_of(question);

    return is_illegal(question) && row && row->kind == KIND_SYSTEM &&
           question->trap->from != PRIV_M;
}

static void say_other_mode(const struct question *question)
{
    why_say_who(question, question->trap);
    fprintf(question->out, " needs a higher mode%s.",
            question->trap->from == PRIV_S ? ", or mstatus traps it (TVM, TW, TSR)" : "");
}

/* A processor with everything would know it. */
static bool find_extension(const struct question *question, enum extension *missing)
{
    unsigned count;
    const struct row_info *rows = isa_rows(&count);
    const struct isa *isa = &question->hart->decoder->isa;

    for (unsigned i = 0; i < count; i++) {
        u32 mask, match, bits = question->insn.bits;
        row_bits(&rows[i], &mask, &match);
        if (rows[i].length == 2)
            bits &= 0xffff;
        if (rows[i].length != (is_wide((u16)bits) ? 4 : 2) || (bits & mask) != match ||
            rows[i].row == ROW_illegal || isa_has(isa, (enum extension)(rows[i].need & 0xff)))
            continue;
        *missing = (enum extension)(rows[i].need & 0xff);
        return true;
    }
    return false;
}

static bool lacks_extension(const struct question *question)
{
    enum extension missing;

    return is_illegal(question) && !row_of(question) && find_extension(question, &missing);
}

static void say_extension(const struct question *question)
{
    enum extension missing = EXT_I;

    find_extension(question, &missing);
    fprintf(question->out, "The processor lacks the extension %s (%s), to which ",
            extension_name(missing), extension_meaning(missing));
    why_say_who(question, question->trap);
    fputs(" belongs; --cpu can add it.", question->out);
}

static void say_illegal(const struct question *question)
{
    why_say_who(question, question->trap);
    fputs(" is no instruction of this processor.", question->out);
}

static bool is_misaligned(const struct question *question)
{
    return question->kind == CAUSE_MISALIGNED_FETCH || question->kind == CAUSE_MISALIGNED_LOAD ||
           question->kind == CAUSE_MISALIGNED_STORE;
}

static void say_misaligned(const struct question *question)
{
    fprintf(question->out, "The address %#" PRIx64 " is misaligned: ", question->trap->tval);
    why_say_who(question, question->trap);
    fputs(question->kind == CAUSE_MISALIGNED_FETCH
              ? " jumps to where no instruction can begin."
              : " is atomic, and that works at multiples of its size alone.",
          question->out);
}

const struct diagnosis why_insns[] = {
    {is_float_off, say_float_off},
    {returned_too_low, say_too_low},
    {wants_higher_csr, say_higher_csr},
    {accesses_csr, say_csr},
    {is_zero, say_zero},
    {lacks_extension, say_extension},
    {is_of_another_mode, say_other_mode},
    {is_illegal, say_illegal},
    {is_misaligned, say_misaligned},
    {NULL, NULL},
};
