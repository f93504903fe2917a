/* Software and timer interrupts of the harts: the RISC-V ACLINT specification's MSWI and MTIMER, at
 * the addresses of SiFive's CLINT.
 *
 * mtime is the machine's clock, so a write to it moves the time of every reader. Everything is seen
 * as 64-bit words: a 32-bit access touches half of one (two harts share a word of msip). mtimecmp
 * is all ones at reset, so that a hart that never asked for a timer gets none. Registers of harts
 * that do not exist read 0. Left out: SSWI. */
#include "devices/aclint.h"

#include <assert.h>

#define HARTS    64
#define MSIP     0x0u
#define MTIMECMP 0x4000u
#define MTIME    0xbff8u

struct aclint_state {
    u64 mtimecmp[HARTS];
    u8 msip[HARTS];
    u8 mtip[HARTS]; /* the level we last gave to the wire */
};

static void refresh_timer(struct device *device, unsigned hart, u64 now)
{
    struct aclint_state *aclint = device->state;
    bool level = now >= aclint->mtimecmp[hart];

    if (level == aclint->mtip[hart])
        return;
    aclint->mtip[hart] = level;
    wire_set(&device->out[2 * hart + 1], level);
}

static u64 tick(struct device *device, u64 now)
{
    const struct aclint_state *aclint = device->state;
    u64 next = CLOCK_NEVER;

    for (unsigned hart = 0; hart < device->harts; hart++) {
        u64 due = aclint->mtimecmp[hart];
        refresh_timer(device, hart, now);
        if (due > now && due < next)
            next = due;
    }
    return next;
}

static void set_msip(struct device *device, unsigned hart, u32 value)
{
    struct aclint_state *aclint = device->state;
    u8 level = value & 1;

    if (hart >= device->harts || level == aclint->msip[hart])
        return;
    aclint->msip[hart] = level;
    wire_set(&device->out[2 * hart], level);
}

static u64 read_word(const struct device *device, u64 offset)
{
    const struct aclint_state *aclint = device->state;
    u64 hart;

    if (offset == MTIME)
        return clock_ticks(device->clock);
    if (offset >= MTIMECMP) {
        hart = (offset - MTIMECMP) / 8;
        return hart < device->harts ? aclint->mtimecmp[hart] : 0;
    }
    hart = offset / 4;
    /* msip of a hart that does not exist is never set. */
    return hart + 1 < HARTS ? aclint->msip[hart] | (u64)aclint->msip[hart + 1] << 32 : 0;
}

static void write_word(struct device *device, u64 offset, u64 value)
{
    struct aclint_state *aclint = device->state;
    unsigned hart;

    if (offset == MTIME) {
        clock_set(device->clock, value);
        tick(device, value);
    } else if (offset >= MTIMECMP) {
        hart = (unsigned)(offset - MTIMECMP) / 8;
        if (hart < device->harts) {
            aclint->mtimecmp[hart] = value;
            refresh_timer(device, hart, clock_ticks(device->clock));
        }
    } else {
        hart = (unsigned)offset / 4;
        set_msip(device, hart, (u32)value);
        set_msip(device, hart + 1, (u32)(value >> 32));
    }
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    u64 word;

    if (offset % size)
        return 0;
    word = read_word(device, offset & ~(u64)7);
    return size == 8 ? word : (u32)(word >> 8 * (offset & 4));
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    u64 at = offset & ~(u64)7, old;
    unsigned shift = 8 * (offset & 4);

    if (offset % size)
        return;
    if (size == 4) {
        old = read_word(device, at);
        value = (old & ~((u64)UINT32_MAX << shift)) | (u64)(u32)value << shift;
    }
    write_word(device, at, value);
}

static void reset(struct device *device)
{
    struct aclint_state *aclint = device->state;

    assert(device->harts <= HARTS && 2 * device->harts <= device->out_count);
    for (unsigned hart = 0; hart < device->harts; hart++) {
        aclint->mtimecmp[hart] = UINT64_MAX;
        wire_set(&device->out[2 * hart], false);
        wire_set(&device->out[2 * hart + 1], false);
    }
}

static const struct reg_info regs[] = {
    {"msip[0]", MSIP, 4, REG_RW, "bit 0: software interrupt of hart 0; one every 4 bytes"},
    {"mtimecmp[0]", MTIMECMP, 8, REG_RW,
     "hart 0 has a timer interrupt while mtime is not below this; one every 8 bytes"},
    {"mtime", MTIME, 8, REG_RW, "now, in ticks of 100 ns"},
    {NULL, 0, 0, 0, NULL},
};

const struct device_type aclint_type = {
    .name = "aclint",
    .compatible = "sifive,clint0",
    .regs = regs,
    .state_size = sizeof(struct aclint_state),
    .widths = 4 | 8,
    .reset = reset,
    .read = read,
    .write = write,
    .tick = tick,
};
