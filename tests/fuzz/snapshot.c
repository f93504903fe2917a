/* Fuzzer: a snapshot's file. Two ways, by the first byte: the bytes are the file; or a machine's
 * own snapshot whose state is changed in places before the sums are made, so that what is judged is
 * reached, and then run on, too. A machine that was restored must run, whatever it does. */
#include "loader/snapshot.h"
#include "loader/snapshot_stream.h"
#include "loader/state.h"

#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#define RAM_SIZE ((u64)256 << 10)
#define STEPS    2000u

enum kind { KIND_RV32 = 1, KIND_RAW = 2, KIND_SCREEN = 4 }; /* bits of the first byte */

/* The kind says RV32, and a screen, whose 64 MiB cost most of the time. */
static struct machine *create(u64 kind)
{
    static const struct host_screen screen;
    unsigned xlen = kind & KIND_RV32 ? 32 : 64;
    struct machine_config config = {.board = &board_virt,
                                    .isa = {xlen, isa_all(xlen)},
                                    .ram_size = RAM_SIZE,
                                    .harts = 2,
                                    .clock = CLOCK_VIRTUAL};
    struct host host = {.framebuffer = &screen};
    char message[300];

    if (kind & KIND_SCREEN)
        host_plug(&host, PLUG_SCREEN, &screen);
    struct machine *machine = machine_create(&config, &host, message, sizeof message);
    fuzz_check(machine != NULL, message);
    machine_reset(machine);
    return machine;
}

/* Places in the state, and the words that come there. */
static void change(u8 *state, size_t size, struct fuzz *fuzz)
{
    size_t first = sizeof(struct state_config);

    while (fuzz->left >= 12) {
        size_t at = (size_t)(fuzz_take(fuzz, 4) % (size - first - 8));
        u64 word = fuzz_take(fuzz, 8);
        memcpy(state + first + at, &word, sizeof word);
    }
}

static void write_info(int fd)
{
    struct snapshot_info info = {.version = SNAPSHOT_VERSION, .size = sizeof info};

    memcpy(info.magic, SNAPSHOT_MAGIC, sizeof info.magic);
    info.sum = snapshot_sum(0, &info, offsetof(struct snapshot_info, sum));
    fuzz_check(write(fd, &info, sizeof info) == (ssize_t)sizeof info, "no file");
}

static void write_changed(int fd, const struct machine *machine, struct fuzz *fuzz)
{
    size_t size = state_size(machine);
    u8 *state = malloc(size);
    struct snapshot_writer *writer = snapshot_writer_create(fd);

    fuzz_check(state && writer, "no memory");
    state_save(machine, state);
    change(state, size, fuzz);
    write_info(fd);
    snapshot_write(writer, &(struct section){SECTION_STATE, 0, 0, size}, state);
    snapshot_write_memory(writer, SECTION_RAM, 0, machine->ram.bytes, machine->ram.size);
    fuzz_check(snapshot_writer_finish(writer) == 0, "not written");
    snapshot_writer_destroy(writer);
    free(state);
}

/* All that is missing in a file made by the fuzzer is the sum of its first page. */
static void write_raw(int fd, const struct fuzz *fuzz)
{
    write_info(fd);
    fuzz_check(write(fd, fuzz->at, fuzz->left) == (ssize_t)fuzz->left, "no file");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    u64 kind = fuzz_take(&fuzz, 1);
    struct machine *machine = create(kind);
    int fd = memfd_create("snapshot", 0);
    char path[32], message[600] = "";

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (kind & KIND_RAW)
        write_raw(fd, &fuzz);
    else
        write_changed(fd, machine, &fuzz);
    if (snapshot_restore(machine, path, message, sizeof message) == SNAPSHOT_RESTORED)
        machine_run(machine, clock_steps(&machine->clock) + STEPS);
    else
        fuzz_check(message[0] && message[strlen(message) - 1] == '.', "no sentence");
    close(fd);
    machine_destroy(machine);
    return 0;
}
