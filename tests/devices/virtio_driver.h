/* The other side of virtio, for tests: a little RAM, one slot on a bus, a disk in memory, and a
 * driver that builds requests by hand. Everything the driver does goes over the bus, as a guest's
 * loads and stores would. */
#ifndef TESTS_DEVICES_VIRTIO_DRIVER_H
#define TESTS_DEVICES_VIRTIO_DRIVER_H

#include "devices/virtio.h"
#include "memory/bus.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define SLOT         0x10001000u
#define RAM_BASE     ((u64)0x80000000)
#define RAM_SIZE     ((u64)0x100000)
#define RAM_END      (RAM_BASE + RAM_SIZE)
#define QUEUE_SIZE   8u
#define DESC         (RAM_BASE + 0x1000)
#define AVAIL        (RAM_BASE + 0x2000)
#define USED         (RAM_BASE + 0x3000)
#define TABLE        (RAM_BASE + 0x4000) /* an indirect one */
#define HEADER       (RAM_BASE + 0x6000)
#define STATUS       (RAM_BASE + 0x7000)
#define DATA         (RAM_BASE + 0x10000)
#define SECTORS      128u
#define ALL_FEATURES UINT64_MAX

struct rig {
    struct ram ram;
    struct bus bus;
    struct device device;
    struct virtio_state state;
    struct host host;
    struct wire wire;
    bool level; /* of the interrupt line */
    struct host_disk disk;
    u8 image[SECTORS * 512];
    int fail_read, fail_write, fail_flush, fail_clear; /* what the disk answers */
    unsigned reads, writes, flushes, discards;
    unsigned zeroes[2]; /* by enum host_zero */
    u16 published;      /* the driver's available index */
};

static inline u64 slot_read(void *owner, u64 offset, unsigned size)
{
    return virtio_mmio_type.read(owner, offset, size);
}

static inline void slot_write(void *owner, u64 offset, unsigned size, u64 value)
{
    virtio_mmio_type.write(owner, offset, size, value);
}

static inline void hear_level(void *listener, int line, bool level)
{
    if (line != 7)
        ck_abort_msg("line %d", line);
    ((struct rig *)listener)->level = level;
}

static inline void check_range(struct rig *rig, u64 offset, size_t size)
{
    if (size > rig->disk.size || offset > rig->disk.size - size)
        ck_abort_msg("%zu bytes at %#lx are not on the disk", size, (long)offset);
}

static inline int disk_read(void *context, u64 offset, void *to, size_t size)
{
    struct rig *rig = context;

    check_range(rig, offset, size);
    rig->reads++;
    if (rig->fail_read)
        return rig->fail_read;
    memcpy(to, rig->image + offset, size);
    return 0;
}

static inline int disk_write(void *context, u64 offset, const void *from, size_t size)
{
    struct rig *rig = context;

    check_range(rig, offset, size);
    rig->writes++;
    if (rig->fail_write)
        return rig->fail_write;
    memcpy(rig->image + offset, from, size);
    return 0;
}

static inline int disk_flush(void *context)
{
    struct rig *rig = context;

    rig->flushes++;
    return rig->fail_flush;
}

static inline int disk_discard(void *context, u64 offset, u64 size)
{
    struct rig *rig = context;

    check_range(rig, offset, size);
    rig->discards++;
    memset(rig->image + offset, 0xdd, size);
    return rig->fail_clear;
}

static inline int disk_zero(void *context, u64 offset, u64 size, enum host_zero how)
{
    struct rig *rig = context;

    check_range(rig, offset, size);
    rig->zeroes[how]++;
    if (rig->fail_clear)
        return rig->fail_clear;
    memset(rig->image + offset, 0, size);
    return 0;
}

/* A slot with this in it (NULL: empty), after power-on. */
static inline struct rig *rig_new(const struct virtio_type *type, const void *backend)
{
    struct rig *rig = calloc(1, sizeof *rig);
    const char *clash;

    ck_assert(rig && ram_init(&rig->ram, RAM_BASE, RAM_SIZE));
    ck_assert(bus_attach_ram(&rig->bus, &rig->ram, &clash));
    rig->disk = (struct host_disk){.context = rig,
                                   .size = sizeof rig->image,
                                   .id = "a disk in memory",
                                   .read = disk_read,
                                   .write = disk_write,
                                   .flush = disk_flush,
                                   .discard = disk_discard,
                                   .zero = disk_zero};
    for (size_t i = 0; i < sizeof rig->image; i++)
        rig->image[i] = (u8)(i / 512 + i * 7);
    rig->wire = (struct wire){hear_level, rig, 7};
    rig->device = (struct device){.type = &virtio_mmio_type,
                                  .state = &rig->state,
                                  .host = &rig->host,
                                  .bus = &rig->bus,
                                  .out = &rig->wire,
                                  .out_count = 1,
                                  .harts = 1};
    struct region region = {.name = "virtio-mmio",
                            .base = SLOT,
                            .size = 0x1000,
                            .widths = virtio_mmio_type.widths,
                            .owner = &rig->device,
                            .read = slot_read,
                            .write = slot_write};
    ck_assert(bus_attach(&rig->bus, &region, &clash));
    if (type && type->bulk_size)
        ck_assert_ptr_nonnull(rig->device.bulk = calloc(1, type->bulk_size));
    if (type)
        virtio_plug(&rig->device, type, backend ? backend : &rig->disk);
    virtio_mmio_type.reset(&rig->device);
    return rig;
}

static inline void rig_free(struct rig *rig)
{
    ram_free(&rig->ram);
    free(rig->device.bulk);
    free(rig);
}

static inline u64 load(struct rig *rig, paddr at, unsigned size)
{
    u64 value = 0;

    /* A plain if: Check notes every assertion in a file, and a storm has millions. */
    if (!bus_read(&rig->bus, at, size, &value))
        ck_abort_msg("load from %#lx faults", (long)at);
    return value;
}

static inline void store(struct rig *rig, paddr at, unsigned size, u64 value)
{
    if (!bus_write(&rig->bus, at, size, value))
        ck_abort_msg("store to %#lx faults", (long)at);
}

static inline u32 get(struct rig *rig, u32 offset)
{
    return (u32)load(rig, SLOT + offset, 4);
}

static inline void set(struct rig *rig, u32 offset, u64 value)
{
    store(rig, SLOT + offset, 4, (u32)value);
}

static inline u64 offered(struct rig *rig)
{
    set(rig, VIRTIO_DEVICE_FEATURES_SEL, 1);
    u64 high = get(rig, VIRTIO_DEVICE_FEATURES);
    set(rig, VIRTIO_DEVICE_FEATURES_SEL, 0);
    return high << 32 | get(rig, VIRTIO_DEVICE_FEATURES);
}

static inline void accept_features(struct rig *rig, u64 features)
{
    set(rig, VIRTIO_DRIVER_FEATURES_SEL, 0);
    set(rig, VIRTIO_DRIVER_FEATURES, features);
    set(rig, VIRTIO_DRIVER_FEATURES_SEL, 1);
    set(rig, VIRTIO_DRIVER_FEATURES, features >> 32);
}

static inline void set_queue(struct rig *rig, u32 num, paddr desc, paddr avail, paddr used)
{
    set(rig, VIRTIO_QUEUE_SEL, 0);
    set(rig, VIRTIO_QUEUE_NUM, num);
    set(rig, VIRTIO_QUEUE_DESC_LOW, desc);
    set(rig, VIRTIO_QUEUE_DESC_HIGH, desc >> 32);
    set(rig, VIRTIO_QUEUE_AVAIL_LOW, avail);
    set(rig, VIRTIO_QUEUE_AVAIL_HIGH, avail >> 32);
    set(rig, VIRTIO_QUEUE_USED_LOW, used);
    set(rig, VIRTIO_QUEUE_USED_HIGH, used >> 32);
    set(rig, VIRTIO_QUEUE_READY, 1);
}

/* Reset, the handshake with those of the offered features that are wanted, and one empty queue. */
static inline void start_driver(struct rig *rig, u64 wanted)
{
    u32 status = VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER;

    set(rig, VIRTIO_STATUS, 0);
    memset(ram_writable(&rig->ram, DESC, 0x6000), 0, 0x6000);
    rig->published = 0;
    set(rig, VIRTIO_STATUS, status);
    accept_features(rig, offered(rig) & (wanted | VIRTIO_F_VERSION_1));
    set(rig, VIRTIO_STATUS, status |= VIRTIO_FEATURES_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), status);
    set_queue(rig, QUEUE_SIZE, DESC, AVAIL, USED);
    ck_assert_uint_eq(get(rig, VIRTIO_QUEUE_READY), 1);
    set(rig, VIRTIO_STATUS, status |= VIRTIO_DRIVER_OK);
    ck_assert_uint_eq(get(rig, VIRTIO_STATUS), status);
}

static inline void describe(struct rig *rig, paddr table, u32 index, paddr at, u32 size, u32 flags,
                            u32 next)
{
    store(rig, table + 16 * index, 8, at);
    store(rig, table + 16 * index + 8, 4, size);
    store(rig, table + 16 * index + 12, 2, flags);
    store(rig, table + 16 * index + 14, 2, next);
}

static inline void publish(struct rig *rig, u16 head)
{
    store(rig, AVAIL + 4 + 2 * (rig->published % QUEUE_SIZE), 2, head);
    store(rig, AVAIL + 2, 2, ++rig->published);
}

static inline void notify_queue(struct rig *rig)
{
    set(rig, VIRTIO_QUEUE_NOTIFY, 0);
}

static inline u16 used_index(struct rig *rig)
{
    return (u16)load(rig, USED + 2, 2);
}

static inline u32 used_length(struct rig *rig, u32 entry)
{
    return (u32)load(rig, USED + 4 + 8 * (entry % QUEUE_SIZE) + 4, 4);
}

/* A disk request in descriptors 0, 1, 2 of a table: header, data (flags says who writes), status.
 */
static inline void describe_disk(struct rig *rig, paddr table, u32 type, u64 sector, u32 size,
                                 u32 data_flags)
{
    store(rig, HEADER, 8, type);
    store(rig, HEADER + 8, 8, sector);
    store(rig, STATUS, 1, 0xaa);
    describe(rig, table, 0, HEADER, 16, VIRTQUEUE_NEXT, 1);
    describe(rig, table, 1, DATA, size, VIRTQUEUE_NEXT | data_flags, 2);
    describe(rig, table, 2, STATUS, 1, VIRTQUEUE_WRITE, 0);
}

/* Does one disk request, start to end; returns its status byte. */
static inline u8 disk_request(struct rig *rig, u32 type, u64 sector, u32 size, u32 data_flags)
{
    u16 before = used_index(rig);

    describe_disk(rig, DESC, type, sector, size, data_flags);
    publish(rig, 0);
    notify_queue(rig);
    ck_assert_uint_eq(used_index(rig), (u16)(before + 1));
    return (u8)load(rig, STATUS, 1);
}

/* A small random generator (xorshift64*): the same storm on every host. */
static inline u64 roll(u64 *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1d;
}

static inline int run_suite(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);

    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
