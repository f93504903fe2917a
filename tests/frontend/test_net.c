/* The guest's network (frontend/net.c) from the card's side: frames by hand, answered by libslirp.
 * Nothing leaves this host: all that is connected to listens on the loopback, in this process. */
#include "frontend/net.h"
#include "tests/suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MOST 200

static const u8 guest_mac[6] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
static char message[512];

static void put16(u8 *at, unsigned value)
{
    at[0] = (u8)(value >> 8);
    at[1] = (u8)value;
}

static u16 sum(const u8 *at, size_t size, unsigned start)
{
    for (size_t i = 0; i < size; i++)
        start += i % 2 ? at[i] : at[i] << 8;
    while (start >> 16)
        start = (start & 0xffff) + (start >> 16);
    return (u16)~start;
}

static void put_ethernet(u8 *frame, unsigned type)
{
    memset(frame, 0xff, 6);
    memcpy(frame + 6, guest_mac, 6);
    put16(frame + 12, type);
}

/* From 10.0.2.15 to 10.0.2.2; what follows is already there. Returns the size of the frame. */
static size_t put_ip(u8 *frame, u8 protocol, size_t size)
{
    u8 *ip = frame + 14;

    put_ethernet(frame, 0x0800);
    memcpy(ip, (u8[]){0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 2, 15, 10, 0, 2, 2},
           20);
    put16(ip + 2, (unsigned)(20 + size));
    put16(ip + 10, sum(ip, 20, 0));
    return 34 + size;
}

static void send_arp(const struct host_net *net)
{
    u8 frame[42];

    put_ethernet(frame, 0x0806);
    memcpy(frame + 14, (u8[]){0, 1, 8, 0, 6, 4, 0, 1}, 8);
    memcpy(frame + 22, guest_mac, 6);
    memcpy(frame + 28, (u8[]){10, 0, 2, 15, 0, 0, 0, 0, 0, 0, 10, 0, 2, 2}, 14);
    net->send(net->context, frame, sizeof frame);
}

static void send_echo(const struct host_net *net)
{
    u8 frame[FRAME_MOST] = {0}, *icmp = frame + 34;

    memcpy(icmp, (u8[]){8, 0, 0, 0, 0x12, 0x34, 0, 1}, 8);
    put16(icmp + 2, sum(icmp, 64, 0));
    net->send(net->context, frame, put_ip(frame, 1, 64));
}

static void send_syn(const struct host_net *net, unsigned port)
{
    u8 frame[FRAME_MOST] = {0}, *tcp = frame + 34;

    put16(tcp, 4321);
    put16(tcp + 2, port);
    put16(tcp + 4, 1000);
    memcpy(tcp + 12, (u8[]){0x50, 0x02, 0xff, 0xff}, 4);
    /* The pseudo-header: addresses, protocol, length. */
    put16(tcp + 16, sum(tcp, 20, 0x0a00 + 0x020f + 0x0a00 + 0x0202 + 6 + 20));
    net->send(net->context, frame, put_ip(frame, 6, 20));
}

/* What the attendant does while the machine sleeps. */
static void attend(struct net *net)
{
    struct attendant attendant = net_attendant(net);
    struct pollfd fds[64];
    u64 ns = 10000000;
    unsigned count = attendant.prepare(attendant.context, fds, 64, &ns);

    ck_assert_uint_le(ns, 10000000);
    poll(fds, count, 10);
    attendant.attend(attendant.context, fds, count);
}

/* The next frame of that type, within some hundred looks; older ones are dropped. */
static const u8 *find_frame(struct net *net, unsigned type)
{
    const struct host_net *host = net_host(net);

    for (unsigned i = 0; i < 500; i++) {
        size_t size;
        const u8 *frame = host->look(host->context, &size);

        if (!frame)
            attend(net);
        else if (frame[12] == type >> 8 && frame[13] == (type & 0xff))
            return frame;
        else
            host->drop(host->context);
    }
    return NULL;
}

static struct net *open_net(const struct net_config *config)
{
    struct net *net = net_open(config, message, sizeof message);

    ck_assert_msg(net, "%s", message);
    return net;
}

/* A socket that listens on the loopback, and its port. */
static int listen_anywhere(u16 *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(fd, 4), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    *port = ntohs(address.sin_port);
    return fd;
}

START_TEST(host_answers_arp_and_ping)
{
    struct net *net = open_net(&(struct net_config){0});
    const struct host_net *host = net_host(net);

    ck_assert_uint_eq(host->mtu, NET_MTU_MOST);
    ck_assert_mem_eq(host->mac, guest_mac, 6);
    send_arp(host);
    const u8 *frame = find_frame(net, 0x0806);
    ck_assert_ptr_nonnull(frame);
    ck_assert_uint_eq(frame[21], 2); /* a reply */
    ck_assert_mem_eq(frame + 28, ((u8[]){10, 0, 2, 2}), 4);
    send_echo(host);
    frame = find_frame(net, 0x0800);
    ck_assert_ptr_nonnull(frame);
    ck_assert_uint_eq(frame[34], 0); /* an echo's reply */
    ck_assert_mem_eq(frame, guest_mac, 6);
    net_close(net);
}
END_TEST

START_TEST(guest_reaches_the_loopback_of_the_host_unless_restricted)
{
    for (unsigned restricted = 0; restricted < 2; restricted++) {
        struct net *net = open_net(&(struct net_config){.is_restricted = restricted});
        u16 port;
        int listener = listen_anywhere(&port);

        send_arp(net_host(net));
        send_syn(net_host(net), port);
        for (unsigned i = 0; i < 5; i++)
            attend(net);
        int fd = accept(listener, NULL, NULL);
        ck_assert_msg((fd < 0) == restricted, "restricted %u: accept gives %d", restricted, fd);
        close(fd);
        close(listener);
        net_close(net);
    }
}
END_TEST

START_TEST(forwarded_port_leads_to_the_guest)
{
    struct net_config config = {.forward_count = 1};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct net_forward *forward = &config.forwards[0];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    *forward = (struct net_forward){.address = {127, 0, 0, 1}, .guest_port = 22};
    close(listen_anywhere(&forward->host_port)); /* a port that is free now */
    struct net *net = open_net(&config);
    send_arp(net_host(net)); /* now it knows where the guest is */
    address.sin_port = htons(forward->host_port);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    const u8 *frame = find_frame(net, 0x0800);
    ck_assert_ptr_nonnull(frame);
    ck_assert_mem_eq(frame + 14 + 16, ((u8[]){10, 0, 2, 15}), 4);
    ck_assert_uint_eq(frame[36] << 8 | frame[37], 22);
    ck_assert_uint_eq(frame[47], 2); /* SYN */
    close(fd);
    net_close(net);
}
END_TEST

START_TEST(port_that_is_taken_is_refused_with_a_sentence)
{
    struct net_config config = {.forward_count = 1};
    struct net_forward *forward = &config.forwards[0];
    char expected[128];

    *forward = (struct net_forward){.address = {127, 0, 0, 1}, .guest_port = 22};
    int listener = listen_anywhere(&forward->host_port);
    ck_assert_ptr_null(net_open(&config, message, sizeof message));
    snprintf(expected, sizeof expected, "The port 127.0.0.1:%u cannot be forwarded: %s.",
             forward->host_port, strerror(EADDRINUSE));
    ck_assert_str_eq(message, expected);
    close(listener);
    forward->is_udp = true; /* UDP has ports of its own */
    net_close(open_net(&config));
}
END_TEST

/* A guest that takes nothing: the queue has an end, and reading sockets ends before it. */
START_TEST(guest_that_takes_nothing_fills_a_bounded_queue)
{
    struct net *net = open_net(&(struct net_config){0});
    const struct host_net *host = net_host(net);
    unsigned waiting = 0;
    size_t size;

    send_arp(host);
    for (unsigned i = 0; i < 100000; i++)
        send_echo(host);
    attend(net);
    while (host->look(host->context, &size)) {
        host->drop(host->context);
        waiting++;
    }
    ck_assert_uint_gt(waiting, 10000);
    ck_assert_uint_lt(waiting, 100000);
    send_echo(host);
    ck_assert_ptr_nonnull(find_frame(net, 0x0800));
    net_close(net);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        host_answers_arp_and_ping,
        guest_reaches_the_loopback_of_the_host_unless_restricted,
        forwarded_port_leads_to_the_guest,
        port_that_is_taken_is_refused_with_a_sentence,
        guest_that_takes_nothing_fills_a_bounded_queue,
    };
    return SUITE_RUN("net", tests, 1);
}
