/* The test finisher: what it tells its listener, and that nothing else does. */
#include "devices/syscon.h"

#include "tests/devices/chip.h"

#define REGION_SIZE 0x1000u

struct heard {
    unsigned times;
    enum syscon_request request;
    u32 code;
};

static void hear(void *context, enum syscon_request request, u32 code)
{
    struct heard *heard = context;

    heard->times++;
    heard->request = request;
    heard->code = code;
}

/* What the listener heard of one write. */
static struct heard after(u64 offset, unsigned size, u64 value)
{
    struct heard heard = {.times = 0};
    struct syscon_listener listener = {.context = &heard, .stop = hear};
    struct chip chip;

    chip_init(&chip, &syscon_type, 1);
    chip.device.plugged = &listener;
    chip_write(&chip, offset, size, value);
    chip_free(&chip);
    return heard;
}

START_TEST(power_off_is_0x5555)
{
    struct heard heard = after(0, 4, 0x5555);

    ck_assert_uint_eq(heard.times, 1);
    ck_assert_uint_eq(heard.request, SYSCON_POWEROFF);
    ck_assert_uint_eq(heard.code, 0);
}
END_TEST

START_TEST(reset_is_0x7777)
{
    struct heard heard = after(0, 4, 0x7777);

    ck_assert_uint_eq(heard.times, 1);
    ck_assert_uint_eq(heard.request, SYSCON_RESET);
    ck_assert_uint_eq(heard.code, 0);
}
END_TEST

START_TEST(failure_carries_the_upper_half_as_its_code)
{
    struct heard heard = after(0, 4, 0xabcd3333);

    ck_assert_uint_eq(heard.times, 1);
    ck_assert_uint_eq(heard.request, SYSCON_FAILURE);
    ck_assert_uint_eq(heard.code, 0xabcd);
}
END_TEST

START_TEST(two_bytes_are_enough)
{
    ck_assert_uint_eq(after(0, 2, 0x5555).times, 1);
    ck_assert_uint_eq(after(0, 2, 0x3333).request, SYSCON_FAILURE);
    ck_assert_uint_eq(after(0, 2, 0x3333).code, 0);
}
END_TEST

START_TEST(other_values_and_other_offsets_do_nothing)
{
    ck_assert_uint_eq(after(0, 4, 0).times, 0);
    ck_assert_uint_eq(after(0, 4, 0x5554).times, 0);
    ck_assert_uint_eq(after(0, 4, 0x55550000).times, 0);
    ck_assert_uint_eq(after(2, 2, 0x5555).times, 0);
    ck_assert_uint_eq(after(4, 4, 0x5555).times, 0);
    ck_assert_uint_eq(after(0xffc, 4, 0x7777).times, 0);
}
END_TEST

START_TEST(with_nobody_plugged_in_nothing_happens)
{
    struct chip chip;

    chip_init(&chip, &syscon_type, 1);
    chip_write(&chip, 0, 4, 0x5555);
    ck_assert_uint_eq(chip_read(&chip, 0, 4), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    struct heard heard = {.times = 0};
    struct syscon_listener listener = {.context = &heard, .stop = hear};
    struct chip chip;

    chip_init(&chip, &syscon_type, 1);
    chip.device.plugged = &listener;
    chip_touch_registers(&chip, REGION_SIZE);
    chip_storm(&chip, REGION_SIZE, NULL);
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {power_off_is_0x5555,
                                  reset_is_0x7777,
                                  failure_carries_the_upper_half_as_its_code,
                                  two_bytes_are_enough,
                                  other_values_and_other_offsets_do_nothing,
                                  with_nobody_plugged_in_nothing_happens,
                                  random_accesses_do_no_harm};

    return chip_run("syscon", tests, sizeof tests / sizeof tests[0]);
}
