/* A kernel that owns the machine, as xv6 does at its start: M-mode, no firmware, and the disk's
 * interrupt through the PLIC. It ends with failure when there is no disk. */
#include "disk.h"

enum {
    PLIC_PRIORITY = 0,
    PLIC_ENABLE = 0x2000,
    PLIC_THRESHOLD = 0x200000,
    PLIC_CLAIM = 0x200004,
    EXTERNAL = 11,
};

static volatile unsigned interrupts;

__attribute__((interrupt("machine"), aligned(4))) static void external_interrupt(void)
{
    uint32_t source = *mmio32(BOARD_PLIC + PLIC_CLAIM);
    if (source != DISK_IRQ)
        test_fail(1);
    disk_acknowledge();
    interrupts++;
    *mmio32(BOARD_PLIC + PLIC_CLAIM) = source;
}

/* Sleeps with interrupts off, so that the one we wait for cannot slip in before the wfi. */
static void wait_for_disk(void)
{
    unsigned before = interrupts;

    while (interrupts == before) {
        wait_for_interrupt();
        CSR_SET(mstatus, 8); /* MIE */
        CSR_CLEAR(mstatus, 8);
    }
    if (!disk_has_answered())
        test_fail(2);
}

int main(void)
{
    int version = disk_start();

    print_text("virtio version ");
    print_decimal((word)version);
    print_text(", sectors ");
    print_decimal(version ? disk_size() : 0);
    print_text("\n");
    if (!version)
        test_fail(3);
    CSR_WRITE(mtvec, (word)external_interrupt);
    *mmio32(BOARD_PLIC + PLIC_PRIORITY + 4 * DISK_IRQ) = 1;
    *mmio32(BOARD_PLIC + PLIC_ENABLE) = 1u << DISK_IRQ;
    *mmio32(BOARD_PLIC + PLIC_THRESHOLD) = 0;
    CSR_SET(mie, (word)1 << EXTERNAL);
    if (disk_tour(wait_for_disk))
        test_fail(4);
    print_text("interrupts: ");
    print_decimal(interrupts);
    print_text("\n");
    test_pass();
}
