/* Drawing random samples. */
#ifndef TESTS_RANDOM_DRAW_H
#define TESTS_RANDOM_DRAW_H

#include "tests/agree/code.h"
#include "tests/random/sample.h"

/* How much there is of a sample. */
#define DRAW_LOOPS_USER       200u
#define DRAW_LOOPS_PRIVILEGED 12u

/* Draws the sample of this seed. tables is the seed of its page tables, for SAMPLE_PRIVILEGED. */
void draw_sample(struct generator *generator, enum sample_kind kind, u64 seed, u64 tables,
                 struct sample *sample);

/* ---- between the files of it ---- */

/* What begins at a halfword of the body: nothing that a branch may go to; an instruction or a
 * group; a branch that stays as it is. */
enum start { START_OF_NOTHING, START, START_OF_GUARD };

/* A body under construction. */
struct drawing {
    struct generator *generator;
    struct sample *sample;
    enum sample_kind kind;
    bool has_masks;               /* of pointers; MXR is off then: QEMU masks all the same */
    bool has_pmp;                 /* no cbo then: QEMU looks at one byte of the block */
    u64 interrupt;                /* the one bit of mie that may be set */
    u64 due;                      /* bits of WORD_DUE that may be set */
    u8 is_start[SAMPLE_BODY / 2]; /* enum start */
};

void draw_word(struct drawing *drawing, u32 word);
void draw_row(struct drawing *drawing, enum row row, struct operands operands);
/* A register that no pointer is in. */
u32 draw_scratch(struct drawing *drawing);
/* rd becomes value: two instructions, or eight. */
void draw_li(struct drawing *drawing, u32 rd, u64 value);
/* draw_privileged.c: one or several instructions about CSRs and privilege. */
void draw_csr(struct drawing *drawing);
/* draw_where.c: the CSRs and pointers of iterations. */
void draw_wheres(struct drawing *drawing);
u64 draw_mstatus(const struct drawing *drawing, unsigned mode);

#endif
