/* What Svnapot and Svpbmt make of the upper bits of a PTE. */
#include "tests/memory/tables.h"

START_TEST(an_entry_with_n_maps_64_kib_and_any_other_size_is_reserved)
{
    const struct shape *shape = &shapes[_i];
    struct world world;

    if (shape->mode == PAGING_SV32)
        return;
    for (unsigned level = 0; level < 2; level++) {
        for (u64 low = 0; low < 16; low++) {
            bool is_good = level == 0 && low == 8;
            struct walk walk;
            open_world(&world, shape->mode);
            world.walker.napot = true;
            map(&world, shape, level, PTE_N | PPN(0x2a000 | low) | PTE_V | PTE_R | PTE_A);
            walk = page_walk(&world.walker, test_va(shape), ACCESS_LOAD);
            ck_assert_int_eq(walk.end, is_good ? WALK_OK : WALK_RESERVED);
            if (is_good) {
                ck_assert_uint_eq(walk.pa, 0x2a000000 | INDEX << PAGE_BITS | OFFSET);
                ck_assert_uint_eq(walk.page_bits, 16);
            }
        }
    }
}
END_TEST

START_TEST(accessed_and_dirty_bits_of_a_64_kib_entry_go_to_the_entry_as_it_stands)
{
    const struct shape *shape = &shapes[_i];
    u64 leaf = PTE_N | PPN(0x2a008) | PTE_V | PTE_R | PTE_W;
    struct world world;
    struct walk walk;

    if (shape->mode == PAGING_SV32)
        return;
    open_world(&world, shape->mode);
    world.walker.napot = world.walker.updates_ad = true;
    map(&world, shape, 0, leaf);
    walk = page_walk(&world.walker, test_va(shape), ACCESS_STORE);
    ck_assert_uint_eq(walk.ad_update.old, leaf);
    ck_assert_uint_eq(walk.ad_update.new, leaf | PTE_A | PTE_D);
}
END_TEST

START_TEST(memory_types_are_for_leaves_and_3_is_reserved)
{
    const struct shape *shape = &shapes[_i];
    struct world world;

    if (shape->mode == PAGING_SV32)
        return;
    for (u64 type = 0; type < 4; type++) {
        for (unsigned level = 0; level < 2; level++) {
            open_world(&world, shape->mode);
            world.walker.pbmt = true;
            map(&world, shape, level, type << 61 | PTE_V | PTE_R | PTE_A);
            ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end,
                             type == 3 ? WALK_RESERVED : WALK_OK);
        }
        put_pte(&world, 0, INDEX, type << 61 | PPN(TABLES + 1) | PTE_V);
        ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end,
                         type ? WALK_RESERVED : WALK_OK);
    }
}
END_TEST

START_TEST(pointers_with_n_and_the_bits_below_the_types_stay_reserved)
{
    const struct shape *shape = &shapes[_i];
    struct world world;

    if (shape->mode == PAGING_SV32)
        return;
    open_world(&world, shape->mode);
    world.walker.napot = world.walker.pbmt = true;
    map(&world, shape, 0, PTE_V | PTE_R | PTE_A);
    put_pte(&world, 0, INDEX, PTE_N | PPN(TABLES + 8) | PTE_V);
    ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end, WALK_RESERVED);
    for (unsigned bit = 54; bit < 61; bit++) {
        map(&world, shape, 0, (u64)1 << bit | PTE_V | PTE_R | PTE_A);
        ck_assert_int_eq(page_walk(&world.walker, test_va(shape), ACCESS_LOAD).end, WALK_RESERVED);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_entry_with_n_maps_64_kib_and_any_other_size_is_reserved,
        accessed_and_dirty_bits_of_a_64_kib_entry_go_to_the_entry_as_it_stands,
        memory_types_are_for_leaves_and_3_is_reserved,
        pointers_with_n_and_the_bits_below_the_types_stay_reserved};

    return SUITE_RUN("paging extensions", tests, (int)(sizeof shapes / sizeof shapes[0]));
}
