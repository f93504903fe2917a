/* What the fast engine (cpu/exec.c) and the filler of its ops (cpu/fill.c) share, and the one
 * choice that a build makes: whether a handler jumps to the next (VITRINE_TAIL_CALLS, optimised
 * builds) or returns it to a small loop. */
#ifndef CPU_ENGINE_H
#define CPU_ENGINE_H

#include "cpu/code.h"
#include "cpu/hart.h"

/* The operands of an op, as they lie in word. */
#define RD_OF(word)   ((u8)(word))
#define RS1_OF(word)  ((u8)((word) >> 8))
#define RS2_OF(word)  ((u8)((word) >> 16))
#define REST_OF(word) ((u8)((word) >> 24))
#define IMM_OF(word)  ((i64)(word) >> 32)
#define PC            ((ux)(((u64)(uintptr_t)op >> 3) + hart->pc_bias))

/* DISPATCH ends a handler. A door with a fifth argument is entered by DISPATCH_WITH and left by
 * DISPATCH_BACK: jumps, too, but clang's promise to make one (musttail) holds only between
 * functions of one type. */
#if VITRINE_TAIL_CALLS
#if defined(__clang__)
#define TAIL __attribute__((musttail))
#else
#define TAIL
#endif
#define DISPATCH(to, op, budget, word)            TAIL return (to)(op, hart, budget, word)
#define DISPATCH_WITH(to, op, budget, word, more) return (to)(op, hart, budget, word, more)
#define DISPATCH_BACK(to, op, budget, word)       return (to)(op, hart, budget, word)
#define RUN_ON(op)                                (void)(op)
#else
/* The doors are still called directly: they are few between two handlers, and end at one. */
#define DISPATCH(to, op, budget_, word_)                                                           \
    do {                                                                                           \
        hart->next_run = (to);                                                                     \
        hart->budget = (budget_);                                                                  \
        hart->next_word = (word_);                                                                 \
        return (op);                                                                               \
    } while (0)
#define DISPATCH_WITH(to, op, budget, word, more) return (to)(op, hart, budget, word, more)
#define DISPATCH_BACK(to, op, budget, word)       DISPATCH(to, op, budget, word)
#define RUN_ON(op)                                                                                 \
    while (op)                                                                                     \
    op = hart->next_run(op, hart, hart->budget, hart->next_word)
#endif

#if defined(__x86_64__)
#include "cpu/float_host.h"
#else
#error "write the words of cpu/float_host.h in terms of cpu/float_soft.h for this host"
#endif

/* By row and by length (2, 4 bytes): handlers, and those of branches that leave the page. */
struct handlers {
    handler *const (*near_handlers)[2];
    handler *const (*far_handlers)[2];
    handler *const *stored;        /* by row: accesses to CSRs that only store */
    handler *plain;                /* hands the instruction to the plain engine */
    const struct fuse_tree *fused; /* cpu/fuse.h */
};

extern const struct handlers exec_handlers_rv32, exec_handlers_rv64;
struct code *exec_code_rv32(struct hart *hart);
struct code *exec_code_rv64(struct hart *hart);

/* The shadow of the page at pc, translated and entered in the fetch TLB; NULL when that cannot be.
 */
struct shadow *exec_shadow(struct hart *hart, vaddr pc);
/* Decodes the straight run that begins at this empty op. */
void exec_fill(struct hart *hart, struct op *op, vaddr pc);

#endif
