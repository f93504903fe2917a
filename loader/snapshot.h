/* Snapshots: a machine in a file, and back. Complete: harts, RAM, chips, what was being done for
 * the guest, disks as far as they are overlays, names of open files of shares.
 *
 * What is outside stays outside. A disk that is written to directly is not copied: only while
 * nobody has written to it since does a snapshot fit it. Connections of the network are not there
 * any more, as after a cable was pulled for too long; what was typed and not read is not kept, nor
 * is a file of a share that has meanwhile lost its name. */
#ifndef LOADER_SNAPSHOT_H
#define LOADER_SNAPSHOT_H

#include "devices/machine.h"

/* What stands at the start of the file. Little-endian, as all of it. */
struct snapshot_info {
    char magic[16];
    u32 version;  /* SNAPSHOT_VERSION */
    u32 size;     /* of this */
    i64 saved_at; /* seconds since 1970 UTC */
    u64 steps, ticks;
    u64 ram_size, extensions;
    u32 harts, xlen;
    char board[16];
    u64 unused[4];
    u64 sum; /* of everything before */
};

#define SNAPSHOT_MAGIC   "vitrine snapshot" /* 16 bytes, without an end */
#define SNAPSHOT_VERSION 1u

/* Saves the machine, which stands between two slices, under this name: the whole file is there and
 * on stable storage when this returns true, and if the machine or the process dies before that,
 * what had this name still has it. False and one sentence when it cannot be. Disks are flushed. */
bool snapshot_save(struct machine *machine, const char *path, char *message, size_t message_size);

enum snapshot_result {
    SNAPSHOT_RESTORED,
    SNAPSHOT_REFUSED, /* nothing has changed */
    SNAPSHOT_BROKEN,  /* it could not be finished: a disk could not be written. The machine has to
                         be reset or thrown away */
};

/* Puts the machine, which was built alike and stands between two slices, into the state of the
 * file. Whatever is wrong with the file is found before anything changes. */
enum snapshot_result snapshot_restore(struct machine *machine, const char *path, char *message,
                                      size_t message_size);

/* Reads what stands at the start. False and one sentence when it is no snapshot of this version. */
bool snapshot_inspect(const char *path, struct snapshot_info *info, char *message,
                      size_t message_size);
/* Reads all of it and believes none: is every sum right? False and one sentence if not. */
bool snapshot_check(const char *path, char *message, size_t message_size);

#endif
