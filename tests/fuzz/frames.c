/* Fuzzer: a guest that sends any frames to the network (libslirp, which is not ours: here no
 * coverage guides, so frames are nearly good). Nothing leaves this process: the network is
 * restricted.
 *
 *     a frame   what it is, enum content    3 bits
 *               how many bytes are changed  2
 *               checksums are made right    1
 *               the sockets' turn after it  1
 *               bytes behind the headers:16, so many bytes, then (offset, value) for each change */
#include "frontend/net.h"

#include "tests/fuzz/fuzz.h"

#include <poll.h>

#define HEADERS 54u /* Ethernet and IPv6 */
#define MOST    2000u

enum content { RAW, ARP, TCP4, UDP4, ICMP4, TCP6, UDP6, ICMP6 };

static const u8 four[20] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 10, 0, 2, 15, 10, 0, 2, 2};
static const u8 six[40] = {
    0x60, [7] = 64, [8] = 0xfe, 0xc0, [23] = 15, [24] = 0xfe, 0xc0, [39] = 2};

static u32 add(const u8 *at, size_t size, u32 sum)
{
    for (size_t i = 0; i < size; i++)
        sum += i % 2 ? at[i] : (u32)at[i] << 8;
    return sum;
}

static void put_sum(u8 *at, u32 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    at[0] = (u8)(~sum >> 8);
    at[1] = (u8)~sum;
}

/* Over the addresses, the length and the protocol, and what is behind them. */
static void sum_up(u8 *frame, size_t start, size_t size, enum content content)
{
    static const size_t places[] = {
        [TCP4] = 16, [UDP4] = 6, [ICMP4] = 2, [TCP6] = 16, [UDP6] = 6, [ICMP6] = 2};
    static const u8 protocols[] = {
        [TCP4] = 6, [UDP4] = 17, [ICMP4] = 1, [TCP6] = 6, [UDP6] = 17, [ICMP6] = 58};
    size_t addresses = content >= TCP6 ? 32 : content == ICMP4 ? 0 : 8;
    u8 *at = frame + start + places[content];
    u32 sum = addresses ? (u32)size + protocols[content] : 0;

    if (size < places[content] + 2)
        return;
    at[0] = at[1] = 0;
    put_sum(at, add(frame + start, size, add(frame + start - addresses, addresses, sum)));
}

static size_t put_headers(u8 *frame, enum content content, size_t size)
{
    static const u8 protocols[] = {
        [TCP4] = 6, [UDP4] = 17, [ICMP4] = 1, [TCP6] = 6, [UDP6] = 17, [ICMP6] = 58};
    static const u16 types[] = {[ARP] = 0x0806, [TCP4] = 0x0800, 0x0800, 0x0800,
                                0x86dd,         0x86dd,          0x86dd};
    u8 *ip = frame + 14;

    memset(frame, 0xff, 12);
    frame[12] = (u8)(types[content] >> 8);
    frame[13] = (u8)types[content];
    if (content >= TCP6) {
        memcpy(ip, six, sizeof six);
        ip[4] = (u8)(size >> 8);
        ip[5] = (u8)size;
        ip[6] = protocols[content];
        ip[7] = 255;
        return 14 + sizeof six;
    }
    if (content < TCP4)
        return 14;
    memcpy(ip, four, sizeof four);
    ip[2] = (u8)((size + sizeof four) >> 8);
    ip[3] = (u8)(size + sizeof four);
    ip[9] = protocols[content];
    return 14 + sizeof four;
}

static void send_one(const struct host_net *host, struct fuzz *fuzz, unsigned kind)
{
    u8 frame[HEADERS + MOST] = {0};
    enum content content = kind & 7;
    size_t size = fuzz_take(fuzz, 2) % MOST;
    size_t start = put_headers(frame, content, size);

    for (size_t i = 0; i < size && fuzz->left; i++)
        frame[start + i] = (u8)fuzz_take(fuzz, 1);
    for (unsigned changes = kind >> 3 & 3; changes; changes--) {
        size_t at = fuzz_take(fuzz, 1);
        if (at < start + size)
            frame[at] = (u8)fuzz_take(fuzz, 1);
    }
    if (kind & 32 && content >= TCP4) {
        if (content <= ICMP4) {
            frame[24] = frame[25] = 0;
            put_sum(frame + 24, add(frame + 14, 20, 0));
        }
        sum_up(frame, start, size, content);
    }
    host->send(host->context, frame, start + size);
}

static void give_sockets_a_turn(struct net *net)
{
    struct attendant attendant = net_attendant(net);
    struct pollfd fds[64];
    u64 ns = 0;
    unsigned count = attendant.prepare(attendant.context, fds, 64, &ns);

    poll(fds, count, 0);
    attendant.attend(attendant.context, fds, count);
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t size)
{
    static const struct net_config config = {.kind = NET_USER, .is_restricted = true};
    struct fuzz fuzz = {bytes, size};
    char message[200];
    struct net *net = net_open(&config, message, sizeof message);
    size_t length;

    fuzz_check(net != NULL, "no network");
    const struct host_net *host = net_host(net);
    while (fuzz.left) {
        unsigned kind = (unsigned)fuzz_take(&fuzz, 1);

        send_one(host, &fuzz, kind);
        if (kind & 64)
            give_sockets_a_turn(net);
        while (host->look(host->context, &length)) {
            fuzz_check(length >= 14 && length <= HOST_NET_FRAME_MOST,
                       "a frame of an impossible size comes");
            host->drop(host->context);
        }
    }
    net_close(net);
    return 0;
}
