/* The page walk, PTE bit by PTE bit ("Virtual Address Translation Process"). */
#include "tests/memory/tables.h"

START_TEST(a_walk_goes_down_every_level_and_records_its_steps)
{
    const struct shape *shape = &shapes[_i];
    struct world world;
    struct walk walk;

    open_world(&world, shape->mode);
    map(&world, shape, 0, PPN(0x2a001) | PTE_V | PTE_R | PTE_A);
    walk = page_walk(&world.walker, test_va(shape), ACCESS_LOAD);
    ck_assert_int_eq(walk.end, WALK_OK);
    ck_assert_uint_eq(walk.pa, 0x2a001123);
    ck_assert_uint_eq(walk.page_bits, 12);
    ck_assert_uint_eq(walk.step_count, shape->levels);
    ck_assert(!walk.ad_update.needed);
    for (unsigned i = 0; i < shape->levels; i++) {
        ck_assert_uint_eq(walk.steps[i].level, shape->levels - 1 - i);
        ck_assert_uint_eq(walk.steps[i].at,
                          ((TABLES + i) << PAGE_BITS) + INDEX * pte_size(shape->mode));
    }
}
END_TEST

START_TEST(a_leaf_higher_up_is_a_superpage)
{
    const struct shape *shape = &shapes[_i];

    for (unsigned level = 1; level < shape->levels; level++) {
        unsigned bits = PAGE_BITS + level * shape->index_bits;
        u64 inside = ((u64)1 << bits) - 1;
        struct world world;
        struct walk walk;
        open_world(&world, shape->mode);
        map(&world, shape, level, PPN((u64)1 << (bits - PAGE_BITS)) | PTE_V | PTE_R | PTE_A);
        walk = page_walk(&world.walker, test_va(shape), ACCESS_LOAD);
        ck_assert_int_eq(walk.end, WALK_OK);
        ck_assert_uint_eq(walk.page_bits, bits);
        ck_assert_uint_eq(walk.pa, ((u64)1 << bits) | (test_va(shape) & inside));
    }
}
END_TEST

START_TEST(a_superpage_with_any_low_ppn_bit_is_misaligned)
{
    const struct shape *shape = &shapes[_i];

    for (unsigned level = 1; level < shape->levels; level++) {
        for (unsigned bit = 0; bit < level * shape->index_bits; bit++) {
            struct world world;
            open_world(&world, shape->mode);
            map(&world, shape, level, PPN((u64)1 << bit) | PTE_V | PTE_R | PTE_A);
            ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end,
                             WALK_MISALIGNED);
        }
    }
}
END_TEST

START_TEST(a_pointer_at_the_last_level_is_no_leaf)
{
    struct world world;

    open_world(&world, shapes[_i].mode);
    map(&world, &shapes[_i], 0, PPN(TABLES) | PTE_V);
    ck_assert_int_eq(page_walk(&world.walker, test_va(&shapes[_i]), ACCESS_LOAD).end, WALK_NO_LEAF);
}
END_TEST

START_TEST(malformed_ptes_end_the_walk)
{
    static const struct {
        u64 bits;
        enum walk_end end;
    } rows[] = {
        {RWXUAD, WALK_INVALID},
        {0, WALK_INVALID},
        {PTE_V | PTE_W | PTE_A | PTE_D, WALK_RESERVED},
        {PTE_V | PTE_W | PTE_X | PTE_A | PTE_D, WALK_RESERVED},
        {PTE_V | PTE_A, WALK_RESERVED},
        {PTE_V | PTE_D, WALK_RESERVED},
        {PTE_V | PTE_U, WALK_RESERVED},
    };
    const struct shape *shape = &shapes[_i];

    for (unsigned level = 0; level < shape->levels; level++) {
        for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct world world;
            open_world(&world, shape->mode);
            map(&world, shape, level, rows[i].bits);
            ck_assert_msg(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end == rows[i].end,
                          "level %u, row %u", level, i);
        }
    }
}
END_TEST

START_TEST(reserved_upper_bits_fault_in_leaves_and_pointers)
{
    const struct shape *shape = &shapes[_i];
    enum walk_end expected = shape->mode == PAGING_SV32 ? WALK_OK : WALK_RESERVED;

    for (unsigned bit = 54; bit < 64; bit++) {
        struct world world;
        open_world(&world, shape->mode);
        map(&world, shape, 0, (u64)1 << bit | PTE_V | PTE_R | PTE_A);
        ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end, expected);
        map(&world, shape, 0, PTE_V | PTE_R | PTE_A);
        put_pte(&world, 0, INDEX, PPN(TABLES + 1) | PTE_V | (u64)1 << bit);
        ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end, expected);
    }
}
END_TEST

START_TEST(the_g_and_software_bits_change_nothing)
{
    struct world world;

    open_world(&world, shapes[_i].mode);
    map(&world, &shapes[_i], 0, PPN(7) | 0x300 | PTE_G | PTE_V | PTE_R | PTE_A);
    put_pte(&world, 0, INDEX, PPN(TABLES + 1) | 0x300 | PTE_G | PTE_V);
    ck_assert_uint_eq(page_walk(&world.walker, test_va(&shapes[_i]), ACCESS_LOAD).pa, 0x7123);
}
END_TEST

/* What may be done, for every combination of the permission bits and of who asks. */
static bool is_allowed(u64 pte, const struct walker *who, enum access why)
{
    if (who->user != !!(pte & PTE_U) && (who->user || !who->sum || why == ACCESS_FETCH))
        return false;
    if (why == ACCESS_FETCH)
        return pte & PTE_X;
    if (why == ACCESS_STORE)
        return pte & PTE_W;
    return pte & PTE_R || (who->mxr && pte & PTE_X);
}

START_TEST(permissions_follow_r_w_x_u_sum_and_mxr)
{
    const struct shape *shape = &shapes[_i];
    struct world world;

    open_world(&world, shape->mode);
    for (unsigned i = 0; i < 8 * 16; i++) {
        u64 pte = (i & 15) << 1 | PTE_V | PTE_A | PTE_D;
        if (!(pte & (PTE_R | PTE_X)) || (pte & (PTE_R | PTE_W)) == PTE_W)
            continue;
        world.walker.user = i >> 4 & 1;
        world.walker.sum = i >> 5 & 1;
        world.walker.mxr = i >> 6 & 1;
        map(&world, shape, 0, pte);
        for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++)
            ck_assert_msg((page_walk(&world.walker, test_va(shape), why).end == WALK_OK) ==
                              is_allowed(pte, &world.walker, why),
                          "pte %#x, user %d, sum %d, mxr %d, access %d", (unsigned)pte,
                          world.walker.user, world.walker.sum, world.walker.mxr, why);
    }
}
END_TEST

START_TEST(without_svadu_a_and_d_are_required)
{
    const struct shape *shape = &shapes[_i];
    struct world world;

    open_world(&world, shape->mode);
    map(&world, shape, 0, PTE_V | PTE_R | PTE_W | PTE_X | PTE_D);
    for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++)
        ck_assert_int_eq(page_walk(&world.walker, test_va(shape), why).end, WALK_NOT_ACCESSED);
    map(&world, shape, 0, PTE_V | PTE_R | PTE_W | PTE_X | PTE_A);
    ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_FETCH).end, WALK_OK);
    ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end, WALK_OK);
    ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_STORE).end, WALK_NOT_DIRTY);
}
END_TEST

START_TEST(with_svadu_the_walk_says_what_to_write_and_writes_nothing)
{
    const struct shape *shape = &shapes[_i];
    u64 leaf = PPN(7) | PTE_V | PTE_R | PTE_W;
    struct world world;
    struct walk walk;
    u64 pte;

    open_world(&world, shape->mode);
    world.walker.updates_ad = true;
    map(&world, shape, 0, leaf);
    walk = page_walk(&world.walker, test_va(shape), ACCESS_LOAD);
    ck_assert_int_eq(walk.end, WALK_OK);
    ck_assert(walk.ad_update.needed);
    ck_assert_uint_eq(walk.ad_update.old, leaf);
    ck_assert_uint_eq(walk.ad_update.new, leaf | PTE_A);
    ck_assert_uint_eq(walk.ad_update.at, walk.steps[walk.step_count - 1].at);
    walk = page_walk(&world.walker, test_va(shape), ACCESS_STORE);
    ck_assert_uint_eq(walk.ad_update.new, leaf | PTE_A | PTE_D);
    ck_assert(read_pte(&world, walk.ad_update.at, pte_size(shape->mode), &pte));
    ck_assert_uint_eq(pte, leaf);
    ck_assert(!page_walk(&world.walker, test_va(shape), ACCESS_FETCH).ad_update.needed);
}
END_TEST

START_TEST(a_pte_that_cannot_be_read_is_an_access_fault)
{
    struct world world;

    open_world(&world, shapes[_i].mode);
    world.walker.root = POOR;
    ck_assert_int_eq(page_walk(&world.walker, test_va(&shapes[_i]), ACCESS_LOAD).end,
                     WALK_PTE_UNREADABLE);
    open_world(&world, shapes[_i].mode);
    put_pte(&world, 0, INDEX, PPN(POOR) | PTE_V);
    ck_assert_int_eq(page_walk(&world.walker, test_va(&shapes[_i]), ACCESS_LOAD).end,
                     WALK_PTE_UNREADABLE);
}
END_TEST

START_TEST(addresses_that_do_not_copy_the_sign_fault_without_a_read)
{
    const struct shape *shape = &shapes[_i];
    unsigned va_bits = PAGE_BITS + shape->levels * shape->index_bits;
    struct world world;

    if (shape->mode == PAGING_SV32)
        return;
    open_world(&world, shape->mode);
    for (unsigned bit = va_bits; bit < 64; bit++) {
        vaddr positive = (vaddr)1 << bit, negative = ~positive;
        ck_assert_int_eq(page_walk(&world.walker, positive, ACCESS_LOAD).end, WALK_NOT_CANONICAL);
        ck_assert_int_eq(page_walk(&world.walker, negative, ACCESS_FETCH).end, WALK_NOT_CANONICAL);
    }
    ck_assert_int_eq(page_walk(&world.walker, (vaddr)1 << (va_bits - 1), ACCESS_STORE).end,
                     WALK_NOT_CANONICAL);
    ck_assert_uint_eq(world.reads, 0);
    ck_assert_int_eq(page_walk(&world.walker, ~(vaddr)0 << (va_bits - 1), ACCESS_STORE).end,
                     WALK_INVALID);
    ck_assert_uint_eq(world.reads, 1);
}
END_TEST

START_TEST(physical_addresses_have_56_bits_and_34_in_sv32)
{
    const struct shape *shape = &shapes[_i];
    u64 ppn = shape->mode == PAGING_SV32 ? 0x3fffff : ((u64)1 << 44) - 1;
    struct world world;

    open_world(&world, shape->mode);
    map(&world, shape, 0, PPN(ppn) | PTE_V | PTE_R | PTE_A);
    ck_assert_uint_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).pa,
                      ppn << PAGE_BITS | OFFSET);
}
END_TEST

START_TEST(bare_is_the_identity)
{
    struct world world;
    struct walk walk;

    open_world(&world, PAGING_BARE);
    walk = page_walk(&world.walker, 0xfedcba9876543210u, ACCESS_STORE);
    ck_assert_int_eq(walk.end, WALK_OK);
    ck_assert_uint_eq(walk.pa, 0xfedcba9876543210u);
    ck_assert_uint_eq(world.reads, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_walk_goes_down_every_level_and_records_its_steps,
                                  a_leaf_higher_up_is_a_superpage,
                                  a_superpage_with_any_low_ppn_bit_is_misaligned,
                                  a_pointer_at_the_last_level_is_no_leaf,
                                  malformed_ptes_end_the_walk,
                                  reserved_upper_bits_fault_in_leaves_and_pointers,
                                  the_g_and_software_bits_change_nothing,
                                  permissions_follow_r_w_x_u_sum_and_mxr,
                                  without_svadu_a_and_d_are_required,
                                  with_svadu_the_walk_says_what_to_write_and_writes_nothing,
                                  a_pte_that_cannot_be_read_is_an_access_fault,
                                  addresses_that_do_not_copy_the_sign_fault_without_a_read,
                                  physical_addresses_have_56_bits_and_34_in_sv32,
                                  bare_is_the_identity};

    return SUITE_RUN("paging", tests, (int)(sizeof shapes / sizeof shapes[0]));
}
