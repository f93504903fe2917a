/* The host's clocks and random bytes (POSIX clock_gettime, getentropy) behind host.h.
 *
 * Under the virtual clock a run is a function of its inputs, so nothing here that differs from run
 * to run is offered. */
#include "frontend/outside.h"

#include <assert.h>
#include <time.h>
#include <unistd.h>

#define ENTROPY_PIECE 256 /* the most that getentropy(3) gives at once */

static u64 monotonic_ns(void *context)
{
    (void)context;
    return console_now_ns();
}

static u64 wall_ns(void *context)
{
    (void)context;
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return (u64)at.tv_sec * 1000000000u + (u64)at.tv_nsec;
}

static void fill_random(void *context, void *to, size_t size)
{
    (void)context;
    for (size_t done = 0; done < size;) {
        size_t piece = size - done < ENTROPY_PIECE ? size - done : ENTROPY_PIECE;
        int failed = getentropy((u8 *)to + done, piece);
        assert(!failed);
        (void)failed;
        done += piece;
    }
}

static void wait(void *context, u64 ns)
{
    console_wait(context, ns);
}

static bool wants_stop(void *context)
{
    console_attend(context);
    return console_wants_stop(context);
}

struct host outside_host(struct console *console, enum clock_kind clock)
{
    bool is_live = clock == CLOCK_LIVE;
    return (struct host){
        .console = console_host(console),
        .context = console,
        .monotonic_ns = is_live ? monotonic_ns : NULL,
        .wall_ns = is_live ? wall_ns : NULL,
        .random = is_live ? fill_random : NULL,
        .wait = is_live || console->is_terminal ? wait : NULL,
        .wants_stop = wants_stop,
    };
}
