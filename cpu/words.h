/* The words of isa.def that do not depend on the engine: integers of XLEN bits and the small
 * functions that rows name. XLEN is defined by the build: both engines are compiled once for RV32
 * and once for RV64. */
#ifndef CPU_WORDS_H
#define CPU_WORDS_H

#include "memory/types.h"

#if XLEN == 64
typedef u64 ux;
typedef i64 ix;
typedef u128 uwide;
typedef i128 iwide;
#define NAME_X(name) name##_rv64
#else
typedef u32 ux;
typedef i32 ix;
typedef u64 uwide;
typedef i64 iwide;
#define NAME_X(name) name##_rv32
#endif

/* Division never traps: by zero it gives all ones and the dividend, and the one overflow gives the
 * dividend and zero. */
static inline i32 divide_32(i32 a, i32 b)
{
    return b == 0 ? -1 : b == -1 ? (i32) - (u32)a : a / b;
}

static inline i32 remainder_32(i32 a, i32 b)
{
    return b == 0 ? a : b == -1 ? 0 : a % b;
}

static inline ix divide_x(ix a, ix b)
{
    return b == 0 ? -1 : b == -1 ? (ix) - (ux)a : a / b;
}

static inline ix remainder_x(ix a, ix b)
{
    return b == 0 ? a : b == -1 ? 0 : a % b;
}

static inline int leading_zeros_32(u32 a)
{
    return a ? __builtin_clz(a) : 32;
}

static inline int trailing_zeros_32(u32 a)
{
    return a ? __builtin_ctz(a) : 32;
}

static inline int leading_zeros_x(ux a)
{
    return a ? __builtin_clzll(a) - (64 - XLEN) : XLEN;
}

static inline int trailing_zeros_x(ux a)
{
    return a ? __builtin_ctzll(a) : XLEN;
}

static inline u32 rotate_left_32(u32 a, unsigned by)
{
    return a << by | a >> (-by & 31);
}

static inline ux rotate_left_x(ux a, unsigned by)
{
    return a << by | a >> (-by & (XLEN - 1));
}

/* Each byte becomes all ones if any bit of it is set. */
static inline ux or_combine_bytes(ux a)
{
    a |= (a & (ux)0x5555555555555555) << 1 | (a >> 1 & (ux)0x5555555555555555);
    a |= (a & (ux)0x3333333333333333) << 2 | (a >> 2 & (ux)0x3333333333333333);
    a |= (a & (ux)0x0f0f0f0f0f0f0f0f) << 4 | (a >> 4 & (ux)0x0f0f0f0f0f0f0f0f);
    return a;
}

/* All 2 * XLEN bits of the product without carries: XOR of a's shifted copies. */
static inline uwide carryless_multiply(ux a, ux b)
{
    uwide product = 0;

    for (unsigned i = 0; i < XLEN; i++)
        product ^= (uwide)a << i & -(uwide)(b >> i & 1); /* no branch: Zkt */
    return product;
}

/* NaN boxing ("NaN Boxing of Narrower Values"): a single lies in 64 bits with all ones above it. */
static inline u64 box_s(u64 single)
{
    return single | 0xffffffff00000000;
}

/* What is not properly boxed counts as the canonical NaN. */
static inline u32 unbox_s(u64 boxed)
{
    return boxed >> 32 == 0xffffffff ? (u32)boxed : 0x7fc00000;
}

/* A half: the same, with 48 ones. */
static inline u64 box_h(u64 half)
{
    return half | 0xffffffffffff0000;
}

static inline u16 unbox_h(u64 boxed)
{
    return boxed >> 16 == 0xffffffffffff ? (u16)boxed : 0x7e00;
}

#define BOX_H(a)     box_h((u16)(a))
#define BOX_S(a)     box_s((u32)(a))
#define NEGATE_H(a)  ((a) ^ (u16)1 << 15)
#define NEGATE_S(a)  ((a) ^ (u32)1 << 31)
#define NEGATE_D(a)  ((a) ^ (u64)1 << 63)
#define SIGN_H(a, b) (((a)&0x7fff) | ((b)&0x8000))
#define SIGN_S(a, b) (((a) & ~((u32)1 << 31)) | ((b) & (u32)1 << 31))
#define SIGN_D(a, b) (((a) & ~((u64)1 << 63)) | ((b) & (u64)1 << 63))

/* A helper that fails has noted cause and tval, and the rest of the row is skipped: the engine's
 * label trapped follows. RS1 and RS2 are the engine's, too. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        if (!(call))                                                                               \
            goto trapped;                                                                          \
    } while (0)
#define LOAD_RESERVED(type)                                                                        \
    ({                                                                                             \
        u64 loaded_;                                                                               \
        TRY(mmu_load_reserved(hart, RS1, sizeof(type), &loaded_));                                 \
        (type) loaded_;                                                                            \
    })
#define STORE_CONDITIONAL(type)                                                                    \
    ({                                                                                             \
        u64 failed_;                                                                               \
        TRY(mmu_store_conditional(hart, RS1, sizeof(type), (type)RS2, &failed_));                  \
        (ix) failed_;                                                                              \
    })

#endif
