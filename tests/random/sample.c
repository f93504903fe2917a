/* Values that samples start with, and their page tables: "Sv32", "Sv39", "Sv48", "Sv57", with
 * Svnapot and Svpbmt where they are on. */
#include "tests/random/sample.h"

#include <string.h>

/* Bits of a PTE. */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, ACCESSED = 64, DIRTY = 128 };
#define ALL  (V | R | W | X | ACCESSED | DIRTY)
#define PAGE 4096u

u64 sample_value(struct random *random)
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
    u64 any = random_next(random);

    switch (random_below(random, 8)) {
    case 0:
        return values[random_below(random, sizeof values / sizeof values[0])];
    case 1:
    case 2:
        return any | 0xffffffff00000000;
    case 3:
        return any | 0xffffffffffff0000;
    case 4: /* a double, or a single, of a middling size: sums and products of such are numbers */
        return (any & 0x800fffffffffffff) | (u64)(1000 + random_below(random, 50)) << 52;
    case 5:
        return 0xffffffff00000000 | (any & 0x807fffff) |
               (u64)(110 + random_below(random, 34)) << 23;
    default:
        return any >> random_below(random, 64);
    }
}

struct tables {
    const struct isa *isa;
    struct random random;
    unsigned levels;
    u8 *bytes;
    u64 used;
};

static struct tables begin(const struct isa *isa, u64 seed, u8 *bytes)
{
    struct tables tables = {.isa = isa, .random = {seed}, .bytes = bytes};

    tables.levels = isa->xlen == 32 ? 2 : 3 + random_below(&tables.random, 3);
    return tables;
}

u64 sample_satp(const struct isa *isa, u64 tables)
{
    u64 root = (u64)AT_TABLES / PAGE;

    if (!tables)
        return 0;
    if (isa->xlen == 32)
        return (u64)1 << 31 | root;
    return (u64)(begin(isa, tables, NULL).levels + 5) << 60 | root;
}

/* Enters a leaf of this level (0: a page), making the tables above it. */
static void map(struct tables *tables, u64 va, u64 pte, unsigned leaf)
{
    unsigned size = tables->isa->xlen / 8, index_bits = size == 4 ? 10 : 9;
    u64 table = 0;

    for (unsigned level = tables->levels - 1;; level--) {
        u64 at = table + (va >> (12 + level * index_bits) & ((1u << index_bits) - 1)) * size;
        u64 next = 0;
        if (level == leaf) {
            memcpy(tables->bytes + at, &pte, size);
            return;
        }
        memcpy(&next, tables->bytes + at, size);
        if (!(next & V)) {
            next = ((u64)AT_TABLES + tables->used) / PAGE << 10 | V;
            tables->used += PAGE;
            memcpy(tables->bytes + at, &next, size);
        }
        table = (next >> 10) * PAGE - (u64)AT_TABLES;
    }
}

/* Without Svade and Svadu it is open what a page does that was not yet accessed or written. */
static u64 leaf_to(const struct tables *tables, u64 pa, u64 rights)
{
    if (!isa_has(tables->isa, EXT_SVADE) && !isa_has(tables->isa, EXT_SVADU))
        rights |= ACCESSED | DIRTY;
    return pa / PAGE << 10 | rights;
}

/* A page of which now and then the first access or the first store is an event. */
static u64 wearing(struct tables *tables)
{
    if (random_one_in(&tables->random, 6))
        return ALL & ~(u64)DIRTY;
    return random_one_in(&tables->random, 6) ? ALL & ~(u64)(ACCESSED | DIRTY) : ALL;
}

/* Any rights, also those that make no sense, to data or code; code never to write to. */
static u64 random_leaf(struct tables *tables)
{
    struct random *random = &tables->random;
    bool is_data = !random_one_in(random, 4);
    u64 pa = is_data ? (u64)AT_DATA + PAGE * random_below(random, 2)
                     : (u64)AT_CODE + PAGE * random_below(random, 2);
    u64 rights = random_next(random) & (R | W | X | U | G | ACCESSED | DIRTY);

    if (!random_one_in(random, 8))
        rights |= V | ACCESSED;
    if (random_one_in(random, 2))
        rights |= R | W | DIRTY;
    if (!is_data)
        rights &= ~(u64)W;
    if (tables->isa->xlen == 32)
        return leaf_to(tables, pa, rights);
    if (random_one_in(random, 4)) /* memory types. Not 3: QEMU knows not that it is reserved */
        rights |= (u64)random_below(random, 3) << 61;
    if (random_one_in(random, 16))
        rights |= (u64)1 << (54 + random_below(random, 7));
    if (is_data && random_one_in(random, 8)) /* Svnapot: 64 KiB, which must be said by 8 */
        return leaf_to(tables, (u64)AT_DATA, rights) | (u64)1 << 63 |
               (u64)(random_one_in(random, 4) ? random_below(random, 16) : 8) << 10;
    return leaf_to(tables, pa, rights);
}

void sample_tables(const struct isa *isa, u64 seed, u8 *to)
{
    struct tables tables = begin(isa, seed, to);

    memset(to, 0, AT_TABLES_SIZE);
    tables.used = PAGE;
    for (u64 at = 0; at < 2 * PAGE; at += PAGE) {
        u64 data = wearing(&tables), code = (u64)AT_CODE + at, there = (u64)AT_DATA + at;
        map(&tables, code, leaf_to(&tables, code, ALL), 0);
        map(&tables, there, leaf_to(&tables, there, data), 0);
        map(&tables, code - AT_BASE + AT_WINDOW_USER, leaf_to(&tables, code, ALL | U), 0);
        map(&tables, there - AT_BASE + AT_WINDOW_USER,
            leaf_to(&tables, there, wearing(&tables) | U), 0);
    }
    map(&tables, (u64)AT_S_HANDLER, leaf_to(&tables, (u64)AT_S_HANDLER, ALL), 0);
    map(&tables, (u64)AT_S_FRAME, leaf_to(&tables, (u64)AT_S_FRAME, ALL), 0);
    for (unsigned i = 0; i < 32; i++)
        map(&tables, (u64)AT_WINDOW_RANDOM + i * PAGE, random_leaf(&tables), 0);
    map(&tables, (u64)AT_WINDOW_LARGE,
        leaf_to(&tables, (u64)AT_BASE, wearing(&tables) | (random_next(&tables.random) & U)), 1);
    /* A superpage that does not begin where one can. */
    map(&tables, (u64)AT_WINDOW_LARGE + 0x400000, leaf_to(&tables, (u64)AT_DATA, ALL), 1);
}
