/* Disks on a host whose calls fail: each call of the block layer, each once, in each way. What was
 * answered with success is there; what failed left the old or the new; nothing else has changed. */
#include "loader/disk.h"
#include "loader/disk_calls.h"

#include "tests/loader/fixture.h"

#include <errno.h>
#include <fcntl.h>

#define SECTOR  512u
#define SECTORS 64u
#define SHORT   (-1) /* a transfer of fewer bytes than asked for */

/* The call with this number (counted from 0) fails so. */
static struct {
    int fails_at, how, calls;
    bool has_failed;
} fault;

static bool fails(void)
{
    if (fault.calls++ != fault.fails_at)
        return false;
    fault.has_failed = true;
    errno = fault.how;
    return true;
}

static int faulty_open(const char *path, int flags, mode_t mode)
{
    return fails() && fault.how != SHORT ? -1 : open(path, flags, mode);
}

static ssize_t faulty_pread(int fd, void *to, size_t size, off_t offset)
{
    if (!fails())
        return pread(fd, to, size, offset);
    return fault.how == SHORT ? pread(fd, to, (size + 1) / 2, offset) : -1;
}

/* As on a true host, some of it may have been written. */
static ssize_t faulty_pwrite(int fd, const void *from, size_t size, off_t offset)
{
    if (!fails())
        return pwrite(fd, from, size, offset);
    ssize_t some = pwrite(fd, from, (size + 1) / 2, offset);
    errno = fault.how;
    return fault.how == SHORT ? some : -1;
}

static int faulty_ftruncate(int fd, off_t size)
{
    return fails() && fault.how != SHORT ? -1 : ftruncate(fd, size);
}

static int faulty_sync(int fd)
{
    (void)fd;
    return fails() && fault.how != SHORT ? -1 : 0;
}

static int faulty_zero(int fd, off_t offset, off_t size)
{
    static const u8 zeroes[SECTORS * SECTOR];

    if (fails() && fault.how != SHORT)
        return -1;
    return pwrite(fd, zeroes, (size_t)size, offset) == size ? 0 : -1;
}

const struct disk_calls disk_calls = {
    .open = faulty_open,
    .make_temporary = mkstemp,
    .pread = faulty_pread,
    .pwrite = faulty_pwrite,
    .ftruncate = faulty_ftruncate,
    .fdatasync = faulty_sync,
    .fsync = faulty_sync,
    .punch = faulty_zero,
    .zero = faulty_zero,
};

enum kind { RAW, OVERLAY, THROW_AWAY, KINDS };

/* What each sector may be: one of these two bytes, throughout. */
struct model {
    u8 now[SECTORS], also[SECTORS];
};

static struct test_file base, work;

static struct host_disk *open_disk(enum kind kind, char *message, size_t size)
{
    struct host_disk *disk =
        disk_open(kind == OVERLAY ? base.path : work.path,
                  kind == RAW ? DISK_READ_WRITE : DISK_READ_ONLY, message, size);

    if (disk && kind == OVERLAY)
        disk = disk_open_overlay(disk, work.path, DISK_READ_WRITE, message, size);
    if (disk && kind == THROW_AWAY)
        disk = disk_open_throw_away(disk, message, size);
    return disk;
}

static void expect(struct model *model, u64 sector, u64 count, u8 byte, int error)
{
    for (u64 i = sector; i < sector + count; i++) {
        model->also[i] = error ? byte : model->now[i];
        if (!error)
            model->now[i] = model->also[i] = byte;
    }
}

static void check(const struct model *model, struct host_disk *disk)
{
    u8 bytes[SECTORS * SECTOR];

    ck_assert_int_eq(disk->read(disk->context, 0, bytes, sizeof bytes), 0);
    for (u64 i = 0; i < sizeof bytes; i++)
        if (bytes[i] != model->now[i / SECTOR] && bytes[i] != model->also[i / SECTOR])
            ck_abort_msg("call %d failing with %d: byte %lu is %u, not %u or %u", fault.fails_at,
                         fault.how, (long)i, bytes[i], model->now[i / SECTOR],
                         model->also[i / SECTOR]);
}

/* Transfers go on after what was short or interrupted, and tell anything else as it is. */
static void check_error(int error)
{
    bool is_hidden = fault.how == SHORT || fault.how == EINTR;

    if (error && (!fault.has_failed || is_hidden || error != -fault.how))
        ck_abort_msg("call %d failing with %d is told as %d", fault.fails_at, fault.how, error);
}

static void write_to(struct host_disk *disk, struct model *model, u64 sector, u64 count, u8 byte)
{
    u8 bytes[SECTORS * SECTOR];

    memset(bytes, byte, sizeof bytes);
    int error = disk->write(disk->context, sector * SECTOR, bytes, count * SECTOR);
    expect(model, sector, count, byte, error);
    check_error(error);
}

/* After a failed flush every other fails alike. */
static void flush(struct host_disk *disk, int *flush_error)
{
    bool had_failed = fault.has_failed;
    int error = disk->flush(disk->context);

    if (*flush_error && error != *flush_error)
        ck_abort_msg("a flush answers %d after one that failed with %d", error, *flush_error);
    /* What ran out of space while the map was stored may work later. */
    if (error && !had_failed && disk->flush(disk->context) == error)
        *flush_error = error;
}

static void work_through(struct host_disk *disk, struct model *model)
{
    u8 bytes[16 * SECTOR];
    int flush_error = 0, error;

    write_to(disk, model, 0, 8, 1);
    write_to(disk, model, 4, 20, 2);
    flush(disk, &flush_error);
    write_to(disk, model, 30, 3, 3);
    error = disk->zero(disk->context, 5 * SECTOR, 4 * SECTOR, HOST_ZERO_UNMAP);
    check_error(error);
    expect(model, 5, 4, 0, error);
    error = disk->zero(disk->context, 40 * SECTOR, 4 * SECTOR, HOST_ZERO_KEEP);
    check_error(error);
    expect(model, 40, 4, 0, error);
    error = disk->read(disk->context, 2 * SECTOR, bytes, sizeof bytes);
    check_error(error);
    flush(disk, &flush_error);
    write_to(disk, model, 60, 4, 4);
    flush(disk, &flush_error);
}

static void begin(enum kind kind, struct model *model)
{
    u8 bytes[SECTORS * SECTOR];

    base = test_file_create("base");
    work = test_file_create("work");
    memset(bytes, 0xba, sizeof bytes);
    memset(model, 0xba, sizeof *model);
    test_file_write(&base, bytes, sizeof bytes);
    if (kind != OVERLAY)
        test_file_write(&work, bytes, sizeof bytes);
}

/* One failing call; false when there were not so many. */
static bool fail_once(enum kind kind, int how, int at)
{
    struct model model;
    char message[512] = "";

    begin(kind, &model);
    fault.how = how;
    fault.fails_at = at;
    fault.calls = 0;
    fault.has_failed = false;
    struct host_disk *disk = open_disk(kind, message, sizeof message);
    if (!disk)
        check_sentence(message);
    ck_assert(disk || (fault.has_failed && how != SHORT));
    if (disk) {
        work_through(disk, &model);
        disk_close(disk);
    }
    bool has_failed = fault.has_failed;
    /* The host works again: the disk can be opened and is what it must be. */
    fault.fails_at = -1;
    disk = open_disk(kind, message, sizeof message);
    ck_assert_msg(disk != NULL, "call %d failing with %d: %s", at, how, message);
    if (kind != THROW_AWAY && !has_failed)
        check(&model, disk);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&work);
    return has_failed;
}

static const int hows[] = {ENOSPC, EIO, EDQUOT, EINTR, EROFS, SHORT};

START_TEST(each_call_may_fail_once_in_each_way)
{
    unsigned failed = 0;

    for (enum kind kind = RAW; kind < KINDS; kind++) {
        int at = 0;
        while (fail_once(kind, hows[_i], at))
            at++;
        ck_assert_int_ge(at, 10);
        failed += (unsigned)at;
    }
    ck_assert_uint_gt(failed, 45);
}
END_TEST

/* While the disk stays open, what can be read is what was written, whatever failed. */
START_TEST(what_is_read_after_a_failure_is_old_or_new)
{
    for (enum kind kind = RAW; kind < KINDS; kind++)
        for (int at = 0; at < 40; at++) {
            struct model model;
            char message[512] = "";
            begin(kind, &model);
            fault.how = hows[_i];
            fault.fails_at = at + 8; /* after it was opened, mostly */
            fault.calls = 0;
            fault.has_failed = false;
            struct host_disk *disk = open_disk(kind, message, sizeof message);
            if (disk) {
                work_through(disk, &model);
                fault.fails_at = -1;
                check(&model, disk);
            }
            disk_close(disk);
            test_file_remove(&base);
            test_file_remove(&work);
        }
}
END_TEST

START_TEST(a_host_that_is_full_for_a_while_loses_nothing)
{
    struct model model;
    char message[512] = "";
    int flush_error = 0;

    begin(OVERLAY, &model);
    fault.fails_at = -1;
    fault.has_failed = false;
    struct host_disk *disk = open_disk(OVERLAY, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    write_to(disk, &model, 3, 9, 7);
    fault.how = ENOSPC;
    fault.fails_at = fault.calls + 1; /* after the data's fdatasync: the map's write */
    ck_assert_int_eq(disk->flush(disk->context), -ENOSPC);
    fault.fails_at = -1;
    flush(disk, &flush_error);
    ck_assert_int_eq(flush_error, 0);
    disk_close(disk);
    disk = open_disk(OVERLAY, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    check(&model, disk);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&work);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk_faults");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    tcase_add_loop_test(all, each_call_may_fail_once_in_each_way, 0, sizeof hows / sizeof hows[0]);
    tcase_add_loop_test(all, what_is_read_after_a_failure_is_old_or_new, 0,
                        sizeof hows / sizeof hows[0]);
    tcase_add_test(all, a_host_that_is_full_for_a_while_loses_nothing);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
