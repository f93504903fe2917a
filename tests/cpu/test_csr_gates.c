/* Registers that gate others: mstateen (Smstateen) and what it leaves to S-mode. */
#include "tests/cpu/rig.h"

#define SENVCFG   0x10au
#define SSTATEEN0 0x10cu
#define MSTATEEN0 0x30cu
#define SE        ((u64)1 << 63)
#define ENVCFG    ((u64)1 << 62)

static bool may(struct rig *rig, enum privilege privilege, unsigned number)
{
    u64 old;

    rig_enter(rig->hart, privilege, RIG_RAM);
    return csr_access(rig->hart, number, CSR_SET, 0, false, &old);
}

START_TEST(after_reset_s_reaches_neither_senvcfg_nor_sstateen)
{
    struct rig rig;

    rig_open(&rig, "max");
    ck_assert(!may(&rig, PRIV_S, SENVCFG));
    ck_assert(may(&rig, PRIV_M, SENVCFG));
    for (unsigned n = 0; n < 4; n++) {
        ck_assert(!may(&rig, PRIV_S, SSTATEEN0 + n));
        ck_assert(may(&rig, PRIV_M, SSTATEEN0 + n));
    }
    rig_close(&rig);
}
END_TEST

START_TEST(each_gate_opens_its_own_register)
{
    struct rig rig;

    rig_open(&rig, "max");
    rig_set_csr(rig.hart, MSTATEEN0, ENVCFG);
    ck_assert(may(&rig, PRIV_S, SENVCFG));
    ck_assert(!may(&rig, PRIV_S, SSTATEEN0));
    for (unsigned n = 0; n < 4; n++) {
        rig_set_csr(rig.hart, MSTATEEN0 + n, SE);
        for (unsigned other = 0; other < 4; other++)
            ck_assert_int_eq(may(&rig, PRIV_S, SSTATEEN0 + other), other == n);
        ck_assert(!may(&rig, PRIV_S, SENVCFG));
        ck_assert(!may(&rig, PRIV_U, SSTATEEN0 + n));
        rig_set_csr(rig.hart, MSTATEEN0 + n, 0);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(without_smstateen_nothing_is_gated)
{
    struct rig rig;

    rig_open(&rig, "rv64ima_ssstateen");
    ck_assert(may(&rig, PRIV_S, SENVCFG));
    ck_assert(may(&rig, PRIV_S, SSTATEEN0));
    ck_assert(!may(&rig, PRIV_M, MSTATEEN0));
    rig_close(&rig);
    rig_open(&rig, "rv64gc");
    ck_assert(may(&rig, PRIV_S, SENVCFG));
    ck_assert(!may(&rig, PRIV_M, SSTATEEN0));
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {after_reset_s_reaches_neither_senvcfg_nor_sstateen,
                                  each_gate_opens_its_own_register,
                                  without_smstateen_nothing_is_gated};

    return SUITE_RUN("csr_gates", tests, 1);
}
