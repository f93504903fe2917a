/* The virtio source of entropy (devices/virtio_rng.c). */
#include "devices/virtio_rng.h"
#include "tests/devices/virtio_driver.h"

static const u64 seed_one = 1, seed_two = 2;

/* Asks for so many bytes at DATA, in two pieces; returns how many came. */
static u32 ask(struct rig *rig, u32 size)
{
    u16 before = used_index(rig);
    u32 first = size / 3;

    describe(rig, DESC, 0, DATA, first, VIRTQUEUE_NEXT | VIRTQUEUE_WRITE, 1);
    describe(rig, DESC, 1, DATA + first, size - first, VIRTQUEUE_WRITE, 0);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), (u16)(before + 1));
    return used_length(rig, before);
}

START_TEST(same_seed_gives_the_same_numbers_and_another_gives_others)
{
    struct rig *a = rig_new(&virtio_rng_type, &seed_one);
    struct rig *b = rig_new(&virtio_rng_type, &seed_one);
    struct rig *c = rig_new(&virtio_rng_type, &seed_two);

    start_driver(a, ALL_FEATURES);
    start_driver(b, ALL_FEATURES);
    start_driver(c, ALL_FEATURES);
    ck_assert_uint_eq(ask(a, 64), 64);
    ck_assert_uint_eq(ask(b, 64), 64);
    ck_assert_uint_eq(ask(c, 64), 64);
    ck_assert_mem_eq(ram_host(&a->ram, DATA), ram_host(&b->ram, DATA), 64);
    ck_assert_mem_ne(ram_host(&a->ram, DATA), ram_host(&c->ram, DATA), 64);
    rig_free(a);
    rig_free(b);
    rig_free(c);
}
END_TEST

/* The published first output of SplitMix64 with seed 0. */
START_TEST(generator_is_splitmix64)
{
    static const u64 zero = 0;
    struct rig *rig = rig_new(&virtio_rng_type, &zero);

    start_driver(rig, 0);
    describe(rig, DESC, 0, DATA, 8, VIRTQUEUE_WRITE, 0);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(load(rig, DATA, 8), 0xe220a8397b1dcdaf);
    rig_free(rig);
}
END_TEST

START_TEST(driver_reset_does_not_repeat_numbers_and_power_on_does)
{
    struct rig *rig = rig_new(&virtio_rng_type, &seed_one);

    start_driver(rig, ALL_FEATURES);
    ask(rig, 24);
    u64 first = load(rig, DATA, 8);
    start_driver(rig, ALL_FEATURES);
    ask(rig, 24);
    ck_assert_uint_ne(load(rig, DATA, 8), first);
    virtio_mmio_type.reset(&rig->device);
    start_driver(rig, ALL_FEATURES);
    ask(rig, 24);
    ck_assert_uint_eq(load(rig, DATA, 8), first);
    rig_free(rig);
}
END_TEST

static void host_random(void *context, void *to, size_t size)
{
    *(size_t *)context += size;
    memset(to, 0x5a, size);
}

START_TEST(host_that_offers_random_numbers_is_asked)
{
    struct rig *rig = rig_new(&virtio_rng_type, &seed_one);
    size_t asked = 0;

    rig->host = (struct host){.context = &asked, .random = host_random};
    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(ask(rig, 100), 100);
    ck_assert_uint_eq(asked, 100);
    ck_assert_uint_eq(load(rig, DATA + 99, 1), 0x5a);
    ck_assert_uint_eq(load(rig, DATA + 100, 1), 0);
    rig_free(rig);
}
END_TEST

START_TEST(large_request_is_given_a_part)
{
    struct rig *rig = rig_new(&virtio_rng_type, &seed_one);

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(ask(rig, 3 * VIRTIO_RNG_MOST), VIRTIO_RNG_MOST);
    ck_assert_uint_eq(load(rig, DATA + VIRTIO_RNG_MOST, 8), 0);
    rig_free(rig);
}
END_TEST

START_TEST(request_with_something_to_read_or_nothing_to_write_makes_no_sense)
{
    struct rig *rig = rig_new(&virtio_rng_type, &seed_one);

    for (unsigned readable = 0; readable < 2; readable++) {
        start_driver(rig, ALL_FEATURES);
        describe(rig, DESC, 0, DATA, 8 * readable, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC, 1, DATA, 8 * readable, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        ck_assert_uint_eq(used_index(rig), 0);
        ck_assert_uint_ne(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
        ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    }
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        same_seed_gives_the_same_numbers_and_another_gives_others,
        generator_is_splitmix64,
        driver_reset_does_not_repeat_numbers_and_power_on_does,
        host_that_offers_random_numbers_is_asked,
        large_request_is_given_a_part,
        request_with_something_to_read_or_nothing_to_write_makes_no_sense,
    };
    return run_suite("virtio_rng", tests, sizeof tests / sizeof *tests);
}
