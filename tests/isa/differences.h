/* Where our disassembler and another one may differ, and why. An entry that a comparison of
 * everything never needs is a mistake. */
#ifndef TESTS_ISA_DIFFERENCES_H
#define TESTS_ISA_DIFFERENCES_H

#include "memory/types.h"

enum disagreement {
    ONLY_OURS,   /* illegal there */
    ONLY_THEIRS, /* illegal here */
    OTHER_CSR,   /* the same instruction, and of the names of a CSR one has only the number */
    OTHER_TEXT,
};

struct difference {
    const char *judge;
    unsigned xlen; /* 0: both */
    enum disagreement kind;
    const char *mnemonic; /* how the text begins: theirs when the word is illegal here, else ours */
    u32 mask, match;      /* which words of these */
    const char *reason;
};

#define SHIFT_RV32 "RV32: the sixth bit of a shift amount is reserved"
#define HINT_SHIFT "a compressed shift by 0 is a hint, which they call by an RV128 name"
#define ROUNDING   "rounding modes 5 and 6 are reserved, so the word is illegal"
#define FENCE      "reserved fields of a fence are to be ignored"
#define EMPTY_SET  "they have no name for an empty set of a fence; it is a hint"
#define EXACT      "an exact conversion may name any rounding mode"
#define NO_CSR     "a CSR that is not here (theirs: an extension's, ours: newer than they are)"
#define OLD        "an instruction of a privileged architecture before 1.10"

static const struct difference differences[] = {
    {"binutils", 0, OTHER_TEXT, "c.nop", 0xef83, 0x0001, "they call it c.addi"},
    {"binutils", 0, OTHER_TEXT, "c.slli", 0xf07f, 0x0002, HINT_SHIFT},
    {"binutils", 0, OTHER_TEXT, "c.srli", 0xfc7f, 0x8001, HINT_SHIFT},
    {"binutils", 0, OTHER_TEXT, "c.srai", 0xfc7f, 0x8401, HINT_SHIFT},
    {"binutils", 0, ONLY_THEIRS, "c.addi16sp x2,0", 0xffff, 0x6101,
     "an adjustment by 0 is reserved"},
    {"binutils", 32, ONLY_THEIRS, "c.slli ", 0xf003, 0x1002, SHIFT_RV32},
    {"binutils", 32, ONLY_THEIRS, "c.srli ", 0xfc03, 0x9001, SHIFT_RV32},
    {"binutils", 32, ONLY_THEIRS, "c.srai ", 0xfc03, 0x9401, SHIFT_RV32},
    {"binutils", 32, ONLY_THEIRS, "", 0x0200307f, 0x02001013, SHIFT_RV32},
    {"binutils", 0, ONLY_THEIRS, "f", 0x7073, 0x5043, ROUNDING},
    {"binutils", 0, ONLY_THEIRS, "f", 0x7073, 0x6043, ROUNDING},
    {"binutils", 0, ONLY_THEIRS, "f", 0x707f, 0x5053, ROUNDING},
    {"binutils", 0, ONLY_THEIRS, "f", 0x707f, 0x6053, ROUNDING},
    {"binutils", 0, ONLY_OURS, "fcvt.d.s", 0, 0, EXACT},
    {"binutils", 0, ONLY_OURS, "fcvt.d.w", 0, 0, EXACT},
    {"binutils", 0, ONLY_OURS, "fcvt.s.h", 0, 0, EXACT},
    {"binutils", 0, ONLY_OURS, "fcvt.d.h", 0, 0, EXACT},
    {"binutils", 0, ONLY_OURS, "fence", 0, 0, FENCE},
    {"binutils", 0, OTHER_TEXT, "fence ", 0x0f000000, 0, EMPTY_SET},
    {"binutils", 0, OTHER_TEXT, "fence ", 0x00f00000, 0, EMPTY_SET},
    {"binutils", 0, OTHER_CSR, "csrr", 0, 0, NO_CSR},
    {"binutils", 0, ONLY_THEIRS, "uret", 0xffffffff, 0x00200073, OLD},
    {"binutils", 0, ONLY_THEIRS, "hret", 0xffffffff, 0x20200073, OLD},
    {"binutils", 0, ONLY_THEIRS, "sfence.vm", 0xfff07fff, 0x10400073, OLD},

    {"llvm", 0, OTHER_TEXT, "c.slli", 0xf07f, 0x0002, HINT_SHIFT},
    {"llvm", 0, OTHER_TEXT, "c.srli", 0xfc7f, 0x8001, HINT_SHIFT},
    {"llvm", 0, OTHER_TEXT, "c.srai", 0xfc7f, 0x8401, HINT_SHIFT},
    {"llvm", 0, OTHER_TEXT, "c.lui x0,", 0xef83, 0x6001, "as a hint they show it signed"},
    {"llvm", 0, ONLY_THEIRS, "c.lui ", 0xf07f, 0x6001, "c.lui of 0 is reserved"},
    {"llvm", 32, ONLY_THEIRS, "c.slli ", 0xf003, 0x1002, SHIFT_RV32},
    {"llvm", 32, ONLY_THEIRS, "c.srli ", 0xfc03, 0x9001, SHIFT_RV32},
    {"llvm", 32, ONLY_THEIRS, "c.srai ", 0xfc03, 0x9401, SHIFT_RV32},
    {"llvm", 32, ONLY_THEIRS, "", 0x0200307f, 0x02001013, SHIFT_RV32},
    {"llvm", 0, ONLY_OURS, "fence", 0, 0, FENCE},
    {"llvm", 0, OTHER_TEXT, "pause", 0xffffffff, 0x0100000f, "to them, pause is an alias"},
    {"llvm", 0, ONLY_THEIRS, "fcvtmod.w.d ", 0, 0,
     "every rounding mode but rtz is reserved for it"},
    {"llvm", 0, OTHER_CSR, "csrr", 0, 0, NO_CSR},
};

#undef SHIFT_RV32
#undef HINT_SHIFT
#undef ROUNDING
#undef FENCE
#undef EMPTY_SET
#undef EXACT
#undef NO_CSR
#undef OLD

enum { DIFFERENCE_COUNT = sizeof differences / sizeof differences[0] };

#endif
