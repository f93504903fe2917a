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
};

#define OUTSIDE_ATTENDANTS 4

struct outside {
    struct console *console;
    struct attendant attendants[OUTSIDE_ATTENDANTS];
    unsigned attendant_count;
    i64 wall_ahead_s; /* the guest is told another date */
};

/* A host into which nothing is plugged. outside and its console must stay where they are. Under the
 * virtual clock it has no clocks and no random bytes of its own, and it sleeps only when a person
 * or an attendant is there: attendants come first. */
struct host outside_host(struct outside *outside, enum clock_kind clock);

#endif
