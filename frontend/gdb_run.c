/* Going on and stopping, for gdb: vCont, c, s, and "Stop Reply Packets". A step is a step of the
 * machine: an interrupt that is due is taken. */
#include "frontend/gdb_parts.h"

#include <string.h>

#define SIGNAL_INTERRUPT 2
#define SIGNAL_TRAP      5
#define SIGNAL_KILL      9
#define CROSSING_NS      500000000u

static bool is_step(enum debugger_move move)
{
    return move == DEBUGGER_STEP_ALONE || move == DEBUGGER_BACK_STEP;
}

/* On RISC-V gdb believes that a watchpoint stops before its access: it removes the watchpoint,
 * makes one step, and then looks what has changed. We stop after the access, so this step is made
 * already. */
static bool is_made(struct gdb *gdb, const struct debugger_order *order)
{
    const struct debug_stop *stop = &gdb_machine(gdb)->debug_stop;
    bool owes_step = gdb->owes_step;

    gdb->owes_step = false;
    return owes_step && is_step(order->move) && order->hart == stop->hart &&
           !gdb_has_point(gdb, stop);
}

/* Ctrl-C that crossed the report of a stop: gdb may go on by itself, as from a condition that does
 * not hold, again and again, and nobody could ever stop it. A person takes longer to say go. */
static bool is_interrupted(struct gdb *gdb)
{
    bool is_fresh = gdb->break_ns && console_now_ns() - gdb->break_ns < CROSSING_NS;

    gdb->break_ns = 0;
    return is_fresh;
}

static void stand(struct gdb *gdb, enum stop stop)
{
    gdb->stop = stop;
    gdb_tell_stop(gdb, "", 0);
}

static void go(struct gdb *gdb, struct debugger_order order)
{
    if (is_made(gdb, &order)) {
        stand(gdb, STOP_LIMIT);
        return;
    }
    if (is_interrupted(gdb)) {
        stand(gdb, STOP_USER);
        return;
    }
    gdb->awaits_stop = true;
    gdb->hart = order.hart;
    debugger_resume(gdb->debugger, order);
}

/* [ADDRESS]: from there instead of from where it is. */
static void go_from(struct gdb *gdb, const char *text, enum debugger_move move)
{
    u64 pc;

    if (*text) {
        if (!gdb_take_number(&text, &pc) || *text) {
            gdb_refuse(gdb);
            return;
        }
        debug_set_register(gdb_machine(gdb), gdb->hart, DEBUG_PC, pc);
    }
    go(gdb, (struct debugger_order){.move = move, .hart = gdb->hart});
}

/* SIGNAL[;ADDRESS]: a machine knows no signals. */
static void go_with_signal(struct gdb *gdb, const char *text, enum debugger_move move)
{
    u64 signal;

    if (!gdb_take_number(&text, &signal) || (*text && !gdb_take(&text, ';')))
        gdb_refuse(gdb);
    else
        go_from(gdb, text, move);
}

void gdb_continue(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    go_from(gdb, text, DEBUGGER_GO);
}

void gdb_continue_signal(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    go_with_signal(gdb, text, DEBUGGER_GO);
}

void gdb_step(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    go_from(gdb, text, DEBUGGER_STEP_ALONE);
}

void gdb_step_signal(struct gdb *gdb, const char *text, size_t size)
{
    (void)size;
    go_with_signal(gdb, text, DEBUGGER_STEP_ALONE);
}

static void go_back(struct gdb *gdb, enum debugger_move move)
{
    if (gdb->debugger->past)
        go(gdb, (struct debugger_order){.move = move, .hart = gdb->hart});
    else
        gdb_answer(&gdb->out, "");
}

void gdb_go_back(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    go_back(gdb, DEBUGGER_BACK);
}

void gdb_step_back(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    go_back(gdb, DEBUGGER_BACK_STEP);
}

/* What vCont wants of each hart. */
enum action { ACTION_NONE, ACTION_GO, ACTION_STEP, ACTION_STOP };

struct actions {
    u8 of[MACHINE_HARTS];
    vaddr low[MACHINE_HARTS], high[MACHINE_HARTS]; /* of a step: on until pc is outside */
};

/* c, s, t, CSIGNAL, SSIGNAL or rSTART,END. */
static bool take_action(const char **text, enum action *action, u64 *low, u64 *high)
{
    char letter = **text;
    u64 signal;

    *low = *high = 0;
    if (!letter)
        return false;
    ++*text;
    switch (letter) {
    case 'c':
    case 'C':
        *action = ACTION_GO;
        break;
    case 's':
    case 'S':
    case 'r':
        *action = ACTION_STEP;
        break;
    case 't':
        *action = ACTION_STOP;
        break;
    default:
        return false;
    }
    if (letter == 'C' || letter == 'S')
        return gdb_take_number(text, &signal);
    if (letter == 'r')
        return gdb_take_number(text, low) && gdb_take(text, ',') && gdb_take_number(text, high);
    return true;
}

/* The leftmost action that names a hart, or all of them, is the hart's. */
static bool take_actions(const char *text, struct actions *actions, unsigned harts)
{
    do {
        enum action action;
        long id = -1;
        u64 low, high;
        if (!take_action(&text, &action, &low, &high) ||
            (gdb_take(&text, ':') && !gdb_take_thread(&text, &id)) || id > (long)harts)
            return false;
        for (unsigned i = 0; i < harts; i++) {
            if (actions->of[i] != ACTION_NONE || (id > 0 && i != (unsigned)id - 1))
                continue;
            actions->of[i] = (u8)action;
            actions->low[i] = low;
            actions->high[i] = high;
        }
    } while (gdb_take(&text, ';'));
    return !*text;
}

static unsigned count(const struct actions *actions, enum action action, unsigned harts,
                      unsigned *first)
{
    unsigned found = 0;

    for (unsigned i = harts; i-- > 0;)
        if (actions->of[i] == action) {
            found++;
            *first = i;
        }
    return found;
}

/* One hart steps, or some go on. Of several that are to step, the one that gdb looks at does. */
void gdb_vcont(struct gdb *gdb, const char *text, size_t size)
{
    struct actions actions = {.of = {ACTION_NONE}};
    unsigned harts = gdb_machine(gdb)->config.harts, first_step = 0, first_go = 0, steps, goes;
    struct debugger_order order = {.move = DEBUGGER_GO, .hart = gdb->hart};
    (void)size;

    if (!take_actions(text, &actions, harts)) {
        gdb_refuse(gdb);
        return;
    }
    steps = count(&actions, ACTION_STEP, harts, &first_step);
    goes = count(&actions, ACTION_GO, harts, &first_go);
    if (steps) {
        order.hart = actions.of[gdb->hart] == ACTION_STEP ? gdb->hart : first_step;
        order.low = actions.low[order.hart];
        order.high = actions.high[order.hart];
        order.move = goes ? DEBUGGER_STEP : DEBUGGER_STEP_ALONE;
    } else if (!goes) {
        gdb_tell_stop(gdb, "", 0); /* all of them stand already */
        return;
    } else if (goes == 1 && harts > 1) {
        order = (struct debugger_order){.move = DEBUGGER_GO_ALONE, .hart = first_go};
    }
    go(gdb, order);
}

/* The machine begins anew, and stands still. There is no answer. */
void gdb_reset(struct gdb *gdb, const char *text, size_t size)
{
    (void)text, (void)size;
    debugger_reset(gdb->debugger);
}

static unsigned signal_of(enum stop stop)
{
    return stop == STOP_USER || stop == STOP_HUNG ? SIGNAL_INTERRUPT : SIGNAL_TRAP;
}

/* Text for gdb's user, while gdb waits for a stop. */
static void say(struct gdb *gdb, const char *text)
{
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out, "O");
    gdb_put_hex(&gdb->out, text, strlen(text));
    gdb_end(&gdb->out);
}

void gdb_tell_stop(struct gdb *gdb, const char *text, size_t size)
{
    bool is_answer = *text != '?';
    (void)size;

    if (gdb->stop == STOP_HUNG && is_answer)
        say(gdb, "The guest can never move again: it waits, and nothing can wake it.\n");
    gdb_begin(&gdb->out);
    gdb_put(&gdb->out, "T%02xthread:%x;", signal_of(gdb->stop), gdb->hart + 1);
    if (gdb->stop == STOP_DEBUG)
        gdb_put_reason(gdb, &gdb_machine(gdb)->debug_stop);
    if (gdb->debugger->is_at_oldest)
        gdb_put(&gdb->out, "replaylog:begin;");
    gdb_end(&gdb->out);
}

void gdb_tell_end(struct gdb *gdb, enum stop stop)
{
    gdb_begin(&gdb->out);
    if (stop == STOP_USER)
        gdb_put(&gdb->out, "X%02x", SIGNAL_KILL);
    else
        gdb_put(&gdb->out, "W%02x", stop == STOP_FAILURE ? gdb_machine(gdb)->exit_code & 0xff : 0);
    gdb_end(&gdb->out);
    gdb->is_leaving = true;
}
