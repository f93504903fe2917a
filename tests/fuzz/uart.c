/* Fuzzer: the registers of the serial port, with bytes typed in between. */
#include "devices/uart.h"

#include "tests/fuzz/chip.h"

/* Also when there is no room: a person does not wait. */
static void type_byte(struct chip *chip, u64 byte)
{
    bool had_room = uart_can_receive(&chip->device);

    uart_receive(&chip->device, (u8)byte);
    fuzz_check(!had_room || !uart_is_empty(&chip->device), "a byte that had room is lost");
    uart_is_listening(&chip->device);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct chip chip = {.region_size = 0x100, .outside = type_byte};

    return chip_fuzz(&chip, &uart_type, 1, (struct fuzz){bytes, size});
}
