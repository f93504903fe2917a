/* The time of day in nanoseconds since 1970, with an alarm: Android's "goldfish" RTC, as on QEMU's
 * virt board.
 *
 * The host is asked once, at reset; from then on the machine's own clock counts, so that a run
 * under the virtual clock repeats. (A guest that writes mtime moves this clock too.) Reading
 * TIME_LOW keeps the upper half for TIME_HIGH; writing ALARM_LOW arms the alarm, which goes off
 * once. */
#include "devices/rtc.h"

#include <assert.h>

enum {
    TIME_LOW = 0x00,
    TIME_HIGH = 0x04,
    ALARM_LOW = 0x08,
    ALARM_HIGH = 0x0c,
    IRQ_ENABLED = 0x10,
    CLEAR_ALARM = 0x14,
    ALARM_STATUS = 0x18,
    CLEAR_INTERRUPT = 0x1c,
};

struct rtc_state {
    u64 offset_ns; /* the time of day at tick 0 (wraps) */
    u64 alarm_ns;
    u32 kept_high; /* what TIME_HIGH shows */
    u8 armed, irq_enabled, irq_pending;
};

static u64 time_at(const struct rtc_state *rtc, u64 now)
{
    return rtc->offset_ns + now * CLOCK_NS;
}

static u64 replace_low(u64 old, u32 value)
{
    return (old >> 32 << 32) | value;
}

static u64 replace_high(u64 old, u32 value)
{
    return (u32)old | (u64)value << 32;
}

static void update_line(const struct device *device)
{
    const struct rtc_state *rtc = device->state;

    wire_set(&device->out[0], rtc->irq_enabled && rtc->irq_pending);
}

static u64 tick(struct device *device, u64 now)
{
    struct rtc_state *rtc = device->state;
    u64 time = time_at(rtc, now), wait;

    if (!rtc->armed)
        return CLOCK_NEVER;
    if (time >= rtc->alarm_ns) {
        rtc->armed = 0;
        rtc->irq_pending = 1;
        update_line(device);
        return CLOCK_NEVER;
    }
    wait = (rtc->alarm_ns - time - 1) / CLOCK_NS + 1;
    return wait < CLOCK_NEVER - now ? now + wait : CLOCK_NEVER;
}

static u64 read(struct device *device, u64 offset, unsigned size)
{
    struct rtc_state *rtc = device->state;
    u64 time;

    (void)size;
    switch (offset) {
    case TIME_LOW:
        time = time_at(rtc, clock_ticks(device->clock));
        rtc->kept_high = (u32)(time >> 32);
        return (u32)time;
    case TIME_HIGH:
        return rtc->kept_high;
    case ALARM_LOW:
        return (u32)rtc->alarm_ns;
    case ALARM_HIGH:
        return rtc->alarm_ns >> 32;
    case IRQ_ENABLED:
        return rtc->irq_enabled;
    case ALARM_STATUS:
        return rtc->armed;
    }
    return 0;
}

static void set_time(struct rtc_state *rtc, u64 now, u64 time)
{
    rtc->offset_ns = time - now * CLOCK_NS;
}

static void write(struct device *device, u64 offset, unsigned size, u64 value)
{
    struct rtc_state *rtc = device->state;
    u64 now = clock_ticks(device->clock);
    u32 word = (u32)value;

    (void)size;
    switch (offset) {
    case TIME_LOW:
        set_time(rtc, now, replace_low(time_at(rtc, now), word));
        break;
    case TIME_HIGH:
        set_time(rtc, now, replace_high(time_at(rtc, now), word));
        break;
    case ALARM_LOW:
        rtc->alarm_ns = replace_low(rtc->alarm_ns, word);
        rtc->armed = 1;
        break;
    case ALARM_HIGH:
        rtc->alarm_ns = replace_high(rtc->alarm_ns, word);
        break;
    case IRQ_ENABLED:
        rtc->irq_enabled = word & 1;
        break;
    case CLEAR_ALARM:
        rtc->armed = 0;
        break;
    case CLEAR_INTERRUPT:
        rtc->irq_pending = 0;
        break;
    }
    update_line(device);
    tick(device, now); /* an alarm set in the past goes off at once */
}

static void reset(struct device *device)
{
    struct rtc_state *rtc = device->state;
    const struct host *host = device->host;
    u64 time = host->wall_ns ? host->wall_ns(host->context) : RTC_FIXED_NS;

    assert(device->out_count >= 1);
    set_time(rtc, clock_ticks(device->clock), time);
    update_line(device);
}

static const struct reg_info regs[] = {
    {"TIME_LOW", TIME_LOW, 4, REG_RW, "ns since 1970, lower half; a read keeps the upper half"},
    {"TIME_HIGH", TIME_HIGH, 4, REG_RW, "upper half, as it was when TIME_LOW was read"},
    {"ALARM_LOW", ALARM_LOW, 4, REG_RW, "when the alarm goes off, lower half; a write arms it"},
    {"ALARM_HIGH", ALARM_HIGH, 4, REG_RW, "when the alarm goes off, upper half (written first)"},
    {"IRQ_ENABLED", IRQ_ENABLED, 4, REG_RW, "bit 0: the alarm interrupts"},
    {"CLEAR_ALARM", CLEAR_ALARM, 4, REG_W, "any write disarms the alarm"},
    {"ALARM_STATUS", ALARM_STATUS, 4, REG_R, "1 while the alarm is armed"},
    {"CLEAR_INTERRUPT", CLEAR_INTERRUPT, 4, REG_W, "any write takes the interrupt back"},
    {NULL, 0, 0, 0, NULL},
};

const struct device_type rtc_type = {
    .name = "rtc",
    .compatible = "google,goldfish-rtc",
    .regs = regs,
    .state_size = sizeof(struct rtc_state),
    .widths = 4,
    .reset = reset,
    .read = read,
    .write = write,
    .tick = tick,
};
