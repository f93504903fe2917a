/* The virtio screen (devices/virtio_gpu.c, virtio_gpu_command.c, virtio_gpu_memory.c, edid.c), as a
 * driver sees it. */
#include "devices/edid.h"
#include "tests/devices/gpu_driver.h"

START_TEST(display_info_tells_the_size_that_is_wanted)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(COMMAND(rig, GET_DISPLAY_INFO), VIRTIO_GPU_OK_DISPLAY_INFO);
    ck_assert_uint_eq(used_length(rig, 0), 24 + 16 * 24);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 8, 4), 800);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 12, 4), 600);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 16, 4), 1); /* enabled */
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 24 + 16, 4), 0);
    rig_free(rig);
}
END_TEST

START_TEST(what_is_transferred_and_flushed_is_seen)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 7, FORMAT_BGRX, 32, 16);
    gpu_put_up(rig, 7, 32, 16);
    ck_assert_uint_eq(seen.width, 32);
    ck_assert_uint_eq(seen.height, 16);
    ck_assert_uint_eq(seen.pixels[0][0], 0);
    ck_assert_uint_eq(seen.pixels[15][31], 15 * 32 + 31);
    store(rig, PICTURE + 4 * (5 * 32 + 3), 4, 0x123456);
    ck_assert_uint_eq(COMMAND(rig, TRANSFER_TO_HOST_2D, 3, 5, 2, 1, 4 * (5 * 32 + 3), 0, 7, 0),
                      VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.pixels[5][3], 5 * 32 + 3); /* not before the flush */
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 3, 5, 2, 1, 7, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.pixels[5][3], 0x123456);
    ck_assert_uint_eq(seen.part.x, 3);
    ck_assert_uint_eq(seen.part.y, 5);
    ck_assert_uint_eq(seen.part.width, 2);
    ck_assert_uint_eq(seen.part.height, 1);
    rig_free(rig);
}
END_TEST

START_TEST(only_the_part_that_is_scanned_out_is_seen)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 7, FORMAT_BGRX, 32, 32);
    gpu_make(rig, 8, FORMAT_BGRX, 8, 8);
    ck_assert_uint_eq(COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, 32, 32, 0, 0, 7, 0),
                      VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 10, 20, 8, 4, 0, 7), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.width, 8);
    ck_assert_uint_eq(seen.height, 4);
    ck_assert_uint_eq(seen.pixels[0][0], load(rig, PICTURE + 4 * (20 * 32 + 10), 4));
    unsigned draws = seen.draws;
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 0, 0, 10, 32, 7, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 0, 0, 8, 8, 8, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.draws, draws);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_FLUSH, 0, 0, 12, 22, 7, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.draws, draws + 1);
    ck_assert_uint_eq(seen.part.x, 0);
    ck_assert_uint_eq(seen.part.width, 2);
    ck_assert_uint_eq(seen.part.height, 2);
    rig_free(rig);
}
END_TEST

START_TEST(no_resource_takes_the_picture_away)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 7, FORMAT_BGRX, 8, 4);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 0, 0, 8, 4, 0, 7), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.width, 8);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 0, 0, 0, 0, 1, 0),
                      VIRTIO_GPU_ERR_INVALID_SCANOUT_ID);
    ck_assert_uint_eq(seen.width, 8);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 0, 0, 0, 0, 0, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(seen.width + seen.height, 0);
    rig_free(rig);
}
END_TEST

START_TEST(backing_in_pieces_is_one_picture)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 1, FORMAT_BGRX, 4, 2), VIRTIO_GPU_OK_NODATA);
    /* 6 bytes, nothing, 20 bytes, 10 bytes: cut in the middle of pixels. */
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_ATTACH_BACKING, 1, 4, (u32)DATA, 0, 6, 0,
                              (u32)DATA + 0x100, 0, 0, 0, (u32)DATA + 0x200, 0, 20, 0,
                              (u32)DATA + 0x300, 0, 10, 0),
                      VIRTIO_GPU_OK_NODATA);
    for (u32 i = 0; i < 32; i++)
        store(rig, i < 6 ? DATA + i : i < 26 ? DATA + 0x200 + i - 6 : DATA + 0x300 + i - 26, 1, i);
    gpu_put_up(rig, 1, 4, 2);
    ck_assert_uint_eq(seen.pixels[0][0], 0x03020100);
    ck_assert_uint_eq(seen.pixels[0][1], 0x07060504);
    ck_assert_uint_eq(seen.pixels[1][2], 0x1b1a1918);
    ck_assert_uint_eq(seen.pixels[1][3], 0x1f1e1d1c);
    rig_free(rig);
}
END_TEST

START_TEST(every_format_is_brought_into_one)
{
    static const struct {
        u32 number;
        u8 bytes[4]; /* in memory, of a pixel with red 1, green 2, blue 3, alpha 4 */
    } rows[] = {{1, {3, 2, 1, 4}},  {2, {3, 2, 1, 4}},  {3, {4, 1, 2, 3}},   {4, {4, 1, 2, 3}},
                {67, {1, 2, 3, 4}}, {68, {4, 3, 2, 1}}, {121, {4, 3, 2, 1}}, {134, {1, 2, 3, 4}}};
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    for (u32 i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        gpu_make(rig, i + 1, rows[i].number, 1, 1);
        memcpy(ram_writable(&rig->ram, PICTURE, 4), rows[i].bytes, 4);
        gpu_put_up(rig, i + 1, 1, 1);
        ck_assert_msg((seen.pixels[0][0] & 0xffffff) == 0x010203, "format %u: %#x", rows[i].number,
                      seen.pixels[0][0]);
    }
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 99, 5, 1, 1),
                      VIRTIO_GPU_ERR_INVALID_PARAMETER);
    rig_free(rig);
}
END_TEST

START_TEST(edid_prefers_the_size_that_is_wanted)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);
    u8 sum = 0;

    start_driver(rig, ALL_FEATURES);
    ck_assert_uint_ne(offered(rig) & VIRTIO_GPU_F_EDID, 0);
    ck_assert_uint_eq(COMMAND(rig, GET_EDID, 0, 0), VIRTIO_GPU_OK_EDID);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24, 4), EDID_SIZE);
    const u8 *edid = ram_host(&rig->ram, ANSWER_AT + 32);
    for (unsigned i = 0; i < EDID_SIZE; i++)
        sum = (u8)(sum + edid[i]);
    ck_assert_uint_eq(sum, 0);
    ck_assert_uint_eq(edid[54 + 2] | (edid[54 + 4] & 0xf0) << 4, 800);
    ck_assert_uint_eq(edid[54 + 5] | (edid[54 + 7] & 0xf0) << 4, 600);
    u32 clock = (u32)(edid[54] | edid[55] << 8) * 10000;
    u32 total = (800 + 160) * (600 + 35);
    ck_assert_uint_ge(clock / total, 59);
    ck_assert_uint_le(clock / total, 60);
    ck_assert_uint_eq(COMMAND(rig, GET_EDID, 1, 0), VIRTIO_GPU_ERR_INVALID_SCANOUT_ID);
    rig_free(rig);
}
END_TEST

START_TEST(edid_of_the_largest_screen_holds_its_numbers)
{
    u8 edid[EDID_SIZE];

    edid_write(edid, EDID_MOST, EDID_MOST);
    ck_assert_uint_eq(edid[54 + 2] | (edid[54 + 4] & 0xf0) << 4, EDID_MOST);
    ck_assert_uint_eq(edid[54 + 5] | (edid[54 + 7] & 0xf0) << 4, EDID_MOST);
    ck_assert_uint_eq(edid[54] | edid[55] << 8, 65535);
    ck_assert_int_eq(memcmp(edid + 72 + 5, "Vitrine\n", 8), 0);
}
END_TEST

START_TEST(another_size_is_told_by_an_event_and_cleared_by_the_driver)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    seen.next_width = 1;
    ck_assert(!virtio_mmio_type.take(&rig->device)); /* nobody drives it */
    start_driver(rig, ALL_FEATURES);
    u32 generation = get(rig, VIRTIO_CONFIG_GENERATION);
    seen.next_width = 1280;
    seen.next_height = 70000;
    ck_assert(virtio_mmio_type.take(&rig->device));
    ck_assert(!virtio_mmio_type.take(&rig->device));
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    ck_assert_uint_ne(get(rig, VIRTIO_CONFIG_GENERATION), generation);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG, 4), VIRTIO_GPU_EVENT_DISPLAY);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + 8, 4), 1);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + 12, 4), 0);
    store(rig, SLOT + VIRTIO_CONFIG + 4, 2, VIRTIO_GPU_EVENT_DISPLAY); /* not its width */
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG, 4), VIRTIO_GPU_EVENT_DISPLAY);
    store(rig, SLOT + VIRTIO_CONFIG + 4, 4, VIRTIO_GPU_EVENT_DISPLAY);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG, 4), 0);
    COMMAND(rig, GET_DISPLAY_INFO);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 8, 4), 1280);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 12, 4), EDID_MOST);
    start_driver(rig, ALL_FEATURES); /* its reset does not forget what is wanted */
    COMMAND(rig, GET_DISPLAY_INFO);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 24 + 8, 4), 1280);
    rig_free(rig);
}
END_TEST

START_TEST(cursor_is_a_copy_and_moves)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 3, FORMAT_BGRA, 64, 64);
    gpu_make(rig, 4, FORMAT_BGRX, 64, 64);
    gpu_make(rig, 5, FORMAT_BGRA, 63, 64);
    for (u32 i = 0; i < 64 * 64; i++)
        store(rig, PICTURE + 4 * i, 4, i | 0x40000000);
    for (u32 id = 3; id < 5; id++)
        COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, 64, 64, 0, 0, id, 0);
    ck_assert_uint_eq(COMMAND(rig, UPDATE_CURSOR, 0, 10, (u32)-5, 0, 3, 1, 2, 0),
                      VIRTIO_GPU_OK_NODATA);
    ck_assert(seen.has_cursor);
    ck_assert_uint_eq(seen.cursor[4095], 0x40000fff);
    ck_assert_int_eq(seen.cursor_x, 10);
    ck_assert_int_eq(seen.cursor_y, -5);
    COMMAND(rig, RESOURCE_UNREF, 3, 0);
    ck_assert_uint_eq(gpu_memory(rig)->cursor[4095], 0x40000fff);
    ck_assert_uint_eq(COMMAND(rig, MOVE_CURSOR, 0, 700, 8, 0, 0, 0, 0, 0), VIRTIO_GPU_OK_NODATA);
    ck_assert_int_eq(seen.cursor_x, 700);
    ck_assert(seen.has_cursor);
    COMMAND(rig, UPDATE_CURSOR, 0, 0, 0, 0, 4, 0, 0, 0); /* as Linux names its own */
    ck_assert_uint_eq(seen.cursor[1], 0x40000001);
    ck_assert_uint_eq(COMMAND(rig, UPDATE_CURSOR, 0, 0, 0, 0, 5, 0, 0, 0),
                      VIRTIO_GPU_ERR_INVALID_PARAMETER);
    ck_assert_uint_eq(COMMAND(rig, UPDATE_CURSOR, 0, 0, 0, 0, 6, 0, 0, 0),
                      VIRTIO_GPU_ERR_INVALID_RESOURCE_ID);
    ck_assert_uint_eq(COMMAND(rig, UPDATE_CURSOR, 1, 0, 0, 0, 4, 0, 0, 0),
                      VIRTIO_GPU_ERR_INVALID_SCANOUT_ID);
    ck_assert_uint_eq(COMMAND(rig, MOVE_CURSOR, 1, 0, 0, 0, 4, 0, 0, 0),
                      VIRTIO_GPU_ERR_INVALID_SCANOUT_ID);
    COMMAND(rig, UPDATE_CURSOR, 0, 0, 0, 0, 0, 0, 0, 0);
    ck_assert(!seen.has_cursor);
    rig_free(rig);
}
END_TEST

START_TEST(a_fence_comes_back)
{
    struct virtio_gpu_header header = {VIRTIO_GPU_GET_DISPLAY_INFO, VIRTIO_GPU_FLAG_FENCE,
                                       0x123456789, 5, 0};
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    memcpy(ram_writable(&rig->ram, HEADER, sizeof header), &header, sizeof header);
    gpu_send(rig, sizeof header);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 4, 4), VIRTIO_GPU_FLAG_FENCE);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 8, 8), 0x123456789);
    ck_assert_uint_eq(load(rig, ANSWER_AT + 16, 4), 5);
    rig_free(rig);
}
END_TEST

START_TEST(a_reset_leaves_nothing_behind)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);
    struct gpu_memory *empty = calloc(1, sizeof *empty);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 1, FORMAT_BGRA, 64, 64);
    gpu_put_up(rig, 1, 64, 64);
    COMMAND(rig, UPDATE_CURSOR, 0, 0, 0, 0, 1, 0, 0, 0);
    ck_assert_mem_ne(rig->device.bulk, empty, sizeof *empty);
    set(rig, VIRTIO_STATUS, 0);
    ck_assert_mem_eq(rig->device.bulk, empty, sizeof *empty);
    ck_assert_uint_eq(seen.width, 0);
    ck_assert(!seen.has_cursor);
    free(empty);
    rig_free(rig);
}
END_TEST

START_TEST(a_copy_of_the_state_shows_the_same)
{
    struct seen seen, other;
    struct rig *rig = gpu_new(&seen), *copy = gpu_new(&other);

    start_driver(rig, ALL_FEATURES);
    gpu_make(rig, 1, FORMAT_BGRX, 64, 64);
    gpu_put_up(rig, 1, 64, 64);
    COMMAND(rig, UPDATE_CURSOR, 0, 9, 0, 0, 1, 0, 0, 0);
    copy->state = rig->state;
    memcpy(copy->device.bulk, rig->device.bulk, rig->device.function->bulk_size);
    virtio_gpu_show(&copy->device);
    ck_assert_uint_eq(other.width, 64);
    ck_assert_mem_eq(other.pixels, seen.pixels, sizeof seen.pixels);
    ck_assert_mem_eq(other.cursor, seen.cursor, sizeof seen.cursor);
    ck_assert_int_eq(other.cursor_x, 9);
    rig_free(rig);
    rig_free(copy);
}
END_TEST

START_TEST(room_that_was_given_back_is_used_again)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    for (u32 id = 1; id <= 4; id++)
        ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, id, 1, 2048, 2048),
                          VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 5, 1, 1, 1), VIRTIO_GPU_ERR_OUT_OF_MEMORY);
    COMMAND(rig, RESOURCE_UNREF, 2, 0);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 5, 1, 2048, 2049),
                      VIRTIO_GPU_ERR_OUT_OF_MEMORY);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 5, 1, 2048, 1024), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, 6, 1, 1024, 2048), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(gpu_find(gpu_memory(rig), 5)->pixels.first, 2048 * 2048);
    ck_assert_uint_eq(gpu_find(gpu_memory(rig), 6)->pixels.first, 2048 * 2048 + 2048 * 1024);
    rig_free(rig);
}
END_TEST

START_TEST(there_are_so_many_resources_and_no_more)
{
    struct seen seen;
    struct rig *rig = gpu_new(&seen);

    start_driver(rig, ALL_FEATURES);
    for (u32 id = 1; id <= GPU_RESOURCES; id++)
        ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, id, 1, 1, 1), VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, GPU_RESOURCES + 1, 1, 1, 1),
                      VIRTIO_GPU_ERR_OUT_OF_MEMORY);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        display_info_tells_the_size_that_is_wanted,
        what_is_transferred_and_flushed_is_seen,
        only_the_part_that_is_scanned_out_is_seen,
        no_resource_takes_the_picture_away,
        backing_in_pieces_is_one_picture,
        every_format_is_brought_into_one,
        edid_prefers_the_size_that_is_wanted,
        edid_of_the_largest_screen_holds_its_numbers,
        another_size_is_told_by_an_event_and_cleared_by_the_driver,
        cursor_is_a_copy_and_moves,
        a_fence_comes_back,
        a_reset_leaves_nothing_behind,
        a_copy_of_the_state_shows_the_same,
        room_that_was_given_back_is_used_again,
        there_are_so_many_resources_and_no_more,
    };
    return run_suite("virtio_gpu", tests, sizeof tests / sizeof *tests);
}
