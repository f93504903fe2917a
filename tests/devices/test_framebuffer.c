/* The framebuffer (devices/framebuffer.c): a whole machine whose RAM is watched. */
#include "devices/framebuffer.h"
#include "tests/devices/bench.h"

#define CHIP 0x10200000u
#define WIDE 64u
#define HIGH 80u
#define AT   (BENCH_RAM + 0x100000)

struct watcher {
    struct host_screen screen;
    struct host host;
    u32 width, height;
    unsigned sizes, draws, looks;
    struct host_rect parts[16];
    u32 first_pixel; /* of the last part */
    enum host_look look;
    u64 next, seen_now;
};

static void set_size(void *context, u32 width, u32 height)
{
    struct watcher *watcher = context;

    watcher->width = width;
    watcher->height = height;
    watcher->sizes++;
}

static void draw(void *context, const struct host_rect *part, const u32 *pixels, u32 stride)
{
    struct watcher *watcher = context;

    ck_assert_uint_le(part->x + part->width, watcher->width);
    ck_assert_uint_le(part->y + part->height, watcher->height);
    ck_assert_uint_ge(stride, part->width);
    watcher->first_pixel = pixels[0];
    watcher->parts[watcher->draws++ % 16] = *part;
}

static enum host_look wants_look(void *context, u64 now, u64 *next)
{
    struct watcher *watcher = context;

    watcher->seen_now = now;
    *next = watcher->next;
    return watcher->look;
}

static void looked(void *context, u64 now)
{
    struct watcher *watcher = context;

    ck_assert_uint_eq(now, watcher->seen_now);
    watcher->looks++;
}

static void open(struct bench *bench, struct watcher *watcher)
{
    *watcher = (struct watcher){.screen = {.context = watcher,
                                           .set_size = set_size,
                                           .draw = draw,
                                           .wants_look = wants_look,
                                           .looked = looked},
                                .look = LOOK_FOR_CHANGES,
                                .next = CLOCK_NEVER};
    watcher->host.framebuffer = &watcher->screen;
    bench_open_host(bench, ENGINE_FAST, 1, &watcher->host);
}

static struct device *chip(struct bench *bench)
{
    return machine_device(bench->machine, framebuffer_type.name, 0);
}

static u64 look(struct bench *bench, struct watcher *watcher)
{
    watcher->draws = 0;
    return framebuffer_type.tick(chip(bench), 5);
}

static void show(struct bench *bench, u64 address, u64 width, u64 height, u64 stride)
{
    bench_write(bench, CHIP + FRAMEBUFFER_ADDRESS_LOW, 4, (u32)address);
    bench_write(bench, CHIP + FRAMEBUFFER_ADDRESS_HIGH, 4, address >> 32);
    bench_write(bench, CHIP + FRAMEBUFFER_COLUMNS, 4, width);
    bench_write(bench, CHIP + FRAMEBUFFER_ROWS, 4, height);
    bench_write(bench, CHIP + FRAMEBUFFER_STRIDE, 4, stride);
    bench_write(bench, CHIP + FRAMEBUFFER_CONTROL, 4, 1);
}

START_TEST(what_is_stored_is_drawn_once)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_CONTROL, 4), 1);
    ck_assert_uint_eq(watcher.width, WIDE);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 1);
    ck_assert_uint_eq(watcher.parts[0].height, HIGH);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 0);
    bench_write(&bench, AT + PAGE_SIZE, 4, 0x123456); /* row 16 begins there */
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 1);
    ck_assert_uint_eq(watcher.parts[0].y, 16);
    ck_assert_uint_eq(watcher.parts[0].height, 16);
    ck_assert_uint_eq(watcher.parts[0].width, WIDE);
    ck_assert_uint_eq(watcher.first_pixel, 0x123456);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 0);
    ck_assert_uint_eq(watcher.looks, 4);
    bench_close(&bench);
}
END_TEST

START_TEST(pages_apart_are_drawn_apart_and_neighbours_together)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    look(&bench, &watcher);
    bench_write(&bench, AT, 1, 1);
    bench_write(&bench, AT + 3 * PAGE_SIZE, 1, 1);
    bench_write(&bench, AT + 4 * PAGE_SIZE - 1, 1, 1);
    bench_write(&bench, AT + 4 * PAGE_SIZE, 1, 1);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 2);
    ck_assert_uint_eq(watcher.parts[0].y, 0);
    ck_assert_uint_eq(watcher.parts[0].height, 16);
    ck_assert_uint_eq(watcher.parts[1].y, 48);
    ck_assert_uint_eq(watcher.parts[1].height, 32);
    bench_close(&bench);
}
END_TEST

START_TEST(rows_need_not_fit_into_pages)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    show(&bench, AT + 12, 700, 3, 2804);
    ck_assert_uint_eq(watcher.width, 700);
    look(&bench, &watcher);
    bench_write(&bench, AT + 2 * PAGE_SIZE, 4, 1); /* byte 8180 of 8412: row 2 */
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 1);
    ck_assert_uint_eq(watcher.parts[0].y, 2);
    ck_assert_uint_eq(watcher.parts[0].height, 1);
    bench_write(&bench, AT + PAGE_SIZE, 4, 1); /* bytes 4084 to 8180: rows 1 and 2 */
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.parts[0].y, 1);
    ck_assert_uint_eq(watcher.parts[0].height, 2);
    bench_close(&bench);
}
END_TEST

/* The same pages through the TLB of a hart, which must not keep its direct way to them. */
START_TEST(stores_of_a_hart_are_seen_again_after_each_look)
{
    static const enum engine engines[] = {ENGINE_FAST, ENGINE_PLAIN};

    for (unsigned i = 0; i < 2; i++) {
        struct bench bench;
        struct watcher watcher;

        open(&bench, &watcher);
        bench.machine->config.engine = engines[i];
        show(&bench, AT, WIDE, HIGH, 4 * WIDE);
        bench.hart->x[5] = AT + 2 * PAGE_SIZE;
        bench_put(&bench, 0x0062a023); /* sw t1, 0(t0) */
        bench_put(&bench, 0x0062a223); /* sw t1, 4(t0) */
        bench_put(&bench, 0xff9ff06f); /* j -8 */
        watcher.look = LOOK_NOT_NOW;
        machine_run(bench.machine, 100);
        watcher.look = LOOK_FOR_CHANGES;
        look(&bench, &watcher);
        for (u64 round = 2; round < 6; round++) {
            look(&bench, &watcher);
            ck_assert_uint_eq(watcher.draws, 0);
            watcher.look = LOOK_NOT_NOW;
            machine_run(bench.machine, 100 * round);
            watcher.look = LOOK_FOR_CHANGES;
            look(&bench, &watcher);
            ck_assert_uint_eq(watcher.draws, 1);
            ck_assert_uint_eq(watcher.parts[0].y, 32);
        }
        bench_close(&bench);
    }
}
END_TEST

START_TEST(views_that_cannot_be_are_not_shown)
{
    static const struct {
        const char *name;
        u64 address, width, height, stride;
    } rows[] = {
        {"no columns", AT, 0, HIGH, 4 * WIDE},
        {"no rows", AT, WIDE, 0, 4 * WIDE},
        {"4097 columns", AT, 4097, 1, 4 * 4097},
        {"4097 rows", AT, 1, 4097, 4},
        {"2^32 - 1 columns", AT, UINT32_MAX, 1, UINT32_MAX - 3},
        {"a stride of nothing", AT, WIDE, HIGH, 0},
        {"a stride too small", AT, WIDE, HIGH, 4 * WIDE - 4},
        {"an odd stride", AT, WIDE, HIGH, 4 * WIDE + 2},
        {"an odd address", AT + 2, WIDE, HIGH, 4 * WIDE},
        {"over the end", BENCH_RAM + BENCH_SIZE - 4 * WIDE * HIGH + 4, WIDE, HIGH, 4 * WIDE},
        {"before RAM", BENCH_RAM - 4, WIDE, HIGH, 4 * WIDE},
        {"registers", CHIP, WIDE, HIGH, 4 * WIDE},
        {"the last address", UINT64_MAX - 3, WIDE, HIGH, 4 * WIDE},
        {"a stride beyond RAM", AT, WIDE, 4096, UINT32_MAX - 3},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        struct watcher watcher;

        open(&bench, &watcher);
        show(&bench, AT, WIDE, HIGH, 4 * WIDE);
        show(&bench, rows[i].address, rows[i].width, rows[i].height, rows[i].stride);
        ck_assert_msg(!bench_read(&bench, CHIP + FRAMEBUFFER_CONTROL, 4), "%s", rows[i].name);
        ck_assert_uint_eq(watcher.width, 0);
        look(&bench, &watcher);
        ck_assert_uint_eq(watcher.draws, 0);
        ck_assert_uint_eq(watcher.looks, 1); /* somebody may wait for it */
        show(&bench, BENCH_RAM + BENCH_SIZE - 4 * WIDE * HIGH, WIDE, HIGH, 4 * WIDE);
        ck_assert_uint_eq(watcher.width, WIDE);
        bench_close(&bench);
    }
}
END_TEST

START_TEST(registers_read_back_what_was_written)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    show(&bench, 0x123456789abc, 1, 2, 3);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_IDENTITY, 4), FRAMEBUFFER_ID);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_ADDRESS_LOW, 4), 0x56789abc);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_ADDRESS_HIGH, 4), 0x1234);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_COLUMNS, 4), 1);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_ROWS, 4), 2);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_STRIDE, 4), 3);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_STRIDE + 4, 4), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(a_new_view_is_drawn_whole)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    look(&bench, &watcher);
    unsigned sizes = watcher.sizes;
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    ck_assert_uint_eq(watcher.sizes, sizes);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 1);
    watcher.look = LOOK_AT_ALL;
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.parts[0].height, HIGH);
    watcher.draws = 0;
    framebuffer_show(chip(&bench));
    ck_assert_uint_eq(watcher.draws, 1);
    bench_write(&bench, CHIP + FRAMEBUFFER_CONTROL, 4, 0);
    ck_assert_uint_eq(watcher.width, 0);
    look(&bench, &watcher);
    ck_assert_uint_eq(watcher.draws, 0);
    bench_close(&bench);
}
END_TEST

START_TEST(the_screen_says_when_to_look)
{
    struct bench bench;
    struct watcher watcher;

    open(&bench, &watcher);
    watcher.look = LOOK_NOT_NOW;
    watcher.next = 77;
    ck_assert_uint_eq(look(&bench, &watcher), 77);
    ck_assert_uint_eq(watcher.looks, 0);
    watcher.screen.wants_look = NULL;
    ck_assert_uint_eq(look(&bench, &watcher), CLOCK_NEVER);
    bench_close(&bench);
}
END_TEST

START_TEST(without_a_screen_it_is_only_registers)
{
    struct bench bench;

    bench_open(&bench, ENGINE_FAST, 1);
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    ck_assert_uint_eq(bench_read(&bench, CHIP + FRAMEBUFFER_CONTROL, 4), 1);
    ck_assert_uint_eq(framebuffer_type.tick(chip(&bench), 1), CLOCK_NEVER);
    framebuffer_show(chip(&bench));
    bench_close(&bench);
}
END_TEST

START_TEST(with_enough_ram_its_end_is_shown_from_power_on)
{
    struct machine_config config = {
        .board = &board_virt, .ram_size = (u64)64 << 20, .harts = 1, .clock = CLOCK_VIRTUAL};
    struct watcher watcher;
    struct bench bench;
    char message[200];

    open(&bench, &watcher); /* 4 MiB: nothing */
    ck_assert_uint_eq(watcher.sizes, 0);
    bench_close(&bench);
    ck_assert(isa_parse("max", &config.isa, message, sizeof message));
    struct machine *machine = machine_create(&config, &watcher.host, message, sizeof message);
    machine_reset(machine);
    const struct framebuffer_view *view =
        framebuffer_view(machine_device(machine, framebuffer_type.name, 0));
    ck_assert_uint_eq(view->address + (u64)view->stride * view->height,
                      machine->ram.base + machine->ram.size);
    ck_assert_uint_eq(watcher.width, FRAMEBUFFER_WIDTH);
    machine_destroy(machine);
}
END_TEST

START_TEST(a_view_is_put_back_if_it_could_have_been_shown)
{
    struct bench bench;
    struct watcher watcher;
    struct framebuffer_state state;

    open(&bench, &watcher);
    show(&bench, AT, WIDE, HIGH, 4 * WIDE);
    memcpy(&state, chip(&bench)->state, sizeof state);
    ck_assert(framebuffer_type.accepts(chip(&bench), &state, NULL));
    state.shown.address = BENCH_RAM + BENCH_SIZE - 4;
    ck_assert(!framebuffer_type.accepts(chip(&bench), &state, NULL));
    state.shown.address = AT;
    state.shown.stride = UINT32_MAX;
    ck_assert(!framebuffer_type.accepts(chip(&bench), &state, NULL));
    state.shown.is_on = 0;
    ck_assert(framebuffer_type.accepts(chip(&bench), &state, NULL));

    look(&bench, &watcher);
    watcher.width = watcher.draws = 0;
    framebuffer_type.restored(chip(&bench));
    ck_assert_uint_eq(watcher.width, WIDE);
    ck_assert_uint_eq(watcher.draws, 1);
    ck_assert_uint_eq(watcher.parts[0].height, HIGH);
    bench_close(&bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_stored_is_drawn_once,
        pages_apart_are_drawn_apart_and_neighbours_together,
        rows_need_not_fit_into_pages,
        stores_of_a_hart_are_seen_again_after_each_look,
        views_that_cannot_be_are_not_shown,
        registers_read_back_what_was_written,
        a_new_view_is_drawn_whole,
        the_screen_says_when_to_look,
        without_a_screen_it_is_only_registers,
        with_enough_ram_its_end_is_shown_from_power_on,
        a_view_is_put_back_if_it_could_have_been_shown,
    };
    return suite_run("framebuffer", tests, sizeof tests / sizeof *tests, 1);
}
