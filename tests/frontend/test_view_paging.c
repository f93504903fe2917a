/* The views of translation and protection: walk, maps, tlb, pmp; RV64 and (case 1) RV32. */
#include "frontend/view_paging.h"

#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

static const char *const isas[] = {"max", "max32"};
static struct paged_guest guest;

START_TEST(a_walk_is_drawn_level_by_level_to_its_end)
{
    guest_open(&guest, isas[_i]);
    guest_map(&guest, 0x400000, GUEST_BASE + 0x5000, 0, PTE_R | PTE_U | PTE_A);
    guest.hart->privilege = PRIV_U;
    hart_mode_changed(guest.hart);
    guest_show(&guest, view_walk, 0x400123, ACCESS_LOAD);
    guest_check(&guest, "a load in U-mode");
    guest_check(&guest, _i ? "Sv32, root table at 0x80080000" : "Sv39, root table at 0x80080000");
    guest_check(&guest, "level 1");
    guest_check(&guest, "level 0");
    guest_check(&guest, "-A-U--RV  page of 4 KiB at 0x80005000");
    guest_check(&guest, "ends at 0x80005123 (ram)");
    guest_close(&guest);
}
END_TEST

START_TEST(a_walk_says_where_it_stopped_and_which_bit_would_have_helped)
{
    static const struct {
        u64 flags;
        enum access why;
        const char *words, *bit;
    } rows[] = {
        {PTE_R | PTE_A, ACCESS_STORE, "stops: W is 0", "W = 1 would have allowed it"},
        {PTE_R | PTE_A | PTE_U, ACCESS_LOAD, "stops: U is 1", "SUM = 1 would have allowed it"},
        {PTE_R | PTE_A, ACCESS_FETCH, "stops: X is 0", "X = 1 would have allowed it"},
        {PTE_R, ACCESS_LOAD, "stops: A is 0", "A = 1 would have allowed it"},
        {PTE_R | PTE_W | PTE_A, ACCESS_STORE, "stops: D is 0", "D = 1 would have allowed it"},
        {PTE_W | PTE_A, ACCESS_LOAD, "stops: the entry has a combination", NULL},
        {0, ACCESS_LOAD, "stops: V is 0", "V = 1 would have allowed it"},
    };

    guest_open(&guest, isas[_i]);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        guest_map(&guest, 0x400000, GUEST_BASE + 0x5000, 0, rows[i].flags);
        guest_show(&guest, view_walk, 0x400123, rows[i].why);
        guest_check(&guest, rows[i].words);
        if (rows[i].bit)
            guest_check(&guest, rows[i].bit);
    }
    guest_close(&guest);
}
END_TEST

START_TEST(a_walk_in_m_mode_is_that_of_s_mode)
{
    guest_open(&guest, isas[_i]);
    guest.hart->privilege = PRIV_M;
    hart_mode_changed(guest.hart);
    guest_show(&guest, view_walk, GUEST_BASE, ACCESS_FETCH);
    guest_check(&guest, "M-mode does not translate");
    guest_check(&guest, "ends at 0x80000000 (ram)");
    guest_close(&guest);
}
END_TEST

START_TEST(a_table_outside_ram_is_named)
{
    guest_open(&guest, isas[_i]);
    guest_poke(&guest, 0x180, _i ? 0x80000100 : (u64)8 << 60 | GUEST_TABLES);
    guest_show(&guest, view_walk, 0x400123, ACCESS_LOAD);
    guest_check(&guest, _i ? "stops: the next entry is at 0x100004 (syscon)"
                           : "stops: the next entry is at 0x80080000000 (nothing is there)");
    guest_close(&guest);
}
END_TEST

START_TEST(a_map_folds_pages_with_equal_rights)
{
    guest_open(&guest, isas[_i]);
    for (unsigned i = 0; i < 4; i++)
        guest_map(&guest, 0x400000 + i * PAGE_SIZE, GUEST_BASE + 0x5000 + i * PAGE_SIZE, 0,
                  PTE_R | PTE_U | PTE_A);
    guest_map(&guest, 0x404000, GUEST_BASE + 0x5000, 0, PTE_R | PTE_W | PTE_U | PTE_A);
    guest_map(&guest, 0x405000, GUEST_BASE + 0x8000, 0, PTE_R | PTE_W | PTE_U | PTE_A);
    guest_map(&guest, 0x407000, GUEST_BASE, 0, PTE_W); /* reserved: maps nothing */
    guest_show(&guest, view_maps);
    guest_check(&guest, _i ? "0x00400000 to 0x00403fff      16 KiB  r--u-  at "
                           : "0x0000000000400000 to 0x0000000000403fff      16 KiB  r--u-  at ");
    guest_check(&guest, "00403fff      16 KiB  r--u-  at 0x80005000 (ram), pages of 4 KiB\n");
    guest_check(&guest, "00404000 to 0x");
    guest_check(&guest, "00405fff       8 KiB  rw-u-  scattered");
    guest_check(&guest, "3 ranges, 28 KiB");
    guest_close(&guest);
}
END_TEST

START_TEST(superpages_join_their_neighbours)
{
    guest_open(&guest, isas[_i]);
    guest_map(&guest, (vaddr)1 << 30, 0x40000000, 1, PTE_R | PTE_A);
    guest_map(&guest, ((vaddr)1 << 30) + (_i ? 0x400000 : 0x200000),
              0x40000000 + (_i ? 0x400000 : 0x200000), 0, PTE_R | PTE_A);
    guest_show(&guest, view_maps);
    guest_check(&guest,
                _i ? "0x40000000 to 0x40400fff" : "0x0000000040000000 to 0x0000000040200fff");
    guest_check(&guest, _i ? "pages of 4 KiB to 4 MiB" : "pages of 4 KiB to 2 MiB");
    guest_close(&guest);
}
END_TEST

/* A guest may make its tables a maze without an end. */
START_TEST(tables_that_lead_into_themselves_end)
{
    static const u64 mode[] = {(u64)10 << 60, (u64)1 << 31};
    unsigned size = _i ? 4 : 8;

    guest_open(&guest, isas[_i]);
    for (unsigned i = 0; i < PAGE_SIZE / size; i++)
        guest_write(&guest, GUEST_TABLES + i * size, GUEST_TABLES >> PAGE_BITS << 10 | PTE_V, size);
    guest_poke(&guest, 0x180, mode[_i] | GUEST_TABLES >> PAGE_BITS);
    guest_show(&guest, view_maps);
    guest_check(&guest, _i ? "0 ranges, 0 bytes, 1025 tables" : "There are more than 65536 tables");
    guest_close(&guest);
}
END_TEST

START_TEST(a_map_without_translation_is_that_of_the_bus)
{
    guest_open(&guest, isas[_i]);
    guest_poke(&guest, 0x180, 0);
    guest_show(&guest, view_maps);
    guest_check(&guest, "satp is 0");
    guest_check(&guest, "uart");
    guest_show(&guest, view_walk, 0x1234, ACCESS_LOAD);
    guest_check(&guest, "Bare\n  ends at 0x1234 (rom)");
    guest_close(&guest);
}
END_TEST

START_TEST(the_tlb_shows_what_the_hart_used_and_what_is_stale)
{
    static const u32 code[] = {0x0005a503, 0x00100073}; /* lw a0, 0(a1); ebreak */

    guest_open(&guest, isas[_i]);
    memcpy(ram_writable(&guest.machine->ram, GUEST_BASE, sizeof code), code, sizeof code);
    guest_map(&guest, 0x400000, GUEST_BASE + 0x5000, 0, PTE_R | PTE_A);
    guest.hart->x[11] = 0x400000;
    machine_run(guest.machine, 1);
    guest_show(&guest, view_tlb);
    guest_check(&guest, _i ? "S     --x  0x80000000 -> 0x0080000000\n"
                           : "S     --x  0x0000000080000000 -> 0x0080000000\n");
    guest_check(&guest, "00400000 -> 0x0080005000\n");
    guest_check(&guest, "0 stale");
    guest_map(&guest, 0x400000, GUEST_BASE + 0x6000, 0, PTE_R | PTE_A);
    guest_show(&guest, view_tlb);
    guest_check(&guest, "0x0080005000  STALE");
    guest_check(&guest, "1 stale");
    guest_close(&guest);
}
END_TEST

START_TEST(pmp_is_shown_entry_by_entry)
{
    guest_open(&guest, isas[_i]);
    guest_poke(&guest, 0x3b1, 0x80001000 >> 2);
    guest_poke(&guest, 0x3b2, 0x80002000 >> 2);
    guest_poke(&guest, 0x3a0, 0x1f | 0x8d << 16); /* entry 2: locked TOR, R and X */
    guest_show(&guest, view_pmp);
    guest_check(&guest, " 0  -RWX  NAPOT");
    guest_check(&guest, " 2  LR-X  TOR    0x000080001000 to 0x000080001fff  4 KiB\n");
    guest_check(&guest, "14 entries are off");
    guest_check(&guest, "M-mode may do everything, S- and U-mode nothing");
    guest_close(&guest);
}
END_TEST

START_TEST(every_view_of_paging_speaks_json)
{
    static void (*const views[])(struct view *) = {view_maps, view_tlb, view_pmp};

    guest_open(&guest, isas[_i]);
    guest.view.json = true;
    for (unsigned i = 0; i < 3; i++) {
        guest_show(&guest, views[i]);
        ck_assert_int_eq(guest.text[0], '[');
        ck_assert_str_eq(guest.text + strlen(guest.text) - 2, "]\n");
    }
    guest_show(&guest, view_walk, GUEST_BASE, ACCESS_FETCH);
    guest_check(&guest, "\"physical\": \"0x80000000\"");
    guest_check(&guest, "\"allowed\": true");
    guest_close(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_walk_is_drawn_level_by_level_to_its_end,
        a_walk_says_where_it_stopped_and_which_bit_would_have_helped,
        a_walk_in_m_mode_is_that_of_s_mode,
        a_table_outside_ram_is_named,
        a_map_folds_pages_with_equal_rights,
        superpages_join_their_neighbours,
        tables_that_lead_into_themselves_end,
        a_map_without_translation_is_that_of_the_bus,
        the_tlb_shows_what_the_hart_used_and_what_is_stale,
        pmp_is_shown_entry_by_entry,
        every_view_of_paging_speaks_json,
    };
    return SUITE_RUN("view_paging", tests, 2);
}
