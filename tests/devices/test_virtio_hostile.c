/* Virtio against hostile drivers: a table of things a driver must not do, each one a small change
 * to a good request. Whatever happens, the device answers within bounds, stays inside RAM, and
 * works again after a reset. */
#include "devices/virtio_9p.h"
#include "devices/virtio_blk.h"
#include "devices/virtio_rng.h"
#include "tests/devices/fake_share.h"
#include "tests/devices/virtio_driver.h"

enum outcome {
    BROKEN,  /* DEVICE_NEEDS_RESET, and a configuration interrupt */
    IGNORED, /* nothing happens */
    DONE,    /* answered; where the status lies is the case's affair */
    OK,      /* answered, with these statuses */
    IOERR,
    UNSUPP,
};

/* A store over the bus: to RAM or to a register. Size 0 ends the list. */
struct poke {
    paddr at;
    unsigned size;
    u64 value;
};

struct hostile {
    const char *name;
    enum outcome outcome;
    u16 used;    /* requests that are given back */
    u64 without; /* features not accepted */
    u64 notify;
    struct poke pokes[8];
};

/* The good request: descriptors 0 header, 1 data (512 bytes for the device to write), 2 status.
 * Descriptor 4 would lead to the same in an indirect table. */
#define AT(table, i)    ((table) + 16 * (i)), 8
#define SIZE(table, i)  ((table) + 16 * (i) + 8), 4
#define FLAGS(table, i) ((table) + 16 * (i) + 12), 2
#define NEXT(table, i)  ((table) + 16 * (i) + 14), 2
#define INDEX           (AVAIL + 2), 2
#define HEAD(i)         (AVAIL + 4 + 2 * (i)), 2
#define TYPE            HEADER, 4
#define SECTOR          (HEADER + 8), 8
#define REG(offset)     (SLOT + (offset)), 4
#define NOTIFY          REG(VIRTIO_QUEUE_NOTIFY), 0
#define USE_INDIRECT                                                                               \
    {                                                                                              \
        HEAD(0), 4                                                                                 \
    }
#define QUEUE_OFF                                                                                  \
    {                                                                                              \
        REG(VIRTIO_QUEUE_READY), 0                                                                 \
    }
#define QUEUE_ON                                                                                   \
    {                                                                                              \
        REG(VIRTIO_QUEUE_READY), 1                                                                 \
    }
#define CLEAR(type, size)                                                                          \
    {TYPE, type}, {FLAGS(DESC, 1), N},                                                             \
    {                                                                                              \
        SIZE(DESC, 1), size                                                                        \
    }
#define SEGMENT(sector, sectors, flags)                                                            \
    {DATA, 8, sector}, {DATA + 8, 4, sectors},                                                     \
    {                                                                                              \
        DATA + 12, 4, flags                                                                        \
    }
#define W       VIRTQUEUE_WRITE
#define N       VIRTQUEUE_NEXT
#define I       VIRTQUEUE_INDIRECT
#define MINUS_1 UINT64_MAX

static const struct hostile corpus[] = {
#include "tests/devices/virtio_hostile_requests.def"

#include "tests/devices/virtio_hostile_queue.def"

#include "tests/devices/virtio_hostile_clear.def"
};

#undef AT
#undef SIZE
#undef FLAGS
#undef NEXT
#undef INDEX
#undef HEAD
#undef TYPE
#undef SECTOR
#undef REG
#undef NOTIFY
#undef USE_INDIRECT
#undef QUEUE_OFF
#undef QUEUE_ON
#undef CLEAR
#undef SEGMENT
#undef W
#undef N
#undef I
#undef MINUS_1

static void set_up(struct rig *rig, const struct hostile *hostile)
{
    start_driver(rig, ALL_FEATURES & ~hostile->without);
    describe_disk(rig, TABLE, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    describe_disk(rig, DESC, VIRTIO_BLK_IN, 0, 512, VIRTQUEUE_WRITE);
    describe(rig, DESC, 4, TABLE, 48, VIRTQUEUE_INDIRECT, 0);
    publish(rig, 0);
    for (const struct poke *poke = hostile->pokes; poke->size; poke++)
        store(rig, poke->at, poke->size, poke->value);
    set(rig, VIRTIO_QUEUE_NOTIFY, hostile->notify);
    virtio_mmio_type.tick(&rig->device, 1);
}

static void check_outcome(struct rig *rig, const struct hostile *hostile)
{
    static const int statuses[] = {[OK] = 0, [IOERR] = 1, [UNSUPP] = 2};
    bool is_broken = get(rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET;
    bool is_told = get(rig, VIRTIO_INTERRUPT_STATUS) & VIRTIO_INTERRUPT_CONFIG;
    u8 status = (u8)load(rig, STATUS, 1);

    ck_assert_msg(is_broken == (hostile->outcome == BROKEN), "%s: needs reset %d", hostile->name,
                  is_broken);
    ck_assert_msg(is_told == is_broken, "%s: config interrupt %d", hostile->name, is_told);
    ck_assert_msg(rig->level == (get(rig, VIRTIO_INTERRUPT_STATUS) != 0), "%s: line",
                  hostile->name);
    ck_assert_msg(rig->state.queues[0].next_used == hostile->used, "%s: %u given back",
                  hostile->name, rig->state.queues[0].next_used);
    if (hostile->outcome >= OK)
        ck_assert_msg(status == statuses[hostile->outcome], "%s: status %u", hostile->name, status);
    if (hostile->outcome == IGNORED || (hostile->outcome == BROKEN && hostile->used == 0))
        ck_assert_msg(status == 0xaa, "%s: status %u was written", hostile->name, status);
}

START_TEST(hostile_disk_driver_is_refused_and_the_disk_lives_on)
{
    struct rig *rig = rig_new(&virtio_blk_type, NULL);

    memset(rig->image, 0xff, 512); /* an available index that the ring cannot have */
    for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
        rig->reads = 0;
        set_up(rig, &corpus[i]);
        check_outcome(rig, &corpus[i]);
        ck_assert_msg(rig->reads <= QUEUE_SIZE, "%s: %u reads", corpus[i].name, rig->reads);
        start_driver(rig, ALL_FEATURES);
        ck_assert_uint_eq(disk_request(rig, VIRTIO_BLK_IN, 1, 512, VIRTQUEUE_WRITE), VIRTIO_BLK_OK);
        ck_assert_uint_eq(load(rig, DATA, 1), rig->image[512]);
    }
    rig_free(rig);
}
END_TEST

/* The same pokes at a device for which these requests make no sense in the first place. */
START_TEST(hostile_entropy_driver_is_refused_and_the_device_lives_on)
{
    static const u64 seed = 7;
    struct rig *rig = rig_new(&virtio_rng_type, &seed);

    for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
        set_up(rig, &corpus[i]);
        start_driver(rig, ALL_FEATURES);
        describe(rig, DESC, 0, DATA, 100, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        ck_assert_msg(used_length(rig, 0) == 100, "%s: dead", corpus[i].name);
    }
    rig_free(rig);
}
END_TEST

START_TEST(hostile_share_driver_is_refused_and_the_share_lives_on)
{
    struct fake_share fake;
    fake_share_init(&fake);
    struct rig *rig = rig_new(&virtio_9p_type, &fake.share);

    for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
        fake.exchanges = 0;
        set_up(rig, &corpus[i]);
        ck_assert_msg(fake.exchanges <= 2 * QUEUE_SIZE, "%s: %u messages", corpus[i].name,
                      fake.exchanges);
        start_driver(rig, ALL_FEATURES);
        describe(rig, DESC, 0, DATA, 20, VIRTQUEUE_NEXT, 1);
        describe(rig, DESC, 1, DATA + 20, 20, VIRTQUEUE_WRITE, 0);
        publish(rig, 0);
        notify_queue(rig);
        ck_assert_msg(used_length(rig, 0) == 20, "%s: dead", corpus[i].name);
    }
    rig_free(rig);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hostile_disk_driver_is_refused_and_the_disk_lives_on,
        hostile_entropy_driver_is_refused_and_the_device_lives_on,
        hostile_share_driver_is_refused_and_the_share_lives_on,
    };
    return run_suite("virtio_hostile", tests, sizeof tests / sizeof *tests);
}
