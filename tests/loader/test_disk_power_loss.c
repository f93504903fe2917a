/* Power cuts: after any of them, a disk holds for each sector what was there at the last flush, or
 * something that was written since. Without a guest; tests/boot/power_loss.c has one. */
#include "loader/disk.h"

#include "tests/loader/disk_log.h"
#include "tests/loader/fixture.h"

#define SECTOR     512u
#define SECTORS    320u
#define OPERATIONS 120u
#define ANYTHING   UINT64_MAX /* after a discard */
#define BASE_MARK  1000000u
#define CUTS       400u

/* What one sector was, in turn. */
struct past {
    u64 marks[OPERATIONS + 1];
    size_t since[OPERATIONS + 1]; /* number of events when the operation that wrote it began */
    unsigned count;
};

struct flushed {
    size_t events; /* when it was acknowledged */
    unsigned counts[SECTORS];
};

struct story {
    struct past past[SECTORS];
    struct flushed flushed[OPERATIONS + 1];
    unsigned flushes;
    u64 seed;
};

static struct test_file base, work;

static void mark_sector(u8 *sector, u64 mark)
{
    for (unsigned i = 0; i < SECTOR; i += 8)
        memcpy(sector + i, &mark, sizeof mark);
}

/* The mark of a whole sector; a torn one is a failure. A plain if: Check notes every assertion in a
 * file. */
static u64 mark_of(const u8 *sector)
{
    u64 mark, other;

    memcpy(&mark, sector, sizeof mark);
    for (unsigned i = 8; i < SECTOR; i += 8) {
        memcpy(&other, sector + i, sizeof other);
        if (other != mark)
            ck_abort_msg("a sector is torn: %lu, %lu", (long)mark, (long)other);
    }
    return mark;
}

static void make_base(void)
{
    u8 sector[SECTOR];

    base = test_file_create("base");
    work = test_file_create("work");
    for (u64 i = 0; i < SECTORS; i++) {
        mark_sector(sector, BASE_MARK + i);
        ck_assert_int_eq(pwrite(base.fd, sector, SECTOR, (off_t)(i * SECTOR)), SECTOR);
    }
}

static struct host_disk *open_work(bool is_overlay)
{
    char message[512] = "";
    struct host_disk *disk =
        disk_open(is_overlay ? base.path : work.path, is_overlay ? DISK_READ_ONLY : DISK_READ_WRITE,
                  message, sizeof message);

    if (disk && is_overlay)
        disk = disk_open_overlay(disk, work.path, DISK_READ_WRITE, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    return disk;
}

static void note(struct story *story, u64 sector, u64 count, u64 mark, size_t since)
{
    for (u64 i = sector; i < sector + count; i++) {
        struct past *past = &story->past[i];
        past->marks[past->count] = mark;
        past->since[past->count++] = since;
    }
}

static void note_flush(struct story *story)
{
    struct flushed *flushed = &story->flushed[story->flushes++];

    flushed->events = disk_log.count;
    for (unsigned i = 0; i < SECTORS; i++)
        flushed->counts[i] = story->past[i].count;
}

static void operate(struct story *story, struct host_disk *disk, u64 mark)
{
    u8 bytes[64 * SECTOR];
    u64 kind = disk_log_roll(&story->seed) >> 20 & 15, choice = disk_log_roll(&story->seed) >> 8;
    u64 sector = choice % SECTORS, count = 1 + (choice >> 20) % 64;
    size_t before = disk_log.count;
    int error;

    if (count > SECTORS - sector)
        count = SECTORS - sector;
    u64 at = sector * SECTOR, size = count * SECTOR;
    if (kind < 3) {
        error = disk->flush(disk->context);
        note_flush(story);
    } else if (kind < 4) {
        error = disk->discard(disk->context, at, size);
        note(story, sector, count, ANYTHING, before);
    } else if (kind < 6) {
        error = disk->zero(disk->context, at, size, kind & 1 ? HOST_ZERO_UNMAP : HOST_ZERO_KEEP);
        note(story, sector, count, 0, before);
    } else {
        for (u64 i = 0; i < count; i++)
            mark_sector(bytes + i * SECTOR, mark);
        error = disk->write(disk->context, at, bytes, size);
        note(story, sector, count, mark, before);
    }
    ck_assert_int_eq(error, 0);
}

/* Whether a sector may read so after a power cut at that event. */
static bool may_be(const struct story *story, u64 sector, u64 mark, size_t cut)
{
    const struct past *past = &story->past[sector];
    unsigned first = 0;

    for (unsigned i = 0; i < story->flushes; i++)
        if (story->flushed[i].events <= cut && story->flushed[i].counts[sector])
            first = story->flushed[i].counts[sector] - 1;
    for (unsigned i = first; i < past->count; i++)
        if ((i == first || past->since[i] <= cut) &&
            (past->marks[i] == mark || past->marks[i] == ANYTHING))
            return true;
    return false;
}

static void check_cut(const struct story *story, bool is_overlay,
                      const struct disk_content *crashed, size_t cut)
{
    u8 bytes[SECTORS * SECTOR];

    ck_assert(content_save(crashed, work.path));
    struct host_disk *disk = open_work(is_overlay);
    ck_assert_int_eq(disk->read(disk->context, 0, bytes, sizeof bytes), 0);
    for (u64 i = 0; i < SECTORS; i++) {
        u64 mark = mark_of(bytes + i * SECTOR);
        if (!may_be(story, i, mark, cut))
            ck_abort_msg("sector %lu is %lu after a power cut at event %zu of %zu", (long)i,
                         (long)mark, cut, disk_log.count);
    }
    disk_close(disk);
}

static void tell(struct story *story, bool is_overlay)
{
    for (unsigned i = 0; i < SECTORS; i++)
        note(story, i, 1, is_overlay ? BASE_MARK + i : 0, 0);
    note_flush(story);
    story->flushed[0].events = 0;
    disk_log.is_on = true;
    struct host_disk *disk = open_work(is_overlay);
    for (u64 i = 1; i < OPERATIONS; i++)
        operate(story, disk, i);
    disk_close(disk);
    disk_log.is_on = false;
}

static void cut_often(struct story *story, bool is_overlay, struct disk_content *stable)
{
    struct disk_content crashed = {0};
    size_t stable_end = 0;

    for (size_t cut = 0; cut <= disk_log.count; cut++) {
        if (cut && disk_log.events[cut - 1].kind == EVENT_SYNC)
            for (; stable_end < cut; stable_end++)
                content_apply(stable, &disk_log.events[stable_end]);
        for (unsigned i = 0; i < 1 + CUTS / disk_log.count; i++) {
            disk_log_crash(&crashed, stable, stable_end, cut, &story->seed);
            check_cut(story, is_overlay, &crashed, cut);
        }
    }
    free(crashed.bytes);
}

static void lose_power(bool is_overlay, u64 number)
{
    struct story *story = calloc(1, sizeof *story);
    struct disk_content stable = {0};

    story->seed = 88172645463325252u + number;
    make_base();
    if (!is_overlay) {
        content_resize(&stable, SECTORS * SECTOR);
        ck_assert_int_eq(ftruncate(work.fd, SECTORS * SECTOR), 0);
    }
    tell(story, is_overlay);
    ck_assert_uint_gt(disk_log.count, OPERATIONS / 2);
    cut_often(story, is_overlay, &stable);
    free(stable.bytes);
    free(story);
    disk_log_clear();
    test_file_remove(&base);
    test_file_remove(&work);
}

START_TEST(an_image_holds_what_was_flushed_whenever_the_power_fails)
{
    lose_power(false, (u64)_i);
}
END_TEST

START_TEST(an_overlay_holds_what_was_flushed_whenever_the_power_fails)
{
    lose_power(true, (u64)_i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk_power_loss");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    tcase_add_loop_test(all, an_image_holds_what_was_flushed_whenever_the_power_fails, 0, 3);
    tcase_add_loop_test(all, an_overlay_holds_what_was_flushed_whenever_the_power_fails, 0, 5);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
