/* A recording in a file: a machine as it was when it began, and the tape of all that came into it
 * from then on (door.h). Played back, it needs no disk, no network, no clock, and no file that the
 * guest was made of.
 *
 * A guest that resets begins another life, which is recorded behind the one before. */
#ifndef LOADER_RECORD_H
#define LOADER_RECORD_H

#include "loader/door.h"

#define RECORD_MAGIC "vitrine record\n\n" /* 16 bytes, in the place of SNAPSHOT_MAGIC */

struct record;

/* Begins a file; what had that name is replaced. NULL and one sentence when it cannot be. */
struct record *record_create(const char *path, struct door *door, char *message,
                             size_t message_size);
/* The machine begins a life: it was reset and loaded. From now on what comes onto the tape goes to
 * the file. */
void record_begin_life(struct record *record, const struct machine *machine);
/* The life ends here; if the machine stands in its past, in the present. */
void record_end_life(struct record *record);
/* The last words. False and one sentence when the file could not be written, now or before. */
bool record_finish(struct record *record, char *message, size_t message_size);

struct playback;

/* Opens a recording. NULL and one sentence when it is none. */
struct playback *playback_open(const char *path, char *message, size_t message_size);
void playback_close(struct playback *playback);
/* What machine to make: one of this configuration, for a host of door_create_empty(). */
const struct state_config *playback_config(const struct playback *playback);
/* The same for machine_create(). False and one sentence when there is no such machine here. */
bool playback_machine(const struct playback *playback, struct machine_config *config, char *message,
                      size_t message_size);

enum playback_result {
    PLAYBACK_READY, /* a life is in the machine, and its tape in the door */
    PLAYBACK_OVER,  /* there is no other life */
    PLAYBACK_BAD,   /* one sentence says why */
};

/* Puts the next life into the machine. machine_run() then plays it until it returns STOP_USER, or
 * what it returned then. */
enum playback_result playback_next(struct playback *playback, struct machine *machine,
                                   struct door *door, char *message, size_t message_size);
/* The step at which the life ends; *is_cut: the recording stops there without having been finished,
 * because whoever wrote it died. */
u64 playback_end(const struct playback *playback, bool *is_cut);

#endif
