/* Which bytes from a file a slot takes for its state (devices/virtio_restore.c and accepts() of the
 * functions), and what becomes of a device that was given any it takes. */
#include "devices/virtio_blk.h"
#include "devices/virtio_console.h"
#include "devices/virtio_input.h"
#include "tests/devices/gpu_driver.h"

#define ACCEPTS(rig) virtio_mmio_type.accepts(&(rig)->device, &(rig)->state, (rig)->device.bulk)

static const struct host_terminal nobody;
static const struct host_input no_input;

/* What is done to a good state of a disk; each alone makes it one that no disk can have. */
#define SPOIL(name, change)                                                                        \
    static void name(struct virtio_state *state)                                                   \
    {                                                                                              \
        change;                                                                                    \
    }
SPOIL(is_another, state->device_id = 4)
SPOIL(is_empty, state->device_id = 0)
SPOIL(shifts_far, state->page_shift = 32)
SPOIL(waits_beyond, state->waiting = 2)
SPOIL(is_half_ready, state->queues[0].ready = 2)
SPOIL(is_crooked, state->queues[0].num = 3)
SPOIL(has_nothing, state->queues[0].num = 0)
SPOIL(is_too_long, state->queues[0].num = 65536)
SPOIL(has_another_queue, state->queues[1] = state->queues[0])
SPOIL(aligns_crookedly, state->queue_align[0] = 6)
#undef SPOIL

START_TEST(a_state_that_no_slot_can_have_is_refused)
{
    static void (*const spoil[])(struct virtio_state *) = {
        is_another, is_empty,    shifts_far,  waits_beyond,      is_half_ready,
        is_crooked, has_nothing, is_too_long, has_another_queue, aligns_crookedly};
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    ck_assert(ACCEPTS(rig));
    struct virtio_state good = rig->state;
    for (unsigned i = 0; i < sizeof spoil / sizeof *spoil; i++) {
        rig->state = good;
        spoil[i](&rig->state);
        ck_assert_msg(!ACCEPTS(rig), "spoiled by function %u", i);
    }
    rig->state = good;
    ck_assert(ACCEPTS(rig));
    virtio_mmio_type.restored(&rig->device); /* a disk has nothing to show */
    ck_assert_int_eq(memcmp(&rig->state, &good, sizeof good), 0);
    rig_free(rig);
}
END_TEST

START_TEST(an_empty_slot_takes_an_empty_state)
{
    struct rig *rig = rig_new(NULL, NULL);

    ck_assert(ACCEPTS(rig));
    rig->state.device_id = 2;
    ck_assert(!ACCEPTS(rig));
    virtio_mmio_type.restored(&rig->device);
    rig_free(rig);
}
END_TEST

START_TEST(a_console_has_no_more_typed_than_it_holds)
{
    struct rig *rig = rig_new(&virtio_console_type, &nobody);
    struct virtio_console_state *state = virtio_function_state(&rig->device);

    start_driver(rig, ALL_FEATURES);
    state->typed_count = sizeof state->typed;
    ck_assert(ACCEPTS(rig));
    state->typed_count++;
    ck_assert(!ACCEPTS(rig));
    rig_free(rig);
}
END_TEST

/* A screen with two pictures, the first of which is shown. */
static struct rig *gpu_with_pictures(struct seen *seen)
{
    struct rig *rig = gpu_new(seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 1, FORMAT_BGRX, 8, 4);
    gpu_make(rig, 2, FORMAT_BGRX, 4, 4);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 0, 0, 8, 4, 0, 1), VIRTIO_GPU_OK_NODATA);
    return rig;
}

#define SPOIL(name, change)                                                                        \
    static void name(struct virtio_gpu_state *state, struct gpu_resource *one,                     \
                     struct gpu_resource *two)                                                     \
    {                                                                                              \
        (void)state;                                                                               \
        (void)one;                                                                                 \
        (void)two;                                                                                 \
        change;                                                                                    \
    }
SPOIL(shows_nobody, state->scanout = 7)
SPOIL(shows_beside_it, state->view.x = 1)
SPOIL(shows_nothing_of_it, state->view.width = 0)
SPOIL(pixels_begin_behind, one->pixels.first = GPU_PIXELS + 1)
SPOIL(pixels_end_behind, one->pixels.first = GPU_PIXELS - 31)
SPOIL(pieces_end_behind, two->pieces.first = GPU_PIECES)
SPOIL(pieces_are_too_many, two->pieces.count = UINT32_MAX)
SPOIL(has_no_width, one->width = 0)
SPOIL(is_larger_than_its_pixels, two->height = 5)
SPOIL(wraps_around, (one->width = 0x80000000, one->height = 2, one->pixels.count = 0))
SPOIL(has_no_format, two->format = 99)
SPOIL(is_free_and_has_pixels, (two->id = 0, two->pieces.count = 0))
SPOIL(is_free_and_has_pieces, (two->id = 0, two->pixels.count = 0))
SPOIL(pixels_are_the_others, two->pixels.first = one->pixels.first)
SPOIL(pieces_are_the_others, two->pieces.first = one->pieces.first)
#undef SPOIL

START_TEST(a_screen_takes_only_pictures_that_lie_in_its_memory_and_apart)
{
    static void (*const spoil[])(struct virtio_gpu_state *, struct gpu_resource *,
                                 struct gpu_resource *) = {
        shows_nobody,           shows_beside_it,       shows_nothing_of_it,
        pixels_begin_behind,    pixels_end_behind,     pieces_end_behind,
        pieces_are_too_many,    has_no_width,          is_larger_than_its_pixels,
        wraps_around,           has_no_format,         is_free_and_has_pixels,
        is_free_and_has_pieces, pixels_are_the_others, pieces_are_the_others};
    struct seen seen;
    struct rig *rig = gpu_with_pictures(&seen);
    struct gpu_memory *memory = gpu_memory(rig);
    struct virtio_gpu_state *state = virtio_function_state(&rig->device);
    struct virtio_gpu_state good = *state;
    struct gpu_resource *one = gpu_find(memory, 1), *two = gpu_find(memory, 2);
    struct gpu_resource good_one = *one, good_two = *two;

    ck_assert(ACCEPTS(rig));
    for (unsigned i = 0; i < sizeof spoil / sizeof *spoil; i++) {
        spoil[i](state, one, two);
        ck_assert_msg(!ACCEPTS(rig), "spoiled by function %u", i);
        *state = good;
        *one = good_one;
        *two = good_two;
    }
    state->scanout = 0; /* nothing is shown, wherever */
    state->view.x = 5000;
    ck_assert(ACCEPTS(rig));
    rig_free(rig);
}
END_TEST

START_TEST(a_screen_that_was_put_back_shows_its_picture)
{
    struct seen seen;
    struct rig *rig = gpu_with_pictures(&seen);

    seen.width = seen.height = 0;
    seen.draws = 0;
    virtio_mmio_type.restored(&rig->device);
    ck_assert_uint_eq(seen.width * 100 + seen.height, 804);
    ck_assert_uint_ge(seen.draws, 1);
    rig_free(rig);
}
END_TEST

/* The driver goes on after any state that was taken: it may hear nonsense, and nothing breaks. */
static void go_on(struct rig *rig, u64 *seed)
{
    for (unsigned i = 0; i < 60; i++) {
        u64 offset = roll(seed) % 0x120 & ~(u64)3;
        if (roll(seed) % 4)
            load(rig, SLOT + offset, 4);
        else
            store(rig, SLOT + offset, 4, roll(seed) % 3 ? roll(seed) % 8 : roll(seed));
        virtio_mmio_type.take(&rig->device);
        virtio_mmio_type.tick(&rig->device, i);
    }
}

START_TEST(whatever_is_accepted_can_go_on)
{
    static const struct virtio_type *const types[] = {&virtio_blk_type, &virtio_console_type,
                                                      &virtio_keyboard_type};
    static const void *const backends[] = {NULL, &nobody, &no_input};
    struct rig *rig = rig_new(types[_i], backends[_i]);
    u64 seed = 77 + (u64)_i;
    unsigned accepted = 0;

    start_driver(rig, ALL_FEATURES);
    struct virtio_state good = rig->state;
    for (unsigned i = 0; i < 20000; i++) {
        u32 *words = (u32 *)(void *)&rig->state;
        rig->state = good;
        for (unsigned left = 1 + roll(&seed) % 4; left; left--)
            words[roll(&seed) % (sizeof rig->state / 4)] =
                roll(&seed) % 2 ? (u32)roll(&seed) : (u32)roll(&seed) % 9;
        if (!ACCEPTS(rig))
            continue;
        accepted++;
        virtio_mmio_type.restored(&rig->device);
        go_on(rig, &seed);
    }
    ck_assert_uint_gt(accepted, 1000);
    ck_assert_uint_lt(accepted, 20000);
    rig_free(rig);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("virtio_restore");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 0);
    tcase_add_test(all, a_state_that_no_slot_can_have_is_refused);
    tcase_add_test(all, an_empty_slot_takes_an_empty_state);
    tcase_add_test(all, a_console_has_no_more_typed_than_it_holds);
    tcase_add_test(all, a_screen_takes_only_pictures_that_lie_in_its_memory_and_apart);
    tcase_add_test(all, a_screen_that_was_put_back_shows_its_picture);
    tcase_add_loop_test(all, whatever_is_accepted_can_go_on, 0, 3);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
