/* The virtio-mmio transport: registers, status, features, interrupt (devices/virtio.c). What a
 * hostile driver may try is in test_virtio_hostile.c. */
#include "devices/virtio_blk.h"
#include "devices/virtio_rng.h"
#include "tests/devices/virtio_driver.h"

START_TEST(empty_slot_is_magic_version_and_zeroes)
{
    struct rig *rig = rig_new(NULL, NULL);

    for (u32 offset = 0; offset < 0x1000; offset += 4) {
        u32 wanted = offset == 0 ? 0x74726976 : offset == 4 ? 2 : 0;
        ck_assert_uint_eq(get(rig, offset), wanted);
        set(rig, offset, UINT32_MAX);
    }
    for (u32 offset = 0; offset < 0x1000; offset += 4)
        ck_assert_uint_eq(get(rig, offset), offset == 0 ? 0x74726976 : offset == 4 ? 2 : 0);
    ck_assert(!rig->level);
    ck_assert_uint_eq(virtio_mmio_type.tick(&rig->device, 5), CLOCK_NEVER);
    rig_free(rig);
}
END_TEST

START_TEST(plugged_slot_says_what_it_is)
{
    struct rig *disk = rig_new(&virtio_blk_type, NULL);
    u64 seed = 1;
    struct rig *rng = rig_new(&virtio_rng_type, &seed);

    ck_assert_uint_eq(get(disk, VIRTIO_DEVICE_ID), 2);
    ck_assert_uint_eq(get(rng, VIRTIO_DEVICE_ID), 4);
    ck_assert_uint_eq(get(disk, VIRTIO_VENDOR_ID), 0x554d4551);
    ck_assert_uint_eq(get(disk, VIRTIO_QUEUE_NUM_MAX), 256);
    ck_assert_uint_eq(get(disk, VIRTIO_SHM_LEN_LOW), UINT32_MAX);
    ck_assert_uint_eq(get(disk, VIRTIO_SHM_LEN_HIGH), UINT32_MAX);
    ck_assert_uint_eq(offered(disk), (u64)1 << 32 | 1 << 29 | 1 << 28 | 1 << 14 | 1 << 13 | 1 << 9 |
                                         1 << 6 | 1 << 2);
    ck_assert_uint_eq(offered(rng), (u64)1 << 32 | 1 << 29 | 1 << 28);
    set(disk, VIRTIO_DEVICE_FEATURES_SEL, 2);
    ck_assert_uint_eq(get(disk, VIRTIO_DEVICE_FEATURES), 0);
    ck_assert_uint_eq(disk->state.device_id, 2);
    rig_free(disk);
    rig_free(rng);
}
END_TEST

/* Every register of the table reads as its access says, and nothing else answers. */
START_TEST(register_table_covers_what_answers)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    for (u32 offset = 0; offset < VIRTIO_CONFIG; offset += 4) {
        const struct reg_info *reg = virtio_mmio_type.regs;
        while (reg->name && reg->offset != offset)
            reg++;
        if (reg->name)
            ck_assert_uint_eq(reg->width, 4);
        if (!reg->name || !(reg->access & REG_R))
            ck_assert_msg(get(rig, offset) == 0, "%#x reads as %#x", offset, get(rig, offset));
    }
    rig_free(rig);
}
END_TEST

START_TEST(registers_answer_to_four_bytes_only)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    for (unsigned size = 1; size <= 8; size *= 2) {
        ck_assert_uint_eq(load(rig, SLOT, size), size == 4 ? 0x74726976 : 0);
        store(rig, SLOT + VIRTIO_STATUS, size, VIRTIO_ACKNOWLEDGE);
        ck_assert_uint_eq(get(rig, VIRTIO_STATUS), size == 4 ? VIRTIO_ACKNOWLEDGE : 0);
        set(rig, VIRTIO_STATUS, 0);
    }
    ck_assert_uint_eq(load(rig, SLOT + 2, 4), 0);
    rig_free(rig);
}
END_TEST

START_TEST(features_ok_is_granted_without_version_1)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    set(rig, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
    accept_features(rig, VIRTIO_BLK_F_FLUSH);
    set(rig, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK);
    /* xv6 negotiates the low 32 bits only, and is understood. */
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS),
                      VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK);
    rig_free(rig);
}
END_TEST

START_TEST(features_ok_is_refused_for_what_was_not_offered)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    for (unsigned bit = 0; bit < 64; bit++) {
        u64 offer = offered(rig);
        set(rig, VIRTIO_STATUS, 0);
        accept_features(rig, VIRTIO_F_VERSION_1 | (u64)1 << bit);
        set(rig, VIRTIO_STATUS, VIRTIO_FEATURES_OK);
        ck_assert_uint_eq(get(rig, VIRTIO_STATUS), offer >> bit & 1 ? VIRTIO_FEATURES_OK : 0);
    }
    rig_free(rig);
}
END_TEST

START_TEST(features_are_final_once_they_are_ok)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, 0);
    accept_features(rig, VIRTIO_F_VERSION_1 | VIRTIO_BLK_F_FLUSH);
    ck_assert_uint_eq(rig->state.driver_features, VIRTIO_F_VERSION_1);
    rig_free(rig);
}
END_TEST

START_TEST(queue_that_does_not_exist_has_no_entries_and_ignores_writes)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    static const u32 selections[] = {1, 3, 4, 5, 65535, UINT32_MAX};

    for (size_t i = 0; i < sizeof selections / sizeof *selections; i++) {
        struct virtio_state before = rig->state;
        set(rig, VIRTIO_QUEUE_SEL, selections[i]);
        ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_NUM_MAX), 0);
        ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_READY), 0);
        for (u32 offset = VIRTIO_QUEUE_NUM; offset < VIRTIO_QUEUE_NOTIFY; offset += 4)
            set(rig, offset, 1);
        for (u32 offset = VIRTIO_QUEUE_DESC_LOW; offset <= VIRTIO_QUEUE_USED_HIGH; offset += 4)
            set(rig, offset, 0x1000);
        ck_assert_mem_eq(before.queues, rig->state.queues, sizeof before.queues);
    }
    rig_free(rig);
}
END_TEST

START_TEST(notification_before_driver_ok_does_nothing)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    set(rig, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
    accept_features(rig, VIRTIO_F_VERSION_1);
    set(rig, VIRTIO_STATUS, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER | VIRTIO_FEATURES_OK);
    set_queue(rig, QUEUE_SIZE, DESC, AVAIL, USED);
    describe_disk(rig, DESC, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), 0);
    ck_assert_uint_eq(rig->reads, 0);
    rig_free(rig);
}
END_TEST

START_TEST(line_follows_interrupt_status_and_ack_clears_bits)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, 0);
    ck_assert(!rig->level);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    ck_assert(rig->level);
    virtio_config_changed(&rig->device);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), 3);
    set(rig, VIRTIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    ck_assert(rig->level);
    set(rig, VIRTIO_INTERRUPT_ACK, UINT32_MAX);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), 0);
    ck_assert(!rig->level);
    rig_free(rig);
}
END_TEST

START_TEST(several_requests_are_one_interrupt_where_event_index_says)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    describe_disk(rig, DESC, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    store(rig, AVAIL + 4 + 2 * QUEUE_SIZE, 2, 2); /* when the third is done */
    publish(rig, 0);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), 2);
    ck_assert(!rig->level);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), 3);
    ck_assert(rig->level);
    rig_free(rig);
}
END_TEST

START_TEST(config_generation_changes_with_the_configuration)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    u32 before = get(rig, VIRTIO_CONFIG_GENERATION);

    virtio_config_changed(&rig->device);
    ck_assert_uint_ne(get(rig, VIRTIO_CONFIG_GENERATION), before);
    ck_assert_msg(!rig->level, "an interrupt before DRIVER_OK");
    set(rig, VIRTIO_STATUS, 0);
    ck_assert_uint_ne(get(rig, VIRTIO_CONFIG_GENERATION), before);
    rig_free(rig);
}
END_TEST

START_TEST(reset_lowers_the_line_and_forgets_queues_and_features)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    disk_request(rig, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    ck_assert(rig->level);
    set(rig, VIRTIO_STATUS, 0);
    ck_assert(!rig->level);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), 0);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), 0);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_READY), 0);
    ck_assert_uint_eq(rig->state.driver_features, 0);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), 1);
    rig_free(rig);
}
END_TEST

START_TEST(restored_copy_of_the_state_goes_on_where_it_was)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    for (unsigned i = 0; i < 5; i++)
        disk_request(rig, VIRTIO_BLK_IN, i, 512, VIRTQUEUE_WRITE);
    struct virtio_state saved = rig->state;
    virtio_mmio_type.reset(&rig->device);
    rig->state = saved;
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 3, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert_uint_eq(used_index(rig), 6);
    ck_assert_uint_eq(load(rig, DATA, 1), rig->image[3 * 512]);
    rig_free(rig);
}
END_TEST

/* One sector answers the first request with an available index that keeps eight more waiting. */
START_TEST(device_that_feeds_its_own_ring_is_served_in_shares)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, 0);
    describe_disk(rig, DESC, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    store(rig, DESC + 16, 8, AVAIL);
    memset(rig->image, 0, 512);
    rig->image[2] = QUEUE_SIZE + 1;
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), QUEUE_SIZE);
    ck_assert_uint_eq(virtio_mmio_type.tick(&rig->device, 100), CLOCK_NEVER);
    ck_assert_uint_eq(used_index(rig), QUEUE_SIZE + 1);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        empty_slot_is_magic_version_and_zeroes,
        plugged_slot_says_what_it_is,
        register_table_covers_what_answers,
        registers_answer_to_four_bytes_only,
        features_ok_is_granted_without_version_1,
        features_ok_is_refused_for_what_was_not_offered,
        features_are_final_once_they_are_ok,
        queue_that_does_not_exist_has_no_entries_and_ignores_writes,
        notification_before_driver_ok_does_nothing,
        line_follows_interrupt_status_and_ack_clears_bits,
        several_requests_are_one_interrupt_where_event_index_says,
        config_generation_changes_with_the_configuration,
        reset_lowers_the_line_and_forgets_queues_and_features,
        restored_copy_of_the_state_goes_on_where_it_was,
        device_that_feeds_its_own_ring_is_served_in_shares,
    };
    return run_suite("virtio", tests, sizeof tests / sizeof *tests);
}
