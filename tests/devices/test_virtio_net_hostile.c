/* The network card against hostile drivers: receive buffers that are none, rings that the card is
 * made to write over while it fills them, and storms of random words. Whatever happens, it stays
 * inside RAM, comes to an end, and works again after a reset. */
#include "tests/devices/net_cable.h"

#define RX_DESC  DESC_OF(VIRTIO_NET_RECEIVE)
#define RX_AVAIL AVAIL_OF(VIRTIO_NET_RECEIVE)
#define RX_USED  USED_OF(VIRTIO_NET_RECEIVE)
#define FRAME    250u /* three buffers of 100 */

struct poke {
    paddr at;
    unsigned size; /* 0 ends the list */
    u64 value;
};

/* Four buffers of 100 bytes wait, then the pokes, then a frame of 250 bytes. */
struct hostile {
    const char *name;
    bool is_broken;
    u16 used;
    struct poke pokes[4];
};

#define AT(i)    (RX_DESC + 16 * (i)), 8
#define SIZE(i)  (RX_DESC + 16 * (i) + 8), 4
#define FLAGS(i) (RX_DESC + 16 * (i) + 12), 2
#define NEXT(i)  (RX_DESC + 16 * (i) + 14), 2
#define INDEX    (RX_AVAIL + 2), 2
#define HEAD(i)  (RX_AVAIL + 4 + 2 * (i)), 2

static const struct hostile corpus[] = {
    {"nothing wrong", false, 3, {{0}}},
    {"buffer of no bytes", true, 0, {{SIZE(1), 0}}},
    {"buffer too small for a header", true, 0, {{SIZE(1), 11}}},
    {"buffer just large enough for one", false, 4, {{SIZE(1), 12}}},
    {"buffer only to be read", true, 0, {{FLAGS(0), 0}}},
    {"second buffer only to be read", true, 0, {{FLAGS(1), 0}}},
    {"buffer outside RAM", true, 0, {{AT(0), RAM_END}}},
    {"buffer over the end of RAM", true, 0, {{AT(2), RAM_END - 99}}},
    {"buffer is the end of RAM", false, 3, {{AT(2), RAM_END - 100}}},
    {"buffer in the card's registers", true, 0, {{AT(0), SLOT}}},
    {"buffer of 2^32-1 bytes", true, 0, {{SIZE(0), UINT32_MAX}}},
    {"buffer of all RAM", false, 1, {{AT(0), RAM_BASE}, {SIZE(0), (u32)RAM_SIZE}}},
    {"buffer that leads to itself", true, 0, {{FLAGS(0), VIRTQUEUE_WRITE | VIRTQUEUE_NEXT}}},
    {"head outside the table", true, 0, {{HEAD(1), 8}}},
    {"the same buffer three times", false, 3, {{HEAD(1), 0}, {HEAD(2), 0}}},
    {"index jumps", true, 0, {{INDEX, 9}}},
    {"index goes back", true, 0, {{INDEX, 65535}}},
    {"no buffers after all", false, 0, {{INDEX, 0}}},
    {"too few buffers", false, 0, {{INDEX, 2}}},
    {"header over the used ring", false, 3, {{AT(0), RX_USED}}},
    {"frame over the used ring", false, 3, {{AT(1), RX_USED}}},
    {"frame over the available index", true, 1, {{AT(0), RX_AVAIL - 12}}},
    {"frame over the next descriptor", true, 1, {{AT(0), RX_DESC + 4}}},
    {"frame over the heads", true, 1, {{AT(0), RX_AVAIL + 6 - 12}, {SIZE(0), 20}}},
};

#undef AT
#undef SIZE
#undef FLAGS
#undef NEXT
#undef INDEX
#undef HEAD

/* An ordinary driver sends and receives. */
static void check_alive(struct cable *cable, const char *after)
{
    unsigned sent = cable->sent_count;

    cable_start(cable, ALL_FEATURES);
    memset(ram_writable(&cable->rig->ram, DATA, 12), 0, 12);
    cable_transmit(cable, HEADER_SIZE + 60);
    ck_assert_msg(cable->sent_count == sent + 1, "after \"%s\": nothing is sent", after);
    cable_offer(cable, 100);
    cable_put(cable, 60, 9);
    ck_assert_msg(cable_take(cable), "after \"%s\": nothing is received", after);
    ck_assert_uint_eq(load(cable->rig, BUFFERS + HEADER_SIZE, 1), 9);
}

START_TEST(hostile_buffers_are_refused_and_the_card_lives_on)
{
    struct cable *cable = cable_new();

    for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
        const struct hostile *hostile = &corpus[i];
        const struct virtqueue *queue = &cable->rig->state.queues[VIRTIO_NET_RECEIVE];

        cable_start(cable, ALL_FEATURES);
        for (u32 j = 0; j < 4; j++)
            cable_offer(cable, 100);
        for (const struct poke *poke = hostile->pokes; poke->size; poke++)
            store(cable->rig, poke->at, poke->size, poke->value);
        cable_put(cable, FRAME, 100); /* its bytes are no good indices, heads or addresses */
        cable_take(cable);
        bool is_broken = get(cable->rig, VIRTIO_STATUS) & VIRTIO_NEEDS_RESET;
        ck_assert_msg(is_broken == hostile->is_broken, "%s: needs reset %d", hostile->name,
                      is_broken);
        ck_assert_msg(queue->next_used == hostile->used, "%s: %u given back", hostile->name,
                      queue->next_used);
        check_alive(cable, hostile->name);
    }
    cable_free(cable);
}
END_TEST

/* Random words in rings and registers between frames. The suite runs with sanitizers, too. */
START_TEST(storm_of_random_words_leaves_the_card_alive)
{
    static const u32 sizes[] = {14, 60, 1514, 9014, 65000};
    struct cable *cable = cable_new();
    u64 seed = 20261120;

    for (unsigned round = 0; round < 300; round++) {
        cable_start(cable, roll(&seed) | VIRTIO_F_VERSION_1);
        for (unsigned i = 0; i < 60; i++) {
            u32 queue = roll(&seed) % 3;
            paddr rings[] = {DESC_OF(queue), AVAIL_OF(queue), USED_OF(queue), SLOT};
            paddr at = rings[roll(&seed) % 16 ? roll(&seed) % 3 : 3] + (roll(&seed) & 0x7c);

            store(cable->rig, at, 4,
                  roll(&seed) % 4 ? roll(&seed) % 0x200 : DATA + roll(&seed) % 99);
            if (roll(&seed) % 2)
                cable_offer(cable, (u32)(roll(&seed) % 0x1800));
            else
                cable_publish(cable, queue, (u16)(roll(&seed) % 9));
            if (cable->count < FRAMES)
                cable_put(cable, sizes[roll(&seed) % 5], (u8)i);
            cable_take(cable);
        }
        check_alive(cable, "a storm");
    }
    cable_free(cable);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        hostile_buffers_are_refused_and_the_card_lives_on,
        storm_of_random_words_leaves_the_card_alive,
    };
    return run_suite("virtio_net_hostile", tests, sizeof tests / sizeof *tests);
}
