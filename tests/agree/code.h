/* Random instructions, drawn from the rows of isa.def and rvc.def that a processor has switched on
 * (see code.c). The random programs of this folder are made of them, and those of tests/random. */
#ifndef TESTS_AGREE_CODE_H
#define TESTS_AGREE_CODE_H

#include "cpu/isa.h"
#include "tests/agree/random.h"

struct generator {
    struct random random;
    struct isa isa;
    struct decoder *decoder; /* knows what is switched on */
    u16 *pool;               /* rows, each as often as its weight */
    unsigned pool_size;
};

/* The encoding of a row with these operands; bits that no operand decides come from noise. */
struct operands {
    u32 rd, rs1, rs2;
    i32 imm; /* immediate or CSR number */
};
u32 encode(const struct row_info *row, struct operands operands, u32 noise);

/* False when memory is short. */
bool generator_init(struct generator *generator, const struct isa *isa);
void generator_release(struct generator *generator);

/* One instruction; of CSRs it writes only what the handlers can do without. */
u32 code_draw(struct generator *generator);
/* Fills size bytes with random instructions. */
void code_write(struct generator *generator, u8 *to, u32 size);

#endif
