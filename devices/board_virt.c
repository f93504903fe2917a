/* The board "virt": memory-map compatible with QEMU's, so that kernels, firmware and courses built
 * for that run unchanged. One row is one chip; the bus, the device tree, the monitor and the tests
 * all read this table. */
#include "devices/aclint.h"
#include "devices/framebuffer.h"
#include "devices/machine.h"
#include "devices/plic.h"
#include "devices/rtc.h"
#include "devices/syscon.h"
#include "devices/uart.h"
#include "devices/virtio.h"

/* chip, base, size, irq, extra: eight virtio slots are QEMU's, eight more are ours. */
static const struct slot slots[] = {
    {&syscon_type, 0x00100000, 0x1000, 0, false},
    {&rtc_type, 0x00101000, 0x1000, 11, false},
    {&aclint_type, 0x02000000, 0x10000, 0, false},
    {&plic_type, 0x0c000000, 0x600000, 0, false},
    {&uart_type, 0x10000000, 0x100, 10, false},
    {&virtio_mmio_type, 0x10001000, 0x1000, 1, false},
    {&virtio_mmio_type, 0x10002000, 0x1000, 2, false},
    {&virtio_mmio_type, 0x10003000, 0x1000, 3, false},
    {&virtio_mmio_type, 0x10004000, 0x1000, 4, false},
    {&virtio_mmio_type, 0x10005000, 0x1000, 5, false},
    {&virtio_mmio_type, 0x10006000, 0x1000, 6, false},
    {&virtio_mmio_type, 0x10007000, 0x1000, 7, false},
    {&virtio_mmio_type, 0x10008000, 0x1000, 8, false},
    {&virtio_mmio_type, 0x10009000, 0x1000, 12, true},
    {&virtio_mmio_type, 0x1000a000, 0x1000, 13, true},
    {&virtio_mmio_type, 0x1000b000, 0x1000, 14, true},
    {&virtio_mmio_type, 0x1000c000, 0x1000, 15, true},
    {&virtio_mmio_type, 0x1000d000, 0x1000, 16, true},
    {&virtio_mmio_type, 0x1000e000, 0x1000, 17, true},
    {&virtio_mmio_type, 0x1000f000, 0x1000, 18, true},
    {&virtio_mmio_type, 0x10010000, 0x1000, 19, true},
    {&framebuffer_type, 0x10200000, 0x1000, 0, true},
};

const struct board board_virt = {
    .name = "virt",
    .slots = slots,
    .slot_count = sizeof slots / sizeof slots[0],
    .rom_base = 0x1000,
    .rom_size = 0xf000,
    .ram_base = 0x80000000,
};
