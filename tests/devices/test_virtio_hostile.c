/* Virtio against hostile drivers: a table of things a driver must not do, each one a small change
 * to a good request. Whatever happens, the device answers within bounds, stays inside RAM, and
 * works again after a reset. */
#include "devices/virtio_blk.h"
#include "devices/virtio_rng.h"
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
#define W       VIRTQUEUE_WRITE
#define N       VIRTQUEUE_NEXT
#define I       VIRTQUEUE_INDIRECT
#define MINUS_1 UINT64_MAX

/* clang-format off */
static const struct hostile corpus[] = {
    {"nothing wrong", OK, 1, 0, 0, {{0}}},
    {"nothing wrong, indirect", OK, 1, 0, 0, {USE_INDIRECT}},
    /* Chains. */
    {"self-link, readable", BROKEN, 0, 0, 0, {{NEXT(DESC, 0), 0}}},
    {"self-link, writable", BROKEN, 0, 0, 0, {{NEXT(DESC, 1), 1}}},
    {"loop of two, writable", BROKEN, 0, 0, 0, {{FLAGS(DESC, 2), W | N}, {NEXT(DESC, 2), 1}}},
    {"loop of two, readable", BROKEN, 0, 0, 0, {{FLAGS(DESC, 1), N}, {NEXT(DESC, 1), 0}}},
    {"loop of empty descriptors", BROKEN, 0, 0, 0, {{SIZE(DESC, 1), 0}, {NEXT(DESC, 1), 1}}},
    {"loop back to the header", BROKEN, 0, 0, 0, {{FLAGS(DESC, 2), W | N}, {NEXT(DESC, 2), 0}}},
    {"next is the queue size", BROKEN, 0, 0, 0, {{NEXT(DESC, 0), 8}}},
    {"next is 65535", BROKEN, 0, 0, 0, {{NEXT(DESC, 1), 65535}}},
    {"head is the queue size", BROKEN, 0, 0, 0, {{HEAD(0), 8}}},
    {"head is 65535", BROKEN, 0, 0, 0, {{HEAD(0), 65535}}},
    {"unknown descriptor flags", OK, 1, 0, 0, {{FLAGS(DESC, 1), 0xfff8 | W | N}}},
    /* Addresses and lengths. */
    {"data in a hole", BROKEN, 0, 0, 0, {{AT(DESC, 1), 0}}},
    {"data in the slot's own registers", BROKEN, 0, 0, 0, {{AT(DESC, 1), SLOT + 0x50}}},
    {"header in registers", BROKEN, 0, 0, 0, {{AT(DESC, 0), SLOT}}},
    {"status in registers", BROKEN, 0, 0, 0, {{AT(DESC, 2), SLOT + 0x70}}},
    {"data at the last address", BROKEN, 0, 0, 0, {{AT(DESC, 1), MINUS_1}}},
    {"data wraps round", BROKEN, 0, 0, 0, {{AT(DESC, 1), MINUS_1 - 255}}},
    {"data ends at 2^64", BROKEN, 0, 0, 0, {{AT(DESC, 1), MINUS_1 - 511}}},
    {"data straddles the end of RAM", BROKEN, 0, 0, 0, {{AT(DESC, 1), RAM_END - 511}}},
    {"data is the end of RAM", OK, 1, 0, 0, {{AT(DESC, 1), RAM_END - 512}}},
    {"data starts at the end of RAM", BROKEN, 0, 0, 0, {{AT(DESC, 1), RAM_END}}},
    {"data straddles the start of RAM", BROKEN, 0, 0, 0, {{AT(DESC, 1), RAM_BASE - 1}}},
    {"status is one byte past RAM", BROKEN, 0, 0, 0, {{AT(DESC, 2), RAM_END}}},
    {"RAM's address plus 2^63", BROKEN, 0, 0, 0, {{AT(DESC, 1), DATA | (u64)1 << 63}}},
    {"RAM's address plus 2^32", BROKEN, 0, 0, 0, {{AT(DESC, 1), DATA | (u64)1 << 32}}},
    {"length 2^32-1", BROKEN, 0, 0, 0, {{SIZE(DESC, 1), UINT32_MAX}}},
    {"length 2^31", BROKEN, 0, 0, 0, {{SIZE(DESC, 1), 0x80000000}}},
    {"every length 2^32-1", BROKEN, 0, 0, 0,
     {{SIZE(DESC, 0), UINT32_MAX}, {SIZE(DESC, 1), UINT32_MAX}, {SIZE(DESC, 2), UINT32_MAX}}},
    {"length and address wrap to RAM", BROKEN, 0, 0, 0,
     {{AT(DESC, 1), MINUS_1 - 0x7fffffff}, {SIZE(DESC, 1), UINT32_MAX}}},
    {"more bytes in sum than RAM", BROKEN, 0, 0, 0,
     {{AT(DESC, 1), RAM_BASE}, {SIZE(DESC, 1), (u32)RAM_SIZE}}},
    {"nearly as many bytes as RAM", IOERR, 1, 0, 0,
     {{AT(DESC, 1), DATA}, {SIZE(DESC, 1), 0xe0000}}},
    {"no data, address in a hole", OK, 1, 0, 0, {{AT(DESC, 1), 0}, {SIZE(DESC, 1), 0}}},
    {"no bytes at all", BROKEN, 0, 0, 0,
     {{SIZE(DESC, 0), 0}, {SIZE(DESC, 1), 0}, {SIZE(DESC, 2), 0}}},
    /* Directions. */
    {"header is write-only", BROKEN, 0, 0, 0, {{FLAGS(DESC, 0), W | N}}},
    {"data of a read is read-only", OK, 1, 0, 0, {{FLAGS(DESC, 1), N}}},
    {"data of a write is write-only", OK, 1, 0, 0, {{TYPE, VIRTIO_BLK_OUT}}},
    {"status is read-only", BROKEN, 0, 0, 0, {{FLAGS(DESC, 2), 0}}},
    {"all is read-only", BROKEN, 0, 0, 0, {{FLAGS(DESC, 1), N}, {FLAGS(DESC, 2), 0}}},
    {"readable after writable", BROKEN, 0, 0, 0, {{FLAGS(DESC, 2), N}, {NEXT(DESC, 2), 3}}},
    /* Requests. */
    {"header alone", BROKEN, 0, 0, 0, {{FLAGS(DESC, 0), 0}}},
    {"header of 15 bytes", BROKEN, 0, 0, 0, {{SIZE(DESC, 0), 15}}},
    {"header of no bytes", BROKEN, 0, 0, 0, {{SIZE(DESC, 0), 0}}},
    {"no status: the data's last byte is it", DONE, 1, 0, 0, {{FLAGS(DESC, 1), W}}},
    {"513 bytes", IOERR, 1, 0, 0, {{SIZE(DESC, 1), 513}}},
    {"1 byte", IOERR, 1, 0, 0, {{SIZE(DESC, 1), 1}}},
    {"first sector past the end", IOERR, 1, 0, 0, {{SECTOR, SECTORS}}},
    {"last sector possible", IOERR, 1, 0, 0, {{SECTOR, MINUS_1}}},
    {"sector times 512 wraps to 0", IOERR, 1, 0, 0, {{SECTOR, (u64)1 << 55}}},
    {"sector plus count wraps to 0", IOERR, 1, 0, 0, {{SECTOR, MINUS_1}, {SIZE(DESC, 1), 1024}}},
    {"reaches past the end", IOERR, 1, 0, 0, {{SECTOR, SECTORS - 1}, {SIZE(DESC, 1), 1024}}},
    {"type 2^32-1", UNSUPP, 1, 0, 0, {{TYPE, UINT32_MAX}}},
    {"a SCSI command", UNSUPP, 1, 0, 0, {{TYPE, 2}}},
    {"a discard that was not offered", UNSUPP, 1, 0, 0, {{TYPE, 11}}},
    {"a flush with data", OK, 1, 0, 0, {{TYPE, VIRTIO_BLK_FLUSH}, {SECTOR, MINUS_1}}},
    /* Indirect tables. */
    {"indirect without the feature", BROKEN, 0, VIRTIO_F_INDIRECT_DESC, 0, {USE_INDIRECT}},
    {"indirect and next", BROKEN, 0, 0, 0, {USE_INDIRECT, {FLAGS(DESC, 4), I | N}}},
    {"table of no bytes", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), 0}}},
    {"table of 15 bytes", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), 15}}},
    {"table of 47 bytes", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), 47}}},
    {"table of 2^32-16 bytes", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), 0xfffffff0}}},
    {"table of 2^32-1 bytes", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), UINT32_MAX}}},
    {"table too short for its chain", BROKEN, 0, 0, 0, {USE_INDIRECT, {SIZE(DESC, 4), 32}}},
    {"table in a hole", BROKEN, 0, 0, 0, {USE_INDIRECT, {AT(DESC, 4), 0x1000}}},
    {"table in registers", BROKEN, 0, 0, 0, {USE_INDIRECT, {AT(DESC, 4), SLOT}}},
    {"table straddles the end", BROKEN, 0, 0, 0, {USE_INDIRECT, {AT(DESC, 4), RAM_END - 47}}},
    {"table wraps round", BROKEN, 0, 0, 0, {USE_INDIRECT, {AT(DESC, 4), MINUS_1 - 15}}},
    {"indirect in indirect", BROKEN, 0, 0, 0, {USE_INDIRECT, {FLAGS(TABLE, 0), I}}},
    {"indirect in itself", BROKEN, 0, 0, 0,
     {USE_INDIRECT, {FLAGS(TABLE, 0), I}, {AT(TABLE, 0), TABLE}, {SIZE(TABLE, 0), 48}}},
    {"indirect at its end", BROKEN, 0, 0, 0, {USE_INDIRECT, {FLAGS(TABLE, 2), W | I}}},
    {"table loops", BROKEN, 0, 0, 0, {USE_INDIRECT, {NEXT(TABLE, 1), 1}}},
    {"table leads to 65535", BROKEN, 0, 0, 0, {USE_INDIRECT, {NEXT(TABLE, 1), 65535}}},
    {"table is the data", OK, 1, 0, 0, {USE_INDIRECT, {AT(TABLE, 1), TABLE}}},
    {"table is the ring's own table", BROKEN, 0, 0, 0, {USE_INDIRECT, {AT(DESC, 4), DESC + 64}}},
    /* Rings. */
    {"available index jumps", BROKEN, 0, 0, 0, {{INDEX, 9}}},
    {"available index goes back", BROKEN, 0, 0, 0, {{INDEX, 65535}}},
    {"available index half way round", BROKEN, 0, 0, 0, {{INDEX, 32768}}},
    {"one request in all places", DONE, 8, 0, 0, {{INDEX, 8}}},
    {"second request is broken", BROKEN, 1, 0, 0, {{INDEX, 2}, {HEAD(1), 99}}},
    {"device writes its available ring", BROKEN, 1, 0, 0, {{AT(DESC, 1), AVAIL}}},
    {"device writes its used ring", OK, 1, 0, 0, {{AT(DESC, 1), USED}}},
    {"device writes its descriptors", OK, 1, 0, 0, {{AT(DESC, 1), DESC}}},
    {"device writes over the header", OK, 1, 0, 0, {{AT(DESC, 1), HEADER}}},
    {"status is the used index", DONE, 1, 0, 0, {{AT(DESC, 2), USED + 2}}},
    {"status is the header", DONE, 1, 0, 0, {{AT(DESC, 2), HEADER}}},
    {"status is the available index", BROKEN, 1, 0, 0, {{AT(DESC, 2), AVAIL + 2}}},
    {"status lies in the data", DONE, 1, 0, 0, {{AT(DESC, 2), DATA + 5}}},
    /* The queue's registers. */
    {"queue of 0", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 0}, QUEUE_ON}},
    {"queue of 3", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 3}, QUEUE_ON}},
    {"queue of 512", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 512}, QUEUE_ON}},
    {"queue of 65535", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 65535}, QUEUE_ON}},
    {"queue of 65536 + 8", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 65544}, QUEUE_ON}},
    {"queue of 2^31", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 1u << 31}, QUEUE_ON}},
    {"queue of 1", BROKEN, 0, 0, 0, {QUEUE_OFF, {REG(VIRTIO_QUEUE_NUM), 1}, QUEUE_ON}},
    {"descriptors misaligned", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_DESC_LOW), (u32)DESC + 8}, QUEUE_ON}},
    {"available ring misaligned", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_AVAIL_LOW), (u32)AVAIL + 1}, QUEUE_ON}},
    {"used ring misaligned", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_USED_LOW), (u32)USED + 2}, QUEUE_ON}},
    {"descriptors straddle the end", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_DESC_LOW), (u32)RAM_END - 112}, QUEUE_ON}},
    {"available ring in a hole", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_AVAIL_HIGH), 1}, QUEUE_ON}},
    {"used ring in registers", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_USED_LOW), SLOT}, QUEUE_ON}},
    {"descriptors near 2^64", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_DESC_HIGH), UINT32_MAX},
      {REG(VIRTIO_QUEUE_DESC_LOW), 0xffffffc0},
      QUEUE_ON}},
    {"all rings in the same place", BROKEN, 0, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_USED_LOW), (u32)DESC},
      {REG(VIRTIO_QUEUE_AVAIL_LOW), (u32)DESC},
      QUEUE_ON}},
    {"used ring on the available ring", OK, 1, 0, 0,
     {QUEUE_OFF, {REG(VIRTIO_QUEUE_USED_LOW), (u32)AVAIL}, QUEUE_ON}},
    {"size changed while ready", OK, 1, 0, 0, {{REG(VIRTIO_QUEUE_NUM), 65535}}},
    {"ring moved while ready", OK, 1, 0, 0, {{REG(VIRTIO_QUEUE_DESC_HIGH), UINT32_MAX}}},
    {"queue off", IGNORED, 0, 0, 0, {QUEUE_OFF}},
    {"queue off and on", OK, 1, 0, 0, {QUEUE_OFF, QUEUE_ON}},
    {"ready written twice", OK, 1, 0, 0, {QUEUE_ON, QUEUE_ON}},
    {"another queue selected", OK, 1, 0, 0, {{REG(VIRTIO_QUEUE_SEL), 77}, QUEUE_OFF}},
    {"notify queue 1", IGNORED, 0, 0, 1, {{0}}},
    {"notify queue 4", IGNORED, 0, 0, 4, {{0}}},
    {"notify queue 65536", IGNORED, 0, 0, 65536, {{0}}},
    {"notify queue 2^31", IGNORED, 0, 0, 1u << 31, {{0}}},
    {"notify queue 2^32-1", IGNORED, 0, 0, UINT32_MAX, {{0}}},
    /* Status and features. */
    {"reset before the notification", IGNORED, 0, 0, 0, {{REG(VIRTIO_STATUS), 0}}},
    {"driver tries to clear a status bit", OK, 1, 0, 0, {{REG(VIRTIO_STATUS), 1}}},
    {"driver sets every status bit", OK, 1, 0, 0, {{REG(VIRTIO_STATUS), UINT32_MAX}}},
    {"features changed when they are final", OK, 1, 0, 0, {{REG(VIRTIO_DRIVER_FEATURES), 0}}},
    {"feature selectors out of range", OK, 1, 0, 0,
     {{REG(VIRTIO_DRIVER_FEATURES_SEL), 99}, {REG(VIRTIO_DRIVER_FEATURES), UINT32_MAX}}},
};
/* clang-format on */

#undef AT
#undef SIZE
#undef FLAGS
#undef NEXT
#undef INDEX
#undef HEAD
#undef TYPE
#undef SECTOR
#undef REG
#undef USE_INDIRECT
#undef QUEUE_OFF
#undef QUEUE_ON
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

int main(void)
{
    const TTest *const tests[] = {
        hostile_disk_driver_is_refused_and_the_disk_lives_on,
        hostile_entropy_driver_is_refused_and_the_device_lives_on,
    };
    return run_suite("virtio_hostile", tests, sizeof tests / sizeof *tests);
}
