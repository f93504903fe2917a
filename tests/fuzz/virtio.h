/* A virtio slot with a hostile driver: a little RAM, a disk in memory, and a stream of what the
 * driver does. After all that, a reset and an ordinary driver must find the device alive.
 *
 *     an operation    kind                                                    3 bits
 *                     log2 of the bytes of the number that follows            2
 *                     how an address is made of a number, see address()       3     */
#ifndef TESTS_FUZZ_VIRTIO_H
#define TESTS_FUZZ_VIRTIO_H

#include "devices/virtio.h"

#include "tests/fuzz/fuzz.h"

#define SLOT       0x10001000u
#define RAM_BASE   ((u64)0x80000000)
#define RAM_SIZE   ((u64)0x10000)
#define QUEUE_SIZE 8u
#define DESC       (RAM_BASE + 0x1000)
#define AVAIL      (RAM_BASE + 0x2000)
#define USED       (RAM_BASE + 0x3000)
#define DATA       (RAM_BASE + 0x4000)
#define SECTORS    16u

struct rig {
    struct ram ram;
    struct bus bus;
    struct device device;
    struct virtio_state state;
    struct host host;
    struct wire wire;
    struct host_disk disk;
    bool level;        /* of the interrupt line */
    int disk_answer;   /* what the disk says: 0 or a negative errno */
    paddr avail, used; /* where the good driver has put its rings */
    u64 now;           /* ticks */
    u8 image[SECTORS * 512];
};

static inline void rig_hear(void *listener, int line, bool level)
{
    (void)line;
    ((struct rig *)listener)->level = level;
}

static inline int rig_disk_read(void *context, u64 offset, void *to, size_t size)
{
    const struct rig *rig = context;

    fuzz_check(offset <= rig->disk.size && size <= rig->disk.size - offset, "not on the disk");
    memcpy(to, rig->image + offset, size);
    return rig->disk_answer;
}

static inline int rig_disk_write(void *context, u64 offset, const void *from, size_t size)
{
    struct rig *rig = context;

    fuzz_check(!rig->disk.read_only, "a write to a read-only disk");
    fuzz_check(offset <= rig->disk.size && size <= rig->disk.size - offset, "not on the disk");
    memcpy(rig->image + offset, from, size);
    return rig->disk_answer;
}

static inline int rig_disk_flush(void *context)
{
    return ((const struct rig *)context)->disk_answer;
}

static inline int rig_disk_discard(void *context, u64 offset, u64 size)
{
    struct rig *rig = context;

    fuzz_check(!rig->disk.read_only && size, "a discard of a read-only disk, or of nothing");
    fuzz_check(offset <= rig->disk.size && size <= rig->disk.size - offset, "not on the disk");
    memset(rig->image + offset, 0xdd, size);
    return rig->disk_answer;
}

static inline int rig_disk_zero(void *context, u64 offset, u64 size, enum host_zero how)
{
    struct rig *rig = context;

    fuzz_check(!rig->disk.read_only && size, "zeroes to a read-only disk, or none");
    fuzz_check(how == HOST_ZERO_KEEP || how == HOST_ZERO_UNMAP, "zeroes in no known way");
    fuzz_check(offset <= rig->disk.size && size <= rig->disk.size - offset, "not on the disk");
    memset(rig->image + offset, 0, size);
    return rig->disk_answer;
}

static inline u64 rig_slot_read(void *owner, u64 offset, unsigned size)
{
    return virtio_mmio_type.read(owner, offset, size);
}

static inline void rig_slot_write(void *owner, u64 offset, unsigned size, u64 value)
{
    virtio_mmio_type.write(owner, offset, size, value);
}

static inline void rig_store(struct rig *rig, paddr at, unsigned size, u64 value)
{
    bus_write(&rig->bus, at, size, value);
}

static inline void rig_set(struct rig *rig, u32 offset, u64 value)
{
    rig_store(rig, SLOT + offset, 4, (u32)value);
}

static inline void rig_describe(struct rig *rig, u32 index, paddr at, u32 size, u32 flags, u32 next)
{
    rig_store(rig, DESC + 16 * index, 8, at);
    rig_store(rig, DESC + 16 * index + 8, 4, size);
    rig_store(rig, DESC + 16 * index + 12, 2, flags);
    rig_store(rig, DESC + 16 * index + 14, 2, next);
}

/* One more request, and the notification. */
static inline void rig_publish(struct rig *rig, u16 head)
{
    u64 index = 0;

    bus_read(&rig->bus, rig->avail + 2, 2, &index);
    rig_store(rig, rig->avail + 4 + 2 * (index % QUEUE_SIZE), 2, head);
    rig_store(rig, rig->avail + 2, 2, index + 1);
    rig_set(rig, VIRTIO_QUEUE_NOTIFY, 0);
}

/* What a good driver does first, in a legacy slot: all rings follow from one page. */
static inline void rig_start_legacy(struct rig *rig, u64 refused)
{
    u64 features = 0;

    rig_set(rig, VIRTIO_GUEST_PAGE_SIZE, 1);
    rig_set(rig, VIRTIO_STATUS, 0);
    bus_read(&rig->bus, SLOT + VIRTIO_DEVICE_FEATURES, 4, &features);
    rig_set(rig, VIRTIO_DRIVER_FEATURES, features & ~refused);
    memset(ram_writable(&rig->ram, DESC, 0x3000), 0, 0x3000);
    rig->avail = DESC + 16 * QUEUE_SIZE;
    rig->used = AVAIL; /* the next page */
    rig_set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
    rig_set(rig, VIRTIO_QUEUE_PFN, DESC);
    rig_set(rig, VIRTIO_STATUS, VIRTIO_DRIVER_OK);
}

/* The same in either kind of slot. Bits of refused are offered features that it does not want. */
static inline void rig_start_driver(struct rig *rig, u64 refused)
{
    u64 status = VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER, features[2];
    const u64 rings[3] = {DESC, AVAIL, USED};

    if (virtio_is_legacy(&rig->device)) {
        rig_start_legacy(rig, refused);
        return;
    }
    rig->avail = AVAIL;
    rig->used = USED;
    rig_set(rig, VIRTIO_STATUS, 0);
    rig_set(rig, VIRTIO_STATUS, status);
    for (u32 half = 0; half < 2; half++) {
        rig_set(rig, VIRTIO_DEVICE_FEATURES_SEL, half);
        bus_read(&rig->bus, SLOT + VIRTIO_DEVICE_FEATURES, 4, &features[half]);
        rig_set(rig, VIRTIO_DRIVER_FEATURES_SEL, half);
        rig_set(rig, VIRTIO_DRIVER_FEATURES, features[half] & ~(half ? 0 : refused));
    }
    rig_set(rig, VIRTIO_STATUS, status |= VIRTIO_FEATURES_OK);
    memset(ram_writable(&rig->ram, DESC, 0x3000), 0, 0x3000);
    rig_set(rig, VIRTIO_QUEUE_NUM, QUEUE_SIZE);
    for (u32 i = 0; i < 3; i++) {
        rig_set(rig, VIRTIO_QUEUE_DESC_LOW + 16 * i, rings[i]);
        rig_set(rig, VIRTIO_QUEUE_DESC_HIGH + 16 * i, rings[i] >> 32);
    }
    rig_set(rig, VIRTIO_QUEUE_READY, 1);
    rig_set(rig, VIRTIO_STATUS, status | VIRTIO_DRIVER_OK);
}

/* Mostly in RAM, often near something that matters. */
static inline paddr rig_address(unsigned shape, u64 number)
{
    static const paddr places[] = {RAM_BASE, DESC, AVAIL, USED, DATA, RAM_BASE + RAM_SIZE - 64,
                                   SLOT};

    shape &= 7;
    return shape == 7 ? number : places[shape] + (number & 0xffff);
}

static inline void rig_obey(struct rig *rig, struct fuzz *fuzz)
{
    unsigned operation = (unsigned)fuzz_take(fuzz, 1), kind = operation >> 3,
             shape = operation >> 5;
    u64 value, where;

    switch (operation & 7) {
    case 0:
        where = fuzz_take(fuzz, 2) & 0xfff;
        value = fuzz_number(fuzz, kind);
        rig_store(rig, SLOT + where, where < VIRTIO_CONFIG ? 4 : 1u << (kind & 3), value);
        break;
    case 1:
        bus_read(&rig->bus, SLOT + (fuzz_take(fuzz, 2) & 0xfff), 1u << (kind & 3), &value);
        break;
    case 2:
        where = rig_address(shape, fuzz_take(fuzz, 2));
        rig_store(rig, where, 1u << (kind & 3), fuzz_number(fuzz, kind));
        break;
    case 3: /* a descriptor */
        where = fuzz_take(fuzz, 1);
        value = fuzz_take(fuzz, 1);
        rig_describe(rig, (u32)where & 15, rig_address(shape, fuzz_number(fuzz, kind)),
                     (u32)fuzz_number(fuzz, kind), (u32)(value & 7), (u32)(value >> 3));
        break;
    case 4:
        rig_publish(rig, (u16)fuzz_take(fuzz, 1));
        break;
    case 5:
        rig_start_driver(rig, fuzz_number(fuzz, kind) << (shape * 4));
        break;
    case 6:
        rig->now += fuzz_number(fuzz, kind);
        virtio_mmio_type.tick(&rig->device, rig->now);
        break;
    case 7:
        rig->disk_answer = kind & 1 ? -5 : 0;
        break;
    }
    fuzz_check(rig->level == (rig->state.interrupt != 0), "the line follows InterruptStatus");
}

static inline void rig_open(struct rig *rig, const struct virtio_type *type, const void *plugged)
{
    struct region region = {.name = "virtio-mmio",
                            .base = SLOT,
                            .size = 0x1000,
                            .widths = virtio_mmio_type.widths,
                            .owner = &rig->device,
                            .read = rig_slot_read,
                            .write = rig_slot_write};
    const char *clash;

    fuzz_check(ram_init(&rig->ram, RAM_BASE, RAM_SIZE) &&
                   bus_attach_ram(&rig->bus, &rig->ram, &clash) &&
                   bus_attach(&rig->bus, &region, &clash),
               "no memory");
    rig->disk = (struct host_disk){.context = rig,
                                   .size = sizeof rig->image,
                                   .id = "a disk in memory",
                                   .read = rig_disk_read,
                                   .write = rig_disk_write,
                                   .flush = rig_disk_flush,
                                   .discard = rig_disk_discard,
                                   .zero = rig_disk_zero};
    rig->wire = (struct wire){rig_hear, rig, 0};
    rig->device = (struct device){.type = &virtio_mmio_type,
                                  .state = &rig->state,
                                  .host = &rig->host,
                                  .bus = &rig->bus,
                                  .out = &rig->wire,
                                  .out_count = 1,
                                  .harts = 1};
    /* Not by calloc(): ASan touches every byte of that. */
    if (type->bulk_size) {
        rig->device.bulk = mmap(NULL, type->bulk_size, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        fuzz_check(rig->device.bulk != MAP_FAILED, "no memory");
    }
    virtio_plug(&rig->device, type, plugged);
    virtio_mmio_type.reset(&rig->device);
}

/* After whatever has happened: a reset, and the one request that the caller has described in
 * descriptor 0 is answered. Returns how many bytes the device says it wrote. */
static inline u32 rig_answer(struct rig *rig)
{
    u64 index = 0, written = 0;

    rig_publish(rig, 0);
    bus_read(&rig->bus, rig->used + 2, 2, &index);
    bus_read(&rig->bus, rig->used + 8, 4, &written);
    fuzz_check(index == 1, "the device is dead after a reset");
    return (u32)written;
}

#endif
