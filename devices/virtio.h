/* Virtio over MMIO: VIRTIO 1.2, "Virtio Over MMIO" and "Basic Facilities of a Virtio Device". One
 * chip, virtio-mmio, that is nothing until a function (a disk, a source of entropy) is plugged into
 * it. It speaks the modern interface (version 2) or the legacy one (version 1), as the machine
 * says. Left out: shared memory, queue reset.
 *
 * A new function is one file: a struct virtio_type and what it does with a request. */
#ifndef DEVICES_VIRTIO_H
#define DEVICES_VIRTIO_H

#include "devices/device.h"
#include "devices/virtqueue.h"

#define VIRTIO_QUEUES         4   /* most that a function may have */
#define VIRTIO_CONFIG_MOST    256 /* bytes of configuration space, most that a function may have */
#define VIRTIO_FUNCTION_WORDS 32  /* 64-bit words of state, most that a function may have */

/* Legacy: the device does not care how a request is cut into descriptors. */
#define VIRTIO_F_ANY_LAYOUT ((u64)1 << 27)
#define VIRTIO_F_VERSION_1  ((u64)1 << 32)

enum virtio_offset {
    VIRTIO_MAGIC_VALUE = 0x000,
    VIRTIO_VERSION = 0x004,
    VIRTIO_DEVICE_ID = 0x008,
    VIRTIO_VENDOR_ID = 0x00c,
    VIRTIO_DEVICE_FEATURES = 0x010,
    VIRTIO_DEVICE_FEATURES_SEL = 0x014,
    VIRTIO_DRIVER_FEATURES = 0x020,
    VIRTIO_DRIVER_FEATURES_SEL = 0x024,
    VIRTIO_GUEST_PAGE_SIZE = 0x028, /* legacy */
    VIRTIO_QUEUE_SEL = 0x030,
    VIRTIO_QUEUE_NUM_MAX = 0x034,
    VIRTIO_QUEUE_NUM = 0x038,
    VIRTIO_QUEUE_ALIGN = 0x03c, /* legacy */
    VIRTIO_QUEUE_PFN = 0x040,   /* legacy */
    VIRTIO_QUEUE_READY = 0x044,
    VIRTIO_QUEUE_NOTIFY = 0x050,
    VIRTIO_INTERRUPT_STATUS = 0x060,
    VIRTIO_INTERRUPT_ACK = 0x064,
    VIRTIO_STATUS = 0x070,
    VIRTIO_QUEUE_DESC_LOW = 0x080,
    VIRTIO_QUEUE_DESC_HIGH = 0x084,
    VIRTIO_QUEUE_AVAIL_LOW = 0x090,
    VIRTIO_QUEUE_AVAIL_HIGH = 0x094,
    VIRTIO_QUEUE_USED_LOW = 0x0a0,
    VIRTIO_QUEUE_USED_HIGH = 0x0a4,
    VIRTIO_SHM_SEL = 0x0ac,
    VIRTIO_SHM_LEN_LOW = 0x0b0,
    VIRTIO_SHM_LEN_HIGH = 0x0b4,
    VIRTIO_SHM_BASE_LOW = 0x0b8,
    VIRTIO_SHM_BASE_HIGH = 0x0bc,
    VIRTIO_CONFIG_GENERATION = 0x0fc,
    VIRTIO_CONFIG = 0x100,
};

enum virtio_status {
    VIRTIO_ACKNOWLEDGE = 1,
    VIRTIO_DRIVER = 2,
    VIRTIO_DRIVER_OK = 4,
    VIRTIO_FEATURES_OK = 8,
    VIRTIO_NEEDS_RESET = 64, /* set by us: the driver has said something that makes no sense */
    VIRTIO_FAILED = 128,
};

enum virtio_interrupt { VIRTIO_INTERRUPT_USED = 1, VIRTIO_INTERRUPT_CONFIG = 2 };

/* What a slot can become. */
struct virtio_type {
    const char *name; /* "virtio-blk" */
    u32 device_id;    /* VIRTIO 1.2, "Device Types" */
    u32 queue_count;
    u32 queue_most;                /* entries that each queue may have, a power of two */
    const struct reg_info *config; /* its configuration space, offsets from VIRTIO_CONFIG */
    u32 config_size;               /* bytes */
    size_t bulk_size; /* bytes of state besides those in struct virtio_state, see struct device */
    /* Offered besides those of the transport. May be NULL, as may the next three. */
    u64 (*features)(const struct device *);
    /* Writes the config_size bytes that the driver would read now. */
    void (*config_read)(const struct device *, u8 *bytes);
    void (*config_write)(struct device *, u64 offset, unsigned size, u64 value);
    /* At power-on with its state all zero, and when the driver resets the device. */
    void (*reset)(struct device *);
    /* The driver has put something into this queue. */
    void (*notify)(struct device *, unsigned queue);
    /* As in struct device_type; asked only while the driver runs the device. May be NULL. */
    bool (*take)(struct device *);
    /* As in struct device_type, for the function's own state: function is what
     * virtio_function_state() would be. May be NULL. */
    bool (*accepts)(const struct device *, const void *function, const void *bulk);
    void (*restored)(struct device *);
};

/* The state of a slot. Requests are answered within the notification, so that none is in flight
 * when a snapshot is taken; the queues can say so all the same. */
struct virtio_state {
    u32 device_id; /* what is plugged in; a snapshot must find the same in its place */
    u32 status;    /* a sum of enum virtio_status */
    u32 interrupt; /* a sum of enum virtio_interrupt */
    u32 config_generation;
    u32 device_features_sel, driver_features_sel;
    u32 queue_sel;
    u32 waiting;    /* bit i: queue i has had its share of this tick and goes on in the next */
    u32 page_shift; /* legacy: log2 of what QueuePFN counts in */
    u32 queue_align[VIRTIO_QUEUES]; /* legacy: alignment of each used ring; 0: not said */
    u64 driver_features;            /* what the driver accepted; final once FEATURES_OK is set */
    struct virtqueue queues[VIRTIO_QUEUES];
    u64 function[VIRTIO_FUNCTION_WORDS]; /* the function's own, see virtio_function_state() */
};

extern const struct device_type virtio_mmio_type;

/* Makes an empty slot a device of this type, before the slot's first reset. What backend points to
 * is the type's business; it must outlive the slot. */
void virtio_plug(struct device *slot, const struct virtio_type *type, const void *backend);

/* For functions only. */

static inline void *virtio_function_state(const struct device *device)
{
    return ((struct virtio_state *)device->state)->function;
}

/* Does the driver see the legacy interface? Then what a request looks like may differ: VIRTIO 1.2,
 * the sections "Legacy Interface" of the function (a network's header without MRG_RXBUF). */
static inline bool virtio_is_legacy(const struct device *device)
{
    return device->is_legacy;
}

static inline bool virtio_has_feature(const struct device *device, u64 feature)
{
    return ((const struct virtio_state *)device->state)->driver_features & feature;
}

/* Answers one request, and says how many bytes it has written from the start of the writable side.
 * False when the request makes no sense. */
typedef bool virtio_request(struct device *device, struct virtqueue_chain *chain, u32 *written);

/* Answers what waits in a queue, then interrupts once if the driver wants that. At most one queue's
 * worth of requests, or some megabytes; the rest follows in the next tick. */
void virtio_serve(struct device *device, unsigned queue, virtio_request *request);
/* Interrupts if the driver wants to hear of what was given back to this queue: for a function that
 * has itself taken from the queue and given back. */
void virtio_signal(struct device *device, unsigned queue);
/* Gives the driver something from outside in the next buffer of a queue. False when it has put none
 * there: try again when it has. Called by a take function. (virtio_deliver.c) */
bool virtio_deliver(struct device *device, unsigned queue, const void *bytes, size_t size);
/* The configuration space now reads otherwise: new generation, configuration interrupt. */
void virtio_config_changed(struct device *device);
/* The driver has said something that makes no sense: DEVICE_NEEDS_RESET, and nothing more is done
 * until it resets us. */
void virtio_fail(struct device *device);

#endif
