/* The slow door of memory without translation: alignment, pages' ends, devices, ROM, holes, PMP,
 * and fetching. Case 0 is RV64, case 1 RV32. */
#include "tests/cpu/rig.h"

#define PAGE_1  (RIG_RAM + PAGE_SIZE)
#define RAM_END (RIG_RAM + RIG_SIZE)
#define NAPOT   0x18u

static const char *const isas[] = {"max", "max32"};

static void faults(struct rig *rig, bool done, enum cause cause, vaddr tval)
{
    ck_assert(!done);
    ck_assert_uint_eq(rig->hart->cause, cause);
    ck_assert_uint_eq(rig->hart->tval, tval);
}

/* PMP entry 0 and 1: these bytes (a power of two, aligned) get these rights. */
static void protect(struct rig *rig, paddr at, u64 size, u8 rights)
{
    rig_set_csr(rig->hart, 0x3b0, at >> 2 | ((size >> 3) - 1));
    rig_set_csr(rig->hart, 0x3a0, NAPOT | rights);
}

START_TEST(loads_zero_extend_at_every_size_and_alignment)
{
    u64 pattern = 0x8877665544332211, value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned size = 1; size <= 8; size *= 2) {
        for (unsigned offset = 0; offset < 16; offset++) {
            u64 expected = size == 8 ? pattern : pattern & (((u64)1 << 8 * size) - 1);
            rig_write(&rig, RIG_RAM + offset, 8, pattern);
            ck_assert(mmu_load(rig.hart, RIG_RAM + offset, size, &value));
            ck_assert_uint_eq(value, expected);
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(stores_change_their_bytes_and_no_others)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned size = 1; size <= 8; size *= 2) {
        for (paddr at = PAGE_1 - 10; at < PAGE_1 + 3; at++) {
            memset(ram_writable(&rig.ram, PAGE_1 - 20, 40), 0xee, 40);
            ck_assert(mmu_store(rig.hart, at, size, 0x8877665544332211));
            for (paddr byte = PAGE_1 - 20; byte < PAGE_1 + 20; byte++) {
                bool inside = byte >= at && byte < at + size;
                ck_assert_uint_eq(*ram_host(&rig.ram, byte),
                                  inside ? 0x11 * (byte - at + 1) : 0xee);
            }
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(accesses_that_cross_a_page_are_put_together)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned before = 1; before < 8; before++) {
        rig_write(&rig, PAGE_1 - before, 8, 0x8877665544332211);
        ck_assert(mmu_load(rig.hart, PAGE_1 - before, 8, &value));
        ck_assert_uint_eq(value, 0x8877665544332211);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_hole_is_an_access_fault_at_the_address)
{
    vaddr hole = 0x40000123;
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    faults(&rig, mmu_load(rig.hart, hole, 1, &value), CAUSE_LOAD_ACCESS, hole);
    faults(&rig, mmu_store(rig.hart, hole, 1, 0), CAUSE_STORE_ACCESS, hole);
    rig_close(&rig);
}
END_TEST

START_TEST(the_end_of_ram_faults_where_it_ends_and_writes_nothing)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(mmu_load(rig.hart, RAM_END - 8, 8, &value));
    faults(&rig, mmu_load(rig.hart, RAM_END - 4, 8, &value), CAUSE_LOAD_ACCESS, RAM_END);
    faults(&rig, mmu_store(rig.hart, RAM_END - 4, 8, UINT64_MAX), CAUSE_STORE_ACCESS, RAM_END);
    ck_assert_uint_eq(rig_read(&rig, RAM_END - 8, 8), 0);
    faults(&rig, mmu_load(rig.hart, RIG_RAM - 4, 8, &value), CAUSE_LOAD_ACCESS, RIG_RAM - 4);
    rig_close(&rig);
}
END_TEST

START_TEST(the_top_of_the_address_space_wraps_and_faults)
{
    vaddr last = _i ? 0xfffffffc : UINT64_MAX - 3;
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(!mmu_load(rig.hart, last, 8, &value));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_LOAD_ACCESS);
    ck_assert(!mmu_store(rig.hart, last, 8, 0));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_ACCESS);
    rig_close(&rig);
}
END_TEST

START_TEST(rom_reads_and_does_not_write)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig.rom[5] = 0x42;
    ck_assert(mmu_load(rig.hart, RIG_ROM + 5, 1, &value));
    ck_assert_uint_eq(value, 0x42);
    faults(&rig, mmu_store(rig.hart, RIG_ROM + 5, 1, 0), CAUSE_STORE_ACCESS, RIG_ROM + 5);
    ck_assert_uint_eq(rig.rom[5], 0x42);
    rig_close(&rig);
}
END_TEST

START_TEST(devices_answer_aligned_accesses_of_their_width)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(mmu_load(rig.hart, RIG_DEVICE + 8, 4, &value));
    ck_assert_uint_eq(value, RIG_VALUE);
    ck_assert(mmu_store(rig.hart, RIG_DEVICE + 8, 4, 1));
    ck_assert(!mmu_load(rig.hart, RIG_DEVICE + 8, 8, &value));
    ck_assert(!mmu_load(rig.hart, RIG_DEVICE + 8, 1, &value));
    ck_assert(!mmu_store(rig.hart, RIG_DEVICE + 6, 4, 1));
    ck_assert(!mmu_store(rig.hart, RIG_DEVICE + 0xffe, 4, 1));
    ck_assert_uint_eq(rig.device_writes, 1);
    rig_close(&rig);
}
END_TEST

START_TEST(instructions_come_from_ram_and_rom_but_not_from_devices)
{
    u32 bits;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_put(&rig, insn_ecall());
    ck_assert(mmu_fetch(rig.hart, RIG_RAM, &bits));
    ck_assert_uint_eq(bits, insn_ecall());
    rig.rom[0] = 0x13;
    ck_assert(mmu_fetch(rig.hart, RIG_ROM, &bits));
    ck_assert_uint_eq(bits, 0x13);
    faults(&rig, mmu_fetch(rig.hart, RIG_DEVICE, &bits), CAUSE_FETCH_ACCESS, RIG_DEVICE);
    faults(&rig, mmu_fetch(rig.hart, 0x40000000, &bits), CAUSE_FETCH_ACCESS, 0x40000000);
    rig_close(&rig);
}
END_TEST

START_TEST(only_a_wide_instruction_needs_the_second_half)
{
    u32 bits;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_put_at(&rig, RAM_END - 2, insn_c_nop());
    ck_assert(mmu_fetch(rig.hart, RAM_END - 2, &bits));
    ck_assert_uint_eq(bits, insn_c_nop());
    rig_write(&rig, RAM_END - 2, 2, 0x0013);
    faults(&rig, mmu_fetch(rig.hart, RAM_END - 2, &bits), CAUSE_FETCH_ACCESS, RAM_END);
    rig_close(&rig);
}
END_TEST

START_TEST(a_granule_smaller_than_a_page_is_never_cached)
{
    paddr secret = PAGE_1 + 0x100;
    u32 bits;
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    protect(&rig, secret, 8, 0);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    for (int round = 0; round < 3; round++) {
        ck_assert(mmu_load(rig.hart, secret - 8, 8, &value));
        ck_assert(mmu_store(rig.hart, secret + 8, 8, 1));
        ck_assert(mmu_fetch(rig.hart, secret + 8, &bits));
        faults(&rig, mmu_load(rig.hart, secret, 8, &value), CAUSE_LOAD_ACCESS, secret);
        faults(&rig, mmu_store(rig.hart, secret + 4, 4, 1), CAUSE_STORE_ACCESS, secret + 4);
        faults(&rig, mmu_fetch(rig.hart, secret, &bits), CAUSE_FETCH_ACCESS, secret);
        ck_assert(!mmu_load(rig.hart, secret - 4, 8, &value)); /* a part of it */
        ck_assert(!mmu_fill(rig.hart, secret - 8, ACCESS_LOAD));
        ck_assert(!mmu_fill(rig.hart, secret - 8, ACCESS_STORE));
        ck_assert(!mmu_fill(rig.hart, secret - 8, ACCESS_FETCH));
    }
    ck_assert_uint_eq(rig_read(&rig, secret, 8), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_change_of_pmp_holds_at_once)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    ck_assert(mmu_load(rig.hart, PAGE_1, 8, &value)); /* now the TLB knows it */
    ck_assert(mmu_store(rig.hart, PAGE_1, 8, 1));
    protect(&rig, PAGE_1, PAGE_SIZE, 1);
    ck_assert(mmu_load(rig.hart, PAGE_1, 8, &value));
    faults(&rig, mmu_store(rig.hart, PAGE_1, 8, 2), CAUSE_STORE_ACCESS, PAGE_1);
    protect(&rig, PAGE_1, PAGE_SIZE, 0);
    faults(&rig, mmu_load(rig.hart, PAGE_1, 8, &value), CAUSE_LOAD_ACCESS, PAGE_1);
    rig_close(&rig);
}
END_TEST

START_TEST(a_locked_entry_binds_m_through_the_tlb_too)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(mmu_store(rig.hart, PAGE_1, 8, 1));
    protect(&rig, PAGE_1, PAGE_SIZE, 0x81);
    ck_assert(mmu_load(rig.hart, PAGE_1, 8, &value));
    faults(&rig, mmu_store(rig.hart, PAGE_1, 8, 2), CAUSE_STORE_ACCESS, PAGE_1);
    rig_close(&rig);
}
END_TEST

START_TEST(each_half_of_a_crossing_access_is_checked)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    protect(&rig, PAGE_1, PAGE_SIZE, 1);
    ck_assert(mmu_load(rig.hart, PAGE_1 - 3, 8, &value));
    faults(&rig, mmu_store(rig.hart, PAGE_1 - 3, 8, UINT64_MAX), CAUSE_STORE_ACCESS, PAGE_1);
    faults(&rig, mmu_store(rig.hart, PAGE_1 + PAGE_SIZE - 3, 8, UINT64_MAX), CAUSE_STORE_ACCESS,
           PAGE_1 + PAGE_SIZE - 3);
    ck_assert_uint_eq(rig_read(&rig, PAGE_1 - 8, 8), 0);
    ck_assert_uint_eq(rig_read(&rig, PAGE_1 + PAGE_SIZE, 8), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(mprv_lends_loads_and_stores_the_rights_of_mpp_and_not_fetches)
{
    u32 bits;
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    protect(&rig, PAGE_1, PAGE_SIZE, 0); /* binds everyone but M */
    ck_assert(mmu_load(rig.hart, PAGE_1, 8, &value));
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MPRV); /* MPP = U */
    faults(&rig, mmu_load(rig.hart, PAGE_1, 8, &value), CAUSE_LOAD_ACCESS, PAGE_1);
    faults(&rig, mmu_store(rig.hart, PAGE_1, 8, 1), CAUSE_STORE_ACCESS, PAGE_1);
    ck_assert_ptr_null(mmu_atomic(rig.hart, PAGE_1, 4));
    ck_assert(mmu_fetch(rig.hart, PAGE_1, &bits));
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_MPP); /* MPP = M */
    ck_assert(mmu_load(rig.hart, PAGE_1, 8, &value));
    rig_close(&rig);
}
END_TEST

START_TEST(cbo_zero_clears_its_block_and_faults_as_a_store)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    memset(ram_writable(&rig.ram, PAGE_1, 192), 0xee, 192);
    ck_assert(mmu_cache_block(rig.hart, CBO_ZERO, PAGE_1 + 64 + 13));
    for (unsigned i = 0; i < 192; i++)
        ck_assert_uint_eq(*ram_host(&rig.ram, PAGE_1 + i), i / 64 == 1 ? 0 : 0xee);
    faults(&rig, mmu_cache_block(rig.hart, CBO_ZERO, RIG_DEVICE), CAUSE_STORE_ACCESS, RIG_DEVICE);
    protect(&rig, PAGE_1, PAGE_SIZE, 1);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert(!mmu_cache_block(rig.hart, CBO_ZERO, PAGE_1));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_ILLEGAL); /* menvcfg.CBZE */
    rig_set_csr(rig.hart, 0x30a, 0xf0);
    faults(&rig, mmu_cache_block(rig.hart, CBO_ZERO, PAGE_1 + 5), CAUSE_STORE_ACCESS, PAGE_1 + 5);
    ck_assert(mmu_cache_block(rig.hart, CBO_FLUSH, PAGE_1 + 5));
    protect(&rig, PAGE_1, PAGE_SIZE, 0);
    faults(&rig, mmu_cache_block(rig.hart, CBO_CLEAN, PAGE_1), CAUSE_STORE_ACCESS, PAGE_1);
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    ck_assert(!mmu_cache_block(rig.hart, CBO_ZERO, PAGE_1));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_ILLEGAL); /* senvcfg.CBZE */
    rig_set_csr(rig.hart, 0x10a, 0x80);
    faults(&rig, mmu_cache_block(rig.hart, CBO_ZERO, PAGE_1), CAUSE_STORE_ACCESS, PAGE_1);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {loads_zero_extend_at_every_size_and_alignment,
                                  stores_change_their_bytes_and_no_others,
                                  accesses_that_cross_a_page_are_put_together,
                                  a_hole_is_an_access_fault_at_the_address,
                                  the_end_of_ram_faults_where_it_ends_and_writes_nothing,
                                  the_top_of_the_address_space_wraps_and_faults,
                                  rom_reads_and_does_not_write,
                                  devices_answer_aligned_accesses_of_their_width,
                                  instructions_come_from_ram_and_rom_but_not_from_devices,
                                  only_a_wide_instruction_needs_the_second_half,
                                  a_granule_smaller_than_a_page_is_never_cached,
                                  a_change_of_pmp_holds_at_once,
                                  a_locked_entry_binds_m_through_the_tlb_too,
                                  each_half_of_a_crossing_access_is_checked,
                                  mprv_lends_loads_and_stores_the_rights_of_mpp_and_not_fetches,
                                  cbo_zero_clears_its_block_and_faults_as_a_store};

    return SUITE_RUN("mmu", tests, 2);
}
