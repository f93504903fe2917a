/* Shared by virtio.c, the life of a function, and the registers in front of it (virtio_mmio.c,
 * virtio_mmio_legacy.c). Not for functions. */
#ifndef DEVICES_VIRTIO_PARTS_H
#define DEVICES_VIRTIO_PARTS_H

#include "devices/virtio.h"

/* The features of this function that this slot can offer. */
u64 virtio_features_offered(const struct device *device);
/* Half 0 or 1 of what the driver accepts. */
void virtio_write_features(struct device *device, u32 half, u32 value);
/* VIRTIO 1.2, "Device Status Field"; 0 is the driver's reset. */
void virtio_write_status(struct device *device, u32 value);
void virtio_acknowledge(struct device *device, u32 interrupts);
/* The driver has put something into this queue, it says. */
void virtio_notify(struct device *device, u32 queue);

/* The queue that QueueSel names; NULL when the function has no such queue. */
struct virtqueue *virtio_selected_queue(const struct device *device);
/* The rings of the selected queue are where the driver wants them; when they cannot be there, the
 * device fails. */
void virtio_start_queue(struct device *device);
void virtio_stop_queue(struct device *device);

/* The registers that only the legacy interface has (virtio_mmio_legacy.c). queue is the one
 * selected, or NULL. */
u32 virtio_read_legacy(const struct device *device, const struct virtqueue *queue, u64 offset);
void virtio_write_legacy(struct device *device, struct virtqueue *queue, u64 offset, u32 value);

/* As in struct device_type. */
void virtio_reset(struct device *device);
u64 virtio_tick(struct device *device, u64 now);
bool virtio_take(struct device *device);
bool virtio_accepts(const struct device *device, const void *state, const void *bulk);
void virtio_restored(struct device *device);

#endif
