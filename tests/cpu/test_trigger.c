/* Address triggers (Sdtrig): what can be written, which accesses match, in which modes, and in
 * which order with other exceptions. Case 0 is RV64, case 1 RV32. */
#include "tests/cpu/paged.h"
#include "tests/cpu/triggers.h"

#define DATA (RIG_RAM + 0x3000)

static void open_armed(struct rig *rig, int which)
{
    rig_open(rig, paged_isas[which]);
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_MIE);
}

/* A breakpoint with this address, and no other exception. */
static void breaks_at(const struct rig *rig, vaddr at)
{
    ck_assert_uint_eq(rig->hart->cause, CAUSE_BREAKPOINT);
    ck_assert_msg(rig->hart->tval == at, "tval %#llx, not %#llx",
                  (unsigned long long)rig->hart->tval, (unsigned long long)at);
    rig->hart->cause = 99;
}

static bool loads(struct rig *rig, vaddr va, unsigned size)
{
    u64 value;

    return mmu_load(rig->hart, va, size, &value);
}

static bool stores(struct rig *rig, vaddr va, unsigned size)
{
    return mmu_store(rig->hart, va, size, 0xa5a5a5a5a5a5a5a5);
}

START_TEST(every_byte_of_an_access_is_compared)
{
    struct rig rig;

    open_armed(&rig, _i);
    trigger_set(rig.hart, 2, DATA + 4, IN_M | ON_LOAD);
    for (unsigned size = 1; size <= 8; size *= 2) {
        for (vaddr at = DATA - 8; at < DATA + 16; at++) {
            bool holds = at <= DATA + 4 && DATA + 4 < at + size;
            ck_assert_int_eq(loads(&rig, at, size), !holds);
            if (holds)
                breaks_at(&rig, DATA + 4);
        }
    }
    ck_assert(trigger_hit(rig.hart, 2));
    ck_assert(!trigger_hit(rig.hart, 1));
    ck_assert(stores(&rig, DATA, 8));
    rig_close(&rig);
}
END_TEST

START_TEST(a_size_is_matched_exactly)
{
    static const struct {
        u8 field, size;
    } sizes[] = {{1, 1}, {2, 2}, {3, 4}, {5, 8}};
    struct rig rig;

    open_armed(&rig, _i);
    for (unsigned i = 0; i < 4; i++) {
        trigger_set(rig.hart, 0, DATA, SIZE(sizes[i].field) | IN_M | ON_LOAD | ON_STORE);
        for (unsigned size = 1; size <= 8; size *= 2) {
            ck_assert_int_eq(loads(&rig, DATA, size), size != sizes[i].size);
            ck_assert_int_eq(stores(&rig, DATA, size), size != sizes[i].size);
        }
    }
    rig_close(&rig);
}
END_TEST

/* Loads of a byte around the ends of what each kind of match covers. */
START_TEST(ranges_end_where_they_should)
{
    static const struct {
        u64 address, match, first, last; /* what matches, within 64 KiB of RAM */
    } rows[] = {
        {RIG_RAM + 0x3000, NAPOT, 0x3000, 0x3001},
        {RIG_RAM + 0x3005, NAPOT, 0x3004, 0x3007},
        {RIG_RAM + 0x3fff, NAPOT, 0, 0x7fff},
        {RIG_RAM + 0x47ff, NAPOT, 0x4000, 0x4fff},
        {RIG_RAM + 0x3001, FROM, 0x3001, 0xffff},
        {RIG_RAM + 0x3001, BELOW, 0, 0x3000},
        {0, FROM, 0, 0xffff},
        {0, BELOW, 1, 0},
    };
    struct rig rig;

    open_armed(&rig, _i);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        trigger_set(rig.hart, 3, rows[i].address, MATCH(rows[i].match) | IN_M | ON_LOAD);
        for (u64 at = 0; at < 0x10000; at += at % 0x800 < 8 || at % 0x800 > 0x7f0 ? 1 : 0x7e8) {
            bool passes = loads(&rig, RIG_RAM + at, 1);
            ck_assert_msg(passes != (at >= rows[i].first && at <= rows[i].last), "row %u at %#x", i,
                          (unsigned)at);
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(an_access_over_the_end_of_the_address_space_matches_at_its_start)
{
    struct rig rig;

    open_armed(&rig, _i);
    trigger_set(rig.hart, 0, 1, IN_M | ON_LOAD);
    ck_assert(!loads(&rig, (_i ? UINT32_MAX : UINT64_MAX) - 1, 4));
    breaks_at(&rig, 1);
    rig_close(&rig);
}
END_TEST

START_TEST(a_store_that_breaks_writes_nothing)
{
    struct rig rig;

    open_armed(&rig, _i);
    ck_assert(stores(&rig, DATA + 0xffc, 4)); /* the page is in the TLB by now */
    rig_write(&rig, DATA, 8, 0);
    trigger_set(rig.hart, 0, DATA + 0x1000, IN_M | ON_STORE);
    ck_assert(!stores(&rig, DATA + 0xffd, 4)); /* crosses into the watched page */
    breaks_at(&rig, DATA + 0x1000);
    ck_assert_uint_eq(rig_read(&rig, DATA + 0xffd, 8), 0xa5a5a5);
    ck_assert(loads(&rig, DATA + 0xffd, 4));
    trigger_set(rig.hart, 0, RIG_DEVICE, IN_M | ON_STORE);
    ck_assert(!stores(&rig, RIG_DEVICE, 4));
    ck_assert_uint_eq(rig.device_writes, 0);
    trigger_clear(rig.hart, 0);
    ck_assert(stores(&rig, RIG_DEVICE, 4));
    rig_close(&rig);
}
END_TEST

START_TEST(atomics_are_loads_stores_or_both)
{
    u64 value, failed;
    struct rig rig;

    open_armed(&rig, _i);
    ck_assert_ptr_nonnull(mmu_atomic(rig.hart, DATA, 4));
    for (unsigned on = ON_LOAD; on <= ON_STORE; on++) {
        ck_assert(mmu_load_reserved(rig.hart, DATA, 4, &value));
        trigger_set(rig.hart, 0, DATA, IN_M | on);
        ck_assert_ptr_null(mmu_atomic(rig.hart, DATA, 4));
        breaks_at(&rig, DATA);
        ck_assert_int_eq(mmu_load_reserved(rig.hart, DATA, 4, &value), on == ON_STORE);
        ck_assert_uint_eq(rig.hart->reservation_size, 4); /* LR did nothing, or did it again */
        ck_assert_int_eq(mmu_store_conditional(rig.hart, DATA, 4, 1, &failed), on == ON_LOAD);
        trigger_clear(rig.hart, 0);
        ck_assert(mmu_store_conditional(rig.hart, DATA, 4, 1, &failed));
        ck_assert_uint_eq(failed, on == ON_LOAD); /* an SC that broke kept the reservation */
    }
    rig_close(&rig);
}
END_TEST

START_TEST(cache_block_operations_are_stores_to_the_whole_block)
{
    struct rig rig;

    open_armed(&rig, _i);
    for (enum cbo operation = CBO_INVAL; operation <= CBO_ZERO; operation++) {
        trigger_set(rig.hart, 0, DATA + 63, IN_M | ON_STORE);
        ck_assert(!mmu_cache_block(rig.hart, operation, DATA + 8));
        breaks_at(&rig, DATA + 63);
        ck_assert(mmu_cache_block(rig.hart, operation, DATA + 64));
        trigger_set(rig.hart, 0, DATA + 63, IN_M | ON_LOAD);
        ck_assert(mmu_cache_block(rig.hart, operation, DATA + 8));
        trigger_set(rig.hart, 0, DATA + 8, SIZE(1) | IN_M | ON_STORE);
        ck_assert(mmu_cache_block(rig.hart, operation, DATA + 8));
    }
    rig_close(&rig);
}
END_TEST

START_TEST(the_modes_of_a_trigger_are_those_of_the_hart)
{
    static const u64 bits[] = {[PRIV_U] = IN_U, [PRIV_S] = IN_S, [PRIV_M] = IN_M};
    static const enum privilege modes[] = {PRIV_U, PRIV_S, PRIV_M};
    struct rig rig;

    open_armed(&rig, _i);
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned other = 0; other < 3; other++) {
            trigger_set(rig.hart, 0, DATA, bits[modes[other]] | ON_LOAD);
            rig_enter(rig.hart, modes[i], RIG_RAM);
            ck_assert_int_eq(loads(&rig, DATA, 4), i != other);
        }
    }
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MPRV); /* MPP is U, but it is M that loads */
    rig_enter(rig.hart, PRIV_M, RIG_RAM);
    trigger_set(rig.hart, 0, DATA, IN_U | ON_LOAD);
    ck_assert(loads(&rig, DATA, 4));
    trigger_set(rig.hart, 0, DATA, IN_M | ON_LOAD);
    ck_assert(!loads(&rig, DATA, 4));
    rig_close(&rig);
}
END_TEST

START_TEST(none_fires_in_a_handler_that_has_interrupts_off)
{
    static const struct {
        enum privilege mode;
        u64 status, medeleg;
        bool fires;
    } rows[] = {
        {PRIV_M, 0, 0, false},
        {PRIV_M, MSTATUS_MIE, 0, true},
        {PRIV_M, MSTATUS_SIE, 8, false},
        {PRIV_S, 0, 0, true},
        {PRIV_S, 0, 0x1f7, true},
        {PRIV_S, 0, 8, false},
        {PRIV_S, MSTATUS_MIE, 8, false},
        {PRIV_S, MSTATUS_SIE, 8, true},
        {PRIV_U, 0, 8, true},
        {PRIV_U, 0, 0, true},
    };
    struct rig rig;

    open_armed(&rig, _i);
    trigger_set(rig.hart, 0, DATA, IN_ALL | ON_LOAD);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_set_csr(rig.hart, 0x300, rows[i].status);
        rig_set_csr(rig.hart, 0x302, rows[i].medeleg);
        rig_enter(rig.hart, rows[i].mode, RIG_RAM);
        ck_assert_msg(loads(&rig, DATA, 4) != rows[i].fires, "row %u", i);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_breakpoint_comes_before_misaligned_and_page_faults)
{
    u32 bits;
    struct rig rig;

    paged_open(&rig, _i, RW);
    trigger_set(rig.hart, 0, 0x9000, IN_S | ON_LOAD | ON_STORE | ON_EXECUTE);
    ck_assert(!loads(&rig, 0x8fff, 2));
    breaks_at(&rig, 0x9000);
    ck_assert(!stores(&rig, 0x9000, 2));
    breaks_at(&rig, 0x9000);
    ck_assert_ptr_null(mmu_atomic(rig.hart, 0x8ffe, 4));
    breaks_at(&rig, 0x9000);
    ck_assert(!mmu_fetch(rig.hart, 0x9000, &bits));
    breaks_at(&rig, 0x9000);
    ck_assert(!mmu_fetch(rig.hart, 0x9002, &bits));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_PAGE);
    /* Its size is not known without the fetch, which comes first then. */
    trigger_set(rig.hart, 0, 0x9000, SIZE(2) | IN_S | ON_EXECUTE);
    ck_assert(!mmu_fetch(rig.hart, 0x9000, &bits));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_FETCH_PAGE);
    ck_assert(!trigger_hit(rig.hart, 0));
    rig_close(&rig);
}
END_TEST

START_TEST(an_instruction_is_matched_by_its_address_and_length)
{
    u32 bits;
    struct rig rig;

    open_armed(&rig, _i);
    rig_put(&rig, insn_c_nop());
    rig_put(&rig, insn_addi(A0, A0, 1));
    trigger_set(rig.hart, 0, RIG_RAM + 4, IN_M | ON_EXECUTE); /* the middle of the second */
    ck_assert(mmu_fetch(rig.hart, RIG_RAM, &bits));
    ck_assert(mmu_fetch(rig.hart, RIG_RAM + 2, &bits));
    for (unsigned length = 2; length <= 4; length += 2) {
        for (unsigned size = 0; size <= 3; size++) {
            vaddr at = RIG_RAM + length - 2;
            bool holds = size == 0 || (size == 2 && length == 2) || (size == 3 && length == 4);
            trigger_set(rig.hart, 0, at, SIZE(size) | IN_M | ON_EXECUTE);
            ck_assert_int_eq(mmu_fetch(rig.hart, at, &bits), !holds);
            if (holds)
                breaks_at(&rig, at);
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(only_the_watched_page_stays_out_of_the_tlb)
{
    struct rig rig;

    open_armed(&rig, _i);
    ck_assert(mmu_fill(rig.hart, DATA, ACCESS_LOAD) && mmu_fill(rig.hart, DATA, ACCESS_STORE) &&
              mmu_fill(rig.hart, DATA, ACCESS_FETCH));
    for (unsigned on = 1; on < 8; on++) {
        trigger_set(rig.hart, 1, DATA + 0x123, IN_U | on);
        ck_assert_uint_eq(rig.hart->data->read[tlb_index(DATA)].tag, TLB_EMPTY);
        ck_assert_int_eq(mmu_fill(rig.hart, DATA, ACCESS_LOAD), !(on & ON_LOAD));
        ck_assert_int_eq(mmu_fill(rig.hart, DATA, ACCESS_STORE), on == ON_EXECUTE);
        ck_assert_int_eq(mmu_fill(rig.hart, DATA, ACCESS_FETCH), !(on & ON_EXECUTE));
        ck_assert(loads(&rig, DATA, 4) && stores(&rig, DATA, 4));
        ck_assert_int_eq(rig.hart->data->read[tlb_index(DATA)].tag == DATA, !(on & ON_LOAD));
        ck_assert_int_eq(rig.hart->data->write[tlb_index(DATA)].tag == DATA, on == ON_EXECUTE);
        ck_assert(mmu_fill(rig.hart, DATA - 1, ACCESS_LOAD));
        ck_assert(mmu_fill(rig.hart, DATA + PAGE_SIZE, ACCESS_STORE));
    }
    trigger_clear(rig.hart, 1);
    ck_assert(mmu_fill(rig.hart, DATA, ACCESS_LOAD) && mmu_fill(rig.hart, DATA, ACCESS_STORE) &&
              mmu_fill(rig.hart, DATA, ACCESS_FETCH));
    rig_close(&rig);
}
END_TEST

START_TEST(what_breaks_leaves_its_page_table_entry_alone)
{
    struct rig rig;
    u64 pte;

    paged_open(&rig, _i, PTE_R | PTE_W);
    rig_set_csr(rig.hart, _i ? 0x31a : 0x30a, _i ? ENVCFG_ADUE >> 32 : ENVCFG_ADUE);
    pte = rig_read(&rig, rig_pte(&rig, VA, 0), 4);
    trigger_set(rig.hart, 0, VA + 8, IN_S | ON_STORE);
    ck_assert(!mmu_fill(rig.hart, VA, ACCESS_STORE)); /* what the fast engine does first */
    ck_assert(!stores(&rig, VA + 8, 4));
    ck_assert_uint_eq(rig_read(&rig, rig_pte(&rig, VA, 0), 4), pte);
    ck_assert(stores(&rig, VA + 12, 4));
    ck_assert_uint_eq(rig_read(&rig, rig_pte(&rig, VA, 0), 4), pte | PTE_A | PTE_D);
    rig_close(&rig);
}
END_TEST

START_TEST(addresses_are_compared_after_pointer_masking)
{
    struct rig rig;

    paged_open(&rig, 0, RW);
    rig_set_csr(rig.hart, 0x30a, (u64)3 << 32);
    ck_assert_uint_eq(paged_load(&rig, 0xabcd000000000000 | VA), 0x1111);
    trigger_set(rig.hart, 0, VA, IN_S | ON_LOAD);
    ck_assert(!loads(&rig, 0xabcd000000000000 | VA, 8));
    breaks_at(&rig, VA);
    ck_assert(!mmu_fill(rig.hart, 0xabcd000000000000 | VA, ACCESS_LOAD));
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_byte_of_an_access_is_compared,
                                  a_size_is_matched_exactly,
                                  ranges_end_where_they_should,
                                  an_access_over_the_end_of_the_address_space_matches_at_its_start,
                                  a_store_that_breaks_writes_nothing,
                                  atomics_are_loads_stores_or_both,
                                  cache_block_operations_are_stores_to_the_whole_block,
                                  the_modes_of_a_trigger_are_those_of_the_hart,
                                  none_fires_in_a_handler_that_has_interrupts_off,
                                  a_breakpoint_comes_before_misaligned_and_page_faults,
                                  an_instruction_is_matched_by_its_address_and_length,
                                  only_the_watched_page_stays_out_of_the_tlb,
                                  what_breaks_leaves_its_page_table_entry_alone,
                                  addresses_are_compared_after_pointer_masking};

    return SUITE_RUN("trigger", tests, 2);
}
