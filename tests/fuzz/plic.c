/* Fuzzer: the registers of the interrupt controller, with lines going up and down in between. */
#include "devices/plic.h"

#include "tests/fuzz/chip.h"

static void set_line(struct chip *chip, u64 number)
{
    plic_set(&chip->device, 1 + (int)((number >> 1) % (PLIC_SOURCES - 1)), number & 1);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct chip chip = {.region_size = 0x600000, .outside = set_line};

    return chip_fuzz(&chip, &plic_type, CHIP_WIRES, (struct fuzz){bytes, size});
}
