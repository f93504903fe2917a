/* Fuzzer: a screen and a hostile driver. What the screen draws lies in its picture, and is read to
 * the last pixel. */
#include "devices/virtio_gpu.h"
#include "devices/virtio_gpu_memory.h"

#include "tests/fuzz/virtio.h"

struct watcher {
    struct host_screen screen;
    u32 width, height, sum;
    u32 wanted; /* another size, which the device has not asked for yet */
};

static void see_size(void *context, u32 width, u32 height)
{
    struct watcher *watcher = context;

    watcher->width = width;
    watcher->height = height;
}

static void see_part(void *context, const struct host_rect *part, const u32 *pixels, u32 stride)
{
    struct watcher *watcher = context;

    fuzz_check(gpu_holds(watcher->width, watcher->height, part), "it draws beside its picture");
    for (u32 row = 0; row < part->height; row++)
        watcher->sum += pixels[(u64)row * stride] + pixels[(u64)row * stride + part->width - 1];
}

static void see_cursor(void *context, const u32 *pixels)
{
    if (pixels)
        ((struct watcher *)context)->sum += pixels[HOST_CURSOR * HOST_CURSOR - 1];
}

static bool want_size(void *context, u32 *width, u32 *height)
{
    struct watcher *watcher = context;

    *width = *height = watcher->wanted;
    watcher->wanted = 0;
    return *width != 0;
}

/* One command of those there are, with numbers that are often good; a driver that only throws dice
 * would never get beyond the first check. */
static void command(struct rig *rig, struct fuzz *fuzz)
{
    static const u32 types[] = {VIRTIO_GPU_GET_DISPLAY_INFO,
                                VIRTIO_GPU_RESOURCE_CREATE_2D,
                                VIRTIO_GPU_RESOURCE_UNREF,
                                VIRTIO_GPU_SET_SCANOUT,
                                VIRTIO_GPU_RESOURCE_FLUSH,
                                VIRTIO_GPU_TRANSFER_TO_HOST_2D,
                                VIRTIO_GPU_RESOURCE_ATTACH_BACKING,
                                VIRTIO_GPU_RESOURCE_DETACH_BACKING,
                                VIRTIO_GPU_GET_EDID,
                                VIRTIO_GPU_UPDATE_CURSOR,
                                VIRTIO_GPU_MOVE_CURSOR};
    u64 count = fuzz_take(fuzz, 1) % 16;

    rig_store(rig, DATA, 4, types[fuzz_take(fuzz, 1) % (sizeof types / sizeof types[0])]);
    for (u64 i = 0; i < count; i++) {
        u64 kind = fuzz_take(fuzz, 1);
        u64 word = kind < 128   ? kind & 15
                   : kind < 192 ? 64
                   : kind < 224 ? RAM_BASE
                   : kind < 240 ? UINT32_MAX
                                : fuzz_take(fuzz, 4);
        rig_store(rig, DATA + 24 + 4 * i, 4, word);
    }
    rig_describe(rig, 0, DATA, (u32)(24 + 4 * count), VIRTQUEUE_NEXT, 1);
    rig_describe(rig, 1, DATA + 0x800, 1056, VIRTQUEUE_WRITE, 0);
    rig_publish(rig, 0);
}

static void check_alive(struct rig *rig)
{
    u64 type = 0;

    rig_start_driver(rig, 0);
    rig_store(rig, DATA, 4, VIRTIO_GPU_GET_DISPLAY_INFO);
    rig_describe(rig, 0, DATA, 24, VIRTQUEUE_NEXT, 1);
    rig_describe(rig, 1, DATA + 0x800, 1056, VIRTQUEUE_WRITE, 0);
    fuzz_check(rig_answer(rig) == 408, "the answer has another size");
    bus_read(&rig->bus, DATA + 0x800, 4, &type);
    fuzz_check(type == VIRTIO_GPU_OK_DISPLAY_INFO, "a good command fails");
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct rig *rig = calloc(1, sizeof *rig);
    struct watcher watcher = {.screen = {.context = &watcher,
                                         .next_size = want_size,
                                         .set_size = see_size,
                                         .draw = see_part,
                                         .set_cursor = see_cursor}};

    fuzz_check(rig != NULL, "no memory");
    rig_open(rig, &virtio_gpu_type, &watcher.screen);
    rig_start_driver(rig, 0);
    while (fuzz.left) {
        u64 which = fuzz_take(&fuzz, 1);
        if (which < 160)
            command(rig, &fuzz);
        else if (which < 192)
            watcher.wanted = (u32)fuzz_number(&fuzz, (unsigned)which);
        else
            rig_obey(rig, &fuzz);
        virtio_mmio_type.take(&rig->device);
    }
    check_alive(rig);
    ram_free(&rig->ram);
    munmap(rig->device.bulk, virtio_gpu_type.bulk_size);
    free(rig);
    return 0;
}
