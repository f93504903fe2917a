/* Vitrine's fast path, the words of cpu/float_host.h, against the soft-float: in the rounding modes
 * that it claims (cpu/fill.c), with the flags that it leaves in the host's FPU. What it hands to
 * the plain engine (DOOR) has the plain engine's result; but flags raised on the way there stay
 * raised, and must be among the right ones. */
#include "tests/float/judge.h"

#include <stddef.h>

typedef i64 ix;

#define A        (operand[0])
#define B        (operand[1])
#define C        (operand[2])
#define ROUNDING rounding
#define DOOR()   return false
#include "cpu/float_host.h"

typedef bool fast_word(struct hart *hart, const u64 *operand, enum rounding rounding, u64 *result);

/* clang-format off */
#define OPERATION(id, name, action, format, to, integer, word)                                     \
    static __attribute__((noinline)) bool id(struct hart *hart, const u64 *operand,                \
                                             enum rounding rounding, u64 *result)                  \
    {                                                                                              \
        (void)hart, (void)rounding;                                                                \
        *result = (u64)(word);                                                                     \
        return true;                                                                               \
    }
#include "tests/float/operations.def"
#undef OPERATION

static fast_word *const words[] = {
#define OPERATION(id, name, action, format, to, integer, word) id,
#include "tests/float/operations.def"
#undef OPERATION
};
/* clang-format on */

static unsigned roundings(const struct operation *operation)
{
    if (operation_rounds(operation) && !operation_result(operation))
        return 1 << ROUND_RTZ;
    return 1 << ROUND_RNE;
}

static void turn_to(enum rounding rounding)
{
    (void)rounding;
}

static enum opinion opine(const struct operation *operation, const struct sample *sample,
                          struct outcome *expected)
{
    struct hart hart;
    u32 host = float_begin();

    hart.fflags = 0;
    bool is_done =
        words[operation - operations](&hart, sample->operand, sample->rounding, &expected->bits);
    float_end(&hart, host);
    expected->flags = hart.fflags;
    if (is_done)
        return OPINION_OWN;
    struct outcome soft = operation_soft(operation, sample);
    expected->bits = soft.bits;
    expected->flags |= soft.flags;
    return OPINION_SHARED;
}

const struct judge judge = {"the fast path", roundings, turn_to, opine};
