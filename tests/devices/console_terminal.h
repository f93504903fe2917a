/* The far end of the virtio console, for tests: what a person types and sees, how large the
 * terminal is; and a driver with two queues. */
#ifndef TESTS_DEVICES_CONSOLE_TERMINAL_H
#define TESTS_DEVICES_CONSOLE_TERMINAL_H

#include "devices/virtio_console.h"
#include "tests/devices/virtio_driver.h"

#define SEEN_MOST 0x40000u
#define TYPED_AT  (RAM_BASE + 0x20000) /* receive buffers, 256 bytes apart */

/* The rings of queue i: those of queue 0 lie where the other tests have them. */
#define DESC_OF(i)  (DESC + 0x30000 * (i))
#define AVAIL_OF(i) (AVAIL + 0x30000 * (i))
#define USED_OF(i)  (USED + 0x30000 * (i))

struct person {
    struct host_terminal terminal;
    struct rig *rig;
    const char *typed; /* what is still to be typed */
    u16 columns, rows;
    u8 seen[SEEN_MOST];
    size_t seen_size;
    u16 published[2];
};

static inline int person_read(void *context)
{
    struct person *person = context;

    return *person->typed ? (u8)*person->typed++ : -1;
}

static inline void person_write(void *context, u8 byte)
{
    struct person *person = context;

    if (person->seen_size < SEEN_MOST)
        person->seen[person->seen_size++] = byte;
}

static inline void person_measure(void *context, u16 *columns, u16 *rows)
{
    const struct person *person = context;

    *columns = person->columns;
    *rows = person->rows;
}

static inline struct person *person_new(void)
{
    struct person *person = calloc(1, sizeof *person);

    ck_assert(person);
    *person = (struct person){.typed = "", .columns = 80, .rows = 24};
    person->terminal = (struct host_terminal){
        .line = {.context = person, .read = person_read, .write = person_write},
        .measure = person_measure};
    person->rig = rig_new(&virtio_console_type, &person->terminal);
    return person;
}

static inline void person_free(struct person *person)
{
    rig_free(person->rig);
    free(person);
}

/* start_driver() for two queues. */
static inline void person_start(struct person *person, u64 wanted)
{
    struct rig *rig = person->rig;
    u32 status = VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER;

    set(rig, VIRTIO_STATUS, 0);
    memset(person->published, 0, sizeof person->published);
    set(rig, VIRTIO_STATUS, status);
    accept_features(rig, offered(rig) & (wanted | VIRTIO_F_VERSION_1));
    set(rig, VIRTIO_STATUS, status |= VIRTIO_FEATURES_OK);
    for (u32 i = 0; i < 2; i++) {
        memset(ram_writable(&rig->ram, DESC_OF(i), 0x3000), 0, 0x3000);
        set(rig, VIRTIO_QUEUE_SEL, i);
        set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
        set(rig, VIRTIO_QUEUE_DESC_LOW, DESC_OF(i));
        set(rig, VIRTIO_QUEUE_AVAIL_LOW, AVAIL_OF(i));
        set(rig, VIRTIO_QUEUE_USED_LOW, USED_OF(i));
        set(rig, VIRTIO_QUEUE_READY, 1);
    }
    set(rig, VIRTIO_STATUS, status |= VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), status);
}

static inline void person_publish(struct person *person, u32 queue, u16 head)
{
    struct rig *rig = person->rig;
    u16 *published = &person->published[queue];

    store(rig, AVAIL_OF(queue) + 4 + 2 * (*published % QUEUE_SIZE), 2, head);
    store(rig, AVAIL_OF(queue) + 2, 2, ++*published);
    set(rig, VIRTIO_QUEUE_NOTIFY, queue);
}

/* Room for so many typed bytes: descriptor i and buffer i, i its number modulo the ring's size. */
static inline void person_offer(struct person *person, u32 size)
{
    u16 i = person->published[VIRTIO_CONSOLE_RECEIVE] % QUEUE_SIZE;

    describe(person->rig, DESC_OF(0), i, TYPED_AT + 256 * i, size, VIRTQUEUE_WRITE, 0);
    person_publish(person, VIRTIO_CONSOLE_RECEIVE, i);
}

/* The driver prints what lies at DATA, in two pieces. */
static inline void person_print(struct person *person, u32 size)
{
    describe(person->rig, DESC_OF(1), 0, DATA, size / 3, VIRTQUEUE_NEXT, 1);
    describe(person->rig, DESC_OF(1), 1, DATA + size / 3, size - size / 3, 0, 0);
    person_publish(person, VIRTIO_CONSOLE_TRANSMIT, 0);
}

static inline u16 person_used(struct person *person, u32 queue)
{
    return (u16)load(person->rig, USED_OF(queue) + 2, 2);
}

static inline u32 person_used_size(struct person *person, u32 queue, u32 entry)
{
    return (u32)load(person->rig, USED_OF(queue) + 4 + 8 * (entry % QUEUE_SIZE) + 4, 4);
}

/* What the machine does between two slices. */
static inline bool person_take(struct person *person)
{
    return virtio_mmio_type.take(&person->rig->device);
}

#endif
