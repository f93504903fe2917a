/* Where everything of a random program lies, its page tables, and the elsewheres (see program.h).
 */
#include "tests/agree/program.h"

#include "cpu/csr.h"

#include <string.h>

/* Bits of a PTE. */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, ACCESSED = 64, DIRTY = 128 };

#define MODES 4 /* roots of page tables: Sv39, Sv48, Sv57; or Sv32 thrice over; and none */

struct tables {
    struct machine *machine;
    struct random *random;
    unsigned xlen;
    paddr next; /* the next free page */
};

struct program {
    struct generator *generator;
    struct machine *machine;
    u64 satp[MODES];
};

static u64 read_word(const struct machine *machine, paddr at, unsigned size)
{
    u64 value = 0;

    memcpy(&value, ram_host(&machine->ram, at), size);
    return value;
}

static void write_word(struct machine *machine, paddr at, unsigned size, u64 value)
{
    memcpy(ram_host(&machine->ram, at), &value, size);
}

/* Enters a leaf of this level (0: a page), making the tables above it. */
static void map(struct tables *tables, paddr root, unsigned levels, vaddr va, paddr pa, u32 rights,
                unsigned leaf)
{
    unsigned size = tables->xlen / 8, index_bits = tables->xlen == 32 ? 10 : 9;

    for (unsigned level = levels - 1;; level--) {
        u64 index = va >> (PAGE_BITS + level * index_bits) & ((1u << index_bits) - 1);
        paddr at = root + index * size;
        u64 pte = read_word(tables->machine, at, size);
        if (level == leaf) {
            write_word(tables->machine, at, size, pa >> PAGE_BITS << 10 | rights);
            return;
        }
        if (!(pte & V)) {
            pte = tables->next >> PAGE_BITS << 10 | V;
            tables->next += PAGE_SIZE;
            write_word(tables->machine, at, size, pte);
        }
        root = pte >> 10 << PAGE_BITS;
    }
}

/* Any right, also those that make no sense; any page of code, data, or what is guarded. */
static u32 random_rights(struct random *random)
{
    u32 rights = (u32)random_next(random) & (R | W | X | U | G | ACCESSED | DIRTY);

    if (!random_one_in(random, 8))
        rights |= V | ACCESSED;
    if (random_one_in(random, 2))
        rights |= R | W | DIRTY;
    return rights;
}

/* The tables of one paging mode. Returns their root. */
static paddr build_tables(struct tables *tables, unsigned levels)
{
    paddr root = tables->next;
    u32 all = V | R | W | X | ACCESSED | DIRTY;

    tables->next += PAGE_SIZE;
    for (u32 at = 0; at < PLACE_DATA + PLACE_SIZE; at += PAGE_SIZE) {
        /* Now and then a page whose first access or first store is an event. */
        u32 less = at < PLACE_CODE                     ? 0
                   : random_one_in(tables->random, 16) ? DIRTY
                   : random_one_in(tables->random, 16) ? ACCESSED | DIRTY
                                                       : 0;
        map(tables, root, levels, RAM_BASE + at, RAM_BASE + at, all & ~less, 0);
        map(tables, root, levels, WINDOW_USER + at, RAM_BASE + at, (all & ~less) | U, 0);
    }
    for (u32 i = 0; i < 32; i++) {
        paddr pa = RAM_BASE + PAGE_SIZE * random_below(tables->random, 0x30);
        map(tables, root, levels, WINDOW_RANDOM + i * PAGE_SIZE, pa, random_rights(tables->random),
            0);
    }
    map(tables, root, levels, WINDOW_LARGE, RAM_BASE,
        all | (random_one_in(tables->random, 2) ? U : 0), 1);
    return root;
}

static void place_tables(struct program *program)
{
    struct machine *machine = program->machine;
    struct tables tables = {machine, &program->generator->random, machine->config.isa.xlen,
                            RAM_BASE + PLACE_TABLES};

    program->satp[0] = 0;
    for (unsigned i = 1; i < MODES; i++) {
        u64 mode = tables.xlen == 32 ? (u64)1 << 31 : (u64)(7 + i) << 60;
        u64 asid = random_below(tables.random, 4);
        paddr root = build_tables(&tables, tables.xlen == 32 ? 2 : 2 + i);
        program->satp[i] = mode | asid << (tables.xlen == 32 ? 22 : 44) | root >> PAGE_BITS;
    }
}

/* Somewhere in the data, or in the code; often just before the end of a page. */
static u64 random_pointer(struct program *program, bool is_user, u32 alignment)
{
    static const vaddr bases[] = {RAM_BASE, WINDOW_USER, WINDOW_RANDOM, WINDOW_LARGE};
    struct random *random = &program->generator->random;
    u32 offset = PLACE_DATA + random_below(random, PLACE_SIZE);
    vaddr base = is_user ? WINDOW_USER : RAM_BASE;

    if (random_one_in(random, 8))
        offset = PLACE_CODE + random_below(random, PLACE_SIZE);
    if (random_one_in(random, 4))
        offset = (offset | (u32)PAGE_MASK) - random_below(random, 16);
    if (random_one_in(random, 4))
        base = bases[random_below(random, 4)];
    if (base == WINDOW_RANDOM)
        offset &= 0x1ffff;
    return (base + offset) & ~(u64)(alignment - 1);
}

static u64 device_pointer(struct random *random)
{
    static const paddr devices[] = {0x2000000, 0x200c000, 0x10000000, 0x10000000, 0xc000000,
                                    0x101000,  0x1000,    0x10001000, 0x30000000};

    return devices[random_below(random, sizeof devices / sizeof devices[0])];
}

static u64 random_mstatus(struct random *random, enum privilege mode)
{
    static const u64 float_states[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 2, 2, 0};
    u64 status = (u64)mode << 11 | float_states[random_below(random, 16)] << 13 | MSTATUS_MPIE;

    status |= random_next(random) & (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM);
    if (random_one_in(random, 4))
        status |= MSTATUS_MXR;
    if (random_one_in(random, 8))
        status |= random_next(random) & (MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR | MSTATUS_MPRV);
    return status;
}

/* A trigger that is disabled, or watches a little of code or data; now and then all that is above
 * or below. */
static void fill_trigger(struct program *program, bool is_user, u64 words[WHERE_WORDS])
{
    struct random *random = &program->generator->random;
    unsigned xlen = program->machine->config.isa.xlen;
    u64 address = random_pointer(program, is_user, 1);
    u64 fields = random_next(random) & (0x5f | 7u << 16); /* accesses, modes, size */
    u64 match = random_one_in(random, 16) ? random_below(random, 16) : random_below(random, 2);

    if (random_one_in(random, 2))
        fields &= ~(7u << 16);
    if (match == 1)
        address |= ((u64)2 << random_below(random, 14)) - 1;
    words[WHERE_TSELECT] = random_below(random, 4);
    words[WHERE_TDATA2] = address;
    words[WHERE_TDATA1] =
        (u64)(random_one_in(random, 3) ? 15 : 6) << (xlen - 4) | fields | match << 7;
}

static void fill_where(struct program *program, u64 words[WHERE_WORDS])
{
    static const enum privilege modes[] = {PRIV_M, PRIV_M, PRIV_S, PRIV_S,
                                           PRIV_S, PRIV_U, PRIV_U, PRIV_U};
    struct random *random = &program->generator->random;
    enum privilege mode = modes[random_below(random, 8)];
    u64 satp = random_one_in(random, 4) ? 0 : program->satp[1 + random_below(random, MODES - 1)];
    bool is_user = mode == PRIV_U && satp;
    u64 menvcfg = random_next(random) & ~((u64)1 << 4);

    if (random_one_in(random, 2))
        menvcfg |= 0xd0; /* cache-block operations */
    words[WHERE_SATP] = satp;
    words[WHERE_MEDELEG] = random_one_in(random, 2) ? 0 : random_next(random) & ~((u64)1 << 9);
    words[WHERE_MIDELEG] = random_one_in(random, 2) ? 0 : random_next(random);
    words[WHERE_MIE] = (random_next(random) & 0x2222) | IRQ_BIT(IRQ_MTI) |
                       (random_one_in(random, 8) ? IRQ_BIT(IRQ_MSI) : 0);
    words[WHERE_MENVCFG] = menvcfg;
    words[WHERE_MENVCFGH] = menvcfg >> 32;
    words[WHERE_MCOUNTEREN] = random_one_in(random, 4) ? random_next(random) : UINT64_MAX;
    words[WHERE_SCOUNTEREN] = random_one_in(random, 4) ? random_next(random) : UINT64_MAX;
    words[WHERE_SENVCFG] = random_next(random);
    words[WHERE_STVEC] = RAM_BASE + PLACE_S + random_below(random, 2);
    words[WHERE_MSTATUS] = random_mstatus(random, mode);
    words[WHERE_ENTRY] = (is_user ? WINDOW_USER : RAM_BASE) + PLACE_CODE;
    fill_trigger(program, is_user, words);
    words[WHERE_X2] = random_pointer(program, is_user, 1u << random_below(random, 4));
    words[WHERE_X8] = random_pointer(program, is_user, 1u << random_below(random, 4));
    words[WHERE_X9] = random_pointer(program, is_user, 8);
    words[WHERE_X3] = random_pointer(program, is_user, 4);
    words[WHERE_X4] = device_pointer(random);
}

static void place_wheres(struct program *program)
{
    unsigned size = program->machine->config.isa.xlen / 8;

    for (unsigned i = 0; i < WHERE_COUNT; i++) {
        u64 words[WHERE_WORDS];
        fill_where(program, words);
        for (unsigned word = 0; word < WHERE_WORDS; word++)
            write_word(program->machine, RAM_BASE + PLACE_WHERE + i * WHERE_SIZE + word * size,
                       size, words[word]);
    }
}

/* Numbers that floating point and division find interesting, among others. */
static u64 random_value(struct random *random)
{
    static const u64 values[] = {0,
                                 1,
                                 UINT64_MAX,
                                 (u64)1 << 63,
                                 0x7ff0000000000000, /* infinity */
                                 0x7ff0000000000001, /* signalling NaN */
                                 0x3ff0000000000000, /* 1.0 */
                                 0x000fffffffffffff, /* subnormal */
                                 0x7fefffffffffffff, /* the greatest number */
                                 0x41dfffffffc00000, /* 2^31 - 1 */
                                 0xffffffff7f800001, /* the same for singles, boxed */
                                 0xffffffff3f800000,
                                 0xffffffff807fffff,
                                 0xffffffff7f7fffff,
                                 0xffffffffff800000,
                                 0xffffffff80000000,
                                 0xffffffff4f000000,
                                 0xffffffffffff7c01, /* and for halves */
                                 0xffffffffffff3c00,
                                 0xffffffffffff83ff,
                                 0xffffffffffff7bff,
                                 0xfffffffffffffc00};

    switch (random_below(random, 5)) {
    case 0:
        return values[random_below(random, sizeof values / sizeof values[0])];
    case 1:
        return random_next(random) | 0xffffffff00000000;
    case 2:
        return random_next(random) | 0xffffffffffff0000;
    default:
        return random_next(random) >> random_below(random, 64);
    }
}

static void place_state(struct program *program, unsigned hart)
{
    struct machine *machine = program->machine;
    unsigned size = machine->config.isa.xlen / 8;
    paddr state = RAM_BASE + PLACE_M + hart * HANDLER_SIZE + PLACE_STATE;
    bool has_c = isa_has(&machine->config.isa, EXT_C);
    const u64 words[STATE_WORDS] = {
        [STATE_COUNT] = 8,
        [STATE_RANDOM] = random_next(&program->generator->random) | 1,
        [STATE_WHERES] = RAM_BASE + PLACE_WHERE,
        [STATE_MASK] = has_c ? PLACE_SIZE - 2 : PLACE_SIZE - 4,
        [STATE_MTIME] = 0x200bff8,
        [STATE_MTIMECMP] = 0x2004000 + 8 * hart,
        [STATE_MSIP] = 0x2000000 + 4 * hart,
    };

    for (unsigned i = 0; i < STATE_WORDS; i++)
        write_word(machine, state + i * size, size, words[i]);
}

/* What pmpaddr says for this many bytes from here. */
static u64 napot(paddr at, u64 size)
{
    return at >> 2 | (size / 8 - 1);
}

/* Entry 0, locked, guards the handlers even against M-mode; the last one lets S and U in at all;
 * some between forbid a few bytes of the data. */
static void place_pmp(struct program *program, struct hart *hart)
{
    enum { PMP_R = 1, PMP_W = 2, PMP_X = 4, TOR = 1 << 3, NAPOT = 3 << 3, LOCKED = 1 << 7 };
    struct random *random = &program->generator->random;
    bool is_rv32 = hart->xlen == 32;
    u64 hole = random_one_in(random, 2) ? (u64)NAPOT | random_below(random, 8) : 0;
    u64 top = random_one_in(random, 4) ? (u64)TOR | random_below(random, 8) : 0;

    csr_poke(hart, 0x3b0, napot(RAM_BASE, PLACE_STATE));
    csr_poke(hart, 0x3b1, napot(RAM_BASE + PLACE_DATA + 0x3000, 64u << random_below(random, 4)));
    csr_poke(hart, 0x3b2, (RAM_BASE + PLACE_DATA + 0x6000) >> 2);
    csr_poke(hart, 0x3b3, (RAM_BASE + PLACE_DATA + 0x6100) >> 2);
    csr_poke(hart, 0x3bf, UINT64_MAX);
    csr_poke(hart, 0x3a0, (NAPOT | LOCKED | PMP_R | PMP_X) | hole << 8 | top << 24);
    csr_poke(hart, is_rv32 ? 0x3a3 : 0x3a2,
             (u64)(NAPOT | PMP_R | PMP_W | PMP_X) << (is_rv32 ? 24 : 56));
}

static void place_hart(struct program *program, unsigned number)
{
    struct random *random = &program->generator->random;
    struct hart *hart = program->machine->harts[number];

    place_state(program, number);
    place_pmp(program, hart);
    csr_poke(hart, 0x305, RAM_BASE + PLACE_M + number * HANDLER_SIZE + random_below(random, 2));
    for (unsigned i = 1; i < 32; i++) {
        u64 value = random_value(random);
        if (i != 2)
            hart->x[i] = hart->xlen == 32 ? (u64)(i64)(i32)value : value;
        hart->f[i] = isa_has(&program->machine->config.isa, EXT_F) ? random_value(random) : 0;
    }
    hart->pc = RAM_BASE + PLACE_CODE;
}

void program_place(struct generator *generator, struct machine *machine, u64 seed)
{
    struct program program = {.generator = generator, .machine = machine};
    u8 *ram = machine->ram.bytes;

    generator->random.state = seed;
    for (unsigned i = 0; i < PROGRAM_HARTS; i++)
        handler_write_machine(&machine->config.isa, ram + PLACE_M + i * HANDLER_SIZE);
    handler_write_supervisor(&machine->config.isa, ram + PLACE_S);
    place_tables(&program);
    place_wheres(&program);
    code_write(generator, ram + PLACE_CODE, PLACE_SIZE);
    for (u32 at = 0; at < PLACE_SIZE; at += 8)
        write_word(machine, RAM_BASE + PLACE_DATA + at, 8, random_value(&generator->random));
    for (unsigned i = 0; i < machine->config.harts; i++)
        place_hart(&program, i);
}
