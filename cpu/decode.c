/* From a word to an instruction. The rows' bit strings decide which line it is (the more specific
 * line wins); the format says where its operands are ("Immediate Encoding Variants", "Compressed
 * Instruction Formats"). */
#include "cpu/isa.h"

#include <assert.h>
#include <string.h>

/* Bits high..low of the word. */
static u32 field(u32 bits, unsigned high, unsigned low)
{
    return bits >> low & ((2u << (high - low)) - 1);
}

static i32 sign_extend(u32 value, unsigned width)
{
    return (i32)(value << (32 - width)) >> (32 - width);
}

/* 32-bit words are looked up by funct3 and opcode[6:2], 16-bit words by funct3 and the quadrant. */
static unsigned bucket_of(u32 bits)
{
    if (is_wide((u16)bits))
        return field(bits, 14, 12) << 5 | field(bits, 6, 2);
    return 256 + (field(bits, 15, 13) << 2 | field(bits, 1, 0));
}

/* A word that lies in the bucket, as far as the bucket decides its bits; *known says which bits
 * that is. */
static u32 word_of_bucket(unsigned bucket, u32 *known)
{
    if (bucket < 256) {
        *known = 0x707f;
        return (bucket >> 5) << 12 | (bucket & 31) << 2 | 3;
    }
    *known = 0xe003;
    return ((bucket - 256) >> 2) << 13 | ((bucket - 256) & 3);
}

static bool is_on(const struct isa *isa, const struct row_info *row)
{
    unsigned xlen = row->need >> 8 & 0xff, also = row->need >> 16;

    return isa_has(isa, row->need & 0xff) && (xlen == 0 || xlen == isa->xlen) &&
           (also == 0 || isa_has(isa, also - 1));
}

/* More fixed bits first: an insertion into the bucket's run at the end of the array. */
static unsigned insert(struct decoder *decoder, unsigned from, unsigned count,
                       struct decoder_row row)
{
    unsigned at = count;

    assert(count < sizeof decoder->rows / sizeof decoder->rows[0]);
    while (at > from &&
           __builtin_popcount(decoder->rows[at - 1].mask) < __builtin_popcount(row.mask)) {
        decoder->rows[at] = decoder->rows[at - 1];
        at--;
    }
    decoder->rows[at] = row;
    return count + 1;
}

void decoder_init(struct decoder *decoder, const struct isa *isa)
{
    unsigned row_count, count = 0;
    const struct row_info *rows = isa_rows(&row_count);
    struct decoder_row all[512];

    assert(row_count <= sizeof all / sizeof all[0]);
    for (unsigned i = 0; i < row_count; i++) {
        all[i].index = (u16)i;
        row_bits(&rows[i], &all[i].mask, &all[i].match);
    }
    memset(decoder, 0, sizeof *decoder); /* an empty memo: no instruction has length 0 */
    decoder->isa = *isa;
    for (unsigned bucket = 0; bucket < DECODER_BUCKETS; bucket++) {
        u32 known, word = word_of_bucket(bucket, &known);
        decoder->first[bucket] = (u16)count;
        for (unsigned i = 0; i < row_count; i++) {
            if (rows[i].length != (bucket < 256 ? 4 : 2) || !is_on(isa, &rows[i]) ||
                (word & known & all[i].mask) != (all[i].match & known))
                continue;
            /* A spelling of a row that is off is off too: c.fld without D. */
            if (rows[i].row != ROW_illegal && !is_on(isa, &rows[rows[i].row]))
                continue;
            count = insert(decoder, decoder->first[bucket], count, all[i]);
        }
    }
    decoder->first[DECODER_BUCKETS] = (u16)count;
}

static void decode_wide(struct insn *insn, enum format format)
{
    u32 bits = insn->bits;

    insn->rd = (u8)field(bits, 11, 7);
    insn->rs1 = (u8)field(bits, 19, 15);
    insn->rs2 = (u8)field(bits, 24, 20);
    if (format == FORMAT_R4 || format == FORMAT_RM) {
        insn->rs3 = (u8)field(bits, 31, 27);
        insn->rm = (u8)field(bits, 14, 12);
    } else if (format == FORMAT_I) {
        insn->imm = (i32)bits >> 20;
    } else if (format == FORMAT_SHIFT) {
        insn->imm = (i32)field(bits, 25, 20);
    } else if (format == FORMAT_S) {
        insn->imm = ((i32)bits >> 25) * 32 + (i32)field(bits, 11, 7);
    } else if (format == FORMAT_B) {
        insn->imm = sign_extend(field(bits, 31, 31) << 12 | field(bits, 7, 7) << 11 |
                                    field(bits, 30, 25) << 5 | field(bits, 11, 8) << 1,
                                13);
    } else if (format == FORMAT_U) {
        insn->imm = (i32)(bits & 0xfffff000);
    } else if (format == FORMAT_J) {
        insn->imm = sign_extend(field(bits, 31, 31) << 20 | field(bits, 19, 12) << 12 |
                                    field(bits, 20, 20) << 11 | field(bits, 30, 21) << 1,
                                21);
    } else if (format == FORMAT_CSR || format == FORMAT_FENCE) {
        insn->imm = (i32)field(bits, 31, 20);
    } else if (format == FORMAT_MOP_R) { /* 30: [4]  27..26: [3:2]  21..20: [1:0] */
        insn->imm =
            (i32)(field(bits, 30, 30) << 4 | field(bits, 27, 26) << 2 | field(bits, 21, 20));
    } else if (format == FORMAT_MOP_RR) { /* 30: [2]  27..26: [1:0] */
        insn->imm = (i32)(field(bits, 30, 30) << 2 | field(bits, 27, 26));
    } else if (format == FORMAT_AMO) {
        insn->rm = (u8)field(bits, 26, 25);
    }
}

/* The scattered immediates. Each is drawn as the manual draws it: [bits of the immediate] where
 * they lie. */
static i32 imm_ci(u32 b) /* 12: [5]  6..2: [4:0] */
{
    return sign_extend(field(b, 12, 12) << 5 | field(b, 6, 2), 6);
}

static i32 imm_16sp(u32 b) /* 12: [9]  6..2: [4|6|8:7|5] */
{
    return sign_extend(field(b, 12, 12) << 9 | field(b, 6, 6) << 4 | field(b, 5, 5) << 6 |
                           field(b, 4, 3) << 7 | field(b, 2, 2) << 5,
                       10);
}

static i32 imm_4spn(u32 b) /* 12..5: [5:4|9:6|2|3] */
{
    return (i32)(field(b, 12, 11) << 4 | field(b, 10, 7) << 6 | field(b, 6, 6) << 2 |
                 field(b, 5, 5) << 3);
}

static i32 imm_w(u32 b) /* 12..10: [5:3]  6..5: [2|6] */
{
    return (i32)(field(b, 12, 10) << 3 | field(b, 6, 6) << 2 | field(b, 5, 5) << 6);
}

static i32 imm_d(u32 b) /* 12..10: [5:3]  6..5: [7:6] */
{
    return (i32)(field(b, 12, 10) << 3 | field(b, 6, 5) << 6);
}

static i32 imm_spw(u32 b) /* 12: [5]  6..2: [4:2|7:6] */
{
    return (i32)(field(b, 12, 12) << 5 | field(b, 6, 4) << 2 | field(b, 3, 2) << 6);
}

static i32 imm_spd(u32 b) /* 12: [5]  6..2: [4:3|8:6] */
{
    return (i32)(field(b, 12, 12) << 5 | field(b, 6, 5) << 3 | field(b, 4, 2) << 6);
}

static i32 imm_sspw(u32 b) /* 12..7: [5:2|7:6] */
{
    return (i32)(field(b, 12, 9) << 2 | field(b, 8, 7) << 6);
}

static i32 imm_sspd(u32 b) /* 12..7: [5:3|8:6] */
{
    return (i32)(field(b, 12, 10) << 3 | field(b, 9, 7) << 6);
}

static i32 imm_b(u32 b) /* 6..5: [0|1] */
{
    return (i32)(field(b, 6, 6) | field(b, 5, 5) << 1);
}

static i32 imm_h(u32 b) /* 5: [1] */
{
    return (i32)(field(b, 5, 5) << 1);
}

static i32 imm_cj(u32 b) /* 12..2: [11|4|9:8|10|6|7|3:1|5] */
{
    return sign_extend(field(b, 12, 12) << 11 | field(b, 11, 11) << 4 | field(b, 10, 9) << 8 |
                           field(b, 8, 8) << 10 | field(b, 7, 7) << 6 | field(b, 6, 6) << 7 |
                           field(b, 5, 3) << 1 | field(b, 2, 2) << 5,
                       12);
}

static i32 imm_cb(u32 b) /* 12..10: [8|4:3]  6..2: [7:6|2:1|5] */
{
    return sign_extend(field(b, 12, 12) << 8 | field(b, 11, 10) << 3 | field(b, 6, 5) << 6 |
                           field(b, 4, 3) << 1 | field(b, 2, 2) << 5,
                       9);
}

static void set(struct insn *insn, u32 rd, u32 rs1, u32 rs2, i32 imm)
{
    insn->rd = (u8)rd;
    insn->rs1 = (u8)rs1;
    insn->rs2 = (u8)rs2;
    insn->imm = imm;
}

static void decode_narrow(struct insn *insn, enum format format)
{
    u32 b = insn->bits;
    u32 rd = field(b, 11, 7), rs2 = field(b, 6, 2);          /* full register numbers */
    u32 high = 8 + field(b, 9, 7), low = 8 + field(b, 4, 2); /* x8..x15: rd' and rs1', rs2' */
    enum { ZERO = 0, RA = 1, SP = 2 };

    /* clang-format off */
    switch (format) {
    case FORMAT_CR_MV:    set(insn, rd, ZERO, rs2, 0); break;
    case FORMAT_CR_ADD:   set(insn, rd, rd, rs2, 0); break;
    case FORMAT_CR_JR:    set(insn, ZERO, rd, 0, 0); break;
    case FORMAT_CR_JALR:  set(insn, RA, rd, 0, 0); break;
    case FORMAT_CI:       set(insn, rd, rd, 0, imm_ci(b)); break;
    case FORMAT_CI_LI:    set(insn, rd, ZERO, 0, imm_ci(b)); break;
    case FORMAT_CI_LUI:   set(insn, rd, 0, 0, imm_ci(b) * 4096); break;
    case FORMAT_CI_16SP:  set(insn, SP, SP, 0, imm_16sp(b)); break;
    case FORMAT_CI_SHIFT: set(insn, rd, rd, 0, imm_ci(b) & 63); break;
    case FORMAT_CI_SPW:   set(insn, rd, SP, 0, imm_spw(b)); break;
    case FORMAT_CI_SPD:   set(insn, rd, SP, 0, imm_spd(b)); break;
    case FORMAT_CSS_W:    set(insn, 0, SP, rs2, imm_sspw(b)); break;
    case FORMAT_CSS_D:    set(insn, 0, SP, rs2, imm_sspd(b)); break;
    case FORMAT_CIW:      set(insn, low, SP, 0, imm_4spn(b)); break;
    case FORMAT_CL_W:     set(insn, low, high, 0, imm_w(b)); break;
    case FORMAT_CL_D:     set(insn, low, high, 0, imm_d(b)); break;
    case FORMAT_CS_W:     set(insn, 0, high, low, imm_w(b)); break;
    case FORMAT_CS_D:     set(insn, 0, high, low, imm_d(b)); break;
    case FORMAT_CA:       set(insn, high, high, low, 0); break;
    case FORMAT_CB:       set(insn, 0, high, ZERO, imm_cb(b)); break;
    case FORMAT_CB_SHIFT: set(insn, high, high, 0, imm_ci(b) & 63); break;
    case FORMAT_CB_IMM:   set(insn, high, high, 0, imm_ci(b)); break;
    case FORMAT_CJ:       set(insn, ZERO, 0, 0, imm_cj(b)); break;
    case FORMAT_C_MOP:    set(insn, ZERO, ZERO, 0, 0); break;
    case FORMAT_CL_B:     set(insn, low, high, 0, imm_b(b)); break;
    case FORMAT_CL_H:     set(insn, low, high, 0, imm_h(b)); break;
    case FORMAT_CS_B:     set(insn, 0, high, low, imm_b(b)); break;
    case FORMAT_CS_H:     set(insn, 0, high, low, imm_h(b)); break;
    case FORMAT_CU:       set(insn, high, high, ZERO, 0); break;
    case FORMAT_CU_255:   set(insn, high, high, 0, 255); break;
    case FORMAT_CU_NOT:   set(insn, high, high, 0, -1); break;
    case FORMAT_CJ_RA:    set(insn, RA, 0, 0, imm_cj(b)); break;
    default:              break; /* FORMAT_NONE: c.ebreak and reserved words */
    }
    /* clang-format on */
}

static bool is_shift(enum format format)
{
    return format == FORMAT_SHIFT || format == FORMAT_CI_SHIFT || format == FORMAT_CB_SHIFT;
}

/* The values of operands that no row may have: RV32 has no sixth bit of shift amount, and of the
 * eight rounding modes two mean nothing. */
static bool is_reserved(const struct isa *isa, enum format format, const struct insn *insn)
{
    if (is_shift(format))
        return isa->xlen == 32 && insn->imm >= 32;
    return ROUNDS(format) && (insn->rm == 5 || insn->rm == 6);
}

struct insn decode_as(unsigned spelling, u32 bits)
{
    unsigned row_count;
    const struct row_info *row = &isa_rows(&row_count)[spelling];
    struct insn insn = {.row = row->row,
                        .length = row->length,
                        .bits = row->length == 4 ? bits : (u16)bits,
                        .spelling = (u16)spelling};

    if (row->length == 4)
        decode_wide(&insn, row->format);
    else
        decode_narrow(&insn, row->format);
    return insn;
}

struct insn decode(struct decoder *decoder, u32 bits)
{
    unsigned row_count;
    const struct row_info *rows = isa_rows(&row_count);
    struct insn *memo, insn = {.row = ROW_illegal, .length = 4, .bits = bits};

    if (!is_wide((u16)bits)) {
        insn.bits = bits &= 0xffff;
        insn.length = 2;
    }
    memo = &decoder->memo[(bits ^ bits >> 7 ^ bits >> 20) % DECODER_MEMO];
    if (memo->bits == bits && memo->length)
        return *memo;
    for (unsigned i = decoder->first[bucket_of(bits)], end = decoder->first[bucket_of(bits) + 1];
         i < end; i++) {
        const struct decoder_row *row = &decoder->rows[i];
        if ((bits & row->mask) != row->match)
            continue;
        insn.row = rows[row->index].row;
        insn.spelling = row->index;
        if (insn.length == 4)
            decode_wide(&insn, rows[row->index].format);
        else
            decode_narrow(&insn, rows[row->index].format);
        if (is_reserved(&decoder->isa, rows[row->index].format, &insn))
            insn.row = ROW_illegal;
        break;
    }
    *memo = insn;
    return insn;
}
