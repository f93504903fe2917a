/* Going back (see history.h): when points are taken, which of them stay, and the ways back. */
#include "loader/history.h"

#include "cpu/debug.h"
#include "loader/history_points.h"
#include "loader/refuse.h"

#include <stdlib.h>
#include <string.h>

/* Two points this far apart stay as long as the machine, or the present, is no more than so many
 * times as far away. */
#define THINNING 8

struct history {
    struct machine *machine;
    struct door *door;
    u64 most; /* bytes */
    struct points points;
};

static u64 now(const struct history *history)
{
    return clock_steps(&history->machine->clock);
}

/* What comes before the oldest point is not played again. A frame may have come before it that
 * still waits there. */
static void drop_tape(struct history *history)
{
    const struct door_mark *mark = &history->points.at[0]->mark;
    u64 before = mark->position;

    for (unsigned i = 0; i < HOST_PLUGS; i++)
        if (mark->frames[i] && mark->frames[i] - 1 - sizeof(struct tape_event) < before)
            before = mark->frames[i] - 1 - sizeof(struct tape_event);
    door_need(history->door, DOOR_REMEMBERS, before);
}

static u64 bytes_of(const struct history *history)
{
    return history->points.bytes + tape_bytes(door_tape(history->door));
}

static u64 distance(u64 a, u64 b)
{
    return a < b ? b - a : a - b;
}

/* May this point go, so far from where the machine stands? */
static bool is_dense(const struct history *history, unsigned number)
{
    const struct points *points = &history->points;
    u64 gap = points->at[number + 1]->step - points->at[number - 1]->step;
    u64 here = distance(points->at[number]->step, now(history));
    u64 there = distance(points->at[number]->step, history_present(history));

    return gap <= (here < there ? here : there) / THINNING;
}

/* Each pass leaves every second one of those that lie too close. The newest stays, and the one that
 * the next will be a difference to. */
static void thin(struct history *history)
{
    struct points *points = &history->points;

    for (unsigned i = 1; i + 1 < points->count; i++)
        if (points->at[i]->step != points->kept_since && is_dense(history, i))
            points_remove(points, i);
}

static void stay_within(struct history *history)
{
    struct points *points = &history->points;

    /* Not what the machine itself, in the past, still goes on from. */
    while (points->count > 2 && points->kept_since >= points->at[1]->step &&
           (points->count >= POINTS_MOST || bytes_of(history) > history->most)) {
        unsigned before = points->count;
        points_remove(points, 0);
        if (points->count == before)
            break;
        drop_tape(history);
    }
}

static bool has_point_here(const struct history *history)
{
    unsigned before = points_before(&history->points, now(history));

    return before < history->points.count && history->points.at[before]->step == now(history);
}

/* On the grid: where there was none, a point is made. */
static void pass_grid(void *context)
{
    struct history *history = context;
    struct point *point;

    if (has_point_here(history))
        return;
    thin(history);
    stay_within(history);
    if (history->points.count == POINTS_MOST)
        return;
    point = point_take(&history->points, history->machine, history->door);
    if (!point)
        return;
    points_insert(&history->points, point);
    stay_within(history);
}

static bool begin(struct history *history)
{
    struct machine *machine = history->machine;

    points_clear(&history->points);
    for (u64 page = 0; page < machine->ram.size >> PAGE_BITS; page++)
        machine->ram.notes[page] &= (u8)~NOTE_KEPT;
    struct point *point = point_take(&history->points, machine, history->door);
    if (!point)
        return false;
    points_insert(&history->points, point);
    drop_tape(history);
    return true;
}

struct history *history_create(struct machine *machine, struct door *door, u64 bytes, char *message,
                               size_t message_size)
{
    struct history *history = calloc(1, sizeof *history);

    if (history)
        *history = (struct history){.machine = machine, .door = door, .most = bytes};
    if (history && begin(history)) {
        door_meet(door, pass_grid, history);
        return history;
    }
    refuse(message, message_size, "There is no memory left for going back.");
    free(history);
    return NULL;
}

void history_destroy(struct history *history)
{
    if (!history)
        return;
    door_meet(history->door, NULL, NULL);
    door_need(history->door, DOOR_REMEMBERS, UINT64_MAX);
    points_clear(&history->points);
    free(history);
}

void history_restart(struct history *history)
{
    begin(history); /* or there is none until the next one */
}

enum stop history_run(struct history *history, u64 max_steps)
{
    if (now(history) >= max_steps)
        return STOP_LIMIT;
    return door_run(history->door, max_steps);
}

u64 history_oldest(const struct history *history)
{
    return history->points.count ? history->points.at[0]->step : now(history);
}

u64 history_present(const struct history *history)
{
    return door_end_step(history->door);
}

bool history_is_past(const struct history *history)
{
    return door_is_playing(history->door);
}

/* Plays on to this step, over all stops of a debugger. */
static bool play_to(struct history *history, u64 step, char *message, size_t message_size)
{
    enum stop stop = STOP_LIMIT;

    while (now(history) < step && (stop == STOP_LIMIT || stop == STOP_DEBUG))
        stop = history_run(history, step);
    if (door_divergence(history->door))
        return refuse(message, message_size, "%s", door_divergence(history->door));
    return now(history) == step ||
           refuse(message, message_size, "The machine stopped on the way back.");
}

static bool restore(struct history *history, unsigned number, u64 present, char *message,
                    size_t message_size)
{
    return points_restore(&history->points, number, history->machine, history->door, present) ||
           refuse(message, message_size, "There is no memory left to go back.");
}

static bool go(struct history *history, u64 step, char *message, size_t message_size)
{
    unsigned number = points_before(&history->points, step);
    u64 present = history_present(history);

    if (number == history->points.count || step > present)
        return refuse(message, message_size,
                      "That step cannot be gone to: there are those from %llu to %llu.",
                      (unsigned long long)history_oldest(history), (unsigned long long)present);
    /* Forwards, and no point lies between: there is a shorter way than back and forth. */
    bool is_near = history_is_past(history) && now(history) <= step &&
                   history->points.at[number]->step <= now(history);
    return (is_near || restore(history, number, present, message, message_size)) &&
           play_to(history, step, message, message_size);
}

bool history_go(struct history *history, u64 step, char *message, size_t message_size)
{
    door_hear(history->door, DOOR_IS_DEAF);
    bool gone = go(history, step, message, message_size);
    door_hear(history->door, DOOR_HEARS);
    return gone;
}

/* The last stop from here to before this step. False: there was none. */
static bool last_stop(struct history *history, u64 before, u64 *step, struct debug_stop *what)
{
    bool found = false;

    while (now(history) < before) {
        enum stop stop = history_run(history, before);
        if (stop != STOP_DEBUG && stop != STOP_LIMIT)
            break;
        if (stop != STOP_DEBUG || now(history) >= before)
            continue;
        *step = now(history);
        *what = history->machine->debug_stop;
        found = true;
    }
    return found;
}

static enum history_found find_back(struct history *history, char *message, size_t message_size)
{
    u64 before = now(history), present = history_present(history), step;
    struct debug_stop what;

    while (before > history_oldest(history)) {
        unsigned number = points_before(&history->points, before - 1);
        u64 from = history->points.at[number]->step;
        if (!restore(history, number, present, message, message_size))
            return HISTORY_LOST;
        if (last_stop(history, before, &step, &what)) {
            if (!go(history, step, message, message_size))
                return HISTORY_LOST;
            history->machine->debug_stop = what;
            debug_pass(history->machine->harts[what.hart]); /* it has been told of */
            return HISTORY_FOUND;
        }
        before = from;
    }
    return go(history, history_oldest(history), message, message_size) ? HISTORY_NOTHING
                                                                       : HISTORY_LOST;
}

enum history_found history_find_back(struct history *history, char *message, size_t message_size)
{
    door_hear(history->door, DOOR_IS_DEAF);
    enum history_found found = find_back(history, message, message_size);
    door_hear(history->door, DOOR_HEARS);
    return found;
}

unsigned history_points(const struct history *history, u64 *bytes)
{
    *bytes = bytes_of(history);
    return history->points.count;
}
