/* The switch that ends the machine: SiFive's test finisher, as on QEMU's virt board. Linux's
 * syscon-poweroff and syscon-reboot drivers write here too.
 *
 *      31         16 15          0
 *     |    code     |   request   |    0x5555 power off, 0x3333 failure with code, 0x7777 reset
 *
 * Other requests do nothing; everything reads 0. */
#include "devices/syscon.h"

#define FINISHER 0u

static u64 read(struct device *device, u64 offset, unsigned size)
{
    (void)device, (void)offset, (void)size;
    return 0;
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    const struct syscon_listener *listener = device->plugged;

    (void)size;
    if (offset != FINISHER || !listener)
        return;
    switch (value & 0xffff) {
    case 0x5555:
        listener->stop(listener->context, SYSCON_POWEROFF, 0);
        break;
    case 0x3333:
        listener->stop(listener->context, SYSCON_FAILURE, (u32)value >> 16);
        break;
    case 0x7777:
        listener->stop(listener->context, SYSCON_RESET, 0);
        break;
    }
}

static void reset(struct device *device)
{
    (void)device;
}

static const struct reg_info regs[] = {
    {"finisher", FINISHER, 4, REG_RW,
     "write 0x5555: power off; 0x3333 with a code in 31:16: failure; 0x7777: reset"},
    {NULL, 0, 0, 0, NULL},
};

const struct device_type syscon_type = {
    .name = "syscon",
    .compatible = "sifive,test1",
    .regs = regs,
    .state_size = 0,
    .widths = 2 | 4,
    .reset = reset,
    .read = read,
    .write = write,
};
