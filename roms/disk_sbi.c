/* A kernel under firmware, in the manner of small courses: S-mode, the firmware's console, and a
 * disk that is polled. */
#include "disk.h"
#include "sbi.h"

void console_put(char character)
{
    sbi_call(SBI_LEGACY_PUTCHAR, 0, (uint8_t)character, 0);
}

static void wait_for_disk(void)
{
    while (!disk_has_answered())
        ;
}

int main(void)
{
    int version = disk_start();

    print_text("\nvirtio version ");
    print_decimal((word)version);
    print_text("\n");
    expect(version != 0, "there is no disk\n");
    expect(disk_tour(wait_for_disk) == 0, "the disk has failed\n");
    power_off(0);
}
