/* The time of day and its alarm. */
#include "devices/rtc.h"

#include "tests/devices/chip.h"

#define REGION_SIZE 0x1000u

enum {
    TIME_LOW = 0x00,
    TIME_HIGH = 0x04,
    ALARM_LOW = 0x08,
    ALARM_HIGH = 0x0c,
    IRQ_ENABLED = 0x10,
    CLEAR_ALARM = 0x14,
    ALARM_STATUS = 0x18,
    CLEAR_INTERRUPT = 0x1c,
};

static u32 in(struct chip *chip, u64 offset)
{
    return (u32)chip_read(chip, offset, 4);
}

static void out(struct chip *chip, u64 offset, u64 value)
{
    chip_write(chip, offset, 4, (u32)value);
}

static u64 read_time(struct chip *chip)
{
    u64 low = in(chip, TIME_LOW);

    return low | (u64)in(chip, TIME_HIGH) << 32;
}

static void set_alarm(struct chip *chip, u64 at_ns)
{
    out(chip, ALARM_HIGH, at_ns >> 32);
    out(chip, ALARM_LOW, at_ns);
}

static u64 fixed_time(void *context)
{
    return *(const u64 *)context;
}

START_TEST(time_starts_at_the_fixed_date_and_follows_the_guests_clock)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    ck_assert_uint_eq(read_time(&chip), RTC_FIXED_NS);
    clock_set(&chip.clock, 10000001);
    ck_assert_uint_eq(read_time(&chip), RTC_FIXED_NS + 1000000100);
    chip_free(&chip);
}
END_TEST

START_TEST(time_is_the_hosts_at_reset)
{
    u64 wall = 1234567890123456789u;
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    chip.host.context = &wall;
    chip.host.wall_ns = fixed_time;
    clock_set(&chip.clock, 777);
    chip_reset(&chip);
    ck_assert_uint_eq(read_time(&chip), 1234567890123456789u);
    wall += 5;
    clock_set(&chip.clock, 778);
    ck_assert_uint_eq(read_time(&chip), 1234567890123456789u + 100);
    chip_free(&chip);
}
END_TEST

START_TEST(reading_time_low_keeps_the_upper_half)
{
    struct chip chip;
    u32 high;

    chip_init(&chip, &rtc_type, 1);
    high = (u32)(RTC_FIXED_NS >> 32);
    ck_assert_uint_eq(in(&chip, TIME_HIGH), 0);
    in(&chip, TIME_LOW);
    clock_set(&chip.clock, ((u64)1 << 32) / CLOCK_NS + 1);
    ck_assert_uint_eq(in(&chip, TIME_HIGH), high);
    in(&chip, TIME_LOW);
    ck_assert_uint_eq(in(&chip, TIME_HIGH), high + 1);
    chip_free(&chip);
}
END_TEST

START_TEST(the_guest_can_set_the_time)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    out(&chip, TIME_HIGH, 0x11223344);
    out(&chip, TIME_LOW, 0x55667788);
    ck_assert_uint_eq(read_time(&chip), 0x1122334455667788u);
    clock_set(&chip.clock, 2);
    ck_assert_uint_eq(read_time(&chip), 0x1122334455667788u + 200);
    chip_free(&chip);
}
END_TEST

START_TEST(an_alarm_goes_off_once_at_its_time)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    out(&chip, IRQ_ENABLED, 1);
    set_alarm(&chip, RTC_FIXED_NS + 1001); /* not a whole number of ticks: the next one */
    ck_assert_uint_eq(in(&chip, ALARM_STATUS), 1);
    ck_assert_uint_eq(chip_at(&chip, 0), 11);
    ck_assert_uint_eq(chip_at(&chip, 10), 11);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(chip_at(&chip, 11), CLOCK_NEVER);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, ALARM_STATUS), 0);
    ck_assert_uint_eq(in(&chip, ALARM_LOW), (u32)(RTC_FIXED_NS + 1001));
    ck_assert_uint_eq(in(&chip, ALARM_HIGH), (RTC_FIXED_NS + 1001) >> 32);
    out(&chip, CLEAR_INTERRUPT, 1);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(chip_at(&chip, 1000), CLOCK_NEVER);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(an_alarm_in_the_past_goes_off_at_once)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    out(&chip, IRQ_ENABLED, 1);
    set_alarm(&chip, 5);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, ALARM_STATUS), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(the_line_is_high_only_while_enabled)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    set_alarm(&chip, 5);
    ck_assert(!chip.level[0]);
    out(&chip, IRQ_ENABLED, 0xffffffff);
    ck_assert_uint_eq(in(&chip, IRQ_ENABLED), 1);
    ck_assert(chip.level[0]);
    out(&chip, IRQ_ENABLED, 0);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(a_cleared_alarm_stays_silent)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    out(&chip, IRQ_ENABLED, 1);
    set_alarm(&chip, RTC_FIXED_NS + 1000);
    out(&chip, CLEAR_ALARM, 0);
    ck_assert_uint_eq(in(&chip, ALARM_STATUS), 0);
    ck_assert_uint_eq(chip_at(&chip, 100), CLOCK_NEVER);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(setting_the_time_past_the_alarm_sets_it_off)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    out(&chip, IRQ_ENABLED, 1);
    set_alarm(&chip, RTC_FIXED_NS + 1000000);
    ck_assert(!chip.level[0]);
    out(&chip, TIME_HIGH, (RTC_FIXED_NS >> 32) + 1);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(an_alarm_beyond_the_clocks_range_never_comes)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    set_alarm(&chip, UINT64_MAX);
    ck_assert_uint_gt(chip_at(&chip, 1000), 1000);
    clock_set(&chip.clock, CLOCK_NEVER - 5);
    set_alarm(&chip, read_time(&chip) + 100000);
    ck_assert_uint_eq(chip_at(&chip, CLOCK_NEVER - 5), CLOCK_NEVER);
    chip_free(&chip);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    struct chip chip;

    chip_init(&chip, &rtc_type, 1);
    chip_touch_registers(&chip, REGION_SIZE);
    chip_reset(&chip);
    chip_storm(&chip, REGION_SIZE, NULL);
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {time_starts_at_the_fixed_date_and_follows_the_guests_clock,
                                  time_is_the_hosts_at_reset,
                                  reading_time_low_keeps_the_upper_half,
                                  the_guest_can_set_the_time,
                                  an_alarm_goes_off_once_at_its_time,
                                  an_alarm_in_the_past_goes_off_at_once,
                                  the_line_is_high_only_while_enabled,
                                  a_cleared_alarm_stays_silent,
                                  setting_the_time_past_the_alarm_sets_it_off,
                                  an_alarm_beyond_the_clocks_range_never_comes,
                                  random_accesses_do_no_harm};

    return chip_run("rtc", tests, sizeof tests / sizeof tests[0]);
}
