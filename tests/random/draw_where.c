/* The CSRs and pointers of iterations (see sample.h): privilege, translation, delegation, PMP,
 * interrupts, counters' permission, cache-block operations, pointer masking. Only values that every
 * implementation must keep as they are. */
#include "tests/random/draw.h"

#include "cpu/hart.h"

#include <string.h>

enum { PMP_R = 1, PMP_W = 2, PMP_X = 4, TOR = 1 << 3, NA4 = 2 << 3, NAPOT = 3 << 3, PMP_L = 128 };

u64 draw_mstatus(const struct drawing *drawing, unsigned mode)
{
    struct random *random = &drawing->generator->random;
    u64 status = (u64)mode << 11 | MSTATUS_FS;

    if (drawing->generator->isa.xlen == 64) /* UXL, which QEMU lets be anything but 0 */
        status |= (u64)2 << 32;
    if (drawing->kind == SAMPLE_USER)
        return status;
    status |= random_next(random) &
              (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_SUM);
    if (!drawing->has_masks && random_one_in(random, 2))
        status |= MSTATUS_MXR;
    if (random_one_in(random, 8))
        status |= random_next(random) & (MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR);
    if (random_one_in(random, 16)) /* or Dirty: what makes it so beyond need is open */
        status &= ~MSTATUS_FS;
    if (mode == PRIV_M && random_one_in(random, 2))
        status |= MSTATUS_MPRV;
    return status;
}

/* Somewhere in the data; often just before the end of a page. */
static u64 draw_pointer(struct drawing *drawing, bool is_user, bool is_paged, u32 alignment)
{
    bool is_whole = alignment == 16; /* x9 */
    static const u64 windows[] = {(u64)AT_BASE, (u64)AT_WINDOW_USER, (u64)AT_WINDOW_RANDOM,
                                  (u64)AT_WINDOW_LARGE};
    struct random *random = &drawing->generator->random;
    u64 offset = random_below(random, AT_DATA_SIZE), base = is_user ? windows[1] : windows[0];

    if (random_one_in(random, 3))
        offset = (offset | 0xfff) - random_below(random, 16);
    if (is_paged && random_one_in(random, 3))
        base = windows[random_below(random, 4)];
    if (base == windows[2])
        offset += 0x1000 * random_below(random, 31);
    else
        offset += (u64)(AT_DATA - AT_BASE);
    offset = (base + offset) & ~(u64)(alignment - 1);
    if (drawing->kind == SAMPLE_PRIVILEGED && !is_whole &&
        random_one_in(random, 10)) /* for pointer masking */
        offset ^= random_next(random) << (random_one_in(random, 2) ? 57 : 48);
    return offset;
}

static u64 draw_envcfg(struct random *random, bool has_masking)
{
    static const u64 cbie[] = {0, ENVCFG_CBIE & 0x10, ENVCFG_CBIE, ENVCFG_CBIE};
    static const u64 masks[] = {0, (u64)2 << 32, (u64)3 << 32};
    u64 config = random_next(random) & (ENVCFG_FIOM | ENVCFG_CBCFE | ENVCFG_CBZE);

    config |= cbie[random_below(random, 4)];
    return has_masking ? config | masks[random_below(random, 3)] : config;
}

/* Bits of cache-block operations without their extension are WARL: they stay zero. */
static u64 without_absent(const struct isa *isa, u64 config)
{
    if (!isa_has(isa, EXT_ZICBOM))
        config &= ~(ENVCFG_CBIE | ENVCFG_CBCFE);
    if (!isa_has(isa, EXT_ZICBOZ))
        config &= ~ENVCFG_CBZE;
    return config;
}

static void draw_configs(struct drawing *drawing, u64 *where)
{
    const struct isa *isa = &drawing->generator->isa;
    struct random *random = &drawing->generator->random;
    u64 config = draw_envcfg(random, drawing->has_masks && isa_has(isa, EXT_SMNPM));

    if (random_one_in(random, 2))
        config |= ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE;
    if (isa_has(isa, EXT_SVADU))
        config |= random_next(random) & ENVCFG_ADUE;
    if (isa_has(isa, EXT_SVPBMT))
        config |= random_next(random) & ENVCFG_PBMTE;
    if (isa_has(isa, EXT_SSTC) && drawing->interrupt != IRQ_BIT(IRQ_STI))
        config |= random_next(random) & ENVCFG_STCE;
    if (drawing->due & STIMER_DUE)
        config |= ENVCFG_STCE;
    config = without_absent(isa, config);
    where[WORD_MENVCFG] = config;
    where[WORD_MENVCFGH] = config >> 32;
    where[WORD_SENVCFG] =
        without_absent(isa, draw_envcfg(random, drawing->has_masks && isa_has(isa, EXT_SSNPM)));
    config = random_one_in(random, 4) ? random_next(random) : UINT64_MAX;
    where[WORD_MSTATEEN0] = isa->xlen == 32 ? 0 : config & (STATEEN_SE | STATEEN_ENVCFG);
    where[WORD_MSTATEEN0H] = (config & (STATEEN_SE | STATEEN_ENVCFG)) >> 32;
    where[WORD_MCOUNTEREN] = random_below(random, 8);
    where[WORD_SCOUNTEREN] = random_below(random, 8);
}

/* Four bytes at either end of a page. Elsewhere QEMU, which looks only at the first and the last
 * byte of an access, misses an entry between them. */
static u64 draw_smallest(struct random *random)
{
    return ((u64)AT_DATA + 0x1000 * random_below(random, 2) +
            (random_one_in(random, 2) ? 0 : 0xffc)) >>
           2;
}

/* Under MML all that an entry can say means something. */
static u64 draw_rights(struct drawing *drawing)
{
    static const u8 rights[] = {0,     PMP_R,         PMP_R | PMP_W,
                                PMP_X, PMP_R | PMP_X, PMP_R | PMP_W | PMP_X};
    struct random *random = &drawing->generator->random;
    u64 security = drawing->sample->security;
    u64 lock = security & MSECCFG_RLB && random_one_in(random, 2) ? PMP_L : 0;

    return lock |
           (security & MSECCFG_MML ? random_below(random, 8) : rights[random_below(random, 6)]);
}

/* Entries 1 to 3 forbid something in the data: 8 bytes or more of it, for the same reason; a range
 * of 16 at least even when the code writes one of its borders. */
static void draw_pmp(struct drawing *drawing, u64 *where)
{
    struct random *random = &drawing->generator->random;
    bool has_mml = drawing->sample->security & MSECCFG_MML;
    u64 from = ((u64)AT_DATA + random_below(random, AT_DATA_SIZE)) >> 2;
    u64 config = NAPOT | (has_mml ? PMP_L | PMP_R | PMP_X : 0);
    u64 parity = drawing->sample->data & 3; /* of all borders: they are 0, 16, 32 ... apart */
    bool is_smallest = drawing->sample->data & 4;

    where[WORD_PMPADDR1] = is_smallest
                               ? draw_smallest(random)
                               : from | (random_one_in(random, 2)
                                             ? 0
                                             : (has_mml ? 0x3ff : 0x7f) >> random_below(random, 8));
    from = ((u64)AT_DATA + random_below(random, AT_DATA_SIZE)) >> 2;
    where[WORD_PMPADDR2] = (from & ~(u64)3) + parity;
    from += random_below(random, 64);
    if (random_one_in(random, 8)) /* nothing: it ends before it begins */
        from -= 64;
    where[WORD_PMPADDR3] = (from & ~(u64)3) + parity;
    if (drawing->has_pmp && random_one_in(random, 2))
        config |= (u64)(draw_rights(drawing) | (is_smallest ? NA4 : NAPOT)) << 8;
    if (drawing->has_pmp && random_one_in(random, 4))
        config |= (u64)(draw_rights(drawing) | NAPOT) << 16;
    if (drawing->has_pmp && random_one_in(random, 2))
        config |= (u64)(draw_rights(drawing) | TOR) << 24;
    where[WORD_PMPCFG0] = config;
}

static void draw_delegation(struct drawing *drawing, u64 *where)
{
    struct random *random = &drawing->generator->random;
    u64 exceptions = random_next(random) & 0xb1ff;

    if (drawing->kind == SAMPLE_USER)
        return;
    if (drawing->sample->security & MSECCFG_MML) /* S-mode cannot look at what trapped */
        exceptions = 0;
    where[WORD_MEDELEG] = random_one_in(random, 2) ? 0 : exceptions;
    where[WORD_MIDELEG] = random_next(random) & 0x222;
    where[WORD_MIE] = random_one_in(random, 4) ? 0 : drawing->interrupt;
    where[WORD_DUE] = random_next(random) & drawing->due;
}

static void draw_where(struct drawing *drawing, u64 *where)
{
    static const u8 modes[] = {PRIV_M, PRIV_M, PRIV_S, PRIV_S, PRIV_S, PRIV_U, PRIV_U, PRIV_U};
    static const u8 pointers[] = {WORD_X2, WORD_X3, WORD_X4, WORD_X8, WORD_X9};
    struct random *random = &drawing->generator->random;
    bool is_plain = drawing->kind == SAMPLE_USER, is_rv64 = drawing->generator->isa.xlen == 64;
    unsigned mode = is_plain ? PRIV_U : modes[random_below(random, 8)];
    bool is_paged = !is_plain && !random_one_in(random, 4);
    bool is_user = mode == PRIV_U && is_paged;
    bool has_granule = isa_has(&drawing->generator->isa, EXT_ZAMA16B);

    draw_pmp(drawing, where);
    draw_delegation(drawing, where);
    draw_configs(drawing, where);
    where[WORD_STVEC] = (u64)AT_S_HANDLER + random_below(random, 2);
    if (is_paged)
        where[WORD_SATP] = sample_satp(&drawing->generator->isa, drawing->sample->tables) |
                           (u64)random_below(random, 4) << (is_rv64 ? 44 : 22);
    where[WORD_FRM] = random_one_in(random, 8) ? random_below(random, 8) : random_below(random, 5);
    where[WORD_MSTATUS] = draw_mstatus(drawing, mode);
    where[WORD_ENTRY] = is_user ? (u64)AT_WINDOW_USER - (u64)AT_BASE : 0;
    for (unsigned i = 0; i < sizeof pointers; i++)
        where[pointers[i]] = draw_pointer(drawing, is_user, is_paged,
                                          i == 4                  ? 16
                                          : i == 3 && has_granule ? 32
                                                                  : 1u << random_below(random, 4));
    if (has_granule)
        where[WORD_X8] += random_below(random, 9);
}

void draw_wheres(struct drawing *drawing)
{
    u64(*wheres)[WORD_COUNT] = drawing->sample->wheres;

    for (unsigned i = 0; i < SAMPLE_WHERES; i++) {
        draw_where(drawing, wheres[i]);
        if (drawing->kind == SAMPLE_USER) /* the driver writes only those from FRM on each time */
            memcpy(wheres[i], wheres[0], WORD_FRM * sizeof wheres[0][0]);
    }
}
