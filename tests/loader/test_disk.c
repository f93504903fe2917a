/* Disks: transfers, locks, and a flush that fails for good. */
#include "loader/disk.h"

#include "tests/loader/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

/* Stands in for the C library's: the host's disk breaks when a test says so. */
static int flush_breaks_with;

int fdatasync(int fd)
{
    if (!flush_breaks_with)
        return fsync(fd);
    errno = flush_breaks_with;
    return -1;
}

static struct test_file make_image(off_t size)
{
    struct test_file file = test_file_create("disk");

    ck_assert_int_eq(ftruncate(file.fd, size), 0);
    return file;
}

START_TEST(what_is_written_is_read_back_and_in_the_file)
{
    struct test_file file = make_image(4096);
    char message[256] = "";
    u8 bytes[1024], again[1024];
    struct host_disk *disk = disk_open(file.path, DISK_READ_WRITE, message, sizeof message);

    ck_assert_msg(disk != NULL, "%s", message);
    ck_assert_uint_eq(disk->size, 4096);
    ck_assert(!disk->read_only);
    memset(bytes, 0x5a, sizeof bytes);
    ck_assert_int_eq(disk->write(disk->context, 3072, bytes, sizeof bytes), 0);
    ck_assert_int_eq(disk->read(disk->context, 3072, again, sizeof again), 0);
    ck_assert_int_eq(memcmp(bytes, again, sizeof bytes), 0);
    ck_assert_int_eq(pread(file.fd, again, sizeof again, 3072), sizeof again);
    ck_assert_int_eq(memcmp(bytes, again, sizeof bytes), 0);
    ck_assert_int_eq(disk->flush(disk->context), 0);
    disk_close(disk);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_read_only_disk_refuses_writes)
{
    struct test_file file = make_image(512);
    char message[256] = "";
    struct host_disk *disk = disk_open(file.path, DISK_READ_ONLY, message, sizeof message);

    ck_assert_ptr_nonnull(disk);
    ck_assert(disk->read_only);
    ck_assert_int_eq(disk->write(disk->context, 0, message, 1), -EROFS);
    ck_assert_int_eq(disk->discard(disk->context, 0, 512), -EROFS);
    ck_assert_int_eq(disk->zero(disk->context, 0, 512, HOST_ZERO_KEEP), -EROFS);
    ck_assert_int_eq(disk->flush(disk->context), 0);
    disk_close(disk);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_file_of_any_size_is_padded_with_zeroes_and_grows_when_written)
{
    struct test_file file = make_image(0);
    char message[256] = "";
    u8 bytes[1024];

    test_file_write(&file, "lorem ipsum", 11);
    ck_assert_ptr_null(disk_open(file.path, DISK_READ_WRITE, message, sizeof message));
    struct host_disk *disk =
        disk_open_any_size(file.path, DISK_READ_WRITE, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    ck_assert_uint_eq(disk->size, 512);
    memset(bytes, 0xee, sizeof bytes);
    ck_assert_int_eq(disk->read(disk->context, 0, bytes, 512), 0);
    ck_assert_mem_eq(bytes, "lorem ipsum\0\0", 13);
    ck_assert_uint_eq(bytes[511], 0);
    ck_assert_uint_eq(bytes[512], 0xee);
    ck_assert_int_eq(disk->read(disk->context, 100, bytes, 100), 0);
    ck_assert_uint_eq(bytes[0], 0);
    memset(bytes, 0x5a, sizeof bytes);
    ck_assert_int_eq(disk->write(disk->context, 0, bytes, 512), 0);
    ck_assert_int_eq(disk->read(disk->context, 256, bytes + 512, 256), 0);
    ck_assert_mem_eq(bytes + 512, bytes, 256);
    ck_assert_int_eq(lseek(file.fd, 0, SEEK_END), 512);
    disk_close(disk);
    test_file_remove(&file);
}
END_TEST

/* In a process of its own, since plain POSIX locks let one process in twice. */
static bool can_other_process_open(const char *path, enum disk_mode mode)
{
    pid_t child = fork();
    int status = 0;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        char message[256] = "";
        struct host_disk *disk = disk_open(path, mode, message, sizeof message);
        if (!disk && !strstr(message, "is in use by another machine"))
            _exit(2);
        _exit(disk ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_le(WEXITSTATUS(status), 1);
    return WEXITSTATUS(status) == 0;
}

START_TEST(one_writer_or_many_readers)
{
    struct test_file file = make_image(512);
    char message[256] = "";
    struct host_disk *writer = disk_open(file.path, DISK_READ_WRITE, message, sizeof message);

    ck_assert_ptr_nonnull(writer);
    ck_assert(!can_other_process_open(file.path, DISK_READ_WRITE));
    ck_assert(!can_other_process_open(file.path, DISK_READ_ONLY));
    disk_close(writer);
    struct host_disk *reader = disk_open(file.path, DISK_READ_ONLY, message, sizeof message);
    ck_assert_ptr_nonnull(reader);
    ck_assert(can_other_process_open(file.path, DISK_READ_ONLY));
    ck_assert(!can_other_process_open(file.path, DISK_READ_WRITE));
    disk_close(reader);
    ck_assert(can_other_process_open(file.path, DISK_READ_WRITE));
    test_file_remove(&file);
}
END_TEST

START_TEST(an_image_of_odd_size_is_refused)
{
    static const off_t sizes[] = {0, 1, 511, 513};
    struct test_file file = make_image(sizes[_i]);
    char message[256] = "";

    ck_assert_ptr_null(disk_open(file.path, DISK_READ_WRITE, message, sizeof message));
    check_sentence(message);
    test_file_remove(&file);
}
END_TEST

START_TEST(what_is_no_image_is_refused)
{
    char message[256] = "";

    ck_assert_ptr_null(disk_open("/nowhere/disk", DISK_READ_WRITE, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "/nowhere/disk cannot be opened"));
    ck_assert_ptr_nonnull(strstr(message, "truncate -s 8G makes an empty disk"));
    ck_assert_ptr_null(disk_open("/tmp", DISK_READ_WRITE, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "neither a file nor a block device"));
    ck_assert_ptr_null(disk_open("/dev/null", DISK_READ_ONLY, message, sizeof message));
    check_sentence(message);
}
END_TEST

START_TEST(a_flush_that_failed_once_fails_for_good)
{
    struct test_file file = make_image(512);
    char message[256] = "";
    struct host_disk *disk = disk_open(file.path, DISK_READ_WRITE, message, sizeof message);

    ck_assert_ptr_nonnull(disk);
    ck_assert_int_eq(disk->flush(disk->context), 0);
    flush_breaks_with = ENOSPC;
    ck_assert_int_eq(disk->flush(disk->context), -ENOSPC);
    flush_breaks_with = 0;
    ck_assert_int_eq(disk->flush(disk->context), -ENOSPC);
    disk_close(disk);
    test_file_remove(&file);
}
END_TEST

START_TEST(an_image_cut_under_us_is_an_input_error)
{
    struct test_file file = make_image(1024);
    char message[256] = "";
    u8 bytes[1024];
    struct host_disk *disk = disk_open(file.path, DISK_READ_ONLY, message, sizeof message);

    ck_assert_ptr_nonnull(disk);
    ck_assert_int_eq(ftruncate(file.fd, 512), 0);
    ck_assert_int_eq(disk->read(disk->context, 0, bytes, sizeof bytes), -EIO);
    disk_close(disk);
    test_file_remove(&file);
}
END_TEST

START_TEST(the_disk_is_called_after_its_file_cut_to_twenty_bytes)
{
    struct test_file file = make_image(512);
    char message[256] = "";
    struct host_disk *disk = disk_open(file.path, DISK_READ_ONLY, message, sizeof message);

    ck_assert_ptr_nonnull(disk);
    ck_assert_int_eq(strncmp(disk->id, strrchr(file.path, '/') + 1, 20), 0);
    disk_close(disk);
    disk_close(NULL);
    test_file_remove(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk");
    TCase *all = tcase_create("all");

    tcase_add_test(all, what_is_written_is_read_back_and_in_the_file);
    tcase_add_test(all, a_read_only_disk_refuses_writes);
    tcase_add_test(all, a_file_of_any_size_is_padded_with_zeroes_and_grows_when_written);
    tcase_add_test(all, one_writer_or_many_readers);
    tcase_add_loop_test(all, an_image_of_odd_size_is_refused, 0, 4);
    tcase_add_test(all, what_is_no_image_is_refused);
    tcase_add_test(all, a_flush_that_failed_once_fails_for_good);
    tcase_add_test(all, an_image_cut_under_us_is_an_input_error);
    tcase_add_test(all, the_disk_is_called_after_its_file_cut_to_twenty_bytes);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
