/* The virtio screen against hostile drivers: a table of commands that make no sense, each sent to a
 * screen on which a good picture stands. Whatever comes, the answer is an error, the picture stays,
 * and nothing outside the memory of either side is touched. */
#include "tests/devices/gpu_driver.h"

#define INVALID_ID        VIRTIO_GPU_ERR_INVALID_RESOURCE_ID
#define INVALID_PARAMETER VIRTIO_GPU_ERR_INVALID_PARAMETER
#define INVALID_SCANOUT   VIRTIO_GPU_ERR_INVALID_SCANOUT_ID
#define OUT_OF_MEMORY     VIRTIO_GPU_ERR_OUT_OF_MEMORY
#define UNSPEC            VIRTIO_GPU_ERR_UNSPEC
#define OK                VIRTIO_GPU_OK_NODATA
#define MAX               UINT32_MAX
#define LOW               (u32) PICTURE
#define WORDS             12u

struct hostile {
    const char *name;
    u32 answer;
    u32 type;
    u32 count; /* of words */
    u32 words[WORDS];
};

#define CREATE   VIRTIO_GPU_RESOURCE_CREATE_2D, 4
#define UNREF    VIRTIO_GPU_RESOURCE_UNREF, 2
#define SCANOUT  VIRTIO_GPU_SET_SCANOUT, 6
#define FLUSH    VIRTIO_GPU_RESOURCE_FLUSH, 6
#define TRANSFER VIRTIO_GPU_TRANSFER_TO_HOST_2D, 8
#define ATTACH   VIRTIO_GPU_RESOURCE_ATTACH_BACKING
#define DETACH   VIRTIO_GPU_RESOURCE_DETACH_BACKING, 2
#define CURSOR   VIRTIO_GPU_UPDATE_CURSOR, 8

/* Resource 1 is 32 by 32, backed and shown; resource 2 is 8 by 8, without backing. */
static const struct hostile corpus[] = {
    {"no such command", UNSPEC, 0, 0, {0}},
    {"a command of 3D", UNSPEC, 0x200, 8, {0}},
    {"an answer as a command", UNSPEC, VIRTIO_GPU_OK_NODATA, 0, {0}},
    {"capability sets", UNSPEC, 0x108, 2, {0}},
    {"create number 0", INVALID_ID, CREATE, {0, 1, 8, 8}},
    {"create a number twice", INVALID_ID, CREATE, {1, 1, 8, 8}},
    {"create without format", INVALID_PARAMETER, CREATE, {3, 0, 8, 8}},
    {"create format 2^32 - 1", INVALID_PARAMETER, CREATE, {3, MAX, 8, 8}},
    {"create without width", INVALID_PARAMETER, CREATE, {3, 1, 0, 8}},
    {"create without height", INVALID_PARAMETER, CREATE, {3, 1, 8, 0}},
    {"create 2^32 - 1 squared", OUT_OF_MEMORY, CREATE, {3, 1, MAX, MAX}},
    {"create 2^16 squared: 0 in 32 bits", OUT_OF_MEMORY, CREATE, {3, 1, 65536, 65536}},
    {"create one row too many", OUT_OF_MEMORY, CREATE, {3, 1, 4096, 4097}},
    {"create a long row", OUT_OF_MEMORY, CREATE, {3, 1, MAX, 1}},
    {"create cut short", INVALID_PARAMETER, VIRTIO_GPU_RESOURCE_CREATE_2D, 3, {3, 1, 8}},
    {"create without words", INVALID_PARAMETER, VIRTIO_GPU_RESOURCE_CREATE_2D, 0, {0}},
    {"unref nothing", INVALID_ID, UNREF, {0, 0}},
    {"unref what is not", INVALID_ID, UNREF, {9, 0}},
    {"unref cut short", INVALID_PARAMETER, VIRTIO_GPU_RESOURCE_UNREF, 1, {2}},
    {"scanout 1", INVALID_SCANOUT, SCANOUT, {0, 0, 8, 8, 1, 1}},
    {"scanout 15 off", INVALID_SCANOUT, SCANOUT, {0, 0, 0, 0, 15, 0}},
    {"scanout of nothing there", INVALID_ID, SCANOUT, {0, 0, 8, 8, 0, 9}},
    {"scanout too wide", INVALID_PARAMETER, SCANOUT, {0, 0, 33, 32, 0, 1}},
    {"scanout too high", INVALID_PARAMETER, SCANOUT, {0, 0, 32, 33, 0, 1}},
    {"scanout beside", INVALID_PARAMETER, SCANOUT, {32, 0, 1, 1, 0, 1}},
    {"scanout x wraps", INVALID_PARAMETER, SCANOUT, {MAX, 0, 2, 2, 0, 1}},
    {"scanout y wraps", INVALID_PARAMETER, SCANOUT, {0, MAX - 1, 2, 4, 0, 1}},
    {"scanout width wraps", INVALID_PARAMETER, SCANOUT, {2, 0, MAX, 2, 0, 1}},
    {"scanout empty", INVALID_PARAMETER, SCANOUT, {0, 0, 0, 8, 0, 1}},
    {"scanout without rows", INVALID_PARAMETER, SCANOUT, {0, 0, 8, 0, 0, 1}},
    {"flush what is not", INVALID_ID, FLUSH, {0, 0, 8, 8, 9, 0}},
    {"flush too wide", INVALID_PARAMETER, FLUSH, {1, 0, 32, 1, 1, 0}},
    {"flush too high", INVALID_PARAMETER, FLUSH, {0, 1, 1, 32, 1, 0}},
    {"flush wraps", INVALID_PARAMETER, FLUSH, {MAX, MAX, 1, 1, 1, 0}},
    {"flush wraps to everything", INVALID_PARAMETER, FLUSH, {MAX, 0, 33, 32, 1, 0}},
    {"flush nothing", INVALID_PARAMETER, FLUSH, {0, 0, 0, 0, 1, 0}},
    {"flush what is not shown", OK, FLUSH, {0, 0, 8, 8, 2, 0}},
    {"flush cut short", INVALID_PARAMETER, VIRTIO_GPU_RESOURCE_FLUSH, 5, {0, 0, 8, 8, 1}},
    {"transfer what is not", INVALID_ID, TRANSFER, {0, 0, 8, 8, 0, 0, 9, 0}},
    {"transfer without backing", UNSPEC, TRANSFER, {0, 0, 8, 8, 0, 0, 2, 0}},
    {"transfer too wide", INVALID_PARAMETER, TRANSFER, {0, 0, 33, 1, 0, 0, 1, 0}},
    {"transfer wraps", INVALID_PARAMETER, TRANSFER, {MAX, 0, 2, 1, 0, 0, 1, 0}},
    {"transfer high wraps", INVALID_PARAMETER, TRANSFER, {0, 31, 1, MAX, 0, 0, 1, 0}},
    {"transfer behind the backing", INVALID_PARAMETER, TRANSFER, {0, 0, 1, 1, 4096, 0, 1, 0}},
    {"transfer half behind it", INVALID_PARAMETER, TRANSFER, {0, 0, 1, 1, 4094, 0, 1, 0}},
    {"transfer offset 2^64 - 1", INVALID_PARAMETER, TRANSFER, {0, 0, 1, 1, MAX, MAX, 1, 0}},
    {"transfer offset 2^64 - 4096",
     INVALID_PARAMETER,
     TRANSFER,
     {0, 0, 1, 2, 0xfffff000, MAX, 1, 0}},
    {"transfer offset 2^63", INVALID_PARAMETER, TRANSFER, {0, 0, 1, 1, 0, 0x80000000, 1, 0}},
    {"transfer offset 2^63 - 1", INVALID_PARAMETER, TRANSFER, {0, 0, 1, 2, MAX, MAX >> 1, 1, 0}},
    {"transfer cut short",
     INVALID_PARAMETER,
     VIRTIO_GPU_TRANSFER_TO_HOST_2D,
     7,
     {0, 0, 8, 8, 0, 0, 1}},
    {"attach to what is not", INVALID_ID, ATTACH, 6, {9, 1, LOW, 0, 4096, 0}},
    {"attach twice", UNSPEC, ATTACH, 6, {1, 1, LOW, 0, 4096, 0}},
    {"attach nothing", INVALID_PARAMETER, ATTACH, 2, {2, 0}},
    {"attach a list that is not there", INVALID_PARAMETER, ATTACH, 2, {2, 1}},
    {"attach a list cut short", INVALID_PARAMETER, ATTACH, 9, {2, 2, LOW, 0, 16, 0, LOW, 0, 16}},
    {"attach 2^32 - 1 pieces", INVALID_PARAMETER, ATTACH, 6, {2, MAX, LOW, 0, 16, 0}},
    {"attach 2^28 pieces: 0 bytes in 32 bits",
     INVALID_PARAMETER,
     ATTACH,
     6,
     {2, 1 << 28, LOW, 0, 16, 0}},
    {"attach cut short", INVALID_PARAMETER, ATTACH, 1, {2}},
    {"detach from what is not", INVALID_ID, DETACH, {9, 0}},
    {"detach where nothing is", OK, DETACH, {2, 0}},
    {"cursor of the wrong size", INVALID_PARAMETER, CURSOR, {0, 0, 0, 0, 1, 0, 0, 0}},
    {"cursor of what is not", INVALID_ID, CURSOR, {0, 0, 0, 0, 9, 0, 0, 0}},
    {"cursor on scanout 2^32 - 1", INVALID_SCANOUT, CURSOR, {MAX, 0, 0, 0, 1, 0, 0, 0}},
    {"cursor cut short", INVALID_PARAMETER, VIRTIO_GPU_UPDATE_CURSOR, 7, {0}},
    {"edid of screen 1", INVALID_SCANOUT, VIRTIO_GPU_GET_EDID, 2, {1, 0}},
    {"edid of no screen", INVALID_PARAMETER, VIRTIO_GPU_GET_EDID, 0, {0}},
};

static struct rig *new_shown(struct seen *seen)
{
    struct rig *rig = gpu_new(seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 1, FORMAT_BGRX, 32, 32);
    gpu_put_up(rig, 1, 32, 32);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 2, FORMAT_BGRX, 8, 8), OK);
    return rig;
}

START_TEST(commands_that_make_no_sense_are_refused_and_change_nothing)
{
    for (unsigned i = 0; i < sizeof corpus / sizeof corpus[0]; i++) {
        const struct hostile *bad = &corpus[i];
        struct seen seen;
        struct rig *rig = new_shown(&seen);
        struct gpu_resource before[GPU_RESOURCES];
        u32 answer;

        memcpy(before, gpu_memory(rig)->resources, sizeof before);
        answer = gpu_command(rig, bad->type, bad->words, bad->count);
        ck_assert_msg(answer == bad->answer, "%s: %#x", bad->name, answer);
        ck_assert_msg(!memcmp(before, gpu_memory(rig)->resources, sizeof before), "%s", bad->name);
        ck_assert_msg(seen.width == 32 && seen.height == 32 && !seen.has_cursor, "%s", bad->name);
        ck_assert_uint_eq(seen.pixels[31][31], 31 * 32 + 31);
        ck_assert_uint_eq(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
        rig_free(rig);
    }
}
END_TEST

START_TEST(backing_outside_ram_is_noticed_when_it_is_used)
{
    static const struct {
        const char *name;
        u64 at;
        u32 size;
    } rows[] = {
        {"a hole", 0x1000000, 4096},
        {"registers", SLOT, 4096},
        {"address 0", 0, 4096},
        {"over the end of RAM", RAM_END - 2048, 4096},
        {"behind RAM", RAM_END, 4096},
        {"before RAM", RAM_BASE - 2048, 4096},
        {"the last address", UINT64_MAX, 4096},
        {"address and size wrap", UINT64_MAX - 2048, 4096},
        {"2^32 - 1 bytes", RAM_BASE, MAX},
        {"a byte too few", PICTURE, 4095},
        {"no bytes", PICTURE, 0},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen;
        struct rig *rig = new_shown(&seen);
        bool is_large = rows[i].size == MAX;
        u32 answer;

        COMMAND(rig, RESOURCE_DETACH_BACKING, 1, 0);
        ck_assert_uint_eq(COMMAND(rig, RESOURCE_ATTACH_BACKING, 1, 1, (u32)rows[i].at,
                                  (u32)(rows[i].at >> 32), rows[i].size, 0),
                          OK);
        answer = COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, 32, 32, 0, 0, 1, 0);
        ck_assert_msg(answer == (is_large ? OK : INVALID_PARAMETER), "%s: %#x", rows[i].name,
                      answer);
        answer = COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, 1, 1, (u32)RAM_SIZE, 0, 1, 0);
        ck_assert_msg(answer == INVALID_PARAMETER, "%s: %#x", rows[i].name, answer);
        rig_free(rig);
    }
}
END_TEST

START_TEST(a_command_without_a_header_needs_a_reset)
{
    for (u32 size = 0; size < 24; size += 23) {
        struct seen seen;
        struct rig *rig = new_shown(&seen);

        describe(rig, DESC, 0, HEADER, size, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC, 1, ANSWER_AT, ANSWER_SIZE, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        ck_assert_uint_ne(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
        start_driver(rig, ALL_FEATURES);
        ck_assert_uint_eq(COMMAND(rig, GET_DISPLAY_INFO), VIRTIO_GPU_OK_DISPLAY_INFO);
        rig_free(rig);
    }
}
END_TEST

START_TEST(an_answer_is_cut_to_the_room_there_is)
{
    struct virtio_gpu_header header = {.type = VIRTIO_GPU_GET_DISPLAY_INFO};

    for (u32 room = 0; room < 500; room += 7) {
        struct seen seen;
        struct rig *rig = new_shown(&seen);
        u16 before = used_index(rig);

        memcpy(ram_writable(&rig->ram, HEADER, sizeof header), &header, sizeof header);
        store(rig, ANSWER_AT + room, 1, 0x5a);
        describe(rig, DESC, 0, HEADER, 24, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC, 1, ANSWER_AT, room, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        ck_assert_uint_eq(used_length(rig, before), room < 408 ? room : 408);
        ck_assert_uint_eq(load(rig, ANSWER_AT + room, 1), 0x5a);
        rig_free(rig);
    }
}
END_TEST

START_TEST(what_is_shown_may_be_taken_away)
{
    struct seen seen;
    struct rig *rig = new_shown(&seen);

    ck_assert_uint_eq(COMMAND(rig, RESOURCE_UNREF, 1, 0), OK);
    ck_assert_uint_eq(seen.width, 0);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 0, 0, 1, 1, 1, 0), INVALID_ID);
    gpu_make(rig, 1, FORMAT_BGRX, 4, 4); /* the number again, smaller */
    unsigned draws = seen.draws;
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 0, 0, 4, 4, 1, 0), OK);
    ck_assert_uint_eq(seen.draws, draws);
    rig_free(rig);
}
END_TEST

START_TEST(pieces_are_bounded_for_all_resources_together)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);
    u32 count = 1000; /* in a list at DATA */
    u32 given = 0;

    start_driver(rig, ALL_FEATURES);
    for (u32 id = 1; id <= 40; id++) {
        struct virtio_gpu_header header = {.type = VIRTIO_GPU_RESOURCE_ATTACH_BACKING};
        COMMAND(rig, RESOURCE_CREATE_2D, id, 1, 1, 1);
        memcpy(ram_writable(&rig->ram, DATA, sizeof header), &header, sizeof header);
        store(rig, DATA + 24, 4, id);
        store(rig, DATA + 28, 4, count);
        describe(rig, DESC, 0, DATA, 32 + 16 * count, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC, 1, ANSWER_AT, ANSWER_SIZE, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        u32 answer = (u32)load(rig, ANSWER_AT, 4);
        ck_assert(answer == OK || answer == OUT_OF_MEMORY);
        given += answer == OK ? count : 0;
    }
    ck_assert_uint_eq(given, GPU_PIECES / count * count);
    rig_free(rig);
}
END_TEST

/* As much work as a queue can name: it is done in turns, so that somebody can stop the machine. */
START_TEST(a_queue_of_large_transfers_is_served_in_turns)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);
    u32 words[2 + 4 * 16] = {1, 16}; /* the whole RAM, sixteen times */

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 1, 1, 2048, 2048), OK);
    for (u32 i = 0; i < 16; i++) {
        words[2 + 4 * i] = (u32)RAM_BASE;
        words[2 + 4 * i + 2] = (u32)RAM_SIZE;
    }
    ck_assert_uint_eq(gpu_command(rig, VIRTIO_GPU_RESOURCE_ATTACH_BACKING, words, 2 + 4 * 16), OK);
    ck_assert_uint_eq(COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, 2048, 2048, 0, 0, 1, 0), OK);
    u16 before = used_index(rig);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        publish(rig, 0);
    notify_queue(rig);
    for (u16 done = 1; done <= QUEUE_SIZE; done++) {
        ck_assert_uint_eq(used_index(rig), (u16)(before + done));
        ck_assert_uint_eq(rig->state.waiting, 1);
        virtio_mmio_type.tick(&rig->device, done);
    }
    ck_assert_uint_eq(rig->state.waiting, 0);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        commands_that_make_no_sense_are_refused_and_change_nothing,
        backing_outside_ram_is_noticed_when_it_is_used,
        a_command_without_a_header_needs_a_reset,
        an_answer_is_cut_to_the_room_there_is,
        what_is_shown_may_be_taken_away,
        pieces_are_bounded_for_all_resources_together,
        a_queue_of_large_transfers_is_served_in_turns,
    };
    return run_suite("virtio_gpu_hostile", tests, sizeof tests / sizeof *tests);
}
