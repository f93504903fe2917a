/* The rest of what the machine needs from outside: clocks, random bytes, sleep, and the question
 * whether to stop. */
#ifndef FRONTEND_OUTSIDE_H
#define FRONTEND_OUTSIDE_H

#include "cpu/clock.h"
#include "devices/host.h"
#include "frontend/console.h"

struct pollfd;

/* Something of the host's that wants looking after while the guest runs: a network, a window. */
struct attendant {
    void *context;
    /* Before sleeping: adds at most room descriptors to fds, lowers *ns to when it wants to be
     * attended to at the latest, and returns how many it added. */
    unsigned (*prepare)(void *context, struct pollfd *fds, unsigned room, u64 *ns);
    /* After sleeping with these descriptors, and every millisecond while the guest runs, then with
     * what poll(2) says without waiting. */
    void (*attend)(void *context, const struct pollfd *fds, unsigned count);
    bool is_timeless; /* what it does means nothing to the guest's clock */
};

#define OUTSIDE_ATTENDANTS 8

struct outside {
    struct console *console;
    struct attendant attendants[OUTSIDE_ATTENDANTS];
    unsigned attendant_count;
    i64 wall_ahead_s; /* the guest is told another date */
    bool wants_pause; /* the machine shall stop, but the run goes on (debugger.h) */
};

void outside_add(struct outside *outside, struct attendant attendant);
/* Sleeps until ns have passed or something wants attention, and attends to it. Returns how many of
 * these ns have passed. */
u64 outside_wait(struct outside *outside, u64 ns);

/* A host into which nothing is plugged. outside and its console must stay where they are. Under the
 * virtual clock it has no clocks and no random bytes of its own, and it sleeps only when a person
 * or an attendant with a time of its own is there: attendants come first. */
struct host outside_host(struct outside *outside, enum clock_kind clock);

#endif
