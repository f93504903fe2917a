/* Groups of instructions about CSRs and privilege (see draw.h). Values are drawn so that every
 * implementation must keep them: what is WARL and wide open in a CSR is not written. */
#include "tests/random/draw.h"

#include "cpu/hart.h"

#define ROW(name, ...) draw_row(drawing, ROW_##name, (struct operands){__VA_ARGS__})

/* Read anywhere; where that is not allowed it is a trap. Not mtval and stval, which need not
 * hold an illegal instruction, nor what counts. */
static const u16 readable[] = {0x001, 0x002, 0x003, 0x100, 0x104, 0x105, 0x106, 0x10a,
                               0x140, 0x141, 0x142, 0x144, 0x180, 0x300, 0x301, 0x302,
                               0x303, 0x304, 0x305, 0x306, 0x30a, 0x310, 0x31a, 0x341,
                               0x342, 0x344, 0x3a0, 0x3a2, 0x3b0, 0x3b3, 0xf11, 0xf14,
                               0xf15, 0x30c, 0x10c, 0x747, 0x3a1, 0xda0, 0x5a8, 0x7a0};
/* Read for the permission alone. */
static const u16 counting[] = {0xc00, 0xc01, 0xc02, 0xb00, 0xb02, 0xc80, 0x14d, 0x320};

static u64 draw_value(struct drawing *drawing, u16 csr)
{
    struct random *random = &drawing->generator->random;
    const u64 *where = drawing->sample->wheres[random_below(random, SAMPLE_WHERES)];
    static const u8 modes[] = {PRIV_M, PRIV_S, PRIV_U};

    switch (csr) {
    case 0x300:
        return draw_mstatus(drawing, modes[random_below(random, 3)]) |
               (random_one_in(random, 2) ? MSTATUS_MIE : 0);
    case 0x100:
        return draw_mstatus(drawing, 0);
    case 0x302:
        return where[WORD_MEDELEG];
    case 0x303:
        return where[WORD_MIDELEG];
    case 0x304:
    case 0x104:
    case 0x344:
    case 0x144:
        return drawing->interrupt;
    case 0x14d:
    case 0x15d:
        return random_one_in(random, 2) ? 0 : UINT64_MAX;
    case 0x3a0:
        return where[WORD_PMPCFG0];
    case 0x3b1:
        return where[WORD_PMPADDR1];
    case 0x3b2:
        return where[WORD_PMPADDR2];
    case 0x3b3:
        return where[WORD_PMPADDR3];
    case 0x306:
    case 0x106:
        return random_below(random, 8);
    case 0x30a:
        return where[WORD_MENVCFG];
    case 0x10a:
        return where[WORD_SENVCFG];
    case 0x180:
        return where[WORD_SATP];
    case 0x142:
    case 0x342:
        return random_below(random, 16);
    case 0x141:
    case 0x341:
        return random_next(random) & ~(u64)3;
    default:
        return random_next(random);
    }
}

static void draw_read(struct drawing *drawing)
{
    struct random *random = &drawing->generator->random;
    bool is_counter = random_one_in(random, 6);
    u16 csr = is_counter ? counting[random_below(random, sizeof counting / 2)]
                         : readable[random_below(random, sizeof readable / 2)];

    if (csr == 0x144 && drawing->due & STIMER_DUE) /* QEMU hides STIP from M-mode there */
        csr = 0x344;
    draw_row(drawing, random_one_in(random, 2) ? ROW_csrrs : ROW_csrrc,
             (struct operands){.rd = is_counter ? 0 : draw_scratch(drawing), .imm = csr});
}

/* Writes to these take effect on translation only after sfence.vma. */
static bool needs_fence(u16 csr)
{
    return csr == 0x180 || (csr >= 0x3a0 && csr <= 0x3ef);
}

static void draw_write(struct drawing *drawing)
{
    static const u16 writable[] = {0x300, 0x300, 0x300, 0x100, 0x100, 0x302, 0x303, 0x304,
                                   0x344, 0x344, 0x144, 0x104, 0x306, 0x106, 0x30a, 0x10a,
                                   0x180, 0x142, 0x342, 0x141, 0x341, 0x3a0, 0x3a0, 0x3b1,
                                   0x3b2, 0x3b3, 0x001, 0x002, 0x003};
    static const enum row rows[] = {ROW_csrrw, ROW_csrrw, ROW_csrrs, ROW_csrrc};
    struct random *random = &drawing->generator->random;
    bool is_float = drawing->kind == SAMPLE_USER && random_one_in(random, 2);
    u16 csr = writable[is_float ? 26 + random_below(random, 3)
                                : random_below(random, sizeof writable / 2)];
    u32 from = draw_scratch(drawing), to = 10 + random_below(random, 8);
    enum row row = rows[random_below(random, 4)];

    if (drawing->due & STIMER_DUE && random_one_in(random, 8))
        csr = drawing->generator->isa.xlen == 32 ? 0x15d : 0x14d;
    if (csr <= 0x003 && random_one_in(random, 2)) {
        ROW(csrrwi, .rd = to, .rs1 = random_below(random, csr == 2 ? 8 : 32), .imm = csr);
        return;
    }
    if (csr == 0x144 && drawing->due & STIMER_DUE)
        to = 0;
    if (csr == 0x10a || csr == 0x30a || needs_fence(csr)) /* a sum of two values may be reserved */
        row = ROW_csrrw;
    draw_li(drawing, from, draw_value(drawing, csr));
    draw_row(drawing, row, (struct operands){.rd = to, .rs1 = from, .imm = csr});
    if (csr == 0x30a || needs_fence(csr))
        ROW(sfence_vma, 0);
}

/* mret or sret to what follows, often through the other window. */
static void draw_return(struct drawing *drawing)
{
    static const u8 modes[] = {PRIV_M, PRIV_S, PRIV_U, PRIV_U};
    struct random *random = &drawing->generator->random;
    bool is_machine = random_one_in(random, 2), is_rv64 = drawing->generator->isa.xlen == 64;
    bool changes_window = random_one_in(random, 3);
    u64 status = draw_mstatus(drawing, modes[random_below(random, 4)]);

    draw_li(drawing, 5, is_rv64 ? status : (u64)(i64)(i32)status);
    ROW(csrrw, .rs1 = 5, .imm = is_machine ? 0x300 : 0x100);
    ROW(auipc, .rd = 6);
    ROW(addi, .rd = 6, .rs1 = 6, .imm = changes_window ? 28 : 16);
    if (changes_window) { /* from 0x8... to 0xc..., or back */
        ROW(addi, .rd = 7, .imm = 1);
        ROW(slli, .rd = 7, .rs1 = 7, .imm = 30);
        ROW(xor, .rd = 6, .rs1 = 6, .rs2 = 7);
    }
    ROW(csrrw, .rs1 = 6, .imm = is_machine ? 0x341 : 0x141);
    draw_row(drawing, is_machine ? ROW_mret : ROW_sret, (struct operands){0});
}

/* wfi where something is pending and wanted, which makes it go on at once; skipped elsewhere, and
 * where reading mip or sip traps. */
static void draw_wait(struct drawing *drawing)
{
    bool is_machine = drawing->due & STIMER_DUE || random_one_in(&drawing->generator->random, 2);
    i32 wanted = is_machine ? 0x304 : 0x104, pending = is_machine ? 0x344 : 0x144;

    draw_li(drawing, 5, drawing->interrupt);
    ROW(csrrs, .rs1 = 5, .imm = wanted);
    ROW(csrrs, .rs1 = 5, .imm = pending);
    ROW(addi, .rd = 6);
    ROW(addi, .rd = 7);
    ROW(csrrs, .rd = 6, .imm = wanted);
    ROW(csrrs, .rd = 7, .imm = pending);
    ROW(and, .rd = 6, .rs1 = 6, .rs2 = 7);
    drawing->is_start[drawing->sample->size / 2] = START_OF_GUARD;
    ROW(beq, .rs1 = 6, .imm = 8);
    ROW(wfi, 0);
}

void draw_csr(struct drawing *drawing)
{
    struct random *random = &drawing->generator->random;

    if (drawing->interrupt && random_one_in(random, 16)) {
        draw_wait(drawing);
        return;
    }
    switch (random_below(random, 8)) {
    case 0:
    case 1:
    case 2:
        draw_read(drawing);
        break;
    case 3:
        if (drawing->kind == SAMPLE_PRIVILEGED) {
            draw_return(drawing);
            break;
        }
        /* fall through */
    default:
        draw_write(drawing);
    }
}
