/* Filling the fast engine's ops: a straight run is decoded ahead, from a slot that was never run to
 * the jump, the SYSTEM row, the page's end or the known run that follows. Decoding ahead is
 * harmless: it only reads the page. */
#include "cpu/engine.h"
#include "cpu/mmu.h"

#include <string.h>

#define LONGEST_RUN 255 /* what rest can hold */

struct shadow *exec_shadow(struct hart *hart, vaddr pc)
{
    struct fetch_entry *entry = &hart->fetch->fetch[tlb_index(pc)];
    struct ram *ram = hart->bus->ram;
    struct shadow *shadow;
    const u8 *host_page;
    bool recycled;

    if (entry->tag != (pc & ~PAGE_MASK) && !mmu_fill(hart, pc, ACCESS_FETCH))
        return NULL;
    host_page = (const u8 *)(uintptr_t)((pc & ~PAGE_MASK) + entry->to_host);
    shadow = code_page(hart->code, ram->base + (u64)(host_page - ram->bytes), &recycled);
    if (recycled)
        for (unsigned i = 0; i < TLB_MODES; i++)
            tlb_drop_ops(&hart->tlb[i]);
    return shadow;
}

/* The host's FPU rounds to nearest, ties to even, and truncates; other modes are the plain
 * engine's. */
static bool host_rounds(const struct row_info *row, const struct insn *insn)
{
    if (!ROUNDS(row->format))
        return true;
    return WRITES_RD(row->operands) ? insn->rm == 1 : insn->rm == 0 || insn->rm == 7;
}

static bool is_relative(const struct row_info *row)
{
    return row->format == FORMAT_B || row->format == FORMAT_J;
}

/* Translates a decoded instruction into an op, all but its rest. False: the plain engine must do
 * it. */
static bool translate_op(const struct hart *hart, const struct insn *insn, unsigned slot,
                         struct op *op)
{
    unsigned row_count, by_length = insn->length == 4;
    const struct row_info *row = isa_rows(&row_count) + insn->row;
    const struct handlers *handlers = hart->xlen == 32 ? &exec_handlers_rv32 : &exec_handlers_rv64;

    if (insn->row == ROW_illegal || row->kind == KIND_SYSTEM || !host_rounds(row, insn))
        return false;
    op->word = 0;
    op->rd = WRITES_RD(row->operands) && insn->rd == 0 ? 32 : insn->rd;
    op->rs1 = insn->rs1;
    op->rs2 = insn->rs2;
    op->imm = row->format == FORMAT_R4 ? insn->rs3 : insn->imm;
    op->run = handlers->near_handlers[insn->row][by_length];
    if (is_relative(row)) {
        i64 target = (i64)slot + insn->imm / 2;
        if ((u64)(i64)insn->imm & hart->pc_misaligned)
            return false;
        if (target >= 0 && target < PAGE_OPS)
            op->imm = insn->imm / 2 * (i32)sizeof(struct op);
        else
            op->run = handlers->far_handlers[insn->row][by_length];
    }
    return true;
}

/* The op at this slot becomes one that the plain engine does: a run ends before it. */
static void make_plain(const struct hart *hart, struct op *op)
{
    op->run = hart->xlen == 32 ? exec_handlers_rv32.plain : exec_handlers_rv64.plain;
    op->word = 0;
}

/* Decodes the instruction at the slot. Returns its length in slots, or 0 when the run ends with it.
 */
static unsigned fill_slot(struct hart *hart, struct shadow *shadow, unsigned slot)
{
    struct op *op = &shadow->op[slot];
    unsigned row_count;
    struct insn insn;
    u16 half;
    u32 bits;

    code_filled(hart->code, shadow);
    memcpy(&half, shadow->bytes + 2 * slot, 2);
    bits = half;
    if (is_wide(half)) {
        if (slot == PAGE_OPS - 1) { /* its second half depends on the next page's mapping */
            make_plain(hart, op);
            return 0;
        }
        memcpy(&bits, shadow->bytes + 2 * slot, 4);
    }
    insn = decode(hart->decoder, bits);
    if (!translate_op(hart, &insn, slot, op)) {
        make_plain(hart, op);
        return 0;
    }
    return isa_rows(&row_count)[insn.row].kind == KIND_FLOW ? 0 : insn.length / 2;
}

void exec_fill(struct hart *hart, struct op *first, vaddr pc)
{
    unsigned slot = (unsigned)(pc & PAGE_MASK) >> 1, count = 0, rest = 0;
    struct shadow *shadow = (struct shadow *)(void *)(first - slot);
    handler *empty = hart->code->empty;
    u16 run[LONGEST_RUN];

    while (count < LONGEST_RUN && slot < PAGE_OPS && shadow->op[slot].run == empty) {
        unsigned length = fill_slot(hart, shadow, slot);
        run[count++] = (u16)slot;
        slot += length;
        if (length == 0)
            break;
    }
    if (count == LONGEST_RUN && slot < PAGE_OPS && shadow->op[slot].run == empty)
        make_plain(hart, &shadow->op[run[count - 1]]); /* what follows charges for itself */
    if (slot < PAGE_OPS && count && slot != run[count - 1])
        rest = shadow->op[slot].rest; /* it goes on into a run that is known */
    for (unsigned i = count; i-- > 0;) {
        struct op *op = &shadow->op[run[i]];
        bool is_plain = op->run == exec_handlers_rv32.plain || op->run == exec_handlers_rv64.plain;
        if (!is_plain && rest == LONGEST_RUN) {
            make_plain(hart,
                       op); /* too long for rest to count: cut by one instruction done plainly */
            is_plain = true;
        }
        rest = is_plain ? 0 : rest + 1;
        op->rest = (u8)rest;
    }
}
