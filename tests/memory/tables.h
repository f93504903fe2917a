/* Page tables in a small world of their own, for tests of the walk. */
#ifndef TESTS_MEMORY_TABLES_H
#define TESTS_MEMORY_TABLES_H

#include "memory/paging.h"

#include "tests/suite.h"

#include <string.h>

/* Five tables of 4 KiB, one per level, from physical page TABLES on. */
#define TABLES ((u64)0x80000)
#define POOR   ((u64)0x123456) /* a page number where PTEs may not be read */

struct world {
    u8 bytes[5 * PAGE_SIZE];
    unsigned reads;
    struct walker walker;
};

static inline bool read_pte(void *context, paddr at, unsigned size, u64 *pte)
{
    struct world *world = context;
    u64 offset = at - (TABLES << PAGE_BITS);

    world->reads++;
    *pte = 0;
    if (offset >= sizeof world->bytes)
        return false;
    memcpy(pte, &world->bytes[offset], size);
    return true;
}

static inline void put_pte(struct world *world, unsigned table, u64 index, u64 pte)
{
    unsigned size = pte_size(world->walker.mode);

    memcpy(&world->bytes[table * PAGE_SIZE + index * size], &pte, size);
}

static inline void open_world(struct world *world, enum paging_mode mode)
{
    memset(world, 0, sizeof *world);
    world->walker =
        (struct walker){.mode = mode, .root = TABLES, .context = world, .read_pte = read_pte};
}

struct shape {
    enum paging_mode mode;
    unsigned levels, index_bits;
};
static const struct shape shapes[] = {
    {PAGING_SV32, 2, 10}, {PAGING_SV39, 3, 9}, {PAGING_SV48, 4, 9}, {PAGING_SV57, 5, 9}};

#define INDEX  5u /* at every level */
#define OFFSET 0x123u
#define RWXUAD (PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
#define PPN(n) ((u64)(n) << 10)

static inline vaddr test_va(const struct shape *shape)
{
    vaddr va = OFFSET;

    for (unsigned level = 0; level < shape->levels; level++)
        va |= (vaddr)INDEX << (PAGE_BITS + level * shape->index_bits);
    return va;
}

/* Pointers down to that level, and there this leaf. Table t is the one t steps below the root. */
static inline void map(struct world *world, const struct shape *shape, unsigned level, u64 leaf)
{
    unsigned step = 0;

    for (unsigned above = shape->levels - 1; above > level; above--, step++)
        put_pte(world, step, INDEX, PPN(TABLES + step + 1) | PTE_V);
    put_pte(world, step, INDEX, leaf);
}

#endif
