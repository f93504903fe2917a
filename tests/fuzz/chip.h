/* One chip under a stream of register accesses, ticks and whatever else can happen to it.
 *
 *     an operation   kind 0 write, 1 read, 2 tick, 3 something from outside   2 bits
 *                    log2 of the width                                        2
 *                    0: an offset of 3 bytes follows, 1: a register's number  1
 *                    log2 of the bytes of the number that follows             2     */
#ifndef TESTS_FUZZ_CHIP_H
#define TESTS_FUZZ_CHIP_H

#include "devices/device.h"

#include "tests/fuzz/fuzz.h"

#define CHIP_HARTS 3u
#define CHIP_WIRES (2 * CHIP_HARTS)

struct chip {
    struct device device;
    struct clock clock;
    struct host host;
    struct wire wires[CHIP_WIRES];
    u64 region_size;
    void (*outside)(struct chip *chip, u64 number); /* may be NULL */
};

static inline void chip_hear(void *listener, int line, bool level)
{
    const struct chip *chip = listener;

    (void)level;
    fuzz_check(line >= 0 && (unsigned)line < chip->device.out_count, "there is no such wire");
}

static inline u64 chip_offset(const struct chip *chip, struct fuzz *fuzz, bool is_register,
                              unsigned size)
{
    const struct reg_info *regs = chip->device.type->regs;
    u64 offset, count = 0;

    while (regs[count].name)
        count++;
    offset = is_register ? regs[fuzz_take(fuzz, 1) % count].offset : fuzz_take(fuzz, 3);
    return offset % (chip->region_size - size + 1);
}

static inline void chip_tick(struct chip *chip, u64 ticks)
{
    clock_set(&chip->clock, clock_ticks(&chip->clock) + ticks);
    if (chip->device.type->tick)
        chip->device.type->tick(&chip->device, clock_ticks(&chip->clock));
}

static inline void chip_obey(struct chip *chip, struct fuzz *fuzz)
{
    const struct device_type *type = chip->device.type;
    unsigned operation = (unsigned)fuzz_take(fuzz, 1), size = 1u << (operation >> 2 & 3);
    u64 offset, value;

    if (operation & 2) {
        value = fuzz_number(fuzz, operation >> 5);
        if (!(operation & 1))
            chip_tick(chip, value);
        else if (chip->outside)
            chip->outside(chip, value);
        return;
    }
    if (!(type->widths & size))
        size = type->widths & (u8)-type->widths; /* the narrowest that it has */
    offset = chip_offset(chip, fuzz, operation & 16, size);
    if ((operation & 3) == 0) {
        type->write(&chip->device, offset, size, fuzz_number(fuzz, operation >> 5));
        chip_tick(chip, 0); /* as the machine does after every write */
        return;
    }
    value = type->read(&chip->device, offset, size);
    fuzz_check(size == 8 || value >> 8 * size == 0, "a read is wider than the access");
}

/* Does all that the input says. outs is how many wires the chip has; host is filled in by the
 * caller.
 */
static inline int chip_fuzz(struct chip *chip, const struct device_type *type, unsigned outs,
                            struct fuzz fuzz)
{
    for (unsigned i = 0; i < CHIP_WIRES; i++)
        chip->wires[i] = (struct wire){chip_hear, chip, (int)i};
    clock_init(&chip->clock, CLOCK_VIRTUAL, 100);
    chip->device.type = type;
    chip->device.host = &chip->host;
    chip->device.clock = &chip->clock;
    chip->device.out = chip->wires;
    chip->device.out_count = outs;
    chip->device.harts = CHIP_HARTS;
    chip->device.state = calloc(1, type->state_size); /* exactly, so that one byte more is found */
    fuzz_check(chip->device.state || !type->state_size, "no memory");
    if (type->reset)
        type->reset(&chip->device);
    while (fuzz.left)
        chip_obey(chip, &fuzz);
    free(chip->device.state);
    return 0;
}

#endif
