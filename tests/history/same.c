/* Comparing two machines (see same.h). */
#include "tests/history/same.h"

#include "loader/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool differ(const char *words, const char *what, u64 at)
{
    printf("%s: %s differs, first at %" PRIx64 "\n", words, what, at);
    return false;
}

static bool same_bytes(const void *one, const void *other, u64 size, const char *words,
                       const char *what)
{
    const u8 *a = one, *b = other;
    u64 at = 0;

    if (size == 0 || !memcmp(a, b, size))
        return true;
    while (a[at] == b[at])
        at++;
    return differ(words, what, at);
}

static bool same_harts(const struct machine *one, const struct machine *other, const char *words)
{
    for (unsigned i = 0; i < one->config.harts; i++) {
        const struct hart *a = one->harts[i], *b = other->harts[i];
        if (hart_hash(a, 0) != hart_hash(b, 0)) {
            printf("pc %" PRIx64 " and %" PRIx64 ", steps %" PRIu64 " and %" PRIu64 "\n", a->pc,
                   b->pc, hart_steps(a), hart_steps(b));
            return same_bytes(a, b, HART_STATE_SIZE, words, "a hart");
        }
    }
    return true;
}

static bool same_devices(const struct machine *one, const struct machine *other, const char *words)
{
    for (unsigned i = 0; i < one->device_count; i++) {
        const struct device *a = &one->devices[i], *b = &other->devices[i];
        if (!same_bytes(a->state, b->state, a->type->state_size, words, a->type->name) ||
            !same_bytes(a->bulk, b->bulk, a->bulk_size, words, "bulk"))
            return false;
    }
    return true;
}

bool same_machines(const struct machine *one, const struct machine *other, const char *words)
{
    if (clock_steps(&one->clock) != clock_steps(&other->clock))
        return differ(words, "the number of steps", clock_steps(&other->clock));
    if (one->clock.kind == CLOCK_VIRTUAL && clock_ticks(&one->clock) != clock_ticks(&other->clock))
        return differ(words, "the time", clock_ticks(&other->clock));
    if (one->running != other->running || one->turn_left != other->turn_left ||
        one->slice_left != other->slice_left)
        return differ(words, "the turn", other->slice_left);
    return same_harts(one, other, words) && same_devices(one, other, words) &&
           same_bytes(one->rom, other->rom, one->config.board->rom_size, words, "ROM") &&
           same_bytes(one->ram.bytes, other->ram.bytes, one->ram.size, words, "RAM");
}
