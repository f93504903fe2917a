/* Fuzzer: a recording's file. Two ways, by the first byte: the bytes are the file behind its head;
 * or the recording of a machine with one of everything plugged in, whose state is changed in places
 * and whose tape is made of the input. It is played; and where the tape has something, it is asked
 * for, as a guest's drivers could. Whatever is on the tape, what comes in keeps the promises of
 * devices/host.h. */
#include "loader/door.h"
#include "loader/record.h"
#include "loader/snapshot.h"
#include "loader/snapshot_stream.h"

#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#define RAM_SIZE  ((u64)256 << 10)
#define STEPS     2000u
#define QUESTIONS 32u
#define MESSAGE   4096u /* bytes of the share's messages */

enum kind { KIND_RV32 = 1, KIND_RAW = 2, KIND_LIVE = 4 }; /* bits of the first byte */

/* A question to what is in a slot, at this step. */
struct question {
    u64 step;
    u8 slot, how;
};

struct questions {
    struct question at[QUESTIONS];
    unsigned count;
};

struct side {
    struct host host;
    struct door *door;
    struct machine *machine;
};

/* One of everything but a screen with its 64 MiB, as a host of door_create_empty() can have it. */
static struct state_config config_of(u64 kind)
{
    static const u32 kinds[] = {PLUG_DISK,    PLUG_ENTROPY,  PLUG_NET,    PLUG_SHARE,
                                PLUG_CONSOLE, PLUG_KEYBOARD, PLUG_TABLET, PLUG_MOUSE};
    struct state_config config = {.outside = OUTSIDE_WAIT | OUTSIDE_RANDOM | OUTSIDE_WALL};

    if (kind & KIND_LIVE)
        config.outside |= OUTSIDE_CLOCK;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        config.plugs[i].kind = kinds[i];
    config.plugs[0].size = 65536;
    config.plugs[0].flags = PLUG_DISCARDS | PLUG_ZEROES;
    config.plugs[2].mtu = 1500;
    config.plugs[2].flags = PLUG_HAS_CABLE;
    config.plugs[3].size = MESSAGE;
    config.plugs[4].flags = PLUG_HAS_SIZE;
    return config;
}

static void open_side(struct side *side, const struct machine_config *config,
                      const struct state_config *said)
{
    char message[300];

    *side = (struct side){.door = NULL};
    side->door = door_create_empty(&side->host, said);
    if (side->door)
        side->machine = machine_create(config, &side->host, message, sizeof message);
    if (side->machine)
        door_attach(side->door, side->machine);
}

static void close_side(struct side *side)
{
    if (side->machine)
        machine_destroy(side->machine);
    door_destroy(side->door);
}

static void write_info(int fd)
{
    struct snapshot_info info = {.version = SNAPSHOT_VERSION, .size = sizeof info};

    memcpy(info.magic, RECORD_MAGIC, sizeof info.magic);
    info.sum = snapshot_sum(0, &info, offsetof(struct snapshot_info, sum));
    fuzz_check(write(fd, &info, sizeof info) == (ssize_t)sizeof info, "no file");
}

/* Places in the state, and the words that come there. */
static void write_state(struct snapshot_writer *writer, const struct machine *machine,
                        struct fuzz *fuzz)
{
    size_t size = state_size(machine);
    u8 *state = malloc(size);

    fuzz_check(state != NULL, "no memory");
    state_save(machine, state);
    for (u64 count = fuzz_take(fuzz, 1) & 7; count; count--) {
        size_t at = (size_t)(fuzz_take(fuzz, 4) % (size - 8));
        u64 word = fuzz_take(fuzz, 8);
        memcpy(state + at, &word, sizeof word);
    }
    snapshot_write(writer, &(struct section){SECTION_STATE, 0, 0, size}, state);
    snapshot_write_memory(writer, SECTION_RAM, 0, machine->ram.bytes, machine->ram.size);
    free(state);
}

static u32 share_room(u64 how)
{
    return how & 1 ? 11 : MESSAGE;
}

static u32 share_size(u64 how)
{
    return (u32)(how >> 1 & 7);
}

/* The sum that the door will make of the question, without which nothing gets past it. */
static u64 sum_of(enum tape_kind kind, u64 how)
{
    static const u8 request[8];
    const u64 asked[] = {1, (how >> 1) * 512, 512};

    return kind == TAPE_SHARE ? snapshot_sum(share_room(how), request, share_size(how))
                              : snapshot_sum(0, asked, sizeof asked);
}

/* Events whose steps rise and whose sizes are true; what is in them is the input. */
static void write_tape(struct snapshot_writer *writer, struct fuzz *fuzz, u64 *step,
                       struct questions *questions)
{
    static u8 tape[SECTION_MOST];
    size_t used = 0;

    while (fuzz->left > 4 && questions->count < QUESTIONS) {
        struct tape_event event = {.kind = (u8)fuzz_take(fuzz, 1), .slot = (u8)fuzz_take(fuzz, 1)};
        *step += fuzz_take(fuzz, 1);
        u8 how = (u8)fuzz_take(fuzz, 1);
        struct fuzz bytes = fuzz_split(fuzz, fuzz_take(fuzz, 2) & 0x3fff);
        event.step = *step;
        event.size = (u32)bytes.left;
        memcpy(tape + used, &event, sizeof event);
        used += sizeof event;
        if (bytes.left)
            memcpy(tape + used, bytes.at, bytes.left);
        u64 sum = sum_of((enum tape_kind)event.kind, how);
        if ((event.kind == TAPE_SHARE || event.kind == TAPE_DISK) && bytes.left >= sizeof sum)
            memcpy(tape + used, &sum, sizeof sum);
        used += bytes.left;
        questions->at[questions->count++] = (struct question){*step, event.slot, how};
    }
    snapshot_write(writer, &(struct section){SECTION_TAPE, 0, 0, used}, tape);
}

static void write_changed(int fd, u64 kind, struct fuzz *fuzz, struct questions *questions)
{
    unsigned xlen = kind & KIND_RV32 ? 32 : 64;
    struct machine_config config = {.board = &board_virt,
                                    .isa = {xlen, isa_all(xlen)},
                                    .ram_size = RAM_SIZE,
                                    .harts = 2,
                                    .clock = kind & KIND_LIVE ? CLOCK_LIVE : CLOCK_VIRTUAL};
    struct state_config said = config_of(kind);
    struct snapshot_writer *writer = snapshot_writer_create(fd);
    struct side side;
    u64 step = 0;

    open_side(&side, &config, &said);
    fuzz_check(writer && side.machine, "no machine");
    machine_reset(side.machine);
    write_info(fd);
    write_state(writer, side.machine, fuzz);
    struct door_mark mark = door_mark(side.door);
    mark.ticks = fuzz_take(fuzz, 2);
    snapshot_write(writer, &(struct section){.kind = SECTION_MARK, .size = sizeof mark}, &mark);
    write_tape(writer, fuzz, &step, questions);
    snapshot_write(writer, &(struct section){.kind = SECTION_LIFE, .at = step + STEPS}, NULL);
    fuzz_check(snapshot_writer_finish(writer) == 0, "not written");
    snapshot_writer_destroy(writer);
    close_side(&side);
}

static void ask_net(const struct host_net *net, u64 how)
{
    size_t size = 0;
    const u8 *frame = net->look(net->context, &size);

    if (frame) {
        fuzz_check(size >= 14 && size <= HOST_NET_FRAME_MOST, "a frame of no size");
        fuzz_check(frame[size - 1] <= 255, "a frame that cannot be read");
    }
    if (how & 1)
        net->drop(net->context);
    if (net->is_up)
        net->is_up(net->context);
}

static void ask_disk(const struct host_disk *disk, u64 how)
{
    u8 sector[512];

    if (how & 1)
        disk->read(disk->context, (how >> 1) * 512, sector, sizeof sector);
    else
        disk->flush(disk->context);
}

static void ask_share(const struct host_share *share, u64 how)
{
    u32 room = share_room(how);

    if (share->message_most >= room)
        fuzz_check(share->exchange(share->context, share_size(how), room) <= room,
                   "more than room");
}

static void ask(const struct host_plug *plug, u64 how)
{
    struct host_event event;
    u16 columns, rows;

    if (plug->kind == PLUG_NET) {
        ask_net(plug->backend, how);
    } else if (plug->kind == PLUG_DISK) {
        ask_disk(plug->backend, how);
    } else if (plug->kind == PLUG_SHARE) {
        ask_share(plug->backend, how);
    } else if (plug->kind == PLUG_CONSOLE) {
        const struct host_terminal *terminal = plug->backend;
        fuzz_check(terminal->line.read(terminal->line.context) < 256, "more than a byte");
        if (terminal->measure)
            terminal->measure(terminal->line.context, &columns, &rows);
    } else if (plug->kind >= PLUG_KEYBOARD && plug->kind <= PLUG_MOUSE) {
        const struct host_input *input = plug->backend;
        input->next(input->context, &event);
    }
}

static void play(struct playback *playback, struct side *side, const struct questions *questions)
{
    char message[600] = "";

    if (playback_next(playback, side->machine, side->door, message, sizeof message) !=
        PLAYBACK_READY) {
        fuzz_check(!message[0] || message[strlen(message) - 1] == '.', "no sentence");
        return;
    }
    for (unsigned i = 0; i < questions->count; i++) {
        const struct question *question = &questions->at[i];
        machine_run(side->machine, question->step);
        ask(&side->machine->host.plugs[question->slot % HOST_PLUGS], question->how);
    }
    machine_run(side->machine, clock_steps(&side->machine->clock) + STEPS);
    const char *parted = door_divergence(side->door);
    fuzz_check(!parted || parted[strlen(parted) - 1] == '.', "no sentence");
}

/* Machines that would only take time are left out. */
static bool is_small(const struct machine_config *config)
{
    return config->ram_size <= 4 * RAM_SIZE && config->harts <= 4;
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    u64 kind = fuzz_take(&fuzz, 1);
    struct questions questions = {.count = 0};
    int fd = memfd_create("recording", 0);
    char path[32], message[600] = "";
    struct machine_config config;
    struct side side;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (kind & KIND_RAW) {
        write_info(fd);
        fuzz_check(write(fd, fuzz.at, fuzz.left) == (ssize_t)fuzz.left, "no file");
    } else {
        write_changed(fd, kind, &fuzz, &questions);
    }
    struct playback *playback = playback_open(path, message, sizeof message);
    if (playback && playback_machine(playback, &config, message, sizeof message)) {
        open_side(&side, &config, playback_config(playback));
        if (side.machine && is_small(&config))
            play(playback, &side, &questions);
        close_side(&side);
    } else {
        fuzz_check(message[0] && message[strlen(message) - 1] == '.', "no sentence");
    }
    playback_close(playback);
    close(fd);
    return 0;
}
