/* The network card (devices/virtio_net.c) as a driver and the far end of its cable see it. */
#include "tests/devices/net_cable.h"

#define NO_MERGING (ALL_FEATURES & ~VIRTIO_NET_F_MRG_RXBUF)

START_TEST(configuration_says_address_mtu_and_that_the_cable_is_in)
{
    struct cable *cable = cable_new();

    ck_assert_uint_eq(get(cable->rig, VIRTIO_DEVICE_ID), 1);
    for (unsigned i = 0; i < 6; i++)
        ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + i, 1), 2 * i + 2);
    ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + 6, 2), 1);
    ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + 8, 2), 1);
    ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + 10, 2), MTU);
    cable_free(cable);
}
END_TEST

START_TEST(sent_frame_arrives_without_its_header)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    for (u32 i = 0; i < 100; i++)
        store(cable->rig, DATA + HEADER_SIZE + i, 1, i + 1);
    cable_transmit(cable, HEADER_SIZE + 100);
    ck_assert_uint_eq(cable->sent_count, 1);
    ck_assert_uint_eq(cable->sent_size, 100);
    for (u32 i = 0; i < 100; i++)
        ck_assert_uint_eq(cable->sent[i], i + 1);
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_TRANSMIT), 1);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_TRANSMIT, 0), 0);
    ck_assert(cable->rig->level);
    cable_free(cable);
}
END_TEST

START_TEST(header_is_two_bytes_shorter_without_version_1_and_merging)
{
    static const struct {
        u64 features;
        u32 size;
    } cases[] = {{0, 10},
                 {VIRTIO_F_VERSION_1, 12},
                 {VIRTIO_NET_F_MRG_RXBUF, 12},
                 {VIRTIO_NET_F_MRG_RXBUF | VIRTIO_F_VERSION_1, 12}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cable *cable = cable_new();

        cable_start(cable, cases[i].features);
        cable_transmit(cable, 72);
        ck_assert_uint_eq(cable->sent_size, 72 - cases[i].size);
        cable_put(cable, 60, 1);
        cable_offer(cable, 100);
        ck_assert(cable_take(cable));
        ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 0), cases[i].size + 60);
        ck_assert_uint_eq(load(cable->rig, BUFFERS + cases[i].size, 1), 1);
        cable_free(cable);
    }
}
END_TEST

/* RFC 1071's own example, with its checksum in the middle: 0001 f203 f4f5 f6f7 add up to ddf2. */
START_TEST(checksum_that_the_driver_leaves_to_us_is_right)
{
    static const u8 words[] = {0x00, 0x01, 0xf2, 0x03, 0x00, 0x00, 0xf4, 0xf5, 0xf6, 0xf7};
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    for (unsigned odd = 0; odd < 2; odd++) { /* a zero byte more at the end changes nothing */
        u32 size = HEADER_SIZE + 20 + sizeof words + odd;

        memset(ram_writable(&cable->rig->ram, DATA, 64), 0, 64);
        store(cable->rig, DATA, 1, VIRTIO_NET_NEEDS_CHECKSUM);
        store(cable->rig, DATA + 6, 2, 20);
        store(cable->rig, DATA + 8, 2, 4);
        for (u32 i = 0; i < sizeof words; i++)
            store(cable->rig, DATA + HEADER_SIZE + 20 + i, 1, words[i]);
        cable_transmit(cable, size);
        ck_assert_uint_eq(cable->sent_count, odd + 1);
        ck_assert_uint_eq(cable->sent[24] << 8 | cable->sent[25], 0xffff & ~0xddf2);
    }
    cable_free(cable);
}
END_TEST

START_TEST(checksum_is_never_zero_which_would_mean_none)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    store(cable->rig, DATA, 1, VIRTIO_NET_NEEDS_CHECKSUM);
    store(cable->rig, DATA + 6, 2, 20);
    store(cable->rig, DATA + 8, 2, 0);
    store(cable->rig, DATA + HEADER_SIZE + 22, 2, 0xffff);
    cable_transmit(cable, HEADER_SIZE + 24);
    ck_assert_uint_eq(cable->sent_count, 1);
    ck_assert_uint_eq(cable->sent[20] << 8 | cable->sent[21], 0xffff);
    cable_free(cable);
}
END_TEST

START_TEST(frame_that_no_cable_would_carry_is_lost_and_answered)
{
    static const struct {
        u32 size;
        u8 header[10];
    } cases[] = {
        {HEADER_SIZE, {0}},
        {HEADER_SIZE + 13, {0}},
        {HEADER_SIZE + HOST_NET_FRAME_MOST + 1, {0}},
        {HEADER_SIZE + 60, {0, 1}},                           /* segmentation, never offered */
        {HEADER_SIZE + 60, {1, 0, 0, 0, 0, 0, 60, 0, 0, 0}},  /* starts behind the end */
        {HEADER_SIZE + 60, {1, 0, 0, 0, 0, 0, 20, 0, 39, 0}}, /* ends behind the end */
        {HEADER_SIZE + 60, {1, 0, 0, 0, 0, 0, 255, 255, 255, 255}},
    };
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    for (u32 i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(ram_writable(&cable->rig->ram, DATA, 10), cases[i].header, 10);
        cable_transmit(cable, cases[i].size);
        ck_assert_msg(cable->sent_count == 0, "case %u is sent", i);
        ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_TRANSMIT), i + 1);
    }
    cable->is_out = true;
    memset(ram_writable(&cable->rig->ram, DATA, 10), 0, 10);
    cable_transmit(cable, HEADER_SIZE + 60);
    ck_assert_uint_eq(cable->sent_count, 0);
    cable->is_out = false;
    cable_transmit(cable, HEADER_SIZE + 60);
    ck_assert_uint_eq(cable->sent_count, 1);
    cable_transmit(cable, HEADER_SIZE + HOST_NET_FRAME_MOST);
    ck_assert_uint_eq(cable->sent_count, 2);
    cable_free(cable);
}
END_TEST

START_TEST(request_without_a_whole_header_makes_no_sense)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    cable_transmit(cable, HEADER_SIZE - 1);
    ck_assert_uint_ne(get(cable->rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    ck_assert_uint_eq(cable->sent_count, 0);
    cable_free(cable);
}
END_TEST

START_TEST(received_frame_lies_in_one_buffer_when_it_fits)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    ck_assert(!cable_take(cable));
    cable_offer(cable, HEADER_SIZE + 60);
    cable_put(cable, 60, 7);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable->count, 0);
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 1);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 0), HEADER_SIZE + 60);
    ck_assert_uint_eq(load(cable->rig, BUFFERS, 8), VIRTIO_NET_DATA_VALID);
    ck_assert_uint_eq(load(cable->rig, BUFFERS + 10, 2), 1);
    for (u32 i = 0; i < 60; i++)
        ck_assert_uint_eq(load(cable->rig, BUFFERS + HEADER_SIZE + i, 1), 7 + i);
    ck_assert(cable->rig->level);
    ck_assert_uint_eq(get(cable->rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    cable_free(cable);
}
END_TEST

START_TEST(checksums_are_vouched_for_only_to_a_driver_that_asked)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES & ~VIRTIO_NET_F_GUEST_CSUM);
    cable_offer(cable, 200);
    cable_put(cable, 60, 7);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(load(cable->rig, BUFFERS, 8), 0);
    cable_free(cable);
}
END_TEST

START_TEST(large_frame_is_spread_over_buffers_and_the_first_says_over_how_many)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    for (u32 i = 0; i < 4; i++)
        cable_offer(cable, 100);
    cable_put(cable, 250, 3);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 3);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 0), 100);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 1), 100);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 2), HEADER_SIZE + 250 - 200);
    ck_assert_uint_eq(load(cable->rig, BUFFERS + 10, 2), 3);
    for (u32 i = 0; i < 250; i++) {
        u32 at = HEADER_SIZE + i;
        ck_assert_uint_eq(load(cable->rig, BUFFERS + at / 100 * BUFFER + at % 100, 1), (u8)(3 + i));
    }
    cable_free(cable);
}
END_TEST

START_TEST(frame_waits_until_there_is_room_for_all_of_it)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    cable_put(cable, 250, 3);
    ck_assert(!cable_take(cable));
    cable_offer(cable, 100);
    ck_assert(!cable_take(cable));
    cable_offer(cable, 100);
    ck_assert(!cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 0);
    ck_assert_uint_eq(cable->count, 1);
    ck_assert(!cable->rig->level);
    cable_offer(cable, 100);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 3);
    ck_assert_uint_eq(cable->count, 0);
    cable_free(cable);
}
END_TEST

START_TEST(frame_that_can_never_fit_is_lost_and_the_next_one_comes)
{
    struct cable *cable = cable_new();

    cable_start(cable, NO_MERGING);
    cable_offer(cable, 100);
    cable_put(cable, 89, 3); /* one byte too many */
    cable_put(cable, 88, 5);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 1);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 0), 100);
    ck_assert_uint_eq(load(cable->rig, BUFFERS + HEADER_SIZE, 1), 5);

    cable_start(cable, ALL_FEATURES);
    for (u32 i = 0; i < QUEUE_SIZE; i++)
        cable_offer(cable, 100);
    cable_put(cable, 8 * 100 - HEADER_SIZE + 1, 3); /* more than a whole ring holds */
    cable_put(cable, 8 * 100 - HEADER_SIZE, 5);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 8);
    ck_assert_uint_eq(load(cable->rig, BUFFERS + HEADER_SIZE, 1), 5);
    ck_assert_uint_eq(cable->count, 0);
    cable_free(cable);
}
END_TEST

START_TEST(driver_that_does_not_ask_for_the_mtu_gets_no_frame_above_1514_bytes)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES & ~VIRTIO_NET_F_MTU);
    cable_offer(cable, BUFFER);
    cable_put(cable, 1515, 3);
    cable_put(cable, 1514, 5);
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(cable_used(cable, VIRTIO_NET_RECEIVE), 1);
    ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_RECEIVE, 0), HEADER_SIZE + 1514);
    cable_free(cable);
}
END_TEST

START_TEST(what_came_while_no_driver_ran_is_lost)
{
    struct cable *cable = cable_new();

    cable_put(cable, 60, 1);
    ck_assert(!cable_take(cable));
    ck_assert_uint_eq(cable->count, 1); /* nobody has looked */
    cable_start(cable, ALL_FEATURES);
    ck_assert_uint_eq(cable->count, 0);
    cable_offer(cable, 200);
    ck_assert(!cable_take(cable));
    cable_put(cable, 60, 1);
    ck_assert(cable_take(cable));
    cable_free(cable);
}
END_TEST

START_TEST(cable_pulled_out_is_told_once_and_loses_what_comes)
{
    struct cable *cable = cable_new();

    cable_start(cable, ALL_FEATURES);
    cable_offer(cable, 200);
    u32 generation = get(cable->rig, VIRTIO_CONFIG_GENERATION);
    cable->is_out = true;
    cable_put(cable, 60, 1);
    ck_assert(cable_take(cable));
    ck_assert(!cable_take(cable));
    ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + 6, 2), 0);
    ck_assert_uint_eq(get(cable->rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    ck_assert_uint_eq(get(cable->rig, VIRTIO_CONFIG_GENERATION), generation + 1);
    ck_assert_uint_eq(cable->count, 0);
    cable->is_out = false;
    ck_assert(cable_take(cable));
    ck_assert_uint_eq(load(cable->rig, SLOT + VIRTIO_CONFIG + 6, 2), 1);
    cable_free(cable);
}
END_TEST

START_TEST(control_queue_agrees_to_filters_and_to_nothing_else)
{
    static const u8 acks[] = {VIRTIO_NET_OK, VIRTIO_NET_OK, VIRTIO_NET_ERR};
    struct cable *cable = cable_new();
    struct rig *rig = cable->rig;

    cable_start(cable, ALL_FEATURES);
    for (u8 class = 0; class < 3; class ++) {
        store(rig, DATA, 2, class);
        store(rig, STATUS, 1, 0xaa);
        describe(rig, DESC_OF(2), 0, DATA, 3, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC_OF(2), 1, STATUS, 1, VIRTQUEUE_WRITE, 0);
        cable_publish(cable, VIRTIO_NET_CONTROL, 0);
        ck_assert_uint_eq(load(rig, STATUS, 1), acks[class]);
        ck_assert_uint_eq(cable_used_size(cable, VIRTIO_NET_CONTROL, class), 1);
    }
    describe(rig, DESC_OF(2), 0, DATA, 1, VIRTQUEUE_NEXT, 1); /* no command */
    cable_publish(cable, VIRTIO_NET_CONTROL, 0);
    ck_assert_uint_ne(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    cable_free(cable);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        configuration_says_address_mtu_and_that_the_cable_is_in,
        sent_frame_arrives_without_its_header,
        header_is_two_bytes_shorter_without_version_1_and_merging,
        checksum_that_the_driver_leaves_to_us_is_right,
        checksum_is_never_zero_which_would_mean_none,
        frame_that_no_cable_would_carry_is_lost_and_answered,
        request_without_a_whole_header_makes_no_sense,
        received_frame_lies_in_one_buffer_when_it_fits,
        checksums_are_vouched_for_only_to_a_driver_that_asked,
        large_frame_is_spread_over_buffers_and_the_first_says_over_how_many,
        frame_waits_until_there_is_room_for_all_of_it,
        frame_that_can_never_fit_is_lost_and_the_next_one_comes,
        driver_that_does_not_ask_for_the_mtu_gets_no_frame_above_1514_bytes,
        what_came_while_no_driver_ran_is_lost,
        cable_pulled_out_is_told_once_and_loses_what_comes,
        control_queue_agrees_to_filters_and_to_nothing_else,
    };
    return run_suite("virtio_net", tests, sizeof tests / sizeof *tests);
}
