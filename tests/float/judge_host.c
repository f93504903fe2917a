/* The host's FPU on singles and doubles, in its four rounding modes with its flags. NaN results are
 * made canonical, since RISC-V lets no payload through. x86-64: comparisons are by the instruction
 * that is wanted, signalling or quiet, which C leaves to the compiler. Halves: judge_host_half.c.
 */
#include "tests/float/judge_host.h"

#include <emmintrin.h>
#include "tests/cpu/host_float.h"

#define HOST(name, cell, expression)                                                               \
    static __attribute__((noinline)) u64 name(const u64 *operand)                                  \
    {                                                                                              \
        cell a, b, c, result;                                                                      \
        a.bits = (__typeof__(a.bits))operand[0];                                                   \
        b.bits = (__typeof__(b.bits))operand[1];                                                   \
        c.bits = (__typeof__(c.bits))operand[2];                                                   \
        result.value = (expression);                                                               \
        return result.bits;                                                                        \
    }
HOST(add_s, host_single, a.value + b.value)
HOST(sub_s, host_single, a.value - b.value)
HOST(mul_s, host_single, (a.value * b.value))
HOST(div_s, host_single, a.value / b.value)
HOST(sqrt_s, host_single, sqrtf(a.value))
HOST(fma_s, host_single, fmaf(a.value, b.value, c.value))
HOST(rint_s, host_single, rintf(a.value))
HOST(add_d, host_double, a.value + b.value)
HOST(sub_d, host_double, a.value - b.value)
HOST(mul_d, host_double, (a.value * b.value))
HOST(div_d, host_double, a.value / b.value)
HOST(sqrt_d, host_double, sqrt(a.value))
HOST(fma_d, host_double, fma(a.value, b.value, c.value))
HOST(rint_d, host_double, rint(a.value))
#undef HOST

typedef u64 host_word(const u64 *operand);

/* By action; [1] for doubles. */
static host_word *const words[][2] = {
    [ACTION_ADD] = {add_s, add_d},        [ACTION_SUB] = {sub_s, sub_d},
    [ACTION_MUL] = {mul_s, mul_d},        [ACTION_DIV] = {div_s, div_d},
    [ACTION_SQRT] = {sqrt_s, sqrt_d},     [ACTION_FMA] = {fma_s, fma_d},
    [ACTION_INTEGRAL] = {rint_s, rint_d}, [ACTION_INTEGRAL_NX] = {rint_s, rint_d},
};

static double double_of(u64 bits)
{
    host_double cell = {.bits = bits};
    return cell.value;
}

static u64 double_to_single(u64 bits)
{
    host_double from = {.bits = bits};
    host_single to;

    to.value = (float)from.value;
    return to.bits;
}

static u64 single_to_double(u64 bits)
{
    host_single from = {.bits = (u32)bits};
    host_double to;

    to.value = (double)from.value;
    return to.bits;
}

/* By signed conversions alone, which are one instruction each. */
static u64 from_integer(bool is_double, enum integer_kind kind, u64 value)
{
    volatile i64 whole = kind == INTEGER_I32   ? (i64)(i32)(u32)value
                         : kind == INTEGER_U32 ? (i64)(u32)value
                                               : (i64)value;
    bool is_halved = kind == INTEGER_U64 && value >> 63;
    host_double wide;
    host_single narrow;

    /* Half of it, the lost bit kept as a sticky one far below where either format rounds. */
    if (is_halved)
        whole = (i64)(value >> 1 | (value & 1));
    if (is_double) {
        wide.value = (double)whole;
        wide.value = is_halved ? 2 * wide.value : wide.value;
        return wide.bits;
    }
    narrow.value = (float)whole;
    narrow.value = is_halved ? 2 * narrow.value : narrow.value;
    return narrow.bits;
}

/* Rounded by the host, compared with the bounds in doubles, which hold them. */
u64 host_to_integer(double whole, enum integer_kind kind, u8 *flags)
{
    static const double least[] = {-0x1p31, 0, -0x1p63, 0};
    static const double beyond[] = {0x1p31, 0x1p32, 0x1p63, 0x1p64};
    static const u64 lowest[] = {(u64)INT32_MIN, 0, (u64)INT64_MIN, 0};
    static const u64 highest[] = {INT32_MAX, UINT64_MAX, INT64_MAX, UINT64_MAX};

    if (!(whole < beyond[kind]) || whole < least[kind]) {
        *flags = FLAG_NV;
        return whole < least[kind] ? lowest[kind] : highest[kind];
    }
    u64 integer = whole < 0x1p63 ? (u64)(i64)whole : (u64)(i64)(whole - 0x1p63) | (u64)1 << 63;
    return kind <= INTEGER_U32 ? (u64)(i64)(i32)(u32)integer : integer;
}

/* The host's comparisons. flt and fle signal every NaN, as comisd does; the others are ucomisd's.
 */
static __attribute__((noinline)) u64 holds(enum action action, u64 left, u64 right)
{
    __m128d a = _mm_set_sd(double_of(left)), b = _mm_set_sd(double_of(right));
    bool is_ordered = !holds_nan(&float64, left) && !holds_nan(&float64, right);
    volatile int holds = 0;

    if (action == ACTION_EQ)
        holds = _mm_ucomieq_sd(a, b);
    else if (action == ACTION_LT)
        holds = _mm_comilt_sd(a, b);
    else if (action == ACTION_LE)
        holds = _mm_comile_sd(a, b);
    else if (action == ACTION_LTQ)
        holds = _mm_ucomilt_sd(a, b);
    else
        holds = _mm_ucomile_sd(a, b);
    return holds && is_ordered; /* the intrinsics take unordered for equal */
}

/* infinity * 0 + a quiet NaN: RISC-V raises NV, x86 does not, IEEE 754 allows both. */
static u8 flags_of_product(const struct float_format *format, u64 a, u64 b)
{
    u64 infinity = format_last_field(format) << format->fraction_bits;
    u64 left = a & (format_top(format) - 1), right = b & (format_top(format) - 1);

    return (left == infinity && right == 0) || (left == 0 && right == infinity) ? FLAG_NV : 0;
}

static enum opinion opine(const struct operation *operation, const struct sample *sample,
                          struct outcome *expected)
{
    const u64 *operand = sample->operand;
    bool is_double = operation->format == &float64;
    enum action action = operation->action;

    feclearexcept(FE_ALL_EXCEPT);
    if (operation->format == &float16 || operation->to == &float16)
        expected->bits = host_convert_half(operation, operand[0]);
    else if (action == ACTION_CONVERT)
        expected->bits = is_double ? double_to_single(operand[0]) : single_to_double(operand[0]);
    else if (action == ACTION_FROM_INT)
        expected->bits = from_integer(is_double, operation->integer, operand[0]);
    else if (action >= ACTION_EQ && action <= ACTION_LEQ)
        expected->bits = holds(action, is_double ? operand[0] : single_to_double(operand[0]),
                               is_double ? operand[1] : single_to_double(operand[1]));
    else if (action == ACTION_TO_INT)
        expected->bits = is_double ? rint_d(operand) : single_to_double(rint_s(operand));
    else
        expected->bits = words[action][is_double](operand);
    expected->flags = host_flags();
    if (action == ACTION_TO_INT)
        expected->bits =
            host_to_integer(double_of(expected->bits), operation->integer, &expected->flags);
    if (action == ACTION_INTEGRAL)
        expected->flags &= ~FLAG_NX;
    if (action == ACTION_FMA)
        expected->flags |= flags_of_product(operation->format, operand[0], operand[1]);
    if (operation_result(operation))
        expected->bits = canonical(operation->to, expected->bits);
    return OPINION_OWN;
}

static unsigned roundings(const struct operation *operation)
{
    enum action action = operation->action;

    if (operation->format == &float16 || operation->to == &float16)
        return host_knows_half(operation) ? EVERY_ROUNDING & ~(1 << ROUND_RMM) : 0;
    bool is_known = action <= ACTION_FMA || (action >= ACTION_EQ && action <= ACTION_LEQ) ||
                    (action >= ACTION_INTEGRAL && action <= ACTION_FROM_INT);
    return is_known ? EVERY_ROUNDING & ~(1 << ROUND_RMM) : 0;
}

static void turn_to(enum rounding rounding)
{
    fesetround(host_rounding[rounding]);
}

const struct judge judge = {"the host", roundings, turn_to, opine};
