/* Multiplication and division where their results are special: division by zero, signed overflow,
 * the upper halves, and the W forms on operands whose upper halves are full. (Unprivileged manual,
 * "M" Extension for Integer Multiplication and Division.) */
#include "check.h"

#define MIN (1 << (XLEN - 1))

    .macro OPERATION number, name, left, right, result
    CHECK   \number
    li      a0, \left
    li      a1, \right
    \name   a2, a0, a1
    EQ      a2, \result
    \name   a0, a0, a1              /* also when the result replaces an operand */
    EQ      a0, \result
    .endm

    BEGIN
    OPERATION 1, div, 7, 0, -1
    OPERATION 2, divu, 7, 0, -1
    OPERATION 3, rem, -7, 0, -7
    OPERATION 4, remu, -7, 0, -7
    OPERATION 5, div, MIN, -1, MIN
    OPERATION 6, rem, MIN, -1, 0
    OPERATION 7, div, -7, 2, -3
    OPERATION 8, rem, -7, 2, -1
    OPERATION 9, rem, 7, -2, 1
    OPERATION 10, divu, MIN, -1, 0
    OPERATION 11, remu, MIN, -1, MIN
    OPERATION 12, mul, MIN, -1, MIN
    OPERATION 13, mulh, MIN, MIN, (1 << (XLEN - 2))
    OPERATION 14, mulh, -1, 1, -1
    OPERATION 15, mulh, -1, -1, 0
    OPERATION 16, mulhu, -1, -1, -2
    OPERATION 17, mulhsu, MIN, -1, MIN
    OPERATION 18, mulhsu, -1, -1, -1
    OPERATION 19, mulhsu, 1, -1, 0
    OPERATION 20, mulhsu, -1, 1, -1
    OPERATION 21, div, 0, 0, -1
    OPERATION 22, rem, 0, 0, 0
#if XLEN == 64
    OPERATION 40, divw, 0xffffffff80000000, -1, 0xffffffff80000000
    OPERATION 41, remw, 0xffffffff80000000, -1, 0
    OPERATION 42, divw, 0x80000000, 0xffffffff, 0xffffffff80000000
    OPERATION 43, divw, 0x100000006, 3, 2
    OPERATION 44, divw, 0x500000007, 0x300000000, -1
    OPERATION 45, remw, 0x580000000, 0x300000000, 0xffffffff80000000
    OPERATION 46, divuw, 0x1ffffffff, 1, -1
    OPERATION 47, divuw, 0xffffffff, 2, 0x7fffffff
    OPERATION 48, divuw, 5, 0x100000000, -1
    OPERATION 49, remuw, 0x180000000, 0x100000000, 0xffffffff80000000
    OPERATION 50, remuw, -1, 0x80000000, 0x7fffffff
    OPERATION 51, mulw, 0x7fffffff, 2, -2
    OPERATION 52, mulw, 0x100000003, 0x700000005, 15
#endif
    END
