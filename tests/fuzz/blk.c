/* Fuzzer: a disk and a hostile driver. The first byte says whether the disk is read-only (1)
 * and the slot a legacy one (2). */
#include "devices/virtio_blk.h"

#include "tests/fuzz/virtio.h"

/* Reads the second sector as a good driver would. */
static void check_alive(struct rig *rig)
{
    u64 status = 0xaa;

    rig->disk_answer = 0;
    rig_start_driver(rig, 0);
    rig_describe(rig, 0, DATA, 16, VIRTQUEUE_NEXT, 1);
    rig_describe(rig, 1, DATA + 1024, 512, VIRTQUEUE_NEXT | VIRTQUEUE_WRITE, 2);
    rig_describe(rig, 2, DATA + 16, 1, VIRTQUEUE_WRITE, 0);
    rig_store(rig, DATA, 8, VIRTIO_BLK_IN);
    rig_store(rig, DATA + 8, 8, 1);
    fuzz_check(rig_answer(rig) == 513, "a read of a sector writes 513 bytes");
    bus_read(&rig->bus, DATA + 16, 1, &status);
    fuzz_check(status == VIRTIO_BLK_OK, "a good read fails");
    fuzz_check(!memcmp(ram_host(&rig->ram, DATA + 1024), rig->image + 512, 512),
               "what is read is not what is on the disk");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);

    fuzz_check(rig != NULL, "no memory");
    rig_open(rig, &virtio_blk_type, &rig->disk);
    unsigned choice = (unsigned)fuzz_take(&fuzz, 1);
    rig->disk.read_only = choice & 1;
    rig->device.is_legacy = choice & 2;
    rig_start_driver(rig, 0);
    while (fuzz.left)
        rig_obey(rig, &fuzz);
    check_alive(rig);
    ram_free(&rig->ram);
    free(rig);
    return 0;
}
