/* Halves on the host: F16C, which every processor with AVX2 has (clang 14 cannot ask for F16C). */
#include "tests/float/judge_host.h"

#include <immintrin.h>

#define BY_MXCSR 4 /* the rounding mode is the FPU's, not the instruction's */

bool host_knows_half(const struct operation *operation)
{
    bool is_known = (operation->format == &float16 && operation->to == &float32) ||
                    (operation->format == &float32 && operation->to == &float16);

    return is_known && __builtin_cpu_supports("avx2");
}

__attribute__((noinline, target("f16c"))) u64 host_single_to_half(u64 bits)
{
    volatile u32 from = (u32)bits;
    volatile u32 to;
    __m128i half = _mm_cvtps_ph(_mm_castsi128_ps(_mm_cvtsi32_si128((i32)from)), BY_MXCSR);

    to = (u32)_mm_cvtsi128_si32(half);
    return to & 0xffff;
}

__attribute__((noinline, target("f16c"))) static u64 half_to_single(u64 bits)
{
    volatile u32 from = (u32)bits;
    volatile u32 to;
    __m128 single = _mm_cvtph_ps(_mm_cvtsi32_si128((i32)from));

    to = (u32)_mm_cvtsi128_si32(_mm_castps_si128(single));
    return to;
}

u64 host_convert_half(const struct operation *operation, u64 bits)
{
    return operation->format == &float16 ? half_to_single(bits) : host_single_to_half(bits);
}
