/* Commands of the monitor that stop the machine and let it go on: stop, continue, step, next,
 * until, finish; and back in time: back, reverse.
 *
 * Steps are made here, a slice of them at a time, while the run loop (debugger.h) has the machine
 * stand still. To go to a place is a breakpoint of our own that is removed on arrival. */
#include "frontend/monitor_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/isa.h"
#include "frontend/debugger_back.h"

#define SLICE_STEPS 200000         /* then others get their turn */
#define SAME_STACK  ((u64)1 << 20) /* bytes: how far a thread's stack pointer moves */

enum flow { FLOW_ON, FLOW_CALL, FLOW_RETURN };

/* What the instruction that comes next does. */
static enum flow next_flow(struct machine *machine, unsigned number, unsigned *length)
{
    struct hart *hart = machine->harts[number];
    u32 bits = 0;

    debug_read(machine, number, DEBUG_VIRTUAL, hart->pc, &bits, 4);
    struct insn insn = decode(hart->decoder, bits);
    bool is_jump = insn.row == ROW_jal || insn.row == ROW_jalr;
    *length = insn.length;
    if ((is_jump && (insn.rd == 1 || insn.rd == 5)) || insn.row == ROW_ecall)
        return FLOW_CALL;
    return insn.row == ROW_jalr && insn.rd == 0 && insn.rs1 == 1 ? FLOW_RETURN : FLOW_ON;
}

/* Whatever stops a step ends the run, too: it is noted for the run loop. */
void monitor_pass_on(struct machine *machine, enum stop stop)
{
    if (stop == STOP_POWEROFF || stop == STOP_RESET || stop == STOP_FAILURE || stop == STOP_EXIT)
        machine_stop(machine, stop, machine->exit_code);
}

/* One step towards the return from the function: of the calls since, all must have returned. */
static enum stop step_out(struct monitor *monitor, bool *is_out)
{
    struct monitor_goal *goal = &monitor->goal;
    struct hart *hart = monitor->machine->harts[goal->hart];
    unsigned length;
    enum flow flow = next_flow(monitor->machine, goal->hart, &length);
    u64 sp = hart->x[2], traps = hart->traps;
    enum stop stop = debugger_advance_hart(monitor->debugger, monitor->machine, goal->hart);

    if (stop != STOP_LIMIT || hart->traps != traps || sp - goal->sp + SAME_STACK > 2 * SAME_STACK)
        return stop;
    *is_out = flow == FLOW_RETURN && goal->depth == 0;
    goal->depth += flow == FLOW_CALL;
    goal->depth -= flow == FLOW_RETURN && goal->depth > 0;
    return stop;
}

/* A step has met what is not to stop for. Before an instruction it is yet to be made; behind one of
 * this hart, it is made. */
static bool is_passed(struct monitor *monitor)
{
    const struct debug_stop *stop = &monitor->machine->debug_stop;

    if (monitor->stop != STOP_DEBUG || monitor_claims(monitor) != DEBUGGER_PASSES)
        return false;
    if (stop->kind != DEBUG_BREAK && stop->hart == monitor->goal.hart)
        monitor->stop = STOP_LIMIT;
    return monitor->stop != STOP_LIMIT;
}

/* Makes steps until the goal is reached, something else stops the machine, or it is others' turn.
 */
static bool make_steps(struct monitor *monitor)
{
    struct monitor_goal *goal = &monitor->goal;
    bool is_done = goal->kind == GOAL_STEPS && !goal->left; /* see monitor_end_steps() */

    if (is_done)
        monitor->stop = STOP_USER;
    for (unsigned i = 0; i < SLICE_STEPS && !is_done; i++) {
        if (goal->kind == GOAL_RETURN)
            monitor->stop = step_out(monitor, &is_done);
        else
            monitor->stop = debugger_advance_hart(monitor->debugger, monitor->machine, goal->hart);
        if (is_passed(monitor))
            continue;
        if (monitor->stop != STOP_LIMIT)
            is_done = true;
        else if (goal->kind == GOAL_STEPS)
            is_done = --goal->left == 0;
    }
    if (is_done) {
        goal->kind = GOAL_NONE;
        monitor_pass_on(monitor->machine, monitor->stop);
    }
    return is_done;
}

bool monitor_is_stepping(const struct monitor *monitor)
{
    return monitor->goal.kind == GOAL_STEPS || monitor->goal.kind == GOAL_RETURN;
}

bool monitor_go_on_stepping(struct monitor *monitor)
{
    return make_steps(monitor);
}

void monitor_end_steps(struct monitor *monitor)
{
    if (monitor_is_stepping(monitor))
        monitor->goal = (struct monitor_goal){.kind = GOAL_STEPS, .hart = monitor->goal.hart};
}

bool monitor_stands(struct monitor_call *call)
{
    const struct debugger *debugger = call->talk->monitor->debugger;

    if (debugger && debugger->is_stopped && !monitor_is_stepping(call->talk->monitor))
        return true;
    view_refuse(&call->view, "The machine runs; stop makes it stand still.");
    return false;
}

bool monitor_may_change(struct monitor_call *call)
{
    const struct debugger *debugger = call->talk->monitor->debugger;

    if (!debugger || debugger_may_change(debugger))
        return true;
    view_refuse(&call->view, debugger->is_recorded
                                 ? "This run is recorded, and what is changed by hand would not be "
                                   "on the tape."
                                 : "This is the past, which cannot be changed.");
    return false;
}

void monitor_changed(struct monitor_call *call)
{
    if (call->talk->monitor->debugger)
        debugger_changed(call->talk->monitor->debugger);
}

static void begin_steps(struct monitor_call *call, struct monitor_goal goal)
{
    struct monitor *monitor = call->talk->monitor;

    goal.hart = call->view.hart;
    goal.sp = view_hart(&call->view)->x[2];
    monitor->goal = goal;
    monitor->hart = goal.hart;
    if (make_steps(monitor))
        view_stop(&call->view, monitor->stop);
    else
        call->talk->waits = true;
}

static void resume(struct monitor_call *call)
{
    debugger_resume(call->talk->monitor->debugger, (struct debugger_order){.move = DEBUGGER_GO});
}

/* Runs until that place is reached, or that happens; on a stack no deeper than sp, of this hart. */
static void begin_going(struct monitor_call *call, struct monitor_point point, u64 sp)
{
    struct monitor *monitor = call->talk->monitor;

    if (!point.size || !debug_insert(monitor->machine, point.kind, point.at, point.size)) {
        view_refuse(&call->view, "There is nothing to stop at there.");
        return;
    }
    monitor->goal = (struct monitor_goal){
        .kind = GOAL_PLACE, .point = point, .sp = sp, .hart = call->view.hart};
    call->talk->waits = true;
    resume(call);
}

bool monitor_has_arrived(struct monitor *monitor, enum stop stop)
{
    struct monitor_goal *goal = &monitor->goal;
    const struct debug_stop *why = &monitor->machine->debug_stop;
    bool is_there = stop == STOP_DEBUG && goal->kind == GOAL_PLACE &&
                    monitor_is_hit(monitor->machine, &goal->point);

    monitor->stop = stop;
    monitor->hart = stop == STOP_DEBUG ? why->hart : 0;
    if (goal->kind != GOAL_PLACE)
        return true;
    const struct hart *hart = monitor->machine->harts[goal->hart];
    if (is_there && (why->hart != goal->hart || hart->x[2] < goal->sp))
        return false; /* a deeper call, or another hart */
    debug_remove(monitor->machine, goal->point.kind, goal->point.at, goal->point.size);
    goal->kind = GOAL_NONE;
    if (is_there && goal->point.kind == DEBUG_BREAK)
        monitor->stop = STOP_LIMIT;
    return true;
}

void monitor_stop(struct monitor_call *call)
{
    struct debugger *debugger = call->talk->monitor->debugger;

    if (!debugger) {
        view_refuse(&call->view, "This machine cannot be stopped.");
    } else if (monitor_is_stepping(call->talk->monitor)) {
        monitor_end_steps(call->talk->monitor);
        call->talk->waits = true;
    } else if (debugger->is_stopped) {
        view_stop(&call->view, call->talk->monitor->stop);
        call->talk->hart = call->view.hart;
    } else {
        debugger_pause(debugger);
        call->talk->waits = true;
    }
}

/* Also of a machine that runs: whoever says so wants to be back with the guest. */
void monitor_continue(struct monitor_call *call)
{
    const struct debugger *debugger = call->talk->monitor->debugger;

    call->talk->wants_leave = true;
    if (debugger && debugger->is_stopped && monitor_stands(call))
        resume(call);
}

void monitor_step(struct monitor_call *call)
{
    u64 count;

    if (!monitor_optional(call, 0, 1, &count) || !monitor_stands(call))
        return;
    if (!count)
        view_refuse(&call->view, "It makes one step or more.");
    else
        begin_steps(call, (struct monitor_goal){.kind = GOAL_STEPS, .left = count});
}

void monitor_next(struct monitor_call *call)
{
    const struct hart *hart = view_hart(&call->view);
    unsigned length;

    if (!monitor_stands(call))
        return;
    if (next_flow(call->view.machine, call->view.hart, &length) == FLOW_CALL)
        begin_going(call,
                    (struct monitor_point){.kind = DEBUG_BREAK, .at = hart->pc + length, .size = 1},
                    hart->x[2]);
    else
        begin_steps(call, (struct monitor_goal){.kind = GOAL_STEPS, .left = 1});
}

void monitor_until(struct monitor_call *call)
{
    struct monitor_point point;

    if (monitor_read_point(call, &point) && monitor_stands(call))
        begin_going(call, point, 0);
}

void monitor_finish(struct monitor_call *call)
{
    if (monitor_stands(call))
        begin_steps(call, (struct monitor_goal){.kind = GOAL_RETURN});
}

bool monitor_remembers(struct monitor_call *call)
{
    const struct debugger *debugger = call->talk->monitor->debugger;

    if (debugger && debugger->past)
        return true;
    view_refuse(&call->view, "This machine does not remember its past; one that is started by "
                             "`vitrine debug`, or with --gdb or --history, does.");
    return false;
}

static void go_back(struct monitor_call *call, struct debugger_order order)
{
    if (!monitor_stands(call) || !monitor_remembers(call))
        return;
    call->talk->waits = true;
    debugger_resume(call->talk->monitor->debugger, order);
}

void monitor_back(struct monitor_call *call)
{
    struct debugger_order order = {.move = DEBUGGER_BACK_STEP, .hart = call->view.hart};

    if (!monitor_optional(call, 0, 1, &order.steps))
        return;
    if (!order.steps)
        view_refuse(&call->view, "It goes back one step or more.");
    else
        go_back(call, order);
}

void monitor_reverse(struct monitor_call *call)
{
    go_back(call, (struct debugger_order){.move = DEBUGGER_BACK, .hart = call->view.hart});
}
