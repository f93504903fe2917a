/* The virtio disk's discards and writes of zeroes (devices/virtio_blk.c). */
#include "devices/virtio_blk.h"
#include "tests/devices/virtio_driver.h"

#include <errno.h>

#define BOTH (VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES)

static struct virtio_blk_segment at(u64 sector, u32 sectors, u32 flags)
{
    return (struct virtio_blk_segment){sector, sectors, flags};
}

/* Does one such request; returns its status. size: bytes of segments that are sent. */
static u8 clear(struct rig *rig, u32 type, const struct virtio_blk_segment *segments, u32 size)
{
    memcpy(ram_writable(&rig->ram, DATA, size), segments, size);
    return disk_request(rig, type, 0, size, 0);
}

static u8 clear_one(struct rig *rig, u32 type, struct virtio_blk_segment segment)
{
    return clear(rig, type, &segment, sizeof segment);
}

static bool is_zero(const struct rig *rig, u64 sector, u64 sectors)
{
    for (u64 i = sector * 512; i < (sector + sectors) * 512; i++)
        if (rig->image[i])
            return false;
    return true;
}

START_TEST(discards_reach_the_host_segment_by_segment)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    const struct virtio_blk_segment segments[3] = {at(8, 8, 0), at(20, 1, 0), at(SECTORS, 0, 0)};

    start_driver(rig, ALL_FEATURES);
    u8 before = rig->image[16 * 512];
    ck_assert_uint_eq(clear(rig, VIRTIO_BLK_DISCARD, segments, sizeof segments), VIRTIO_BLK_OK);
    ck_assert_uint_eq(used_length(rig, 0), 1);
    ck_assert_uint_eq(rig->discards, 2); /* of nothing, the host need not hear */
    ck_assert_uint_eq(rig->image[8 * 512], 0xdd);
    ck_assert_uint_eq(rig->image[16 * 512 - 1], 0xdd);
    ck_assert_uint_eq(rig->image[16 * 512], before);
    ck_assert_uint_eq(rig->image[20 * 512], 0xdd);
    ck_assert_uint_eq(rig->flushes, 0);
    rig_free(rig);
}
END_TEST

START_TEST(zeroes_are_kept_or_given_back_as_the_driver_says)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_WRITE_ZEROES, at(3, 5, 0)), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->zeroes[HOST_ZERO_KEEP], 1);
    ck_assert_uint_eq(rig->zeroes[HOST_ZERO_UNMAP], 0);
    ck_assert(is_zero(rig, 3, 5) && !is_zero(rig, 2, 1) && !is_zero(rig, 8, 1));
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_WRITE_ZEROES, at(0, SECTORS, VIRTIO_BLK_UNMAP)),
                      VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->zeroes[HOST_ZERO_UNMAP], 1);
    ck_assert(is_zero(rig, 0, SECTORS));
    rig_free(rig);
}
END_TEST

START_TEST(clearing_is_flushed_when_the_driver_does_not_flush)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES & ~VIRTIO_BLK_F_FLUSH);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_DISCARD, at(0, 8, 0)), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->flushes, 1);
    rig->fail_flush = -EIO;
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_WRITE_ZEROES, at(0, 8, 0)), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(rig->flushes, 2);
    rig_free(rig);
}
END_TEST

START_TEST(errors_of_the_host_are_io_errors)
{
    static const u32 types[] = {VIRTIO_BLK_DISCARD, VIRTIO_BLK_WRITE_ZEROES};
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    rig->fail_clear = -ENOSPC;
    for (unsigned i = 0; i < 2; i++)
        ck_assert_uint_eq(clear_one(rig, types[i], at(0, 8, 0)), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    rig_free(rig);
}
END_TEST

/* One bad segment, and nothing of the request is done. */
START_TEST(bad_segments_never_reach_the_host)
{
    static const struct {
        u32 type, flags;
        u64 sector;
        u32 sectors;
        u8 status;
    } cases[] = {
        {VIRTIO_BLK_DISCARD, VIRTIO_BLK_UNMAP, 0, 8, VIRTIO_BLK_UNSUPP},
        {VIRTIO_BLK_DISCARD, 2, 0, 8, VIRTIO_BLK_UNSUPP},
        {VIRTIO_BLK_WRITE_ZEROES, 2, 0, 8, VIRTIO_BLK_UNSUPP},
        {VIRTIO_BLK_WRITE_ZEROES, 0x80000001, 0, 8, VIRTIO_BLK_UNSUPP},
        {VIRTIO_BLK_DISCARD, 0, SECTORS, 1, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, SECTORS + 1, 0, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, 0, SECTORS + 1, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, UINT64_MAX, 1, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, UINT64_MAX, UINT32_MAX, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, (u64)1 << 55, 8, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_DISCARD, 0, 0, UINT32_MAX, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_WRITE_ZEROES, 0, SECTORS - 1, 2, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_WRITE_ZEROES, 0, 0, VIRTIO_BLK_ZERO_MOST + 1, VIRTIO_BLK_IOERR},
        {VIRTIO_BLK_WRITE_ZEROES, 1, UINT64_MAX - 1, UINT32_MAX, VIRTIO_BLK_IOERR},
    };
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct virtio_blk_segment bad = at(cases[i].sector, cases[i].sectors, cases[i].flags);
        struct virtio_blk_segment two[2] = {at(0, 1, 0), bad};
        ck_assert_msg(clear_one(rig, cases[i].type, bad) == cases[i].status, "case %zu", i);
        if (cases[i].type == VIRTIO_BLK_DISCARD)
            ck_assert_msg(clear(rig, VIRTIO_BLK_DISCARD, two, sizeof two) == cases[i].status,
                          "case %zu, second", i);
    }
    ck_assert_uint_eq(rig->discards + rig->zeroes[0] + rig->zeroes[1] + rig->flushes, 0);
    rig_free(rig);
}
END_TEST

/* The largest that the configuration allows is obeyed, on a disk that is large enough. */
START_TEST(limits_are_those_of_the_configuration)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);
    struct virtio_blk_segment segments[VIRTIO_BLK_DISCARD_SEGMENTS + 1] = {{0}};
    const u32 full = VIRTIO_BLK_DISCARD_SEGMENTS * sizeof *segments;

    start_driver(rig, ALL_FEATURES);
    for (u32 i = 0; i <= VIRTIO_BLK_DISCARD_SEGMENTS; i++)
        segments[i] = at(i, 1, 0);
    ck_assert_uint_eq(clear(rig, VIRTIO_BLK_DISCARD, segments, full), VIRTIO_BLK_OK);
    ck_assert_uint_eq(rig->discards, VIRTIO_BLK_DISCARD_SEGMENTS);
    static const u32 sizes[] = {0, 1, 15, 17, 31, sizeof segments};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ck_assert_uint_eq(clear(rig, VIRTIO_BLK_DISCARD, segments, sizes[i]), VIRTIO_BLK_IOERR);
        ck_assert_uint_eq(clear(rig, VIRTIO_BLK_WRITE_ZEROES, segments, sizes[i]),
                          VIRTIO_BLK_IOERR);
    }
    ck_assert_uint_eq(clear(rig, VIRTIO_BLK_WRITE_ZEROES, segments, 32), VIRTIO_BLK_IOERR);
    ck_assert_uint_eq(rig->zeroes[HOST_ZERO_KEEP], 0);
    ck_assert_uint_eq(rig->discards, VIRTIO_BLK_DISCARD_SEGMENTS);
    rig_free(rig);
}
END_TEST

START_TEST(what_the_host_cannot_do_is_not_offered)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    ck_assert_uint_eq(offered(rig) & BOTH, BOTH);
    rig->disk.zero = NULL;
    ck_assert_uint_eq(offered(rig) & BOTH, VIRTIO_BLK_F_DISCARD);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + 48, 4), 0);
    rig->disk.discard = NULL;
    ck_assert_uint_eq(offered(rig) & BOTH, 0);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + 36, 4), 0);
    rig->disk.read_only = true;
    rig->disk.discard = disk_discard;
    rig->disk.zero = disk_zero;
    ck_assert_uint_eq(offered(rig) & BOTH, 0);
    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_DISCARD, at(0, 8, 0)), VIRTIO_BLK_UNSUPP);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_WRITE_ZEROES, at(0, 8, 0)), VIRTIO_BLK_UNSUPP);
    ck_assert_uint_eq(rig->discards + rig->zeroes[HOST_ZERO_KEEP], 0);
    rig_free(rig);
}
END_TEST

START_TEST(what_the_driver_did_not_accept_is_unsupported)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    start_driver(rig, ALL_FEATURES & ~BOTH);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_DISCARD, at(0, 8, 0)), VIRTIO_BLK_UNSUPP);
    ck_assert_uint_eq(clear_one(rig, VIRTIO_BLK_WRITE_ZEROES, at(0, 8, 0)), VIRTIO_BLK_UNSUPP);
    ck_assert_uint_eq(rig->discards + rig->zeroes[HOST_ZERO_KEEP], 0);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        discards_reach_the_host_segment_by_segment,
        zeroes_are_kept_or_given_back_as_the_driver_says,
        clearing_is_flushed_when_the_driver_does_not_flush,
        errors_of_the_host_are_io_errors,
        bad_segments_never_reach_the_host,
        limits_are_those_of_the_configuration,
        what_the_host_cannot_do_is_not_offered,
        what_the_driver_did_not_accept_is_unsupported,
    };
    return run_suite("virtio_blk_clear", tests, sizeof tests / sizeof *tests);
}
