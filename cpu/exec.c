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
#include "cpu/fuse.h"
#include "cpu/hart.h"
#include "cpu/csr.h"
#include "cpu/debug.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"

#include "cpu/handler.h"

#include <string.h>

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
    if (debug_stops(hart))
        return NULL;
    NAME_X(hart_step)(hart);
    if (unlikely(hart->events || hart->budget <= 0))
        return NULL;
    DISPATCH(door_enter, op, hart->budget, hart->pc);
}

static struct op *door_enter(struct op *op, struct hart *hart, i64 budget, u64 pc)
{
    struct code_entry *entry = tlb_code(hart->fetch, pc);

    if (unlikely(entry->tag != (pc & ~PAGE_MASK))) {
        if (unlikely(budget <= 0)) { /* translating would already set A */
            hart->pc = pc;
            hart->budget = budget;
            return NULL;
        }
        struct shadow *shadow = exec_shadow(hart, pc);
        if (!shadow) { /* not RAM, or it faults: the plain engine knows */
            hart->pc = pc;
            hart->budget = budget;
            float_collect(hart);
            if (debug_stops(hart))
                return NULL;
            NAME_X(hart_step)(hart);
            if (hart->events || hart->budget <= 0)
                return NULL;
            DISPATCH(door_enter, op, hart->budget, hart->pc);
        }
        *entry = (struct code_entry){pc & ~PAGE_MASK, shadow->op};
    }
    hart->pc_bias = (pc & ~PAGE_MASK) - ((u64)(uintptr_t)entry->ops >> 3);
    ENTER(entry->ops + ((pc & PAGE_MASK) >> 1));
}

/* A SYSTEM row is done, and has left the address to go on at in hart->pc. */
HANDLER(door_done)
{
    (void)budget, (void)word;
    if (unlikely(--hart->budget <= 0 || hart->events))
        return NULL;
    DISPATCH(door_enter, op, hart->budget, hart->pc);
}

/* An access for which mmu_fill() could not bring the page in: it traps, or it is the plain engine's
 * (a device, a page that somebody listens to). */
HANDLER(door_unfilled)
{
    if (hart->cause == CAUSE_NONE)
        DISPATCH(door_plain, op, budget, word);
    budget += (i64)REST_OF(word); /* its run is not charged from here on */
    hart->pc = PC;
    hart->budget = budget;
    trap_take_exception(hart);
    DISPATCH(door_done, op, budget, word);
}

/* An aligned load or store that the TLB does not know: bring the page in and run the same op again.
 */
static struct op *door_load(struct op *op, struct hart *hart, i64 budget, u64 word, u64 va)
{
    if (mmu_fill(hart, va, ACCESS_LOAD))
        DISPATCH_BACK(op->run, op, budget + (i64)REST_OF(word) - (i64)REST_OF(op->word), op->word);
    DISPATCH_BACK(door_unfilled, op, budget, word);
}

static struct op *door_store(struct op *op, struct hart *hart, i64 budget, u64 word, u64 va)
{
    if (mmu_fill(hart, va, ACCESS_STORE))
        DISPATCH_BACK(op->run, op, budget + (i64)REST_OF(word) - (i64)REST_OF(op->word), op->word);
    DISPATCH_BACK(door_unfilled, op, budget, word);
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

#define INSN(...)
#define FLOW INSN
#define SYSTEM(name, operands, format, bits, need, ...)                                            \
    HANDLER(system_##name) ALONE(operands, format, __VA_ARGS__)
#include "cpu/isa.def"
#undef INSN
#undef FLOW
#undef SYSTEM

/* Accesses to CSRs that only store are rows like others. */
#undef CSR_ACCESS
#define CSR_ACCESS STORED_CSR_ACCESS
#define STORED(name, operands, need, ...)                                                          \
    HANDLER(stored_##name) BODY(operands, need, 4, GO_NEAR(), door_plain, __VA_ARGS__)
#define STORED_CSR STORED
#define STORED_NONE(...)
#define STORED_R(...)
#define STORED_AMO(...)
#define STORED_FENCE(...)
#define INSN(...)
#define FLOW INSN
#define SYSTEM(name, operands, format, bits, need, ...)                                            \
    STORED_##format(name, operands, need, __VA_ARGS__)
#include "cpu/isa.def"
#undef STORED
#define STORED(name, ...) [ROW_##name] = stored_##name,
static handler *const stored_handlers[ROW_COUNT] = {
#include "cpu/isa.def"
};
#undef INSN
#undef FLOW
#undef SYSTEM

/* One handler for each length; for loads and stores a second one, where misses go; and for branches
 * one for each distance. */
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

#define SYSTEM(name, ...) [ROW_##name] = {system_##name, system_##name},
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

#if XLEN == 64
#include "cpu/fused_rv64.inc"
#else
#include "cpu/fused_rv32.inc"
#endif
static const struct fuse_tree fused = {fused_nodes, fused_edges, fused_handlers,
                                       sizeof fused_handlers / sizeof fused_handlers[0] - 1};

const struct handlers NAME_X(exec_handlers) = {near_handlers, far_handlers, stored_handlers,
                                               door_plain, &fused};

void NAME_X(hart_exec)(struct hart *hart)
{
    struct op nowhere = {.run = NULL};
    u32 host = float_begin();
    struct op *op = door_enter(&nowhere, hart, hart->budget, hart->pc);

    RUN_ON(op);
    float_end(hart, host);
}
