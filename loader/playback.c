/* Reading a recording (see record.h). The machine is made for it and for nothing else, so what is
 * wrong with the file may show after a part of it is in there. */
#include "loader/record.h"

#include "loader/file.h"
#include "loader/refuse.h"
#include "loader/snapshot.h"
#include "loader/snapshot_stream.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_MOST ((u64)64 << 20)
#define RAM_MOST   ((u64)1 << 40)

struct playback {
    struct file file;
    struct snapshot_reader *reader;
    struct section section; /* the one that was read last, and not used so far */
    const u8 *bytes;
    bool has_section, is_over, is_cut;
    u8 *state; /* of this life */
    u64 state_size, end_step;
};

/* Looks at the next section. False: there is none that is good. */
static bool look(struct playback *playback)
{
    if (playback->has_section)
        return true;
    if (playback->is_over ||
        snapshot_read(playback->reader, &playback->section, &playback->bytes) != SECTION_GOOD)
        return false;
    playback->has_section = true;
    playback->is_over = playback->section.kind == SECTION_END;
    return true;
}

static bool is_next(struct playback *playback, enum section_kind kind)
{
    return look(playback) && playback->section.kind == kind;
}

static bool read_state(struct playback *playback)
{
    playback->state_size = 0;
    while (is_next(playback, SECTION_STATE)) {
        const struct section *section = &playback->section;
        u64 size = playback->state_size + section->size;
        u8 *state = size <= STATE_MOST && section->at == playback->state_size
                        ? realloc(playback->state, size + 1)
                        : NULL;
        if (!state)
            return false;
        memcpy(state + playback->state_size, playback->bytes, section->size);
        playback->state = state;
        playback->state_size = size;
        playback->has_section = false;
    }
    return playback->state_size >= sizeof(struct state_config);
}

static bool read_info(const struct file *file, char *message, size_t message_size)
{
    struct snapshot_info info;

    if (file->size < sizeof info ||
        !file_read(file, 0, &info, sizeof info, message, message_size) ||
        memcmp(info.magic, RECORD_MAGIC, sizeof info.magic))
        return refuse(message, message_size, "%s is no recording.", file->path);
    if (info.version != SNAPSHOT_VERSION)
        return refuse(message, message_size,
                      "%s is a recording of version %u; this is for version %u.", file->path,
                      info.version, SNAPSHOT_VERSION);
    return true;
}

static bool begin(struct playback *playback, const char *path, char *message, size_t message_size)
{
    if (!file_open(&playback->file, path, message, message_size) ||
        !read_info(&playback->file, message, message_size))
        return false;
    lseek(playback->file.fd, sizeof(struct snapshot_info), SEEK_SET);
    playback->reader = snapshot_reader_create(playback->file.fd);
    return (playback->reader && read_state(playback)) ||
           refuse(message, message_size, "%s is a recording that is damaged.", path);
}

struct playback *playback_open(const char *path, char *message, size_t message_size)
{
    struct playback *playback = calloc(1, sizeof *playback);

    if (!playback)
        refuse(message, message_size, "There is no memory left to open %s.", path);
    else if (begin(playback, path, message, message_size))
        return playback;
    playback_close(playback);
    return NULL;
}

void playback_close(struct playback *playback)
{
    if (!playback)
        return;
    snapshot_reader_destroy(playback->reader);
    file_close(&playback->file);
    free(playback->state);
    free(playback);
}

const struct state_config *playback_config(const struct playback *playback)
{
    return (const struct state_config *)(const void *)playback->state;
}

bool playback_machine(const struct playback *playback, struct machine_config *config, char *message,
                      size_t message_size)
{
    const struct state_config *was = playback_config(playback);

    if (strncmp(was->board, board_virt.name, sizeof was->board) || was->harts < 1 ||
        was->harts > MACHINE_HARTS || (was->xlen != 32 && was->xlen != 64) ||
        was->extensions & ~isa_all(was->xlen) || was->ram_size == 0 || was->ram_size > RAM_MOST ||
        was->clock > CLOCK_LIVE || (was->clock == CLOCK_LIVE && !(was->outside & OUTSIDE_CLOCK)) ||
        was->steps_per_tick == 0)
        return refuse(message, message_size,
                      "%s is a recording of a machine that there is none of here.",
                      playback->file.path);
    *config = (struct machine_config){.board = &board_virt,
                                      .isa = {was->xlen, was->extensions},
                                      .ram_size = was->ram_size,
                                      .harts = was->harts,
                                      .clock = (enum clock_kind)was->clock,
                                      .steps_per_tick = was->steps_per_tick,
                                      .seed = was->seed,
                                      .legacy_virtio = was->legacy_virtio};
    return true;
}

static bool fill(void *to, u64 most, const struct playback *playback)
{
    const struct section *section = &playback->section;

    if (!to || section->at > most || section->size > most - section->at)
        return false;
    memcpy((u8 *)to + section->at, playback->bytes, section->size);
    return true;
}

/* The machine's memory, up to the tape. */
static bool read_memory(struct playback *playback, struct machine *machine)
{
    bool good = true;

    for (; good && look(playback); playback->has_section = false) {
        u32 index = playback->section.index;
        if (playback->section.kind == SECTION_RAM)
            good = fill(machine->ram.bytes, machine->ram.size, playback);
        else if (playback->section.kind == SECTION_ROM)
            good = fill(machine->rom, machine->config.board->rom_size, playback);
        else if (playback->section.kind == SECTION_BULK && index < machine->device_count)
            good = fill(machine->devices[index].bulk, machine->devices[index].bulk_size, playback);
        else
            break;
    }
    return good;
}

/* The tape begins anew with each life. */
static bool read_mark(struct playback *playback, struct door_mark *mark)
{
    if (!is_next(playback, SECTION_MARK) || playback->section.size != sizeof *mark)
        return false;
    memcpy(mark, playback->bytes, sizeof *mark);
    mark->position = 0;
    memset(mark->frames, 0, sizeof mark->frames);
    playback->has_section = false;
    return true;
}

/* All of the life's tape. A recording that was not finished ends with what can be read of it. */
static void read_tape(struct playback *playback, struct tape *tape)
{
    struct tape_event event;

    tape_free(tape);
    while (is_next(playback, SECTION_TAPE)) {
        tape_append(tape, playback->bytes, playback->section.size);
        playback->has_section = false;
    }
    playback->is_cut = !is_next(playback, SECTION_LIFE);
    if (!playback->is_cut) {
        playback->end_step = playback->section.at;
        playback->has_section = false;
        return;
    }
    playback->end_step = 0;
    for (u64 at = 0; tape_event(tape, &at, &event); at += event.size)
        playback->end_step = event.step;
}

enum playback_result playback_next(struct playback *playback, struct machine *machine,
                                   struct door *door, char *message, size_t message_size)
{
    const void *bulks[MACHINE_DEVICES];
    struct door_mark mark;

    if (!playback->state_size && !read_state(playback))
        return PLAYBACK_OVER;
    struct state_config config = state_config_in(playback->state);
    if (!state_fits(machine, &config, playback->file.path, message, message_size))
        return PLAYBACK_BAD;
    door_shut(door);
    machine_reset(machine);
    bool good = read_memory(playback, machine) && read_mark(playback, &mark);
    for (unsigned i = 0; i < machine->device_count; i++)
        bulks[i] = machine->devices[i].bulk;
    if (!good || !state_is_sound(machine, playback->state, playback->state_size, bulks)) {
        refuse(message, message_size, "%s is a recording that is damaged.", playback->file.path);
        return PLAYBACK_BAD;
    }
    read_tape(playback, door_tape(door));
    door_hold(door, &mark);
    state_restore(machine, playback->state);
    state_tell(machine);
    door_play(door, &mark, playback->end_step, DOOR_SHOWS, DOOR_STOPS);
    playback->state_size = 0;
    return PLAYBACK_READY;
}

u64 playback_end(const struct playback *playback, bool *is_cut)
{
    *is_cut = playback->is_cut;
    return playback->end_step;
}
