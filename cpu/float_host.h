/* isa.def's floating-point words on the host's own FPU: the fast engine's. The host's sticky
 * exception flags are read only when somebody may look at fcsr (float_collect); until then they are
 * the guest's flags.
 *
 * The fast engine comes here only while FS is Dirty and the rounding mode is to nearest even, or
 * towards zero for conversions to integers. Whatever involves a NaN, and integers out of range, is
 * left to the plain engine: DOOR(), which the including file defines, hands it the whole
 * instruction. Halves are computed in integers here, too (cpu/float_half.h), with the ROUNDING that
 * the including file knows.
 *
 * Needs a host that detects tininess after rounding and has sticky flags: x86-64. Others use
 * float_soft.h. */
#ifndef CPU_FLOAT_HOST_H
#define CPU_FLOAT_HOST_H

#include "cpu/float_half.h"
#include "cpu/hart.h"

#include <math.h>
#include <string.h>
#include <xmmintrin.h>

#define MXCSR_FLAGS   0x3fu   /* IE DE ZE OE UE PE, from bit 0 */
#define MXCSR_DEFAULT 0x1f80u /* everything masked, to nearest even, subnormals as they are */

/* Takes the FPU for the guest. Returns what to give to float_end(). */
static inline u32 float_begin(void)
{
    u32 host = _mm_getcsr();

    _mm_setcsr(MXCSR_DEFAULT);
    return host;
}

/* Moves the host's flags into fflags. */
static inline void float_collect(struct hart *hart)
{
    u32 flags = _mm_getcsr();

    if (likely(!(flags & MXCSR_FLAGS)))
        return;
    hart->fflags |= (flags & 0x01 ? FLAG_NV : 0) | (flags & 0x04 ? FLAG_DZ : 0) |
                    (flags & 0x08 ? FLAG_OF : 0) | (flags & 0x10 ? FLAG_UF : 0) |
                    (flags & 0x20 ? FLAG_NX : 0);
    _mm_setcsr(MXCSR_DEFAULT);
}

static inline void float_end(struct hart *hart, u32 host)
{
    float_collect(hart);
    _mm_setcsr(host);
}

static inline float as_s(u32 bits)
{
    float value;

    memcpy(&value, &bits, 4);
    return value;
}

static inline u32 bits_s(float value)
{
    u32 bits;

    memcpy(&bits, &value, 4);
    return bits;
}

static inline double as_d(u64 bits)
{
    double value;

    memcpy(&value, &bits, 8);
    return value;
}

static inline u64 bits_d(double value)
{
    u64 bits;

    memcpy(&bits, &value, 8);
    return bits;
}

/* The soft-float's flags go straight to the guest's. */
#define FLAGS (&flags_)
#define SOFTLY(call)                                                                               \
    ({                                                                                             \
        u8 flags_ = 0;                                                                             \
        u64 result_ = (call);                                                                      \
        hart->fflags |= flags_;                                                                    \
        result_;                                                                                   \
    })

/* A result that is not a NaN. */
#define RESULT_S(value)                                                                            \
    ({                                                                                             \
        float result_ = (value);                                                                   \
        if (unlikely(result_ != result_))                                                          \
            DOOR();                                                                                \
        bits_s(result_);                                                                           \
    })
#define RESULT_D(value)                                                                            \
    ({                                                                                             \
        double result_ = (value);                                                                  \
        if (unlikely(result_ != result_))                                                          \
            DOOR();                                                                                \
        bits_d(result_);                                                                           \
    })
#define ADD_S(a, b)    RESULT_S(as_s(a) + as_s(b))
#define ADD_D(a, b)    RESULT_D(as_d(a) + as_d(b))
#define SUB_S(a, b)    RESULT_S(as_s(a) - as_s(b))
#define SUB_D(a, b)    RESULT_D(as_d(a) - as_d(b))
#define MUL_S(a, b)    RESULT_S(as_s(a) * as_s(b))
#define MUL_D(a, b)    RESULT_D(as_d(a) * as_d(b))
#define DIV_S(a, b)    RESULT_S(as_s(a) / as_s(b))
#define DIV_D(a, b)    RESULT_D(as_d(a) / as_d(b))
#define SQRT_S(a)      RESULT_S(__builtin_sqrtf(as_s(a)))
#define SQRT_D(a)      RESULT_D(__builtin_sqrt(as_d(a)))
#define FMA_S(a, b, c) RESULT_S(fmaf(as_s(a), as_s(b), as_s(c)))
#define FMA_D(a, b, c) RESULT_D(fma(as_d(a), as_d(b), as_d(c)))
#define D_TO_S(a)      RESULT_S((float)as_d(a))
#define S_TO_D(a)      RESULT_D((double)as_s(a))
/* rint() raises the host's inexact flag, nearbyint() does not. */
#define INTEGRAL_S(a)    RESULT_S(nearbyintf(as_s(a)))
#define INTEGRAL_D(a)    RESULT_D(nearbyint(as_d(a)))
#define INTEGRAL_NX_S(a) RESULT_S(rintf(as_s(a)))
#define INTEGRAL_NX_D(a) RESULT_D(rint(as_d(a)))

/* Comparisons of numbers; on bits, so that no host flag is touched and -0 and +0 can be told apart.
 */
static inline bool is_nan_s(u32 a)
{
    return (a & 0x7fffffff) > 0x7f800000;
}

static inline bool is_nan_d(u64 a)
{
    return (a & ~((u64)1 << 63)) > (u64)0x7ff << 52;
}

#define NUMBERS(is_nan, a, b)                                                                      \
    do {                                                                                           \
        if (unlikely(is_nan(a) || is_nan(b)))                                                      \
            DOOR();                                                                                \
    } while (0)

/* Sign and magnitude as an integer that orders numbers, -0 just below +0. */
static inline i32 order_s(u32 a)
{
    return (i32)a < 0 ? (i32)(~a ^ 0x80000000u) : (i32)a;
}

static inline i64 order_d(u64 a)
{
    return (i64)a < 0 ? (i64)(~a ^ (u64)1 << 63) : (i64)a;
}

#define MIN_S(a, b)                                                                                \
    ({                                                                                             \
        u32 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_s, a_, b_);                                                                 \
        order_s(a_) < order_s(b_) ? a_ : b_;                                                       \
    })
#define MAX_S(a, b)                                                                                \
    ({                                                                                             \
        u32 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_s, a_, b_);                                                                 \
        order_s(a_) > order_s(b_) ? a_ : b_;                                                       \
    })
#define MIN_D(a, b)                                                                                \
    ({                                                                                             \
        u64 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_d, a_, b_);                                                                 \
        order_d(a_) < order_d(b_) ? a_ : b_;                                                       \
    })
#define MAX_D(a, b)                                                                                \
    ({                                                                                             \
        u64 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_d, a_, b_);                                                                 \
        order_d(a_) > order_d(b_) ? a_ : b_;                                                       \
    })
#define COMPARE_S(a, operator, b)                                                                  \
    ({                                                                                             \
        u32 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_s, a_, b_);                                                                 \
        as_s(a_) operator as_s(b_);                                                                \
    })
#define COMPARE_D(a, operator, b)                                                                  \
    ({                                                                                             \
        u64 a_ = (a), b_ = (b);                                                                    \
        NUMBERS(is_nan_d, a_, b_);                                                                 \
        as_d(a_) operator as_d(b_);                                                                \
    })
#define EQ_S(a, b) COMPARE_S(a, ==, b)
#define EQ_D(a, b) COMPARE_D(a, ==, b)
#define LT_S(a, b) COMPARE_S(a, <, b)
#define LT_D(a, b) COMPARE_D(a, <, b)
#define LE_S(a, b) COMPARE_S(a, <=, b)
#define LE_D(a, b) COMPARE_D(a, <=, b)
/* Zfa's differ from these in what they do with NaNs, and that is the plain engine's business. */
#define MINM_S     MIN_S
#define MINM_D     MIN_D
#define MAXM_S     MAX_S
#define MAXM_D     MAX_D
#define LTQ_S      LT_S
#define LTQ_D      LT_D
#define LEQ_S      LE_S
#define LEQ_D      LE_D
#define CLASS_S(a) (ix) soft_class(&float32, a)
#define CLASS_D(a) (ix) soft_class(&float64, a)

/* To integers, towards zero; the bounds are the last numbers that are out of range. The comparisons
 * are quiet about in-range numbers, and NaN fails them and goes through the door. */
#define TRUNCATE(value, below, above, type)                                                        \
    ({                                                                                             \
        __typeof__(value) value_ = (value);                                                        \
        if (unlikely(!(value_ > (below) && value_ < (above))))                                     \
            DOOR();                                                                                \
        (type) value_;                                                                             \
    })
#define TO_I32_S(a) TRUNCATE(as_s(a), -2147483904.0f, 2147483648.0f, i32)
#define TO_U32_S(a) TRUNCATE(as_s(a), -1.0f, 4294967296.0f, i64)
#define TO_I64_S(a) TRUNCATE(as_s(a), -9223373136366403584.0f, 9223372036854775808.0f, i64)
#define TO_U64_S(a) TRUNCATE(as_s(a), -1.0f, 9223372036854775808.0f, i64)
#define TO_I32_D(a) TRUNCATE(as_d(a), -2147483649.0, 2147483648.0, i32)
#define TO_U32_D(a) TRUNCATE(as_d(a), -1.0, 4294967296.0, i64)
#define TO_I64_D(a) TRUNCATE(as_d(a), -9223372036854777856.0, 9223372036854775808.0, i64)
#define TO_U64_D(a) TRUNCATE(as_d(a), -1.0, 9223372036854775808.0, i64)

#define FROM_I32_S(a) bits_s((float)(i32)(a))
#define FROM_U32_S(a) bits_s((float)(i64)(u32)(a))
#define FROM_I64_S(a) bits_s((float)(i64)(a))
#define FROM_I32_D(a) bits_d((double)(i32)(a))
#define FROM_U32_D(a) bits_d((double)(i64)(u32)(a))
#define FROM_I64_D(a) bits_d((double)(i64)(a))
#define FROM_U64_S(a)                                                                              \
    ({                                                                                             \
        i64 value_ = (i64)(a);                                                                     \
        if (unlikely(value_ < 0))                                                                  \
            DOOR();                                                                                \
        bits_s((float)value_);                                                                     \
    })
#define FROM_U64_D(a)                                                                              \
    ({                                                                                             \
        i64 value_ = (i64)(a);                                                                     \
        if (unlikely(value_ < 0))                                                                  \
            DOOR();                                                                                \
        bits_d((double)value_);                                                                    \
    })

#endif
