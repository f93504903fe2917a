/* Fuzzer: the shared folder's device and a hostile driver; behind it, a share that echoes. */
#include "devices/virtio_9p.h"

#include "tests/devices/fake_share.h"
#include "tests/fuzz/virtio.h"

static void check_alive(struct rig *rig)
{
    rig_start_driver(rig, 0);
    rig_describe(rig, 0, DATA, 50, VIRTQUEUE_NEXT, 1);
    rig_describe(rig, 1, DATA + 100, 50, VIRTQUEUE_WRITE, 0);
    fuzz_check(rig_answer(rig) == 50, "a message of 50 bytes is not answered by 50");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);
    struct fake_share fake;

    fuzz_check(rig != NULL, "no memory");
    fake_share_init(&fake);
    rig_open(rig, &virtio_9p_type, &fake.share);
    rig_start_driver(rig, 0);
    while (fuzz.left)
        rig_obey(rig, &fuzz);
    check_alive(rig);
    ram_free(&rig->ram);
    free(rig);
    return 0;
}
