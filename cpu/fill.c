/* Filling the fast engine's ops: a straight run is decoded ahead, from a slot that was never run to
 * the jump, the SYSTEM row, the page's end or the known run that follows. Decoding ahead is
 * harmless: it only reads the page. */
#include "cpu/csr.h"
#include "cpu/debug.h"
#include "cpu/engine.h"
#include "cpu/fuse.h"
#include "cpu/mmu.h"

#include <string.h>

#define LONGEST_RUN 255 /* what rest can hold */

struct shadow *exec_shadow(struct hart *hart, vaddr pc)
{
    struct tlb_entry *entry = &hart->fetch->fetch[tlb_index(pc)];
    struct ram *ram = hart->bus->ram;
    struct shadow *shadow;
    const u8 *host_page;
    bool recycled;

    if (entry->tag != (pc & ~PAGE_MASK) && !mmu_fill(hart, pc, ACCESS_FETCH))
        return NULL;
    host_page = (const u8 *)(uintptr_t)((pc & ~PAGE_MASK) + entry->to_host);
    shadow = code_page(hart->code, ram->base + (u64)(host_page - ram->bytes), &recycled);
    if (recycled)
        for (unsigned i = 0; i < TLBS; i++)
            tlb_drop_ops(&hart->tlb[i]);
    if (unlikely(hart->debug != NULL) && shadow && !debug_arm(hart, shadow, pc))
        return NULL;
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

/* Translates a decoded instruction into an op, all but its rest. False: the plain engine must do
 * it. */
static bool translate_op(const struct hart *hart, const struct insn *insn, unsigned slot,
                         struct op *op)
{
    unsigned row_count, by_length = insn->length == 4;
    const struct row_info *row = isa_rows(&row_count) + insn->row;
    struct csr_place place;
    const struct handlers *handlers = hart->xlen == 32 ? &exec_handlers_rv32 : &exec_handlers_rv64;

    if (insn->row == ROW_illegal || !host_rounds(row, insn))
        return false;
    op->word = 0;
    op->rd = WRITES_RD(row->operands) && insn->rd == 0 ? 32 : insn->rd;
    op->rs1 = insn->rs1;
    op->rs2 = insn->rs2;
    op->imm = row->format == FORMAT_R4 ? insn->rs3 : insn->imm;
    op->run = handlers->near_handlers[insn->row][by_length];
    if (row->format == FORMAT_CSR && csr_place(hart, (unsigned)insn->imm, &place)) {
        op->run = handlers->stored[insn->row];
        memcpy(&op->imm, &place, sizeof place);
    }
    if (row->format == FORMAT_B || row->format == FORMAT_J) {
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

static bool ends_run(const struct insn *insn)
{
    unsigned row_count;

    return isa_rows(&row_count)[insn->row].kind == KIND_FLOW;
}

/* The instruction at the slot. False when its second half depends on the next page's mapping. */
static bool read_slot(struct hart *hart, const struct shadow *shadow, unsigned slot,
                      struct insn *insn)
{
    u16 half;
    u32 bits;

    memcpy(&half, shadow->bytes + 2 * slot, 2);
    bits = half;
    if (is_wide(half) && slot == PAGE_OPS - 1) {
        *insn = (struct insn){.row = ROW_illegal, .length = 4};
        return false;
    }
    if (is_wide(half))
        memcpy(&bits, shadow->bytes + 2 * slot, 4);
    *insn = decode(hart->decoder, bits);
    return true;
}

/* A debugger must hear of this one. */
static bool is_debugged(const struct hart *hart, const struct shadow *shadow, unsigned slot,
                        const struct insn *insn)
{
    unsigned row_count;

    return code_is_armed(shadow, slot) ||
           (insn->row != ROW_illegal && isa_rows(&row_count)[insn->row].format == FORMAT_CSR &&
            debug_wants_csr(hart, (unsigned)insn->imm));
}

/* Decodes the instruction at the slot. Returns its token, or FUSE_NONE when it stands alone: done
 * by the plain engine, or a SYSTEM row. */
static u16 fill_slot(struct hart *hart, struct shadow *shadow, unsigned slot,
                     const struct insn *before, struct insn *insn)
{
    struct op *op = &shadow->op[slot];

    code_filled(hart->code, shadow);
    if (read_slot(hart, shadow, slot, insn) &&
        !(unlikely(hart->debug != NULL) && is_debugged(hart, shadow, slot, insn)) &&
        translate_op(hart, insn, slot, op))
        return fuse_token(insn, slot, before);
    make_plain(hart, op);
    return FUSE_NONE;
}

/* Charges each op of the run for what follows it; rest is that of the op behind the last. What
 * stands alone charges for itself. */
static void charge(const struct hart *hart, struct fuse_run *run, unsigned rest)
{
    for (unsigned i = run->count; i-- > 0;) {
        if (rest == LONGEST_RUN) { /* too long for rest to count: cut */
            make_plain(hart, run->op[i]);
            run->token[i] = FUSE_NONE;
        }
        rest = run->token[i] == FUSE_NONE ? 0 : rest + 1;
        run->op[i]->rest = (u8)rest;
    }
}

/* What follows the run and was known already: the last sequences may reach into it. */
static void look_ahead(struct hart *hart, struct shadow *shadow, unsigned slot,
                       const struct insn *before, struct fuse_run *run)
{
    struct insn last = *before, insn;

    while (run->total < run->count + FUSE_LONGEST - 1 && slot < PAGE_OPS && shadow->op[slot].rest &&
           read_slot(hart, shadow, slot, &insn)) {
        run->token[run->total++] = fuse_token(&insn, slot, &last);
        if (ends_run(&insn))
            break;
        slot += insn.length / 2;
        last = insn;
    }
}

void exec_fill(struct hart *hart, struct op *first, vaddr pc)
{
    unsigned slot = (unsigned)(pc & PAGE_MASK) >> 1, rest = 0;
    struct shadow *shadow = (struct shadow *)(void *)(first - slot);
    handler *empty = hart->code->empty;
    bool goes_on = true;
    struct insn insn, before;
    struct fuse_run run;

    run.count = 0;
    while (goes_on && run.count < LONGEST_RUN && slot < PAGE_OPS && shadow->op[slot].run == empty) {
        u16 token = fill_slot(hart, shadow, slot, run.count ? &before : NULL, &insn);
        run.op[run.count] = &shadow->op[slot];
        run.token[run.count++] = token;
        goes_on = token != FUSE_NONE && !ends_run(&insn);
        slot += insn.length / 2;
        before = insn;
    }
    run.total = run.count;
    if (goes_on && slot < PAGE_OPS) {
        if (shadow->op[slot].run == empty) { /* what follows charges for itself */
            make_plain(hart, run.op[run.count - 1]);
            run.token[run.count - 1] = FUSE_NONE;
        } else {
            rest = shadow->op[slot].rest; /* it goes on into a run that is known */
            look_ahead(hart, shadow, slot, &before, &run);
        }
    }
    charge(hart, &run, rest);
    fuse_ops(hart->xlen == 32 ? exec_handlers_rv32.fused : exec_handlers_rv64.fused, &run);
}
