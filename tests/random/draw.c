/* The bodies of random samples (see draw.h): instructions as tests/agree draws them, and groups
 * that make sense only together. What a body must not do, because it would never end or have no
 * defined outcome, is left out here:
 *
 *   - branches go forward, to the start of an instruction or a group
 *   - an SC stands behind its LR, with nothing between that could trap: whether a trap ends a
 *     reservation is open
 *   - code that changes code changes one word further on and executes fence.i
 *   - no pointer is written, and every store goes through one: it could reach code by chance; in
 *     privileged samples every load, too, because M-mode reaches devices */
#include "tests/random/draw.h"

#include "cpu/hart.h"

#include <string.h>

#define IS_POINTER(reg) ((reg) == 2 || (reg) == 3 || (reg) == 4 || (reg) == 8 || (reg) == 9)

void draw_word(struct drawing *drawing, u32 word)
{
    struct sample *sample = drawing->sample;
    u32 length = is_wide((u16)word) ? 4 : 2;

    if (sample->size + length > SAMPLE_BODY)
        return;
    memcpy(sample->body + sample->size, &word, length);
    sample->size += length;
}

void draw_row(struct drawing *drawing, enum row row, struct operands operands)
{
    unsigned count;

    draw_word(drawing, encode(&isa_rows(&count)[row], operands, 0));
}

u32 draw_scratch(struct drawing *drawing)
{
    static const u8 registers[] = {5, 6, 7, 28, 29, 30, 31};

    return registers[random_below(&drawing->generator->random, sizeof registers)];
}

#define ROW(name, ...) draw_row(drawing, ROW_##name, (struct operands){__VA_ARGS__})

static void draw_li_32(struct drawing *drawing, u32 rd, i32 value)
{
    i32 low = (i32)((u32)value << 20) >> 20;

    ROW(lui, .rd = rd, .imm = (i32)((u32)value - (u32)low));
    if (drawing->generator->isa.xlen == 32)
        ROW(addi, .rd = rd, .rs1 = rd, .imm = low);
    else
        ROW(addiw, .rd = rd, .rs1 = rd, .imm = low);
}

void draw_li(struct drawing *drawing, u32 rd, u64 value)
{
    if (drawing->generator->isa.xlen == 32 || (u64)(i64)(i32)value == value) {
        draw_li_32(drawing, rd, (i32)value);
        return;
    }
    draw_li_32(drawing, rd, (i32)(value >> 32));
    ROW(slli, .rd = rd, .rs1 = rd, .imm = 11);
    ROW(addi, .rd = rd, .rs1 = rd, .imm = (i32)(value >> 21 & 0x7ff));
    ROW(slli, .rd = rd, .rs1 = rd, .imm = 11);
    ROW(addi, .rd = rd, .rs1 = rd, .imm = (i32)(value >> 10 & 0x7ff));
    ROW(slli, .rd = rd, .rs1 = rd, .imm = 10);
    ROW(addi, .rd = rd, .rs1 = rd, .imm = (i32)(value & 0x3ff));
}

/* Rows that groups draw, or that nobody may. */
static bool is_kept_out(u16 row)
{
    return (row >= ROW_csrrw && row <= ROW_csrrci) || row == ROW_mret || row == ROW_sret ||
           row == ROW_wfi || row == ROW_wrs_nto || row == ROW_sfence_w_inval ||
           row == ROW_sfence_inval_ir || row == ROW_sc_w || row == ROW_sc_d || row == ROW_jalr;
}

static bool has_base(const char *operands)
{
    return strstr(operands, "(rs1)") || strstr(operands, "(sp)");
}

/* With Zama16b an AMO that crosses 16 bytes is a misaligned one to the manual; QEMU does it all the
 * same, and does not look at alignment first. x9 is a multiple of 16, and x8 within 8 behind one.
 * Halfwords and amocas QEMU wants aligned. */
static bool is_wanted_atomic(const struct drawing *drawing, const struct insn *insn)
{
    if (insn->bits >> 27 == 5 && insn->rd == 0) /* after it QEMU's zero is no longer zero */
        return false;
    if (!isa_has(&drawing->generator->isa, EXT_ZAMA16B))
        return true;
    return insn->rs1 == 9 ||
           (insn->rs1 == 8 && insn->bits >> 27 != 5 && (insn->bits >> 12 & 7) != 1);
}

static bool is_wanted(const struct drawing *drawing, u32 word)
{
    struct insn insn = decode(drawing->generator->decoder, word);
    unsigned count;
    const struct row_info *row = &isa_rows(&count)[insn.row];

    if (insn.length == 2 && !isa_has(&drawing->generator->isa, EXT_C))
        return false; /* what follows would be misaligned */
    if (insn.row == ROW_illegal)
        return true;
    if (is_kept_out(insn.row))
        return false;
    if (drawing->has_pmp && insn.row >= ROW_cbo_inval && insn.row <= ROW_cbo_zero)
        return false;
    if (row->format == FORMAT_AMO && !is_wanted_atomic(drawing, &insn))
        return false;
    if (insn.row == ROW_flh ||
        insn.row == ROW_fsh) /* QEMU does not mask their pointers: x9 has no tag */
        return insn.rs1 == 9;
    if (WRITES_RD(row->operands) && IS_POINTER(insn.rd))
        return false;
    if (drawing->kind == SAMPLE_USER && WRITES_RD(row->operands) && row->format != FORMAT_AMO)
        return true;
    return !has_base(row->operands) || IS_POINTER(insn.rs1);
}

/* QEMU leaves these out, flags and all, when nothing reads the result before it is overwritten. */
static bool is_forgotten(const struct drawing *drawing, u32 word)
{
    static const u16 rows[] = {ROW_fround_h,   ROW_fround_s,   ROW_fround_d,   ROW_froundnx_h,
                               ROW_froundnx_s, ROW_froundnx_d, ROW_fcvtmod_w_d};
    u16 row = decode(drawing->generator->decoder, word).row;

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (row == rows[i])
            return true;
    return false;
}

static void draw_any(struct drawing *drawing)
{
    u32 word;

    do
        word = code_draw(drawing->generator);
    while (!is_wanted(drawing, word));
    draw_word(drawing, word);
    if (is_forgotten(drawing, word)) /* it does not look beyond a jump */
        ROW(jal, 0);
}

/* Its immediate is found when what follows is known. */
static void draw_jump(struct drawing *drawing)
{
    u32 base = draw_scratch(drawing);

    ROW(auipc, .rd = base);
    ROW(jalr, .rd = random_below(&drawing->generator->random, 2), .rs1 = base);
}

/* The SC is left out where the LR has trapped: whether an SC that fails looks at its address is
 * open. Then the register is as it was. */
static void draw_reservation(struct drawing *drawing)
{
    struct random *random = &drawing->generator->random;
    bool is_double = drawing->generator->isa.xlen == 64 && random_one_in(random, 2);
    u32 pointer = random_one_in(random, 4) ? 8 : 9, loaded = draw_scratch(drawing), before = 10;
    u32 failed = 11 + random_below(random, 7);
    u32 other = drawing->kind == SAMPLE_USER && random_one_in(random, 8) ? 9 : pointer;

    ROW(addi, .rd = before, .imm = (i32)random_below(random, 2048));
    ROW(add, .rd = loaded, .rs1 = before);
    draw_row(drawing, is_double ? ROW_lr_d : ROW_lr_w,
             (struct operands){.rd = loaded, .rs1 = pointer});
    drawing->is_start[drawing->sample->size / 2] = START_OF_GUARD;
    ROW(beq, .rs1 = before, .rs2 = loaded, .imm = 12);
    ROW(addi, .rd = loaded, .rs1 = loaded, .imm = (i32)random_below(random, 4096) - 2048);
    draw_row(drawing, is_double ? ROW_sc_d : ROW_sc_w,
             (struct operands){.rd = failed, .rs1 = other, .rs2 = loaded});
}

/* A word of code becomes an instruction the first time, a nop the second, and so on. */
static void draw_change_of_code(struct drawing *drawing)
{
    struct random *random = &drawing->generator->random;
    u32 base = 28, change = 29, word = 30, from, skipped = random_below(random, 4), at;
    u32 target, nop = 0x13, other;
    i32 distance;

    do
        other = code_draw(drawing->generator);
    while (!is_wide((u16)other) || !is_wanted(drawing, other) || is_forgotten(drawing, other) ||
           (other & 0x7f) == 0x63 || (other & 0x7f) == 0x6f || (other & 0x7f) == 0x67);
    draw_li_32(drawing, change, (i32)(nop ^ other));
    from = drawing->sample->size;
    ROW(auipc, .rd = base);
    ROW(lw, .rd = word, .rs1 = base);
    ROW(xor, .rd = word, .rs1 = word, .rs2 = change);
    at = drawing->sample->size;
    ROW(sw, .rs1 = base, .rs2 = word);
    ROW(fence_i, 0);
    for (u32 i = 0; i < skipped; i++)
        draw_any(drawing);
    target = drawing->sample->size;
    if (target + 4 > SAMPLE_BODY)
        return;
    draw_word(drawing, nop);
    distance = (i32)(target - from);
    drawing->sample->size = from + 4;
    ROW(lw, .rd = word, .rs1 = base, .imm = distance);
    drawing->sample->size = at;
    ROW(sw, .rs1 = base, .rs2 = word, .imm = distance);
    drawing->sample->size = target + 4;
}

/* A 16-bit branch to there, found by trying. */
static u32 find_short(const struct drawing *drawing, const struct row_info *spelling, u32 word,
                      i32 distance)
{
    u32 fixed, match;
    unsigned free_bits = spelling->format == FORMAT_CB ? 0x1c7c : 0x1ffc;

    row_bits(spelling, &fixed, &match);
    for (u32 bits = 0; bits < 0x2000; bits += 4) {
        u32 tried = (word & ~free_bits) | (bits & free_bits);
        if ((bits & ~free_bits) == 0 && decode(drawing->generator->decoder, tried).imm == distance)
            return tried;
    }
    return 1; /* c.nop */
}

/* Some start of an instruction behind the branch at `at`; also the end, or what follows it. */
static u32 some_start(struct drawing *drawing, u32 at, u32 length, u32 reach)
{
    struct random *random = &drawing->generator->random;
    u32 size = drawing->sample->size, limit = at + reach < size ? at + reach : size;
    u32 target;

    for (unsigned tries = 0; tries < 40 && at + 4 < limit; tries++) {
        target = at + 2 * (1 + random_below(random, (limit - at) / 2));
        if (target == size || drawing->is_start[target / 2] == START)
            return target;
    }
    return at + length;
}

static void aim(struct drawing *drawing, u32 at)
{
    struct sample *sample = drawing->sample;
    struct random *random = &drawing->generator->random;
    unsigned count;
    const struct row_info *rows = isa_rows(&count);
    u32 word = 0, reach = random_one_in(random, 8) ? 800 : 60, target;
    struct insn insn;
    enum format format;

    memcpy(&word, sample->body + at, sample->size - at < 4 ? 2 : 4);
    insn = decode(drawing->generator->decoder, word);
    format = insn.row == ROW_illegal ? FORMAT_NONE : rows[insn.spelling].format;
    if (drawing->is_start[at / 2] == START_OF_GUARD) {
        return;
    } else if (format == FORMAT_B || format == FORMAT_J) {
        target = some_start(drawing, at, insn.length, reach);
        word = encode(&rows[insn.row],
                      (struct operands){insn.rd, insn.rs1, insn.rs2, (i32)(target - at)}, 0);
    } else if (format == FORMAT_CB || format == FORMAT_CJ || format == FORMAT_CJ_RA) {
        target = some_start(drawing, at, insn.length, format == FORMAT_CB ? 250 : reach);
        word = find_short(drawing, &rows[insn.spelling], word & 0xffff, (i32)(target - at));
    } else if (insn.row == ROW_jalr && at >= 4) {
        target = some_start(drawing, at, insn.length, reach);
        word = encode(&rows[ROW_jalr],
                      (struct operands){insn.rd, insn.rs1, 0, (i32)(target - at + 4)}, 0);
    } else {
        return;
    }
    memcpy(sample->body + at, &word, is_wide((u16)word) ? 4 : 2);
}

/* Branches get their targets last. */
static void aim_branches(struct drawing *drawing)
{
    struct sample *sample = drawing->sample;

    for (u32 at = 0; at + 2 <= sample->size;) {
        u16 half;
        memcpy(&half, sample->body + at, 2);
        aim(drawing, at);
        at += is_wide(half) ? 4 : 2;
    }
}

static void draw_body(struct drawing *drawing)
{
    struct random *random = &drawing->generator->random;
    u32 wanted = 100 + random_below(random, drawing->kind == SAMPLE_USER ? 1000 : 600);
    u32 csr_weight = drawing->kind == SAMPLE_USER ? 40 : 8;

    while (drawing->sample->size < wanted) {
        drawing->is_start[drawing->sample->size / 2] = START;
        if (random_one_in(random, csr_weight))
            draw_csr(drawing);
        else if (random_one_in(random, 40))
            draw_jump(drawing);
        else if (isa_has(&drawing->generator->isa, EXT_A) && random_one_in(random, 40))
            draw_reservation(drawing);
        else if (random_one_in(random, 60))
            draw_change_of_code(drawing);
        else
            draw_any(drawing);
    }
    aim_branches(drawing);
}

/* Which interrupt there is, and whether it comes from a timer or another hart. One only: which of
 * several comes first QEMU gets wrong. */
static void draw_interrupt(struct drawing *drawing)
{
    static const struct {
        u8 interrupt, due;
    } kinds[] = {{0, 0},       {IRQ_SSI, 0},       {IRQ_SSI, 0},         {IRQ_STI, 0},
                 {IRQ_SEI, 0}, {IRQ_MSI, MSI_DUE}, {IRQ_MTI, TIMER_DUE}, {IRQ_STI, STIMER_DUE}};
    unsigned which = random_below(&drawing->generator->random, sizeof kinds / sizeof kinds[0]);

    if (drawing->kind == SAMPLE_USER || !kinds[which].interrupt ||
        (kinds[which].due == STIMER_DUE && !isa_has(&drawing->generator->isa, EXT_SSTC)))
        return;
    drawing->interrupt = IRQ_BIT(kinds[which].interrupt);
    drawing->due = kinds[which].due;
}

/* Which of Smepmp's rules are on. RLB always with them: what is locked must not stay so for the
 * samples that follow. MML and MMWP do stay, so all of an image have the same. */
static u64 security_of(const struct isa *isa, u64 tables)
{
    static const u64 kinds[] = {0,
                                MSECCFG_RLB,
                                MSECCFG_RLB | MSECCFG_MML,
                                0,
                                MSECCFG_RLB | MSECCFG_MMWP,
                                MSECCFG_RLB | MSECCFG_MML | MSECCFG_MMWP};

    return tables && isa_has(isa, EXT_SMEPMP) ? kinds[tables % 6] : 0;
}

void draw_sample(struct generator *generator, enum sample_kind kind, u64 seed, u64 tables,
                 struct sample *sample)
{
    struct drawing drawing = {.generator = generator, .sample = sample, .kind = kind};
    struct random *random = &generator->random;
    bool has_c = isa_has(&generator->isa, EXT_C);

    random->state = seed;
    memset(sample, 0, sizeof *sample);
    sample->loops = kind == SAMPLE_USER ? DRAW_LOOPS_USER : DRAW_LOOPS_PRIVILEGED;
    sample->start = AT_BODY_FROM + (random_below(random, 0x7f0) & ~(has_c ? 1u : 3u));
    sample->data = random_below(random, 1024);
    sample->tables = tables;
    sample->security = security_of(&generator->isa, tables);
    sample->fcsr = random_one_in(random, 2) ? 0 : random_below(random, 256) & 0x9f;
    for (unsigned i = 1; i < 32; i++) {
        sample->x[i] = sample_value(random);
        sample->f[i] = sample_value(random);
    }
    drawing.has_pmp = kind == SAMPLE_PRIVILEGED && random_one_in(random, 2);
    drawing.has_masks = random_one_in(random, 2);
    draw_interrupt(&drawing);
    draw_wheres(&drawing);
    draw_body(&drawing);
}
