/* The rest of what the machine needs from outside: clocks, random bytes, sleep, and the question
 * whether to stop. */
#ifndef FRONTEND_OUTSIDE_H
#define FRONTEND_OUTSIDE_H

#include "cpu/clock.h"
#include "devices/host.h"
#include "frontend/console.h"

/* A host without disks for this console, which must stay where it is. Under the virtual clock it
 * has no clocks and no random bytes of its own, and it sleeps only when a person watches. */
struct host outside_host(struct console *console, enum clock_kind clock);

#endif
