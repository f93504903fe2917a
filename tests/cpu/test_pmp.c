/* Physical memory protection: matching, priority, locks, and WARL, on RV64 and (case 1) RV32. */
#include "cpu/pmp.h"

#include "tests/cpu/rig.h"

#define OFF   0x00
#define TOR   0x08
#define NA4   0x10
#define NAPOT 0x18

static const char *const isas[] = {"max", "max32"};

/* A rig whose PMP is as reset leaves it: all entries off. */
static void open_closed(struct rig *rig, int which)
{
    rig_open(rig, isas[which]);
    hart_reset(rig->hart, RIG_RAM);
}

static void set(struct rig *rig, unsigned entry, u8 config, paddr address)
{
    pmp_write_address(rig->hart, entry, address);
    pmp_write_config(rig->hart, entry, config);
}

static bool user_may(struct rig *rig, paddr at, unsigned size, enum access why)
{
    return pmp_allows(rig->hart, at, size, why, PRIV_U);
}

START_TEST(after_reset_only_m_may_do_anything)
{
    struct rig rig;

    open_closed(&rig, _i);
    for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++) {
        ck_assert(pmp_allows(rig.hart, RIG_RAM, 8, why, PRIV_M));
        ck_assert(!pmp_allows(rig.hart, RIG_RAM, 8, why, PRIV_S));
        ck_assert(!pmp_allows(rig.hart, RIG_RAM, 8, why, PRIV_U));
    }
    rig_close(&rig);
}
END_TEST

START_TEST(each_permission_bit_allows_its_access)
{
    static const enum access of_bit[] = {ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH};
    struct rig rig;

    open_closed(&rig, _i);
    for (u8 rwx = 0; rwx < 8; rwx++) {
        if ((rwx & 3) == 2)
            continue; /* reserved */
        set(&rig, 0, NAPOT | rwx, UINT64_MAX);
        for (unsigned bit = 0; bit < 3; bit++)
            ck_assert_msg(user_may(&rig, RIG_RAM, 4, of_bit[bit]) == (rwx >> bit & 1),
                          "rwx %u, bit %u", rwx, bit);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(napot_covers_its_power_of_two_and_no_byte_more)
{
    struct rig rig;

    open_closed(&rig, _i);
    for (unsigned bits = 3; bits <= 32; bits++) {
        paddr base = (paddr)1 << 33, size = (paddr)1 << bits;
        u64 ones = (size >> 3) - 1;
        if (_i == 1 && bits == 32)
            break;
        set(&rig, 0, NAPOT | PMP_R, base >> 2 | ones);
        ck_assert(user_may(&rig, base, 1, ACCESS_LOAD));
        ck_assert(user_may(&rig, base + size - 1, 1, ACCESS_LOAD));
        ck_assert(!user_may(&rig, base - 1, 1, ACCESS_LOAD));
        ck_assert(!user_may(&rig, base + size, 1, ACCESS_LOAD));
    }
    rig_close(&rig);
}
END_TEST

START_TEST(napot_of_all_ones_covers_everything)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 0, NAPOT | PMP_R, UINT64_MAX);
    ck_assert(user_may(&rig, 0, 8, ACCESS_LOAD));
    ck_assert(user_may(&rig, ((u64)1 << 34) - 8, 8, ACCESS_LOAD));
    if (_i == 0)
        ck_assert(user_may(&rig, ((u64)1 << 56) - 8, 8, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(na4_covers_four_bytes)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 0, NA4 | PMP_R, 0x80001004 >> 2);
    ck_assert(user_may(&rig, 0x80001004, 4, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0x80001007, 1, ACCESS_LOAD));
    ck_assert(!user_may(&rig, 0x80001003, 1, ACCESS_LOAD));
    ck_assert(!user_may(&rig, 0x80001008, 1, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(tor_reaches_from_the_address_before_to_its_own)
{
    struct rig rig;

    open_closed(&rig, _i);
    pmp_write_address(rig.hart, 4, 0x80001000 >> 2); /* entry 4 itself is off */
    set(&rig, 5, TOR | PMP_R, 0x80002010 >> 2);
    ck_assert(!user_may(&rig, 0x80000fff, 1, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0x80001000, 8, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0x8000200f, 1, ACCESS_LOAD));
    ck_assert(!user_may(&rig, 0x80002010, 1, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(tor_in_entry_0_starts_at_0)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 0, TOR | PMP_R, 0x1000 >> 2);
    ck_assert(user_may(&rig, 0, 8, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0xff8, 8, ACCESS_LOAD));
    ck_assert(!user_may(&rig, 0x1000, 1, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(tor_that_ends_where_it_starts_or_before_matches_nothing)
{
    struct rig rig;

    open_closed(&rig, _i);
    pmp_write_address(rig.hart, 0, 0x80001000 >> 2);
    set(&rig, 1, TOR, 0x80001000 >> 2);
    set(&rig, 2, TOR, 0x80000000 >> 2);
    set(&rig, 3, NAPOT | PMP_R, UINT64_MAX);
    ck_assert(user_may(&rig, 0x80000ffc, 4, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0x80001000, 4, ACCESS_LOAD));
    ck_assert(user_may(&rig, 0x80000000, 4, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(the_lowest_numbered_match_decides)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 1, NAPOT | PMP_R, UINT64_MAX);
    set(&rig, 7, NAPOT | PMP_R | PMP_W | PMP_X, UINT64_MAX);
    ck_assert(!user_may(&rig, RIG_RAM, 4, ACCESS_STORE));
    set(&rig, 0, NA4 | PMP_R | PMP_W, RIG_RAM >> 2);
    ck_assert(user_may(&rig, RIG_RAM, 4, ACCESS_STORE));
    ck_assert(!user_may(&rig, RIG_RAM + 4, 4, ACCESS_STORE));
    rig_close(&rig);
}
END_TEST

START_TEST(an_access_that_matches_in_part_fails_even_in_m)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 0, NA4 | PMP_R | PMP_W | PMP_X, (RIG_RAM + 4) >> 2);
    set(&rig, 1, NAPOT | PMP_R | PMP_W | PMP_X, UINT64_MAX);
    ck_assert(!user_may(&rig, RIG_RAM, 8, ACCESS_LOAD));
    ck_assert(!pmp_allows(rig.hart, RIG_RAM, 8, ACCESS_LOAD, PRIV_M));
    ck_assert(!pmp_allows(rig.hart, RIG_RAM + 6, 4, ACCESS_LOAD, PRIV_M));
    ck_assert(pmp_allows(rig.hart, RIG_RAM + 4, 4, ACCESS_LOAD, PRIV_M));
    rig_close(&rig);
}
END_TEST

START_TEST(entries_bind_m_only_when_locked)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 0, NAPOT | PMP_R, UINT64_MAX);
    ck_assert(pmp_allows(rig.hart, RIG_RAM, 4, ACCESS_STORE, PRIV_M));
    pmp_write_config(rig.hart, 0, NAPOT | PMP_R | PMP_L);
    ck_assert(!pmp_allows(rig.hart, RIG_RAM, 4, ACCESS_STORE, PRIV_M));
    ck_assert(pmp_allows(rig.hart, RIG_RAM, 4, ACCESS_LOAD, PRIV_M));
    rig_close(&rig);
}
END_TEST

START_TEST(a_locked_entry_keeps_config_and_address_until_reset)
{
    struct rig rig;

    open_closed(&rig, _i);
    set(&rig, 3, NA4 | PMP_R | PMP_L, 0x1234);
    set(&rig, 3, OFF, 0x5678);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3b3), 0x1234);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3a0) >> 24 & 0xff, NA4 | PMP_R | PMP_L);
    hart_reset(rig.hart, RIG_RAM);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3a0), 0);
    set(&rig, 3, OFF, 0x5678);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3b3), 0x5678);
    rig_close(&rig);
}
END_TEST

START_TEST(a_locked_tor_keeps_the_address_before_it_too)
{
    struct rig rig;

    open_closed(&rig, _i);
    pmp_write_address(rig.hart, 2, 0x1000);
    set(&rig, 3, TOR | PMP_L, 0x2000);
    pmp_write_address(rig.hart, 2, 0x3000);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3b2), 0x1000);
    set(&rig, 7, NAPOT | PMP_L, 0x2000);
    pmp_write_address(rig.hart, 6, 0x3000); /* no TOR: free */
    ck_assert_uint_eq(rig_csr(rig.hart, 0x3b6), 0x3000);
    rig_close(&rig);
}
END_TEST

START_TEST(write_without_read_is_never_held)
{
    struct rig rig;

    open_closed(&rig, _i);
    for (unsigned value = 0; value < 128; value++) {
        u8 now;
        pmp_write_config(rig.hart, 0, (u8)value);
        now = (u8)rig_csr(rig.hart, 0x3a0);
        ck_assert_uint_ne(now & 3, PMP_W);
        ck_assert_uint_eq(now & 0x60, 0); /* the reserved bits */
        if ((value & 3) != PMP_W)
            ck_assert_uint_eq(now, value & 0x1f);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_page_is_uniform_unless_an_entry_ends_inside)
{
    struct rig rig;

    open_closed(&rig, _i);
    ck_assert(pmp_is_uniform(rig.hart, RIG_RAM));
    set(&rig, 5, NAPOT | PMP_R, UINT64_MAX);
    ck_assert(pmp_is_uniform(rig.hart, RIG_RAM));
    set(&rig, 4, NA4 | PMP_R, (RIG_RAM + 0xffc) >> 2);
    ck_assert(!pmp_is_uniform(rig.hart, RIG_RAM));
    ck_assert(pmp_is_uniform(rig.hart, RIG_RAM + PAGE_SIZE));
    set(&rig, 3, NAPOT | PMP_R, (RIG_RAM >> 2) | 0x1ff); /* the whole page, and it decides */
    ck_assert(pmp_is_uniform(rig.hart, RIG_RAM));
    rig_close(&rig);
}
END_TEST

START_TEST(every_way_into_a_uniform_page_is_answered_alike)
{
    static const u8 configs[] = {OFF, TOR, NA4, NAPOT};
    u64 random = 88172645463325252u;
    struct rig rig;

    open_closed(&rig, _i);
    for (int round = 0; round < 2000; round++) {
        for (unsigned entry = 0; entry < 4; entry++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            set(&rig, entry, configs[random & 3] | PMP_R,
                (RIG_RAM >> 2) + (random >> 8) % 0xc00 * (random & 16 ? 1 : 0x100));
        }
        for (paddr page = RIG_RAM; page < RIG_RAM + 3 * PAGE_SIZE; page += PAGE_SIZE) {
            bool first = user_may(&rig, page, 4, ACCESS_LOAD);
            if (!pmp_is_uniform(rig.hart, page))
                continue;
            for (paddr at = page; at < page + PAGE_SIZE; at += 4)
                ck_assert(user_may(&rig, at, 4, ACCESS_LOAD) == first);
        }
    }
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {after_reset_only_m_may_do_anything,
                                  each_permission_bit_allows_its_access,
                                  napot_covers_its_power_of_two_and_no_byte_more,
                                  napot_of_all_ones_covers_everything,
                                  na4_covers_four_bytes,
                                  tor_reaches_from_the_address_before_to_its_own,
                                  tor_in_entry_0_starts_at_0,
                                  tor_that_ends_where_it_starts_or_before_matches_nothing,
                                  the_lowest_numbered_match_decides,
                                  an_access_that_matches_in_part_fails_even_in_m,
                                  entries_bind_m_only_when_locked,
                                  a_locked_entry_keeps_config_and_address_until_reset,
                                  a_locked_tor_keeps_the_address_before_it_too,
                                  write_without_read_is_never_held,
                                  a_page_is_uniform_unless_an_entry_ends_inside,
                                  every_way_into_a_uniform_page_is_answered_alike};

    return SUITE_RUN("pmp", tests, 2);
}
