/* The loop around a machine that somebody may stop: gdb (gdb.h), a monitor. Each is a client, which
 * is attended to while the machine runs and while it stands still, is told of every stop, and says
 * when to go on. None of them knows of the others. */
#ifndef FRONTEND_DEBUGGER_H
#define FRONTEND_DEBUGGER_H

#include "devices/debug.h"
#include "frontend/outside.h"

/* What a client says of something that the machine has met, machine->debug_stop. */
enum debugger_claim {
    DEBUGGER_NOT_MINE,
    DEBUGGER_PASSES, /* his, and not to stop for: a condition does not hold */
    DEBUGGER_STOPS,
};

struct debugger_client {
    void *context;
    struct attendant attendant; /* as everything outside that wants looking after */
    bool is_attached;           /* somebody is there: a machine that hangs waits for him */
    /* The machine stands still, or its run ends with this stop; machine->debug_stop says more about
     * STOP_DEBUG. STOP_USER: it was paused; STOP_LIMIT: the steps that were ordered are done. */
    void (*stopped)(void *context, struct machine *machine, enum stop stop);
    enum debugger_claim (*claims)(void *context); /* NULL: nothing is his */
    void (*resumed)(void *context);               /* it runs again, whoever said so; may be NULL */
};

enum debugger_move {
    DEBUGGER_GO,
    DEBUGGER_STEP,       /* one hart, the others as they would run anyway */
    DEBUGGER_GO_ALONE,   /* one hart while the others stand still */
    DEBUGGER_STEP_ALONE, /* the same, one step */
    DEBUGGER_BACK,       /* to the last stop before this step; only with a past */
    DEBUGGER_BACK_STEP,  /* to before the last step of one hart */
};

struct debugger_order {
    enum debugger_move move;
    unsigned hart;
    vaddr low, high; /* steps: on until pc is not in [low, high), one at least */
    u64 steps;       /* DEBUGGER_BACK_STEP: so many of the whole machine; 0: one of the hart */
};

/* What runs the machine in place of machine_run(), and does more on the way. */
struct debugger_runner {
    void *context;
    enum stop (*run)(void *context, struct machine *machine,
                     u64 max_steps); /* NULL: nothing does */
};

/* What has been, if somebody remembers it: the machine can be put to any step from the oldest on,
 * and goes on from there as it did. While it is in the past nothing of it can be changed. */
enum debugger_found { DEBUGGER_FOUND, DEBUGGER_NOTHING, DEBUGGER_LOST };
struct debugger_past {
    void *context;
    bool (*is_past)(void *context);
    void (*changed)(
        void *context); /* the machine is not what it was a moment ago: not in the past */
    u64 (*oldest)(void *context);
    bool (*go)(void *context, u64 step); /* false: that is not possible */
    /* To the last stop before this step: machine->debug_stop says which. Nothing: at the oldest. */
    enum debugger_found (*find_back)(void *context);
};

#define DEBUGGER_CLIENTS 4

struct debugger {
    struct outside *outside;
    struct machine *machine; /* from the first run on */
    struct debugger_client *clients[DEBUGGER_CLIENTS];
    unsigned client_count;
    bool is_stopped;  /* set before the first run: it begins standing still */
    bool wants_quit;  /* a client wants this process to end */
    bool is_recorded; /* what a client changed would not be on the tape */
    bool stops_at_reset;
    struct debugger_order order;
    struct debugger_runner runner;
    const struct debugger_past *past; /* NULL: none */
    bool is_at_oldest;                /* going back has ended there */
};

void debugger_init(struct debugger *debugger, struct outside *outside);
/* Before the host is put together (outside.h). The client must stay where it is. */
void debugger_attach(struct debugger *debugger, struct debugger_client *client);

/* For clients. The machine stops soon, and all of them are told; nothing when it stands still. */
void debugger_pause(struct debugger *debugger);
/* The machine goes on as soon as the client's attendant has returned. Only while it stands still.
 */
void debugger_resume(struct debugger *debugger, struct debugger_order order);
/* It begins anew, as by its reset button, and stands still. */
void debugger_reset(struct debugger *debugger);

/* For clients whose commands let the machine run while the loop has it stand still: in place of
 * machine_run() and of debug_step_in_turn(), so that what is done is remembered. debugger may be
 * NULL: then nothing is. */
enum stop debugger_advance(const struct debugger *debugger, struct machine *machine, u64 max_steps);
enum stop debugger_advance_hart(const struct debugger *debugger, struct machine *machine,
                                unsigned hart);

/* In place of machine_run(): returns when the run ends, or the machine is to be reset. A guest that
 * hangs is a stop like others if a client is attached. */
enum stop debugger_run(struct debugger *debugger, struct machine *machine, u64 max_steps);

#endif
