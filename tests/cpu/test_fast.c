/* The fast engine's promise: after any number of steps, in slices of any length, the machine is
 * exactly where the plain engine would have it. */
#include "tests/cpu/twins.h"

#include <fenv.h>

#define CODE    RIG_RAM
#define HANDLER (RIG_RAM + 0x4000)
#define DATA    (RIG_RAM + 0x10000)
#define MEPC    0x341u

/* A handler that skips four bytes and goes on. */
static void put_handler(struct rig *rig)
{
    rig_put_at(rig, HANDLER, insn_csrrs(TP, MEPC, ZERO));
    rig_put(rig, insn_addi(TP, TP, 4));
    rig_put(rig, insn_csrrw(ZERO, MEPC, TP));
    rig_put(rig, insn_mret());
    rig_set_csr(rig->hart, 0x305, HANDLER);
    rig_set_csr(rig->hart, 0x300, MSTATUS_MPP);
}

static void put_memory(struct rig *rig)
{
    rig_put(rig, insn_sd(A0, S0, 0));
    rig_put(rig, insn_ld(A2, S0, 0));
    rig_put(rig, insn_c_addi(A3, 1));
    rig_put(rig, insn_sd(A2, A6, 0)); /* crosses a page */
    rig_put(rig, insn_ld(A4, A6, 0));
    rig_put(rig, insn_lw(A5, S0, 3)); /* misaligned */
    rig_put(rig, insn_amoadd_w(T1, S0, A3));
    rig_put(rig, insn_lr_w(T2, S0, ZERO));
    rig_put(rig, insn_sc_w(T2, S0, A3));
    rig_put(rig, insn_lw(T0, S1, 8)); /* a device: the slice ends */
    rig_put(rig, insn_sw(T0, S1, 8));
    rig_put(rig, insn_ld(T0, ZERO, 0)); /* faults */
}

/* A loop of nearly everything, then a jump to another page where an instruction straddles the
 * page's end, and back. */
static void mixed(struct rig *rig)
{
    paddr loop;

    rig_open(rig, "max");
    put_handler(rig);
    rig->at = CODE;
    rig->hart->x[S0] = DATA;
    rig->hart->x[S1] = RIG_DEVICE;
    rig->hart->x[A6] = DATA + 2 * PAGE_SIZE - 3;
    rig->hart->f[FA0] = 0x3ff8000000000000; /* 1.5 */
    rig->hart->f[FA1] = 0x4008000000000000; /* 3 */
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_FS);
    rig_put(rig, insn_addi(A1, ZERO, 3));
    loop = rig->at;
    rig_put(rig, insn_addi(A0, A0, 3));
    rig_put(rig, insn_fadd_d(FA0, FA0, FA1));
    rig_put(rig, insn_fdiv_d(FA2, FA1, FA0)); /* inexact */
    rig_put(rig, insn_csrrs(T0, 0x001, ZERO));
    put_memory(rig);
    rig_put(rig, insn_ecall());
    rig_put(rig, insn_csrrs(T0, 0xb00, ZERO));
    rig_put(rig, insn_addi(A1, A1, -1));
    rig_put(rig, insn_bne(A1, ZERO, (i32)(loop - rig->at)));
    rig_put(rig, insn_jal(RA, (i32)(CODE + 0x1ffa - rig->at)));
    rig_put(rig, insn_jal(ZERO, (i32)(CODE - rig->at)));
    rig_put_at(rig, CODE + 0x1ffa, insn_addi(A7, A7, 1));
    rig_put(rig, insn_addi(A7, A7, 2)); /* straddles */
    rig_put(rig, insn_jalr(ZERO, RA, 0));
}

START_TEST(both_engines_agree_after_every_single_budget)
{
    for (u64 steps = 1; steps <= 200; steps++)
        twins_agree(mixed, steps, steps);
}
END_TEST

START_TEST(the_length_of_slices_changes_nothing)
{
    for (u64 slice = 1; slice <= 60; slice++)
        twins_agree(mixed, 500, slice);
}
END_TEST

/* 1000 instructions in a row: longer than any counter of a run could be. */
static void long_run(struct rig *rig)
{
    rig_open(rig, "max");
    for (int i = 0; i < 1000; i++)
        rig_put(rig, insn_addi(A0 + i % 8, A0 + (i + 1) % 8, i));
    rig_put(rig, insn_jal(ZERO, (i32)(CODE - rig->at)));
}

static void long_narrow_run(struct rig *rig)
{
    rig_open(rig, "max");
    for (int i = 0; i < 2000; i++)
        rig_put(rig, insn_c_addi(A0 + i % 8, 1 + i % 31));
    rig_put(rig, insn_jal(ZERO, (i32)(CODE - rig->at)));
}

START_TEST(a_run_longer_than_255_instructions_is_exact)
{
    for (u64 steps = 250; steps <= 262; steps++) {
        twins_agree(long_run, steps, steps);
        twins_agree(long_narrow_run, steps, steps);
        twins_agree(long_narrow_run, 2 * steps, 2 * steps);
    }
    for (u64 slice = 1; slice < 3000; slice = slice * 3 + 1) {
        twins_agree(long_run, 5000, slice);
        twins_agree(long_narrow_run, 5000, slice);
    }
}
END_TEST

START_TEST(a_long_run_entered_in_the_middle_is_exact)
{
    struct twins twins;

    twins_open(&twins, long_narrow_run);
    for (u64 round = 0; round < 40; round++) {
        vaddr pc = CODE + 2 * (round * 769 % 2000);
        twins.plain.hart->pc = twins.fast.hart->pc = pc;
        twins_run_rig(&twins.plain, RIG_PLAIN, (round + 1) * 400, (round + 1) * 400);
        twins_run_rig(&twins.fast, RIG_FAST, (round + 1) * 400, (round + 1) * 400);
        twins_compare(&twins, TWINS_LOW, round);
    }
    twins_close(&twins);
}
END_TEST

/* Straight on over the ends of two pages, halfwords out of step. */
static void over_pages(struct rig *rig)
{
    rig_open(rig, "max");
    rig_put(rig, insn_c_addi(A0, 1));
    for (int i = 0; i < 2100; i++)
        rig_put(rig, insn_addi(A0 + i % 8, A0 + (i + 3) % 8, i));
    rig_put(rig, insn_jal(ZERO, (i32)(CODE - rig->at)));
}

START_TEST(straight_runs_go_on_over_the_end_of_a_page)
{
    for (u64 steps = 1020; steps < 1030; steps++)
        twins_agree(over_pages, steps, steps);
    twins_agree(over_pages, 10000, 10000);
    twins_agree(over_pages, 10000, 333);
}
END_TEST

/* One instruction per page and the jump to the next: twice round all 2048 pages. */
static void many_pages(struct rig *rig)
{
    rig_open(rig, "max");
    for (paddr page = RIG_RAM; page < RIG_RAM + RIG_SIZE; page += PAGE_SIZE) {
        bool is_last = page + PAGE_SIZE == RIG_RAM + RIG_SIZE;
        rig_put_at(rig, page, insn_c_addi(A0, 1));
        rig_put(rig, insn_addi(A1, A1, 2));
        rig_put(rig, insn_sw(A0, SP, 0));
        rig_put(rig, is_last ? insn_jalr(ZERO, S0, 0) : insn_jal(ZERO, 4096 - 10));
    }
    rig->hart->x[SP] = RIG_RAM + 64;
    rig->hart->x[S0] = RIG_RAM;
}

START_TEST(more_pages_than_shadows_run_all_the_same)
{
    twins_agree(many_pages, 3 * 4 * 2048 + 7, 3 * 4 * 2048 + 7);
    twins_agree(many_pages, 2 * 4 * 2048, 1001);
}
END_TEST

/* The immediate of a wide instruction is itself two instructions: jump into its middle. */
static void overlapping(struct rig *rig)
{
    rig_open(rig, "max");
    rig_put(rig, 0x0505 << 16 | 0x0537); /* lui a0, 0x5050; from its middle: c.addi a0, 1 */
    rig_put(rig, insn_addi(A1, A1, 1));  /* 4 */
    rig_put(rig, insn_jal(ZERO, 2 - 8)); /* 8: to the middle */
    rig_put(rig, insn_addi(A2, A2, 1));  /* never */
}

START_TEST(jumping_into_the_middle_of_an_instruction_just_works)
{
    for (u64 steps = 1; steps < 40; steps++)
        twins_agree(overlapping, steps, steps);
}
END_TEST

/* The code lies right before the PTE whose A bit its own load sets: decoded code is dropped under
 * the feet of the instruction that runs. */
static void code_beside_its_pte(struct rig *rig)
{
    vaddr data = 16 * PAGE_SIZE, code = 40 * PAGE_SIZE;
    paddr table;

    rig_open(rig, "max");
    rig_map(rig, data, DATA, 0, PTE_R | PTE_W); /* neither A nor D */
    table = rig_pte(rig, data, 0) & ~PAGE_MASK;
    rig_map(rig, code, table, 0, PTE_R | PTE_X | PTE_A);
    rig_set_csr(rig->hart, 0x30a, (u64)1 << 61);
    rig_page(rig);
    rig_put_at(rig, table + 96, insn_addi(A0, A0, 1));
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_ld(A1, S0, 0));
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_sd(A0, S0, 8));
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_jal(ZERO, -28)); /* ends at 128, where data's PTE begins */
    rig->hart->x[S0] = data;
    rig_enter(rig->hart, PRIV_S, code + 96);
}

START_TEST(a_load_that_drops_its_own_ops_is_charged_once)
{
    for (u64 steps = 1; steps < 40; steps++)
        twins_agree(code_beside_its_pte, steps, steps);
}
END_TEST

/* The slice's last step is the last of a run; what follows must wait, whatever it is. */
static void run_then_jump_away(struct rig *rig)
{
    rig_open(rig, "max");
    put_handler(rig);
    rig_put_at(rig, CODE, insn_addi(A0, A0, 1));
    rig_put(rig, insn_jalr(RA, S0, 0)); /* to ROM: not RAM, so the plain engine's */
    rig_put(rig, insn_addi(A0, A0, 1));
    rig_put(rig, insn_jalr(RA, S1, 0)); /* to a hole: a trap; its handler returns into the hole */
    rig->hart->x[S0] = RIG_ROM;
    rig->hart->x[S1] = 0x40000000;
    memcpy(rig->rom, &(u32){insn_jalr(ZERO, RA, 0)}, 4);
}

START_TEST(jumps_out_of_ram_at_the_end_of_the_budget_are_exact)
{
    for (u64 steps = 1; steps < 30; steps++)
        twins_agree(run_then_jump_away, steps, steps);
}
END_TEST

static void inexact(struct rig *rig)
{
    rig_open(rig, "max");
    rig_set_csr_bits(rig->hart, 0x300, MSTATUS_FS);
    rig->hart->f[FA0] = 0x3ff0000000000000; /* 1 */
    rig->hart->f[FA1] = 0x4008000000000000; /* 3 */
    rig_put(rig, insn_fdiv_d(FA2, FA0, FA1));
    rig_put(rig, insn_fdiv_d(FA3, FA0, FA1 + 5)); /* by zero */
    rig_put(rig, insn_jal(ZERO, -8));
}

START_TEST(host_float_flags_do_not_leak_in_or_out)
{
    struct twins twins;

    twins_open(&twins, inexact);
    twins.fast.hart->pc += 8; /* only the jump first */
    feraiseexcept(FE_ALL_EXCEPT);
    rig_run(&twins.fast, RIG_FAST, 1);
    ck_assert_uint_eq(rig_csr(twins.fast.hart, 0x001), 0);
    ck_assert_int_eq(fetestexcept(FE_ALL_EXCEPT), FE_ALL_EXCEPT);
    feclearexcept(FE_ALL_EXCEPT);
    rig_run(&twins.fast, RIG_FAST, 5);
    ck_assert_uint_eq(rig_csr(twins.fast.hart, 0x001), 0x09); /* DZ, NX */
    ck_assert_int_eq(fetestexcept(FE_ALL_EXCEPT), 0);
    twins_close(&twins);
}
END_TEST

START_TEST(the_hosts_rounding_mode_does_not_matter_and_stays)
{
    struct twins twins;

    twins_open(&twins, inexact);
    fesetround(FE_UPWARD);
    twins_run_rig(&twins.plain, RIG_PLAIN, 10, 10);
    twins_run_rig(&twins.fast, RIG_FAST, 10, 10);
    ck_assert_int_eq(fegetround(), FE_UPWARD);
    fesetround(FE_TONEAREST);
    ck_assert_uint_eq(twins.fast.hart->f[FA2], 0x3fd5555555555555);
    twins_compare(&twins, TWINS_LOW, 10);
    twins_close(&twins);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {both_engines_agree_after_every_single_budget,
                                  the_length_of_slices_changes_nothing,
                                  a_run_longer_than_255_instructions_is_exact,
                                  a_long_run_entered_in_the_middle_is_exact,
                                  straight_runs_go_on_over_the_end_of_a_page,
                                  more_pages_than_shadows_run_all_the_same,
                                  jumping_into_the_middle_of_an_instruction_just_works,
                                  a_load_that_drops_its_own_ops_is_charged_once,
                                  jumps_out_of_ram_at_the_end_of_the_budget_are_exact,
                                  host_float_flags_do_not_leak_in_or_out,
                                  the_hosts_rounding_mode_does_not_matter_and_stays};

    return SUITE_RUN("fast", tests, 1);
}
