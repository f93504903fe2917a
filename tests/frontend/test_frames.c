/* The ring of frames (frontend/frames.c): in order, whole, and bounded. */
#include "frontend/frames.h"
#include "tests/suite.h"

#include <string.h>

#define CAPACITY 100u

static void add(struct frames *frames, u8 seed, size_t size)
{
    u8 bytes[CAPACITY];

    for (size_t i = 0; i < size; i++)
        bytes[i] = (u8)(seed + i);
    ck_assert_msg(frames_add(frames, bytes, size), "frame %u of %zu bytes is lost", seed, size);
}

static void expect(struct frames *frames, u8 seed, size_t size)
{
    size_t found = 0;
    const u8 *bytes = frames_first(frames, &found);

    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(found, size);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_eq(bytes[i], (u8)(seed + i));
    frames_drop(frames);
}

START_TEST(frames_come_out_as_they_went_in)
{
    struct frames frames;
    size_t size;

    ck_assert(frames_init(&frames, CAPACITY));
    ck_assert_ptr_null(frames_first(&frames, &size));
    frames_drop(&frames); /* nothing to drop */
    add(&frames, 1, 10);
    add(&frames, 50, 20);
    ck_assert_uint_eq(frames_used(&frames), 38);
    expect(&frames, 1, 10);
    expect(&frames, 50, 20);
    ck_assert_ptr_null(frames_first(&frames, &size));
    ck_assert_uint_eq(frames_used(&frames), 0);
    frames_release(&frames);
}
END_TEST

START_TEST(what_does_not_fit_is_lost_and_changes_nothing)
{
    struct frames frames;
    u8 bytes[CAPACITY] = {0};

    ck_assert(frames_init(&frames, CAPACITY));
    ck_assert(!frames_add(&frames, bytes, CAPACITY - 3));
    add(&frames, 1, CAPACITY - 4); /* exactly */
    ck_assert(!frames_add(&frames, bytes, 1));
    expect(&frames, 1, CAPACITY - 4);
    add(&frames, 2, 40);
    add(&frames, 3, 40);
    ck_assert(!frames_add(&frames, bytes, 9));
    expect(&frames, 2, 40);
    add(&frames, 4, 40); /* round the end, exactly */
    ck_assert(!frames_add(&frames, bytes, 1));
    expect(&frames, 3, 40);
    expect(&frames, 4, 40);
    frames_release(&frames);
}
END_TEST

/* Every way of going round: sizes that share no factor with the capacity, against a simple count of
 * which frame must come next. */
START_TEST(ring_goes_round_for_ever)
{
    struct frames frames;
    unsigned in = 0, out = 0, lost = 0;
    size_t sizes[256];
    u8 seeds[256];

    ck_assert(frames_init(&frames, CAPACITY));
    for (unsigned i = 0; i < 20000; i++) {
        size_t size = 1 + i * 7 % 43;
        u8 bytes[CAPACITY];

        for (size_t j = 0; j < size; j++)
            bytes[j] = (u8)(i + j);
        if (frames_add(&frames, bytes, size)) {
            sizes[in % 256] = size;
            seeds[in++ % 256] = (u8)i;
        } else {
            lost++;
        }
        while (out < in && (frames_used(&frames) > 60 || i % 5 == 0)) {
            expect(&frames, seeds[out % 256], sizes[out % 256]);
            out++;
        }
    }
    ck_assert_uint_gt(out, 10000);
    ck_assert_uint_lt(lost, 9000);
    frames_release(&frames);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        frames_come_out_as_they_went_in,
        what_does_not_fit_is_lost_and_changes_nothing,
        ring_goes_round_for_ever,
    };
    return SUITE_RUN("frames", tests, 1);
}
