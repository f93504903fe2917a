/* msip, mtimecmp and mtime, whole and in halves. */
#include "devices/aclint.h"

#include "tests/devices/chip.h"

#define REGION_SIZE 0x10000u
#define MTIME       0xbff8u

static u64 mtimecmp_at(unsigned hart)
{
    return 0x4000 + 8 * (u64)hart;
}

static unsigned msip_wire(unsigned hart)
{
    return 2 * hart;
}

static unsigned mtip_wire(unsigned hart)
{
    return 2 * hart + 1;
}

START_TEST(msip_has_one_bit_and_drives_its_own_harts_wire)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 4);
    chip_write(&chip, 4 * 2, 4, UINT32_MAX);
    ck_assert_uint_eq(chip_read(&chip, 4 * 2, 4), 1);
    for (unsigned hart = 0; hart < 4; hart++)
        ck_assert_uint_eq(chip.level[msip_wire(hart)], hart == 2);
    chip_write(&chip, 4 * 2, 4, 0xfffffffe);
    ck_assert_uint_eq(chip_read(&chip, 4 * 2, 4), 0);
    ck_assert(!chip.level[msip_wire(2)]);
    chip_free(&chip);
}
END_TEST

START_TEST(eight_bytes_of_msip_are_two_harts)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 3);
    chip_write(&chip, 0, 8, UINT64_MAX);
    ck_assert_uint_eq(chip_read(&chip, 0, 8), 0x0000000100000001u);
    ck_assert(chip.level[msip_wire(0)] && chip.level[msip_wire(1)]);
    chip_write(&chip, 8, 8, UINT64_MAX); /* hart 3 does not exist */
    ck_assert_uint_eq(chip_read(&chip, 8, 8), 1);
    chip_write(&chip, 0, 4, 0);
    ck_assert_uint_eq(chip_read(&chip, 0, 8), 0x0000000100000000u);
    ck_assert(!chip.level[msip_wire(0)] && chip.level[msip_wire(1)]);
    chip_free(&chip);
}
END_TEST

START_TEST(reset_leaves_no_interrupt_and_no_deadline)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 2);
    ck_assert_uint_eq(chip_read(&chip, mtimecmp_at(0), 8), UINT64_MAX);
    ck_assert_uint_eq(chip_read(&chip, mtimecmp_at(1), 8), UINT64_MAX);
    ck_assert_uint_eq(chip_at(&chip, 12345), CLOCK_NEVER);
    chip_write(&chip, mtimecmp_at(0), 8, 5);
    chip_write(&chip, 0, 4, 1);
    ck_assert(chip.level[msip_wire(0)] && chip.level[mtip_wire(0)]);
    chip_reset(&chip);
    ck_assert(!chip.level[msip_wire(0)] && !chip.level[mtip_wire(0)]);
    chip_free(&chip);
}
END_TEST

START_TEST(timer_interrupts_from_the_very_tick_it_names)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 2);
    chip_write(&chip, mtimecmp_at(1), 8, 1000);
    ck_assert_uint_eq(chip_at(&chip, 0), 1000);
    ck_assert_uint_eq(chip_at(&chip, 999), 1000);
    ck_assert(!chip.level[mtip_wire(1)]);
    ck_assert_uint_eq(chip_at(&chip, 1000), CLOCK_NEVER);
    ck_assert(chip.level[mtip_wire(1)]);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_free(&chip);
}
END_TEST

START_TEST(writing_mtimecmp_raises_and_lowers_the_wire_at_once)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 1);
    clock_set(&chip.clock, 500);
    chip_write(&chip, mtimecmp_at(0), 8, 500);
    ck_assert(chip.level[mtip_wire(0)]);
    chip_write(&chip, mtimecmp_at(0), 8, 501);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_free(&chip);
}
END_TEST

START_TEST(writing_mtimecmp_in_halves_raises_no_spurious_interrupt)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 1);
    clock_set(&chip.clock, 0x500000000);
    chip_write(&chip, mtimecmp_at(0), 4, UINT32_MAX);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_write(&chip, mtimecmp_at(0) + 4, 4, 6);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_write(&chip, mtimecmp_at(0), 4, 0x1234);
    ck_assert(!chip.level[mtip_wire(0)]);
    ck_assert_uint_eq(chip_read(&chip, mtimecmp_at(0), 8), 0x600001234u);
    ck_assert_uint_eq(chip_read(&chip, mtimecmp_at(0), 4), 0x1234);
    ck_assert_uint_eq(chip_read(&chip, mtimecmp_at(0) + 4, 4), 6);
    ck_assert_uint_eq(chip_at(&chip, 0x600001233), 0x600001234u);
    chip_free(&chip);
}
END_TEST

START_TEST(times_are_compared_unsigned)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 1);
    clock_set(&chip.clock, 5);
    chip_write(&chip, mtimecmp_at(0), 8, (u64)1 << 63);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_at(&chip, (u64)1 << 63);
    ck_assert(chip.level[mtip_wire(0)]);
    chip_free(&chip);
}
END_TEST

START_TEST(tick_answers_the_earliest_deadline_still_ahead)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 3);
    chip_write(&chip, mtimecmp_at(0), 8, 300);
    chip_write(&chip, mtimecmp_at(1), 8, 100);
    chip_write(&chip, mtimecmp_at(2), 8, 200);
    ck_assert_uint_eq(chip_at(&chip, 50), 100);
    ck_assert_uint_eq(chip_at(&chip, 100), 200);
    ck_assert_uint_eq(chip_at(&chip, 250), 300);
    ck_assert_uint_eq(chip_at(&chip, 300), CLOCK_NEVER);
    chip_free(&chip);
}
END_TEST

START_TEST(mtime_can_be_written_whole_and_in_halves)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 1);
    chip_write(&chip, MTIME, 8, 0x123456789abcdef0);
    ck_assert_uint_eq(chip_read(&chip, MTIME, 8), 0x123456789abcdef0u);
    ck_assert_uint_eq(clock_ticks(&chip.clock), 0x123456789abcdef0u);
    ck_assert_uint_eq(chip_read(&chip, MTIME, 4), 0x9abcdef0u);
    ck_assert_uint_eq(chip_read(&chip, MTIME + 4, 4), 0x12345678u);
    chip_write(&chip, MTIME, 4, 0x11111111);
    ck_assert_uint_eq(chip_read(&chip, MTIME, 8), 0x1234567811111111u);
    chip_write(&chip, MTIME + 4, 4, 0x22222222);
    ck_assert_uint_eq(chip_read(&chip, MTIME, 8), 0x2222222211111111u);
    chip_free(&chip);
}
END_TEST

START_TEST(writing_mtime_moves_every_timer_interrupt_at_once)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 2);
    chip_write(&chip, mtimecmp_at(0), 8, 1000);
    chip_write(&chip, mtimecmp_at(1), 8, 2000);
    chip_write(&chip, MTIME, 8, 1500);
    ck_assert(chip.level[mtip_wire(0)]);
    ck_assert(!chip.level[mtip_wire(1)]);
    chip_write(&chip, MTIME, 8, 0);
    ck_assert(!chip.level[mtip_wire(0)]);
    chip_free(&chip);
}
END_TEST

START_TEST(registers_of_absent_harts_read_zero)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 2);
    for (u64 offset = 0; offset < REGION_SIZE; offset += 4) {
        bool exists = offset < 8 || (offset >= 0x4000 && offset < 0x4010) || offset == MTIME ||
                      offset == MTIME + 4;
        if (exists)
            continue;
        chip_write(&chip, offset, 4, UINT32_MAX);
        ck_assert_msg(chip_read(&chip, offset, 4) == 0, "offset %#x", (unsigned)offset);
    }
    ck_assert_uint_eq(clock_ticks(&chip.clock), 0);
    for (unsigned line = 0; line < CHIP_WIRES; line++)
        ck_assert(!chip.level[line]);
    chip_free(&chip);
}
END_TEST

START_TEST(the_last_of_sixty_four_harts_is_served)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 64);
    chip_write(&chip, 4 * 63, 4, 1);
    chip_write(&chip, mtimecmp_at(63), 8, 0);
    ck_assert(chip.level[126] && chip.level[127]);
    ck_assert_uint_eq(chip_read(&chip, 4 * 62, 8), 0x100000000u);
    ck_assert_uint_eq(chip_read(&chip, 4 * 64, 8), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    struct chip chip;

    chip_init(&chip, &aclint_type, 2);
    chip_touch_registers(&chip, REGION_SIZE);
    chip_reset(&chip);
    chip_storm(&chip, REGION_SIZE, NULL);
    chip_at(&chip, clock_ticks(&chip.clock));
    for (unsigned hart = 0; hart < 2; hart++)
        ck_assert_uint_eq(chip.level[mtip_wire(hart)],
                          clock_ticks(&chip.clock) >= chip_read(&chip, mtimecmp_at(hart), 8));
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {msip_has_one_bit_and_drives_its_own_harts_wire,
                                  eight_bytes_of_msip_are_two_harts,
                                  reset_leaves_no_interrupt_and_no_deadline,
                                  timer_interrupts_from_the_very_tick_it_names,
                                  writing_mtimecmp_raises_and_lowers_the_wire_at_once,
                                  writing_mtimecmp_in_halves_raises_no_spurious_interrupt,
                                  times_are_compared_unsigned,
                                  tick_answers_the_earliest_deadline_still_ahead,
                                  mtime_can_be_written_whole_and_in_halves,
                                  writing_mtime_moves_every_timer_interrupt_at_once,
                                  registers_of_absent_harts_read_zero,
                                  the_last_of_sixty_four_harts_is_served,
                                  random_accesses_do_no_harm};

    return chip_run("aclint", tests, sizeof tests / sizeof tests[0]);
}
