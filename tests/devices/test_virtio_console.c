/* The virtio console (devices/virtio_console.c) as its driver sees it, a good one and hostile ones.
 */
#include "tests/devices/console_terminal.h"

#define CONFIG(offset) (SLOT + VIRTIO_CONFIG + (offset))

START_TEST(what_the_driver_prints_is_seen)
{
    struct person *person = person_new();

    person_start(person, ALL_FEATURES);
    memcpy(ram_writable(&person->rig->ram, DATA, 16), "hello, terminal\n", 16);
    person_print(person, 16);
    ck_assert_uint_eq(person->seen_size, 16);
    ck_assert_mem_eq(person->seen, "hello, terminal\n", 16);
    ck_assert_uint_eq(person_used(person, VIRTIO_CONSOLE_TRANSMIT), 1);
    ck_assert_uint_eq(person_used_size(person, VIRTIO_CONSOLE_TRANSMIT, 0), 0);
    ck_assert_uint_eq(get(person->rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    person_free(person);
}
END_TEST

START_TEST(what_is_typed_waits_for_room_and_loses_nothing)
{
    struct person *person = person_new();
    char got[200] = "";
    static const char text[] = "the quick brown fox jumps over the lazy dog and the lazy dog does "
                               "not mind, for it is asleep";

    person->typed = text;
    ck_assert(!person_take(person)); /* nobody drives it */
    person_start(person, ALL_FEATURES);
    ck_assert(!person_take(person)); /* no room */
    ck_assert_uint_eq(get(person->rig, VIRTIO_INTERRUPT_STATUS), 0);
    for (u32 i = 0; strlen(got) < sizeof text - 1; i++) {
        person_offer(person, 7 + 20 * (i % 2));
        ck_assert(person_take(person));
        ck_assert_uint_eq(person_used(person, VIRTIO_CONSOLE_RECEIVE), (u16)(i + 1));
        u32 size = person_used_size(person, VIRTIO_CONSOLE_RECEIVE, i);
        ck_assert_uint_ge(size, 1);
        strncat(got, (const char *)ram_host(&person->rig->ram, TYPED_AT + 256 * (i % QUEUE_SIZE)),
                size);
    }
    ck_assert_str_eq(got, text);
    ck_assert_uint_eq(get(person->rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_USED);
    person_offer(person, 100);
    ck_assert(!person_take(person));
    person_free(person);
}
END_TEST

START_TEST(from_a_pipe_a_buffer_holds_one_byte)
{
    struct person *person = person_new();

    person->terminal.line.one_at_a_time = true;
    person->typed = "ab";
    person_start(person, ALL_FEATURES);
    person_offer(person, 100);
    ck_assert(person_take(person));
    ck_assert_uint_eq(person_used_size(person, VIRTIO_CONSOLE_RECEIVE, 0), 1);
    person_offer(person, 100);
    ck_assert(person_take(person));
    ck_assert_uint_eq(load(person->rig, TYPED_AT + 256, 1), 'b');
    person_free(person);
}
END_TEST

START_TEST(a_new_size_is_a_configuration_interrupt)
{
    struct person *person = person_new();
    struct rig *rig = person->rig;

    person_start(person, ALL_FEATURES);
    ck_assert_uint_eq(load(rig, CONFIG(0), 2), 80);
    ck_assert_uint_eq(load(rig, CONFIG(2), 2), 24);
    ck_assert_uint_eq(load(rig, CONFIG(4), 4), 1);
    u32 generation = get(rig, VIRTIO_CONFIG_GENERATION);
    ck_assert(!person_take(person));
    person->columns = 132;
    person->rows = 50;
    ck_assert(person_take(person));
    ck_assert_uint_eq(load(rig, CONFIG(0), 2), 132);
    ck_assert_uint_eq(load(rig, CONFIG(2), 2), 50);
    ck_assert_uint_ne(get(rig, VIRTIO_CONFIG_GENERATION), generation);
    ck_assert_uint_eq(get(rig, VIRTIO_INTERRUPT_STATUS), VIRTIO_INTERRUPT_CONFIG);
    ck_assert(rig->level);
    ck_assert(!person_take(person));
    person_free(person);
}
END_TEST

START_TEST(a_console_without_a_person_is_quiet)
{
    static const struct host_terminal nobody;
    struct rig *rig = rig_new(&virtio_console_type, &nobody);

    start_driver(rig, ALL_FEATURES);
    ck_assert(!virtio_mmio_type.take(&rig->device));
    store(rig, CONFIG(8), 4, 'x');
    ck_assert_uint_eq(load(rig, CONFIG(0), 4), 0);
    rig_free(rig);
}
END_TEST

START_TEST(an_emergency_character_is_printed_before_there_is_a_driver)
{
    struct person *person = person_new();

    store(person->rig, CONFIG(8), 4, 0x41414100 | '!');
    ck_assert_uint_eq(person->seen_size, 1);
    ck_assert_uint_eq(person->seen[0], '!');
    store(person->rig, CONFIG(0), 4, 'x'); /* the size is not the driver's to set */
    ck_assert_uint_eq(person->seen_size, 1);
    ck_assert_uint_eq(load(person->rig, CONFIG(0), 2), 80);
    person_free(person);
}
END_TEST

START_TEST(one_request_prints_so_much_and_no_more)
{
    struct person *person = person_new();

    person_start(person, ALL_FEATURES);
    person_print(person, 0x30000);
    ck_assert_uint_eq(person->seen_size, VIRTIO_CONSOLE_MOST);
    ck_assert_uint_eq(person_used(person, VIRTIO_CONSOLE_TRANSMIT), 1);
    person_free(person);
}
END_TEST

/* An ordinary driver prints and is typed at. */
static void check_alive(struct person *person, const char *after)
{
    person->seen_size = 0;
    person_start(person, ALL_FEATURES);
    store(person->rig, DATA, 1, 'p');
    store(person->rig, DATA + 1, 1, 'q');
    person_print(person, 2);
    ck_assert_msg(person->seen_size == 2 && person->seen[1] == 'q', "after %s: nothing is seen",
                  after);
    person_offer(person, 9);
    person->typed = "k";
    ck_assert_msg(person_take(person), "after %s: nothing is typed", after);
    ck_assert_uint_eq(load(person->rig, TYPED_AT, 1), 'k');
}

START_TEST(hostile_receive_buffers_are_refused_and_the_console_lives_on)
{
    static const struct {
        const char *name;
        bool is_broken;
        paddr at;
        unsigned size;
        u64 value;
    } corpus[] = {
        {"nothing wrong", false, TYPED_AT, 1, 0},
        {"buffer of no bytes", true, DESC + 8, 4, 0},
        {"buffer of 2^32-1 bytes", true, DESC + 8, 4, UINT32_MAX},
        {"buffer outside RAM", true, DESC, 8, RAM_END},
        {"buffer over the end of RAM", true, DESC, 8, RAM_END - 8},
        {"buffer that ends at 2^64", true, DESC, 8, UINT64_MAX - 8},
        {"buffer in registers", true, DESC, 8, SLOT},
        {"buffer only to be read", true, DESC + 12, 2, 0},
        {"buffer that leads to itself", true, DESC + 12, 2, VIRTQUEUE_WRITE | VIRTQUEUE_NEXT},
        {"table that is none", true, DESC + 12, 2, VIRTQUEUE_INDIRECT},
        {"head outside the table", true, AVAIL + 4, 2, 8},
        {"index jumps", true, AVAIL + 2, 2, 9},
        {"index goes back", true, AVAIL + 2, 2, 65535},
        {"index is 0 after all", false, AVAIL + 2, 2, 0},
        {"buffer is the used ring", false, DESC, 8, USED},
        {"buffer is the available ring", true, DESC, 8, AVAIL},
        {"buffer is the table", false, DESC, 8, DESC},
    };
    struct person *person = person_new();

    for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
        person_start(person, ALL_FEATURES);
        person_offer(person, 9);
        store(person->rig, corpus[i].at, corpus[i].size, corpus[i].value);
        for (int again = 0; again < 2; again++) {
            person->typed = "typed";
            person_take(person);
        }
        bool is_broken = get(person->rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET;
        ck_assert_msg(is_broken == corpus[i].is_broken, "%s: needs reset %d", corpus[i].name,
                      is_broken);
        check_alive(person, corpus[i].name);
    }
    person_free(person);
}
END_TEST

START_TEST(a_used_ring_that_was_moved_away_needs_a_reset)
{
    struct person *person = person_new();

    person_start(person, ALL_FEATURES);
    person_offer(person, 100);
    person->rig->state.queues[VIRTIO_CONSOLE_RECEIVE].used = RAM_END; /* no register says so */
    person->typed = "lost";
    person_take(person);
    ck_assert_uint_ne(get(person->rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET, 0);
    person_start(person, ALL_FEATURES);
    person_offer(person, 100);
    person->typed = "found";
    ck_assert(person_take(person));
    ck_assert_uint_ge(person_used_size(person, VIRTIO_CONSOLE_RECEIVE, 0), 5);
    person_free(person);
}
END_TEST

START_TEST(storm_of_random_words_leaves_the_console_alive)
{
    struct person *person = person_new();
    u64 seed = 20261120;

    for (unsigned round = 0; round < 300; round++) {
        person_start(person, roll(&seed) | VIRTIO_F_VERSION_1);
        for (unsigned i = 0; i < 60; i++) {
            u32 queue = roll(&seed) % 2;
            paddr rings[] = {DESC_OF(queue), AVAIL_OF(queue), USED_OF(queue), SLOT};
            paddr at = rings[roll(&seed) % 16 ? roll(&seed) % 3 : 3] + (roll(&seed) & 0x7c);

            store(person->rig, at, 4,
                  roll(&seed) % 4 ? roll(&seed) % 0x200 : DATA + roll(&seed) % 99);
            if (roll(&seed) % 2)
                person_offer(person, (u32)(roll(&seed) % 256));
            else
                person_publish(person, queue, (u16)(roll(&seed) % 9));
            person->typed = "a storm";
            person->columns = (u16)(roll(&seed) % 3);
            person_take(person);
            virtio_mmio_type.tick(&person->rig->device, i);
        }
        check_alive(person, "a storm");
    }
    person_free(person);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_the_driver_prints_is_seen,
        what_is_typed_waits_for_room_and_loses_nothing,
        from_a_pipe_a_buffer_holds_one_byte,
        a_new_size_is_a_configuration_interrupt,
        a_console_without_a_person_is_quiet,
        an_emergency_character_is_printed_before_there_is_a_driver,
        one_request_prints_so_much_and_no_more,
        hostile_receive_buffers_are_refused_and_the_console_lives_on,
        a_used_ring_that_was_moved_away_needs_a_reset,
        storm_of_random_words_leaves_the_console_alive,
    };
    return run_suite("virtio_console", tests, sizeof tests / sizeof *tests);
}
