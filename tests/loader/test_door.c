/* The door and its tape: what came in comes in again at its step, on either engine, and whoever
 * strays from the tape is told where. Whole boots: tests/history. */
#include "devices/uart.h"
#include "devices/virtio_rng.h"
#include "loader/door.h"
#include "loader/snapshot_stream.h"

#include "tests/devices/bench.h"

#include <stdio.h>

#define UART 0x10000000u
#define MOST 300000u
#define ROOM 64u /* bytes, for the answer of a share */

static char message[512];

/* Somebody types a byte whenever he is asked for the 3rd, 6th, ... time. */
struct person {
    unsigned asked;
    char printed[64];
    unsigned printed_count;
};

static int type_byte(void *context)
{
    struct person *person = context;

    return ++person->asked % 3 ? -1 : 'a' + (int)(person->asked / 3 % 26);
}

static void print_byte(void *context, u8 byte)
{
    struct person *person = context;

    if (person->printed_count < sizeof person->printed - 1)
        person->printed[person->printed_count++] = (char)byte;
}

/* Echoes what is typed, and counts in a2 how long it waited, so that the step of each byte shows.
 */
static void put_echo(struct bench *bench)
{
    bench->hart->x[S0] = UART;
    bench->hart->x[A1] = 0x60; /* LSR: nothing to read */
    bench_put(bench, insn_addi(A2, A2, 1));
    bench_put(bench, insn_lb(A0, S0, 5));
    bench_put(bench, insn_beq(A0, A1, -8)); /* nothing there */
    bench_put(bench, insn_lb(A0, S0, 0));
    bench_put(bench, insn_sb(A0, S0, 0));
    bench_put(bench, insn_jal(ZERO, -20));
}

struct side {
    struct bench bench;
    struct person person;
    struct door *door;
};

static void record(struct side *side, enum engine engine)
{
    *side = (struct side){.door = NULL};
    struct host host = {
        .console = {.context = &side->person, .read = type_byte, .write = print_byte}};

    side->door = door_create(&host);
    bench_open_host(&side->bench, engine, 1, &host);
    door_attach(side->door, side->bench.machine);
    put_echo(&side->bench);
    machine_run(side->bench.machine, MOST);
}

/* A machine with nothing outside, and a copy of the tape. */
static void prepare(struct side *side, struct side *recorded, enum engine engine)
{
    struct state_config config = state_config_of(recorded->bench.machine);
    struct tape *from = door_tape(recorded->door), *to;
    struct door_mark mark = {.position = 0};
    u8 byte;

    *side = (struct side){.door = NULL};
    struct host host = {.console = {.context = &side->person, .write = print_byte}};
    side->door = door_create_empty(&host, &config);
    bench_open_host(&side->bench, engine, 1, &host);
    put_echo(&side->bench);
    to = door_tape(side->door);
    for (u64 at = 0; at < from->end; at++) {
        ck_assert(tape_get(from, at, &byte, 1));
        tape_append(to, &byte, 1);
    }
    door_attach(side->door, side->bench.machine);
    door_play(side->door, &mark, MOST, DOOR_SHOWS, DOOR_STOPS);
}

static void release(struct side *side)
{
    bench_close(&side->bench);
    door_destroy(side->door);
}

START_TEST(what_came_in_comes_in_again_at_its_step)
{
    struct side then, now;

    record(&then, _i ? ENGINE_PLAIN : ENGINE_FAST);
    ck_assert_uint_ge(then.person.printed_count, 20);
    prepare(&now, &then, _i ? ENGINE_FAST : ENGINE_PLAIN);
    ck_assert_int_eq(machine_run(now.bench.machine, 12345), STOP_LIMIT); /* in pieces */
    ck_assert_int_eq(machine_run(now.bench.machine, 2 * MOST), STOP_USER);
    ck_assert_ptr_null(door_divergence(now.door));
    ck_assert(door_is_at_end(now.door));
    ck_assert_str_eq(now.person.printed, then.person.printed);
    ck_assert_uint_ge(bench_steps(&now.bench), bench_steps(&then.bench));
    release(&then);
    release(&now);
}
END_TEST

START_TEST(whoever_strays_is_told_at_which_instruction)
{
    struct side then, now;

    record(&then, ENGINE_FAST);
    prepare(&now, &then, ENGINE_FAST);
    machine_run(now.bench.machine, MOST / 2);
    now.bench.hart->pc = BENCH_RAM + 24; /* out of step */
    bench_put_at(&now.bench, BENCH_RAM + 24, insn_jal(ZERO, 0));
    ck_assert_int_eq(machine_run(now.bench.machine, 20 * MOST), STOP_USER);
    ck_assert_ptr_nonnull(door_divergence(now.door));
    snprintf(message, sizeof message, "%s", door_divergence(now.door));
    ck_assert_msg(strstr(message, "pc 0x800000") != NULL, "%s", message);
    release(&then);
    release(&now);
}
END_TEST

/* A machine with a network in slot 0 and a share in slot 1, and one event of so many bytes. */
static void prepare_event(struct side *side, enum tape_kind kind, u8 slot, u32 size)
{
    static const u8 bytes[512];
    struct state_config config = {.outside = 0};
    struct door_mark mark = {.position = 0};
    struct host host = {.context = NULL};
    struct tape_event event = {.kind = (u8)kind, .slot = slot};
    u64 sum = snapshot_sum(ROOM, bytes, 0); /* of an empty request to a share */

    *side = (struct side){.door = NULL};
    config.plugs[0] = (struct state_plug){.kind = PLUG_NET, .mtu = 1500};
    config.plugs[1] = (struct state_plug){.kind = PLUG_SHARE, .size = sizeof bytes};
    side->door = door_create_empty(&host, &config);
    bench_open_host(&side->bench, ENGINE_FAST, 1, &host);
    tape_put(door_tape(side->door), &event, &sum, sizeof sum, bytes, size - sizeof sum);
    door_attach(side->door, side->bench.machine);
    door_play(side->door, &mark, MOST, DOOR_SHOWS, DOOR_STOPS);
}

/* What would not fit where it goes, or is no frame: the tape is not one of ours. */
START_TEST(no_frame_on_a_tape_is_shorter_than_its_head)
{
    static const u32 sizes[] = {13, 14};
    struct side side;
    size_t size = 0;

    prepare_event(&side, TAPE_FRAME, 0, sizes[_i]);
    const struct host_net *net = side.bench.machine->host.plugs[0].backend;
    const u8 *frame = net->look(net->context, &size);
    ck_assert_int_eq(frame != NULL, _i);
    ck_assert_int_eq(door_divergence(side.door) == NULL, _i);
    ck_assert_uint_eq(size, _i ? 14 : 0);
    release(&side);
}
END_TEST

START_TEST(no_answer_on_a_tape_is_longer_than_there_is_room)
{
    static const u32 sizes[] = {8 + ROOM + 1, 8 + ROOM};
    struct side side;

    prepare_event(&side, TAPE_SHARE, 1, sizes[_i]);
    const struct host_share *share = side.bench.machine->host.plugs[1].backend;
    ck_assert_uint_eq(share->exchange(share->context, 0, ROOM), _i ? ROOM : 0);
    ck_assert_int_eq(door_divergence(side.door) == NULL, _i);
    release(&side);
}
END_TEST

START_TEST(a_tape_keeps_its_positions_when_its_beginning_goes)
{
    struct tape_event event = {.step = 7, .kind = TAPE_TYPED}, found;
    struct tape tape;
    u8 bytes[1000], back[1000];
    u64 at, middle = 0;

    tape_init(&tape);
    for (unsigned i = 0; i < 1000; i++) {
        memset(bytes, (int)i, sizeof bytes);
        if (i == 500)
            middle = tape.end;
        tape_put(&tape, &event, bytes, sizeof bytes, NULL, 0);
    }
    u64 before = tape_bytes(&tape);
    tape_drop(&tape, middle);
    ck_assert_uint_lt(tape_bytes(&tape), before);
    ck_assert(!tape_get(&tape, middle - 1, back, 1));
    at = middle;
    ck_assert(tape_event(&tape, &at, &found));
    ck_assert_uint_eq(found.size, sizeof bytes);
    ck_assert(tape_get(&tape, at, back, sizeof back));
    ck_assert_uint_eq(back[999], (u8)500);
    tape_cut(&tape, at + 1000);
    at += 1000;
    ck_assert(!tape_event(&tape, &at, &found));
    tape_put(&tape, &event, bytes, 1, NULL, 0);
    ck_assert(tape_event(&tape, &at, &found));
    ck_assert_uint_eq(found.size, 1);
    tape_free(&tape);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_came_in_comes_in_again_at_its_step,
                                  whoever_strays_is_told_at_which_instruction,
                                  no_frame_on_a_tape_is_shorter_than_its_head,
                                  no_answer_on_a_tape_is_longer_than_there_is_room,
                                  a_tape_keeps_its_positions_when_its_beginning_goes};

    return SUITE_RUN("door", tests, 2);
}
