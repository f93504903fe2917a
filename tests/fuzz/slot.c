/* Fuzzer: the registers of a virtio slot with nothing in it. */
#include "devices/virtio.h"

#include "tests/fuzz/chip.h"

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct chip chip = {.region_size = 0x1000};

    return chip_fuzz(&chip, &virtio_mmio_type, 1, (struct fuzz){bytes, size});
}
