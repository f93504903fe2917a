/* The view `explain`: words, names, addresses; RV64 and (case 1) RV32. */
#include "frontend/view_explain.h"

#include "tests/frontend/paged_guest.h"
#include "tests/suite.h"

static const char *const isas[] = {"max", "max32"};
static struct paged_guest guest;

static void explain(int which, const char *what)
{
    guest_open(&guest, isas[which]);
    guest_show(&guest, view_explain, what);
}

START_TEST(an_instruction_is_drawn_bit_by_bit)
{
    explain(_i, "0xff010113");
    guest_check(&guest, "0xff010113 as an instruction: addi sp, sp, -16\n");
    guest_check(&guest, "  bits     111111110000 00010 000 00010 0010011\n");
    guest_check(&guest, "  row      ............ ..... 000 ..... 0010011");
    guest_check(&guest, "  operands rd = sp, rs1 = sp, imm = -16\n");
    guest_check(&guest, "  meaning  RD = (ix)(RS1 + IMM)\n");
    guest_check(&guest, "  from     i: base integer instructions\n");
    guest_check(&guest, "  manual   RV32I and RV64I Base Integer Instruction Sets\n");
    guest_close(&guest);
}
END_TEST

START_TEST(a_compressed_one_shows_its_own_bits_and_the_rows_meaning)
{
    explain(_i, "0x1141");
    guest_check(&guest, "0x1141 as an instruction: c.addi sp, -16\n");
    guest_check(&guest, "  bits     000 1 00010 10000 01\n");
    guest_check(&guest, "  meaning  RD = (ix)(RS1 + IMM)\n");
    guest_check(&guest, "  from     c: compressed instructions\n");
    guest_close(&guest);
}
END_TEST

START_TEST(a_control_register_is_shown_field_by_field)
{
    guest_open(&guest, isas[_i]);
    guest_poke(&guest, 0x300, (u64)1 << 11 | 1 << 3);
    guest_show(&guest, view_explain, "mstatus");
    guest_check(&guest,
                "mstatus is control register 0x300, for M-mode and above, read and written");
    guest_check(&guest, "  12..11  MPP                    0x1  the mode that the last trap");
    guest_check(&guest, "  3       MIE                    0x1  ");
    guest_show(&guest, view_explain, "cycle");
    guest_check(&guest, "for U-mode and above, read-only");
    guest_close(&guest);
}
END_TEST

START_TEST(names_of_instructions_and_extensions_are_known)
{
    explain(_i, "amoadd.w");
    guest_check(&guest, "amoadd.w rd, rs2, (rs1)\n");
    guest_check(&guest, "  manual   \"A\" Extension for Atomic Instructions\n");
    guest_show(&guest, view_explain, "zba");
    guest_check(&guest, "zba is the extension \"address generation\"; this processor has it.\n");
    guest_close(&guest);
}
END_TEST

START_TEST(an_address_is_named_by_symbol_device_register_or_page)
{
    struct symbols *symbols = symbols_create();

    symbols_add(symbols, "kmain", GUEST_BASE, 64, 0);
    symbols_sort(symbols);
    guest_open(&guest, isas[_i]);
    guest.view.symbols = symbols;
    guest_show(&guest, view_explain, "kmain");
    guest_check(&guest,
                "0x80000000 as an address:\n  named: kmain.\n  virtual: leads to 0x80000000 "
                "(ram).\n  physical: ram.\n");
    guest_show(&guest, view_explain, "0x10000005");
    guest_check(&guest, "  physical: the device uart (ns16550a), offset 0x5: ");
    guest_show(&guest, view_explain, "0x0c200004");
    guest_check(&guest, "the device plic (sifive,plic-1.0.0), offset 0x200004: claim[M0], 4 bytes");
    guest_close(&guest);
    symbols_destroy(symbols);
}
END_TEST

START_TEST(what_is_nothing_is_refused_with_a_sentence)
{
    explain(_i, "nonsense");
    ck_assert(guest.view.refused);
    ck_assert_str_eq(
        guest.view.why,
        "There is no control register, instruction, extension or symbol \"nonsense\".");
    guest.view.refused = false;
    guest_show(&guest, view_explain, "0x7777777777777777");
    ck_assert(guest.view.refused);
    guest.view.refused = false;
    guest.view.json = true;
    guest_show(&guest, view_explain, "0x1141");
    guest_check(&guest, "{\"what\": \"0x1141\", \"text\": \"0x1141 as an instruction");
    guest_close(&guest);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_instruction_is_drawn_bit_by_bit,
        a_compressed_one_shows_its_own_bits_and_the_rows_meaning,
        a_control_register_is_shown_field_by_field,
        names_of_instructions_and_extensions_are_known,
        an_address_is_named_by_symbol_device_register_or_page,
        what_is_nothing_is_refused_with_a_sentence,
    };
    return SUITE_RUN("view_explain", tests, 2);
}
