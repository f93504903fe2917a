/* The trap handlers of the random programs (see program.h), assembled here by hand.
 *
 * M-mode's skips the instruction that trapped. After an interrupt, a fault on fetching, an ecall
 * from S-mode, or every so many exceptions, it goes elsewhere: new CSRs and pointers from a random
 * row of the list, a random place in the code, and a timer that fires soon, which is what ends
 * every loop. S-mode's skips, too; what it cannot skip it hands to M-mode by an ecall. */
#include "tests/agree/program.h"

#include <assert.h>
#include <string.h>

struct emitter {
    u8 *to;
    u32 size;
    unsigned xlen;
};

static void emit(struct emitter *emitter, enum row row, struct operands operands)
{
    unsigned row_count;
    u32 word = encode(&isa_rows(&row_count)[row], operands, 0);

    memcpy(emitter->to + emitter->size, &word, 4);
    emitter->size += 4;
}

#define EMIT(row, ...) emit(e, ROW_##row, (struct operands){__VA_ARGS__})
#define X2             2
#define A              5 /* the four registers that the handlers use */
#define B              6
#define C              7
#define D              10

static void load(struct emitter *e, u32 rd, u32 rs1, unsigned word)
{
    i32 offset = (i32)(word * e->xlen / 8);

    emit(e, e->xlen == 32 ? ROW_lw : ROW_ld,
         (struct operands){.rd = rd, .rs1 = rs1, .imm = offset});
}

static void store(struct emitter *e, u32 rs2, u32 rs1, unsigned word)
{
    i32 offset = (i32)(word * e->xlen / 8);

    emit(e, e->xlen == 32 ? ROW_sw : ROW_sd,
         (struct operands){.rs1 = rs1, .rs2 = rs2, .imm = offset});
}

static void add_immediate(struct emitter *e, u32 rd, u32 rs1, i32 imm)
{
    EMIT(addi, .rd = rd, .rs1 = rs1, .imm = imm);
}

static void read_csr(struct emitter *e, u32 rd, i32 csr)
{
    EMIT(csrrs, .rd = rd, .imm = csr);
}

static void write_csr(struct emitter *e, i32 csr, u32 rs1)
{
    EMIT(csrrw, .rs1 = rs1, .imm = csr);
}

/* A branch whose target is not known yet: returns its place, for land(). */
static u32 branch(struct emitter *e, enum row row, u32 rs1, u32 rs2)
{
    emit(e, row, (struct operands){.rs1 = rs1, .rs2 = rs2});
    return e->size - 4;
}

static void land(struct emitter *e, enum row row, u32 place, u32 rs1, u32 rs2)
{
    u32 here = e->size;

    e->size = place;
    emit(e, row, (struct operands){.rs1 = rs1, .rs2 = rs2, .imm = (i32)(here - place)});
    e->size = here;
}

/* The vector: in vectored mode interrupt n enters at 4n, everything else at 0. */
static void emit_vector(struct emitter *e)
{
    for (i32 i = 0; i < 16; i++)
        EMIT(jal, .imm = 4 * (16 - i));
}

/* x2 becomes the address of the state, by a way that no program can change; A, B, C hold cause, pc
 * and value, which are folded. */
static void emit_entry(struct emitter *e, i32 scratch, i32 cause, i32 epc, i32 tval)
{
    write_csr(e, scratch, X2);
    EMIT(auipc, .rd = X2, .imm = PLACE_STATE);
    add_immediate(e, X2, X2, 4 - (i32)e->size);
    store(e, A, X2, STATE_X5);
    store(e, B, X2, STATE_X6);
    store(e, C, X2, STATE_X7);
    store(e, D, X2, STATE_X10);
    read_csr(e, A, cause);
    read_csr(e, B, epc);
    read_csr(e, C, tval);
    load(e, D, X2, STATE_FOLD);
    EMIT(add, .rd = D, .rs1 = D, .rs2 = D);
    EMIT(xor, .rd = D, .rs1 = D, .rs2 = A);
    EMIT(add, .rd = D, .rs1 = D, .rs2 = B);
    EMIT(xor, .rd = D, .rs1 = D, .rs2 = C);
    store(e, D, X2, STATE_FOLD);
}

/* epc moves on by 2 when an illegal instruction has a compressed one's bits, else by 4. */
static void emit_skip(struct emitter *e, i32 epc)
{
    u32 other, wide;

    add_immediate(e, D, 0, CAUSE_ILLEGAL);
    other = branch(e, ROW_bne, A, D);
    EMIT(andi, .rd = D, .rs1 = C, .imm = 3);
    add_immediate(e, C, 0, 3);
    wide = branch(e, ROW_beq, D, C);
    add_immediate(e, B, B, -2);
    land(e, ROW_bne, other, A, D);
    land(e, ROW_beq, wide, D, C);
    add_immediate(e, B, B, 4);
    write_csr(e, epc, B);
}

static void emit_exit(struct emitter *e, i32 scratch, enum row back)
{
    load(e, A, X2, STATE_X5);
    load(e, B, X2, STATE_X6);
    load(e, C, X2, STATE_X7);
    load(e, D, X2, STATE_X10);
    read_csr(e, X2, scratch);
    emit(e, back, (struct operands){0});
}

/* A becomes the next random number (xorshift), B the address of an elsewhere. */
static void emit_choose(struct emitter *e)
{
    static const struct {
        enum row row;
        u32 by;
    } shifts[] = {{ROW_slli, 13}, {ROW_srli, 7}, {ROW_slli, 17}};

    load(e, A, X2, STATE_RANDOM);
    for (unsigned i = 0; i < 3; i++) {
        emit(e, shifts[i].row, (struct operands){.rd = B, .rs1 = A, .imm = (i32)shifts[i].by});
        EMIT(xor, .rd = A, .rs1 = A, .rs2 = B);
    }
    store(e, A, X2, STATE_RANDOM);
    EMIT(andi, .rd = B, .rs1 = A, .imm = WHERE_COUNT - 1);
    EMIT(slli, .rd = B, .rs1 = B, .imm = 8);
    load(e, C, X2, STATE_WHERES);
    EMIT(add, .rd = B, .rs1 = B, .rs2 = C);
}

/* The timer fires 1 to 64 ticks from now. */
static void emit_timer(struct emitter *e)
{
    load(e, D, X2, STATE_MTIME);
    EMIT(lw, .rd = D, .rs1 = D);
    EMIT(srli, .rd = C, .rs1 = A, .imm = 20);
    EMIT(andi, .rd = C, .rs1 = C, .imm = 63);
    EMIT(add, .rd = D, .rs1 = D, .rs2 = C);
    load(e, C, X2, STATE_MTIMECMP);
    add_immediate(e, D, D, 1);
    EMIT(sw, .rs1 = C, .rs2 = D);
    EMIT(sw, .rs1 = C, .imm = 4);
}

/* Interrupts that the program has raised itself would never end otherwise. */
static void emit_silence(struct emitter *e, const struct isa *isa)
{
    load(e, C, X2, STATE_MSIP);
    EMIT(sw, .rs1 = C);
    write_csr(e, 0x344, 0);
    if (isa_has(isa, EXT_SSTC)) {
        add_immediate(e, C, 0, -1);
        write_csr(e, 0x14d, C);
    }
}

static void emit_elsewhere(struct emitter *e, const struct isa *isa)
{
    static const struct {
        u8 word;
        u16 csr;
    } csrs[] = {{WHERE_SATP, 0x180},       {WHERE_MEDELEG, 0x302},    {WHERE_MIDELEG, 0x303},
                {WHERE_MIE, 0x304},        {WHERE_MENVCFG, 0x30a},    {WHERE_MENVCFGH, 0x31a},
                {WHERE_MCOUNTEREN, 0x306}, {WHERE_SCOUNTEREN, 0x106}, {WHERE_SENVCFG, 0x10a},
                {WHERE_STVEC, 0x105},      {WHERE_TSELECT, 0x7a0},    {WHERE_TDATA2, 0x7a2},
                {WHERE_TDATA1, 0x7a1},     {WHERE_MSTATUS, 0x300}};
    static const u8 pointers[] = {8, 9, 3, 4};

    emit_choose(e);
    add_immediate(e, C, 0, 24);
    store(e, C, X2, STATE_COUNT);
    if (isa_has(isa, EXT_F)) { /* to nearest even, which the host's FPU can do */
        EMIT(lui, .rd = C, .imm = (i32)MSTATUS_FS);
        EMIT(csrrs, .rs1 = C, .imm = 0x300);
        write_csr(e, 0x002, 0);
    }
    for (unsigned i = 0; i < sizeof csrs / sizeof csrs[0]; i++) {
        if (csrs[i].word == WHERE_MENVCFGH && isa->xlen == 64)
            continue;
        if (csrs[i].csr >> 4 == 0x7a && !isa_has(isa, EXT_SDTRIG))
            continue;
        load(e, C, B, csrs[i].word);
        write_csr(e, csrs[i].csr, C);
        if (csrs[i].word == WHERE_SATP)
            EMIT(sfence_vma, 0);
    }
    load(e, C, X2, STATE_MASK);
    EMIT(srli, .rd = D, .rs1 = A, .imm = 8);
    EMIT(and, .rd = D, .rs1 = D, .rs2 = C);
    load(e, C, B, WHERE_ENTRY);
    EMIT(add, .rd = D, .rs1 = D, .rs2 = C);
    write_csr(e, 0x341, D);
    emit_timer(e);
    emit_silence(e, isa);
    for (unsigned i = 0; i < 4; i++)
        load(e, pointers[i], B, WHERE_X8 + i);
    load(e, D, B, WHERE_X2);
    write_csr(e, 0x340, D); /* comes back as x2 */
    emit_exit(e, 0x340, ROW_mret);
}

u32 handler_write_machine(const struct isa *isa, u8 *to)
{
    struct emitter emitter = {.to = to, .xlen = isa->xlen}, *e = &emitter;
    u32 interrupt, fetch, page, ecall, often;

    emit_vector(e);
    emit_entry(e, 0x340, 0x342, 0x341, 0x343);
    interrupt = branch(e, ROW_blt, A, 0);
    add_immediate(e, D, 0, CAUSE_FETCH_ACCESS);
    fetch = branch(e, ROW_bgeu, D, A);
    add_immediate(e, D, 0, CAUSE_FETCH_PAGE);
    page = branch(e, ROW_beq, A, D);
    add_immediate(e, D, 0, CAUSE_ECALL_S);
    ecall = branch(e, ROW_beq, A, D);
    load(e, D, X2, STATE_COUNT);
    add_immediate(e, D, D, -1);
    store(e, D, X2, STATE_COUNT);
    often = branch(e, ROW_beq, D, 0);
    emit_skip(e, 0x341);
    emit_exit(e, 0x340, ROW_mret);
    land(e, ROW_blt, interrupt, A, 0);
    land(e, ROW_bgeu, fetch, D, A);
    land(e, ROW_beq, page, A, D);
    land(e, ROW_beq, ecall, A, D);
    land(e, ROW_beq, often, D, 0);
    emit_elsewhere(e, isa);
    assert(emitter.size <= HANDLER_SIZE);
    return emitter.size;
}

u32 handler_write_supervisor(const struct isa *isa, u8 *to)
{
    struct emitter emitter = {.to = to, .xlen = isa->xlen}, *e = &emitter;
    u32 exception, fetch, page, over;

    emit_vector(e);
    emit_entry(e, 0x140, 0x142, 0x141, 0x143);
    exception = branch(e, ROW_bge, A, 0);
    if (isa_has(isa, EXT_SSTC)) {
        add_immediate(e, D, 0, -1);
        write_csr(e, 0x14d, D);
    }
    write_csr(e, 0x144, 0);
    emit_exit(e, 0x140, ROW_sret);
    land(e, ROW_bge, exception, A, 0);
    add_immediate(e, D, 0, CAUSE_FETCH_ACCESS);
    fetch = branch(e, ROW_bgeu, D, A);
    add_immediate(e, D, 0, CAUSE_FETCH_PAGE);
    page = branch(e, ROW_beq, A, D);
    emit_skip(e, 0x141);
    over = branch(e, ROW_beq, 0, 0);
    land(e, ROW_bgeu, fetch, D, A);
    land(e, ROW_beq, page, A, D);
    EMIT(ecall, 0);
    land(e, ROW_beq, over, 0, 0);
    emit_exit(e, 0x140, ROW_sret);
    assert(emitter.size <= HANDLER_SIZE);
    return emitter.size;
}
