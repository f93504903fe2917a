/* The body of a snapshot: a zstd stream of sections, each with its length and a sum. For the files
 * loader/snapshot*.c.
 *
 *     kind:32  index:32  at:64  size:64  sum:64   then size bytes; the sum covers both */
#ifndef LOADER_SNAPSHOT_STREAM_H
#define LOADER_SNAPSHOT_STREAM_H

#include "memory/types.h"

#define SECTION_MOST ((u32)1 << 20) /* bytes in a section */

enum section_kind {
    SECTION_STATE = 1, /* a piece of the state (state.h), from byte at on */
    SECTION_RAM,       /* bytes of RAM from at on; what no section holds is zero */
    SECTION_ROM,
    SECTION_BULK,     /* of the device with this index */
    SECTION_IDENTITY, /* of the disk in the virtio slot with this index: struct host_identity */
    SECTION_DISK,     /* bytes of it that are not its base's */
    SECTION_SHARE,    /* what is open in the share in this slot, from byte at on */
    SECTION_END,      /* the last one; at: how many came before */
    SECTION_TAPE,     /* of a recording (record.h): bytes of the tape */
    SECTION_MARK,     /* of a recording: struct door_mark, what the door remembers at its start */
    SECTION_LIFE,     /* of a recording: what was recorded ends here, at this step */
};

struct section {
    u32 kind, index;
    u64 at, size;
};

struct machine;
struct snapshot_writer;
struct snapshot_reader;

/* Writes to this descriptor from where it stands. NULL when memory is short. */
struct snapshot_writer *snapshot_writer_create(int fd);
/* After the first failure nothing more is written. */
void snapshot_write(struct snapshot_writer *writer, const struct section *section,
                    const void *bytes);
/* Whatever this much memory holds that is not zero, in sections of this kind. */
void snapshot_write_memory(struct snapshot_writer *writer, enum section_kind kind, u32 index,
                           const void *memory, u64 size);
/* State, ROM, bulks and RAM of a machine. 0 or -ENOMEM. (snapshot_save.c) */
int snapshot_write_machine(struct snapshot_writer *writer, const struct machine *machine);
/* What was written so far can be read, should no more follow. */
void snapshot_writer_flush(struct snapshot_writer *writer);
/* The last section. 0 or a negative errno, also of everything before. */
int snapshot_writer_finish(struct snapshot_writer *writer);
void snapshot_writer_destroy(struct snapshot_writer *writer);

enum section_result { SECTION_GOOD, SECTION_BAD, SECTION_UNREADABLE };

struct snapshot_reader *snapshot_reader_create(int fd);
/* The next section; *bytes is valid until the next call. After SECTION_END nothing follows.
 * SECTION_UNREADABLE: the host's read failed, errno says why. */
enum section_result snapshot_read(struct snapshot_reader *reader, struct section *section,
                                  const u8 **bytes);
void snapshot_reader_destroy(struct snapshot_reader *reader);

u64 snapshot_sum(u64 sum, const void *bytes, size_t size);

#endif
