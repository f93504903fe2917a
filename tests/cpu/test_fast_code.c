/* Code that changes while it is being run: by itself, through another address, by a device, by
 * another hart. Both engines must do the new instruction; the fast one (case 1) has to forget what
 * it decoded. */
#include "tests/cpu/twins.h"

#define CODE  RIG_RAM
#define DATA  (RIG_RAM + 0x10000)
#define ALIAS ((vaddr)0x5000)

/* s0 points to the instruction that is changed, a1 holds what it becomes. */
static void open_patch(struct rig *rig, paddr target, u32 insn)
{
    rig_open(rig, "max");
    rig->hart->x[S0] = target;
    rig->hart->x[A1] = insn;
}

START_TEST(store_to_code_page_drops_its_ops)
{
    struct rig rig;

    open_patch(&rig, CODE + 12, insn_addi(A0, ZERO, 2));
    rig_put(&rig, insn_sw(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_addi(A2, A2, 1));
    rig_put(&rig, insn_addi(A0, ZERO, 1)); /* CODE + 12 */
    rig_run(&rig, _i, 4);
    ck_assert_uint_eq(rig.hart->x[A0], 2);
    ck_assert_uint_eq(rig.hart->x[A2], 1);
    rig_close(&rig);
}
END_TEST

START_TEST(code_that_has_run_before_is_forgotten_too)
{
    struct rig rig;

    open_patch(&rig, CODE, insn_addi(A0, A0, 100));
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_c_addi(A2, 1));
    rig_put(&rig, insn_sw(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_jal(ZERO, -14));
    rig_run(&rig, _i, 3 * 5);
    ck_assert_uint_eq(rig.hart->x[A0], 201);
    ck_assert_uint_eq(rig.hart->x[A2], 3);
    rig_close(&rig);
}
END_TEST

START_TEST(one_byte_is_enough_and_so_is_the_second_half)
{
    struct rig rig;

    open_patch(&rig, CODE + 3, 0);
    rig_put(&rig, insn_addi(A0, ZERO, 1));
    rig_put(&rig, insn_addi(A1, ZERO, 0x20)); /* imm = 0x200 | 1 */
    rig_put(&rig, insn_sb(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_jal(ZERO, -16));
    rig_run(&rig, _i, 6);
    ck_assert_uint_eq(rig.hart->x[A0], 0x201);
    rig_close(&rig);
}
END_TEST

START_TEST(a_store_over_the_end_of_a_page_changes_code_in_both)
{
    struct rig rig;

    open_patch(&rig, CODE + PAGE_SIZE - 4, 0);
    rig.hart->x[A1] = insn_addi(A0, A0, 10) | (u64)insn_addi(A2, A2, 20) << 32;
    rig_put_at(&rig, CODE + PAGE_SIZE - 4, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_addi(A2, A2, 2));
    rig_put(&rig, insn_sd(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_jal(ZERO, -16));
    rig.hart->pc = CODE + PAGE_SIZE - 4;
    rig_run(&rig, _i, 7);
    ck_assert_uint_eq(rig.hart->x[A0], 11);
    ck_assert_uint_eq(rig.hart->x[A2], 22);
    rig_close(&rig);
}
END_TEST

START_TEST(a_store_through_another_address_changes_the_code)
{
    struct rig rig;

    open_patch(&rig, ALIAS, insn_addi(A0, A0, 100));
    rig_map(&rig, CODE, CODE, 1, PTE_R | PTE_X | PTE_A);
    rig_map(&rig, ALIAS, CODE, 0, PTE_R | PTE_W | PTE_A | PTE_D);
    rig_page(&rig);
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_sw(A1, S0, 0));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_jal(ZERO, -12));
    rig_enter(rig.hart, PRIV_S, CODE);
    rig_run(&rig, _i, 3 * 4);
    ck_assert_uint_eq(rig.hart->x[A0], 201);
    rig_close(&rig);
}
END_TEST

START_TEST(a_remapped_page_shows_its_own_code)
{
    struct rig rig;

    rig_open(&rig, "max");
    rig_map(&rig, ALIAS, CODE, 0, PTE_R | PTE_X | PTE_A);
    rig_page(&rig);
    rig_put_at(&rig, CODE, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_jal(ZERO, -4));
    rig_put_at(&rig, DATA, insn_addi(A0, A0, 100));
    rig_put(&rig, insn_jal(ZERO, -4));
    rig_enter(rig.hart, PRIV_S, ALIAS);
    rig_run(&rig, _i, 4);
    ck_assert_uint_eq(rig.hart->x[A0], 2);
    rig_map(&rig, ALIAS, DATA, 0, PTE_R | PTE_X | PTE_A);
    ck_assert(mmu_sfence_vma(rig.hart, ALIAS, 1, 0, 0));
    rig_run(&rig, _i, 4);
    ck_assert_uint_eq(rig.hart->x[A0], 202);
    rig_close(&rig);
}
END_TEST

START_TEST(a_device_that_writes_into_code_changes_it)
{
    u32 insn = insn_addi(A0, A0, 100);
    struct rig rig;

    rig_open(&rig, "max");
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_jal(ZERO, -4));
    rig_run(&rig, _i, 2);
    ck_assert(ram_dma_write(&rig.ram, CODE, &insn, 4));
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(rig.hart->x[A0], 101);
    rig_close(&rig);
}
END_TEST

START_TEST(atomics_and_block_zeroing_change_code_too)
{
    struct rig rig;

    open_patch(&rig, CODE + 64, 1u << 20); /* adds one to the immediate */
    rig_put(&rig, insn_amoadd_w(ZERO, S0, A1));
    rig_put(&rig, insn_fence_i());
    rig_put(&rig, insn_jal(ZERO, 56));
    rig_put_at(&rig, CODE + 64, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_jal(ZERO, -68));
    rig_run(&rig, _i, 3 * 5);
    ck_assert_uint_eq(rig.hart->x[A0], 2 + 3 + 4);
    ck_assert(mmu_cache_block(rig.hart, CBO_ZERO, CODE + 64));
    rig_run(&rig, _i, 1); /* the atomic */
    rig.hart->pc = CODE + 64;
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->traps, 1);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x342), CAUSE_ILLEGAL);
    rig_close(&rig);
}
END_TEST

START_TEST(resetting_forgets_all_code)
{
    struct rig rig;

    rig_open(&rig, "max");
    rig_put(&rig, insn_addi(A0, A0, 1));
    rig_run(&rig, _i, 1);
    ram_clear(&rig.ram);
    hart_reset(rig.hart, CODE);
    rig_put_at(&rig, CODE, insn_addi(A0, A0, 5));
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->x[A0], 5);
    rig_close(&rig);
}
END_TEST

/* A loop that counts with an instruction of its own, and each time round adds one to the immediate
 * of the other hart's. */
static void put_loop(struct rig *rig, paddr at)
{
    rig_put_at(rig, at, insn_addi(A0, A0, 1));
    rig_put(rig, insn_lw(T0, S0, 0));
    rig_put(rig, insn_add(T0, T0, A1));
    rig_put(rig, insn_sw(T0, S0, 0));
    rig_put(rig, insn_fence_i());
    rig_put(rig, insn_jal(ZERO, -20));
}

static void two_harts(struct rig *rig)
{
    paddr code[2] = {CODE, CODE + 0x100}; /* in the same page, so that they meet often */

    rig_open_harts(rig, "max", 2);
    for (unsigned i = 0; i < 2; i++) {
        put_loop(rig, code[i]);
        rig->harts[i]->pc = code[i];
        rig->harts[i]->x[S0] = code[!i];
        rig->harts[i]->x[A1] = 1u << 20;
    }
}

static void two_harts_in_two_pages(struct rig *rig)
{
    two_harts(rig);
    put_loop(rig, DATA);
    rig->harts[1]->pc = rig->harts[0]->x[S0] = DATA;
}

START_TEST(two_harts_that_store_into_each_others_code_agree_on_both_engines)
{
    for (u64 slice = 1; slice < 40; slice++) {
        twins_agree(two_harts, 300, slice);
        twins_agree(two_harts_in_two_pages, 300, slice);
    }
}
END_TEST

START_TEST(a_store_by_another_hart_is_seen_by_the_next_slice)
{
    struct rig rig;

    rig_open_harts(&rig, "max", 2);
    rig_put_at(&rig, CODE, insn_addi(A0, A0, 1));
    rig_put(&rig, insn_jal(ZERO, -4));
    rig_put_at(&rig, DATA, insn_sw(A1, S0, 0));
    rig_put(&rig, insn_jal(ZERO, -4));
    rig.harts[1]->pc = DATA;
    rig.harts[1]->x[S0] = CODE;
    rig.harts[1]->x[A1] = insn_addi(A0, A0, 100);
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(rig.harts[0]->x[A0], 1);
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(rig.harts[0]->x[A0], 101);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {store_to_code_page_drops_its_ops,
                                  code_that_has_run_before_is_forgotten_too,
                                  one_byte_is_enough_and_so_is_the_second_half,
                                  a_store_over_the_end_of_a_page_changes_code_in_both,
                                  a_store_through_another_address_changes_the_code,
                                  a_remapped_page_shows_its_own_code,
                                  a_device_that_writes_into_code_changes_it,
                                  atomics_and_block_zeroing_change_code_too,
                                  resetting_forgets_all_code,
                                  two_harts_that_store_into_each_others_code_agree_on_both_engines,
                                  a_store_by_another_hart_is_seen_by_the_next_slice};

    return SUITE_RUN("fast_code", tests, RIG_ENGINES);
}
