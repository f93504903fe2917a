/* The shared folder's device (devices/virtio_9p.c): messages go through it as they are. */
#include "devices/virtio_9p.h"
#include "tests/devices/fake_share.h"
#include "tests/devices/virtio_driver.h"

/* A request of size bytes at DATA, 1, 2, 3 ...; room for its answer, in two pieces, at TABLE. */
static void ask(struct rig *rig, u32 size, u32 room)
{
    for (u32 i = 0; i < size; i++)
        store(rig, DATA + i, 1, i + 1);
    describe(rig, DESC, 0, DATA, size / 2, VIRTQUEUE_NEXT, 1);
    describe(rig, DESC, 1, DATA + size / 2, size - size / 2, VIRTQUEUE_NEXT, 2);
    describe(rig, DESC, 2, TABLE, room / 2, VIRTQUEUE_NEXT | VIRTQUEUE_WRITE, 3);
    describe(rig, DESC, 3, TABLE + room / 2, room - room / 2, VIRTQUEUE_WRITE, 0);
    publish(rig, 0);
    notify_queue(rig);
}

START_TEST(the_tag_is_in_the_configuration_space)
{
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);
    static const char tag[] = "documents";

    ck_assert_uint_eq(get(rig, VIRTIO_DEVICE_ID), 9);
    ck_assert_uint_ne(offered(rig) & VIRTIO_9P_F_MOUNT_TAG, 0);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG, 2), strlen(tag));
    for (u32 i = 0; i <= strlen(tag); i++)
        ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + 2 + i, 1), (u8)tag[i]);
    rig_free(rig);
}
END_TEST

START_TEST(a_request_and_its_answer_pass_in_pieces)
{
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);

    start_driver(rig, ALL_FEATURES);
    ask(rig, 33, 100);
    ck_assert_uint_eq(fake.size, 33);
    ck_assert_uint_eq(fake.room, 100);
    ck_assert_uint_eq(used_index(rig), 1);
    ck_assert_uint_eq(used_length(rig, 0), 33);
    ck_assert_uint_eq(load(rig, TABLE + 32, 1), 33);
    ck_assert_uint_eq(load(rig, TABLE + 33, 1), 0);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    ask(rig, 33, 11); /* the share keeps to the room */
    ck_assert_uint_eq(used_length(rig, 1), 11);
    rig_free(rig);
}
END_TEST

START_TEST(a_request_longer_than_a_message_is_cut)
{
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);

    start_driver(rig, ALL_FEATURES);
    ask(rig, FAKE_MOST + 1, 2 * FAKE_MOST);
    ck_assert_uint_eq(fake.size, FAKE_MOST);
    ck_assert_uint_eq(fake.room, FAKE_MOST);
    rig_free(rig);
}
END_TEST

START_TEST(what_cannot_be_answered_needs_a_reset)
{
    static const u32 sizes[][2] = {{6, 100}, {0, 100}, {33, 10}, {33, 0}};
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);

    for (int i = 0; i < 4; i++) {
        start_driver(rig, ALL_FEATURES);
        ask(rig, sizes[i][0], sizes[i][1]);
        ck_assert_uint_eq(used_index(rig), 0);
        ck_assert_uint_ne(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    }
    start_driver(rig, ALL_FEATURES);
    ask(rig, 7, 11);
    ck_assert_uint_eq(used_length(rig, 0), 11);
    rig_free(rig);
}
END_TEST

START_TEST(a_reset_makes_the_share_forget)
{
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);
    unsigned before = fake.forgotten;

    ck_assert_uint_eq(before, 1); /* power-on */
    set(rig, VIRTIO_STATUS, 0);
    ck_assert_uint_eq(fake.forgotten, before + 1);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_tag_is_in_the_configuration_space,  a_request_and_its_answer_pass_in_pieces,
        a_request_longer_than_a_message_is_cut, what_cannot_be_answered_needs_a_reset,
        a_reset_makes_the_share_forget,
    };
    return run_suite("virtio_9p", tests, sizeof tests / sizeof *tests);
}
