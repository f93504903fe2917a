/* The table of operations, and the soft-float's answer to each. */
#include "tests/float/operation.h"

typedef i64 ix; /* isa.def's integer of the width of a register */

#define A        (operand[0])
#define B        (operand[1])
#define C        (operand[2])
#define ROUNDING rounding
#define FLAGS    flags
#include "cpu/float_soft.h"

/* clang-format off */
#define OPERATION(id, name, action, format, to, integer, word)                                     \
    static u64 id(const u64 *operand, enum rounding rounding, u8 *flags)                           \
    {                                                                                              \
        (void)rounding, (void)flags;                                                               \
        return (u64)(word);                                                                        \
    }
#include "tests/float/operations.def"
#undef OPERATION

const struct operation operations[] = {
#define OPERATION(id, name, action, format, to, integer, word)                                     \
    {name, ACTION_##action, &format, &to, INTEGER_##integer, id},
#include "tests/float/operations.def"
#undef OPERATION
};
/* clang-format on */

const unsigned operation_count = sizeof operations / sizeof *operations;

unsigned operation_arity(const struct operation *operation)
{
    enum action action = operation->action;

    if (action == ACTION_FMA)
        return 3;
    if (action == ACTION_CONSTANT)
        return 0;
    return action <= ACTION_DIV || (action >= ACTION_MIN && action <= ACTION_LEQ) ? 2 : 1;
}

bool operation_rounds(const struct operation *operation)
{
    return operation->action <= ACTION_FMA ||
           (operation->action >= ACTION_INTEGRAL && operation->action <= ACTION_FROM_INT);
}

const struct float_format *operation_result(const struct operation *operation)
{
    enum action action = operation->action;
    bool is_integer = action == ACTION_TO_INT || action == ACTION_MODULAR;

    return is_integer || (action >= ACTION_EQ && action <= ACTION_CLASS) ? NULL : operation->to;
}

struct outcome operation_soft(const struct operation *operation, const struct sample *sample)
{
    struct outcome outcome = {0};

    outcome.bits = operation->soft(sample->operand, sample->rounding, &outcome.flags);
    return outcome;
}
