/* Who opens a disk first, has it: races between processes, and locks of those who were killed. */
#include "loader/disk.h"

#include "tests/loader/fixture.h"

#include <signal.h>
#include <sys/wait.h>

#define RACES 100

static struct test_file base, work;

static struct host_disk *open_disk(bool is_overlay, char *message, size_t size)
{
    struct host_disk *disk =
        disk_open(is_overlay ? base.path : work.path, is_overlay ? DISK_READ_ONLY : DISK_READ_WRITE,
                  message, size);

    return disk && is_overlay ? disk_open_overlay(disk, work.path, DISK_READ_WRITE, message, size)
                              : disk;
}

/* Waits for the start, opens, tells how it went, and holds what it has until it is killed. */
static pid_t start_racer(bool is_overlay, const int start[2], int result)
{
    pid_t child = fork();
    char byte, message[512] = "";

    ck_assert_int_ge(child, 0);
    if (child)
        return child;
    close(start[1]); /* or the start would never be at its end */
    if (read(start[0], &byte, 1) != 0)
        _exit(1);
    struct host_disk *disk = open_disk(is_overlay, message, sizeof message);
    byte = disk ? 'w' : strstr(message, "is in use by another machine") ? 'l' : '?';
    if (byte == '?')
        fprintf(stderr, "%s\n", message);
    if (write(result, &byte, 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static void race(bool is_overlay)
{
    int start[2], result[2], winners = 0;
    pid_t racers[3];
    char byte;

    ck_assert(pipe(start) == 0 && pipe(result) == 0);
    for (int i = 0; i < 3; i++)
        racers[i] = start_racer(is_overlay, start, result[1]);
    close(start[0]);
    close(start[1]); /* go */
    for (int i = 0; i < 3; i++) {
        if (read(result[0], &byte, 1) != 1 || (byte != 'w' && byte != 'l'))
            ck_abort_msg("a racer says '%c'", byte);
        winners += byte == 'w';
    }
    for (int i = 0; i < 3; i++) {
        kill(racers[i], SIGKILL);
        waitpid(racers[i], NULL, 0);
    }
    close(result[0]);
    close(result[1]);
    if (winners != 1)
        ck_abort_msg("%d of three have opened the disk", winners);
}

/* Each race begins when those of the one before were killed with the disk in their hands. */
START_TEST(of_three_that_open_a_disk_one_gets_it)
{
    bool is_overlay = _i;
    u8 sector[512] = {1};

    base = test_file_create("base");
    work = test_file_create("work");
    test_file_write(&base, sector, sizeof sector);
    if (!is_overlay)
        test_file_write(&work, sector, sizeof sector);
    for (int i = 0; i < RACES; i++)
        race(is_overlay);
    char message[512] = "";
    struct host_disk *disk = open_disk(is_overlay, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&work);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disk_races");
    TCase *all = tcase_create("all");

    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    tcase_add_loop_test(all, of_three_that_open_a_disk_one_gets_it, 0, 2);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
