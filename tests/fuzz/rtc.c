/* Fuzzer: the registers of the clock, with a host whose time of day jumps. */
#include "devices/rtc.h"

#include "tests/fuzz/chip.h"

static u64 tell_time(void *context)
{
    const u64 *now = context;

    return *now;
}

/* The host's clock is set. */
static void jump(struct chip *chip, u64 number)
{
    *(u64 *)chip->host.context = number;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    u64 now = 0;
    struct chip chip = {.region_size = 0x1000, .outside = jump};

    chip.host.context = &now;
    if (size & 1)
        chip.host.wall_ns = tell_time;
    return chip_fuzz(&chip, &rtc_type, 1, (struct fuzz){bytes, size});
}
