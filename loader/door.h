/* The one door, guarded: stands between a machine and everything in its struct host, and writes on
 * a tape what comes in; or plays a tape, and then the machine is told what is on it and nothing
 * outside is touched. Both give the same run, since everything that comes in is asked for between
 * the same two steps again (machine_run.c cuts its slices alike).
 *
 * While it plays, what the guest asks for must be what it asked for then, at the very step; every
 * now and then all registers are compared. Where the two part is told once, and the machine stops.
 */
#ifndef LOADER_DOOR_H
#define LOADER_DOOR_H

#include "devices/machine.h"
#include "loader/state.h"
#include "loader/tape.h"

struct door;

enum door_output {
    DOOR_SHOWS, /* what the guest prints while a tape is played */
    DOOR_HIDES, /* ... has been seen before */
};

/* When all has been played: */
enum door_end {
    DOOR_GOES_ON, /* what comes next is recorded */
    DOOR_STOPS,   /* machine_run() returns STOP_USER */
};

/* Puts a door before this host, whose functions then lead through it; it records. The host and what
 * is plugged into it outlive the door. NULL when memory is short. */
struct door *door_create(struct host *host);
/* A host for a machine of this configuration that has nothing behind its door: only a tape can be
 * played. wants_stop and the outputs of consoles are those of the host, if it has any. */
struct door *door_create_empty(struct host *host, const struct state_config *config);
void door_destroy(struct door *door);
/* This machine was made for the door's host: steps are its. */
void door_attach(struct door *door, struct machine *machine);

/* Between two slices, whenever a megabyte or so has come onto the tape: for who writes it away. */
void door_listen(struct door *door, void (*grown)(void *context), void *context);

/* The tape that is recorded or played, with 0 as its first position. */
struct tape *door_tape(struct door *door);
/* Who still needs the tape, from this position on (UINT64_MAX: nothing of it)? What nobody needs
 * any more goes. */
enum door_reader { DOOR_RECORDS, DOOR_REMEMBERS, DOOR_READERS };
void door_need(struct door *door, enum door_reader who, u64 from);

/* machine_run(), which forgets all translations at every multiple of DOOR_GRID steps: whoever
 * begins there with an empty TLB (a snapshot, a point of a history) then does the same, whatever
 * stale entry the guest relies on. All that is recorded or played is run by this. passed is called
 * there; NULL: nobody wants to know. */
#define DOOR_GRID 30000000u
enum stop door_run(struct door *door, u64 max_steps);
void door_meet(struct door *door, void (*passed)(void *context), void *context);
/* Where a snapshot made now would begin to play: all that the door itself remembers. */
struct door_mark {
    u64 position;
    u64 ticks, ticks_step; /* what the live clock said last, and when */
    u64 next_check;
    u64 frames[HOST_PLUGS]; /* 1 + position of the frame that waits; 0: none */
    u16 columns[HOST_PLUGS], rows[HOST_PLUGS];
    u8 is_up[HOST_PLUGS];
};
struct door_mark door_mark(const struct door *door);
/* Plays from this mark on, up to the end of the tape, which is at this step; then it records again.
 * Before the machine is put back to the step of the mark. */
void door_play(struct door *door, const struct door_mark *mark, u64 end_step,
               enum door_output output, enum door_end end);
/* Nothing comes in and nothing is noted until door_play(): while a machine is put together. */
void door_shut(struct door *door);
/* The same, and the clock stands where it stood at this mark. */
void door_hold(struct door *door, const struct door_mark *mark);
/* Does the real host's wants_stop stop the machine? It does unless somebody says otherwise. */
enum door_ear { DOOR_HEARS, DOOR_IS_DEAF };
void door_hear(struct door *door, enum door_ear ear);
/* Is a tape being played? Then end_step is where its end is, else it is now. */
bool door_is_playing(const struct door *door);
u64 door_end_step(const struct door *door);
/* Has everything been played, up to the last step? Then the next thing comes from outside. */
bool door_is_at_end(const struct door *door);
/* Where what was played parted from what was recorded, as a sentence; NULL: nowhere so far. */
const char *door_divergence(const struct door *door);

#endif
