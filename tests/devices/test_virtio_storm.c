/* Virtio in two storms: random registers and random queue contents, from fixed seeds. Whatever
 * happens, the device answers within bounds, stays inside RAM, and works again after a reset. */
#include "devices/virtio_blk.h"
#include "devices/virtio_rng.h"
#include "tests/devices/virtio_driver.h"

static u64 pick(u64 *seed, const u64 *from, size_t count)
{
    return from[roll(seed) % count];
}

static u64 random_value(u64 *seed)
{
    static const u64 likely_values[] = {0,
                                        1,
                                        2,
                                        3,
                                        4,
                                        7,
                                        8,
                                        15,
                                        16,
                                        64,
                                        256,
                                        512,
                                        65535,
                                        UINT32_MAX,
                                        UINT64_MAX,
                                        0x80000000,
                                        DESC,
                                        AVAIL,
                                        USED,
                                        TABLE,
                                        DATA,
                                        HEADER,
                                        RAM_END - 64,
                                        RAM_END - 1,
                                        RAM_END,
                                        SLOT};

    return roll(seed) % 4 ? pick(seed, likely_values, sizeof likely_values / 8) : roll(seed);
}

static void storm_registers(const struct virtio_type *type, u64 seed)
{
    struct rig *rig = rig_new(type, type == &virtio_rng_type ? &seed : NULL);

    for (unsigned i = 0; i < 100000; i++) {
        unsigned size = 1u << roll(&seed) % 4;
        u64 offset = roll(&seed) % 8 ? roll(&seed) % 0x120 & ~(u64)3 : roll(&seed) % 0xff8;
        if (roll(&seed) % 2)
            size = 4;
        if (roll(&seed) % 4 == 0)
            load(rig, SLOT + offset, size);
        else
            store(rig, SLOT + offset, size, random_value(&seed));
        virtio_mmio_type.tick(&rig->device, i);
        if (rig->level != (rig->state.interrupt != 0))
            ck_abort_msg("step %u: line %d", i, rig->level);
        if (type && i % 512 == 0)
            start_driver(rig, random_value(&seed));
    }
    if (type)
        start_driver(rig, ALL_FEATURES);
    rig_free(rig);
}

START_TEST(storm_of_registers_leaves_the_device_alive)
{
    storm_registers(NULL, 11);
    storm_registers(&virtio_blk_type, 12);
    storm_registers(&virtio_rng_type, 13);
}
END_TEST

/* A good request, three times out of four with a few random entries over it. */
static void scribble(struct rig *rig, u64 *seed)
{
    static const u64 addresses[] = {DATA,        DATA + 4096, HEADER,       STATUS, DESC,
                                    AVAIL,       USED,        TABLE,        SLOT,   0,
                                    RAM_END - 1, RAM_END,     RAM_END - 512};
    static const u64 sizes[] = {0, 1, 15, 16, 16, 48, 64, 512, 512, 513, 4096, UINT32_MAX};
    static const u64 flags[] = {0, 1, 1, 1, 2, 3, 3, 3, 4, 5, 6, 7, 0xffff};
    static const u64 types[] = {0, 0, 1, 1, 4, 8, 9, UINT32_MAX};
    paddr table = roll(seed) % 3 ? DESC : TABLE;
    bool is_disk = rig->device.function == &virtio_blk_type;
    u64 changes = roll(seed) % 4;

    describe_disk(rig, TABLE, 0, 0, 512, roll(seed) % 2 ? VIRTQUEUE_WRITE : 0);
    describe_disk(rig, DESC, 0, 0, 512, roll(seed) % 2 ? VIRTQUEUE_WRITE : 0);
    describe(rig, DESC, 3, DATA, 512, VIRTQUEUE_WRITE, 0);
    describe(rig, DESC, 4, TABLE, 48, VIRTQUEUE_INDIRECT, 0);
    for (u64 i = 0; i < changes; i++)
        describe(rig, table, (u32)(roll(seed) % QUEUE_SIZE),
                 roll(seed) % 16 ? pick(seed, addresses, sizeof addresses / 8) : roll(seed),
                 (u32)pick(seed, sizes, sizeof sizes / 8), (u32)pick(seed, flags, sizeof flags / 8),
                 (u32)(roll(seed) % (QUEUE_SIZE + 1)));
    store(rig, HEADER, 8, pick(seed, types, sizeof types / 8));
    store(rig, HEADER + 8, 8, roll(seed) % 8 ? roll(seed) % SECTORS : roll(seed));
    rig->published = (u16)load(rig, AVAIL + 2, 2); /* the device may have written there */
    u64 head = is_disk ? roll(seed) % 2 * 4 : 3;
    publish(rig, (u16)(roll(seed) % 32 ? head : roll(seed)));
}

static void storm_queue(const struct virtio_type *type, u64 seed)
{
    struct rig *rig = rig_new(type, type == &virtio_rng_type ? &seed : NULL);
    unsigned answered = 0;

    start_driver(rig, ALL_FEATURES);
    for (unsigned i = 0; i < 100000; i++) {
        scribble(rig, &seed);
        u16 before = rig->state.queues[0].next_used;
        notify_queue(rig);
        virtio_mmio_type.tick(&rig->device, i);
        u16 given = (u16)(rig->state.queues[0].next_used - before);
        if (given > 2 * QUEUE_SIZE)
            ck_abort_msg("step %u: %u given back", i, given);
        answered += given;
        if (get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET)
            start_driver(rig, roll(&seed) % 4 ? ALL_FEATURES : 0);
        else
            set(rig, VIRTIO_INTERRUPT_ACK, 3);
    }
    ck_assert_uint_gt(answered, 20000); /* or the storm tests nothing but refusals */
    rig_free(rig);
}

START_TEST(storm_of_queue_contents_leaves_the_device_alive)
{
    storm_queue(&virtio_blk_type, 21);
    storm_queue(&virtio_rng_type, 22);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        storm_of_registers_leaves_the_device_alive,
        storm_of_queue_contents_leaves_the_device_alive,
    };
    return run_suite("virtio_storm", tests, sizeof tests / sizeof *tests);
}
