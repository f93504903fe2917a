/* The source of entropy (see virtio_rng.h): VIRTIO 1.2, "Entropy Device".
 *
 * Random numbers come from the host when it offers them. Otherwise they come from SplitMix64
 * (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators"), whose whole state is one
 * counter: good to look at, repeatable, and no secret. */
#include "devices/virtio_rng.h"

#include <string.h>

_Static_assert(sizeof(struct virtio_rng_state) <= VIRTIO_FUNCTION_WORDS * sizeof(u64),
               "the state of the function fits");

/* A driver's reset does not restart the generator: the same numbers twice would be no entropy. */
static void reset(struct device *device)
{
    struct virtio_rng_state *state = virtio_function_state(device);
    const u64 *seed = device->plugged;

    if (state->is_seeded)
        return;
    state->generator = seed ? *seed : 0;
    state->is_seeded = 1;
}

static u64 draw(struct virtio_rng_state *state)
{
    u64 word = state->generator += 0x9e3779b97f4a7c15;

    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
}

static void fill(struct device *device, u8 *to, u64 size)
{
    const struct host *host = device->host;

    if (host && host->random) {
        host->random(host->context, to, size);
        return;
    }
    while (size) {
        u64 word = draw(virtio_function_state(device));
        u64 part = size < sizeof word ? size : sizeof word;

        memcpy(to, &word, part);
        to += part;
        size -= part;
    }
}

/* Only writable bytes, and at least one of them. */
static bool request(struct device *device, struct virtqueue_chain *chain, u32 *written)
{
    struct ram *ram = device->bus->ram;

    if (chain->readable.left || chain->writable.left == 0)
        return false;
    for (;;) {
        struct virtqueue_part piece =
            virtqueue_next(chain, &chain->writable, VIRTIO_RNG_MOST - *written);
        if (piece.size == 0)
            return true;
        fill(device, ram_writable(ram, piece.at, piece.size), piece.size);
        ram->dma_writes++;
        *written += piece.size;
    }
}

static void notify(struct device *device, unsigned queue)
{
    virtio_serve(device, queue, request);
}

static const struct reg_info config[] = {{0}};

const struct virtio_type virtio_rng_type = {
    .name = "virtio-rng",
    .device_id = 4,
    .queue_count = 1,
    .queue_most = 64,
    .config = config,
    .reset = reset,
    .notify = notify,
};
