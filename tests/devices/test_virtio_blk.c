/* The virtio disk (devices/virtio_blk.c). */
#include "devices/virtio_blk.h"
#include "tests/devices/virtio_driver.h"

#include <errno.h>

START_TEST(configuration_says_size_segments_and_block_size_at_every_width)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    paddr config = SLOT + VIRTIO_CONFIG;

    ck_assert_uint_eq(load(rig, config, 8), SECTORS);
    ck_assert_uint_eq(load(rig, config, 4), SECTORS);
    ck_assert_uint_eq(load(rig, config + 4, 4), 0);
    ck_assert_uint_eq(load(rig, config, 2), SECTORS);
    ck_assert_uint_eq(load(rig, config, 1), SECTORS);
    ck_assert_uint_eq(load(rig, config + 12, 4), 254);
    ck_assert_uint_eq(load(rig, config + 20, 4), 512);
    ck_assert_uint_eq(load(rig, config + 20, 8), 512);
    ck_assert_uint_eq(load(rig, config + 24, 4), 0);
    ck_assert_uint_eq(load(rig, config + 36, 4), VIRTIO_BLK_DISCARD_MOST);
    ck_assert_uint_eq(load(rig, config + 40, 4), VIRTIO_BLK_DISCARD_SEGMENTS);
    ck_assert_uint_eq(load(rig, config + 44, 4), 8);
    ck_assert_uint_eq(load(rig, config + 48, 4), VIRTIO_BLK_ZERO_MOST);
    ck_assert_uint_eq(load(rig, config + 52, 4), VIRTIO_BLK_ZERO_SEGMENTS);
    ck_assert_uint_eq(load(rig, config + 56, 1), 1);
    ck_assert_uint_eq(load(rig, config + 57, 1), 0);
    ck_assert_uint_eq(load(rig, SLOT + 0xff8, 8), 0);
    store(rig, config, 8, 5);
    ck_assert_uint_eq(load(rig, config, 8), SECTORS);
    rig_free(rig);
}
END_TEST

START_TEST(read_brings_sectors_and_counts_every_byte_written)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    u8 bytes[1024];

    start_driver(rig, ALL_FEATURES);
    u64 dma = rig->ram.dma_writes;
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 3, 1024, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert(ram_dma_read(&rig->ram, DATA, bytes, sizeof bytes));
    ck_assert_mem_eq(bytes, rig->image + 3 * 512, sizeof bytes);
    ck_assert_uint_eq(used_length(rig, 0), 1025);
    ck_assert_uint_eq(rig->reads, 1); /* one call per descriptor */
    /* Data, status, used entry, used index, avail_event: a reservation must hear of each. */
    ck_assert_uint_eq(rig->ram.dma_writes, dma + 5);
    rig_free(rig);
}
END_TEST

START_TEST(write_goes_to_the_disk_and_writes_only_the_status)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    store(rig, DATA, 8, 0x1122334455667788);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, SECTORS - 1, 512, 0), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->image[(SECTORS - 1) * 512], 0x88);
    ck_assert_uint_eq(rig->image[(SECTORS - 1) * 512 + 7], 0x11);
    ck_assert_uint_eq(used_length(rig, 0), 1);
    ck_assert_uint_eq(rig->writes, 1);
    ck_assert_uint_eq(rig->flushes, 0);
    rig_free(rig);
}
END_TEST

START_TEST(write_is_flushed_when_the_driver_does_not_flush)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES & ~VIRTIO_BLK_F_FLUSH);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, 0, 512, 0), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->flushes, 1);
    rig->fail_flush = -EIO;
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, 0, 512, 0), VIRTIO_BLK_IOERR);
    rig_free(rig);
}
END_TEST

START_TEST(flush_reports_what_the_host_says)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_FLUSH, 0, 0, 0), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->flushes, 1);
    rig->fail_flush = -EIO;
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_FLUSH, 0, 0, 0), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(used_length(rig, 1), 1);
    rig_free(rig);
}
END_TEST

START_TEST(host_errors_are_io_errors_and_count_no_bytes)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    rig->fail_read = -EIO;
    rig->fail_write = -ENOSPC;
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(used_length(rig, 0), 0);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, 0, 512, 0), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(used_length(rig, 1), 1);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    rig_free(rig);
}
END_TEST

START_TEST(request_past_the_end_never_reaches_the_host)
{
    static const struct {
        u64 sector;
        u32 size;
        u8 status;
    } cases[] = {
        {SECTORS - 2, 1024, VIRTIO_BLK_OK},
        {SECTORS - 1, 1024, VIRTIO_BLK_IOERR},
        {SECTORS, 0, VIRTIO_BLK_OK},
        {SECTORS, 512, VIRTIO_BLK_IOERR},
        {SECTORS + 1, 0, VIRTIO_BLK_IOERR},
        {UINT64_MAX, 512, VIRTIO_BLK_IOERR},
        {(u64)1 << 55, 512, VIRTIO_BLK_IOERR},
        {0, 100, VIRTIO_BLK_IOERR},
        {0, 65536, VIRTIO_BLK_OK},
        {0, 65536 + 512, VIRTIO_BLK_IOERR},
    };
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        u64 sector = cases[i].sector;
        u32 size = cases[i].size;
        unsigned before = rig->reads + rig->writes;
        ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, sector, size, VIRTQUEUE_WRITE),
                          cases[i].status);
        ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, sector, size, 0), cases[i].status);
        if (cases[i].status != VIRTIO_BLK_OK)
            ck_assert_uint_eq(rig->reads + rig->writes, before);
    }
    rig_free(rig);
}
END_TEST

START_TEST(read_only_disk_says_so_and_refuses_writes)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    rig->disk.read_only = true;
    rig->disk.write = NULL;
    ck_assert(offered(rig) & VIRTIO_BLK_F_RO);
    start_driver(rig, 0); /* also of a driver that does not want to know */
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_OUT, 0, 512, 0), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    rig_free(rig);
}
END_TEST

START_TEST(get_id_gives_twenty_bytes_or_as_many_as_fit)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    char id[20];

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_GET_ID, 0, 20, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert(ram_dma_read(&rig->ram, DATA, id, sizeof id));
    ck_assert_mem_eq(id, rig->disk.id, sizeof id);
    ck_assert_uint_eq(used_length(rig, 0), 21);
    store(rig, DATA + 4, 1, 0xee);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_GET_ID, 0, 4, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert_uint_eq(load(rig, DATA + 4, 1), 0xee);
    ck_assert_uint_eq(used_length(rig, 1), 5);
    ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_GET_ID, 0, 64, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
    ck_assert_uint_eq(used_length(rig, 2), 20);
    rig_free(rig);
}
END_TEST

START_TEST(unknown_requests_are_unsupported)
{
    static const u32 types[] = {2, 3, 5, 7, 9, 10, 12, 14, 0x80000000, UINT32_MAX};
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        ck_assert_uint_eq(disk_request(rig, types[i], 0, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_UNSUPP);
    ck_assert_uint_eq(rig->reads + rig->writes + rig->flushes, 0);
    rig_free(rig);
}
END_TEST

/* Header in three pieces, the second sector's last byte in one piece with the status. */
START_TEST(request_may_be_cut_anywhere)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    u8 bytes[1025];

    start_driver(rig, ALL_FEATURES);
    store(rig, HEADER, 8, VIRTIO_BLK_IN);
    store(rig, HEADER + 8, 8, 7);
    describe(rig, DESC, 0, HEADER, 1, VIRTQUEUE_NEXT, 1);
    describe(rig, DESC, 1, HEADER + 1, 9, VIRTQUEUE_NEXT, 2);
    describe(rig, DESC, 2, HEADER + 10, 6, VIRTQUEUE_NEXT, 3);
    describe(rig, DESC, 3, DATA, 1, VIRTQUEUE_NEXT | VIRTQUEUE_WRITE, 4);
    describe(rig, DESC, 4, DATA + 1, 1022, VIRTQUEUE_NEXT | VIRTQUEUE_WRITE, 5);
    describe(rig, DESC, 5, DATA + 1023, 2, VIRTQUEUE_WRITE, 0);
    store(rig, DATA + 1024, 1, 0xaa);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert(ram_dma_read(&rig->ram, DATA, bytes, sizeof bytes));
    ck_assert_mem_eq(bytes, rig->image + 7 * 512, 1024);
    ck_assert_uint_eq(bytes[1024], VIRTIO_BLK_OK);
    ck_assert_uint_eq(used_length(rig, 0), 1025);
    rig_free(rig);
}
END_TEST

START_TEST(indirect_request_works_like_a_direct_one)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    describe_disk(rig, TABLE, VIRTIO_BLK_IN, 9, 512, VIRTQUEUE_WRITE);
    describe(rig, DESC, 6, TABLE, 48, VIRTQUEUE_INDIRECT, 0);
    publish(rig, 6);
    notify_queue(rig);
    ck_assert_uint_eq(load(rig, STATUS, 1), VIRTIO_BLK_OK);
    ck_assert_uint_eq(load(rig, DATA, 1), rig->image[9 * 512]);
    ck_assert_uint_eq(load(rig, USED + 4, 4), 6);
    rig_free(rig);
}
END_TEST

static void note_write(void *who, paddr at, u64 size, u8 notes)
{
    (void)size;
    if (notes & NOTE_CODE && (at & ~PAGE_MASK) == DATA)
        ++*(unsigned *)who;
}

START_TEST(read_into_a_page_of_code_goes_through_the_gate)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    unsigned told = 0;

    ram_listen(&rig->ram, (struct ram_listener){.who = &told, .written = note_write});
    ram_note(&rig->ram, DATA, NOTE_CODE);
    start_driver(rig, ALL_FEATURES);
    disk_request(rig, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    ck_assert_uint_eq(told, 1);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        configuration_says_size_segments_and_block_size_at_every_width,
        read_brings_sectors_and_counts_every_byte_written,
        write_goes_to_the_disk_and_writes_only_the_status,
        write_is_flushed_when_the_driver_does_not_flush,
        flush_reports_what_the_host_says,
        host_errors_are_io_errors_and_count_no_bytes,
        request_past_the_end_never_reaches_the_host,
        read_only_disk_says_so_and_refuses_writes,
        get_id_gives_twenty_bytes_or_as_many_as_fit,
        unknown_requests_are_unsupported,
        request_may_be_cut_anywhere,
        indirect_request_works_like_a_direct_one,
        read_into_a_page_of_code_goes_through_the_gate,
    };
    return run_suite("virtio_blk", tests, sizeof tests / sizeof *tests);
}
