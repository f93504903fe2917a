/* Random instructions (see program.h): every row and every spelling that is switched on, with
 * operands that mostly make sense, so that the program does something between two traps. */
#include "tests/agree/code.h"

#include <stdlib.h>
#include <string.h>

/* CSRs that random code may write; the rest it only reads, or the handlers would be lost. */
static const u16 writable_csrs[] = {
    0x001, 0x002, 0x003, 0x100, 0x104, 0x106, 0x10a, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x15d,
    0x180, 0x300, 0x302, 0x303, 0x304, 0x306, 0x30a, 0x30c, 0x10c, 0x31c, 0x320, 0x321, 0x322,
    0x323, 0x324, 0x325, 0x341, 0x342, 0x343, 0x344, 0x3b2, 0x3b3, 0x3b5, 0xb00, 0xb02, 0xb03,
    0xb04, 0xb80, 0xb82, 0xb83, 0x723, 0xda0, 0xc03, 0xc00, 0xf14, 0x7a0, 0x7a1, 0x7a2, 0x7a4,
};

static bool is_csr(u16 row)
{
    return row >= ROW_csrrw && row <= ROW_csrrci;
}

static bool is_load_or_store(const struct row_info *row)
{
    return strstr(row->operands, "(rs1)") != NULL && row->row != ROW_jalr;
}

static unsigned weight(const struct row_info *row)
{
    if (is_csr(row->row))
        return 4;
    if (row->row == ROW_lr_w || row->row == ROW_sc_w || row->row == ROW_lr_d ||
        row->row == ROW_sc_d)
        return 4;
    switch ((enum row_kind)row->kind) {
    case KIND_INSN:
        return is_load_or_store(row) && row->format != FORMAT_AMO ? 16 : 8;
    case KIND_FLOW:
        return row->format == FORMAT_J || row->format == FORMAT_CJ ? 3 : 1;
    case KIND_SYSTEM:
        break;
    }
    return 1;
}

static bool is_on(const struct isa *isa, const struct row_info *row)
{
    unsigned xlen = row->need >> 8 & 0xff, also = row->need >> 16;

    return isa_has(isa, row->need & 0xff) && (xlen == 0 || xlen == isa->xlen) &&
           (also == 0 || isa_has(isa, also - 1));
}

bool generator_init(struct generator *generator, const struct isa *isa)
{
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count);

    *generator = (struct generator){.isa = *isa};
    generator->decoder = malloc(sizeof *generator->decoder);
    generator->pool = malloc(row_count * 16 * sizeof generator->pool[0]);
    if (!generator->decoder || !generator->pool) {
        generator_release(generator);
        return false;
    }
    decoder_init(generator->decoder, isa);
    for (unsigned i = 0; i < row_count; i++)
        if (is_on(isa, &rows[i]))
            for (unsigned times = weight(&rows[i]); times-- > 0;)
                generator->pool[generator->pool_size++] = (u16)i;
    return true;
}

void generator_release(struct generator *generator)
{
    free(generator->decoder);
    free(generator->pool);
}

/* Puts the low `width` bits of value at bit `low`, but never over a bit that the row fixes. */
static u32 set(u32 word, u32 fixed, u32 value, unsigned low, unsigned width)
{
    u32 field = ((1u << width) - 1) << low & ~fixed;

    return (word & ~field) | (value << low & field);
}

u32 encode(const struct row_info *row, struct operands operands, u32 noise)
{
    u32 fixed, match, word, imm = (u32)operands.imm;

    row_bits(row, &fixed, &match);
    word = match | (noise & ~fixed);
    if (row->length == 2 || row->format == FORMAT_NONE || row->format == FORMAT_FENCE)
        return word;
    if (row->format != FORMAT_S && row->format != FORMAT_B)
        word = set(word, fixed, operands.rd, 7, 5);
    if (row->format == FORMAT_U)
        return set(word, fixed, imm >> 12, 12, 20);
    if (row->format == FORMAT_J)
        return set(word, fixed,
                   (imm >> 20 & 1) << 19 | (imm >> 1 & 0x3ff) << 9 | (imm >> 11 & 1) << 8 |
                       (imm >> 12 & 0xff),
                   12, 20);
    word = set(word, fixed, operands.rs1, 15, 5);
    if (row->format == FORMAT_I || row->format == FORMAT_CSR)
        return set(word, fixed, imm, 20, 12);
    if (row->format == FORMAT_SHIFT)
        return set(word, fixed, imm, 20, 6);
    word = set(word, fixed, operands.rs2, 20, 5);
    if (row->format == FORMAT_S)
        word = set(set(word, fixed, imm, 7, 5), fixed, imm >> 5, 25, 7);
    if (row->format == FORMAT_B) {
        word = set(set(word, fixed, imm >> 11, 7, 1), fixed, imm >> 1, 8, 4);
        word = set(set(word, fixed, imm >> 5, 25, 6), fixed, imm >> 12, 31, 1);
    }
    return word;
}

/* x2, x8, x9, x3 and x4 are pointers; of the others a few are used most, so that results meet. */
static u32 any_register(struct random *random)
{
    return random_one_in(random, 4) ? random_below(random, 32) : 10 + random_below(random, 8);
}

static u32 destination(struct random *random)
{
    u32 rd = any_register(random);
    bool is_pointer = rd == 2 || rd == 3 || rd == 4 || rd == 8 || rd == 9;

    return is_pointer && !random_one_in(random, 16) ? 11 : rd;
}

static u32 pointer(struct random *random)
{
    static const u8 pointers[] = {9, 9, 9, 8, 8, 2, 3, 4};

    if (random_one_in(random, 64))
        return any_register(random);
    return random_one_in(random, 8) ? pointers[random_below(random, 8)]
                                    : pointers[random_below(random, 6)];
}

/* Mostly near and forward: every backward branch may be a loop, which only the timer ends. */
static i32 distance(struct random *random)
{
    i32 far = random_one_in(random, 8) ? 2000 : 60;
    i32 halfwords = 1 + (i32)random_below(random, (u32)far);

    if (random_one_in(random, 64))
        return (i32)random_next(random) & ~1;
    return random_one_in(random, 10) ? -2 * halfwords : 2 * halfwords;
}

/* An upper immediate that does not make the address of a page table. */
static i32 upper(struct random *random)
{
    if (random_one_in(random, 4))
        return (i32)(0x10000000u * random_below(random, 8) + 0x1000u * random_below(random, 0x40));
    return ((i32)random_below(random, 64) - 32) * 4096;
}

static i32 immediate(struct generator *generator, const struct row_info *row)
{
    struct random *random = &generator->random;

    switch (row->format) {
    case FORMAT_B:
    case FORMAT_J:
        return distance(random);
    case FORMAT_U:
        return upper(random);
    case FORMAT_SHIFT:
        if (generator->isa.xlen == 32 && !random_one_in(random, 16))
            return (i32)random_below(random, 32);
        return (i32)random_below(random, 64);
    case FORMAT_CSR:
        return writable_csrs[random_below(random, sizeof writable_csrs / sizeof writable_csrs[0])];
    default:
        break;
    }
    if (is_load_or_store(row) && random_one_in(random, 2))
        return (i32)random_below(random, 16) * 8;
    return (i32)random_below(random, 4096) - 2048;
}

/* A compressed load or store takes x8 or x9, other rows stay away from them. */
static u32 narrow(struct random *random, const struct row_info *row)
{
    u32 fixed, match, word = encode(row, (struct operands){0}, (u32)random_next(random));

    row_bits(row, &fixed, &match);
    if (row->format >= FORMAT_CL_W && row->format <= FORMAT_CS_D)
        return set(word, fixed, random_below(random, 2), 7, 3);
    if (row->format >= FORMAT_CA && row->format <= FORMAT_CB_IMM && row->format != FORMAT_CB)
        return set(word, fixed, 2 + random_below(random, 6), 7, 3);
    if (row->format >= FORMAT_CI && row->format <= FORMAT_CI_SPD)
        return set(word, fixed, destination(random), 7, 5);
    return word;
}

static u32 wide(struct generator *generator, const struct row_info *row)
{
    struct random *random = &generator->random;
    u32 noise = (u32)random_next(random);
    struct operands operands = {.rd = destination(random),
                                .rs1 = any_register(random),
                                .rs2 = any_register(random),
                                .imm = immediate(generator, row)};

    if (is_load_or_store(row))
        operands.rs1 = pointer(random);
    if (ROUNDS(row->format) && !random_one_in(random, 8)) /* mostly dynamic, nearest or to zero */
        noise = set(noise, 0, random_one_in(random, 2) ? 7 : random_below(random, 2), 12, 3);
    return encode(row, operands, noise);
}

/* Random words may be anything but a write to the CSRs that hold the handlers together. */
static bool is_safe(struct generator *generator, u32 word)
{
    struct insn insn = decode(generator->decoder, word);

    if (!is_csr(insn.row) || insn.rs1 == 0)
        return true;
    if (insn.imm == 0x304 && insn.row <= ROW_csrrc) /* the timer must stay enabled */
        return false;
    for (unsigned i = 0; i < sizeof writable_csrs / sizeof writable_csrs[0]; i++)
        if (insn.imm == writable_csrs[i])
            return true;
    return false;
}

u32 code_draw(struct generator *generator)
{
    struct random *random = &generator->random;
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count), *row;
    u32 word;

    do {
        row = &rows[generator->pool[random_below(random, generator->pool_size)]];
        if (random_one_in(random, 96))
            word = (u32)random_next(random);
        else
            word = row->length == 2 ? narrow(random, row) : wide(generator, row);
    } while (!is_safe(generator, word));
    return word;
}

/* Several instructions that make sense only together. Returns their number. */
static unsigned group(struct generator *generator, u32 *words)
{
    struct random *random = &generator->random;
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count);
    u32 one = 5 + random_below(random, 3), other = 28 + random_below(random, 4);
    i32 there = (i32)random_below(random, 2040) & ~1, here = (i32)random_below(random, 2040) & ~1;
    bool is_double = generator->isa.xlen == 64 && random_one_in(random, 2);

    words[0] = encode(&rows[ROW_auipc], (struct operands){.rd = one, .imm = upper(random) / 4}, 0);
    switch (random_below(random, 4)) {
    case 0: /* a jump to an address in a register */
        words[1] =
            encode(&rows[ROW_jalr], (struct operands){random_below(random, 2), one, 0, there}, 0);
        return 2;
    case 1: /* code writes to code: it copies an instruction */
    case 2:
        words[0] = encode(&rows[ROW_auipc], (struct operands){.rd = one}, 0);
        words[1] = encode(&rows[ROW_lw], (struct operands){other, one, 0, here}, 0);
        words[2] = encode(&rows[is_double                  ? ROW_sd
                                : random_one_in(random, 3) ? ROW_sh
                                                           : ROW_sw],
                          (struct operands){0, one, other, there}, 0);
        words[3] = encode(&rows[ROW_fence_i], (struct operands){0}, 0);
        return random_one_in(random, 4) ? 4 : 3;
    default:
        break;
    }
    words[0] = encode(&rows[is_double ? ROW_lr_d : ROW_lr_w], (struct operands){other, 9, 0, 0}, 0);
    words[1] = code_draw(generator);
    words[2] =
        encode(&rows[is_double ? ROW_sc_d : ROW_sc_w], (struct operands){one, 9, other, 0}, 0);
    return 3;
}

/* A long stretch without a branch or a trap, as compilers make them of unrolled loops. */
static u32 write_straight(struct generator *generator, u8 *to, u32 size)
{
    static const u16 straight[] = {ROW_add, ROW_xor, ROW_addi, ROW_sltu, ROW_or, ROW_lui};
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count);
    u32 at = 0;

    for (u32 left = 200 + random_below(&generator->random, 500); left > 0 && at + 4 <= size;
         left--) {
        u32 word = wide(generator, &rows[straight[random_below(&generator->random, 6)]]);
        memcpy(to + at, &word, 4);
        at += 4;
    }
    return at;
}

void code_write(struct generator *generator, u8 *to, u32 size)
{
    for (u32 at = 0; at + 16 <= size;) {
        u32 words[4];
        unsigned count = 1;
        if (random_one_in(&generator->random, 8000)) {
            at += write_straight(generator, to + at, size - at);
            continue;
        }
        if (random_one_in(&generator->random, 40))
            count = group(generator, words);
        else
            words[0] = code_draw(generator);
        for (unsigned i = 0; i < count; i++) {
            memcpy(to + at, &words[i], 4);
            at += is_wide((u16)words[i]) ? 4 : 2;
        }
    }
}
