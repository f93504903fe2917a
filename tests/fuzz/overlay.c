/* Fuzzer: an overlay as it lies on the host, damaged or made by somebody hostile, and a guest that
 * uses the disk. It is refused with one sentence, or it is a disk that keeps what it is given. */
#include "loader/disk.h"
#include "loader/overlay_header.h"

#include "tests/fuzz/fuzz.h"

#include <stddef.h>

#define SECTOR    512u
#define SECTORS   64u
#define MOST_SIZE 16u /* sectors at once */

struct trial {
    struct fuzz_file base, overlay;
    u8 kept[SECTORS]; /* 0: nobody knows; else all bytes of the sector are this */
};

/* NULL when it is refused. */
static struct host_disk *open_disk(const struct trial *trial)
{
    char message[512] = "";
    struct host_disk *disk = disk_open(trial->base.path, DISK_READ_ONLY, message, sizeof message);

    fuzz_check(disk != NULL, "the base cannot be opened");
    disk = disk_open_overlay(disk, trial->overlay.path, DISK_READ_WRITE, message, sizeof message);
    if (!disk)
        fuzz_check_sentence(message);
    return disk;
}

/* A new overlay, some bytes of which are others then; its header can have the right sum all the
 * same. */
static void damage(const struct trial *trial, struct fuzz *fuzz)
{
    struct overlay_header header;
    u64 what = fuzz_take(fuzz, 1);

    for (u64 left = what & 15; left; left--) {
        u64 at = fuzz_take(fuzz, 2), value = fuzz_take(fuzz, 8);
        at = what & 16 ? at % sizeof header : OVERLAY_MAP_AT + at % PAGE_SIZE;
        fuzz_check(pwrite(trial->overlay.fd, &value, 1 + (at & 7), (off_t)at) > 0, "no write");
    }
    if (what & 32 && pread(trial->overlay.fd, &header, sizeof header, 0) == sizeof header) {
        header.sum = disk_sum(DISK_SUM_START, &header, offsetof(struct overlay_header, sum));
        fuzz_check(pwrite(trial->overlay.fd, &header, sizeof header, 0) == sizeof header, "no sum");
    }
    if (what & 64)
        fuzz_check(ftruncate(trial->overlay.fd, (off_t)fuzz_take(fuzz, 3)) == 0, "no cutting");
}

static void check(const struct trial *trial, struct host_disk *disk)
{
    u8 bytes[SECTOR];

    for (u64 i = 0; i < SECTORS; i++) {
        if (!trial->kept[i])
            continue;
        fuzz_check(disk->read(disk->context, i * SECTOR, bytes, SECTOR) == 0, "it cannot be read");
        for (unsigned at = 0; at < SECTOR; at++)
            fuzz_check(bytes[at] == trial->kept[i], "it has lost what was written");
    }
}

static void use(struct trial *trial, struct host_disk *disk, struct fuzz *fuzz)
{
    static u8 bytes[MOST_SIZE * SECTOR];
    u64 which = fuzz_take(fuzz, 1), sector = fuzz_take(fuzz, 2) % SECTORS;
    u64 count = 1 + fuzz_take(fuzz, 1) % MOST_SIZE;
    int error = 0;

    count = count < SECTORS - sector ? count : SECTORS - sector;
    u8 mark = (u8)(which >> 2 | 1);
    if ((which & 3) == 0) {
        memset(bytes, mark, sizeof bytes);
        error = disk->write(disk->context, sector * SECTOR, bytes, count * SECTOR);
        memset(trial->kept + sector, mark, count);
    } else if ((which & 3) == 1) {
        error = disk->discard(disk->context, sector * SECTOR, count * SECTOR);
        memset(trial->kept + sector, 0, count);
    } else if ((which & 3) == 2) {
        error = disk->zero(disk->context, sector * SECTOR, count * SECTOR,
                           which & 4 ? HOST_ZERO_UNMAP : HOST_ZERO_KEEP);
        memset(trial->kept + sector, 0, count);
    } else {
        error = disk->flush(disk->context);
    }
    fuzz_check(error == 0, "a request fails");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static const u8 nothing[SECTORS * SECTOR];
    struct fuzz fuzz = {bytes, size};
    struct trial trial = {.base = fuzz_file_create((struct fuzz){nothing, sizeof nothing}),
                          .overlay = fuzz_file_create((struct fuzz){nothing, 0})};
    struct host_disk *disk = open_disk(&trial);

    fuzz_check(disk != NULL, "a new overlay is refused");
    disk_close(disk);
    damage(&trial, &fuzz);
    for (unsigned life = 0; life < 3 && (disk = open_disk(&trial)); life++) {
        check(&trial, disk);
        for (unsigned left = 16; left && fuzz.left; left--)
            use(&trial, disk, &fuzz);
        check(&trial, disk);
        disk_close(disk);
    }
    fuzz_file_remove(&trial.base);
    fuzz_file_remove(&trial.overlay);
    return 0;
}
