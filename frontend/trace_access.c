/* What the tables of the instruction set say about one instruction, as a trace wants it (see
 * trace.h). Left out: the pairs of registers of amocas, and the blocks of cbo. */
#include "frontend/trace.h"

#include <string.h>

static const struct row_info *row_of(const struct insn *insn)
{
    unsigned count;

    return insn->row < ROW_COUNT ? &isa_rows(&count)[insn->row] : NULL;
}

unsigned trace_written(const struct insn *insn)
{
    const struct row_info *row = row_of(insn);

    if (row && WRITES_RD(row->operands) && insn->rd)
        return DEBUG_X + insn->rd;
    if (row && WRITES_FRD(row->operands))
        return DEBUG_F + insn->rd;
    return DEBUG_REGISTERS;
}

static enum trace_access atomic_access(const struct insn *insn)
{
    if (insn->row == ROW_lr_w || insn->row == ROW_lr_d)
        return TRACE_LOAD;
    return insn->row == ROW_sc_w || insn->row == ROW_sc_d ? TRACE_STORE : TRACE_ATOMIC;
}

u64 trace_address(const struct insn *insn, u64 base)
{
    return row_of(insn)->format == FORMAT_AMO ? base : base + (u64)(i64)insn->imm;
}

/* Loads, stores and atomics have their width in the same two bits: funct3. */
bool trace_accesses(const struct insn *insn, enum trace_access *access, u8 *size)
{
    const struct row_info *row = row_of(insn);
    u32 mask, match;

    if (!row || row->kind == KIND_FLOW)
        return false;
    if (row->format == FORMAT_S)
        *access = TRACE_STORE;
    else if (row->format == FORMAT_AMO)
        *access = atomic_access(insn);
    else if (row->format == FORMAT_I && (WRITES_RD(row->operands) || WRITES_FRD(row->operands)) &&
             strchr(row->operands, '('))
        *access = TRACE_LOAD;
    else
        return false;
    row_bits(row, &mask, &match);
    *size = (u8)(1u << (match >> 12 & (row->format == FORMAT_AMO ? 7 : 3)));
    return true;
}
