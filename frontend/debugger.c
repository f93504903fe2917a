/* Running and standing still (see debugger.h).
 *
 * Left out: more than one order at a time. The last one that was given counts. */
#include "frontend/debugger_back.h"

#include <assert.h>

#define STAND_NS 100000000u /* how often a machine that stands looks for a signal */

void debugger_init(struct debugger *debugger, struct outside *outside)
{
    *debugger = (struct debugger){.outside = outside};
}

void debugger_attach(struct debugger *debugger, struct debugger_client *client)
{
    assert(debugger->client_count < DEBUGGER_CLIENTS);
    debugger->clients[debugger->client_count++] = client;
    outside_add(debugger->outside, client->attendant);
}

void debugger_pause(struct debugger *debugger)
{
    debugger->outside->wants_pause = !debugger->is_stopped;
}

static void tell_resumed(struct debugger *debugger)
{
    for (unsigned i = 0; i < debugger->client_count; i++)
        if (debugger->clients[i]->resumed)
            debugger->clients[i]->resumed(debugger->clients[i]->context);
}

void debugger_resume(struct debugger *debugger, struct debugger_order order)
{
    assert(debugger->is_stopped);
    debugger->order = order;
    debugger->is_stopped = false;
    tell_resumed(debugger);
}

void debugger_reset(struct debugger *debugger)
{
    machine_stop(debugger->machine, STOP_RESET, 0);
    debugger->stops_at_reset = true;
    debugger_resume(debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

static void tell_stopped(struct debugger *debugger, struct machine *machine, enum stop stop)
{
    bool stands = debugger->is_stopped;

    for (unsigned i = 0; i < debugger->client_count; i++) {
        if (stands && !debugger->is_stopped)
            break; /* one of them has let it go on already */
        debugger->clients[i]->stopped(debugger->clients[i]->context, machine, stop);
    }
}

static bool has_client(const struct debugger *debugger)
{
    for (unsigned i = 0; i < debugger->client_count; i++)
        if (debugger->clients[i]->is_attached)
            return true;
    return false;
}

static bool wants_end(const struct debugger *debugger)
{
    return debugger->wants_quit || console_wants_stop(debugger->outside->console);
}

/* Until somebody lets it go on. False: the run is to end. */
static bool stand(struct debugger *debugger)
{
    while (debugger->is_stopped && !wants_end(debugger))
        outside_wait(debugger->outside, STAND_NS);
    return !wants_end(debugger);
}

static bool is_within(const struct debugger_order *order, const struct machine *machine)
{
    vaddr pc = machine->harts[order->hart]->pc;

    return pc >= order->low && pc < order->high;
}

static enum stop run(const struct debugger_runner *runner, struct machine *machine, u64 max_steps)
{
    return runner->run ? runner->run(runner->context, machine, max_steps)
                       : machine_run(machine, max_steps);
}

static enum stop go(const struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    const struct debugger_order *order = &debugger->order;
    enum stop stop;

    if (order->move == DEBUGGER_GO_ALONE && debugger_may_change(debugger)) {
        machine->only = order->hart + 1;
        debugger_changed(debugger);
    }
    stop = run(&debugger->runner, machine, max_steps);
    machine->only = 0;
    return stop;
}

static enum stop run_step(const struct debugger *debugger, struct machine *machine, unsigned hart)
{
    debug_pass(machine->harts[hart]);
    return run(&debugger->runner, machine, clock_steps(&machine->clock) + 1);
}

/* The others run until its turn comes. */
static enum stop step_in_turn(const struct debugger *debugger, struct machine *machine,
                              unsigned hart, u64 max_steps)
{
    enum stop stop;

    machine->stop_before = hart + 1;
    stop = run(&debugger->runner, machine, max_steps);
    machine->stop_before = 0;
    if (stop != STOP_DEBUG || machine->debug_stop.kind != DEBUG_NOTHING)
        return stop;
    return run_step(debugger, machine, hart);
}

enum stop debugger_advance(const struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    return debugger ? run(&debugger->runner, machine, max_steps) : machine_run(machine, max_steps);
}

enum stop debugger_advance_hart(const struct debugger *debugger, struct machine *machine,
                                unsigned hart)
{
    return debugger ? step_in_turn(debugger, machine, hart, UINT64_MAX)
                    : debug_step_in_turn(machine, hart);
}

/* Taking the turn from another is not what happened once. */
static enum stop step_alone(const struct debugger *debugger, struct machine *machine, unsigned hart,
                            u64 max_steps)
{
    if (!debugger_may_change(debugger))
        return step_in_turn(debugger, machine, hart, max_steps);
    if (debug_take_turn(machine, hart))
        debugger_changed(debugger);
    return run_step(debugger, machine, hart);
}

static enum stop step(const struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    const struct debugger_order *order = &debugger->order;
    enum stop stop;

    do
        stop = order->move == DEBUGGER_STEP
                   ? step_in_turn(debugger, machine, order->hart, max_steps)
                   : step_alone(debugger, machine, order->hart, max_steps);
    while (stop == STOP_LIMIT && is_within(order, machine) &&
           clock_steps(&machine->clock) < max_steps);
    return stop;
}

static enum stop obey(struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    debugger->is_at_oldest = false;
    switch (debugger->order.move) {
    case DEBUGGER_GO:
    case DEBUGGER_GO_ALONE:
        return go(debugger, machine, max_steps);
    case DEBUGGER_BACK:
        return debugger_go_back(debugger, machine);
    case DEBUGGER_BACK_STEP:
        return debugger_step_back(debugger, machine);
    case DEBUGGER_STEP:
    case DEBUGGER_STEP_ALONE:
        break;
    }
    return step(debugger, machine, max_steps);
}

/* Does this stop end the run, or this life of the machine? */
static bool ends_run(const struct debugger *debugger, const struct machine *machine, enum stop stop,
                     u64 max_steps)
{
    switch (stop) {
    case STOP_NONE:
    case STOP_DEBUG:
        return false;
    case STOP_LIMIT:
        return clock_steps(&machine->clock) >= max_steps;
    case STOP_USER:
        return wants_end(debugger);
    case STOP_HUNG:
        return !has_client(debugger) || console_may_still_read(debugger->outside->console);
    case STOP_POWEROFF:
    case STOP_RESET:
    case STOP_FAILURE:
    case STOP_EXIT:
        break;
    }
    return true;
}

/* Somebody's place to stop, but not now, and nobody else's. */
static bool is_passed(const struct debugger *debugger)
{
    bool is_somebodys = false;

    for (unsigned i = 0; i < debugger->client_count; i++) {
        const struct debugger_client *client = debugger->clients[i];
        switch (client->claims ? client->claims(client->context) : DEBUGGER_NOT_MINE) {
        case DEBUGGER_NOT_MINE:
            break;
        case DEBUGGER_PASSES:
            is_somebodys = true;
            break;
        case DEBUGGER_STOPS:
            return false;
        }
    }
    return is_somebodys;
}

/* The order, as often as what is met on the way is passed. A step ends there anyway. */
static enum stop obey_on(struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    const enum debugger_move move = debugger->order.move;
    bool is_long = move == DEBUGGER_GO || move == DEBUGGER_GO_ALONE || move == DEBUGGER_BACK;
    enum stop stop;

    for (;;) {
        stop = obey(debugger, machine, max_steps);
        if (stop != STOP_DEBUG || !is_long || !is_passed(debugger))
            return stop;
        if (move == DEBUGGER_BACK) /* nobody is attended to on the way */
            outside_wait(debugger->outside, 0);
        if (debugger->outside->wants_pause || wants_end(debugger))
            return STOP_USER;
    }
}

enum stop debugger_run(struct debugger *debugger, struct machine *machine, u64 max_steps)
{
    enum stop stop;

    debugger->machine = machine;
    if (debugger->stops_at_reset) {
        debugger->is_stopped = true;
        debugger->stops_at_reset = debugger->outside->wants_pause = false;
    }
    for (;;) {
        if (!stand(debugger))
            return STOP_USER;
        stop = obey_on(debugger, machine, max_steps);
        debugger->order.move = DEBUGGER_GO;
        if (ends_run(debugger, machine, stop, max_steps))
            break;
        debugger->outside->wants_pause = false;
        debugger->is_stopped = true;
        tell_stopped(debugger, machine, stop);
    }
    if (stop != STOP_RESET && stop != STOP_HUNG) /* what hangs may yet be woken */
        tell_stopped(debugger, machine, stop);
    return stop;
}
