/* A sample: one random program and the whole state it starts from. Nothing of it is hidden in a
 * seed, so that a shrunk one can be kept as text and still means the same when the generator has
 * changed.
 *
 * A sample's body runs `loops` times. Before each time the driver (driver.s) sets the CSRs and
 * pointers of one of four "wheres"; the other registers, the data and the code stay as the time
 * before left them. */
#ifndef TESTS_RANDOM_SAMPLE_H
#define TESTS_RANDOM_SAMPLE_H

#include "cpu/isa.h"
#include "tests/agree/random.h"

/* Where things lie in guest memory; driver.s gets the same names. */
#define PLACES(PLACE)                                                                              \
    PLACE(BASE, 0x80000000)      /* the driver; only M-mode reaches the first 32 KiB */            \
    PLACE(FRAME, 0x80004000)     /* the driver's memory, FRAME_WORDS */                            \
    PLACE(S_HANDLER, 0x80008000) /* the trap handler of S-mode */                                  \
    PLACE(S_FRAME, 0x80009000)   /* and its memory */                                              \
    PLACE(TABLES, 0x80010000)    /* page tables: a copy that the samples may wear out */           \
    PLACE(CODE, 0x80040000)      /* two pages; the body lies across their border */                \
    PLACE(DATA, 0x80060000)      /* two pages that the samples read and write */                   \
    PLACE(PATTERN, 0x80100000)   /* what DATA is filled from */                                    \
    PLACE(PRISTINE, 0x80110000)  /* what TABLES is filled from */                                  \
    PLACE(RECORDS, 0x80140000)   /* the samples, one after the other */                            \
    PLACE(CODE_SIZE, 0x2000)     /* bytes */                                                       \
    PLACE(DATA_SIZE, 0x2000)                                                                       \
    PLACE(TABLES_SIZE, 0x8000)                                                                     \
    PLACE(BODY_FROM, 0x800)          /* a body lies within these offsets from CODE, */             \
    PLACE(BODY_TO, 0x1800)           /* its end and the ecalls behind it, too */                   \
    PLACE(WINDOW_USER, 0xc0000000)   /* virtual: RAM_BASE again, for U-mode */                     \
    PLACE(WINDOW_RANDOM, 0xa0000000) /* virtual: 32 pages with any rights to code or data */       \
    PLACE(WINDOW_LARGE, 0xb0000000)  /* virtual: RAM_BASE again, by a superpage */

enum place {
#define PLACE(name, value) AT_##name = (i64)value,
    PLACES(PLACE)
#undef PLACE
};

/* The words of a where: CSRs in the order in which the driver writes them, with what they need. */
#define WHERE_CSRS(CSR)                                                                            \
    CSR(PMPADDR1, 0x3b1, RV_I)                                                                     \
    CSR(PMPADDR2, 0x3b2, RV_I)                                                                     \
    CSR(PMPADDR3, 0x3b3, RV_I)                                                                     \
    CSR(PMPCFG0, 0x3a0, RV_I)                                                                      \
    CSR(MEDELEG, 0x302, RV_I)                                                                      \
    CSR(MIDELEG, 0x303, RV_I)                                                                      \
    CSR(MENVCFGH, 0x31a, RV32_I)                                                                   \
    CSR(MENVCFG, 0x30a, RV_I)                                                                      \
    CSR(MSTATEEN0, 0x30c, RV_SMSTATEEN) /* first: QEMU loses the other half */                     \
    CSR(MSTATEEN0H, 0x31c, RV32_SMSTATEEN)                                                         \
    CSR(SENVCFG, 0x10a, RV_I)                                                                      \
    CSR(MCOUNTEREN, 0x306, RV_I)                                                                   \
    CSR(SCOUNTEREN, 0x106, RV_I)                                                                   \
    CSR(STVEC, 0x105, RV_I)                                                                        \
    CSR(SATP, 0x180, RV_I)                                                                         \
    CSR(MIE, 0x304, RV_I)                                                                          \
    CSR(FRM, 0x002, RV_F)                                                                          \
    CSR(MSTATUS, 0x300, RV_I)

enum where_word {
#define CSR(name, number, need) WORD_##name,
    WHERE_CSRS(CSR)
#undef CSR
        WORD_ENTRY, /* added to the address of the body: 0, or WINDOW_USER - BASE */
    WORD_DUE,       /* bit 0: MSI, 1: MTI, 2: STI by stimecmp are pending from the start */
    WORD_X2,
    WORD_X3,
    WORD_X4,
    WORD_X8,
    WORD_X9,
    WORD_COUNT
};

/* Bits of WORD_DUE: from the CLINT, and from stimecmp. */
enum due { MSI_DUE = 1, TIMER_DUE = 2, STIMER_DUE = 4 };

#define SAMPLE_WHERES 4u
#define SAMPLE_BODY   1400u /* bytes at most */

struct sample {
    u64 loops;
    u64 start;  /* the body's offset from CODE */
    u64 data;   /* DATA begins with this word of PATTERN */
    u64 tables; /* seed of the page tables; 0: there are none. The same throughout an image */
    u64 fcsr;
    u64 security; /* mseccfg: 0, or RLB with others. The same throughout an image */
    u64 x[32], f[32];
    u64 wheres[SAMPLE_WHERES][WORD_COUNT];
    u32 size; /* bytes of body */
    u8 body[SAMPLE_BODY];
};

enum sample_kind { SAMPLE_USER, SAMPLE_PRIVILEGED };

/* A number that floating point or division finds interesting, among others. */
u64 sample_value(struct random *random);
/* satp for the page tables of this seed; mode and depth come from the seed. */
u64 sample_satp(const struct isa *isa, u64 tables);
/* Writes those tables, as they must lie at TABLES, into TABLES_SIZE bytes. */
void sample_tables(const struct isa *isa, u64 tables, u8 *to);

#endif
