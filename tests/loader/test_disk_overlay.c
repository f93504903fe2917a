/* Overlays: what they hold, what they refuse, and that the base stays as it is. */
#include "loader/disk.h"
#include "loader/overlay_header.h"
#include "loader/overlay_map.h"

#include "tests/loader/fixture.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define SECTOR  512u
#define SECTORS 20000u /* more than fit a word of the map, and no whole number of words */
#define SIZE    ((u64)SECTORS * SECTOR)

static struct test_file base, work;
static char message[512];

static u8 base_byte(u64 at)
{
    return (u8)(at / SECTOR * 7 + 1);
}

static void set_up(void)
{
    u8 *bytes = malloc(SIZE);

    for (u64 i = 0; i < SIZE; i++)
        bytes[i] = base_byte(i);
    base = test_file_create("base");
    work = test_file_create("work");
    test_file_write(&base, bytes, SIZE);
    free(bytes);
    *message = 0;
}

static void tear_down(void)
{
    test_file_remove(&base);
    test_file_remove(&work);
}

static struct host_disk *try_overlay(enum disk_mode mode)
{
    struct host_disk *disk = disk_open(base.path, DISK_READ_ONLY, message, sizeof message);

    return disk ? disk_open_overlay(disk, work.path, mode, message, sizeof message) : NULL;
}

static struct host_disk *open_work(void)
{
    struct host_disk *disk = try_overlay(DISK_READ_WRITE);

    ck_assert_msg(disk != NULL, "%s", message);
    return disk;
}

static void put(struct host_disk *disk, u64 sector, u64 count, u8 byte)
{
    u8 *bytes = malloc(count * SECTOR);

    memset(bytes, byte, count * SECTOR);
    ck_assert_int_eq(disk->write(disk->context, sector * SECTOR, bytes, count * SECTOR), 0);
    free(bytes);
}

/* The byte that all of these sectors are full of; -1: the base's. */
static void expect(struct host_disk *disk, u64 sector, u64 count, int byte)
{
    u8 *bytes = malloc(count * SECTOR);

    ck_assert_int_eq(disk->read(disk->context, sector * SECTOR, bytes, count * SECTOR), 0);
    for (u64 i = 0; i < count * SECTOR; i++) {
        u8 wanted = byte < 0 ? base_byte(sector * SECTOR + i) : (u8)byte;
        if (bytes[i] != wanted)
            ck_abort_msg("byte %lu is %u, not %u", (long)(sector * SECTOR + i), bytes[i], wanted);
    }
    free(bytes);
}

static void refuses(const char *words)
{
    *message = 0;
    ck_assert_ptr_null(try_overlay(DISK_READ_WRITE));
    check_sentence(message);
    ck_assert_msg(strstr(message, words) != NULL, "no \"%s\" in: %s", words, message);
}

START_TEST(what_is_written_stays_in_the_overlay)
{
    struct host_disk *disk = open_work();

    ck_assert_uint_eq(disk->size, SIZE);
    expect(disk, 0, SECTORS, -1);
    put(disk, 0, 1, 1);
    put(disk, 63, 2, 2);
    put(disk, 128, 64, 3);
    put(disk, 1000, 300, 4);
    put(disk, SECTORS - 1, 1, 5);
    for (int again = 0; again < 2; again++) {
        expect(disk, 0, 1, 1);
        expect(disk, 1, 62, -1);
        expect(disk, 63, 2, 2);
        expect(disk, 65, 63, -1);
        expect(disk, 128, 64, 3);
        expect(disk, 192, 808, -1);
        expect(disk, 1000, 300, 4);
        expect(disk, 1300, SECTORS - 1301, -1);
        expect(disk, SECTORS - 1, 1, 5);
        disk_close(disk); /* without a flush */
        disk = open_work();
    }
    disk_close(disk);
    disk = disk_open(base.path, DISK_READ_ONLY, message, sizeof message);
    expect(disk, 0, SECTORS, -1);
    disk_close(disk);
}
END_TEST

START_TEST(zeroes_hide_the_base_and_discards_do_not)
{
    struct host_disk *disk = open_work();

    put(disk, 10, 10, 9);
    ck_assert_int_eq(disk->zero(disk->context, 5 * SECTOR, 10 * SECTOR, HOST_ZERO_KEEP), 0);
    ck_assert_int_eq(disk->zero(disk->context, 100 * SECTOR, 8 * SECTOR, HOST_ZERO_UNMAP), 0);
    ck_assert_int_eq(disk->discard(disk->context, 200 * SECTOR, 8 * SECTOR), 0);
    disk_close(disk);
    disk = open_work();
    expect(disk, 0, 5, -1);
    expect(disk, 5, 10, 0);
    expect(disk, 15, 5, 9);
    expect(disk, 100, 8, 0);
    expect(disk, 200, 8, -1);
    disk_close(disk);
}
END_TEST

START_TEST(a_read_only_overlay_shows_what_it_holds)
{
    struct host_disk *disk = open_work();

    put(disk, 3, 1, 3);
    disk_close(disk);
    disk = try_overlay(DISK_READ_ONLY);
    ck_assert_msg(disk != NULL, "%s", message);
    ck_assert(disk->read_only);
    expect(disk, 3, 1, 3);
    ck_assert_int_eq(disk->write(disk->context, 0, message, SECTOR), -EROFS);
    ck_assert_int_eq(disk->zero(disk->context, 0, SECTOR, HOST_ZERO_KEEP), -EROFS);
    ck_assert_int_eq(disk->discard(disk->context, 0, SECTOR), -EROFS);
    ck_assert_int_eq(disk->flush(disk->context), 0);
    disk_close(disk);
}
END_TEST

START_TEST(what_is_thrown_away_is_nowhere)
{
    struct host_disk *disk = open_work();
    struct stat before, after;

    put(disk, 3, 1, 3);
    disk_close(disk);
    ck_assert_int_eq(fstat(work.fd, &before), 0);
    struct host_disk *kept = try_overlay(DISK_READ_ONLY);
    disk = disk_open_throw_away(kept, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    put(disk, 4, 2, 4);
    ck_assert_int_eq(disk->zero(disk->context, 6 * SECTOR, SECTOR, HOST_ZERO_UNMAP), 0);
    ck_assert_int_eq(disk->flush(disk->context), 0);
    expect(disk, 3, 1, 3);
    expect(disk, 4, 2, 4);
    expect(disk, 6, 1, 0);
    expect(disk, 7, 100, -1);
    disk_close(disk);
    ck_assert_int_eq(fstat(work.fd, &after), 0);
    ck_assert_int_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
    disk = open_work();
    expect(disk, 4, 100, -1);
    disk_close(disk);
}
END_TEST

/* Does this say that the disk is in use? In a process of its own, since plain POSIX locks let one
 * process in twice. */
static void check_in_use(struct host_disk *(*open_it)(enum disk_mode))
{
    pid_t child = fork();
    int status = 0;

    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(!open_it(DISK_READ_WRITE) && strstr(message, "is in use by another machine") ? 0 : 1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

static struct host_disk *try_base(enum disk_mode mode)
{
    return disk_open(base.path, mode, message, sizeof message);
}

START_TEST(a_base_may_be_shared_and_an_overlay_not)
{
    struct host_disk *first = open_work();
    struct test_file other = work;

    check_in_use(try_overlay);
    work = test_file_create("other");
    struct host_disk *second = open_work();
    put(first, 0, 1, 1);
    put(second, 0, 1, 2);
    expect(first, 0, 1, 1);
    check_in_use(try_base);
    disk_close(first);
    disk_close(second);
    test_file_remove(&other);
}
END_TEST

START_TEST(a_base_that_has_changed_is_refused)
{
    struct timespec times[2] = {{.tv_sec = 1000000, .tv_nsec = 5},
                                {.tv_sec = 1000000, .tv_nsec = 5}};
    u8 byte = 0;

    ck_assert_int_eq(futimens(base.fd, times), 0);
    disk_close(open_work());
    disk_close(open_work());
    ck_assert_int_eq(pwrite(base.fd, &byte, 1, 1234), 1);
    ck_assert_int_eq(futimens(base.fd, times), 0);
    refuses("has changed");
    byte = base_byte(1234);
    ck_assert_int_eq(pwrite(base.fd, &byte, 1, 1234), 1);
    refuses("touch -d @1000000.000000005");
    ck_assert_int_eq(futimens(base.fd, times), 0);
    disk_close(open_work());
    ck_assert_int_eq(ftruncate(base.fd, (off_t)SIZE + 512), 0);
    refuses("is an overlay over a disk of 10240000 bytes");
}
END_TEST

START_TEST(what_is_no_overlay_is_refused_and_left_alone)
{
    u8 bytes[8192] = {0};
    u8 again[sizeof bytes];

    bytes[5000] = 1;
    test_file_write(&work, bytes, sizeof bytes);
    refuses("is not an overlay, and is left as it is");
    ck_assert_int_eq(pread(work.fd, again, sizeof again, 0), sizeof again);
    ck_assert_int_eq(memcmp(bytes, again, sizeof bytes), 0);
    bytes[0] = 'x';
    test_file_write(&work, bytes, 100);
    refuses("is not an overlay");
    struct test_file other = work;
    work = base;
    ck_assert_ptr_null(try_overlay(DISK_READ_WRITE)); /* over itself */
    work = other;
}
END_TEST

/* Every byte of the header counts, and every cut of the file. */
START_TEST(a_damaged_overlay_is_refused)
{
    u8 byte;

    disk_close(open_work());
    for (off_t at = 0; at < (off_t)sizeof(struct overlay_header); at++) {
        ck_assert_int_eq(pread(work.fd, &byte, 1, at), 1);
        byte ^= 0x10;
        ck_assert_int_eq(pwrite(work.fd, &byte, 1, at), 1);
        *message = 0;
        if (try_overlay(DISK_READ_WRITE))
            ck_abort_msg("byte %ld is not checked", (long)at);
        check_sentence(message);
        byte ^= 0x10;
        ck_assert_int_eq(pwrite(work.fd, &byte, 1, at), 1);
    }
    disk_close(open_work());
    u64 whole = overlay_data_at(SIZE) + SIZE;
    const u64 sizes[] = {PAGE_SIZE + 1, 3 * PAGE_SIZE, whole - 1, whole + 1};
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_int_eq(ftruncate(work.fd, (off_t)sizes[i]), 0);
        refuses("cut or put together wrongly");
    }
    ck_assert_int_eq(ftruncate(work.fd, PAGE_SIZE), 0);
    disk_close(open_work()); /* as far as it was made when the power failed */
    struct stat status;
    ck_assert_int_eq(fstat(work.fd, &status), 0);
    ck_assert_uint_eq((u64)status.st_size, whole);
}
END_TEST

START_TEST(an_overlay_that_cannot_be_made_is_refused)
{
    char long_path[64];

    test_file_write(&work, "", 0);
    ck_assert_ptr_null(try_overlay(DISK_READ_ONLY)); /* nothing is made to be read only */
    check_sentence(message);
    strcpy(long_path, work.path);
    strcpy(work.path, "/nowhere/work");
    refuses("/nowhere/work cannot be opened");
    strcpy(work.path, "/tmp");
    refuses("neither a file nor a block device");
    strcpy(work.path, long_path);
    disk_close(open_work());
    ck_assert_ptr_null(disk_open(work.path, DISK_READ_WRITE, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "is an overlay; name it together with its base"));
    ck_assert_int_eq(setenv("TMPDIR", "/nowhere", 1), 0);
    struct host_disk *disk = disk_open(base.path, DISK_READ_ONLY, message, sizeof message);
    ck_assert_ptr_null(disk_open_throw_away(disk, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "No temporary file can be made in /nowhere"));
    check_sentence(message);
}
END_TEST

START_TEST(a_run_ends_where_the_other_side_begins)
{
    struct overlay_map map;
    u64 seed = 88172645463325252u;
    bool is_ours;

    ck_assert(overlay_map_init(&map, 70000));
    u8 *truth = calloc(70000, 1);
    for (unsigned i = 0; i < 300; i++) {
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        u64 sector = (seed >> 8) % 70000, count = 1 + (seed >> 40) % (i % 10 ? 90 : 9000);
        if (count > 70000 - sector)
            count = 70000 - sector;
        overlay_map_mark(&map, sector, i < 60 ? count : 1);
        memset(truth + sector, 1, i < 60 ? count : 1);
    }
    for (u64 at = 0; at < 70000; at += overlay_map_run(&map, at, 70000, &is_ours)) {
        u64 run = overlay_map_run(&map, at, 70000, &is_ours);
        for (u64 i = at; i < at + run; i++)
            if (truth[i] != is_ours)
                ck_abort_msg("sector %lu is on the other side", (long)i);
        if (at + run < 70000 && truth[at + run] == is_ours)
            ck_abort_msg("the run at %lu could be longer", (long)at);
    }
    ck_assert_uint_eq(overlay_map_run(&map, 5, 6, &is_ours), 1);
    ck_assert_uint_eq(overlay_map_size(1), 4096);
    ck_assert_uint_eq(overlay_map_size(32768), 4096);
    ck_assert_uint_eq(overlay_map_size(32769), 8192);
    free(truth);
    overlay_map_free(&map);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk_overlay");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    tcase_add_test(all, what_is_written_stays_in_the_overlay);
    tcase_add_test(all, zeroes_hide_the_base_and_discards_do_not);
    tcase_add_test(all, a_read_only_overlay_shows_what_it_holds);
    tcase_add_test(all, what_is_thrown_away_is_nowhere);
    tcase_add_test(all, a_base_may_be_shared_and_an_overlay_not);
    tcase_add_test(all, a_base_that_has_changed_is_refused);
    tcase_add_test(all, what_is_no_overlay_is_refused_and_left_alone);
    tcase_add_test(all, a_damaged_overlay_is_refused);
    tcase_add_test(all, an_overlay_that_cannot_be_made_is_refused);
    tcase_add_test(all, a_run_ends_where_the_other_side_begins);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
