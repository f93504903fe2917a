/* A driver of the screen, for tests: it puts commands together by hand and waits for their answers;
 * and the person before the screen, who remembers what it shows. */
#ifndef TESTS_DEVICES_GPU_DRIVER_H
#define TESTS_DEVICES_GPU_DRIVER_H

#include "devices/virtio_gpu.h"
#include "devices/virtio_gpu_memory.h"
#include "tests/devices/virtio_driver.h"

#define ANSWER_AT   STATUS
#define ANSWER_SIZE 1056u
#define PICTURE     (RAM_BASE + 0x20000)
#define SEEN_MOST   64u /* pixels in a row and rows that are remembered */
#define FORMAT_BGRA 1u
#define FORMAT_BGRX 2u

struct seen {
    struct host_screen screen;
    u32 width, height;
    u32 pixels[SEEN_MOST][SEEN_MOST];
    struct host_rect part; /* of the last draw */
    unsigned sizes, draws;
    bool has_cursor;
    u32 cursor[HOST_CURSOR * HOST_CURSOR];
    i32 cursor_x, cursor_y;
    u32 next_width, next_height; /* another size is wanted; 0: none */
};

static inline void see_size(void *context, u32 width, u32 height)
{
    struct seen *seen = context;

    seen->width = width;
    seen->height = height;
    seen->sizes++;
}

static inline void see_part(void *context, const struct host_rect *part, const u32 *pixels,
                            u32 stride)
{
    struct seen *seen = context;

    if (!gpu_holds(seen->width, seen->height, part))
        ck_abort_msg("%u,%u %ux%u of %ux%u", part->x, part->y, part->width, part->height,
                     seen->width, seen->height);
    seen->part = *part;
    seen->draws++;
    for (u32 y = 0; y < part->height; y++)
        for (u32 x = 0; x < part->width; x++)
            if (part->x + x < SEEN_MOST && part->y + y < SEEN_MOST)
                seen->pixels[part->y + y][part->x + x] = pixels[y * stride + x];
}

static inline void see_cursor(void *context, const u32 *pixels)
{
    struct seen *seen = context;

    seen->has_cursor = pixels != NULL;
    if (pixels)
        memcpy(seen->cursor, pixels, sizeof seen->cursor);
}

static inline void see_cursor_move(void *context, i32 x, i32 y)
{
    struct seen *seen = context;

    seen->cursor_x = x;
    seen->cursor_y = y;
}

static inline bool want_size(void *context, u32 *width, u32 *height)
{
    struct seen *seen = context;

    if (!seen->next_width)
        return false;
    *width = seen->next_width;
    *height = seen->next_height;
    seen->next_width = 0;
    return true;
}

/* A rig with a screen, its driver not yet started. */
static inline struct rig *gpu_new(struct seen *seen)
{
    *seen = (struct seen){.screen = {.context = seen,
                                     .width = 800,
                                     .height = 600,
                                     .next_size = want_size,
                                     .set_size = see_size,
                                     .draw = see_part,
                                     .set_cursor = see_cursor,
                                     .move_cursor = see_cursor_move}};
    return rig_new(&virtio_gpu_type, &seen->screen);
}

static inline struct gpu_memory *gpu_memory(struct rig *rig)
{
    return rig->device.bulk;
}

/* Sends size bytes that lie at HEADER; returns the type of the answer, which lies at ANSWER_AT. */
static inline u32 gpu_send(struct rig *rig, u32 size)
{
    u16 before = used_index(rig);

    memset(ram_writable(&rig->ram, ANSWER_AT, ANSWER_SIZE), 0xee, ANSWER_SIZE);
    describe(rig, DESC, 0, HEADER, size, VIRTQUEUE_NEXT, 1);
    describe(rig, DESC, 1, ANSWER_AT, ANSWER_SIZE, VIRTQUEUE_WRITE, 0);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), (u16)(before + 1));
    return (u32)load(rig, ANSWER_AT, 4);
}

/* A command and the 32-bit words that follow its header. */
static inline u32 gpu_command(struct rig *rig, u32 type, const u32 *words, u32 count)
{
    struct virtio_gpu_header header = {.type = type};

    memcpy(ram_writable(&rig->ram, HEADER, sizeof header), &header, sizeof header);
    for (u32 i = 0; i < count; i++)
        store(rig, HEADER + sizeof header + 4 * i, 4, words[i]);
    return gpu_send(rig, (u32)sizeof header + 4 * count);
}

#define COMMAND(rig, type, ...)                                                                    \
    gpu_command(rig, VIRTIO_GPU_##type, (const u32[]){__VA_ARGS__},                                \
                sizeof((const u32[]){__VA_ARGS__}) / 4)

/* A resource of that size, backed by pixels at PICTURE whose value is their number. */
static inline void gpu_make(struct rig *rig, u32 id, u32 format, u32 width, u32 height)
{
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_CREATE_2D, id, format, width, height),
                      VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, RESOURCE_ATTACH_BACKING, id, 1, (u32)PICTURE,
                              (u32)(PICTURE >> 32), 4 * width * height, 0),
                      VIRTIO_GPU_OK_NODATA);
    for (u32 i = 0; i < width * height; i++)
        store(rig, PICTURE + 4 * i, 4, i);
}

/* All of it is copied and shown. */
static inline void gpu_put_up(struct rig *rig, u32 id, u32 width, u32 height)
{
    ck_assert_uint_eq(COMMAND(rig, TRANSFER_TO_HOST_2D, 0, 0, width, height, 0, 0, id, 0),
                      VIRTIO_GPU_OK_NODATA);
    ck_assert_uint_eq(COMMAND(rig, SET_SCANOUT, 0, 0, width, height, 0, id), VIRTIO_GPU_OK_NODATA);
}

#endif
