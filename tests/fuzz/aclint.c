/* Fuzzer: the registers of the timer and software interrupts. */
#include "devices/aclint.h"

#include "tests/fuzz/chip.h"

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct chip chip = {.region_size = 0x10000};

    return chip_fuzz(&chip, &aclint_type, CHIP_WIRES, (struct fuzz){bytes, size});
}
