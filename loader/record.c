/* Writing a recording (see record.h): a struct snapshot_info with a magic of its own, then sections
 * (snapshot_stream.h): for each life the machine, pieces of the tape, and the step of its end. */
#include "loader/record.h"

#include "loader/refuse.h"
#include "loader/snapshot.h"
#include "loader/snapshot_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10)

struct record {
    int fd, error;
    struct snapshot_writer *writer;
    struct door *door;
    u64 written; /* position on the tape */
    char *path;
    u8 piece[PIECE];
};

static bool write_info(int fd)
{
    struct snapshot_info info = {
        .version = SNAPSHOT_VERSION, .size = sizeof info, .saved_at = (i64)time(NULL)};

    memcpy(info.magic, RECORD_MAGIC, sizeof info.magic);
    info.sum = snapshot_sum(0, &info, offsetof(struct snapshot_info, sum));
    return write(fd, &info, sizeof info) == (ssize_t)sizeof info;
}

static void discard(struct record *record)
{
    door_listen(record->door, NULL, NULL);
    door_need(record->door, DOOR_RECORDS, UINT64_MAX);
    if (record->fd >= 0)
        close(record->fd);
    snapshot_writer_destroy(record->writer);
    free(record->path);
    free(record);
}

struct record *record_create(const char *path, struct door *door, char *message,
                             size_t message_size)
{
    struct record *record = calloc(1, sizeof *record);

    if (!record) {
        refuse(message, message_size, "There is no memory left to record.");
        return NULL;
    }
    record->door = door;
    record->path = strdup(path);
    record->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    record->writer = record->fd >= 0 ? snapshot_writer_create(record->fd) : NULL;
    if (record->path && record->writer && write_info(record->fd))
        return record;
    refuse(message, message_size, "%s cannot be written: %s.", path, strerror(errno));
    discard(record);
    return NULL;
}

/* Writes what is on the tape, which may go then. */
static void pump(void *context)
{
    struct record *record = context;
    struct tape *tape = door_tape(record->door);

    if (tape->has_failed && !record->error)
        record->error = -ENOMEM;
    while (record->written < tape->end) {
        u64 left = tape->end - record->written;
        size_t size = left < PIECE ? (size_t)left : PIECE;
        tape_get(tape, record->written, record->piece, size);
        snapshot_write(record->writer, &(struct section){SECTION_TAPE, 0, record->written, size},
                       record->piece);
        record->written += size;
    }
    door_need(record->door, DOOR_RECORDS, record->written);
}

void record_begin_life(struct record *record, const struct machine *machine)
{
    struct tape *tape = door_tape(record->door);

    /* What came in while it was being loaded is in its state. */
    record->written = tape->end;
    door_need(record->door, DOOR_RECORDS, record->written);
    if (!record->error)
        record->error = snapshot_write_machine(record->writer, machine);
    struct door_mark mark = door_mark(record->door);
    door_listen(record->door, pump, record);
    snapshot_write(record->writer, &(struct section){.kind = SECTION_MARK, .size = sizeof mark},
                   &mark);
}

void record_end_life(struct record *record)
{
    pump(record);
    snapshot_write(record->writer,
                   &(struct section){.kind = SECTION_LIFE, .at = door_end_step(record->door)},
                   NULL);
    snapshot_writer_flush(record->writer);
}

bool record_finish(struct record *record, char *message, size_t message_size)
{
    int error = snapshot_writer_finish(record->writer);
    bool good;

    if (record->error)
        error = record->error;
    if (!error && fsync(record->fd) < 0 && errno != EINVAL)
        error = -errno;
    good = !error || refuse(message, message_size, "%s could not be written: %s.", record->path,
                            strerror(-error));
    discard(record);
    return good;
}
