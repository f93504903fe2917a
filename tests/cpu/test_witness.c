/* What a hart remembers of its traps (cpu/witness.h), on the plain engine and (case 1) the fast
 * one.
 */
#include "cpu/pmp.h"
#include "cpu/trap.h"
#include "cpu/translate.h"

#include "tests/cpu/rig.h"

#define M_HANDLER (RIG_RAM + 0x1000)
#define S_HANDLER (RIG_RAM + 0x2000)
#define MEDELEG   0x302u
#define MTVEC     0x305u
#define MEPC      0x341u
#define STVEC     0x105u
#define SEPC      0x141u
#define SATP      0x180u
#define DATA      ((vaddr)0x10000)

static void open_hart(struct rig *rig)
{
    rig_open(rig, "max");
    rig_set_csr(rig->hart, MTVEC, M_HANDLER);
    rig_set_csr(rig->hart, STVEC, S_HANDLER);
    rig_set_csr(rig->hart, MEDELEG, 0xb1ff);
}

static const struct trap_seen *seen(const struct rig *rig, enum cause cause)
{
    return &rig->hart->witness.traps[cause];
}

static const struct trap_seen *nested(const struct rig *rig, enum cause cause)
{
    return &rig->hart->witness.traps[WITNESS_NESTED + cause];
}

START_TEST(a_trap_is_remembered_with_where_it_came_from_and_where_it_went)
{
    struct rig rig;

    open_hart(&rig);
    rig_put(&rig, insn_c_nop());
    rig_put(&rig, insn_ebreak());
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->count, 1);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->pc, RIG_RAM + 2);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->tval, RIG_RAM + 2);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->from, PRIV_U);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->to, PRIV_S);
    ck_assert_uint_eq(seen(&rig, CAUSE_BREAKPOINT)->handler, S_HANDLER);
    ck_assert_uint_eq(trap_step(seen(&rig, CAUSE_BREAKPOINT)), 1);
    ck_assert_ptr_eq(witness_last(&rig.hart->witness), seen(&rig, CAUSE_BREAKPOINT));
    ck_assert_uint_eq(seen(&rig, CAUSE_ECALL_U)->count, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(an_interrupt_has_a_place_of_its_own)
{
    struct rig rig;

    open_hart(&rig);
    rig_set_csr(rig.hart, 0x304, IRQ_BIT(IRQ_SSI));
    rig_set_csr(rig.hart, 0x344, IRQ_BIT(IRQ_SSI));
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->witness.traps[WITNESS_INTERRUPT + IRQ_SSI].count, 1);
    ck_assert_uint_eq(rig.hart->witness.traps[IRQ_SSI].count, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_page_fault_keeps_its_walk)
{
    const struct fault_seen *fault;
    struct rig rig;

    open_hart(&rig);
    rig_map(&rig, RIG_RAM, RIG_RAM, 2, PTE_R | PTE_X | PTE_A | PTE_D);
    rig_map(&rig, DATA, RIG_RAM + 0x5000, 0, PTE_R | PTE_A);
    rig_put(&rig, insn_sd(10, 11, 0));
    rig_page(&rig);
    rig.hart->x[11] = DATA;
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    rig_run(&rig, _i, 1);
    /* The guest mends the entry; what is remembered is the moment. */
    rig_map(&rig, DATA, RIG_RAM + 0x5000, 0, PTE_R | PTE_W | PTE_A | PTE_D);
    fault = &rig.hart->witness.page[ACCESS_STORE];
    ck_assert_uint_eq(seen(&rig, CAUSE_STORE_PAGE)->tval, DATA);
    ck_assert_uint_eq(fault->va, DATA);
    ck_assert_uint_eq(fault->by, REFUSED_BY_WALK);
    ck_assert_uint_eq(fault->mode, PAGING_SV39);
    ck_assert_uint_eq(fault->rights, TLB_S);
    ck_assert_uint_eq(fault->walk.end, WALK_NOT_WRITABLE);
    ck_assert_uint_eq(fault->walk.step_count, 3);
    ck_assert_uint_eq(fault->walk.steps[2].at, rig_pte(&rig, DATA, 0));
    ck_assert_uint_eq(fault->walk.leaf & 0xff, PTE_V | PTE_R | PTE_A);
    rig_close(&rig);
}
END_TEST

START_TEST(an_access_fault_says_who_refused)
{
    static const struct {
        u64 at;
        u8 by, pmp;
    } rows[] = {
        {RIG_RAM + 0x4000, REFUSED_BY_PMP, 0},            /* closed by entry 0 */
        {0x40000000, REFUSED_BY_THE_BUS, PMP_ENTRIES - 1} /* nothing is there */
    };
    struct rig rig;

    open_hart(&rig);
    pmp_write_address(rig.hart, 0, (RIG_RAM + 0x4000) >> 2);
    pmp_write_config(rig.hart, 0, 0x10); /* NA4, no rights */
    for (unsigned i = 0; i < 2; i++) {
        rig_put_at(&rig, RIG_RAM, insn_lw(10, 11, 0));
        rig.hart->x[11] = rows[i].at;
        rig_enter(rig.hart, PRIV_S, RIG_RAM);
        rig_run(&rig, _i, 1);
        ck_assert_uint_eq(
            seen(&rig, CAUSE_LOAD_ACCESS)->count + nested(&rig, CAUSE_LOAD_ACCESS)->count, i + 1);
        ck_assert_uint_eq(rig.hart->witness.access[ACCESS_LOAD].by, rows[i].by);
        ck_assert_uint_eq(rig.hart->witness.access[ACCESS_LOAD].pmp, rows[i].pmp);
        ck_assert_uint_eq(rig.hart->witness.access[ACCESS_LOAD].at, rows[i].at);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(a_page_table_that_cannot_be_read_is_named_by_its_address)
{
    const struct fault_seen *fault;
    struct rig rig;

    open_hart(&rig);
    rig_put(&rig, insn_c_nop());
    rig_set_csr(rig.hart, SATP, (u64)8 << 60 | RIG_TABLES); /* forgot the shift */
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    rig_run(&rig, _i, 1);
    fault = &rig.hart->witness.access[ACCESS_FETCH];
    ck_assert_uint_eq(seen(&rig, CAUSE_FETCH_ACCESS)->count, 1);
    ck_assert_uint_eq(fault->by, REFUSED_BY_PTE);
    ck_assert_uint_eq(fault->at, (RIG_TABLES << 12) + (RIG_RAM >> 30) * 8);
    rig_close(&rig);
}
END_TEST

/* ecall in U; the handler in S returns to the ecall itself. */
START_TEST(a_handler_that_returns_to_its_ecall_repeats)
{
    struct rig rig;

    open_hart(&rig);
    rig_put(&rig, insn_ecall());
    rig_put_at(&rig, S_HANDLER, insn_c_nop());
    rig_put(&rig, insn_sret());
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 3 * WITNESS_STUCK); /* traps number 0 to WITNESS_STUCK - 1 */
    ck_assert_uint_eq(seen(&rig, CAUSE_ECALL_U)->repeats, WITNESS_STUCK - 1);
    ck_assert_uint_eq(rig.hart->witness.began[CAUSE_ECALL_U], 0);
    ck_assert_uint_eq(rig.hart->witness.stuck, 0);
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->witness.stuck, 1 + CAUSE_ECALL_U);
    rig_close(&rig);
}
END_TEST

/* A loop around an ecall whose handler goes on behind it is a program at work. */
START_TEST(a_loop_of_system_calls_does_not_repeat)
{
    struct rig rig;

    open_hart(&rig);
    rig_put(&rig, insn_ecall());
    rig_put(&rig, insn_jal(0, -4));
    rig_put_at(&rig, S_HANDLER, insn_csrrs(10, SEPC, 0));
    rig_put(&rig, insn_addi(10, 10, 4));
    rig_put(&rig, insn_csrrw(0, SEPC, 10));
    rig_put(&rig, insn_sret());
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 6000);
    ck_assert_uint_eq(seen(&rig, CAUSE_ECALL_U)->count, 1000);
    ck_assert_uint_eq(seen(&rig, CAUSE_ECALL_U)->repeats, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_trap_within_a_handler_leaves_the_one_that_it_handles_alone)
{
    struct rig rig;

    open_hart(&rig);
    rig_set_csr(rig.hart, MEDELEG, 0);
    rig_put(&rig, insn_c_nop());
    rig_put(&rig, insn_sd(1, 2, 0));
    rig_put_at(&rig, M_HANDLER, insn_addi(2, 2, -16));
    rig_put(&rig, insn_sd(1, 2, 0)); /* the push of the handler, on the same bad stack */
    rig.hart->x[2] = 0x40000000;
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    rig_run(&rig, _i, 202);
    ck_assert_uint_eq(seen(&rig, CAUSE_STORE_ACCESS)->count, 1);
    ck_assert_uint_eq(seen(&rig, CAUSE_STORE_ACCESS)->pc, RIG_RAM + 2);
    ck_assert_uint_eq(nested(&rig, CAUSE_STORE_ACCESS)->count, 100);
    ck_assert_uint_eq(nested(&rig, CAUSE_STORE_ACCESS)->pc, M_HANDLER + 4);
    ck_assert_uint_eq(nested(&rig, CAUSE_STORE_ACCESS)->repeats, 0);
    rig_close(&rig);
}
END_TEST

START_TEST(a_fault_at_the_first_instruction_of_the_handler_is_marked)
{
    struct rig rig;

    open_hart(&rig);
    rig_set_csr(rig.hart, STVEC, 0);
    rig_put(&rig, insn_ecall());
    rig_enter(rig.hart, PRIV_U, RIG_RAM);
    rig_run(&rig, _i, 5);
    ck_assert_uint_eq(nested(&rig, CAUSE_FETCH_ACCESS)->pc, 0);
    ck_assert_uint_eq(nested(&rig, CAUSE_FETCH_ACCESS)->repeats, 3);
    ck_assert_uint_eq(rig.hart->witness.began[WITNESS_NESTED + CAUSE_FETCH_ACCESS], 1);
    rig_close(&rig);
}
END_TEST

START_TEST(what_was_written_to_stvec_and_satp_is_remembered_beside_what_was_kept)
{
    struct rig rig;

    open_hart(&rig);
    rig_put(&rig, insn_csrrw(0, STVEC, 10));
    rig_put(&rig, insn_csrrw(0, SATP, 11));
    rig.hart->x[10] = S_HANDLER + 2;
    rig.hart->x[11] = (u64)5 << 60 | 77;
    rig_run(&rig, _i, 2);
    ck_assert_uint_eq(rig.hart->witness.stvec.written, S_HANDLER + 2);
    ck_assert_uint_eq(rig.hart->witness.stvec.kept, S_HANDLER);
    ck_assert_uint_eq(rig.hart->witness.stvec.pc, RIG_RAM);
    ck_assert_uint_eq(rig.hart->witness.satp.written, (u64)5 << 60 | 77);
    ck_assert_uint_eq(rig.hart->witness.satp.kept, 0);
    ck_assert_uint_eq(rig.hart->witness.satp.pc, RIG_RAM + 4);
    rig_close(&rig);
}
END_TEST

START_TEST(the_last_return_is_remembered_and_a_reset_forgets_everything)
{
    struct rig rig;

    open_hart(&rig);
    rig_set_csr(rig.hart, MEPC, RIG_RAM + 0x40);
    rig_put(&rig, insn_mret());
    rig_run(&rig, _i, 1);
    ck_assert_uint_eq(rig.hart->edge.returned_from, RIG_RAM);
    ck_assert_uint_eq(rig.hart->edge.returned_to, PRIV_U);
    hart_reset(rig.hart, RIG_RAM);
    ck_assert_uint_eq(rig.hart->edge.returned_from, 0);
    ck_assert(!rig.hart->witness.mtvec.any);
    rig_close(&rig);
}
END_TEST

START_TEST(asking_for_a_walk_changes_nothing)
{
    struct walker walker;
    struct walk walk;
    struct rig rig;

    open_hart(&rig);
    rig_map(&rig, DATA, RIG_RAM + 0x5000, 0, PTE_R | PTE_W);
    rig_page(&rig);
    rig_set_csr(rig.hart, 0x30a, ENVCFG_ADUE);
    rig_enter(rig.hart, PRIV_S, RIG_RAM);
    walker = translate_walker(rig.hart, rig.hart->data);
    walk = page_walk(&walker, DATA + 8, ACCESS_STORE);
    ck_assert_uint_eq(walk.end, WALK_OK);
    ck_assert_uint_eq(walk.pa, RIG_RAM + 0x5008);
    ck_assert_uint_eq(rig_read(&rig, rig_pte(&rig, DATA, 0), 8) & (PTE_A | PTE_D), 0);
    ck_assert_uint_eq(rig.hart->witness.page[ACCESS_STORE].va, 0);
    rig_close(&rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_trap_is_remembered_with_where_it_came_from_and_where_it_went,
        an_interrupt_has_a_place_of_its_own,
        a_page_fault_keeps_its_walk,
        an_access_fault_says_who_refused,
        a_page_table_that_cannot_be_read_is_named_by_its_address,
        a_handler_that_returns_to_its_ecall_repeats,
        a_loop_of_system_calls_does_not_repeat,
        a_trap_within_a_handler_leaves_the_one_that_it_handles_alone,
        a_fault_at_the_first_instruction_of_the_handler_is_marked,
        what_was_written_to_stvec_and_satp_is_remembered_beside_what_was_kept,
        the_last_return_is_remembered_and_a_reset_forgets_everything,
        asking_for_a_walk_changes_nothing,
    };
    return SUITE_RUN("witness", tests, RIG_ENGINES);
}
