/* Fuzzer: the walk of a virtqueue whose rings and descriptors are the input. What a chain says must
 * lie in RAM, and its sides must hold exactly what they count. */
#include "devices/virtqueue.h"

#include "tests/fuzz/fuzz.h"

#define RAM_BASE ((u64)0x80000000)
#define RAM_SIZE ((u64)0x4000)

static void check_chain(const struct virtqueue_chain *chain, const struct ram *ram)
{
    u64 total = 0;

    fuzz_check(chain->count <= VIRTQUEUE_MOST, "a chain is too long");
    for (u32 i = 0; i < chain->count; i++) {
        const struct virtqueue_part *part = &chain->parts[i];
        fuzz_check(part->size == 0 || ram_holds(ram, part->at, part->size), "a part outside RAM");
        total += part->size;
    }
    fuzz_check(total == chain->readable.left + chain->writable.left, "bytes are miscounted");
}

/* Reads a little, writes a little, skips the rest; returns how much was written. */
static u32 serve(struct virtqueue_chain *chain, struct ram *ram, u64 some)
{
    u8 buffer[512] = {0};
    u64 readable = chain->readable.left, writable = chain->writable.left, most = some % 513, done;

    done = virtqueue_pull(chain, ram, buffer, most);
    fuzz_check(done == (most < readable ? most : readable), "a pull is cut short");
    virtqueue_skip(chain, &chain->readable, some % 7);
    done = virtqueue_push(chain, ram, buffer, most);
    fuzz_check(done == (most < writable ? most : writable), "a push is cut short");
    virtqueue_skip(chain, &chain->writable, UINT64_MAX);
    fuzz_check(chain->writable.left == 0, "a skip is cut short");
    return (u32)done;
}

/* Sixteen bits after RAM's start, or any address. */
static paddr take_address(struct fuzz *fuzz, u64 is_any)
{
    return is_any ? fuzz_take(fuzz, 8) : RAM_BASE + fuzz_take(fuzz, 2);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    struct fuzz fuzz = {bytes, size};
    struct virtqueue queue = {0};
    struct virtqueue_chain chain;
    struct ram ram;
    u64 shape = fuzz_take(&fuzz, 1);
    u64 features = (shape & 1 ? VIRTIO_F_INDIRECT_DESC : 0) | (shape & 2 ? VIRTIO_F_EVENT_IDX : 0);

    fuzz_check(ram_init(&ram, RAM_BASE, RAM_SIZE), "no memory");
    queue.num = shape & 4 ? (u32)fuzz_take(&fuzz, 4) : 1u << fuzz_take(&fuzz, 1) % 9;
    queue.desc = take_address(&fuzz, shape & 8);
    queue.avail = take_address(&fuzz, shape & 16);
    queue.used = take_address(&fuzz, shape & 32);
    struct fuzz content = fuzz_split(&fuzz, RAM_SIZE);
    if (content.left)
        memcpy(ram.bytes, content.at, content.left);
    if (virtqueue_start(&queue, &ram, VIRTQUEUE_MOST)) {
        fuzz_check(queue.num >= 1 && queue.num <= VIRTQUEUE_MOST, "a queue of a wrong size");
        for (u32 i = 0; i < 2 * queue.num; i++) {
            if (virtqueue_take(&queue, &ram, features, &chain) != VIRTQUEUE_TAKEN)
                break;
            check_chain(&chain, &ram);
            if (!virtqueue_give(&queue, &ram, serve(&chain, &ram, shape * 31 + i)))
                break;
            virtqueue_wants_interrupt(&queue, &ram, features);
        }
    }
    ram_free(&ram);
    return 0;
}
