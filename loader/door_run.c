/* Running a machine behind a door (see door.h), and the tape's end that is not needed any more. */
#include "loader/door_parts.h"

#include "cpu/mmu.h"

void door_need(struct door *door, enum door_reader who, u64 from)
{
    u64 least = UINT64_MAX;

    door->needed[who] = from;
    for (unsigned i = 0; i < DOOR_READERS; i++)
        if (door->needed[i] < least)
            least = door->needed[i];
    if (least != UINT64_MAX)
        tape_drop(&door->tape, least);
}

void door_meet(struct door *door, void (*passed)(void *context), void *context)
{
    door->meet = passed;
    door->meet_context = context;
}

static void pass(struct door *door)
{
    struct machine *machine = door->machine;

    door->passed = door_step(door);
    for (unsigned i = 0; i < machine->config.harts; i++)
        mmu_flush(machine->harts[i]);
    if (door->meet)
        door->meet(door->meet_context);
}

enum stop door_run(struct door *door, u64 max_steps)
{
    if (door_step(door) >= max_steps)
        return machine_run(door->machine, max_steps);
    for (;;) {
        u64 now = door_step(door), grid = now - now % DOOR_GRID;
        if (now == grid && door->passed != now)
            pass(door);
        grid += DOOR_GRID;
        enum stop stop = machine_run(door->machine, grid < max_steps ? grid : max_steps);
        if (stop != STOP_LIMIT || door_step(door) >= max_steps)
            return stop;
    }
}
