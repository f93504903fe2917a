/* Fuzzer: a source of entropy and a hostile driver. */
#include "devices/virtio_rng.h"

#include "tests/fuzz/virtio.h"

static void check_alive(struct rig *rig)
{
    rig_start_driver(rig, 0);
    rig_describe(rig, 0, DATA, 100, VIRTQUEUE_WRITE, 0);
    fuzz_check(rig_answer(rig) == 100, "a request for 100 bytes is not given 100");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    const u64 seed = 1;
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);

    fuzz_check(rig != NULL, "no memory");
    rig_open(rig, &virtio_rng_type, &seed);
    rig_start_driver(rig, 0);
    while (fuzz.left)
        rig_obey(rig, &fuzz);
    check_alive(rig);
    ram_free(&rig->ram);
    free(rig);
    return 0;
}
