/* How a row of isa.def becomes a handler of the fast engine (cpu/exec.c), and several of them one:
 * the row's meaning, with the words of words_fast.h, between reading operands and jumping on. What
 * leaves goes to a door of exec.c: door_budget, door_enter, door_plain, door_done. */
#ifndef CPU_HANDLER_H
#define CPU_HANDLER_H

#include "cpu/engine.h"
#include "cpu/fuse.h"
#include "cpu/words_fast.h"

#define HANDLER(name) static struct op *name(struct op *op, struct hart *hart, i64 budget, u64 word)

/* A straight run is charged as a whole when it is entered. A run that no longer fits into the
 * budget is not entered. */
#define ENTER(to)                                                                                  \
    do {                                                                                           \
        struct op *to_ = (to);                                                                     \
        budget -= to_->rest;                                                                       \
        if (unlikely(budget < 0))                                                                  \
            DISPATCH(door_budget, to_, budget + (i64)to_->rest, 0);                                \
        DISPATCH(to_->run, to_, budget, to_->word);                                                \
    } while (0)

/* Where a handler goes when its row is done. A branch within the page is an addition to op; imm is
 * prepared for that (cpu/fill.c). Leaving a run early gives back what it charged for the rest. */
enum flow { FLOW_ON, FLOW_BRANCH, FLOW_FAR };

/* A row at work, in the locals that words_fast.h names. facts (cpu/fuse.h) tell what of the
 * instruction before may be used: made, what it wrote; base, its rs1; page, where its access went.
 */
#define WORK(operands, need, length, facts, branch, on_miss, ...)                                  \
    ix rd = 0;                                                                                     \
    u64 frd = 0;                                                                                   \
    vaddr to = 0;                                                                                  \
    enum flow flow = FLOW_ON;                                                                      \
    const ux source1 = (ux)((facts)&FUSE_SOURCE_1 ? made                                           \
                            : (facts)&FUSE_NEAR   ? base                                           \
                                                  : hart->x[rs1_number]);                            \
    const ux source2 = (ux)((facts)&FUSE_SOURCE_2 ? made : hart->x[rs2_number]);                   \
    const u64 float1 = (facts)&FUSE_SOURCE_1 ? made : hart->f[rs1_number];                         \
    const u64 float2 = (facts)&FUSE_SOURCE_2 ? made : hart->f[rs2_number];                         \
    const enum rounding rounding = WRITES_RD(operands) ? ROUND_RTZ : ROUND_RNE; /* cpu/fill.c */   \
    enum { LENGTH = length, NEAR = (facts)&FUSE_NEAR };                                            \
    base = source1;                                                                                \
    handler *const missed = on_miss;                                                               \
    (void)missed, (void)rounding, (void)source1, (void)source2, (void)float1, (void)float2;        \
                                                                                                   \
    if (IS_FLOAT(need) && unlikely(!hart->fp_fast))                                                \
        DOOR();                                                                                    \
    __VA_ARGS__;                                                                                   \
    if (WRITES_RD(operands) && !((facts)&FUSE_NO_RD))                                              \
        made = hart->x[rd_number] = (u64)(i64)rd;                                                  \
    if (WRITES_FRD(operands))                                                                      \
        made = hart->f[rd_number] = frd;                                                           \
    if (flow == FLOW_BRANCH)                                                                       \
        branch;                                                                                    \
    if (flow == FLOW_FAR)                                                                          \
        GO_FAR(to);

#define BODY(operands, need, length, branch, on_miss, ...)                                         \
    {                                                                                              \
        u64 made = 0;                                                                              \
        ux base = 0;                                                                               \
        struct tlb_entry page = {0, 0};                                                            \
        const u8 rd_number = RD_OF(word), rs1_number = RS1_OF(word), rs2_number = RS2_OF(word);    \
        const i64 imm = IMM_OF(word);                                                              \
        (void)rd_number, (void)rs1_number, (void)rs2_number, (void)imm;                            \
        WORK(operands, need, length, 0, branch, on_miss, __VA_ARGS__)                              \
        (void)made, (void)base, (void)page;                                                        \
        DISPATCH(op[length / 2].run, op + length / 2, budget, op[length / 2].word);                \
    }

/* An instruction of a fused sequence (cpu/fuse.h). Until its last, each has its own op and word, so
 * that one that must leave does it as if it stood alone. */
#define PART(operands, need, length, facts, branch, on_miss, ...)                                  \
    {                                                                                              \
        const u8 rd_number = op->rd, rs1_number = op->rs1, rs2_number = op->rs2;                   \
        const i64 imm = op->imm;                                                                   \
        (void)rd_number, (void)rs1_number, (void)rs2_number, (void)imm;                            \
        WORK(operands, need, length, facts, branch, on_miss, __VA_ARGS__)                          \
        op += length / 2;                                                                          \
        word = op->word;                                                                           \
    }
#define FUSED(name, ...)                                                                           \
    HANDLER(name)                                                                                  \
    {                                                                                              \
        struct op *const head = op;                                                                \
        u64 made = 0;                                                                              \
        ux base = 0;                                                                               \
        struct tlb_entry page = {0, 0};                                                            \
        goto again; /* a label that nobody uses would be a warning */                              \
    again:                                                                                         \
        __VA_ARGS__;                                                                               \
        (void)head, (void)made, (void)base, (void)page;                                            \
        DISPATCH(op->run, op, budget, word);                                                       \
    }

/* The branch's target lies in this page, or it does not. */
#define GO_NEAR()                                                                                  \
    do {                                                                                           \
        budget += (i64)op->rest - 1;                                                               \
        ENTER((struct op *)((char *)op + imm));                                                    \
    } while (0)
/* The same at the end of a sequence: a loop that is one sequence goes round in its own handler. */
#define GO_ROUND()                                                                                 \
    do {                                                                                           \
        struct op *to_ = (struct op *)((char *)op + imm);                                          \
        budget += (i64)op->rest - 1 - (i64)to_->rest;                                              \
        if (unlikely(budget < 0))                                                                  \
            DISPATCH(door_budget, to_, budget + (i64)to_->rest, 0);                                \
        word = to_->word;                                                                          \
        op = to_;                                                                                  \
        if (to_ == head)                                                                           \
            goto again;                                                                            \
        DISPATCH(to_->run, to_, budget, word);                                                     \
    } while (0)
#define GO_FAR(target)                                                                             \
    do {                                                                                           \
        vaddr far_ = (target);                                                                     \
        const struct code_entry *entry_ = tlb_code(hart->fetch, far_);                             \
        budget += (i64)op->rest - 1;                                                               \
        if (unlikely(entry_->tag != (far_ & ~PAGE_MASK)))                                          \
            DISPATCH(door_enter, op, budget, far_);                                                \
        hart->pc_bias = (far_ & ~PAGE_MASK) - ((u64)(uintptr_t)entry_->ops >> 3);                  \
        ENTER(entry_->ops + ((far_ & PAGE_MASK) >> 1));                                            \
    } while (0)

/* A SYSTEM row: it stands alone in its run, sees the hart as the plain engine would show it, and
 * may leave anything changed. The plain engine takes the traps that show the instruction's bits. */
#define ALONE(operands, format, ...)                                                               \
    {                                                                                              \
        const u8 rd_number = RD_OF(word), rs1_number = RS1_OF(word), rs2_number = RS2_OF(word);    \
        const i64 imm = IMM_OF(word);                                                              \
        const ux source1 = (ux)hart->x[rs1_number], source2 = (ux)hart->x[rs2_number];             \
        const u64 forgotten = hart->forgotten;                                                     \
        const enum { GO_ON, GO_BY_PC } after = FORMAT_##format == FORMAT_NONE ? GO_BY_PC : GO_ON;  \
        ix rd = 0;                                                                                 \
        (void)rd_number, (void)rs1_number, (void)rs2_number, (void)imm;                            \
        (void)source1, (void)source2;                                                              \
                                                                                                   \
        hart->pc = PC;                                                                             \
        hart->next_pc = (ux)(PC + 4);                                                              \
        hart->budget = budget;                                                                     \
        if (unlikely(budget <= 0))                                                                 \
            return NULL;                                                                           \
        __VA_ARGS__;                                                                               \
        if (WRITES_RD(operands))                                                                   \
            hart->x[rd_number] = (u64)(i64)rd;                                                     \
        if (after != GO_ON || unlikely(hart->forgotten != forgotten)) {                            \
            hart->pc = hart->next_pc;                                                              \
            DISPATCH(door_done, op, budget, word);                                                 \
        }                                                                                          \
        budget = --hart->budget;                                                                   \
        if (unlikely(budget <= 0 || hart->events)) {                                               \
            hart->pc = hart->next_pc;                                                              \
            return NULL;                                                                           \
        }                                                                                          \
        ENTER(op + 2);                                                                             \
    trapped:                                                                                       \
        __attribute__((unused));                                                                   \
        if (hart->cause == CAUSE_ILLEGAL)                                                          \
            DISPATCH(door_plain, op, budget, word);                                                \
        trap_take_exception(hart);                                                                 \
        DISPATCH(door_done, op, budget, word);                                                     \
    }

#endif
