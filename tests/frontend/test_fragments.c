/* Datagrams in fragments (frontend/fragments.c), and that no fragment ends us (frontend/net.c). */
#include "frontend/fragments.h"
#include "frontend/net.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <string.h>

#define ETHERNET 14u
#define HEADER   20u

static struct fragments joined;
static u8 frame[HOST_NET_FRAME_MOST];
static u8 payload[80000];

static void put16(u8 *at, u32 value)
{
    at[0] = (u8)(value >> 8);
    at[1] = (u8)value;
}

static u32 sum_up(const u8 *at, u32 size, u32 sum)
{
    for (u32 i = 0; i < size; i += 2)
        sum += (u32)at[i] << 8 | at[i + 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

enum { LAST, MORE };

/* Part of the payload as a fragment to 10.0.2.2; returns its size. */
static size_t make(u32 id, u32 offset, u32 size, u32 more)
{
    static const u8 header[HEADER] = {0x45, 0, 0,  0, 0, 0,  0,  0, 64, 1,
                                      0,    0, 10, 0, 2, 15, 10, 0, 2,  2};
    u8 *ip = frame + ETHERNET;

    memset(frame, 0x22, 12);
    put16(frame + 12, 0x0800);
    memcpy(ip, header, HEADER);
    put16(ip + 2, HEADER + size);
    put16(ip + 4, id);
    put16(ip + 6, offset / 8 | more << 13);
    memcpy(ip + HEADER, payload + offset, size);
    put16(ip + 10, ~sum_up(ip, HEADER, 0));
    return ETHERNET + HEADER + size;
}

/* What comes out when this goes in; its size, 0 when nothing does. */
static size_t put(u32 id, u32 offset, u32 size, u32 more)
{
    size_t length = make(id, offset, size, more);

    return fragments_join(&joined, frame, &length) ? length : 0;
}

static void begin(void)
{
    joined.size = 0;
    for (u32 i = 0; i < sizeof payload; i++)
        payload[i] = (u8)(i * 7 + i / 256);
}

START_TEST(what_is_no_fragment_passes_as_it_is)
{
    begin();
    size_t size = make(1, 0, 100, LAST), before = size;
    ck_assert_ptr_eq(fragments_join(&joined, frame, &size), frame);
    ck_assert_uint_eq(size, before);
    size = make(1, 80, 100, MORE);
    put16(frame + 12, 0x86dd); /* not IPv4 */
    ck_assert_ptr_eq(fragments_join(&joined, frame, &size), frame);
    size = 20; /* too short to be one */
    put16(frame + 12, 0x0800);
    ck_assert_ptr_eq(fragments_join(&joined, frame, &size), frame);
}
END_TEST

START_TEST(fragments_in_order_become_their_datagram)
{
    begin();
    ck_assert_uint_eq(put(7, 0, 1480, MORE), 0);
    ck_assert_uint_eq(put(7, 1480, 1480, MORE), 0);
    ck_assert_uint_eq(put(7, 2960, 41, LAST), ETHERNET + HEADER + 3001);
    const u8 *ip = joined.frame + ETHERNET;
    ck_assert_int_eq(memcmp(ip + HEADER, payload, 3001), 0);
    ck_assert_uint_eq((u32)ip[2] << 8 | ip[3], HEADER + 3001);
    ck_assert_uint_eq((u32)ip[6] << 8 | ip[7], 0);
    ck_assert_uint_eq(sum_up(ip, HEADER, 0), 0xffff);
    ck_assert_uint_eq(put(7, 2960, 41, LAST), 0); /* that one is done */
}
END_TEST

START_TEST(fragments_that_do_not_go_on_are_lost)
{
    begin();
    ck_assert_uint_eq(put(1, 168, 36, LAST), 0); /* of nothing */
    ck_assert_uint_eq(put(1, 0, 40, MORE), 0);
    ck_assert_uint_eq(put(1, 48, 40, LAST), 0); /* a gap */
    ck_assert_uint_eq(put(1, 32, 40, LAST), 0); /* an overlap */
    ck_assert_uint_eq(put(2, 40, 40, LAST), 0); /* of another datagram */
    ck_assert_uint_eq(put(1, 40, 40, LAST), ETHERNET + HEADER + 80);
    ck_assert_uint_eq(put(3, 0, 40, MORE), 0);
    ck_assert_uint_eq(put(4, 0, 48, MORE), 0); /* the one before is forgotten */
    ck_assert_uint_eq(put(3, 40, 40, LAST), 0);
    ck_assert_uint_eq(put(4, 48, 1, LAST), ETHERNET + HEADER + 49);
}
END_TEST

START_TEST(no_datagram_is_longer_than_a_datagram)
{
    begin();
    for (u32 at = 0; at < 65512; at += 8 * 1023)
        ck_assert_uint_eq(put(1, at, 8 * 1023, MORE), 0);
    ck_assert_uint_le(joined.size, ETHERNET + 65535);
    begin();
    ck_assert_uint_eq(put(1, 0, 65512, MORE), 0);
    ck_assert_uint_eq(put(1, 65512, 4, LAST), 0); /* one byte too many */
    ck_assert_uint_eq(put(1, 65512, 3, LAST), ETHERNET + 65535);
}
END_TEST

START_TEST(fragments_that_nobody_would_send_are_lost)
{
    static const struct {
        u32 at, value; /* 16 bits of the header */
    } wrong[] = {
        {2, 20}, {2, 19}, {2, 61}, {2, 65535}, {0, 0x4400}, {0, 0x4f00}, {0, 0x6500}, {10, 1},
    };

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        begin();
        size_t size = make(1, 0, 40, MORE);
        u8 *ip = frame + ETHERNET;
        put16(ip + wrong[i].at, wrong[i].value);
        if (wrong[i].at != 10) {
            put16(ip + 10, 0);
            put16(ip + 10, ~sum_up(ip, 4 * (ip[0] & 15u), 0));
        }
        ck_assert_ptr_null(fragments_join(&joined, frame, &size));
        ck_assert_msg(joined.size == 0, "case %u", i);
    }
    ck_assert_uint_eq(put(1, 0, 41, MORE), 0); /* only the last may have such a length */
    ck_assert_uint_eq(joined.size, 0);
}
END_TEST

/* The answers of the network's own stack, in bytes of frames. */
static size_t ping(const struct host_net *net, size_t size)
{
    size_t answer = 0, length;

    net->send(net->context, frame, size);
    while (net->look(net->context, &length)) {
        answer += length;
        net->drop(net->context);
    }
    return answer;
}

START_TEST(no_fragment_ends_the_network)
{
    static const struct net_config config = {.kind = NET_USER, .mtu = 1500};
    char message[200];
    struct net *net = net_open(&config, message, sizeof message);

    ck_assert_msg(net != NULL, "%s", message);
    const struct host_net *host = net_host(net);
    begin();
    memset(payload, 0, sizeof payload);
    payload[0] = 8; /* an ICMP echo request */
    put16(payload + 2, ~sum_up(payload, 1000, 0));
    ck_assert_uint_eq(ping(host, make(1, 168, 36, LAST)), 0); /* this did */
    ck_assert_uint_eq(ping(host, make(3, 0, 496, MORE)), 0);
    ck_assert_uint_gt(ping(host, make(3, 496, 504, LAST)), 0); /* it asks who we are */
    net_close(net);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_no_fragment_passes_as_it_is,       fragments_in_order_become_their_datagram,
        fragments_that_do_not_go_on_are_lost,      no_datagram_is_longer_than_a_datagram,
        fragments_that_nobody_would_send_are_lost, no_fragment_ends_the_network,
    };
    return suite_run("fragments", tests, sizeof tests / sizeof *tests, 1);
}
