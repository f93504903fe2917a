/* The run loop: slices, deadlines, round-robin, sleep; and the state hash that compares two runs.
 *
 * A slice is one hart running until something may change what should happen next. Between slices,
 * and only there, devices are ticked, typed bytes come in, and the machine stops. Under the virtual
 * clock every slice begins and ends at an exact step, whichever engine runs it. */
#include "cpu/counters.h"
#include "devices/hang.h"
#include "devices/htif.h"
#include "devices/machine.h"
#include "devices/uart.h"

#include <string.h>

#define SLICE_STEPS     1000000 /* so that --timeout and Ctrl-A get their turn */
#define TURN_STEPS      20000   /* with several harts: a hart's turn */
#define NAP_NS          100000000u
#define TICKS_IN_NS(ns) ((ns) / CLOCK_NS)

/* Ticks every device and every hart's timer. Returns the next tick at which one wants that again.
 */
static u64 tick_all(struct machine *machine)
{
    u64 now = clock_ticks(&machine->clock), next = CLOCK_NEVER;

    for (unsigned i = 0; i < machine->device_count; i++) {
        struct device *device = &machine->devices[i];
        u64 wanted = device->type->tick ? device->type->tick(device, now) : CLOCK_NEVER;
        if (wanted < next)
            next = wanted;
    }
    for (unsigned i = 0; i < machine->config.harts; i++) {
        u64 wanted = hart_update_timer(machine->harts[i]);
        if (wanted < next)
            next = wanted;
    }
    return next;
}

/* May a byte be typed now? A person types when he likes; a pipe or a script when the guest waits
 * for it. */
static bool wants_byte(const struct machine *machine, const struct device *uart)
{
    if (!machine->host.console.one_at_a_time)
        return uart_can_receive(uart);
    return uart_is_empty(uart) && uart_can_receive(uart) && uart_is_listening(uart);
}

/* Bytes typed on the serial line. Returns whether any came in. */
static bool take_typed(struct machine *machine)
{
    const struct host_console *console = &machine->host.console;
    struct device *uart = machine_device(machine, uart_type.name, 0);
    bool any = false;

    while (console->read && uart && wants_byte(machine, uart)) {
        int byte = console->read(console->context);
        if (byte < 0)
            break;
        uart_receive(uart, (u8)byte);
        any = true;
    }
    return any;
}

/* The one door: everything from outside comes in here. Returns whether anything did. */
static bool take_input(struct machine *machine)
{
    bool any = take_typed(machine);

    for (unsigned i = 0; i < machine->device_count; i++) {
        struct device *device = &machine->devices[i];
        any |= device->type->take && device->type->take(device);
    }
    return any;
}

/* The next hart in turn that is awake, or can be woken, of those that may run. */
static struct hart *next_hart(struct machine *machine)
{
    for (unsigned i = 0; i < machine->config.harts; i++) {
        unsigned at = (machine->running + i) % machine->config.harts;
        struct hart *hart = machine->harts[at];
        if ((hart->waiting && !hart_can_wake(hart)) || (machine->only && machine->only != at + 1))
            continue;
        hart->waiting = 0;
        machine->running = at;
        return hart;
    }
    return NULL;
}

/* Every hart waits until that tick. False: nothing can ever wake one. */
static bool idle(struct machine *machine, u64 next)
{
    struct clock *clock = &machine->clock;
    u64 now = clock_ticks(clock), nap = NAP_NS;

    if (machine->host.wait) {
        if (next != CLOCK_NEVER && next - now < TICKS_IN_NS(NAP_NS))
            nap = (next - now) * CLOCK_NS;
        u64 slept = machine->host.wait(machine->host.context, nap);
        if (clock->kind == CLOCK_LIVE)
            clock_slept(clock, nap);
        else if (!take_input(machine))
            clock_skip_to(clock, now + TICKS_IN_NS(slept));
        return true;
    }
    if (next == CLOCK_NEVER || clock->kind == CLOCK_LIVE)
        return false;
    clock_skip_to(clock, next);
    return true;
}

static void end_turn(struct machine *machine, struct hart *hart)
{
    hart->reservation_size = 0; /* the harts after it may store there */
    machine->running = (machine->running + 1) % machine->config.harts;
    machine->turn_left = 0;
}

/* The slice ended where a debugger wants to stop. */
static void note_debug_stop(struct machine *machine, const struct hart *hart)
{
    const struct hit *hit = &hart->hit;

    machine->debug_stop =
        (struct debug_stop){hart->id, (enum debug_kind)hit->kind, hit->at, hit->pc};
    machine->has_debug_stop = true;
}

/* Is the hart that runs next the one before which to stop? */
static bool stops_before(struct machine *machine)
{
    const struct hart *hart = machine->harts[machine->running];

    if (machine->stop_before != hart->id + 1)
        return false;
    machine->debug_stop = (struct debug_stop){.hart = hart->id, .pc = hart->pc};
    return true;
}

/* The running hart's next slice: until its turn ends, or something is due. A turn ends when its
 * steps are used up or the hart gives it away; that a slice ends before it changes nothing. */
static void begin_slice(struct machine *machine, u64 next)
{
    const struct hart *hart = machine->harts[machine->running];
    u64 due = clock_steps_until(&machine->clock, next), budget = SLICE_STEPS;

    if (machine->config.harts > 1 && !machine->turn_left)
        machine->turn_left = TURN_STEPS;
    if (machine->turn_left)
        budget = machine->turn_left;
    if (due < budget)
        budget = due;
    if (hart->counters_watched && counters_until_overflow(hart) < budget)
        budget = counters_until_overflow(hart);
    machine->slice_left = budget;
}

/* Runs what is left of the slice, as far as the limit allows. What the limit cuts goes on next
 * time as if it had not been cut: nothing comes in and no chip is ticked in between, so that a run
 * in pieces is the run in one. */
static void run_slice(struct machine *machine, u64 steps_left)
{
    struct hart *hart = machine->harts[machine->running];
    u64 begin = clock_steps(&machine->clock), done;
    u64 own_begin = hart_steps(hart), traps = hart->traps;
    u64 budget = machine->slice_left < steps_left ? machine->slice_left : steps_left;

    if (machine->config.engine == ENGINE_PLAIN)
        hart_run_plain(hart, budget);
    else
        hart_run_fast(hart, budget);
    if (unlikely(hart->events & EVENT_DEBUG))
        note_debug_stop(machine, hart);
    if (unlikely(hart->traps - traps >= HANG_TRAPS || hart->witness.stuck))
        hang_after_slice(machine, hart, own_begin, hart->traps - traps);
    done = clock_steps(&machine->clock) - begin;
    machine->slice_left -= done;
    if (hart->events & EVENT_LEAVE || (done < budget && !(hart->events & EVENT_DEBUG)))
        machine->slice_left = 0;
    if (machine->config.harts > 1) {
        machine->turn_left -= done;
        if (hart->events & EVENT_LEAVE || !machine->turn_left)
            end_turn(machine, hart);
    }
}

/* Between two slices: what has come from outside, what is due, whose turn it is. False: nothing can
 * ever happen again. */
static bool next_slice(struct machine *machine)
{
    u64 next;

    take_input(machine);
    next = tick_all(machine);
    if (!next_hart(machine)) {
        hang_while_waiting(machine, next);
        return idle(machine, next);
    }
    begin_slice(machine, next);
    return true;
}

/* A debugger lets one hart run alone: another's turn ends where it is. */
static void end_others_turn(struct machine *machine)
{
    if (machine->only && machine->only != machine->running + 1) {
        machine->slice_left = 0;
        end_turn(machine, machine->harts[machine->running]);
    }
}

enum stop machine_run(struct machine *machine, u64 max_steps)
{
    machine->has_debug_stop = false;
    end_others_turn(machine);
    for (;;) {
        struct host *host = &machine->host;
        u64 steps = clock_steps(&machine->clock);

        if (machine->htif_called)
            htif_attend(machine);
        if (machine->stop != STOP_NONE) {
            enum stop stop = machine->stop;
            machine->stop = STOP_NONE;
            return stop;
        }
        if (machine->has_debug_stop)
            return STOP_DEBUG;
        if (host->wants_stop && host->wants_stop(host->context))
            return STOP_USER;
        if (steps >= max_steps)
            return STOP_LIMIT;
        if (!machine->slice_left && !next_slice(machine))
            return STOP_HUNG;
        if (!machine->slice_left)
            continue; /* they sleep */
        if (stops_before(machine))
            return STOP_DEBUG;
        run_slice(machine, max_steps - steps);
    }
}

static u64 hash_bytes(const void *bytes, size_t size, u64 hash)
{
    const u8 *at = bytes;
    u64 word;

    for (; size >= 8; at += 8, size -= 8) {
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15 + (hash >> 29);
    }
    for (; size; at++, size--)
        hash = (hash ^ *at) * 0x9e3779b97f4a7c15 + (hash >> 29);
    return hash;
}

u64 machine_hash(struct machine *machine)
{
    struct ram *ram = &machine->ram;
    u64 hash = clock_ticks(&machine->clock);

    for (unsigned i = 0; i < machine->config.harts; i++)
        hash = hart_hash(machine->harts[i], hash);
    for (unsigned i = 0; i < machine->device_count; i++) {
        const struct device *device = &machine->devices[i];
        hash = hash_bytes(device->state, device->type->state_size, hash);
        hash = hash_bytes(device->bulk, device->bulk_size, hash);
    }
    for (u64 page = 0; page < ram->size >> PAGE_BITS; page++)
        if (ram_is_dirty(ram, page))
            hash = hash_bytes(ram->bytes + (page << PAGE_BITS), PAGE_SIZE, hash ^ page);
    ram_clean(ram);
    return hash;
}
