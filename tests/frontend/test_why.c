/* The view `why`, and what is said unasked. What it says of each classic mistake: tests/zoo. */
#include "frontend/why.h"

#include "tests/cpu/assemble.h"
#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

static const char *const isas[] = {"max", "max32"};
static struct paged_guest guest;

/* One instruction at GUEST_BASE, run in U-mode; page faults go to the handler in S-mode. */
static void run_one(int which, u32 insn)
{
    guest_open(&guest, isas[which]);
    guest_map(&guest, GUEST_BASE, GUEST_BASE, 0, GUEST_ALL | PTE_U);
    guest_write(&guest, GUEST_BASE, insn, 4);
    guest_poke(&guest, 0x302, 0xb1ff);
    guest_poke(&guest, 0x105, GUEST_BASE + 0x100);
    guest.hart->x[11] = 0x400008;
    guest.hart->privilege = PRIV_U;
    hart_mode_changed(guest.hart);
    machine_run(guest.machine, 1);
}

START_TEST(before_the_first_trap_there_is_nothing_to_say)
{
    guest_open(&guest, isas[_i]);
    guest_show(&guest, view_why);
    ck_assert_str_eq(guest.text, "Nothing has trapped since the reset.\n");
    guest_close(&guest);
}
END_TEST

START_TEST(a_fault_is_explained_from_the_instruction_to_the_handler)
{
    struct symbols *symbols = symbols_create();

    symbols_add(symbols, "reader", GUEST_BASE, 64, 0);
    symbols_add(symbols, "trap_entry", GUEST_BASE + 0x100, 64, 0);
    symbols_sort(symbols);
    run_one(_i, insn_lw(10, 11, 0));
    guest.view.symbols = symbols;
    guest_show(&guest, view_why);
    ck_assert_msg(!strncmp(guest.text,
                           "Nothing is mapped at 0x400008: the load of 0x400008 by `lw "
                           "a0, 0(a1)` at reader (0x80000000) in U-mode ended at the PTE "
                           "at 0x80080",
                           90),
                  "%s", guest.text);
    guest_check(&guest, "raised a load page fault for the load of 0x400008.");
    guest_check(&guest, _i ? "The Sv32 walk from the root table at 0x80080000 read 1 entry"
                           : "The Sv39 walk from the root table at 0x80080000 read 1 entry");
    guest_check(&guest, "to which medeleg bit 13 delegates it; the handler is at trap_entry");
    guest_check(&guest, "U-mode to S-mode  load page fault");
    guest_close(&guest);
    symbols_destroy(symbols);
}
END_TEST

START_TEST(an_illegal_word_is_named_by_what_it_lacks)
{
    run_one(_i, 0x02007053); /* fadd.d */
    guest_show(&guest, view_why);
    guest_check(&guest, "Floating point is off (mstatus.FS is 0): `fadd.d ft0, ft0, ft0`");
    guest_close(&guest);
    run_one(_i, 0);
    guest_show(&guest, view_why);
    guest_check(&guest, "There is no code at 0x80000000, only zeroes");
    guest_close(&guest);
    run_one(_i, 0xffffffff);
    guest_show(&guest, view_why);
    guest_check(&guest, "the word `0xffffffff` at 0x80000000 in U-mode is no instruction");
    guest_close(&guest);
    run_one(_i, insn_csrrs(10, 0x100, 0));
    guest_show(&guest, view_why);
    guest_check(&guest, "sstatus belongs to S-mode");
    guest_close(&guest);
    run_one(_i, insn_csrrs(10, 0xc00, 0));
    guest_show(&guest, view_why);
    guest_check(&guest, "cycle is closed to this mode by mcounteren or scounteren");
    guest_close(&guest);
}
END_TEST

START_TEST(an_ecall_is_nothing_wrong)
{
    run_one(_i, insn_ecall());
    guest_show(&guest, view_why);
    guest_check(&guest, "Nothing looks wrong; the last trap was an environment call from U-mode by "
                        "`ecall` at 0x80000000 in U-mode.\n");
    guest_close(&guest);
}
END_TEST

START_TEST(programs_get_the_same_as_json)
{
    run_one(_i, insn_lw(10, 11, 0));
    guest.view.json = true;
    guest_show(&guest, view_why);
    ck_assert_msg(!strncmp(guest.text, "{\"hart\": 0", 10), "%s", guest.text);
    guest_check(&guest, "\"cause\": \"Nothing is mapped at 0x400008");
    guest_check(&guest, "\"kind\": \"load page fault\"");
    guest_check(&guest, "\"tval\": \"0x400008\"");
    guest_close(&guest);
}
END_TEST

START_TEST(a_hang_is_told_in_two_lines)
{
    unsigned lines = 0;

    run_one(_i, insn_lw(10, 11, 0));
    guest_show(&guest, why_print_hang, HANG_TRAPPED);
    for (const char *c = guest.text; *c; c++)
        lines += *c == '\n';
    ck_assert_uint_eq(lines, 2);
    guest_check(&guest,
                "vitrine: The guest traps again and again and gets nowhere (hart 0, step 1)");
    guest_check(&guest, "\nvitrine: Nothing is mapped at 0x400008");
    guest_close(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        before_the_first_trap_there_is_nothing_to_say,
        a_fault_is_explained_from_the_instruction_to_the_handler,
        an_illegal_word_is_named_by_what_it_lacks,
        an_ecall_is_nothing_wrong,
        programs_get_the_same_as_json,
        a_hang_is_told_in_two_lines,
    };
    return SUITE_RUN("why", tests, 2);
}
