/* isa.def's floating-point words that both engines compute by integer arithmetic
 * (cpu/softfloat.h): half precision, which few hosts have, and Zfa's conversion and constants.
 *
 * The including file provides ROUNDING, FLAGS (a u8 *) and SOFTLY(call), which evaluates the call
 * and sees to its flags. */
#include "cpu/softfloat.h"

/* clang-format off */
#define ADD_H(a, b)        SOFTLY(soft_add(&float16, a, b, ROUNDING, FLAGS))
#define SUB_H(a, b)        SOFTLY(soft_sub(&float16, a, b, ROUNDING, FLAGS))
#define MUL_H(a, b)        SOFTLY(soft_mul(&float16, a, b, ROUNDING, FLAGS))
#define DIV_H(a, b)        SOFTLY(soft_div(&float16, a, b, ROUNDING, FLAGS))
#define SQRT_H(a)          SOFTLY(soft_sqrt(&float16, a, ROUNDING, FLAGS))
#define FMA_H(a, b, c)     SOFTLY(soft_fma(&float16, a, b, c, ROUNDING, FLAGS))
#define MIN_H(a, b)        SOFTLY(soft_min(&float16, a, b, FLAGS))
#define MAX_H(a, b)        SOFTLY(soft_max(&float16, a, b, FLAGS))
#define MINM_H(a, b)       SOFTLY(soft_minm(&float16, a, b, FLAGS))
#define MAXM_H(a, b)       SOFTLY(soft_maxm(&float16, a, b, FLAGS))
#define EQ_H(a, b)         SOFTLY(soft_eq(&float16, a, b, FLAGS))
#define LT_H(a, b)         SOFTLY(soft_lt(&float16, a, b, FLAGS))
#define LE_H(a, b)         SOFTLY(soft_le(&float16, a, b, FLAGS))
#define LTQ_H(a, b)        SOFTLY(soft_ltq(&float16, a, b, FLAGS))
#define LEQ_H(a, b)        SOFTLY(soft_leq(&float16, a, b, FLAGS))
#define CLASS_H(a)         (ix) soft_class(&float16, a)
#define TO_I32_H(a)        SOFTLY(soft_to_int(&float16, a, INTEGER_I32, ROUNDING, FLAGS))
#define TO_U32_H(a)        SOFTLY(soft_to_int(&float16, a, INTEGER_U32, ROUNDING, FLAGS))
#define TO_I64_H(a)        SOFTLY(soft_to_int(&float16, a, INTEGER_I64, ROUNDING, FLAGS))
#define TO_U64_H(a)        SOFTLY(soft_to_int(&float16, a, INTEGER_U64, ROUNDING, FLAGS))
#define FROM_I32_H(a)      SOFTLY(soft_from_int(&float16, a, INTEGER_I32, ROUNDING, FLAGS))
#define FROM_U32_H(a)      SOFTLY(soft_from_int(&float16, a, INTEGER_U32, ROUNDING, FLAGS))
#define FROM_I64_H(a)      SOFTLY(soft_from_int(&float16, a, INTEGER_I64, ROUNDING, FLAGS))
#define FROM_U64_H(a)      SOFTLY(soft_from_int(&float16, a, INTEGER_U64, ROUNDING, FLAGS))
/* The single first: it may leave by a door, which nothing inside SOFTLY can. */
#define S_TO_H(a)          ({ u32 a_ = (a); SOFTLY(soft_convert(&float16, &float32, a_, ROUNDING, FLAGS)); })
#define D_TO_H(a)          SOFTLY(soft_convert(&float16, &float64, a, ROUNDING, FLAGS))
#define H_TO_S(a)          SOFTLY(soft_convert(&float32, &float16, a, ROUNDING, FLAGS))
#define H_TO_D(a)          SOFTLY(soft_convert(&float64, &float16, a, ROUNDING, FLAGS))
#define INTEGRAL_H(a)      SOFTLY(soft_integral(&float16, a, ROUNDING, FLAGS))
#define INTEGRAL_NX_H(a)   SOFTLY(soft_integral_nx(&float16, a, ROUNDING, FLAGS))
#define MODULAR_I32_D(a)   SOFTLY(soft_to_int_modular(&float64, a, FLAGS))
#define CONSTANT_H(index)  soft_constant(&float16, index)
#define CONSTANT_S(index)  soft_constant(&float32, index)
#define CONSTANT_D(index)  soft_constant(&float64, index)
/* clang-format on */
