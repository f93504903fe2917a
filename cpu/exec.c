/* The fast engine. The same rows as cpu/plain.c, each a handler that ends by jumping to the next
 * one's:
 *
 *     handler(op, hart, budget, word)        the four things that live in registers
 *
 * op is a 16-byte slot in the shadow of the guest's page (cpu/code.h), word its operands in one
 * register, budget the steps left. Anything rare leaves by one of the doors below: the TLB misses,
 * an instruction the plain engine must do, the end of the budget. No handler tests for interrupts,
 * breakpoints or privilege: whatever may change what should happen next leaves this engine. The
 * tricks are numbered paragraphs in cpu/README.md. */
#include "cpu/code.h"
#include "cpu/hart.h"
#include "cpu/mmu.h"
#include "cpu/words.h"

#include "cpu/engine.h"

#include <string.h>

#define HANDLER(name) static struct op *name(struct op *op, struct hart *hart, i64 budget, u64 word)

/* A straight run is charged as a whole when it is entered. A run that no longer fits into the
 * budget is not entered. */
#define ENTER(to)                                                                                  \
    do {                                                                                           \
        struct op *to_ = (to);                                                                     \
        u64 word_ = to_->word;                                                                     \
        budget -= REST_OF(word_);                                                                  \
        if (unlikely(budget < 0))                                                                  \
            DISPATCH(door_budget, to_, budget + (i64)REST_OF(word_), word_);                       \
        DISPATCH(to_->run, to_, budget, word_);                                                    \
    } while (0)

/* The doors. Each is the tail of a handler that could not go on. */

/* The budget does not cover the run that begins here. */
static struct op *door_budget(struct op *op, struct hart *hart, i64 budget, u64 word)
{
    (void)word;
    hart->pc = PC;
    hart->budget = budget;
    return NULL;
}

/* Goes on at this address: finds the page's ops. */
static struct op *door_enter(struct op *op, struct hart *hart, i64 budget, u64 pc);

/* The plain engine does this one instruction. Its run is not charged from here on. */
static struct op *door_plain(struct op *op, struct hart *hart, i64 budget, u64 word)
{
    hart->pc = PC;
    hart->budget = budget + (i64)REST_OF(word);
    if (unlikely(hart->budget <= 0)) /* the run before this op used up the budget */
        return NULL;
    float_collect(hart);
    NAME_X(hart_step)(hart);
    if (unlikely(hart->events || hart->budget <= 0))
        return NULL;
    DISPATCH(door_enter, op, hart->budget, hart->pc);
}

static struct op *door_enter(struct op *op, struct hart *hart, i64 budget, u64 pc)
{
    struct fetch_entry *entry = &hart->fetch->fetch[tlb_index(pc)];

    if (unlikely(entry->tag != (pc & ~PAGE_MASK) || !entry->ops)) {
        if (unlikely(budget <= 0)) { /* translating would already set A */
            hart->pc = pc;
            hart->budget = budget;
            return NULL;
        }
        struct shadow *shadow = exec_shadow(hart, pc);
        if (!shadow) { /* not RAM, or it faults: the plain engine knows */
            hart->pc = pc;
            hart->budget = budget;
            NAME_X(hart_step)(hart);
            if (hart->events || hart->budget <= 0)
                return NULL;
            DISPATCH(door_enter, op, hart->budget, hart->pc);
        }
        entry->ops = shadow->op;
    }
    hart->pc_bias = (pc & ~PAGE_MASK) - ((u64)(uintptr_t)entry->ops >> 3);
    ENTER(entry->ops + ((pc & PAGE_MASK) >> 1));
}

/* A load or store that the TLB does not know: bring the page in and run the same op again. tag is
 * the address with the bits that misalign it: a misaligned access is the plain engine's. */
static struct op *door_load(struct op *op, struct hart *hart, i64 budget, u64 word, u64 tag)
{
    if (!(tag & PAGE_MASK) && mmu_fill(hart, tag, ACCESS_LOAD))
        DISPATCH_BACK(op->run, op, budget + (i64)REST_OF(word) - (i64)REST_OF(op->word), op->word);
    DISPATCH_BACK(door_plain, op, budget, word);
}

static struct op *door_store(struct op *op, struct hart *hart, i64 budget, u64 word, u64 tag)
{
    if (!(tag & PAGE_MASK) && mmu_fill(hart, tag, ACCESS_STORE))
        DISPATCH_BACK(op->run, op, budget + (i64)REST_OF(word) - (i64)REST_OF(op->word), op->word);
    DISPATCH_BACK(door_plain, op, budget, word);
}

/* A slot that was never run: decode the straight run that begins here. */
HANDLER(op_empty)
{
    (void)word;
    exec_fill(hart, op, PC);
    ENTER(op);
}

/* Past the last slot of a page. It charges nothing: the next page's run charges itself. */
HANDLER(op_page_end)
{
    (void)word;
    DISPATCH(door_enter, op, budget, PC);
}

/* The words of isa.def. */
#define RD         rd
#define RD_BEFORE  (RD_OF(word) == 32 ? (ux)0 : (ux)hart->x[RD_OF(word)]) /* 32 stands for x0 */
#define RS1        ((ux)hart->x[RS1_OF(word)])
#define RS2        ((ux)hart->x[RS2_OF(word)])
#define RS1_NUMBER RS1_OF(word)
#define IMM        ((ux)IMM_OF(word))
#define FRD        frd
#define FRS1       (hart->f[RS1_OF(word)])
#define FRS2       (hart->f[RS2_OF(word)])
#define FRS3       (hart->f[(u8)IMM_OF(word)])
#define FRS1_H     unbox_h(FRS1)
#define FRS2_H     unbox_h(FRS2)
#define FRS3_H     unbox_h(FRS3)
#define FRS1_S     unbox_s(FRS1)
#define FRS2_S     unbox_s(FRS2)
#define FRS3_S     unbox_s(FRS3)
#define ROUNDING   rounding
#define DOOR()     DISPATCH(door_plain, op, budget, word)

/* A miss leaves for the row's second handler, which also knows misaligned accesses. */
#define HIT_ALIGNED(tag, va, size, door)                                                           \
    do {                                                                                           \
        if (unlikely((tag) != tlb_tag(va, size)))                                                  \
            DISPATCH(missed, op, budget, word);                                                    \
    } while (0)
#define HIT_ANY(tag, va, size, door)                                                               \
    do {                                                                                           \
        if (!tlb_holds(tag, va, size))                                                             \
            DISPATCH_WITH(door, op, budget, word, tlb_tag(va, size));                              \
    } while (0)
#define LOAD(type, at)                                                                             \
    ({                                                                                             \
        vaddr va_ = (ux)(at);                                                                      \
        const struct tlb_entry *entry_ = &hart->data->read[tlb_index(va_)];                        \
        type loaded_;                                                                              \
        HIT(entry_->tag, va_, sizeof(type), door_load);                                            \
        memcpy(&loaded_, (const void *)(uintptr_t)(va_ + entry_->to_host), sizeof(type));          \
        loaded_;                                                                                   \
    })
#define STORE(type, at, what)                                                                      \
    do {                                                                                           \
        vaddr va_ = (ux)(at);                                                                      \
        const struct tlb_entry *entry_ = &hart->data->write[tlb_index(va_)];                       \
        type stored_ = (type)(what);                                                               \
        HIT(entry_->tag, va_, sizeof(type), door_store);                                           \
        memcpy((void *)(uintptr_t)(va_ + entry_->to_host), &stored_, sizeof(type));                \
    } while (0)
#define OLD old_
#define AMO(type, new)                                                                             \
    ({                                                                                             \
        vaddr va_ = RS1;                                                                           \
        const struct tlb_entry *entry_ = &hart->data->write[tlb_index(va_)];                       \
        if (unlikely(entry_->tag != tlb_tag(va_, sizeof(type))))                                   \
            DOOR();                                                                                \
        type *at_ = (type *)(uintptr_t)(va_ + entry_->to_host);                                    \
        type old_ = __atomic_load_n(at_, __ATOMIC_SEQ_CST);                                        \
        while (!__atomic_compare_exchange_n(at_, &old_, (new), false, __ATOMIC_SEQ_CST,            \
                                            __ATOMIC_SEQ_CST))                                     \
            continue;                                                                              \
        old_;                                                                                      \
    })
#define ATOMIC_FENCE() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#define JUMP(target)                                                                               \
    do {                                                                                           \
        to = (ux)(target);                                                                         \
        if (unlikely(to & hart->pc_misaligned))                                                    \
            DOOR();                                                                                \
        flow = FLOW_FAR;                                                                           \
    } while (0)
#define BRANCH(offset) flow = FLOW_BRANCH

/* Where a handler goes when its row is done. A branch within the page is an addition to op; imm is
 * prepared for that (cpu/fill.c). Leaving a run early gives back what it charged for the rest. */
enum flow { FLOW_ON, FLOW_BRANCH, FLOW_FAR };

#define BODY(operands, need, length, branch, on_miss, ...)                                         \
    {                                                                                              \
        ix rd = 0;                                                                                 \
        u64 frd = 0;                                                                               \
        vaddr to = 0;                                                                              \
        enum flow flow = FLOW_ON;                                                                  \
        const enum rounding rounding =                                                             \
            WRITES_RD(operands) ? ROUND_RTZ : ROUND_RNE; /* cpu/fill.c */                          \
        enum { LENGTH = length };                                                                  \
        handler *const missed = on_miss;                                                           \
        (void)missed, (void)rounding;                                                              \
                                                                                                   \
        if (IS_FLOAT(need) && unlikely(!hart->fp_fast))                                            \
            DOOR();                                                                                \
        __VA_ARGS__;                                                                               \
        if (WRITES_RD(operands))                                                                   \
            hart->x[RD_OF(word)] = (u64)(i64)rd;                                                   \
        if (WRITES_FRD(operands))                                                                  \
            hart->f[RD_OF(word)] = frd;                                                            \
        if (flow == FLOW_BRANCH)                                                                   \
            branch;                                                                                \
        if (flow == FLOW_FAR)                                                                      \
            GO_FAR(to);                                                                            \
        DISPATCH(op[length / 2].run, op + length / 2, budget, op[length / 2].word);                \
    }

/* The branch's target lies in this page, or it does not. */
#define GO_NEAR()                                                                                  \
    do {                                                                                           \
        budget += (i64)REST_OF(word) - 1;                                                          \
        ENTER((struct op *)((char *)op + IMM_OF(word)));                                           \
    } while (0)
#define GO_FAR(target)                                                                             \
    do {                                                                                           \
        vaddr far_ = (target);                                                                     \
        struct fetch_entry *entry_ = &hart->fetch->fetch[tlb_index(far_)];                         \
        budget += (i64)REST_OF(word) - 1;                                                          \
        if (unlikely(entry_->tag != (far_ & ~PAGE_MASK) || !entry_->ops))                          \
            DISPATCH(door_enter, op, budget, far_);                                                \
        hart->pc_bias = (far_ & ~PAGE_MASK) - ((u64)(uintptr_t)entry_->ops >> 3);                  \
        ENTER(entry_->ops + ((far_ & PAGE_MASK) >> 1));                                            \
    } while (0)

/* One handler for each length; for loads and stores a second one, where misses go; and for branches
 * one for each distance. SYSTEM rows have none. */
#define SYSTEM(...)
#define FLOW INSN
#define ASIDE                                                                                      \
    __attribute__((unused, noinline, cold)) /* must not grow the handlers that jump here */
/* clang-format off */
#define HIT HIT_ANY
#define INSN(name, operands, format, bits, need, ...)                                              \
    ASIDE HANDLER(missed_##name##_2) BODY(operands, need, 2, GO_NEAR(), door_plain, __VA_ARGS__)   \
    ASIDE HANDLER(missed_##name##_4) BODY(operands, need, 4, GO_NEAR(), door_plain, __VA_ARGS__)
#include "cpu/isa.def"
#undef HIT
#undef INSN

#define HIT HIT_ALIGNED
#define INSN(name, operands, format, bits, need, ...)                                              \
    HANDLER(run_##name##_2) BODY(operands, need, 2, GO_NEAR(), missed_##name##_2, __VA_ARGS__)     \
    HANDLER(run_##name##_4) BODY(operands, need, 4, GO_NEAR(), missed_##name##_4, __VA_ARGS__)
#include "cpu/isa.def"
#undef INSN

#define FAR_TARGET (ux)(PC + IMM)
#define FAR(name, operands, need, ...)                                                             \
    HANDLER(far_##name##_2) BODY(operands, need, 2, GO_FAR(FAR_TARGET), door_plain, __VA_ARGS__)   \
    HANDLER(far_##name##_4) BODY(operands, need, 4, GO_FAR(FAR_TARGET), door_plain, __VA_ARGS__)
/* clang-format on */
#define FAR_B FAR
#define FAR_J FAR
#define FAR_NONE(...)
#define FAR_R(...)
#define FAR_R4(...)
#define FAR_RM(...)
#define FAR_I(...)
#define FAR_SHIFT(...)
#define FAR_S(...)
#define FAR_U(...)
#define FAR_AMO(...)
#define FAR_FENCE(...)
#define FAR_MOP_R(...)
#define FAR_MOP_RR(...)
#define INSN(name, operands, format, bits, need, ...)                                              \
    FAR_##format(name, operands, need, __VA_ARGS__)
#include "cpu/isa.def"
#undef INSN
#undef SYSTEM

#define SYSTEM(name, ...) [ROW_##name] = {door_plain, door_plain},
#define INSN(name, ...)   [ROW_##name] = {run_##name##_2, run_##name##_4},
static handler *const near_handlers[ROW_COUNT + 1][2] = {
#include "cpu/isa.def"
    [ROW_illegal] = {door_plain, door_plain},
};
#undef INSN
#undef SYSTEM

#define SYSTEM(...)
#undef FAR
#define FAR(name, ...)                                [ROW_##name] = {far_##name##_2, far_##name##_4},
#define INSN(name, operands, format, bits, need, ...) FAR_##format(name, _)
static handler *const far_handlers[ROW_COUNT][2] = {
#include "cpu/isa.def"
};

struct code *NAME_X(exec_code)(struct hart *hart)
{
    return code_create(hart->bus->ram, hart->hart_count, op_empty, op_page_end);
}

const struct handlers NAME_X(exec_handlers) = {near_handlers, far_handlers, door_plain};

void NAME_X(hart_exec)(struct hart *hart)
{
    struct op nowhere = {.run = NULL};
    u32 host = float_begin();
    struct op *op = door_enter(&nowhere, hart, hart->budget, hart->pc);

    RUN_ON(op);
    float_end(hart, host);
}
