/* The PLIC: gateways, priorities, claim and complete, and a model that recomputes every wire. */
#include "devices/plic.h"

#include "tests/devices/chip.h"

#define REGION_SIZE 0x600000u
#define HARTS       3u

static u64 priority_at(unsigned source)
{
    return 4 * (u64)source;
}

static u64 enable_at(unsigned context, unsigned word)
{
    return 0x2000 + 0x80 * (u64)context + 4 * (u64)word;
}

static u64 threshold_at(unsigned context)
{
    return 0x200000 + 0x1000 * (u64)context;
}

static u64 claim_at(unsigned context)
{
    return threshold_at(context) + 4;
}

static u32 in(struct chip *chip, u64 offset)
{
    return (u32)chip_read(chip, offset, 4);
}

static void out(struct chip *chip, u64 offset, u32 value)
{
    chip_write(chip, offset, 4, value);
}

static void set_line(struct chip *chip, int source, bool level)
{
    plic_set(&chip->device, source, level);
}

/* Gives the source a priority and enables it, with its word's neighbours, for the context. */
static void enable(struct chip *chip, unsigned context, unsigned source, u32 priority)
{
    u64 at = enable_at(context, source / 32);

    out(chip, priority_at(source), priority);
    out(chip, at, in(chip, at) | (u32)1 << source % 32);
}

static bool is_pending(struct chip *chip, unsigned source)
{
    return in(chip, 0x1000 + source / 32 * 4) >> source % 32 & 1;
}

START_TEST(a_high_line_is_claimed_once_and_served_until_complete)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 1, 10, 1);
    ck_assert(!chip.level[1]);
    set_line(&chip, 10, true);
    ck_assert(chip.level[1]);
    ck_assert(is_pending(&chip, 10));
    ck_assert_uint_eq(in(&chip, claim_at(1)), 10);
    ck_assert(!chip.level[1]);
    ck_assert(!is_pending(&chip, 10));
    ck_assert_uint_eq(in(&chip, claim_at(1)), 0);
    set_line(&chip, 10, false);
    out(&chip, claim_at(1), 10);
    ck_assert(!chip.level[1]);
    ck_assert_uint_eq(in(&chip, claim_at(1)), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(a_line_still_high_at_complete_is_pending_again)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 95, 3);
    set_line(&chip, 95, true);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 95);
    set_line(&chip, 95, false);
    set_line(&chip, 95, true); /* the gateway is closed: not pending yet */
    ck_assert(!is_pending(&chip, 95));
    ck_assert(!chip.level[0]);
    out(&chip, claim_at(0), 95);
    ck_assert(is_pending(&chip, 95));
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 95);
    chip_free(&chip);
}
END_TEST

START_TEST(a_forwarded_request_outlives_its_line)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    set_line(&chip, 7, true);
    set_line(&chip, 7, false);
    enable(&chip, 2, 7, 1);
    ck_assert(chip.level[2]);
    ck_assert_uint_eq(in(&chip, claim_at(2)), 7);
    out(&chip, claim_at(2), 7);
    ck_assert(!chip.level[2]);
    chip_free(&chip);
}
END_TEST

START_TEST(claim_takes_the_highest_priority_then_the_lowest_number)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 40, 5);
    enable(&chip, 0, 3, 4);
    enable(&chip, 0, 33, 5);
    enable(&chip, 0, 90, 7);
    set_line(&chip, 40, true);
    set_line(&chip, 3, true);
    set_line(&chip, 33, true);
    set_line(&chip, 90, true);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 90);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 33);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 40);
    ck_assert(chip.level[0]);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 3);
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(priority_zero_never_interrupts)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 5, 0);
    set_line(&chip, 5, true);
    ck_assert(is_pending(&chip, 5));
    ck_assert(!chip.level[0]);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 0);
    out(&chip, priority_at(5), 1);
    ck_assert(chip.level[0]);
    out(&chip, priority_at(5), 0);
    ck_assert(!chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(only_priorities_above_the_threshold_raise_the_wire)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 5, 3);
    set_line(&chip, 5, true);
    for (u32 threshold = 0; threshold <= 7; threshold++) {
        out(&chip, threshold_at(0), threshold);
        ck_assert_uint_eq(in(&chip, threshold_at(0)), threshold);
        ck_assert_uint_eq(chip.level[0], 3 > threshold);
    }
    /* Claiming is not held back. */
    ck_assert_uint_eq(in(&chip, claim_at(0)), 5);
    chip_free(&chip);
}
END_TEST

START_TEST(contexts_are_independent)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 1, 8, 1);
    enable(&chip, 3, 8, 1);
    out(&chip, threshold_at(3), 7);
    set_line(&chip, 8, true);
    ck_assert(chip.level[1]);
    ck_assert(!chip.level[3]);
    out(&chip, threshold_at(3), 0);
    ck_assert(chip.level[3]);
    ck_assert(!chip.level[0] && !chip.level[2] && !chip.level[4] && !chip.level[5]);
    ck_assert_uint_eq(in(&chip, claim_at(2)), 0);
    /* One context's claim takes the request away from the other. */
    ck_assert_uint_eq(in(&chip, claim_at(3)), 8);
    ck_assert(!chip.level[1]);
    chip_free(&chip);
}
END_TEST

START_TEST(complete_is_ignored_where_the_source_is_not_enabled)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 8, 1);
    set_line(&chip, 8, true);
    ck_assert_uint_eq(in(&chip, claim_at(0)), 8);
    out(&chip, claim_at(1), 8);
    out(&chip, claim_at(0), 0);
    out(&chip, claim_at(0), 9);
    out(&chip, claim_at(0), 96);
    out(&chip, claim_at(0), 0x80000008);
    out(&chip, claim_at(0), UINT32_MAX);
    ck_assert(!is_pending(&chip, 8));
    ck_assert(!chip.level[0]);
    out(&chip, claim_at(0), 8);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(complete_of_what_was_not_claimed_changes_nothing)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 8, 1);
    out(&chip, claim_at(0), 8);
    ck_assert(!chip.level[0]);
    set_line(&chip, 8, true);
    out(&chip, claim_at(0), 8);
    ck_assert(is_pending(&chip, 8));
    ck_assert_uint_eq(in(&chip, claim_at(0)), 8);
    chip_free(&chip);
}
END_TEST

START_TEST(disabling_a_source_lowers_the_wire_and_keeps_it_pending)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    enable(&chip, 0, 64, 1);
    set_line(&chip, 64, true);
    ck_assert(chip.level[0]);
    out(&chip, enable_at(0, 2), 0);
    ck_assert(!chip.level[0]);
    ck_assert(is_pending(&chip, 64));
    out(&chip, enable_at(0, 2), 1);
    ck_assert(chip.level[0]);
    chip_free(&chip);
}
END_TEST

START_TEST(reserved_bits_and_absent_registers_read_zero)
{
    static const u32 holes[] = {0x0, 0x180, 0xffc, 0x100c, 0x1ffc, 0x2000 + 12, 0x200008, 0x5ffffc};
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    for (unsigned i = 0; i < sizeof holes / sizeof holes[0]; i++) {
        out(&chip, holes[i], UINT32_MAX);
        ck_assert_msg(in(&chip, holes[i]) == 0, "offset %#x is not zero", holes[i]);
    }
    out(&chip, priority_at(1), UINT32_MAX);
    ck_assert_uint_eq(in(&chip, priority_at(1)), 7);
    out(&chip, enable_at(0, 0), UINT32_MAX);
    ck_assert_uint_eq(in(&chip, enable_at(0, 0)), UINT32_MAX - 1);
    out(&chip, threshold_at(0), UINT32_MAX);
    ck_assert_uint_eq(in(&chip, threshold_at(0)), 7);
    out(&chip, 0x1000, UINT32_MAX); /* pending is read-only */
    ck_assert_uint_eq(in(&chip, 0x1000), 0);
    chip_free(&chip);
}
END_TEST

START_TEST(contexts_of_absent_harts_read_zero)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    set_line(&chip, 1, true);
    out(&chip, priority_at(1), 7);
    for (unsigned context = 2 * HARTS; context < 0x400; context++) {
        if (enable_at(context, 0) < 0x200000) {
            out(&chip, enable_at(context, 0), UINT32_MAX);
            ck_assert_uint_eq(in(&chip, enable_at(context, 0)), 0);
        }
        out(&chip, threshold_at(context), 5);
        ck_assert_uint_eq(in(&chip, threshold_at(context)), 0);
        ck_assert_uint_eq(in(&chip, claim_at(context)), 0);
    }
    for (unsigned line = 0; line < CHIP_WIRES; line++)
        ck_assert(!chip.level[line]);
    chip_free(&chip);
}
END_TEST

START_TEST(the_last_of_128_contexts_works_and_reset_lowers_its_wire)
{
    struct chip chip;

    chip_init(&chip, &plic_type, 64);
    enable(&chip, 127, 31, 2);
    set_line(&chip, 31, true);
    ck_assert(chip.level[127]);
    chip_reset(&chip);
    ck_assert(!chip.level[127]);
    ck_assert(!is_pending(&chip, 31));
    chip_free(&chip);
}
END_TEST

/* What a wire should be, from nothing but what the registers show. */
static bool expected(struct chip *chip, unsigned context)
{
    for (unsigned source = 1; source < PLIC_SOURCES; source++) {
        if (is_pending(chip, source) &&
            (in(chip, enable_at(context, source / 32)) >> source % 32 & 1) &&
            in(chip, priority_at(source)) > in(chip, threshold_at(context)))
            return true;
    }
    return false;
}

static void act(struct chip *chip)
{
    u64 choice = chip_random(chip);
    unsigned context = (choice >> 8) % (2 * HARTS), source = 1 + (choice >> 16) % 95;

    switch (choice % 8) {
    case 0:
    case 1:
        set_line(chip, (int)source, choice >> 63);
        break;
    case 2:
        out(chip, priority_at(source), (u32)(choice >> 32));
        break;
    case 3:
        out(chip, threshold_at(context), (u32)(choice >> 32));
        break;
    case 4:
        out(chip, enable_at(context, source / 32), (u32)(choice >> 32));
        break;
    case 5:
        in(chip, claim_at(context));
        break;
    default:
        out(chip, claim_at(context), source);
        break;
    }
}

START_TEST(wires_always_agree_with_the_registers)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    for (unsigned i = 0; i < 20000; i++) {
        act(&chip);
        for (unsigned context = 0; context < 2 * HARTS; context++)
            ck_assert_msg(chip.level[context] == expected(&chip, context),
                          "context %u is wrong after %u actions", context, i + 1);
    }
    chip_free(&chip);
}
END_TEST

START_TEST(random_accesses_do_no_harm)
{
    struct chip chip;

    chip_init(&chip, &plic_type, HARTS);
    chip_touch_registers(&chip, REGION_SIZE);
    chip_reset(&chip);
    chip_storm(&chip, REGION_SIZE, act);
    for (unsigned context = 0; context < 2 * HARTS; context++)
        ck_assert_uint_eq(chip.level[context], expected(&chip, context));
    chip_free(&chip);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_high_line_is_claimed_once_and_served_until_complete,
                                  a_line_still_high_at_complete_is_pending_again,
                                  a_forwarded_request_outlives_its_line,
                                  claim_takes_the_highest_priority_then_the_lowest_number,
                                  priority_zero_never_interrupts,
                                  only_priorities_above_the_threshold_raise_the_wire,
                                  contexts_are_independent,
                                  complete_is_ignored_where_the_source_is_not_enabled,
                                  complete_of_what_was_not_claimed_changes_nothing,
                                  disabling_a_source_lowers_the_wire_and_keeps_it_pending,
                                  reserved_bits_and_absent_registers_read_zero,
                                  contexts_of_absent_harts_read_zero,
                                  the_last_of_128_contexts_works_and_reset_lowers_its_wire,
                                  wires_always_agree_with_the_registers,
                                  random_accesses_do_no_harm};

    return chip_run("plic", tests, sizeof tests / sizeof tests[0]);
}
