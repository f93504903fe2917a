/* Fuzzer: the framebuffer's registers, with stores to the memory that it shows. What it draws lies
 * in its picture and in RAM, and is read to the last pixel; a store that it shows is never missed.
 */
#include "devices/framebuffer.h"

#include "tests/fuzz/fuzz.h"

#define RAM_BASE ((u64)0x80000000)
#define RAM_SIZE ((u64)0x10000)

struct watcher {
    struct host_screen screen;
    struct host host;
    u32 width, height, sum;
    bool saw_first; /* the row of the first pixel was drawn */
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

    fuzz_check(part->x == 0 && part->width == watcher->width && part->height &&
                   part->y < watcher->height && part->height <= watcher->height - part->y,
               "it draws beside its picture");
    watcher->saw_first |= part->y == 0;
    for (u32 row = 0; row < part->height; row++)
        watcher->sum += pixels[(u64)row * stride] + pixels[(u64)row * stride + part->width - 1];
}

static enum host_look look(void *context, u64 now, u64 *next)
{
    (void)context;
    (void)next;
    return now & 1 ? LOOK_FOR_CHANGES : now & 2 ? LOOK_AT_ALL : LOOK_NOT_NOW;
}

static void obey(struct device *device, struct watcher *watcher, struct fuzz *fuzz)
{
    static const u32 sizes[] = {1, 16, 64, 256, 1024, 4096, RAM_SIZE, 3};
    struct ram *ram = device->bus->ram;
    unsigned operation = (unsigned)fuzz_take(fuzz, 1);
    u64 number = operation & 8 ? fuzz_number(fuzz, operation >> 4) : sizes[operation >> 5];

    if (operation & 4) { /* a register; bases are near RAM more often than not */
        u64 offset = fuzz_take(fuzz, 1) % 8 * 4;
        if (offset == FRAMEBUFFER_ADDRESS_LOW && !(operation & 1))
            number += RAM_BASE;
        framebuffer_type.write(device, offset, 4, (u32)number);
        framebuffer_type.read(device, offset, 4);
    } else if (operation & 2) {
        framebuffer_type.tick(device, number);
    } else if (framebuffer_view(device)->is_on) {
        framebuffer_type.tick(device, 1);
        watcher->saw_first = false;
        *ram_writable(ram, framebuffer_view(device)->address, 1) ^= 1;
        framebuffer_type.tick(device, 1);
        fuzz_check(watcher->saw_first, "a store was missed");
    } else if (number < RAM_SIZE) {
        *ram_writable(ram, RAM_BASE + number, 1) ^= 1;
    }
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct watcher watcher = {
        .screen = {
            .context = &watcher, .set_size = see_size, .draw = see_part, .wants_look = look}};
    struct framebuffer_state state = {0};
    struct ram ram;
    struct bus bus = {.count = 0};
    const char *clash;
    struct device device = {
        .type = &framebuffer_type, .state = &state, .host = &watcher.host, .bus = &bus};

    watcher.host.framebuffer = &watcher.screen;
    fuzz_check(ram_init(&ram, RAM_BASE, RAM_SIZE) && bus_attach_ram(&bus, &ram, &clash),
               "no memory");
    framebuffer_type.reset(&device);
    while (fuzz.left)
        obey(&device, &watcher, &fuzz);
    framebuffer_show(&device);
    ram_free(&ram);
    return 0;
}
