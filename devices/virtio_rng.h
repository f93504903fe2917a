/* A source of entropy: VIRTIO 1.2, "Entropy Device". Complete but for leak detection. */
#ifndef DEVICES_VIRTIO_RNG_H
#define DEVICES_VIRTIO_RNG_H

#include "devices/virtio.h"

/* Most bytes that one request is given; the driver asks again. */
#define VIRTIO_RNG_MOST 65536u

struct virtio_rng_state {
    u64 generator; /* SplitMix64's counter, used when the host offers no random numbers */
    u64 is_seeded;
};

/* Its backend is a const u64 *, the seed for runs that are to be repeatable; NULL is 0. */
extern const struct virtio_type virtio_rng_type;

#endif
