/* Fuzzer: the register of the switch that ends the machine. */
#include "devices/syscon.h"

#include "tests/fuzz/chip.h"

static void stop(void *context, enum syscon_request request, u32 code)
{
    (void)context;
    fuzz_check(code <= 0xffff, "a guest's code has 16 bits");
    fuzz_check(request == SYSCON_FAILURE || code == 0, "only a failure has a code");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    const struct syscon_listener listener = {NULL, stop};
    struct chip chip = {.region_size = 0x1000};

    if (size & 1)
        chip.device.plugged = &listener;
    return chip_fuzz(&chip, &syscon_type, 1, (struct fuzz){bytes, size});
}
