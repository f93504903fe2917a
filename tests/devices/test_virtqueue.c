/* Split virtqueues by themselves: rings in RAM, no device (devices/virtqueue.c). */
#include "devices/virtqueue.h"
#include "tests/devices/virtio_driver.h"

struct bench {
    struct ram ram;
    struct virtqueue queue;
    struct virtqueue_chain chain;
    u16 published;
};

static struct bench *bench_new(u32 num)
{
    struct bench *bench = calloc(1, sizeof *bench);

    ck_assert(bench && ram_init(&bench->ram, RAM_BASE, RAM_SIZE));
    bench->queue = (struct virtqueue){.desc = DESC, .avail = AVAIL, .used = USED, .num = num};
    ck_assert(virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    return bench;
}

static void bench_free(struct bench *bench)
{
    ram_free(&bench->ram);
    free(bench);
}

static void put(struct bench *bench, paddr at, unsigned size, u64 value)
{
    if (!ram_dma_write(&bench->ram, at, &value, size))
        ck_abort_msg("%#lx is not in RAM", (long)at);
}

static u64 look(struct bench *bench, paddr at, unsigned size)
{
    u64 value = 0;

    if (!ram_dma_read(&bench->ram, at, &value, size))
        ck_abort_msg("%#lx is not in RAM", (long)at);
    return value;
}

static void put_descriptor(struct bench *bench, paddr table, u32 index, paddr at, u32 size,
                           u32 flags, u32 next)
{
    put(bench, table + 16 * index, 8, at);
    put(bench, table + 16 * index + 8, 4, size);
    put(bench, table + 16 * index + 12, 4, flags | next << 16);
}

static void offer(struct bench *bench, u16 head)
{
    put(bench, AVAIL + 4 + 2 * (bench->published % bench->queue.num), 2, head);
    put(bench, AVAIL + 2, 2, ++bench->published);
}

static enum virtqueue_result take(struct bench *bench, u64 features)
{
    return virtqueue_take(&bench->queue, &bench->ram, features, &bench->chain);
}

START_TEST(queue_with_bad_size_does_not_start)
{
    static const u32 bad[] = {0, 3, 7, 12, 255, 512, 65535, 65536, 0x80000000, UINT32_MAX};
    struct bench *bench = bench_new(8);

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct virtqueue queue = {.desc = DESC, .avail = AVAIL, .used = USED, .num = bad[i]};
        ck_assert_msg(!virtqueue_start(&queue, &bench->ram, VIRTQUEUE_MOST), "size %u", bad[i]);
        ck_assert_uint_eq(queue.ready, 0);
    }
    bench_free(bench);
}
END_TEST

START_TEST(ring_that_just_fits_starts_and_two_bytes_further_does_not)
{
    struct bench *bench = bench_new(8);
    paddr last_used = RAM_END - 4 - 8 * 8 - 4; /* 4-aligned; 6 + 64 bytes */

    bench->queue.used = last_used;
    ck_assert(virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench->queue.used = last_used + 4;
    ck_assert(!virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench->queue.used = USED;
    bench->queue.avail = RAM_END - 6 - 2 * 8;
    ck_assert(virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench->queue.avail += 2;
    ck_assert(!virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench->queue.avail = AVAIL;
    bench->queue.desc = RAM_END - 16 * 8;
    ck_assert(virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench->queue.desc += 16;
    ck_assert(!virtqueue_start(&bench->queue, &bench->ram, VIRTQUEUE_MOST));
    bench_free(bench);
}
END_TEST

START_TEST(chain_is_split_into_readable_and_writable_bytes)
{
    struct bench *bench = bench_new(8);
    u8 bytes[8] = {0};

    put_descriptor(bench, DESC, 5, DATA, 3, VIRTQUEUE_NEXT, 2);
    put_descriptor(bench, DESC, 2, 0, 0, VIRTQUEUE_NEXT, 7); /* empty, wherever it points */
    put_descriptor(bench, DESC, 7, DATA + 100, 5, VIRTQUEUE_NEXT, 0);
    put_descriptor(bench, DESC, 0, DATA + 200, 2, VIRTQUEUE_WRITE | VIRTQUEUE_NEXT, 1);
    put_descriptor(bench, DESC, 1, DATA + 300, 2, VIRTQUEUE_WRITE, 0);
    put(bench, DATA, 3, 0x030201);
    put(bench, DATA + 100, 5, 0x0807060504);
    offer(bench, 5);
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_TAKEN);
    ck_assert_uint_eq(bench->chain.readable.left, 8);
    ck_assert_uint_eq(bench->chain.writable.left, 4);
    ck_assert_uint_eq(bench->queue.busy, 1);
    ck_assert_uint_eq(bench->queue.head, 5);
    ck_assert_uint_eq(virtqueue_pull(&bench->chain, &bench->ram, bytes, 4), 4);
    ck_assert_uint_eq(virtqueue_pull(&bench->chain, &bench->ram, bytes + 4, 9), 4);
    for (u8 i = 0; i < 8; i++)
        ck_assert_uint_eq(bytes[i], i + 1);
    ck_assert_uint_eq(virtqueue_push(&bench->chain, &bench->ram, bytes, 8), 4);
    ck_assert_uint_eq(look(bench, DATA + 200, 4), 0x0201);
    ck_assert_uint_eq(look(bench, DATA + 300, 4), 0x0403);
    ck_assert(virtqueue_give(&bench->queue, &bench->ram, 4));
    ck_assert_uint_eq(bench->queue.busy, 0);
    ck_assert_uint_eq(look(bench, USED + 2, 2), 1);
    ck_assert_uint_eq(look(bench, USED + 4, 8), (u64)4 << 32 | 5);
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_EMPTY);
    bench_free(bench);
}
END_TEST

START_TEST(direct_descriptors_may_end_in_an_indirect_table)
{
    struct bench *bench = bench_new(8);

    put_descriptor(bench, DESC, 0, DATA, 10, VIRTQUEUE_NEXT, 1);
    /* The table's own write flag says nothing. */
    put_descriptor(bench, DESC, 1, TABLE, 32, VIRTQUEUE_INDIRECT | VIRTQUEUE_WRITE, 0);
    put_descriptor(bench, TABLE, 0, DATA, 20, VIRTQUEUE_NEXT, 1);
    put_descriptor(bench, TABLE, 1, DATA, 30, VIRTQUEUE_WRITE, 0);
    offer(bench, 0);
    ck_assert_int_eq(take(bench, VIRTIO_F_INDIRECT_DESC), VIRTQUEUE_TAKEN);
    ck_assert_uint_eq(bench->chain.readable.left, 30);
    ck_assert_uint_eq(bench->chain.writable.left, 30);
    bench_free(bench);
}
END_TEST

START_TEST(longest_chain_is_taken_and_one_longer_is_not)
{
    struct bench *bench = bench_new(8);

    put_descriptor(bench, DESC, 0, TABLE, 16 * (VIRTQUEUE_MOST + 1), VIRTQUEUE_INDIRECT, 0);
    for (u32 i = 0; i <= VIRTQUEUE_MOST; i++)
        put_descriptor(bench, TABLE, i, DATA + i, 1, VIRTQUEUE_NEXT, i + 1);
    put_descriptor(bench, TABLE, VIRTQUEUE_MOST - 1, DATA, 1, VIRTQUEUE_WRITE, 0);
    offer(bench, 0);
    ck_assert_int_eq(take(bench, VIRTIO_F_INDIRECT_DESC), VIRTQUEUE_TAKEN);
    ck_assert_uint_eq(bench->chain.readable.left, VIRTQUEUE_MOST - 1);
    ck_assert_uint_eq(bench->chain.writable.left, 1);
    virtqueue_skip(&bench->chain, &bench->chain.readable, VIRTQUEUE_MOST);
    ck_assert_uint_eq(bench->chain.readable.left, 0);
    put_descriptor(bench, TABLE, VIRTQUEUE_MOST - 1, DATA, 1, VIRTQUEUE_NEXT, VIRTQUEUE_MOST);
    put_descriptor(bench, TABLE, VIRTQUEUE_MOST, DATA, 1, VIRTQUEUE_WRITE, 0);
    offer(bench, 0);
    ck_assert_int_eq(take(bench, VIRTIO_F_INDIRECT_DESC), VIRTQUEUE_BROKEN);
    bench_free(bench);
}
END_TEST

START_TEST(changing_a_descriptor_after_it_was_taken_changes_nothing)
{
    struct bench *bench = bench_new(8);

    put_descriptor(bench, DESC, 0, DATA, 4, VIRTQUEUE_WRITE, 0);
    offer(bench, 0);
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_TAKEN);
    put_descriptor(bench, DESC, 0, 0, UINT32_MAX, 0, 9);
    ck_assert_uint_eq(virtqueue_push(&bench->chain, &bench->ram, "abcd", 4), 4);
    ck_assert_uint_eq(look(bench, DATA, 4), 0x64636261);
    bench_free(bench);
}
END_TEST

START_TEST(indices_wrap_at_65536)
{
    struct bench *bench = bench_new(8);

    put_descriptor(bench, DESC, 3, DATA, 4, VIRTQUEUE_WRITE, 0);
    for (u32 i = 0; i < 70000; i++) {
        offer(bench, 3);
        ck_assert_int_eq(take(bench, VIRTIO_F_EVENT_IDX), VIRTQUEUE_TAKEN);
        ck_assert(virtqueue_give(&bench->queue, &bench->ram, i));
        ck_assert_uint_eq(look(bench, USED + 2, 2), (i + 1) & 0xffff);
        ck_assert_uint_eq(look(bench, USED + 4 + 8 * (i % 8) + 4, 4), i);
        ck_assert_int_eq(take(bench, VIRTIO_F_EVENT_IDX), VIRTQUEUE_EMPTY);
        ck_assert_uint_eq(look(bench, USED + 4 + 8 * 8, 2), (i + 1) & 0xffff); /* avail_event */
    }
    bench_free(bench);
}
END_TEST

START_TEST(available_index_may_be_ahead_by_the_size_of_the_ring_and_no_more)
{
    struct bench *bench = bench_new(8);

    put_descriptor(bench, DESC, 0, DATA, 4, VIRTQUEUE_WRITE, 0);
    put(bench, AVAIL + 2, 2, 8);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_int_eq(take(bench, 0), VIRTQUEUE_TAKEN);
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_EMPTY);
    put(bench, AVAIL + 2, 2, 8 + 9);
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_BROKEN);
    put(bench, AVAIL + 2, 2, 7); /* backwards */
    ck_assert_int_eq(take(bench, 0), VIRTQUEUE_BROKEN);
    bench_free(bench);
}
END_TEST

START_TEST(no_interrupt_flag_is_honoured_without_event_index)
{
    struct bench *bench = bench_new(8);

    ck_assert(!virtqueue_wants_interrupt(&bench->queue, &bench->ram, 0));
    ck_assert(virtqueue_give(&bench->queue, &bench->ram, 0));
    ck_assert(virtqueue_wants_interrupt(&bench->queue, &bench->ram, 0));
    ck_assert(!virtqueue_wants_interrupt(&bench->queue, &bench->ram, 0));
    put(bench, AVAIL, 2, 1);
    ck_assert(virtqueue_give(&bench->queue, &bench->ram, 0));
    ck_assert(!virtqueue_wants_interrupt(&bench->queue, &bench->ram, 0));
    bench_free(bench);
}
END_TEST

START_TEST(event_index_asks_for_one_interrupt_also_across_the_wrap)
{
    static const struct {
        u16 before, now, event;
        bool wants;
    } cases[] = {
        {0, 1, 0, true},           {0, 1, 1, false},           {0, 3, 2, true},
        {0, 3, 3, false},          {5, 6, 4, false},           {5, 9, 5, true},
        {0xffff, 0, 0xffff, true}, {0xfffe, 2, 0xffff, true},  {0xfffe, 2, 1, true},
        {0xfffe, 2, 2, false},     {0xfffe, 2, 0xfffd, false}, {0x7fff, 0x8001, 0x8000, true},
    };
    struct bench *bench = bench_new(8);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench->queue.signalled = cases[i].before;
        bench->queue.next_used = cases[i].now;
        put(bench, AVAIL + 4 + 2 * 8, 2, cases[i].event);
        ck_assert_msg(virtqueue_wants_interrupt(&bench->queue, &bench->ram, VIRTIO_F_EVENT_IDX) ==
                          cases[i].wants,
                      "%#x -> %#x, event %#x", cases[i].before, cases[i].now, cases[i].event);
        ck_assert_uint_eq(bench->queue.signalled, cases[i].now);
    }
    bench_free(bench);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        queue_with_bad_size_does_not_start,
        ring_that_just_fits_starts_and_two_bytes_further_does_not,
        chain_is_split_into_readable_and_writable_bytes,
        direct_descriptors_may_end_in_an_indirect_table,
        longest_chain_is_taken_and_one_longer_is_not,
        changing_a_descriptor_after_it_was_taken_changes_nothing,
        indices_wrap_at_65536,
        available_index_may_be_ahead_by_the_size_of_the_ring_and_no_more,
        no_interrupt_flag_is_honoured_without_event_index,
        event_index_asks_for_one_interrupt_also_across_the_wrap,
    };
    return run_suite("virtqueue", tests, sizeof tests / sizeof *tests);
}
