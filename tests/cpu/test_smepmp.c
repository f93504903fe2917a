/* PMP as Smepmp makes it: the truth table of mseccfg.MML, MMWP, RLB and what stays locked. Case 0
 * is RV64, case 1 RV32. */
#include "cpu/pmp.h"

#include "tests/cpu/rig.h"

#define MSECCFG 0x747u
#define NAPOT   0x18u

static const char *const isas[] = {"max", "max32"};

/* All entries off, the first covers everything with this configuration. */
static void open_rule(struct rig *rig, int which, u8 config, u64 security)
{
    rig_open(rig, isas[which]);
    hart_reset(rig->hart, RIG_RAM);
    rig_set_csr(rig->hart, MSECCFG, security | MSECCFG_RLB);
    pmp_write_address(rig->hart, 0, UINT64_MAX);
    pmp_write_config(rig->hart, 0, NAPOT | config);
    ck_assert_uint_eq(rig->hart->pmpcfg[0], NAPOT | config);
}

static unsigned rights(struct rig *rig, enum privilege privilege)
{
    static const u8 bits[] = {
        [ACCESS_FETCH] = PMP_X, [ACCESS_LOAD] = PMP_R, [ACCESS_STORE] = PMP_W};
    unsigned sum = 0;

    for (enum access why = ACCESS_FETCH; why <= ACCESS_STORE; why++)
        sum |= pmp_allows(rig->hart, RIG_RAM, 4, why, privilege) ? bits[why] : 0;
    return sum;
}

START_TEST(under_mml_each_rule_gives_what_the_truth_table_says)
{
    enum { R = PMP_R, W = PMP_W, X = PMP_X, L = PMP_L };
    static const struct {
        u8 config, machine, others;
    } rows[] = {{0, 0, 0},
                {X, 0, X},
                {W, R | W, R},
                {W | X, R | W, R | W},
                {R, 0, R},
                {R | X, 0, R | X},
                {R | W, 0, R | W},
                {R | W | X, 0, R | W | X},
                {L, 0, 0},
                {L | X, X, 0},
                {L | W, X, X},
                {L | W | X, R | X, X},
                {L | R, R, 0},
                {L | R | X, R | X, 0},
                {L | R | W, R | W, 0},
                {L | R | W | X, R, R}};

    for (unsigned i = 0; i < 16; i++) {
        struct rig rig;
        open_rule(&rig, _i, rows[i].config, MSECCFG_MML);
        ck_assert_msg(rights(&rig, PRIV_M) == rows[i].machine, "row %u: M %u", i,
                      rights(&rig, PRIV_M));
        ck_assert_msg(rights(&rig, PRIV_S) == rows[i].others, "row %u: S %u", i,
                      rights(&rig, PRIV_S));
        ck_assert_uint_eq(rights(&rig, PRIV_U), rows[i].others);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(where_nothing_matches_mml_forbids_execution_and_mmwp_everything)
{
    static const struct {
        u64 security;
        unsigned machine;
    } rows[] = {{0, PMP_R | PMP_W | PMP_X},
                {MSECCFG_MML, PMP_R | PMP_W},
                {MSECCFG_MMWP, 0},
                {MSECCFG_MML | MSECCFG_MMWP, 0}};

    for (unsigned i = 0; i < 4; i++) {
        struct rig rig;
        rig_open(&rig, isas[_i]);
        hart_reset(rig.hart, RIG_RAM);
        rig_set_csr(rig.hart, MSECCFG, rows[i].security);
        ck_assert_uint_eq(rights(&rig, PRIV_M), rows[i].machine);
        ck_assert_uint_eq(rights(&rig, PRIV_U), 0);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(mml_and_mmwp_stay_set_and_rlb_stays_clear_once_an_entry_is_locked)
{
    struct rig rig;

    rig_open(&rig, isas[_i]);
    hart_reset(rig.hart, RIG_RAM);
    rig_set_csr(rig.hart, MSECCFG, MSECCFG_RLB);
    rig_set_csr(rig.hart, MSECCFG, 0);
    ck_assert_uint_eq(rig_csr(rig.hart, MSECCFG), 0);
    pmp_write_config(rig.hart, 3, PMP_L); /* also an entry that is off */
    rig_set_csr(rig.hart, MSECCFG, 7);
    ck_assert_uint_eq(rig_csr(rig.hart, MSECCFG), 3);
    rig_set_csr(rig.hart, MSECCFG, 0);
    ck_assert_uint_eq(rig_csr(rig.hart, MSECCFG), 3);
    hart_reset(rig.hart, RIG_RAM);
    ck_assert_uint_eq(rig_csr(rig.hart, MSECCFG), 0);
    rig_close(&rig);
}
END_TEST

START_TEST(rlb_opens_locked_entries)
{
    struct rig rig;

    open_rule(&rig, _i, PMP_L | PMP_R, 0);
    pmp_write_address(rig.hart, 0, 0x123);
    ck_assert_uint_eq(rig.hart->pmpaddr[0], 0x123);
    rig_set_csr(rig.hart, MSECCFG, 0);
    pmp_write_address(rig.hart, 0, 0x456);
    pmp_write_config(rig.hart, 0, 0);
    ck_assert_uint_eq(rig.hart->pmpaddr[0], 0x123);
    ck_assert_uint_eq(rig.hart->pmpcfg[0], NAPOT | PMP_L | PMP_R);
    rig_close(&rig);
}
END_TEST

START_TEST(under_mml_no_rule_that_m_executes_is_added)
{
    for (u8 rwx = 0; rwx < 8; rwx++) {
        u8 config = NAPOT | PMP_L | rwx;
        bool executes =
            rwx == PMP_X || rwx == PMP_W || rwx == (PMP_W | PMP_X) || rwx == (PMP_R | PMP_X);
        struct rig rig;
        rig_open(&rig, isas[_i]);
        hart_reset(rig.hart, RIG_RAM);
        rig_set_csr(rig.hart, MSECCFG, MSECCFG_MML);
        pmp_write_config(rig.hart, 0, config);
        ck_assert_uint_eq(rig.hart->pmpcfg[0], executes ? 0 : config);
        pmp_write_config(rig.hart, 1, NAPOT | rwx); /* not M's: any */
        ck_assert_uint_eq(rig.hart->pmpcfg[1], NAPOT | rwx);
        rig_close(&rig);
    }
}
END_TEST

START_TEST(mseccfg_reaches_through_what_was_translated_before)
{
    u64 value;
    struct rig rig;

    rig_open(&rig, isas[_i]);
    ck_assert(mmu_load(rig.hart, RIG_RAM, 8, &value));
    rig_set_csr(rig.hart, MSECCFG, MSECCFG_MML); /* the rig's rule is now S's and U's */
    ck_assert(!mmu_load(rig.hart, RIG_RAM, 8, &value));
    ck_assert_uint_eq(rig.hart->cause, CAUSE_LOAD_ACCESS);
    rig_close(&rig);
    rig_open(&rig, "rv64gc");
    ck_assert(!csr_peek(rig.hart, MSECCFG, &value));
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {under_mml_each_rule_gives_what_the_truth_table_says,
                                  where_nothing_matches_mml_forbids_execution_and_mmwp_everything,
                                  mml_and_mmwp_stay_set_and_rlb_stays_clear_once_an_entry_is_locked,
                                  rlb_opens_locked_entries,
                                  under_mml_no_rule_that_m_executes_is_added,
                                  mseccfg_reaches_through_what_was_translated_before};

    return SUITE_RUN("smepmp", tests, 2);
}
