/* Snapshots: what is kept, and what is refused. Restored machines go on alike: tests/history. */
#include "devices/uart.h"
#include "loader/disk.h"
#include "loader/snapshot.h"
#include "loader/state.h"

#include "tests/devices/bench.h"
#include "tests/loader/fixture.h"

#include <sys/stat.h>

#define DISK_SIZE 65536u

static char message[1024];
static struct test_file file;

static void set_up_file(void)
{
    file = test_file_create("snapshot");
    *message = 0;
}

/* Two harts that count, one byte typed, something in RAM. */
static void open_counting(struct bench *bench, unsigned harts, const struct host *host)
{
    bench_open_host(bench, ENGINE_FAST, harts, host);
    bench_put(bench, insn_addi(A0, A0, 1));
    bench_put(bench, insn_jal(ZERO, -4));
    memset(ram_writable(&bench->machine->ram, BENCH_RAM + 0x100000, 3 * PAGE_SIZE), 0xa5,
           3 * PAGE_SIZE);
    machine_run(bench->machine, 12345);
    uart_receive(machine_device(bench->machine, "uart", 0), 'x');
}

static void save(struct bench *bench)
{
    ck_assert_msg(snapshot_save(bench->machine, file.path, message, sizeof message), "%s", message);
    close(file.fd); /* of the file that had the name before */
    file.fd = open(file.path, O_RDWR);
}

/* What the file holds now. */
static size_t read_file(u8 **bytes)
{
    struct stat status;

    ck_assert_int_eq(fstat(file.fd, &status), 0);
    *bytes = malloc((size_t)status.st_size);
    ck_assert_int_eq(pread(file.fd, *bytes, (size_t)status.st_size, 0), status.st_size);
    return (size_t)status.st_size;
}

struct memory {
    u8 *state, *ram;
};

static struct memory remember(struct bench *bench)
{
    struct memory memory = {malloc(state_size(bench->machine)), malloc(BENCH_SIZE)};

    state_save(bench->machine, memory.state);
    memcpy(memory.ram, bench->machine->ram.bytes, BENCH_SIZE);
    return memory;
}

static void check_same(struct bench *bench, const struct memory *memory)
{
    struct memory now = remember(bench);

    ck_assert_int_eq(memcmp(now.state, memory->state, state_size(bench->machine)), 0);
    ck_assert_int_eq(memcmp(now.ram, memory->ram, BENCH_SIZE), 0);
    free(now.state);
    free(now.ram);
}

static void check_unchanged(struct bench *bench, struct memory *memory)
{
    check_same(bench, memory);
    free(memory->state);
    free(memory->ram);
}

static void check_refused(struct bench *bench, const char *word)
{
    struct memory before = remember(bench);

    *message = 0;
    ck_assert_int_eq(snapshot_restore(bench->machine, file.path, message, sizeof message),
                     SNAPSHOT_REFUSED);
    check_sentence(message);
    ck_assert_msg(strstr(message, word) != NULL, "no \"%s\": %s", word, message);
    check_unchanged(bench, &before);
}

/* zstd has bits that mean nothing: with one of those flipped the content is what it was. */
static void check_refused_or_harmless(struct bench *bench, const struct memory *saved)
{
    struct memory before = remember(bench);

    *message = 0;
    if (snapshot_restore(bench->machine, file.path, message, sizeof message) == SNAPSHOT_REFUSED) {
        check_sentence(message);
        check_unchanged(bench, &before);
        return;
    }
    check_same(bench, saved);
    machine_run(bench->machine, 20000);
    check_unchanged(bench, &before);
}

static void restore(struct bench *bench)
{
    ck_assert_msg(snapshot_restore(bench->machine, file.path, message, sizeof message) ==
                      SNAPSHOT_RESTORED,
                  "%s", message);
}

START_TEST(registers_memory_and_chips_come_back)
{
    struct host host = {.context = NULL};
    struct bench bench, other;
    struct memory saved;

    set_up_file();
    open_counting(&bench, 2, &host);
    save(&bench);
    saved = remember(&bench);
    bench_open(&other, ENGINE_PLAIN, 2);
    machine_run(other.machine, 99);
    memset(ram_writable(&other.machine->ram, BENCH_RAM + 0x200000, 8), 1, 8);
    restore(&other);
    check_unchanged(&other, &saved);
    ck_assert_uint_eq(bench_read(&other, 0x10000000, 1), 'x');
    bench_close(&bench);
    bench_close(&other);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_damaged_file_is_refused_and_touches_nothing)
{
    struct host host = {.context = NULL};
    struct bench bench;
    u8 *bytes, *bad;
    struct memory saved;
    size_t size;

    set_up_file();
    open_counting(&bench, 1, &host);
    save(&bench);
    saved = remember(&bench);
    machine_run(bench.machine, 20000);
    size = read_file(&bytes);
    bad = malloc(size + 1);
    for (size_t at = 0; at < size; at += 1 + size / 400) {
        memcpy(bad, bytes, size);
        bad[at] ^= (u8)(1u << at % 8);
        test_file_write(&file, bad, size);
        check_refused_or_harmless(&bench, &saved);
        if (at == 0)
            continue; /* an empty file is another sentence */
        test_file_write(&file, bytes, at);
        check_refused(&bench, "snapshot");
    }
    memcpy(bad, bytes, size);
    bad[size] = 0;
    test_file_write(&file, bad, size + 1);
    check_refused(&bench, "damaged");
    ck_assert(!snapshot_check(file.path, message, sizeof message));
    test_file_write(&file, bytes, size);
    ck_assert_msg(snapshot_check(file.path, message, sizeof message), "%s", message);
    free(bytes);
    free(bad);
    free(saved.state);
    free(saved.ram);
    bench_close(&bench);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_foreign_file_or_version_is_named)
{
    struct host host = {.context = NULL};
    struct bench bench;
    struct snapshot_info info;
    u8 *bytes;

    set_up_file();
    open_counting(&bench, 1, &host);
    test_file_write(&file, "\177ELF and something", 18);
    check_refused(&bench, "is no snapshot");
    save(&bench);
    ck_assert_msg(snapshot_inspect(file.path, &info, message, sizeof message), "%s", message);
    ck_assert_uint_eq(info.steps, 12345);
    ck_assert_uint_eq(info.ram_size, BENCH_SIZE);
    size_t size = read_file(&bytes);
    bytes[16] = 2;
    test_file_write(&file, bytes, size);
    check_refused(&bench, "version 2");
    free(bytes);
    bench_close(&bench);
    test_file_remove(&file);
}
END_TEST

START_TEST(of_another_machine_it_is_told_how_to_start_it)
{
    struct host host = {.context = NULL}, with_net = {.context = NULL};
    struct host_net net = {.mtu = 1500};
    struct bench bench, other;

    set_up_file();
    open_counting(&bench, 2, &host);
    save(&bench);
    open_counting(&other, 1, &host);
    check_refused(&other, "-m 4096K -c 2");
    bench_close(&other);
    host_plug(&with_net, PLUG_NET, &net);
    bench_open_host(&other, ENGINE_FAST, 2, &with_net);
    check_refused(&other, "network");
    bench_close(&other);
    bench_close(&bench);
    test_file_remove(&file);
}
END_TEST

static struct host_disk *open_disk(const struct test_file *base, const struct test_file *work)
{
    struct host_disk *disk =
        disk_open(base->path, work ? DISK_READ_ONLY : DISK_READ_WRITE, message, sizeof message);

    if (disk && work)
        disk = disk_open_overlay(disk, work->path, DISK_READ_WRITE, message, sizeof message);
    ck_assert_msg(disk != NULL, "%s", message);
    return disk;
}

static void put_sector(struct host_disk *disk, u64 sector, u8 byte)
{
    u8 bytes[512];

    memset(bytes, byte, sizeof bytes);
    ck_assert_int_eq(disk->write(disk->context, sector * 512, bytes, sizeof bytes), 0);
}

static void check_sector(struct host_disk *disk, u64 sector, u8 byte)
{
    u8 bytes[512];

    ck_assert_int_eq(disk->read(disk->context, sector * 512, bytes, sizeof bytes), 0);
    ck_assert_uint_eq(bytes[0], byte);
    ck_assert_uint_eq(bytes[511], byte);
}

static struct test_file make_base(void)
{
    struct test_file base = test_file_create("base");
    u8 *bytes = calloc(1, DISK_SIZE);

    test_file_write(&base, bytes, DISK_SIZE);
    free(bytes);
    return base;
}

static void open_with_disk(struct bench *bench, struct host_disk *disk)
{
    struct host host = {.context = NULL};

    host_plug(&host, PLUG_DISK, disk);
    open_counting(bench, 1, &host);
}

START_TEST(what_an_overlay_holds_comes_back_and_nothing_else)
{
    struct test_file base = make_base(), work = test_file_create("work");
    struct host_disk *disk = open_disk(&base, &work);
    struct bench bench;

    set_up_file();
    open_with_disk(&bench, disk);
    put_sector(disk, 3, 0x33);
    put_sector(disk, 100, 0x44);
    save(&bench);
    put_sector(disk, 3, 0x55);
    put_sector(disk, 7, 0x77);
    restore(&bench);
    check_sector(disk, 3, 0x33);
    check_sector(disk, 7, 0);
    check_sector(disk, 100, 0x44);
    bench_close(&bench);
    disk_close(disk);
    disk = open_disk(&base, &work); /* and it is in the file */
    check_sector(disk, 3, 0x33);
    check_sector(disk, 7, 0);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&work);
    test_file_remove(&file);
}
END_TEST

START_TEST(a_disk_that_was_written_to_since_no_longer_fits)
{
    struct test_file base = make_base();
    struct host_disk *disk = open_disk(&base, NULL);
    struct bench bench;

    set_up_file();
    open_with_disk(&bench, disk);
    put_sector(disk, 3, 0x33);
    save(&bench);
    machine_run(bench.machine, 20000);
    restore(&bench);
    ck_assert_uint_eq(bench_steps(&bench), 12345);
    put_sector(disk, 4, 0x44);
    check_refused(&bench, "has been written to since");
    bench_close(&bench);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&file);
}
END_TEST

START_TEST(what_an_overlay_held_needs_an_overlay)
{
    struct test_file base = make_base(), work = test_file_create("work");
    struct host_disk *disk = open_disk(&base, &work);
    struct bench bench;

    set_up_file();
    open_with_disk(&bench, disk);
    put_sector(disk, 3, 0x33);
    save(&bench);
    bench_close(&bench);
    disk_close(disk);
    disk = open_disk(&base, NULL);
    open_with_disk(&bench, disk);
    check_refused(&bench, "overlay");
    bench_close(&bench);
    disk_close(disk);
    test_file_remove(&base);
    test_file_remove(&work);
    test_file_remove(&file);
}
END_TEST

START_TEST(only_a_file_is_replaced)
{
    struct host host = {.context = NULL};
    struct bench bench;
    struct stat status;

    open_counting(&bench, 1, &host);
    ck_assert(!snapshot_save(bench.machine, "/dev/null", message, sizeof message));
    check_sentence(message);
    ck_assert_int_eq(stat("/dev/null", &status), 0);
    ck_assert(S_ISCHR(status.st_mode));
    ck_assert(!snapshot_save(bench.machine, "/no/such/folder", message, sizeof message));
    check_sentence(message);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {registers_memory_and_chips_come_back,
                                  a_damaged_file_is_refused_and_touches_nothing,
                                  a_foreign_file_or_version_is_named,
                                  of_another_machine_it_is_told_how_to_start_it,
                                  what_an_overlay_holds_comes_back_and_nothing_else,
                                  a_disk_that_was_written_to_since_no_longer_fits,
                                  what_an_overlay_held_needs_an_overlay,
                                  only_a_file_is_replaced};

    return SUITE_RUN("snapshots", tests, 1);
}
