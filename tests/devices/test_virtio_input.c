/* Keyboard and tablet (devices/virtio_input.c) and the giving of what comes from outside
 * (devices/virtio_deliver.c), as a driver sees them. */
#include "devices/virtio_input.h"
#include "tests/devices/virtio_driver.h"

#define EVENTS DATA /* where the driver's buffers lie, eight bytes each */

struct person {
    struct host_input input;
    struct host_event events[32];
    unsigned count, taken;
};

static bool next(void *context, struct host_event *event)
{
    struct person *person = context;

    if (person->taken == person->count)
        return false;
    *event = person->events[person->taken++];
    return true;
}

static struct rig *new_rig(struct person *person, const struct virtio_type *type)
{
    *person = (struct person){.input = {person, next}};
    return rig_new(type, &person->input);
}

static void press(struct person *person, u16 code)
{
    person->events[person->count++] = (struct host_event){EV_KEY, code, 1};
    person->events[person->count++] = (struct host_event){EV_SYN, SYN_REPORT, 0};
}

static void give_buffers(struct rig *rig, u32 count, u32 size)
{
    for (u32 i = 0; i < count; i++) {
        u32 at = rig->published % QUEUE_SIZE;
        describe(rig, DESC, at, EVENTS + 8 * at, size, VIRTQUEUE_WRITE, 0);
        publish(rig, (u16)at);
    }
    notify_queue(rig);
}

static bool take(struct rig *rig)
{
    return virtio_mmio_type.take(&rig->device);
}

static u8 ask(struct rig *rig, u8 select, u8 subsel)
{
    store(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_SELECT, 1, select);
    store(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_SUBSEL, 1, subsel);
    ck_assert_uint_eq(load(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_SELECT, 1), select);
    return (u8)load(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_SIZE, 1);
}

static u8 answer(struct rig *rig, u32 at)
{
    return (u8)load(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_DATA + at, 1);
}

static bool has_bit(struct rig *rig, u32 code)
{
    return answer(rig, code / 8) >> code % 8 & 1;
}

START_TEST(events_fill_the_drivers_buffers_in_order)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    give_buffers(rig, 4, 8);
    ck_assert(!take(rig));
    press(&person, 30);
    ck_assert(take(rig));
    ck_assert_uint_eq(used_index(rig), 2);
    ck_assert_uint_eq(used_length(rig, 0), 8);
    ck_assert_uint_eq(load(rig, EVENTS, 8), (u64)1 << 32 | 30u << 16 | EV_KEY);
    ck_assert_uint_eq(load(rig, EVENTS + 8, 8), 0);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    ck_assert(rig->level);
    ck_assert(!take(rig));
    rig_free(rig);
}
END_TEST

START_TEST(without_buffers_events_wait_and_none_is_lost)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    press(&person, 30);
    ck_assert(!take(rig)); /* nobody drives it */
    ck_assert_uint_eq(person.taken, 0);
    start_driver(rig, ALL_FEATURES);
    ck_assert(!take(rig));
    ck_assert(!take(rig));
    ck_assert_uint_eq(person.taken, 1); /* one waits in the device */
    press(&person, 31);
    give_buffers(rig, 3, 8);
    ck_assert(take(rig));
    ck_assert_uint_eq(used_index(rig), 3);
    ck_assert_uint_eq(load(rig, EVENTS + 2, 2), 30);
    ck_assert_uint_eq(load(rig, EVENTS + 16 + 2, 2), 31);
    give_buffers(rig, 1, 8);
    ck_assert(take(rig));
    ck_assert_uint_eq(used_index(rig), 4);
    ck_assert_uint_eq(person.taken, 4);
    rig_free(rig);
}
END_TEST

START_TEST(a_small_buffer_holds_the_beginning)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    give_buffers(rig, 2, 3);
    store(rig, EVENTS + 3, 1, 0x5a);
    press(&person, 30);
    ck_assert(take(rig));
    ck_assert_uint_eq(used_length(rig, 0), 3);
    ck_assert_uint_eq(load(rig, EVENTS + 3, 1), 0x5a);
    rig_free(rig);
}
END_TEST

START_TEST(broken_buffers_need_a_reset)
{
    static const struct {
        const char *name;
        paddr at;
        u32 size, flags, next;
    } rows[] = {
        {"outside RAM", RAM_END, 8, VIRTQUEUE_WRITE, 0},
        {"over its end", RAM_END - 4, 8, VIRTQUEUE_WRITE, 0},
        {"registers", SLOT, 8, VIRTQUEUE_WRITE, 0},
        {"2^32 - 1 bytes", RAM_BASE, UINT32_MAX, VIRTQUEUE_WRITE, 0},
        {"a chain that loops", DATA, 8, VIRTQUEUE_WRITE | VIRTQUEUE_NEXT, 0},
        {"a chain that leaves", DATA, 8, VIRTQUEUE_WRITE | VIRTQUEUE_NEXT, 99},
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct person person;
        struct rig *rig = new_rig(&person, &virtio_tablet_type);

        start_driver(rig, ALL_FEATURES);
        describe(rig, DESC, 0, rows[i].at, rows[i].size, rows[i].flags, rows[i].next);
        publish(rig, 0);
        press(&person, BTN_LEFT);
        ck_assert_msg(!take(rig), "%s", rows[i].name);
        ck_assert_msg(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, "%s", rows[i].name);
        start_driver(rig, ALL_FEATURES);
        give_buffers(rig, 4, 8);
        press(&person, BTN_LEFT);
        ck_assert_msg(take(rig), "%s", rows[i].name);
        rig_free(rig);
    }
}
END_TEST

START_TEST(a_buffer_that_is_to_be_read_takes_nothing)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    describe(rig, DESC, 0, EVENTS, 8, 0, 0);
    publish(rig, 0);
    press(&person, 30);
    take(rig);
    ck_assert_uint_eq(used_length(rig, 0), 0);
    ck_assert_uint_eq(load(rig, EVENTS, 8), 0);
    rig_free(rig);
}
END_TEST

START_TEST(a_used_ring_that_was_moved_away_needs_a_reset)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    give_buffers(rig, 1, 8);
    rig->state.queues[0].used = RAM_END; /* as a broken snapshot might say */
    press(&person, 30);
    ck_assert(!take(rig));
    ck_assert_uint_ne(get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    set(rig, VIRTIO_STATUS, 0);
    ck_assert(!take(rig));
    rig_free(rig);
}
END_TEST

START_TEST(a_queue_that_is_off_gets_nothing)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    give_buffers(rig, 4, 8);
    set(rig, VIRTIO_QUEUE_READY, 0);
    press(&person, 30);
    ck_assert(!take(rig));
    ck_assert_uint_eq(used_index(rig), 0);
    rig_free(rig);
}
END_TEST

START_TEST(the_keyboard_says_what_it_has)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    ck_assert_uint_eq(get(rig, VIRTIO_DEVICE_ID), 18);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ID_NAME, 0), strlen("Vitrine Keyboard"));
    ck_assert_uint_eq(answer(rig, 0), 'V');
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ID_DEVIDS, 0), 8);
    ck_assert_uint_eq(answer(rig, 0), BUS_VIRTUAL);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_KEY), 31);
    ck_assert(has_bit(rig, 1) && has_bit(rig, KEY_POWER) && has_bit(rig, KEY_LAST));
    ck_assert(!has_bit(rig, 0) && !has_bit(rig, BTN_LEFT));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_LED), 1);
    ck_assert_uint_eq(answer(rig, 0), 7);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_REP), 1);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_ABS), 0);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ABS_INFO, ABS_X), 0);
    rig_free(rig);
}
END_TEST

START_TEST(the_tablet_says_what_it_has)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_tablet_type);

    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ID_NAME, 0), strlen("Vitrine Tablet"));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_KEY), BTN_EXTRA / 8 + 1);
    ck_assert(has_bit(rig, BTN_LEFT) && has_bit(rig, BTN_EXTRA) && !has_bit(rig, 30));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_REL), 2);
    ck_assert(has_bit(rig, REL_WHEEL) && has_bit(rig, REL_HWHEEL) && !has_bit(rig, 0));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_ABS), 1);
    ck_assert_uint_eq(answer(rig, 0), 3);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ABS_INFO, ABS_Y), 20);
    ck_assert_uint_eq(answer(rig, 4) | answer(rig, 5) << 8, TABLET_MOST);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ABS_INFO, 2), 0);
    rig_free(rig);
}
END_TEST

START_TEST(the_mouse_says_what_it_has)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_mouse_type);

    ck_assert_uint_eq(get(rig, VIRTIO_DEVICE_ID), 18);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ID_NAME, 0), strlen("Vitrine Mouse"));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_KEY), BTN_EXTRA / 8 + 1);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_REL), 2);
    ck_assert(has_bit(rig, REL_X) && has_bit(rig, REL_Y) && has_bit(rig, REL_WHEEL));
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_EV_BITS, EV_ABS), 0);
    ck_assert_uint_eq(ask(rig, VIRTIO_INPUT_ABS_INFO, ABS_X), 0);
    rig_free(rig);
}
END_TEST

START_TEST(whatever_is_selected_is_answered_within_bounds)
{
    const struct virtio_type *const types[] = {&virtio_keyboard_type, &virtio_tablet_type,
                                               &virtio_mouse_type};

    for (unsigned i = 0; i < 3; i++) {
        struct person person;
        struct rig *rig = new_rig(&person, types[i]);
        for (unsigned select = 0; select < 256; select++)
            for (unsigned subsel = 0; subsel < 256; subsel += select < 32 ? 1 : 51) {
                u8 size = ask(rig, (u8)select, (u8)subsel);
                if (size > 128)
                    ck_abort_msg("%u %u: %u bytes", select, subsel, size);
                for (u32 at = size; at < 128; at++)
                    if (answer(rig, at))
                        ck_abort_msg("%u %u: something behind the end", select, subsel);
            }
        store(rig, SLOT + VIRTIO_CONFIG, 2, EV_KEY << 8 | VIRTIO_INPUT_EV_BITS); /* both at once */
        ck_assert_uint_ne(load(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_SIZE, 1), 0);
        store(rig, SLOT + VIRTIO_CONFIG + VIRTIO_INPUT_DATA, 8, UINT64_MAX); /* nothing */
        rig_free(rig);
    }
}
END_TEST

START_TEST(lights_are_taken_and_given_back)
{
    struct person person;
    struct rig *rig = new_rig(&person, &virtio_keyboard_type);

    start_driver(rig, ALL_FEATURES);
    set(rig, VIRTIO_QUEUE_READY, 0);
    set(rig, VIRTIO_QUEUE_SEL, VIRTIO_INPUT_STATUS);
    set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
    set(rig, VIRTIO_QUEUE_DESC_LOW, DESC);
    set(rig, VIRTIO_QUEUE_DESC_HIGH, DESC >> 32);
    set(rig, VIRTIO_QUEUE_AVAIL_LOW, AVAIL);
    set(rig, VIRTIO_QUEUE_AVAIL_HIGH, AVAIL >> 32);
    set(rig, VIRTIO_QUEUE_USED_LOW, USED);
    set(rig, VIRTIO_QUEUE_USED_HIGH, USED >> 32);
    set(rig, VIRTIO_QUEUE_READY, 1);
    describe(rig, DESC, 0, EVENTS, 8, 0, 0);
    publish(rig, 0);
    set(rig, VIRTIO_QUEUE_NOTIFY, VIRTIO_INPUT_STATUS);
    ck_assert_uint_eq(used_index(rig), 1);
    ck_assert_uint_eq(used_length(rig, 0), 0);
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        events_fill_the_drivers_buffers_in_order,
        without_buffers_events_wait_and_none_is_lost,
        a_small_buffer_holds_the_beginning,
        broken_buffers_need_a_reset,
        a_buffer_that_is_to_be_read_takes_nothing,
        a_used_ring_that_was_moved_away_needs_a_reset,
        a_queue_that_is_off_gets_nothing,
        the_keyboard_says_what_it_has,
        the_tablet_says_what_it_has,
        the_mouse_says_what_it_has,
        whatever_is_selected_is_answered_within_bounds,
        lights_are_taken_and_given_back,
    };
    return run_suite("virtio_input", tests, sizeof tests / sizeof *tests);
}
