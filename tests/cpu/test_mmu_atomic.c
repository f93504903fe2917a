/* LR, SC and AMO: alignment, causes, reservations. Case 0 is RV64, case 1 RV32 (words only). */
#include "tests/cpu/rig.h"

#define WORD (RIG_RAM + 0x1000)

static const char *const isas[] = {"max", "max32"};

static u64 reserve(struct rig *rig, vaddr va, unsigned size)
{
    u64 value;

    ck_assert(mmu_load_reserved(rig->hart, va, size, &value));
    return value;
}

/* Does this SC succeed? */
static bool conditional(struct rig *rig, vaddr va, unsigned size, u64 value)
{
    u64 failed;

    ck_assert(mmu_store_conditional(rig->hart, va, size, value, &failed));
    ck_assert_uint_le(failed, 1);
    return !failed;
}

START_TEST(sc_after_lr_stores_once)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_write(&rig, WORD, 8, 0x1122334455667788);
    ck_assert_uint_eq(reserve(&rig, WORD, 4), 0x55667788);
    ck_assert(conditional(&rig, WORD, 4, 0xaabbccdd));
    ck_assert_uint_eq(rig_read(&rig, WORD, 8), 0x11223344aabbccdd);
    ck_assert(!conditional(&rig, WORD, 4, 5)); /* an SC ends the reservation */
    ck_assert_uint_eq(rig_read(&rig, WORD, 4), 0xaabbccdd);
    rig_close(&rig);
}
END_TEST

START_TEST(sc_without_lr_fails_and_writes_nothing)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(!conditional(&rig, WORD, 4, 5));
    ck_assert_uint_eq(rig_read(&rig, WORD, 4), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(sc_elsewhere_fails_and_ends_the_reservation)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    reserve(&rig, WORD, 4);
    ck_assert(!conditional(&rig, WORD + PAGE_SIZE, 4, 5));
    ck_assert(!conditional(&rig, WORD, 4, 5));
    ck_assert_uint_eq(rig_read(&rig, WORD, 4), 0);
    ck_assert_uint_eq(rig_read(&rig, WORD + PAGE_SIZE, 4), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(sc_pairs_with_the_latest_lr_and_its_size)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    reserve(&rig, WORD, 4);
    reserve(&rig, WORD + 256, 4);
    ck_assert(!conditional(&rig, WORD, 4, 5));
    reserve(&rig, WORD, 4);
    ck_assert(!conditional(&rig, WORD, 8, 5));
    ck_assert_uint_eq(rig_read(&rig, WORD, 8), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_store_by_another_hart_makes_sc_fail)
{
    struct rig rig;

    rig_open_harts(&rig, isas[_i], 2);
    reserve(&rig, WORD, 4);
    ck_assert(mmu_store(rig.harts[1], WORD, 4, 9));
    ck_assert(!conditional(&rig, WORD, 4, 5));
    ck_assert_uint_eq(rig_read(&rig, WORD, 4), 9);
    rig_close(&rig);
}
END_TEST

START_TEST(a_write_by_a_device_makes_sc_fail_even_with_the_same_value)
{
    u32 same = 0;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    reserve(&rig, WORD, 4);
    ck_assert(ram_dma_write(&rig.ram, WORD, &same, 4));
    ck_assert(!conditional(&rig, WORD, 4, 5));
    rig_close(&rig);
}
END_TEST

START_TEST(zama16b_allows_misaligned_amos_within_sixteen_bytes)
{
    struct rig rig;

    rig_open(&rig, _i ? "rv32ima_zama16b" : "rv64ima_zama16b");
    for (unsigned size = 4; size <= 8; size *= 2) {
        for (vaddr va = WORD & ~(vaddr)15; va < (WORD | 15); va++) {
            bool allowed = (va & 15) + size <= 16 || !(va & (size - 1));
            ck_assert_msg(!mmu_atomic(rig.hart, va, size) == !allowed, "%u bytes at %u", size,
                          (unsigned)(va & 15));
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(misaligned_atomics_trap_and_touch_nothing)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, _i ? "rv32gc" : "rv64gc");
    for (unsigned size = 4; size <= 8; size *= 2) {
        for (vaddr va = WORD + 1; va < WORD + size; va++) {
            ck_assert(!mmu_load_reserved(rig.hart, va, size, &value));
            ck_assert_uint_eq(rig.hart->cause, CAUSE_MISALIGNED_LOAD);
            ck_assert_uint_eq(rig.hart->tval, va);
            ck_assert(!mmu_store_conditional(rig.hart, va, size, 1, &value));
            ck_assert_uint_eq(rig.hart->cause, CAUSE_MISALIGNED_STORE);
            ck_assert_ptr_null(mmu_atomic(rig.hart, va, size));
            ck_assert_uint_eq(rig.hart->cause, CAUSE_MISALIGNED_STORE);
            ck_assert_uint_eq(rig.hart->tval, va);
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(atomics_on_devices_and_holes_are_access_faults)
{
    static const vaddr addresses[] = {RIG_DEVICE, 0x40000000, RIG_ROM};
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert(!mmu_load_reserved(rig.hart, addresses[i], 4, &value));
        ck_assert_uint_eq(rig.hart->cause, CAUSE_LOAD_ACCESS);
        ck_assert_ptr_null(mmu_atomic(rig.hart, addresses[i], 4));
        ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_ACCESS);
        ck_assert_uint_eq(rig.hart->tval, addresses[i]);
    }
    ck_assert_uint_eq(rig.device_writes, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(an_sc_that_would_fail_must_pass_the_checks_of_a_store)
{
    u64 failed;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_map(&rig, 0x5000, WORD, 0, PTE_R | PTE_A);
    rig_page(&rig);
    ck_assert(!mmu_store_conditional(rig.hart, 0x40000000, 4, 1, &failed));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_ACCESS);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert(!mmu_store_conditional(rig.hart, 0x5000, 4, 1, &failed));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_PAGE);
    ck_assert_uint_eq(rig.hart->tval, 0x5000);
    rig_close(&rig);
}
END_TEST

START_TEST(lr_needs_a_readable_page_and_amo_a_writable_one)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_map(&rig, 0x5000, WORD, 0, PTE_R | PTE_A);
    rig_map(&rig, 0x6000, WORD, 0, PTE_X | PTE_A);
    rig_page(&rig);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    ck_assert(mmu_load_reserved(rig.hart, 0x5000, 4, &value));
    ck_assert_ptr_null(mmu_atomic(rig.hart, 0x5000, 4));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_PAGE);
    ck_assert(!mmu_load_reserved(rig.hart, 0x6000, 4, &value));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_LOAD_PAGE);
    ck_assert_ptr_null(mmu_atomic(rig.hart, 0x9000, 4)); /* its read faults as a store, too */
    ck_assert_uint_eq(rig.hart->cause, CAUSE_STORE_PAGE);
    rig_close(&rig);
}
END_TEST

START_TEST(a_reservation_is_physical)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_map(&rig, 0x5000, WORD, 0, PTE_R | PTE_W | PTE_A | PTE_D);
    rig_map(&rig, 0x6000, WORD + PAGE_SIZE, 0, PTE_R | PTE_W | PTE_A | PTE_D);
    rig_page(&rig);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    reserve(&rig, 0x5000, 4);
    rig_map(&rig, 0x5000, WORD + PAGE_SIZE, 0, PTE_R | PTE_W | PTE_A | PTE_D);
    ck_assert(mmu_sfence_vma(rig.hart, 0, 0, 0, 0));
    ck_assert(!conditional(&rig, 0x5000, 4, 5)); /* same address, another page */
    rig_close(&rig);
}
END_TEST

START_TEST(an_amo_sees_and_changes_its_word)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    rig_write(&rig, WORD, 8, 0x11111111fffffffe);
    rig.hart->x[A1] = WORD;
    rig.hart->x[A2] = 5;
    rig_put(&rig, insn_amoadd_w(A0, A1, A2));
    rig_put(&rig, insn_amoadd_w(ZERO, A1, A2)); /* rd = x0 still adds */
    for (int engine = 0; engine < RIG_ENGINES; engine++) {
        rig.hart->pc = RIG_RAM;
        rig_run(&rig, engine, 2);
        ck_assert_uint_eq(rig.hart->x[A0], engine ? 8 : (u64)-2); /* sign-extended */
    }
    ck_assert_uint_eq(rig_read(&rig, WORD, 8), 0x1111111100000012);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sc_after_lr_stores_once,
                                  sc_without_lr_fails_and_writes_nothing,
                                  sc_elsewhere_fails_and_ends_the_reservation,
                                  sc_pairs_with_the_latest_lr_and_its_size,
                                  a_store_by_another_hart_makes_sc_fail,
                                  a_write_by_a_device_makes_sc_fail_even_with_the_same_value,
                                  misaligned_atomics_trap_and_touch_nothing,
                                  zama16b_allows_misaligned_amos_within_sixteen_bytes,
                                  atomics_on_devices_and_holes_are_access_faults,
                                  an_sc_that_would_fail_must_pass_the_checks_of_a_store,
                                  lr_needs_a_readable_page_and_amo_a_writable_one,
                                  a_reservation_is_physical,
                                  an_amo_sees_and_changes_its_word};

    return SUITE_RUN("mmu_atomic", tests, 2);
}
