/* The machine's clock: exact when virtual, humble when live. */
#include "cpu/clock.h"

#include "tests/suite.h"

START_TEST(virtual_time_is_steps_divided_by_steps_per_tick)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 7);
    for (u64 steps = 0; steps < 100; steps++) {
        clock.slice_end = steps;
        ck_assert_uint_eq(clock_ticks(&clock), steps / 7);
    }
}
END_TEST

START_TEST(no_steps_per_tick_means_100)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 0);
    ck_assert_uint_eq(clock.steps_per_tick, 100);
}
END_TEST

START_TEST(a_slice_counts_to_the_very_step)
{
    struct clock clock;
    i64 left = 50;

    clock_init(&clock, CLOCK_VIRTUAL, 10);
    clock_begin(&clock, 50, &left);
    ck_assert_uint_eq(clock_steps(&clock), 0);
    left = 31;
    ck_assert_uint_eq(clock_steps(&clock), 19);
    ck_assert_uint_eq(clock_ticks(&clock), 1);
    left = 30;
    ck_assert_uint_eq(clock_ticks(&clock), 2);
    clock_end(&clock); /* early, with 30 left */
    ck_assert_uint_eq(clock_steps(&clock), 20);
    left = 5; /* no longer looked at */
    ck_assert_uint_eq(clock_steps(&clock), 20);
}
END_TEST

START_TEST(steps_until_a_tick_are_exact)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 7);
    for (u64 steps = 0; steps < 50; steps++) {
        for (u64 offset = 0; offset < 3; offset++) {
            clock.slice_end = steps;
            clock.offset = offset * 1000;
            for (u64 tick = clock_ticks(&clock) + 1; tick < clock_ticks(&clock) + 5; tick++) {
                u64 until = clock_steps_until(&clock, tick);
                struct clock then = clock;
                then.slice_end += until;
                ck_assert_uint_eq(clock_ticks(&then), tick);
                then.slice_end--;
                ck_assert_uint_eq(clock_ticks(&then), tick - 1);
            }
        }
    }
}
END_TEST

START_TEST(a_tick_that_has_passed_is_one_step_away)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 7);
    clock.slice_end = 100;
    ck_assert_uint_eq(clock_steps_until(&clock, 0), 1);
    ck_assert_uint_eq(clock_steps_until(&clock, clock_ticks(&clock)), 1);
}
END_TEST

START_TEST(the_end_of_time_does_not_overflow)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 100);
    ck_assert_uint_gt(clock_steps_until(&clock, CLOCK_NEVER), 1000000000000);
    ck_assert_uint_lt(clock_steps_until(&clock, CLOCK_NEVER), (u64)1 << 63);
    clock_set(&clock, CLOCK_NEVER - 1);
    ck_assert_uint_eq(clock_ticks(&clock), CLOCK_NEVER - 1);
    ck_assert_uint_eq(clock_steps_until(&clock, CLOCK_NEVER), 100);
}
END_TEST

START_TEST(setting_mtime_moves_it_both_ways)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 10);
    clock.slice_end = 1000;
    clock_set(&clock, 5000);
    ck_assert_uint_eq(clock_ticks(&clock), 5000);
    clock.slice_end += 10;
    ck_assert_uint_eq(clock_ticks(&clock), 5001);
    clock_set(&clock, 3);
    ck_assert_uint_eq(clock_ticks(&clock), 3);
}
END_TEST

START_TEST(skipping_goes_forward_only)
{
    struct clock clock;

    clock_init(&clock, CLOCK_VIRTUAL, 10);
    clock_skip_to(&clock, 70);
    ck_assert_uint_eq(clock_ticks(&clock), 70);
    clock_skip_to(&clock, 60);
    ck_assert_uint_eq(clock_ticks(&clock), 70);
    ck_assert_uint_eq(clock_steps(&clock), 0); /* nothing was executed */
}
END_TEST

static u64 host_ns(void *context)
{
    return *(const u64 *)context;
}

static void open_live(struct clock *clock, u64 *host)
{
    clock_init(clock, CLOCK_LIVE, 0);
    clock->host_ns = host_ns;
    clock->host_context = host;
}

START_TEST(live_time_follows_the_host)
{
    u64 host = 5000000;
    struct clock clock;
    i64 left = 1000000;

    open_live(&clock, &host);
    clock_begin(&clock, 1000000, &left);
    ck_assert_uint_eq(clock_ticks(&clock), 0);
    left -= 500000; /* has earned 25 ms */
    host += 1000000;
    ck_assert_uint_eq(clock_ticks(&clock), 1000000 / CLOCK_NS);
    clock_end(&clock);
    ck_assert_uint_eq(clock_ticks(&clock), 1000000 / CLOCK_NS);
}
END_TEST

START_TEST(a_suspended_host_gives_no_burst_of_time)
{
    u64 host = 5000000, earned = 1000 * 1000 / CLOCK_MIN_MIPS;
    struct clock clock;
    i64 left = 10000;

    open_live(&clock, &host);
    clock_begin(&clock, 10000, &left);
    left -= 1000;
    host += (u64)3600 * 1000000000;
    ck_assert_uint_eq(clock_ticks(&clock), earned / CLOCK_NS);
    clock_end(&clock);
    ck_assert_uint_eq(clock_ticks(&clock), earned / CLOCK_NS);
    left = 100000;
    clock_begin(&clock, 100000, &left); /* and the hour is forgotten */
    left -= 100000;
    host += 1000;
    ck_assert_uint_eq(clock_ticks(&clock), (earned + 1000) / CLOCK_NS);
}
END_TEST

START_TEST(time_slept_is_given_for_nothing)
{
    u64 host = 5000000;
    struct clock clock;
    i64 left = 10;

    open_live(&clock, &host);
    clock_begin(&clock, 10, &left);
    left = 0;
    clock_end(&clock);
    host += 20000000;
    clock_slept(&clock, 20000000);
    ck_assert_uint_eq(clock_ticks(&clock), 20000000 / CLOCK_NS);
}
END_TEST

START_TEST(a_sleep_that_a_busy_host_prolongs_gives_no_burst_of_time)
{
    u64 host = 5000000, given;
    struct clock clock;
    i64 left = 10;

    open_live(&clock, &host);
    clock_begin(&clock, 10, &left);
    clock_end(&clock);
    host += 4100000; /* a little late: the guest's clock shall not fall behind for that */
    clock_slept(&clock, 4000000);
    ck_assert_uint_eq(clock_ticks(&clock), 4100000 / CLOCK_NS);
    host += (u64)90 * 1000000000;
    clock_slept(&clock, 4000000);
    given = clock_ticks(&clock) * CLOCK_NS - 4100000;
    ck_assert_uint_ge(given, 4000000);
    ck_assert_uint_lt(given, 100000000);
    host += 1000000; /* and the 90 s are forgotten */
    clock_slept(&clock, 1000000);
    ck_assert_uint_eq(clock_ticks(&clock) * CLOCK_NS, 4100000 + given + 1000000);
}
END_TEST

START_TEST(after_a_restore_time_goes_on_though_nobody_runs)
{
    u64 host = 5000000;
    struct clock clock;

    open_live(&clock, &host);
    clock_restore(&clock, 1000, 777);
    ck_assert_uint_eq(clock_ticks(&clock), 777);
    ck_assert_uint_eq(clock_steps(&clock), 1000);
    host += 4000000;
    clock_slept(&clock, 4000000); /* from here on the host's clock counts */
    host += 4000000;
    clock_slept(&clock, 4000000);
    ck_assert_uint_eq(clock_ticks(&clock), 777 + 4000000 / CLOCK_NS);
}
END_TEST

START_TEST(live_time_never_goes_back)
{
    u64 host = 5000000, before = 0, random = 88172645463325252u;
    struct clock clock;

    open_live(&clock, &host);
    for (int i = 0; i < 1000; i++) {
        i64 left = 1 + (i64)(random % 100000);
        clock_begin(&clock, (u64)left, &left);
        for (int j = 0; j < 5; j++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            left -= (i64)(random % (u64)(left + 1));
            host += random >> 40;
            ck_assert_uint_ge(clock_ticks(&clock), before);
            before = clock_ticks(&clock);
        }
        clock_end(&clock);
        ck_assert_uint_ge(clock_ticks(&clock), before);
        before = clock_ticks(&clock);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {virtual_time_is_steps_divided_by_steps_per_tick,
                                  no_steps_per_tick_means_100,
                                  a_slice_counts_to_the_very_step,
                                  steps_until_a_tick_are_exact,
                                  a_tick_that_has_passed_is_one_step_away,
                                  the_end_of_time_does_not_overflow,
                                  setting_mtime_moves_it_both_ways,
                                  skipping_goes_forward_only,
                                  live_time_follows_the_host,
                                  a_suspended_host_gives_no_burst_of_time,
                                  time_slept_is_given_for_nothing,
                                  after_a_restore_time_goes_on_though_nobody_runs,
                                  live_time_never_goes_back,
                                  a_sleep_that_a_busy_host_prolongs_gives_no_burst_of_time};

    return SUITE_RUN("clock", tests, 1);
}
