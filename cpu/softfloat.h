/* IEEE 754 arithmetic in integers, as the RISC-V manual's F, D, Zfh and Zfa chapters want it: the
 * reference for the host's FPU, and the only path where a host has no FPU that can be asked for the
 * rounding mode RMM or for its flags.
 *
 * A value is a bit pattern in the low bits of a u64; the bits above it are zero. NaN boxing is the
 * caller's business, and so is the choice of the rounding mode (frm or the instruction's rm field;
 * reserved values never get here). Every NaN result is the canonical one. Flags are added to
 * *flags and never removed. Nothing here is a global: two harts can compute at the same time.
 *
 * Reading order: softfloat_number.h, softfloat_number.c, softfloat.c; then convert, compare and
 * zfa. */
#ifndef CPU_SOFTFLOAT_H
#define CPU_SOFTFLOAT_H

#include "memory/types.h"

/* Any IEEE binary format of at most 64 bits: a new one is one line in softfloat_number.c. */
struct float_format {
    unsigned exponent_bits;
    unsigned fraction_bits; /* without the leading one that is not stored; at most 52 */
};

extern const struct float_format float16, float32, float64;

/* The encoding of frm and rm ("Floating-Point Control and Status Register"). */
enum rounding {
    ROUND_RNE, /* to nearest, a tie to even */
    ROUND_RTZ, /* towards zero */
    ROUND_RDN, /* down, towards -infinity */
    ROUND_RUP, /* up, towards +infinity */
    ROUND_RMM, /* to nearest, a tie away from zero */
};

/* The bits of fflags. */
enum float_flags {
    FLAG_NX = 1,  /* inexact */
    FLAG_UF = 2,  /* underflow: inexact, and tiny after rounding */
    FLAG_OF = 4,  /* overflow */
    FLAG_DZ = 8,  /* a finite number divided by zero */
    FLAG_NV = 16, /* invalid operation */
};

/* What fcvt reads or writes: w, wu, l, lu. */
enum integer_kind { INTEGER_I32, INTEGER_U32, INTEGER_I64, INTEGER_U64 };

/* The bits of fclass. */
enum float_class {
    CLASS_MINUS_INFINITY = 1 << 0,
    CLASS_MINUS_NORMAL = 1 << 1,
    CLASS_MINUS_SUBNORMAL = 1 << 2,
    CLASS_MINUS_ZERO = 1 << 3,
    CLASS_PLUS_ZERO = 1 << 4,
    CLASS_PLUS_SUBNORMAL = 1 << 5,
    CLASS_PLUS_NORMAL = 1 << 6,
    CLASS_PLUS_INFINITY = 1 << 7,
    CLASS_SIGNALLING_NAN = 1 << 8,
    CLASS_QUIET_NAN = 1 << 9,
};

/* fadd, fsub, fmul, fdiv, fsqrt. */
u64 soft_add(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags);
u64 soft_sub(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags);
u64 soft_mul(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags);
u64 soft_div(const struct float_format *format, u64 a, u64 b, enum rounding rounding, u8 *flags);
u64 soft_sqrt(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags);
/* fmadd: a * b + c, rounded once. The other three are this one with the sign bit of a, of c or of
 * both turned round beforehand. */
u64 soft_fma(const struct float_format *format, u64 a, u64 b, u64 c, enum rounding rounding,
             u8 *flags);

/* fmin, fmax: -0 is less than +0, and a NaN gives way to a number. NV for a signalling NaN only. */
u64 soft_min(const struct float_format *format, u64 a, u64 b, u8 *flags);
u64 soft_max(const struct float_format *format, u64 a, u64 b, u8 *flags);
/* feq is quiet: NV for a signalling NaN only. flt and fle set NV for any NaN. */
bool soft_eq(const struct float_format *format, u64 a, u64 b, u8 *flags);
bool soft_lt(const struct float_format *format, u64 a, u64 b, u8 *flags);
bool soft_le(const struct float_format *format, u64 a, u64 b, u8 *flags);
/* Zfa's variants. fminm, fmaxm: a NaN gives a NaN. fltq, fleq: NV for a signalling NaN only. */
u64 soft_minm(const struct float_format *format, u64 a, u64 b, u8 *flags);
u64 soft_maxm(const struct float_format *format, u64 a, u64 b, u8 *flags);
bool soft_ltq(const struct float_format *format, u64 a, u64 b, u8 *flags);
bool soft_leq(const struct float_format *format, u64 a, u64 b, u8 *flags);
/* fclass: exactly one of enum float_class. */
u64 soft_class(const struct float_format *format, u64 a);

/* fcvt to an integer. What does not fit after rounding gives the nearest integer that does, NaN
 * gives the largest, and both set NV instead of NX. A 32-bit result, signed or not, comes back
 * sign-extended to 64 bits, as RV64 wants it. */
u64 soft_to_int(const struct float_format *format, u64 a, enum integer_kind kind,
                enum rounding rounding, u8 *flags);
/* fcvt from an integer. A 32-bit kind looks at the low half of value only. */
u64 soft_from_int(const struct float_format *format, u64 value, enum integer_kind kind,
                  enum rounding rounding, u8 *flags);
/* fcvt from one format to another. */
u64 soft_convert(const struct float_format *to, const struct float_format *from, u64 a,
                 enum rounding rounding, u8 *flags);

/* froundnx, of Zfa: to an integer in the same format; zero keeps its sign. NX if that changed the
 * value. */
u64 soft_integral_nx(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags);
/* fround, of Zfa: the same without NX. */
u64 soft_integral(const struct float_format *format, u64 a, enum rounding rounding, u8 *flags);
/* fcvtmod.w.d, of Zfa: towards zero, then the lowest 32 bits of the integer, sign-extended to 64;
 * 0 for NaN and infinity. The flags are those of a conversion to INTEGER_I32. */
u64 soft_to_int_modular(const struct float_format *format, u64 a, u8 *flags);
/* fli, of Zfa: one of 32 constants; 1 is the smallest normal number, 30 infinity, 31 NaN. What the
 * format cannot hold (2^16 as a half) becomes infinity. */
u64 soft_constant(const struct float_format *format, unsigned index);

#endif
