/* The boot ROM: its words, as an assembler gives them, and the note behind them. */
#include "loader/firmware.h"

#include "tests/loader/fixture.h"

/* By binutils, in the order of firmware.c's picture. */
static const u32 words_rv64[] = {0x00000297, 0xf1402573, 0x02828613,
                                 0x0202b583, 0x0182b283, 0x00028067};
static const u32 words_rv32[] = {0x00000297, 0xf1402573, 0x02828613,
                                 0x0202a583, 0x0182a283, 0x00028067};

static const struct handover handover = {
    .entry = 0x80000000, .tree = 0x87e00000, .next = 0x80200000};

static u64 load(const u8 *from, unsigned size)
{
    u64 value = 0;

    for (unsigned i = 0; i < size; i++)
        value |= (u64)from[i] << 8 * i;
    return value;
}

static void check_rom(unsigned xlen, const u32 *words)
{
    struct machine machine;
    unsigned width = xlen / 8;

    test_machine_create(&machine, xlen, MIB);
    firmware_write_rom(&machine, &handover);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(load(machine.rom + 4 * i, 4), words[i]);
    ck_assert_uint_eq(load(machine.rom + 0x18, 8), handover.entry);
    ck_assert_uint_eq(load(machine.rom + 0x20, 8), handover.tree);
    const u64 note[] = {0x4942534f, 2, handover.next, 1, 0, 0};
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(load(machine.rom + 0x28 + i * width, width), note[i]);
    test_machine_destroy(&machine);
}

START_TEST(the_rom_of_an_rv64_machine_loads_doublewords)
{
    check_rom(64, words_rv64);
}
END_TEST

START_TEST(the_rom_of_an_rv32_machine_loads_words)
{
    check_rom(32, words_rv32);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("firmware");
    TCase *all = tcase_create("all");

    tcase_add_test(all, the_rom_of_an_rv64_machine_loads_doublewords);
    tcase_add_test(all, the_rom_of_an_rv32_machine_loads_words);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
