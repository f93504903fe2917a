/* The door's tape and its time (see door.h): what is noted and what has come, the clock, random
 * numbers, sleep, and the comparison of registers. */
#include "loader/door_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_STEPS 10000000u
#define GROWN       ((u64)1 << 20)

u64 door_step(const struct door *door)
{
    return door->machine ? clock_steps(&door->machine->clock) : 0;
}

bool door_is_at_end(const struct door *door)
{
    return !door->is_playing || (door->at == door->tape.end && door_step(door) >= door->end_step);
}

bool door_plays(struct door *door)
{
    if (door->is_playing && !door->is_shut && !door->empty && door_is_at_end(door)) {
        door->is_playing = false;
        door->has_slept = door->is_late = true; /* the clock outside has gone on */
    }
    return door->is_playing;
}

void door_note(struct door *door, enum tape_kind kind, u8 slot, const void *bytes, size_t size,
               const void *more, size_t more_size)
{
    struct tape_event event = {.step = door_step(door), .kind = (u8)kind, .slot = slot};

    if (!door->is_shut)
        tape_put(&door->tape, &event, bytes, size, more, more_size);
}

void door_diverge(struct door *door, const char *what)
{
    const struct machine *machine = door->machine;
    const struct hart *hart = machine->harts[machine->running];

    if (door->has_diverged)
        return;
    door->has_diverged = true;
    snprintf(door->divergence, sizeof door->divergence,
             "What is played parts from what was recorded at step %" PRIu64
             ", hart %u at pc %#" PRIx64 ": %s.",
             door_step(door), hart->id, hart->pc, what);
}

/* What was noted for an earlier step and not asked for again. Of the clock that is no wonder:
 * whoever looks at a machine that stands still asks it, too. */
static bool peek(struct door *door, u64 *at, struct tape_event *event)
{
    for (;;) {
        *at = door->at;
        if (!tape_event(&door->tape, at, event))
            return false;
        if (event->step >= door_step(door))
            return event->step == door_step(door);
        if (event->kind != TAPE_CLOCK || event->size != sizeof door->ticks) {
            door_diverge(door, "something came in then that is not asked for now");
            return false;
        }
        tape_get(&door->tape, *at, &door->ticks, sizeof door->ticks);
        door->at = *at + event->size;
    }
}

bool door_came(struct door *door, enum tape_kind kind, u8 slot, u64 *at, u32 *size)
{
    struct tape_event event;

    if (door->is_shut || door->has_diverged || !peek(door, at, &event) || event.kind != kind ||
        event.slot != slot)
        return false;
    *size = event.size;
    door->at = *at + event.size;
    return true;
}

bool door_came_as(struct door *door, enum tape_kind kind, u8 slot, void *to, u32 size)
{
    u32 there;
    u64 at;

    if (!door_came(door, kind, slot, &at, &there))
        return false;
    if (there != size)
        door_diverge(door, "the tape is damaged");
    return there == size && tape_get(&door->tape, at, to, size);
}

bool door_must_have(struct door *door, enum tape_kind kind, u8 slot, u64 *at, u32 *size)
{
    if (door_came(door, kind, slot, at, size))
        return true;
    if (!door->is_shut)
        door_diverge(door, "something is asked for now that was not asked for then");
    return false;
}

static u64 sum_of(const struct machine *machine)
{
    u64 sum = clock_steps(&machine->clock);

    for (unsigned i = 0; i < machine->config.harts; i++)
        sum = hart_hash(machine->harts[i], sum);
    return sum;
}

/* Between two slices, but not where somebody has cut one: that may be elsewhere next time. */
static void check(struct door *door)
{
    u64 then, now;

    if (!door->machine || door->machine->slice_left)
        return;
    if (!door_plays(door)) {
        if (door_step(door) < door->next_check)
            return;
        now = sum_of(door->machine);
        door->next_check = door_step(door) + CHECK_STEPS;
        door_note(door, TAPE_CHECK, TAPE_BOARD, &now, sizeof now, NULL, 0);
    } else if (door_came_as(door, TAPE_CHECK, TAPE_BOARD, &then, sizeof then)) {
        door->next_check = door_step(door) + CHECK_STEPS;
        if (then != sum_of(door->machine))
            door_diverge(door, "a register differs, somewhere in the last ten million steps");
    }
}

static bool wants_stop(void *context)
{
    struct door *door = context;
    const struct host *real = &door->real;

    if (door->stops_at_end && door->is_playing && !door->is_shut && door_is_at_end(door))
        return true;
    check(door);
    if (door->grown && door->tape.end - door->grown_from >= GROWN) {
        door->grown_from = door->tape.end;
        door->grown(door->grown_context);
    }
    if (door->has_diverged)
        return true;
    return !door->is_deaf && real->wants_stop && real->wants_stop(real->context);
}

static u64 monotonic_ns(void *context)
{
    const struct door *door = context;

    return door->is_playing ? 0 : door->real.monotonic_ns(door->real.context);
}

/* The guest's live clock: asked once at a step, and after everybody has slept. */
static u64 sample(void *context, u64 ticks)
{
    struct door *door = context;
    u64 step = door_step(door);

    if (door_plays(door)) {
        door_came_as(door, TAPE_CLOCK, TAPE_BOARD, &door->ticks, sizeof door->ticks);
        return door->ticks;
    }
    if (door->is_late)
        door->shift = door->ticks - ticks;
    door->is_late = false;
    ticks += door->shift;
    if ((step == door->ticks_step && !door->has_slept) || ticks <= door->ticks)
        return door->ticks;
    door->ticks = ticks;
    door->ticks_step = step;
    door->has_slept = false;
    door_note(door, TAPE_CLOCK, TAPE_BOARD, &ticks, sizeof ticks, NULL, 0);
    return ticks;
}

static u64 wall_ns(void *context)
{
    struct door *door = context;
    u64 at, ns = 0;
    u32 size;

    if (door_plays(door)) {
        if (door_must_have(door, TAPE_WALL, TAPE_BOARD, &at, &size))
            tape_get(&door->tape, at, &ns, sizeof ns);
        return ns;
    }
    ns = door->real.wall_ns(door->real.context);
    door_note(door, TAPE_WALL, TAPE_BOARD, &ns, sizeof ns, NULL, 0);
    return ns;
}

static void fill_random(void *context, void *to, size_t size)
{
    struct door *door = context;
    u64 at;
    u32 there;

    if (!door_plays(door)) {
        door->real.random(door->real.context, to, size);
        door_note(door, TAPE_RANDOM, TAPE_BOARD, to, size, NULL, 0);
    } else if (!door_must_have(door, TAPE_RANDOM, TAPE_BOARD, &at, &there) || there != size) {
        memset(to, 0, size);
        door_diverge(door, "another number of random bytes is asked for");
    } else {
        tape_get(&door->tape, at, to, size);
    }
}

/* What was slept then is slept through now. */
static u64 wait(void *context, u64 ns)
{
    struct door *door = context;
    u64 at, slept = 0;
    u32 size;

    if (door_plays(door)) {
        if (door_must_have(door, TAPE_WAIT, TAPE_BOARD, &at, &size))
            tape_get(&door->tape, at, &slept, sizeof slept);
        return slept;
    }
    slept = door->real.wait(door->real.context, ns);
    door->has_slept = true;
    door_note(door, TAPE_WAIT, TAPE_BOARD, &slept, sizeof slept, NULL, 0);
    return slept;
}

static void wrap(struct door *door, struct host *host)
{
    door->real = *host;
    host->context = door;
    host->monotonic_ns = host->monotonic_ns ? monotonic_ns : NULL;
    host->wall_ns = host->wall_ns ? wall_ns : NULL;
    host->random = host->random ? fill_random : NULL;
    host->wait = host->wait ? wait : NULL;
    host->wants_stop = wants_stop;
    door->serial = (struct door_slot){.door = door, .number = TAPE_BOARD};
    door_wrap_console(&door->serial, &host->console);
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        door->slots[i] = (struct door_slot){.door = door, .number = (u8)i};
        door_wrap_plug(&door->slots[i], &host->plugs[i]);
    }
}

struct door *door_create(struct host *host)
{
    struct door *door = calloc(1, sizeof *door);

    if (!door)
        return NULL;
    tape_init(&door->tape);
    for (unsigned i = 0; i < DOOR_READERS; i++)
        door->needed[i] = UINT64_MAX;
    wrap(door, host);
    return door;
}

struct door *door_create_empty(struct host *host, const struct state_config *config)
{
    struct door_empty *empty = door_empty_create(host, config);
    struct door *door = empty ? door_create(host) : NULL;

    if (!door) {
        door_empty_destroy(empty);
        return NULL;
    }
    door->empty = empty;
    door->is_playing = true;
    door->stops_at_end = true;
    return door;
}

void door_destroy(struct door *door)
{
    if (!door)
        return;
    for (unsigned i = 0; i < HOST_PLUGS; i++)
        free(door->slots[i].frame);
    door_empty_destroy(door->empty);
    tape_free(&door->tape);
    free(door);
}

void door_attach(struct door *door, struct machine *machine)
{
    door->machine = machine;
    machine->clock.sample = sample;
    machine->clock.sample_context = door;
}

void door_listen(struct door *door, void (*grown)(void *context), void *context)
{
    door->grown = grown;
    door->grown_context = context;
    door->grown_from = door->tape.end;
}

struct tape *door_tape(struct door *door)
{
    return &door->tape;
}

struct door_mark door_mark(const struct door *door)
{
    struct door_mark mark = {.position = door->is_playing ? door->at : door->tape.end,
                             .ticks = door->ticks,
                             .ticks_step = door->ticks_step,
                             .next_check = door->next_check};

    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        const struct door_slot *slot = &door->slots[i];
        mark.frames[i] = slot->frame_at;
        mark.columns[i] = slot->columns;
        mark.rows[i] = slot->rows;
        mark.is_up[i] = slot->is_up;
    }
    return mark;
}

void door_play(struct door *door, const struct door_mark *mark, u64 end_step,
               enum door_output output, enum door_end end)
{
    door->is_playing = true;
    door->is_shut = false;
    door->hides_output = output == DOOR_HIDES;
    door->stops_at_end = end == DOOR_STOPS || door->empty; /* there is nothing to go on with */
    door->passed = door_step(door);
    door->at = mark->position;
    door->end_step = end_step;
    door->ticks = mark->ticks;
    door->ticks_step = mark->ticks_step;
    door->next_check = mark->next_check;
    for (unsigned i = 0; i < HOST_PLUGS; i++) {
        struct door_slot *slot = &door->slots[i];
        slot->frame_at = mark->frames[i];
        slot->columns = mark->columns[i];
        slot->rows = mark->rows[i];
        slot->is_up = mark->is_up[i];
    }
}

void door_shut(struct door *door)
{
    if (door_step(door) > door->seen)
        door->seen = door_step(door);
    door->is_playing = door->is_shut = true;
}

void door_hold(struct door *door, const struct door_mark *mark)
{
    door_shut(door);
    door->ticks = mark->ticks;
    door->ticks_step = mark->ticks_step;
}

void door_hear(struct door *door, enum door_ear ear)
{
    door->is_deaf = ear == DOOR_IS_DEAF;
}

bool door_is_playing(const struct door *door)
{
    return door->is_playing && !door_is_at_end(door);
}

u64 door_end_step(const struct door *door)
{
    return door_is_playing(door) ? door->end_step : door_step(door);
}

const char *door_divergence(const struct door *door)
{
    return door->has_diverged ? door->divergence : NULL;
}
