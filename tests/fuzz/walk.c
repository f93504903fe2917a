/* Fuzzer: the page walk over page tables that an enemy has written. Whatever PTE is asked for comes
 * from a small table of input words, chosen by its address, so that loops and aliases are common.
 */
#include "memory/paging.h"

#include "tests/fuzz/fuzz.h"

#define PTES 16

struct tables {
    u64 ptes[PTES];
    u64 unreadable; /* bit i: PTE i may not be read */
    u64 reads;
};

static unsigned place_of(paddr at, unsigned size)
{
    return (unsigned)((at / size ^ at >> PAGE_BITS) % PTES);
}

static bool read_pte(void *context, paddr at, unsigned size, u64 *pte)
{
    struct tables *tables = context;
    unsigned place = place_of(at, size);

    fuzz_check(at % size == 0, "a PTE is misaligned");
    fuzz_check(++tables->reads <= 5, "a walk does not end");
    if (tables->unreadable >> place & 1)
        return false;
    *pte = size == 4 ? (u32)tables->ptes[place] : tables->ptes[place];
    return true;
}

static void check_end(const struct walker *walker, const struct walk *walk, vaddr va)
{
    u64 below = ((u64)1 << walk->page_bits) - 1;

    if (walk->end != WALK_OK || walker->mode == PAGING_BARE)
        return;
    fuzz_check(walk->page_bits >= 12 && walk->page_bits <= 48, "a page of no size");
    fuzz_check(((walk->pa ^ va) & below) == 0, "the offset within the page is lost");
    fuzz_check(walk->pa >> (walker->mode == PAGING_SV32 ? 34 : 56) == 0, "pa has too many bits");
    fuzz_check(walk->leaf == walk->steps[walk->step_count - 1].pte, "the leaf is not the last PTE");
}

/* After the update the same walk needs none, and gives the same. */
static void check_update(const struct walker *walker, const struct walk *walk, vaddr va,
                         enum access why)
{
    struct tables *tables = walker->context;
    unsigned size = pte_size(walker->mode), place = place_of(walk->ad_update.at, size);

    fuzz_check(walker->updates_ad, "an update nobody allowed");
    fuzz_check(walk->ad_update.old == walk->leaf, "the update is not of the leaf");
    fuzz_check(((walk->ad_update.old ^ walk->ad_update.new) & ~(PTE_A | PTE_D)) == 0,
               "an update of more than A and D");
    for (unsigned i = 0; i + 1 < walk->step_count; i++)
        if (place_of(walk->steps[i].at, size) == place)
            return; /* the same word is also a pointer, which may have neither bit */
    tables->ptes[place] = walk->ad_update.new;
    tables->reads = 0;
    struct walk again = page_walk(walker, va, why);
    fuzz_check(again.end == WALK_OK && !again.ad_update.needed && again.pa == walk->pa,
               "after its update the walk is not done");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct tables tables = {0};
    u64 flags = fuzz_take(&fuzz, 1);
    struct walker walker = {
        .mode = (enum paging_mode)(fuzz_take(&fuzz, 1) % 5),
        .user = flags & 1,
        .sum = flags & 2,
        .mxr = flags & 4,
        .updates_ad = flags & 8,
        .context = &tables,
        .read_pte = read_pte,
    };
    enum access why = (enum access)(fuzz_take(&fuzz, 1) % 3);
    vaddr va = fuzz_take(&fuzz, 8);

    if (flags & 16) /* canonical for every mode but Sv32 */
        va = (u64)((i64)(va << 25) >> 25);
    if (walker.mode == PAGING_SV32)
        va = (u32)va;
    walker.root = fuzz_take(&fuzz, 6) & (walker.mode == PAGING_SV32 ? 0x3fffff : 0xfffffffffff);
    tables.unreadable = fuzz_take(&fuzz, 2);
    for (unsigned i = 0; i < PTES; i++)
        tables.ptes[i] = fuzz_take(&fuzz, 8);
    struct walk walk = page_walk(&walker, va, why);
    check_end(&walker, &walk, va);
    if (walk.ad_update.needed)
        check_update(&walker, &walk, va, why);
    return 0;
}
