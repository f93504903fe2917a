/* The host's clocks and random bytes (POSIX clock_gettime, getentropy) behind host.h.
 *
 * Under the virtual clock a run is a function of its inputs, so nothing here that differs from run
 * to run is offered. */
#include "frontend/outside.h"

#include <assert.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#define FDS_MOST      FD_SETSIZE /* descriptors waited for at once */
#define ENTROPY_PIECE 256        /* the most that getentropy(3) gives at once */

static u64 monotonic_ns(void *context)
{
    (void)context;
    return console_now_ns();
}

static u64 wall_ns(void *context)
{
    const struct outside *outside = context;
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return ((u64)at.tv_sec + (u64)outside->wall_ahead_s) * 1000000000u + (u64)at.tv_nsec;
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

/* Asks every attendant what it waits for; the first place is the console's. */
static unsigned prepare(struct outside *outside, struct pollfd *fds,
                        unsigned counts[OUTSIDE_ATTENDANTS], u64 *ns)
{
    unsigned count = 1;

    fds[0] = (struct pollfd){.fd = console_input(outside->console), .events = POLLIN};
    for (unsigned i = 0; i < outside->attendant_count; i++) {
        const struct attendant *attendant = &outside->attendants[i];
        counts[i] = attendant->prepare(attendant->context, fds + count, FDS_MOST - count, ns);
        count += counts[i];
    }
    return count;
}

static void attend(struct outside *outside, const struct pollfd *fds,
                   const unsigned counts[OUTSIDE_ATTENDANTS])
{
    for (unsigned i = 0; i < outside->attendant_count; i++) {
        const struct attendant *attendant = &outside->attendants[i];
        attendant->attend(attendant->context, fds, counts[i]);
        fds += counts[i];
    }
}

u64 outside_wait(struct outside *outside, u64 most)
{
    struct pollfd fds[FDS_MOST];
    unsigned counts[OUTSIDE_ATTENDANTS], count;
    u64 start, slept, ns = most;

    console_flush(outside->console);
    count = prepare(outside, fds, counts, &ns);
    start = console_now_ns();
    console_sleep(outside->console, fds, count, ns);
    slept = console_now_ns() - start;
    attend(outside, fds + 1, counts);
    return slept < most ? slept : most;
}

static u64 wait(void *context, u64 most)
{
    return outside_wait(context, most);
}

/* Asked between slices. */
static bool wants_stop(void *context)
{
    struct outside *outside = context;

    if (console_attend(outside->console) && outside->attendant_count) {
        struct pollfd fds[FDS_MOST];
        unsigned counts[OUTSIDE_ATTENDANTS];
        u64 ns = 0;
        unsigned count = prepare(outside, fds, counts, &ns);
        poll(fds, count, 0);
        attend(outside, fds + 1, counts);
    }
    return outside->wants_pause || console_wants_stop(outside->console);
}

void outside_add(struct outside *outside, struct attendant attendant)
{
    assert(outside->attendant_count < OUTSIDE_ATTENDANTS);
    outside->attendants[outside->attendant_count++] = attendant;
}

/* Is somebody there whose time is the host's? */
static bool follows_host(const struct outside *outside)
{
    for (unsigned i = 0; i < outside->attendant_count; i++)
        if (!outside->attendants[i].is_timeless)
            return true;
    return false;
}

struct host outside_host(struct outside *outside, enum clock_kind clock)
{
    bool is_live = clock == CLOCK_LIVE;
    bool is_attended = outside->console->is_terminal || follows_host(outside);
    return (struct host){
        .console = console_host(outside->console),
        .context = outside,
        .monotonic_ns = is_live ? monotonic_ns : NULL,
        .wall_ns = is_live ? wall_ns : NULL,
        .random = is_live ? fill_random : NULL,
        .wait = is_live || is_attended ? wait : NULL,
        .wants_stop = wants_stop,
    };
}
