/* The registers of the address triggers (Sdtrig): how many there are, and what can be written. Case
 * 0 is RV64, case 1 RV32. */
#include "tests/cpu/triggers.h"

#define ADDRESS (RIG_RAM + 0x3000)

static const char *const isas[] = {"max", "max32"};

START_TEST(the_way_to_count_triggers_finds_four_of_type_6)
{
    struct rig rig;
    u64 none;

    rig_open(&rig, isas[_i]);
    for (unsigned i = 0; i < 4; i++) {
        rig_set_csr(rig.hart, TSELECT, i);
        ck_assert_uint_eq(rig_csr(rig.hart, TSELECT), i);
        ck_assert_uint_eq(rig_csr(rig.hart, TINFO), 0x01008040);
        ck_assert_uint_eq(rig_csr(rig.hart, TDATA1), trigger_typed(rig.hart, 15, 0));
    }
    rig_set_csr(rig.hart, TSELECT, 4);
    ck_assert_uint_ne(rig_csr(rig.hart, TSELECT), 4);
    ck_assert(!csr_peek(rig.hart, 0x7a3, &none)); /* tdata3 */
    ck_assert(!csr_peek(rig.hart, 0x7a5, &none)); /* tcontrol */
    ck_assert(!csr_access(rig.hart, 0x7a8, CSR_SET, 0, false, &none));
    rig_close(&rig);
    rig_open(&rig, _i ? "rv32gc" : "rv64gc");
    for (unsigned number = TSELECT; number <= TINFO; number++)
        ck_assert(!csr_access(rig.hart, number, CSR_SET, 0, false, &none));
    rig_close(&rig);
}
END_TEST

START_TEST(what_cannot_be_done_disables_the_trigger)
{
    static const u64 wishes[] = {1u << 21,  1u << 11, MATCH(4), MATCH(5), MATCH(8),
                                 MATCH(15), SIZE(4),  SIZE(7),  0};
    struct rig rig;

    rig_open(&rig, isas[_i]);
    for (unsigned i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        u64 type = wishes[i] ? 6 : 2;
        trigger_set(rig.hart, 0, ADDRESS, IN_ALL | ON_LOAD);
        rig_set_csr(rig.hart, TDATA1, trigger_typed(rig.hart, type, wishes[i] | IN_ALL | ON_LOAD));
        ck_assert_uint_eq(rig_csr(rig.hart, TDATA1), trigger_typed(rig.hart, 15, 0));
        ck_assert_uint_eq(rig_csr(rig.hart, TDATA2), ADDRESS);
        ck_assert_uint_eq(rig.hart->watched, 0);
    }
    /* An action other than a breakpoint, dmode and what is reserved are cleared. */
    rig_set_csr(rig.hart, TDATA1, trigger_typed(rig.hart, 6, 0x0f98f020 | IN_S | ON_LOAD));
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA1), trigger_typed(rig.hart, 6, IN_S | ON_LOAD));
    rig_close(&rig);
}
END_TEST

START_TEST(a_range_is_at_most_half_of_all_addresses)
{
    struct rig rig;
    u64 ones, largest;

    rig_open(&rig, isas[_i]);
    ones = _i ? UINT32_MAX : UINT64_MAX;
    largest = ones >> 1;
    trigger_set(rig.hart, 0, 0, MATCH(NAPOT));
    rig_set_csr(rig.hart, TDATA2, ones);
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA2), ones - (largest + 1) / 2);
    rig_set_csr(rig.hart, TDATA2, largest);
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA2), largest / 2);
    /* What is no range stands where there is none; making it one disables the trigger. */
    rig_set_csr(rig.hart, TDATA1, 0);
    rig_set_csr(rig.hart, TDATA2, ones);
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA2), ones);
    rig_set_csr(rig.hart, TDATA1, trigger_typed(rig.hart, 6, MATCH(NAPOT) | IN_M | ON_LOAD));
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA1), trigger_typed(rig.hart, 15, 0));
    ck_assert_uint_eq(rig_csr(rig.hart, TDATA2), ones);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_way_to_count_triggers_finds_four_of_type_6,
                                  what_cannot_be_done_disables_the_trigger,
                                  a_range_is_at_most_half_of_all_addresses};

    return SUITE_RUN("trigger_csr", tests, 2);
}
