/* What an instruction is, as data. The rows are in isa.def and rvc.def; this header gives each a
 * number and says which extensions exist and which of them a machine has switched on. */
#ifndef CPU_ISA_H
#define CPU_ISA_H

#include "memory/types.h"

/* An extension: name in the ISA string, and what it brings. One line each; the order is the order
 * in which the ISA string names them. */
#define EXTENSIONS(EXT)                                                                            \
    EXT(I, "i", "base integer instructions")                                                       \
    EXT(M, "m", "multiply and divide")                                                             \
    EXT(A, "a", "atomics")                                                                         \
    EXT(F, "f", "single-precision floating point")                                                 \
    EXT(D, "d", "double-precision floating point")                                                 \
    EXT(C, "c", "compressed instructions")                                                         \
    EXT(ZICBOM, "zicbom", "cache-block management")                                                \
    EXT(ZICBOP, "zicbop", "cache-block prefetch")                                                  \
    EXT(ZICBOZ, "zicboz", "cache-block zero")                                                      \
    EXT(ZICNTR, "zicntr", "counters cycle, time, instret")                                         \
    EXT(ZICOND, "zicond", "conditional zero")                                                      \
    EXT(ZICSR, "zicsr", "control and status registers")                                            \
    EXT(ZIFENCEI, "zifencei", "instruction-fetch fence")                                           \
    EXT(ZIHINTNTL, "zihintntl", "locality hints, which are additions to x0")                       \
    EXT(ZIHINTPAUSE, "zihintpause", "pause hint")                                                  \
    EXT(ZIHPM, "zihpm", "hardware performance counters")                                           \
    EXT(ZIMOP, "zimop", "may-be operations")                                                       \
    EXT(ZABHA, "zabha", "byte and halfword atomics")                                               \
    EXT(ZACAS, "zacas", "atomic compare and swap")                                                 \
    EXT(ZAMA16B, "zama16b", "misaligned atomics within 16 bytes")                                  \
    EXT(ZAWRS, "zawrs", "wait on a reservation set")                                               \
    EXT(ZFA, "zfa", "more floating point")                                                         \
    EXT(ZFH, "zfh", "half-precision floating point")                                               \
    EXT(ZFHMIN, "zfhmin", "half precision: moves and conversions")                                 \
    EXT(ZCB, "zcb", "more compressed instructions")                                                \
    EXT(ZCMOP, "zcmop", "compressed may-be operations")                                            \
    EXT(ZBA, "zba", "address generation")                                                          \
    EXT(ZBB, "zbb", "basic bit manipulation")                                                      \
    EXT(ZBC, "zbc", "carry-less multiplication")                                                   \
    EXT(ZBS, "zbs", "single-bit instructions")                                                     \
    EXT(SDTRIG, "sdtrig", "address triggers: hardware breakpoints and watchpoints")                \
    EXT(SMCNTRPMF, "smcntrpmf", "cycle and instret stand still in chosen modes")                   \
    EXT(SMEPMP, "smepmp", "M-mode keeps itself out of memory")                                     \
    EXT(SMNPM, "smnpm", "pointer masking for S-mode")                                              \
    EXT(SMSTATEEN, "smstateen", "M-mode gates new state of lower modes")                           \
    EXT(SSCOFPMF, "sscofpmf", "counters interrupt when they overflow")                             \
    EXT(SSCOUNTERENW, "sscounterenw",                                                              \
        "scounteren: every bit of a counter that counts can be written")                           \
    EXT(SSNPM, "ssnpm", "pointer masking for U-mode")                                              \
    EXT(SSSTATEEN, "ssstateen", "S-mode gates new state of U-mode")                                \
    EXT(SSTC, "sstc", "supervisor timer compare")                                                  \
    EXT(SSU64XL, "ssu64xl", "U-mode of 64 bits")                                                   \
    EXT(SUPM, "supm", "U-mode can have its pointers masked")                                       \
    EXT(SVADE, "svade", "page faults set A and D bits")                                            \
    EXT(SVADU, "svadu", "hardware updates A and D bits")                                           \
    EXT(SVINVAL, "svinval", "invalidation of translations in batches")                             \
    EXT(SVNAPOT, "svnapot", "64 KiB pages of 16 entries")                                          \
    EXT(SVPBMT, "svpbmt", "memory types in page-table entries")                                    \
    EXT(SVVPTC, "svvptc", "entries made valid are seen without sfence.vma")

enum extension {
#define EXT(name, text, meaning) EXT_##name,
    EXTENSIONS(EXT)
#undef EXT
        EXT_COUNT
};

/* What a row needs: an extension (bits 7..0) and for RV32_ and RV64_ that register width
 * (bits 15..8). Where it takes two extensions the row adds AND(the second) (bits 23..16). */
enum need {
#define EXT(name, text, meaning)                                                                   \
    RV_##name = EXT_##name, RV32_##name = EXT_##name | 32 << 8, RV64_##name = EXT_##name | 64 << 8,
    EXTENSIONS(EXT)
#undef EXT
};

#define AND(name) (((u32)EXT_##name + 1) << 16)

/* Where the operands are in the bits. Immediates of the compressed formats are scattered;
 * cpu/decode.c draws each. */
enum format {
    FORMAT_NONE,
    FORMAT_R,
    FORMAT_R4,
    FORMAT_RM,
    FORMAT_I,
    FORMAT_SHIFT,
    FORMAT_S,
    FORMAT_B,
    FORMAT_U,
    FORMAT_J,
    FORMAT_CSR,
    FORMAT_AMO,
    FORMAT_MOP_R, /* mop.r.n and mop.rr.n: the number is in imm, and part of the name */
    FORMAT_MOP_RR,
    FORMAT_FENCE,
    /* compressed */
    FORMAT_CR_MV,
    FORMAT_CR_ADD,
    FORMAT_CR_JR,
    FORMAT_CR_JALR,
    FORMAT_CI,
    FORMAT_CI_LI,
    FORMAT_CI_LUI,
    FORMAT_CI_16SP,
    FORMAT_CI_SHIFT,
    FORMAT_CI_SPW,
    FORMAT_CI_SPD,
    FORMAT_CSS_W,
    FORMAT_CSS_D,
    FORMAT_CIW,
    FORMAT_CL_W,
    FORMAT_CL_D,
    FORMAT_CS_W,
    FORMAT_CS_D,
    FORMAT_CA,
    FORMAT_CB,
    FORMAT_CB_SHIFT,
    FORMAT_CB_IMM,
    FORMAT_CJ,
    FORMAT_C_MOP,
    FORMAT_CL_B,
    FORMAT_CL_H,
    FORMAT_CS_B,
    FORMAT_CS_H,
    FORMAT_CU,
    FORMAT_CU_255,
    FORMAT_CU_NOT,
    FORMAT_CJ_RA,
};

enum row {
#define INSN(name, ...) ROW_##name,
#define FLOW            INSN
#define SYSTEM          INSN
#include "cpu/isa.def"
#undef INSN
#undef FLOW
#undef SYSTEM
    ROW_COUNT,
    ROW_illegal = ROW_COUNT, /* no row matches, or its extension is off */
};

enum row_kind { KIND_INSN, KIND_FLOW, KIND_SYSTEM };

/* A row, or another spelling of one, as its readers see it. */
struct row_info {
    const char *name;     /* as in the table, with _ for the dot */
    const char *operands; /* the print template */
    const char *bits;     /* as the manual prints them */
    const char *meaning;  /* the C text of the row; NULL for spellings */
    enum format format;
    u16 row;   /* the row whose meaning runs; ROW_illegal for a reserved word */
    u32 need;  /* enum need, perhaps with AND() */
    u8 kind;   /* enum row_kind */
    u8 length; /* bytes: 2 or 4 */
};

/* What the bit string says: a word w is this row's if (w & mask) == match. */
void row_bits(const struct row_info *row, u32 *mask, u32 *match);

/* All rows of isa.def (the first ROW_COUNT, in the order of enum row) and then those of rvc.def. */
const struct row_info *isa_rows(unsigned *count);

/* What a row's text tells about it, at compile time in the engines. */
#define WRITES_RD(operands)  ((operands)[0] == 'r' && (operands)[1] == 'd')
#define WRITES_FRD(operands) ((operands)[0] == 'f' && (operands)[1] == 'r' && (operands)[2] == 'd')
#define IS_FLOAT(need)                                                                             \
    (((need)&0xff) == EXT_F || ((need)&0xff) == EXT_D || ((need)&0xff) == EXT_ZFA ||               \
     ((need)&0xff) == EXT_ZFH || ((need)&0xff) == EXT_ZFHMIN)
#define ROUNDS(format) ((format) == FORMAT_RM || (format) == FORMAT_R4)

/* One instruction, decoded. */
struct insn {
    u16 row;   /* enum row */
    u8 length; /* bytes: 2 or 4 */
    u8 rd, rs1, rs2;
    u8 rs3, rm;   /* R4's third source; the rounding mode, or aq and rl (bits 1 and 0) of an AMO */
    i32 imm;      /* immediate, shift amount or CSR number */
    u32 bits;     /* as fetched; a compressed one in the low half */
    u32 spelling; /* index into isa_rows(): which line of the tables matched */
};

/* Which processor: register width and the extensions that are on. */
struct isa {
    unsigned xlen;  /* 32 or 64 */
    u64 extensions; /* bit (1 << enum extension) */
};

static inline bool isa_has(const struct isa *isa, enum extension extension)
{
    return isa->extensions >> extension & 1;
}

const char *extension_name(enum extension extension);
const char *extension_meaning(enum extension extension);

/* Everything there is for this register width. */
u64 isa_all(unsigned xlen);

/* Reads "rv64gc", "rv32gc", "rva20s64", "max" (everything, RV64), "max32" or an ISA string such as
 * "rv64imac_zicsr_zba". False when it cannot be; then message holds one sentence that says what is
 * wrong. */
bool isa_parse(const char *text, struct isa *isa, char *message, size_t message_size);
/* The ISA string for the device tree: "rv64imafdc_zicsr_...". Returns text. */
char *isa_string(const struct isa *isa, char *text, size_t size);

/* Which rows are on, sorted for looking up, and a memo of words decoded lately (decoding is a pure
 * function of the word). */
#define DECODER_BUCKETS                                                                            \
    288                   /* 256 of 32-bit words by funct3 and opcode[6:2], 32 of 16-bit words     \
                           */
#define DECODER_ROWS 2560 /* places; a row that fixes no funct3 stands in eight buckets */
#define DECODER_MEMO 4096
struct decoder {
    struct isa isa;
    u16 first[DECODER_BUCKETS + 1]; /* bucket b holds rows[first[b]] .. rows[first[b + 1] - 1] */
    struct decoder_row {
        u32 mask, match;
        u16 index;        /* into isa_rows() */
    } rows[DECODER_ROWS]; /* the more specific first */
    struct insn memo[DECODER_MEMO];
};

void decoder_init(struct decoder *decoder, const struct isa *isa);
/* Decodes the word at the start of bits (a 32-bit instruction needs all of it, a 16-bit one the low
 * half). The row is ROW_illegal when nothing that is switched on matches; length is then still what
 * the low bits say. */
struct insn decode(struct decoder *decoder, u32 bits);
/* Reads the word as this line of isa_rows(), whatever else it may be: where its operands are. */
struct insn decode_as(unsigned spelling, u32 bits);
/* Is this the first half of a 32-bit instruction? */
static inline bool is_wide(u16 half)
{
    return (half & 3) == 3;
}

#endif
