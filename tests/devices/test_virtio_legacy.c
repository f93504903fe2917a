/* The legacy interface of virtio-mmio, version 1 (devices/virtio_mmio_legacy.c): a driver that
 * knows nothing of the modern one. */
#include "devices/virtio_blk.h"
#include "devices/virtio_rng.h"
#include "tests/devices/virtio_driver.h"

#define PAGE   4096u
#define RING   (RAM_BASE + 0x2000) /* descriptors here; AVAIL and USED follow */
#define DRIVER (VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER)

static struct rig *legacy_new(const struct virtio_type *type, const void *backend)
{
    struct rig *rig = rig_new(type, backend);

    rig->device.is_legacy = true;
    return rig;
}

/* As Linux does it: the page size before the first reset, the queue by its page. The rings are so
 * placed that virtio_driver.h, which has them in three pages, cannot be used. */
static void start_legacy(struct rig *rig, u32 num, u32 align)
{
    set(rig, VIRTIO_GUEST_PAGE_SIZE, PAGE);
    set(rig, VIRTIO_STATUS, 0);
    memset(ram_writable(&rig->ram, RING, 0x3000), 0, 0x3000);
    set(rig, VIRTIO_STATUS, DRIVER);
    set(rig, VIRTIO_QUEUE_SEL, 0);
    set(rig, VIRTIO_QUEUE_NUM, num);
    set(rig, VIRTIO_QUEUE_ALIGN, align);
    set(rig, VIRTIO_QUEUE_PFN, RING / PAGE);
}

/* Reads the second sector; the descriptors, the ring of what is available and the ring of what is
 * used are at these places. */
static void read_sector(struct rig *rig, paddr desc, paddr avail, paddr used)
{
    u16 before = (u16)load(rig, used + 2, 2);

    describe_disk(rig, desc, VIRTIO_BLK_IN, 1, 512, VIRTQUEUE_WRITE);
    store(rig, avail + 4, 2, 0);
    store(rig, avail + 2, 2, (u16)(before + 1));
    set(rig, VIRTIO_QUEUE_NOTIFY, 0);
    ck_assert_uint_eq(load(rig, used + 2, 2), (u16)(before + 1));
    ck_assert_uint_eq(load(rig, used + 8, 4), 513);
    ck_assert_uint_eq(load(rig, STATUS, 1), VIRTIO_BLK_OK);
    ck_assert_mem_eq(ram_host(&rig->ram, DATA), rig->image + 512, 512);
}

START_TEST(every_legacy_slot_is_version_1)
{
    struct rig *disk = legacy_new(&virtio_blk_type, NULL), *empty = legacy_new(NULL, NULL);

    ck_assert_uint_eq(get(disk, VIRTIO_VERSION), 1);
    ck_assert_uint_eq(get(disk, VIRTIO_DEVICE_ID), 2);
    ck_assert_uint_eq(get(empty, VIRTIO_MAGIC_VALUE), 0x74726976);
    ck_assert_uint_eq(get(empty, VIRTIO_VERSION), 1);
    ck_assert_uint_eq(get(empty, VIRTIO_DEVICE_ID), 0);
    set(empty, VIRTIO_QUEUE_PFN, 1);
    ck_assert_uint_eq(get(empty, VIRTIO_QUEUE_PFN), 0);
    rig_free(disk);
    rig_free(empty);
}
END_TEST

START_TEST(the_offer_has_32_bits_and_no_version_1)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    ck_assert_uint_eq(offered(rig),
                      1 << 29 | 1 << 28 | 1 << 27 | 1 << 14 | 1 << 13 | 1 << 9 | 1 << 6 | 1 << 2);
    rig_free(rig);
}
END_TEST

START_TEST(only_what_was_offered_is_accepted)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    accept_features(rig, ALL_FEATURES);
    ck_assert_uint_eq(rig->state.driver_features, offered(rig));
    set(rig, VIRTIO_STATUS, DRIVER | VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), DRIVER | VIRTIO_DRIVER_OK);
    rig_free(rig);
}
END_TEST

START_TEST(status_reads_as_it_was_written)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    set(rig, VIRTIO_STATUS, DRIVER | VIRTIO_FEATURES_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), DRIVER | VIRTIO_FEATURES_OK);
    set(rig, VIRTIO_STATUS, VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), VIRTIO_DRIVER_OK);
    set(rig, VIRTIO_STATUS, 0xffffff00 | VIRTIO_NEEDS_RESET | VIRTIO_FAILED);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), VIRTIO_FAILED);
    rig_free(rig);
}
END_TEST

START_TEST(rings_follow_from_one_page)
{
    static const struct {
        u32 num, align;
        u64 used; /* from the page's start */
    } cases[] = {
        /* 18 * num + 6 bytes come before, rounded up */
        {8, 4096, 4096}, {8, 64, 192}, {16, 4096, 4096}, {8, 4, 152}, {256, 4096, 8192}, {2, 4, 44},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig *rig = legacy_new(&virtio_blk_type, NULL);
        start_legacy(rig, cases[i].num, cases[i].align);
        ck_assert_uint_eq(rig->state.queues[0].desc, RING);
        ck_assert_uint_eq(rig->state.queues[0].avail, RING + 16 * cases[i].num);
        ck_assert_uint_eq(rig->state.queues[0].used, RING + cases[i].used);
        ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), RING / PAGE);
        set(rig, VIRTIO_STATUS, DRIVER | VIRTIO_DRIVER_OK);
        if (cases[i].num > 2)
            read_sector(rig, RING, RING + 16 * cases[i].num, RING + cases[i].used);
        rig_free(rig);
    }
}
END_TEST

/* "Operating System in 1,000 Lines" says neither page size nor alignment (it writes 0), and its
 * last word is DRIVER_OK alone. */
START_TEST(a_page_size_never_said_is_1_and_the_alignment_4096)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    set(rig, VIRTIO_STATUS, DRIVER | VIRTIO_FEATURES_OK);
    set(rig, VIRTIO_QUEUE_NUM, 16);
    set(rig, VIRTIO_QUEUE_ALIGN, 0);
    set(rig, VIRTIO_QUEUE_PFN, RING);
    set(rig, VIRTIO_STATUS, VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), RING);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG, 4), SECTORS);
    read_sector(rig, RING, RING + 256, RING + 4096);
    ck_assert(rig->level);
    set(rig, VIRTIO_INTERRUPT_ACK, VIRTIO_INTERRUPT_USED);
    ck_assert(!rig->level);
    rig_free(rig);
}
END_TEST

START_TEST(a_number_of_entries_never_said_is_the_most)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    set(rig, VIRTIO_QUEUE_PFN, RING);
    ck_assert_uint_eq(rig->state.queues[0].num, get(rig, VIRTIO_QUEUE_NUM_MAX));
    ck_assert_uint_eq(rig->state.queues[0].ready, 1);
    rig_free(rig);
}
END_TEST

START_TEST(requests_are_answered_before_driver_ok)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    start_legacy(rig, 8, PAGE);
    read_sector(rig, RING, RING + 128, RING + 4096);
    ck_assert(rig->level);
    rig_free(rig);
}
END_TEST

START_TEST(the_page_size_outlives_the_drivers_reset_but_not_the_machines)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    start_legacy(rig, 8, 64);
    set(rig, VIRTIO_STATUS, 0);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), 0);
    set(rig, VIRTIO_QUEUE_NUM, 8);
    set(rig, VIRTIO_QUEUE_PFN, RING / PAGE);
    ck_assert_uint_eq(rig->state.queues[0].desc, RING);
    ck_assert_uint_eq(rig->state.queues[0].used, RING + 4096); /* the alignment is forgotten */
    virtio_mmio_type.reset(&rig->device);
    ck_assert_uint_eq(rig->state.page_shift, 0);
    rig_free(rig);
}
END_TEST

START_TEST(page_0_takes_a_queue_out_of_use)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    start_legacy(rig, 8, PAGE);
    set(rig, VIRTIO_QUEUE_PFN, RING / PAGE + 1); /* in use: its registers are fixed */
    set(rig, VIRTIO_QUEUE_NUM, 4);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), RING / PAGE);
    ck_assert_uint_eq(rig->state.queues[0].num, 8);
    set(rig, VIRTIO_QUEUE_PFN, 0);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), 0);
    store(rig, RING + 128 + 2, 2, 1);
    set(rig, VIRTIO_QUEUE_NOTIFY, 0);
    ck_assert_uint_eq(load(rig, RING + 4096 + 2, 2), 0);
    rig_free(rig);
}
END_TEST

START_TEST(modern_registers_are_not_there_and_legacy_ones_not_in_a_modern_slot)
{
    struct rig *old = legacy_new(&virtio_blk_type, NULL), *new = rig_new(&virtio_blk_type, NULL);

    set_queue(old, QUEUE_SIZE, DESC, AVAIL, USED);
    ck_assert_uint_eq(get(old, VIRTIO_QUEUE_READY), 0);
    ck_assert_uint_eq(old->state.queues[0].ready, 0);
    ck_assert_uint_eq(get(old, VIRTIO_CONFIG_GENERATION), 0);
    set(new, VIRTIO_GUEST_PAGE_SIZE, PAGE);
    set(new, VIRTIO_QUEUE_NUM, 8);
    set(new, VIRTIO_QUEUE_PFN, RING / PAGE);
    ck_assert_uint_eq(get(new, VIRTIO_QUEUE_PFN), 0);
    ck_assert_uint_eq(new->state.queues[0].ready, 0);
    ck_assert_uint_eq(new->state.page_shift, 0);
    rig_free(old);
    rig_free(new);
}
END_TEST

/* What a hostile driver may say about a queue. Each fails the device, or is ignored; a reset helps.
 */
START_TEST(rings_that_cannot_be_fail_the_device)
{
    static const struct {
        u32 page_size, num, align, page;
        bool works;
    } cases[] = {
        {PAGE, 8, PAGE, 0x7ffff, false},                 /* below RAM */
        {PAGE, 8, PAGE, (RAM_END - PAGE) / PAGE, false}, /* used ring behind RAM */
        {PAGE, 8, 64, (RAM_END - PAGE) / PAGE, true},    /* all in the last page */
        {PAGE, 8, 1u << 31, RING / PAGE, false},         /* used ring far away */
        {PAGE, 8, 3, RING / PAGE, true},                 /* no alignment: ignored */
        {PAGE, 7, PAGE, RING / PAGE, false},             /* no power of two */
        {PAGE, 512, PAGE, RING / PAGE, false},           /* more than there may be */
        {PAGE, UINT32_MAX, PAGE, RING / PAGE, false},    /* far more */
        {1u << 31, 8, 1u << 31, UINT32_MAX, false},      /* as high as it goes */
        {1, 8, PAGE, (u32)RING + 1, false},              /* misaligned */
        {1, 8, 1, (u32)RING, false},                     /* a misaligned used ring */
        {0, 8, PAGE, (u32)RING, true},
        {3, 8, PAGE, (u32)RING, true}, /* no page size: 1 */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig *rig = legacy_new(&virtio_blk_type, NULL);
        set(rig, VIRTIO_GUEST_PAGE_SIZE, cases[i].page_size);
        set(rig, VIRTIO_QUEUE_NUM, cases[i].num);
        set(rig, VIRTIO_QUEUE_ALIGN, cases[i].align);
        set(rig, VIRTIO_QUEUE_PFN, cases[i].page);
        ck_assert_msg(rig->state.queues[0].ready == cases[i].works, "case %zu", i);
        ck_assert_uint_eq(get(rig, VIRTIO_STATUS), cases[i].works ? 0 : VIRTIO_NEEDS_RESET);
        start_legacy(rig, 8, PAGE);
        ck_assert_uint_eq(get(rig, VIRTIO_STATUS), DRIVER);
        read_sector(rig, RING, RING + 128, RING + 4096);
        rig_free(rig);
    }
}
END_TEST

START_TEST(queues_that_do_not_exist_are_ignored)
{
    struct rig *rig = legacy_new(&virtio_blk_type, NULL);

    for (u32 index = 1; index < 70; index++) {
        set(rig, VIRTIO_QUEUE_SEL, index == 69 ? UINT32_MAX : index);
        set(rig, VIRTIO_QUEUE_NUM, 8);
        set(rig, VIRTIO_QUEUE_ALIGN, 64);
        set(rig, VIRTIO_QUEUE_PFN, RING);
        ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_PFN), 0);
        ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_NUM_MAX), 0);
    }
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), 0);
    rig_free(rig);
}
END_TEST

START_TEST(entropy_comes_through_the_legacy_interface_too)
{
    u64 seed = 1;
    struct rig *rig = legacy_new(&virtio_rng_type, &seed);

    ck_assert(virtio_is_legacy(&rig->device));
    start_legacy(rig, 8, PAGE);
    describe(rig, RING, 0, DATA, 64, VIRTQUEUE_WRITE, 0);
    store(rig, RING + 128 + 2, 2, 1);
    set(rig, VIRTIO_QUEUE_NOTIFY, 0);
    ck_assert_uint_eq(load(rig, RING + 4096 + 2, 2), 1);
    ck_assert_uint_eq(load(rig, RING + 4096 + 8, 4), 64);
    ck_assert_uint_ne(load(rig, DATA, 8), 0);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_legacy_slot_is_version_1,
        the_offer_has_32_bits_and_no_version_1,
        only_what_was_offered_is_accepted,
        status_reads_as_it_was_written,
        rings_follow_from_one_page,
        a_page_size_never_said_is_1_and_the_alignment_4096,
        a_number_of_entries_never_said_is_the_most,
        requests_are_answered_before_driver_ok,
        the_page_size_outlives_the_drivers_reset_but_not_the_machines,
        page_0_takes_a_queue_out_of_use,
        modern_registers_are_not_there_and_legacy_ones_not_in_a_modern_slot,
        rings_that_cannot_be_fail_the_device,
        queues_that_do_not_exist_are_ignored,
        entropy_comes_through_the_legacy_interface_too,
    };

    return run_suite("virtio_legacy", tests, sizeof tests / sizeof tests[0]);
}
