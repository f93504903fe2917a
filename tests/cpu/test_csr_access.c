/* Who may touch which control register, and what a touch does: privileges, gates, counters to the
 * very step. Programs run on the plain engine and (case 1) the fast one. */
#include "tests/cpu/rig.h"

#define HANDLER  (RIG_RAM + 0x1000)
#define MCYCLE   0xb00u
#define MINSTRET 0xb02u
#define TIME     0xc01u
#define SATP     0x180u
#define STIMECMP 0x14du
#define MIP      0x344u
#define FCSR     0x003u
#define STCE     ((u64)1 << 63)

static bool reads(struct rig *rig, enum privilege privilege, unsigned number)
{
    u64 old;

    rig_enter(rig->hart, privilege, RIG_RAM);
    return csr_access(rig->hart, number, CSR_SET, 0, false, &old);
}

START_TEST(two_bits_of_the_number_say_the_lowest_privilege)
{
    unsigned count;
    const struct csr_info *rows = csr_rows(&count);
    struct rig rig;

    rig_open(&rig, "max");
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
    rig_set_csr(rig.hart, 0x306, UINT64_MAX);
    rig_set_csr(rig.hart, 0x106, UINT64_MAX);
    for (unsigned number = 0x30c; number <= 0x30f; number++)
        rig_set_csr(rig.hart, number, UINT64_MAX);
    rig_set_csr(rig.hart, 0x30a, STCE);
    for (unsigned i = 0; i < count; i++) {
        unsigned lowest = rows[i].number >> 8 & 3;
        if (rows[i].need >> 8 == 32)
            continue;
        ck_assert_msg(reads(&rig, PRIV_U, rows[i].number) == (lowest == PRIV_U), "%s from U",
                      rows[i].name);
        ck_assert_msg(reads(&rig, PRIV_S, rows[i].number) == (lowest <= PRIV_S), "%s from S",
                      rows[i].name);
        ck_assert_msg(reads(&rig, PRIV_M, rows[i].number), "%s from M", rows[i].name);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(counters_below_m_need_mcounteren_and_below_s_scounteren)
{
    struct rig rig;

    rig_open(&rig, "max");
    for (unsigned n = 0; n < 32; n++) {
        for (unsigned gates = 0; gates < 4; gates++) {
            rig_set_csr(rig.hart, 0x306, (u64)(gates & 1) << n);
            rig_set_csr(rig.hart, 0x106, (u64)(gates >> 1) << n);
            ck_assert(reads(&rig, PRIV_M, 0xc00 + n));
            ck_assert_int_eq(reads(&rig, PRIV_S, 0xc00 + n), gates & 1);
            ck_assert_int_eq(reads(&rig, PRIV_U, 0xc00 + n), gates == 3);
        }
    }
    rig_close(&rig);
}
END_TEST

START_TEST(float_registers_are_illegal_while_fs_is_off)
{
    struct rig rig;

    rig_open(&rig, "max");
    for (unsigned number = 1; number <= 3; number++) {
        ck_assert(!reads(&rig, PRIV_M, number));
        rig_set_csr_bits(rig.hart, 0x300, (u64)1 << 13); /* Initial */
        ck_assert(reads(&rig, PRIV_M, number));
        rig_clear_csr_bits(rig.hart, 0x300, MSTATUS_FS);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(writing_a_float_register_makes_fs_dirty_and_reading_does_not)
{
    struct rig rig;
    u64 old;

    rig_open(&rig, "max");
    for (unsigned number = 1; number <= 3; number++) {
        rig_clear_csr_bits(rig.hart, 0x300, MSTATUS_FS);
        rig_set_csr_bits(rig.hart, 0x300, (u64)2 << 13); /* Clean */
        ck_assert(reads(&rig, PRIV_M, number));
        ck_assert_uint_eq(rig_csr(rig.hart, 0x300) >> 13 & 3, 2);
        ck_assert_uint_eq(rig_csr(rig.hart, 0x300) >> 63, 0);
        ck_assert(csr_access(rig.hart, number, CSR_EXCHANGE, 0, true, &old));
        ck_assert_uint_eq(rig_csr(rig.hart, 0x300) >> 13 & 3, 3);
        ck_assert_uint_eq(rig_csr(rig.hart, 0x300) >> 63, 1); /* SD */
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_processor_without_the_extension_has_no_such_registers)
{
    struct rig rig;

    rig_open(&rig, "rv64ima_zicsr");
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_FS);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x300) & MSTATUS_FS, 0);
    ck_assert(!reads(&rig, PRIV_M, FCSR));
    ck_assert(!reads(&rig, PRIV_M, TIME));
    ck_assert(!reads(&rig, PRIV_M, STIMECMP));
    ck_assert(!reads(&rig, PRIV_M, 0xc03));
    rig_set_csr(rig.hart, 0x30a, UINT64_MAX);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x30a), 1); /* FIOM is left */
    rig_set_csr(rig.hart, 0x341, UINT64_MAX);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x341), UINT64_MAX - 3); /* mepc, without C */
    rig_close(&rig);
}
END_TEST

START_TEST(tvm_traps_satp_in_s)
{
    struct rig rig;

    rig_open(&rig, "max");
    ck_assert(reads(&rig, PRIV_S, SATP));
    rig_set_csr_bits(rig.hart, 0x300, MSTATUS_TVM);
    ck_assert(!reads(&rig, PRIV_S, SATP));
    ck_assert(reads(&rig, PRIV_M, SATP));
    rig_close(&rig);
}
END_TEST

START_TEST(stimecmp_below_m_needs_stce_and_tm)
{
    struct rig rig;

    rig_open(&rig, "max");
    ck_assert(reads(&rig, PRIV_M, STIMECMP));
    ck_assert(!reads(&rig, PRIV_S, STIMECMP));
    rig_set_csr(rig.hart, 0x30a, STCE);
    ck_assert(!reads(&rig, PRIV_S, STIMECMP));
    rig_set_csr(rig.hart, 0x306, 2);
    ck_assert(reads(&rig, PRIV_S, STIMECMP));
    rig_set_csr(rig.hart, 0x30a, 0);
    ck_assert(!reads(&rig, PRIV_S, STIMECMP));
    rig_close(&rig);
}
END_TEST

START_TEST(stip_is_stimecmps_alone_under_stce)
{
    struct rig rig;

    rig_open(&rig, "max");
    rig_set_csr(rig.hart, MIP, 0x20);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x20);
    rig_set_csr(rig.hart, 0x30a, STCE);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0); /* stimecmp is far away */
    rig_set_csr(rig.hart, MIP, 0x20);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0);
    rig_set_csr(rig.hart, STIMECMP, 0);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x20); /* unsigned, and time >= stimecmp */
    rig_set_csr(rig.hart, MIP, 0);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x20);
    rig_set_csr(rig.hart, STIMECMP, UINT64_MAX);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(setting_bits_of_mip_does_not_latch_the_plics_line)
{
    struct rig rig;
    u64 old;

    rig_open(&rig, "max");
    hart_set_interrupt(rig.hart, IRQ_SEI, true);
    ck_assert(csr_access(rig.hart, MIP, CSR_SET, 0x2, true, &old));
    ck_assert_uint_eq(old, 0x200);
    hart_set_interrupt(rig.hart, IRQ_SEI, false);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x2);
    ck_assert(csr_access(rig.hart, MIP, CSR_SET, 0x200, true, &old)); /* by software */
    hart_set_interrupt(rig.hart, IRQ_SEI, true);
    hart_set_interrupt(rig.hart, IRQ_SEI, false);
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x202);
    rig_close(&rig);
}
END_TEST

START_TEST(sie_and_sip_show_and_write_delegated_bits_only)
{
    struct rig rig;

    rig_open(&rig, "max");
    rig_set_csr(rig.hart, 0x303, 0x20); /* STI */
    rig_set_csr(rig.hart, 0x304, 0xaaa);
    rig_set_csr(rig.hart, MIP, 0x222);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x104), 0x20);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x144), 0x20);
    rig_set_csr(rig.hart, 0x104, 0);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x304), 0xa8a);
    rig_set_csr(rig.hart, 0x144, 0); /* SSIP is not delegated, STIP not writable here */
    ck_assert_uint_eq(rig_csr(rig.hart, MIP), 0x222);
    rig_close(&rig);
}
END_TEST

static void open_program(struct rig *rig, const char *isa)
{
    rig_open(rig, isa);
    rig_set_csr(rig->hart, 0x305, HANDLER);
    rig->at = RIG_RAM;
}

START_TEST(cycle_and_instret_count_to_the_very_instruction)
{
    struct rig rig;

    open_program(&rig, "max");
    for (int i = 0; i < 10; i++)
        rig_put(&rig, insn_addi(T0, T0, 1));
    rig_put(&rig, insn_csrrs(A0, MCYCLE, ZERO));
    rig_put(&rig, insn_csrrs(A1, MINSTRET, ZERO));
    rig_put(&rig, insn_csrrs(A2, TIME, ZERO));
    rig_run(&rig, _i, 13);
    ck_assert_uint_eq(rig.hart->x[A0], 10);
    ck_assert_uint_eq(rig.hart->x[A1], 11);
    ck_assert_uint_eq(rig.hart->x[A2], 12 / RIG_STEPS_PER_TICK);
    rig_close(&rig);
}
END_TEST

START_TEST(a_written_counter_counts_from_the_next_instruction)
{
    struct rig rig;

    open_program(&rig, "max");
    rig.hart->x[T0] = 1000;
    rig_put(&rig, insn_csrrw(ZERO, MCYCLE, T0));
    rig_put(&rig, insn_csrrs(A0, MCYCLE, ZERO)); /* the write took effect after itself */
    rig_put(&rig, insn_csrrw(A1, MINSTRET, T0));
    rig_put(&rig, insn_addi(ZERO, ZERO, 0));
    rig_put(&rig, insn_csrrs(A2, MINSTRET, ZERO));
    rig_run(&rig, _i, 5);
    ck_assert_uint_eq(rig.hart->x[A0], 1000);
    ck_assert_uint_eq(rig.hart->x[A1], 2);
    ck_assert_uint_eq(rig.hart->x[A2], 1001);
    rig_close(&rig);
}
END_TEST

START_TEST(counters_overflow_into_their_upper_half)
{
    struct rig rig;

    open_program(&rig, "max32");
    rig.hart->x[T0] = UINT64_MAX; /* -1 */
    rig.hart->x[T1] = 7;
    rig_put(&rig, insn_csrrw(ZERO, MINSTRET + 0x80, T1));
    rig_put(&rig, insn_csrrw(ZERO, MINSTRET, T0));
    rig_put(&rig, insn_csrrs(A0, MINSTRET, ZERO));
    rig_put(&rig, insn_csrrs(A1, MINSTRET, ZERO));
    rig_put(&rig, insn_csrrs(A2, MINSTRET + 0x80, ZERO));
    rig_run(&rig, _i, 5);
    ck_assert_uint_eq(rig.hart->x[A0], UINT64_MAX);
    ck_assert_uint_eq(rig.hart->x[A1], 0);
    ck_assert_uint_eq(rig.hart->x[A2], 8);
    rig_close(&rig);
}
END_TEST

START_TEST(what_traps_is_not_retired)
{
    struct rig rig;

    open_program(&rig, "max");
    rig_put(&rig, insn_addi(T0, T0, 1));
    rig_put(&rig, insn_ecall());
    rig_put_at(&rig, HANDLER, insn_csrrs(A0, MINSTRET, ZERO));
    rig_put(&rig, insn_csrrs(A1, MCYCLE, ZERO));
    rig_put(&rig, insn_c_illegal());
    rig_run(&rig, _i, 5);
    ck_assert_uint_eq(rig.hart->x[A0], 1);
    ck_assert_uint_eq(rig.hart->x[A1], 3);
    ck_assert_uint_eq(hart_retired(rig.hart), 3);
    ck_assert_uint_eq(hart_steps(rig.hart), 5);
    ck_assert_uint_eq(rig.hart->traps, 2);
    rig_close(&rig);
}
END_TEST

START_TEST(inhibited_counters_stand_still)
{
    struct rig rig;

    open_program(&rig, "max");
    rig_put(&rig, insn_csrrwi(ZERO, 0x320, 4)); /* IR */
    rig_put(&rig, insn_csrrs(A0, MINSTRET, ZERO));
    for (int i = 0; i < 20; i++)
        rig_put(&rig, insn_addi(T0, T0, 1));
    rig_put(&rig, insn_csrrs(A1, MINSTRET, ZERO));
    rig_put(&rig, insn_csrrs(A2, MCYCLE, ZERO));
    rig_put(&rig, insn_csrrwi(ZERO, 0x320, 0));
    rig_put(&rig, insn_addi(T0, T0, 1));
    rig_put(&rig, insn_csrrs(A3, MINSTRET, ZERO));
    rig_run(&rig, _i, 27);
    ck_assert_uint_eq(rig.hart->x[A1], rig.hart->x[A0]);
    ck_assert_uint_eq(rig.hart->x[A2], 23);
    ck_assert_uint_eq(rig.hart->x[A3], rig.hart->x[A0] + 1);
    rig_close(&rig);
}
END_TEST

START_TEST(an_illegal_access_leaves_everything_and_shows_its_bits)
{
    u32 insn = insn_csrrw(A0, 0xc00, T0); /* cycle cannot be written */
    struct rig rig;

    open_program(&rig, "max");
    rig.hart->x[A0] = 77;
    rig_put(&rig, insn);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->x[A0], 77);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x342), CAUSE_ILLEGAL);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x343), insn);
    ck_assert_uint_eq(rig_csr(rig.hart, 0x341), RIG_RAM);
    rig_close(&rig);
}
END_TEST

START_TEST(set_and_clear_with_x0_or_0_do_not_write_but_exchange_does)
{
    static const struct {
        u32 insn;
        bool traps;
    } rows[] = {{0xc00020f3, false}, /* csrrs ra, cycle, zero */
                {0xc00030f3, false}, /* csrrc ra, cycle, zero */
                {0xc00060f3, false}, /* csrrsi ra, cycle, 0 */
                {0xc00070f3, false}, /* csrrci ra, cycle, 0 */
                {0xc00010f3, true},  /* csrrw ra, cycle, zero */
                {0xc00050f3, true},  /* csrrwi ra, cycle, 0 */
                {0xc000e0f3, true}}; /* csrrsi ra, cycle, 1 */

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rig rig;
        open_program(&rig, "max");
        rig_put(&rig, rows[i].insn);
        rig_run(&rig, _i, 1);
        ck_assert_msg(rig.hart->traps == rows[i].traps, "row %u", i);
        rig_close(&rig);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {two_bits_of_the_number_say_the_lowest_privilege,
                                  counters_below_m_need_mcounteren_and_below_s_scounteren,
                                  float_registers_are_illegal_while_fs_is_off,
                                  writing_a_float_register_makes_fs_dirty_and_reading_does_not,
                                  a_processor_without_the_extension_has_no_such_registers,
                                  tvm_traps_satp_in_s,
                                  stimecmp_below_m_needs_stce_and_tm,
                                  stip_is_stimecmps_alone_under_stce,
                                  setting_bits_of_mip_does_not_latch_the_plics_line,
                                  sie_and_sip_show_and_write_delegated_bits_only,
                                  cycle_and_instret_count_to_the_very_instruction,
                                  a_written_counter_counts_from_the_next_instruction,
                                  counters_overflow_into_their_upper_half,
                                  what_traps_is_not_retired,
                                  inhibited_counters_stand_still,
                                  an_illegal_access_leaves_everything_and_shows_its_bits,
                                  set_and_clear_with_x0_or_0_do_not_write_but_exchange_does};

    return SUITE_RUN("csr_access", tests, RIG_ENGINES);
}
