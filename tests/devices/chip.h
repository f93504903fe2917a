/* One device on a test bench: its state, a virtual clock set by hand, and wires that remember their
 * level. Also the storm that every device must survive. */
#ifndef TESTS_DEVICES_CHIP_H
#define TESTS_DEVICES_CHIP_H

#include "devices/device.h"

#include <check.h>
#include <stdlib.h>

#define CHIP_WIRES 128

struct chip {
    struct device device;
    struct clock clock;
    struct host host;
    struct wire wires[CHIP_WIRES];
    bool level[CHIP_WIRES];
    u64 random;
};

static inline void chip_hear(void *listener, int line, bool level)
{
    struct chip *chip = listener;

    chip->level[line] = level;
}

/* Zeroed state and reset; host and plugged may be set before by the caller. */
static inline void chip_reset(struct chip *chip)
{
    free(chip->device.state);
    chip->device.state = calloc(1, chip->device.type->state_size + 1);
    chip->device.type->reset(&chip->device);
}

static inline void chip_init(struct chip *chip, const struct device_type *type, unsigned harts)
{
    *chip = (struct chip){.random = 88172645463325252u};
    clock_init(&chip->clock, CLOCK_VIRTUAL, 100);
    for (int line = 0; line < CHIP_WIRES; line++)
        chip->wires[line] = (struct wire){.set = chip_hear, .listener = chip, .line = line};
    chip->device = (struct device){
        .type = type,
        .host = &chip->host,
        .clock = &chip->clock,
        .out = chip->wires,
        .out_count = CHIP_WIRES,
        .harts = harts,
    };
    chip_reset(chip);
}

static inline void chip_free(struct chip *chip)
{
    free(chip->device.state);
}

static inline u64 chip_read(struct chip *chip, u64 offset, unsigned size)
{
    return chip->device.type->read(&chip->device, offset, size);
}

static inline void chip_write(struct chip *chip, u64 offset, unsigned size, u64 value)
{
    chip->device.type->write(&chip->device, offset, size, value);
}

/* It is now this tick. What the device answers: when it wants to be called again. */
static inline u64 chip_at(struct chip *chip, u64 ticks)
{
    clock_set(&chip->clock, ticks);
    return chip->device.type->tick(&chip->device, ticks);
}

/* xorshift64: the same numbers in every run. */
static inline u64 chip_random(struct chip *chip)
{
    chip->random ^= chip->random << 13;
    chip->random ^= chip->random >> 7;
    chip->random ^= chip->random << 17;
    return chip->random;
}

/* Every row of the register table: its width is one the device has, reads fit it, and both
 * directions work whatever the row says is allowed. */
static inline void chip_touch_registers(struct chip *chip, u64 region_size)
{
    const struct reg_info *reg = chip->device.type->regs;

    ck_assert_ptr_nonnull(reg->name);
    for (; reg->name; reg++) {
        u64 limit = reg->width == 8 ? UINT64_MAX : ((u64)1 << 8 * reg->width) - 1;
        ck_assert_msg(chip->device.type->widths & reg->width, "%s has an odd width", reg->name);
        ck_assert_msg(reg->offset % reg->width == 0, "%s is not aligned", reg->name);
        ck_assert_uint_le(reg->offset + reg->width, region_size);
        ck_assert_uint_ne(reg->access & REG_RW, 0);
        ck_assert_ptr_nonnull(reg->meaning);
        ck_assert_uint_le(chip_read(chip, reg->offset, reg->width), limit);
        chip_write(chip, reg->offset, reg->width, UINT64_MAX);
        ck_assert_uint_le(chip_read(chip, reg->offset, reg->width), limit);
        chip_write(chip, reg->offset, reg->width, 0);
    }
}

static inline u64 chip_random_offset(struct chip *chip, unsigned size, u64 region_size)
{
    const struct reg_info *regs = chip->device.type->regs;
    u64 choice = chip_random(chip), count = 0, offset = choice >> 8;

    while (regs[count].name)
        count++;
    if (choice & 1) /* near a register, where something happens */
        offset = regs[(choice >> 1) % count].offset + (choice >> 32) % 64 * (choice & 2 ? 1 : size);
    return offset % (region_size - size + 1);
}

/* A million random accesses, aligned or not, with time going on and something else happening in
 * between (may be NULL). What is checked: reads fit their width; the sanitizers watch the rest. */
static inline void chip_storm(struct chip *chip, u64 region_size, void (*meanwhile)(struct chip *))
{
    const struct device_type *type = chip->device.type;

    for (unsigned i = 0; i < 1000000; i++) {
        u64 choice = chip_random(chip), value = chip_random(chip);
        unsigned size = 1u << choice % 4;
        u64 offset;
        if (!(type->widths & size))
            continue;
        offset = chip_random_offset(chip, size, region_size);
        if (choice & 0x100)
            value &= 0xff;
        if (choice & 0x10)
            chip_write(chip, offset, size, value);
        else if (size < 8)
            ck_assert_uint_eq(chip_read(chip, offset, size) >> 8 * size, 0);
        else
            chip_read(chip, offset, size);
        if (type->tick && (choice & 0xe0) == 0)
            chip_at(chip, clock_ticks(&chip->clock) + (choice >> 32) % 100000);
        if (meanwhile && (choice & 0xe00) == 0)
            meanwhile(chip);
    }
}

/* Runs these tests; what main() returns. */
static inline int chip_run(const char *name, const TTest *const tests[], size_t count)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, all);
    tcase_set_timeout(all, 0); /* never depend on speed; CTest has the last word */
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
